"""The backup file: one .tar.gz with the database, every kept file, and a manifest of hashes at its end."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

FORMAT = "lantern-backup"
FORMAT_VERSION = 1
MANIFEST = "manifest.json"
SQLITE = "database.sqlite3"
POSTGRES = "database.pgdump"
_NAME = re.compile(r"database\.(sqlite3|pgdump)|files/[0-9a-z/]{1,100}")
_CHUNK = 1 << 20
_MOST_MANIFEST = 1 << 28


class NotABackup(ValueError):
    """The file is not a whole and unchanged backup; says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file in the archive."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the archive holds and what wrote it. `migrations` are Lantern's own that its database has."""

    lantern: str
    made_at: str
    database: str
    migrations: tuple[str, ...]
    entries: tuple[Entry, ...]
    sealed_under: str = ""  # the fingerprint of the installation's sealing key; "" in backups from before there was one

    @property
    def size(self) -> int:
        """Return the bytes of everything, unpacked."""
        return sum(entry.size for entry in self.entries)


class _Counted:
    """Reads another stream, counting and hashing what passes."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._digest, self.size = stream, hashlib.sha256(), 0

    def read(self, size: int = -1) -> bytes:
        chunk = self._stream.read(size)
        self._digest.update(chunk)
        self.size += len(chunk)
        return chunk

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


def write(
    target: Path, database: Path, database_name: str, files: Path, facts: dict[str, Any], said: Callable[[int], None]
) -> Manifest:
    """Write a backup to `target`, which appears only once it is whole; `said` hears how many files are in.

    A file of `files` that is removed meanwhile is left out: its row was removed after the copy of the database was
    made.
    """
    partial = target.with_name(f".{target.name}.partial")
    entries: list[Entry] = []
    try:
        with partial.open("xb") as handle:
            os.fchmod(handle.fileno(), 0o600)
            with tarfile.open(fileobj=handle, mode="w:gz", compresslevel=6) as archive:
                entries.append(_add(archive, database, database_name))
                for path in _files_below(files):
                    try:
                        entries.append(_add(archive, path, f"files/{path.relative_to(files).as_posix()}"))
                    except FileNotFoundError:
                        continue
                    said(len(entries) - 1)
                manifest = Manifest(entries=tuple(entries), **facts)
                _add_manifest(archive, manifest)
            handle.flush()
            os.fsync(handle.fileno())
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)
    return manifest


def _files_below(files: Path) -> Iterator[Path]:
    """Give every kept file in order: random names only, so whatever else lies there is left out."""
    for folder, folders, names in os.walk(files):
        folders.sort()
        for name in sorted(names):
            path = Path(folder, name)
            if _NAME.fullmatch(f"files/{path.relative_to(files).as_posix()}") and not path.is_symlink():
                yield path


def _add(archive: tarfile.TarFile, path: Path, name: str) -> Entry:
    with path.open("rb") as handle:
        facts = os.fstat(handle.fileno())
        info = tarfile.TarInfo(name)
        info.size, info.mtime, info.mode = facts.st_size, int(facts.st_mtime), 0o600
        counted = _Counted(handle)
        archive.addfile(info, counted)
    return Entry(name, counted.size, counted.sha256)


def _add_manifest(archive: tarfile.TarFile, manifest: Manifest) -> None:
    content = json.dumps({"format": FORMAT, "version": FORMAT_VERSION, **asdict(manifest)}, indent=1).encode()
    info = tarfile.TarInfo(MANIFEST)
    info.size, info.mode = len(content), 0o600
    archive.addfile(info, io.BytesIO(content))


def unpack(source: Path, target: Path) -> Manifest:
    """Unpack a backup into an empty folder and compare every hash; raises NotABackup, and then nothing there may be
    used."""
    found: dict[str, Entry] = {}
    manifest: Manifest | None = None
    try:
        with tarfile.open(source, mode="r:gz") as archive:
            for member in archive:
                if manifest is not None or not member.isfile() or member.issparse() or member.name in found:
                    raise NotABackup(f"it holds something unexpected: {member.name[:80]!r}")
                if not 0 <= member.size <= shutil.disk_usage(target).free:
                    raise NotABackup(f"there is no room here for {member.name[:80]!r}")
                if member.name == MANIFEST:
                    manifest = _read_manifest(archive, member)
                    continue
                found[member.name] = _extract(archive, member, target)
    except (tarfile.TarError, EOFError, OSError, ValueError) as problem:
        if isinstance(problem, NotABackup):
            raise
        if isinstance(problem, OSError) and problem.errno is not None:
            raise
        raise NotABackup(f"it cannot be read to its end ({problem})") from None
    if manifest is None:
        raise NotABackup("it is cut off: there is no manifest at its end")
    _compare(manifest, found)
    return manifest


def _extract(archive: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> Entry:
    if not _NAME.fullmatch(member.name) or "//" in member.name:
        raise NotABackup(f"it holds something unexpected: {member.name[:80]!r}")
    path = target / member.name
    path.parent.mkdir(parents=True, exist_ok=True)
    stream = archive.extractfile(member)
    if stream is None:
        raise NotABackup(f"{member.name} has no content")
    counted = _Counted(stream)
    with path.open("xb") as handle:
        while chunk := counted.read(_CHUNK):
            handle.write(chunk)
    return Entry(member.name, counted.size, counted.sha256)


def _read_manifest(archive: tarfile.TarFile, member: tarfile.TarInfo) -> Manifest:
    stream = archive.extractfile(member)
    if stream is None or member.size > _MOST_MANIFEST:
        raise NotABackup("its manifest cannot be read")
    try:
        data = json.loads(stream.read())
        if data["format"] != FORMAT:
            raise NotABackup("it was not written by lantern backup")
        if data["version"] > FORMAT_VERSION:
            raise NotABackup("it was written by a newer Lantern")
        return Manifest(
            lantern=str(data["lantern"]),
            made_at=str(data["made_at"]),
            database=str(data["database"]),
            migrations=tuple(data["migrations"]),
            entries=tuple(Entry(str(one["name"]), int(one["size"]), str(one["sha256"])) for one in data["entries"]),
            sealed_under=str(data.get("sealed_under", "")),
        )
    except (KeyError, TypeError, json.JSONDecodeError):
        raise NotABackup("its manifest cannot be read") from None


def _compare(manifest: Manifest, found: dict[str, Entry]) -> None:
    wanted = {entry.name: entry for entry in manifest.entries}
    if wanted.keys() != found.keys():
        missing = sorted(wanted.keys() - found.keys()) or sorted(found.keys() - wanted.keys())
        raise NotABackup(f"its manifest and its content differ: {missing[0]}")
    for name, entry in wanted.items():
        if found[name] != entry:
            raise NotABackup(f"{name} is damaged: its hash is not the one in the manifest")
