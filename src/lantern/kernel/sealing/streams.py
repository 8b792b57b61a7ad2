"""Files sealed in pieces, so that any part of a long one can be opened alone.

Form: `LNT1`, the person (16 bytes), a random prefix (8); then pieces of 64 KiB, each AES-256-GCM under the person's key
with the nonce prefix + number, whose first bit is set in the last piece: pieces cannot be swapped, added or cut off.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lantern.kernel.sealing.keys import SealBroken, key_of

MAGIC = b"LNT1"
PIECE, TAG, PREFIX = 65_536, 16, 8
HEAD = len(MAGIC) + 16 + PREFIX
_LAST = 1 << 31


def seal_file(person_id: UUID, source: Path, target: Path) -> None:
    """Write `source` sealed with a person's key into the new file `target`, made durable. Raises FileExistsError."""
    prefix = os.urandom(PREFIX)
    cipher = AESGCM(key_of(person_id))
    left = source.stat().st_size
    with source.open("rb") as read, target.open("xb") as write:
        os.fchmod(write.fileno(), 0o600)
        write.write(MAGIC + person_id.bytes + prefix)
        number = 0
        while True:
            piece = read.read(PIECE)
            left -= len(piece)
            write.write(cipher.encrypt(_nonce(prefix, number, left <= 0), piece, None))
            number += 1
            if left <= 0 or not piece:
                break
        write.flush()
        os.fsync(write.fileno())


def is_sealed(path: Path) -> bool:
    """Say whether a file begins as a sealed one does."""
    with path.open("rb") as handle:
        return handle.read(len(MAGIC)) == MAGIC


def size_inside(path: Path) -> int:
    """Return how many bytes a sealed file holds. Raises SealBroken for a file too short to be one."""
    body = path.stat().st_size - HEAD
    pieces = -(-body // (PIECE + TAG))
    if body < TAG:
        raise SealBroken("A sealed file was cut off.")
    return body - pieces * TAG


def open_sealed(path: Path, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """Give bytes [start, end) of what a sealed file holds, piece by piece; `end` None reads to the end.

    The file is opened and the key found at once (FileNotFoundError, SealBroken), the pieces as they are asked for.
    """
    size = size_inside(path)
    stop = size if end is None else min(end, size)
    handle = path.open("rb")
    try:
        head = handle.read(HEAD)
        if head[: len(MAGIC)] != MAGIC:
            raise SealBroken("This file was never sealed.")
        cipher = AESGCM(key_of(UUID(bytes=head[len(MAGIC) : -PREFIX])))
    except BaseException:
        handle.close()
        raise
    return _pieces(handle, cipher, head[-PREFIX:], (start, stop, size))


def _pieces(handle: IO[bytes], cipher: AESGCM, prefix: bytes, span: tuple[int, int, int]) -> Iterator[bytes]:
    start, stop, size = span
    last = max(0, -(-size // PIECE) - 1)
    with handle:
        if start >= stop and size:
            return
        first = start // PIECE
        handle.seek(HEAD + first * (PIECE + TAG))
        for number in range(first, last + 1):
            at = number * PIECE
            if at >= stop and size:
                return
            try:
                piece = cipher.decrypt(_nonce(prefix, number, number == last), handle.read(PIECE + TAG), None)
            except InvalidTag:
                raise SealBroken("A sealed file was changed or cut off.") from None
            if part := piece[max(0, start - at) : stop - at]:
                yield part


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    return prefix + (number | (_LAST if last else 0)).to_bytes(4, "big")
