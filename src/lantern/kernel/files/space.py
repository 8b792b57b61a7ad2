"""Room on the volume: files are refused before it is full, so that the database beside them can still write."""

import shutil
from pathlib import Path

KEEP_FREE = 500_000_000
"""Bytes that must stay free on the volume after a file was taken in."""


class StorageFull(Exception):
    """There is no room for another file now; answer 503."""

    def __init__(self) -> None:
        super().__init__("There is no room for new files just now. Nothing was lost; please try again later.")


def require_space(folder: Path, needed: int, *, keep_free: int = KEEP_FREE) -> None:
    """Raise `StorageFull` unless `needed` bytes fit on the volume of `folder` with `keep_free` bytes to spare."""
    if shutil.disk_usage(folder).free - needed < keep_free:
        raise StorageFull
