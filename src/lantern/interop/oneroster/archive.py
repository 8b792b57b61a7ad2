"""Zip files from strangers, read into memory without trusting a word they say.

Every importer that accepts a zip opens it here. Nothing is ever written to disk, so a name can at worst be
a wrong key; even so names that would be dangerous on some file system are refused, because callers may
store members under them. The whole directory is judged before a byte is inflated, and inflating is capped
while it streams.
"""

from __future__ import annotations

import io
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

MIB = 1024 * 1024
CHUNK = 64 * 1024
LOCAL_HEADER = 30
CENTRAL_HEADER = 46
END_RECORD = 22
LONGEST_NAME = 512
ENCRYPTED = 0x1 | 0x40 | 0x2000
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


class ArchiveRefused(Exception):
    """The archive breaks a safety rule or is damaged; none of it may be used."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What an archive may cost: members, bytes of one member and of all inflated, inflation per packed byte.

    The first `ratio_from` bytes of a member are not held against the ratio: a short run of equal bytes packs
    a thousandfold and harms nobody.
    """

    members: int = 2_000
    member_bytes: int = 128 * MIB
    total_bytes: int = 256 * MIB
    ratio: int = 100
    ratio_from: int = MIB


class SafeArchive:
    """An opened zip whose directory has passed every check; use as a context manager.

    Raises ArchiveRefused on opening and, for lies that only show while inflating, on reading.
    """

    def __init__(self, source: Path | BinaryIO, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._raw: BinaryIO = source.open("rb") if isinstance(source, Path) else source
        self._owned = isinstance(source, Path)
        self._data_at: dict[int, int] = {}
        try:
            _judge_end_record(self._raw, self._limits)
            self._zip = zipfile.ZipFile(self._raw)
            self._members = self._judge_directory()
        except (zipfile.BadZipFile, struct.error, NotImplementedError, ValueError, EOFError) as damage:
            self._close_raw()
            raise ArchiveRefused("is not a readable zip file") from damage
        except ArchiveRefused:
            self._close_raw()
            raise

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the files inside, "/"-separated, in the archive's order; folders are not listed."""
        return tuple(self._members)

    def read(self, name: str) -> bytes:
        """The whole of a member; KeyError for a name not in `names`, ArchiveRefused for a lie."""
        return b"".join(self._stream(self._members[name]))

    def open(self, name: str) -> BinaryIO:
        """A member as a seekable stream in memory, fully inflated and checked."""
        return io.BytesIO(self.read(name))

    def close(self) -> None:
        """Lets go of the archive, and of the file if it was opened here."""
        self._zip.close()
        self._close_raw()

    def __enter__(self) -> SafeArchive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _close_raw(self) -> None:
        if self._owned:
            self._raw.close()

    def _judge_directory(self) -> dict[str, zipfile.ZipInfo]:
        entries = self._zip.infolist()
        if len(entries) > self._limits.members:
            raise ArchiveRefused(f"holds more than {self._limits.members:,} entries")
        for entry in entries:
            _judge_name(entry)
            _judge_entry(entry, self._limits)
        if sum(entry.file_size for entry in entries) > self._limits.total_bytes:
            raise ArchiveRefused(f"unpacks to more than {self._limits.total_bytes // MIB} MiB")
        _judge_clashes(entries)
        self._judge_overlap(entries)
        return {entry.filename: entry for entry in entries if not entry.is_dir()}

    def _judge_overlap(self, entries: list[zipfile.ZipInfo]) -> None:
        """Each member's bytes are its own: no two overlap and none reaches into the directory."""
        free_from = 0
        for entry in sorted(entries, key=lambda e: e.header_offset):
            if entry.header_offset < free_from:
                raise ArchiveRefused("has entries that overlap")
            self._raw.seek(entry.header_offset)
            header = self._raw.read(LOCAL_HEADER)
            signature, flags, name_length, extra_length = struct.unpack("<4s2xH18xHH", header)
            if signature != b"PK\x03\x04":
                raise ArchiveRefused("has an entry whose data is not where the directory says")
            if flags & ENCRYPTED:
                raise ArchiveRefused("has encrypted entries")
            self._data_at[entry.header_offset] = entry.header_offset + LOCAL_HEADER + name_length + extra_length
            free_from = self._data_at[entry.header_offset] + entry.compress_size
        if free_from > self._zip.start_dir:
            raise ArchiveRefused("has entries that overlap")

    def _stream(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        """The member inflated here and not by zipfile, which stops at the declared size and so hides what follows."""
        produced = checksum = 0
        try:
            for chunk in self._inflated(entry):
                produced += len(chunk)
                checksum = zlib.crc32(chunk, checksum)
                if produced > entry.file_size or _too_dense(produced, entry, self._limits):
                    raise ArchiveRefused("has an entry that unpacks to more than it declares")
                yield chunk
        except zlib.error as damage:
            raise ArchiveRefused("has a damaged entry") from damage
        if produced != entry.file_size or checksum != entry.CRC:
            raise ArchiveRefused("has an entry that does not unpack to what it declares")

    def _inflated(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        self._raw.seek(self._data_at[entry.header_offset])
        inflate = zlib.decompressobj(-zlib.MAX_WBITS) if entry.compress_type == zipfile.ZIP_DEFLATED else None
        left = entry.compress_size
        while left > 0:
            packed = self._raw.read(min(CHUNK, left))
            left -= len(packed)
            if not packed:
                raise ArchiveRefused("has an entry that is cut off")
            if inflate is None:
                yield packed
                continue
            while packed and not inflate.eof:
                yield inflate.decompress(packed, CHUNK)
                packed = inflate.unconsumed_tail
        while inflate is not None and not inflate.eof:
            rest = inflate.decompress(b"", CHUNK)
            if not rest:
                raise ArchiveRefused("has an entry that is cut off")
            yield rest


def _judge_end_record(raw: BinaryIO, limits: Limits) -> None:
    """Refuses by the end records alone, before the standard library parses a directory of any size.

    Finds the record exactly as zipfile does, so both judge the same one.
    """
    tail_from = max(0, raw.seek(0, io.SEEK_END) - END_RECORD - 0xFFFF)
    raw.seek(tail_from)
    tail = raw.read()
    at = len(tail) - END_RECORD
    if not (at >= 0 and tail[at : at + 4] == b"PK\x05\x06" and tail.endswith(b"\0\0")):
        at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < END_RECORD:
        raise ArchiveRefused("is not a zip file")
    count, size = struct.unpack_from("<HI", tail, at + 10)
    locator = tail[at - 20 : at] if at >= 20 else b""
    if locator.startswith(b"PK\x06\x07"):
        record = tail_from + at - 20 - 56
        if record < 0:
            raise ArchiveRefused("is not a readable zip file")
        raw.seek(record)
        signature, count, size = struct.unpack("<4s28xQQ8x", raw.read(56))
        if signature != b"PK\x06\x06":
            raise ArchiveRefused("is not a readable zip file")
    if count > limits.members or size > limits.members * (CENTRAL_HEADER + 2 * LONGEST_NAME):
        raise ArchiveRefused(f"holds more than {limits.members:,} entries")
    raw.seek(0)


def _judge_name(entry: zipfile.ZipInfo) -> None:
    name = entry.orig_filename
    parts = name.removesuffix("/").split("/")
    if not name or len(name) > LONGEST_NAME:
        raise ArchiveRefused("has an entry without a usable name")
    if "\\" in name or ":" in name or any(unicodedata.category(character) in {"Cc", "Cf", "Cs"} for character in name):
        raise ArchiveRefused("has an entry whose name holds a backslash, a colon or an unprintable character")
    if any(part in {"", ".", ".."} or part[-1] in ". " for part in parts):
        raise ArchiveRefused("has an entry whose name leaves the archive or cannot be a file name")


def _judge_entry(entry: zipfile.ZipInfo, limits: Limits) -> None:
    if stat.S_IFMT(entry.external_attr >> 16) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise ArchiveRefused("has an entry that is a link or a device")
    if entry.flag_bits & ENCRYPTED:
        raise ArchiveRefused("has encrypted entries")
    if entry.compress_type not in METHODS:
        raise ArchiveRefused("has an entry packed in a way other than stored or deflated")
    if entry.is_dir() and entry.file_size:
        raise ArchiveRefused("has a folder that holds data")
    if entry.file_size > limits.member_bytes:
        raise ArchiveRefused(f"has an entry larger than {limits.member_bytes // MIB} MiB")
    if _too_dense(entry.file_size, entry, limits):
        raise ArchiveRefused(f"has an entry that unpacks to more than {limits.ratio} times its size")


def _judge_clashes(entries: list[zipfile.ZipInfo]) -> None:
    """Names that some file system would fold into one, or that are a file here and a folder there."""
    files: set[str] = set()
    folders: set[str] = set()
    for entry in entries:
        folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", entry.filename).casefold()).removesuffix("/")
        parents = folded.split("/")[:-1]
        folders.update("/".join(parents[: depth + 1]) for depth in range(len(parents)))
        if entry.is_dir():
            folders.add(folded)
        elif folded in files:
            raise ArchiveRefused("has two entries of the same name (capitals do not tell them apart)")
        else:
            files.add(folded)
    if files & folders:
        raise ArchiveRefused("has a name that is both a file and a folder")


def _too_dense(size: int, entry: zipfile.ZipInfo, limits: Limits) -> bool:
    return size > limits.ratio_from and size > limits.ratio * max(1, entry.compress_size)
