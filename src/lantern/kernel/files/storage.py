"""Where kept files lie: one folder, random names, moved into place only after the database has committed.

The layout under the root (`settings.LANTERN_FILES`) is `incoming/` for files not yet committed and `ab/cd/<key>` for
the rest. A process may die between the commit and the move, so a reader or the sweeper finishes a move it finds undone.
"""

import os
import re
import secrets
from collections.abc import Iterator, Set
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from lantern.kernel.files.intake import WORK_PREFIX, Ingested
from lantern.kernel.sealing import streams

_KEY = re.compile(r"[0-9a-f]{32}")


def files_root(root: Path | None = None) -> Path:
    """Give the folder of all files, `root` or else the setting, read now."""
    return root if root is not None else Path(settings.LANTERN_FILES)


def store(ingested: Ingested, owner_id: UUID, *, root: Path | None = None) -> str:
    """Keep an ingested file, sealed with its owner's key, and give its name. It moves into place at the commit.

    If it rolls back, the file stays in `incoming/` until `sweep_orphans`. Outside a transaction it moves at once.
    """
    top = files_root(root)
    key = secrets.token_hex(16)
    streams.seal_file(owner_id, ingested.path_temp, _pending(top, key))
    ingested.path_temp.unlink()
    _sync_folder(top / "incoming")
    transaction.on_commit(partial(_settle, top, key))
    return key


def open_range(key: str, start: int = 0, end: int | None = None, *, root: Path | None = None) -> Iterator[bytes]:
    """Give bytes [start, end) of a file in chunks; `end` None reads to the end.

    Raises `FileNotFoundError` and `SealBroken` at once; a piece that was changed raises `SealBroken` when it is read.
    """
    return streams.open_sealed(_existing(files_root(root), key), start, end)


def copy_out(key: str, target: Path, *, root: Path | None = None) -> None:
    """Write a file in the open into the new file `target`, for the sandbox to read. Raises `FileNotFoundError`."""
    pieces = open_range(key, root=root)
    with target.open("xb") as handle:
        os.fchmod(handle.fileno(), 0o600)
        for piece in pieces:
            handle.write(piece)


def size_of(key: str, *, root: Path | None = None) -> int:
    """Give the size of a file in bytes. Raises `FileNotFoundError`."""
    return streams.size_inside(_existing(files_root(root), key))


def delete(key: str, *, root: Path | None = None) -> None:
    """Remove a file when the transaction commits; one that is already gone is fine."""
    transaction.on_commit(partial(_remove, files_root(root), _checked(key)))


def sweep_orphans(known_keys: Set[str], older_than: datetime, *, root: Path | None = None) -> int:
    """Remove every file written before `older_than` (aware) that no key in `known_keys` names; give how many.

    Collect `known_keys` from the database after `older_than`, or a file stored meanwhile looks unknown.
    """
    top, cutoff, removed = files_root(root), older_than.timestamp(), 0
    for folder, _, names in os.walk(top, topdown=False):
        for name in names:
            if name in known_keys:
                _settle(top, name)
                continue
            with suppress(FileNotFoundError):
                removed += _remove_if_older(Path(folder, name), cutoff)
        if Path(folder).name.startswith(WORK_PREFIX):
            with suppress(OSError):
                Path(folder).rmdir()
    return removed


def _remove_if_older(path: Path, cutoff: float) -> bool:
    if path.stat().st_mtime >= cutoff:
        return False
    path.unlink()
    return True


def _remove(top: Path, key: str) -> None:
    _pending(top, key).unlink(missing_ok=True)
    _settled(top, key).unlink(missing_ok=True)


def _pending(top: Path, key: str) -> Path:
    return top / "incoming" / _checked(key)


def _settled(top: Path, key: str) -> Path:
    return top / key[:2] / key[2:4] / _checked(key)


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise ValueError(f"{key!r} is not a storage key")
    return key


def _existing(top: Path, key: str) -> Path:
    path = _settled(top, key)
    if not path.exists():
        _settle(top, key)
    return path


def _settle(top: Path, key: str) -> None:
    """Move a pending file into place; do nothing if somebody has already."""
    pending, target = _pending(top, key), _settled(top, key)
    if not pending.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileNotFoundError):
        pending.rename(target)
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    """Make a rename survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
