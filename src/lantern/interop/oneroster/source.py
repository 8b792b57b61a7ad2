"""Where the files of a delivery lie: a folder or a zip, perhaps one folder further in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from lantern.interop.oneroster.archive import ArchiveRefused, SafeArchive
from lantern.interop.oneroster.model import RosterUnreadable
from lantern.interop.oneroster.profile import PROFILE

DEEPEST = 4
MOST_FILES = 2_000
LARGEST_FILE = 512 * 1024 * 1024
_MARKS = ({"manifest.csv"}, {"orgs.csv", "users.csv"}, {"school.csv", "teacher.csv"})


class _Place(Protocol):
    def open(self, name: str) -> BinaryIO: ...


@dataclass(frozen=True, slots=True)
class Source:
    """The files of one roster: lower-case file name -> where it lies, and the staff profile beside it if any."""

    place: _Place
    files: Mapping[str, str]
    profile: str | None

    def __contains__(self, file: str) -> bool:
        return file.lower() in self.files

    def open(self, file: str) -> BinaryIO:
        """A file of the roster by name in any case, or the staff profile; RosterUnreadable where it cannot be had."""
        where = self.profile if file == PROFILE else self.files.get(file.lower())
        if where is None:
            raise RosterUnreadable(file, "is missing")
        try:
            return self.place.open(where)
        except (ArchiveRefused, OSError) as refusal:
            reason = str(refusal) if isinstance(refusal, ArchiveRefused) else "cannot be read"
            raise RosterUnreadable(file, reason) from refusal


@contextmanager
def open_source(path: Path) -> Iterator[Source]:
    """The one roster inside a folder or a zip; RosterUnreadable where there is none, or more than one."""
    if path.is_dir():
        folder = _Folder(path.resolve())
        yield _located(path.name, folder, folder.names(), above=path.resolve().parent / PROFILE)
    elif path.is_file():
        try:
            archive = SafeArchive(path)
        except ArchiveRefused as refusal:
            raise RosterUnreadable(path.name, str(refusal)) from refusal
        with archive:
            yield _located(path.name, archive, archive.names, above=None)
    else:
        raise RosterUnreadable(path.name, "is neither a folder nor a file")


@dataclass(frozen=True, slots=True)
class _Folder:
    root: Path

    def open(self, name: str) -> BinaryIO:
        path = self.root / name
        if path.stat().st_size > LARGEST_FILE:
            raise RosterUnreadable(path.name, f"is larger than {LARGEST_FILE // 1024**2} MiB")
        return path.open("rb")

    def names(self) -> list[str]:
        """Plain files under the root, links not followed."""
        found: list[str] = []
        waiting = [(self.root, 0)]
        while waiting:
            folder, depth = waiting.pop()
            for entry in sorted(folder.iterdir()):
                if entry.is_symlink():
                    continue
                if entry.is_dir() and depth < DEEPEST:
                    waiting.append((entry, depth + 1))
                elif entry.is_file():
                    found.append(entry.relative_to(self.root).as_posix())
                    if len(found) > MOST_FILES:
                        raise RosterUnreadable(self.root.name, f"holds more than {MOST_FILES:,} files")
        return found


def _located(label: str, place: _Place, names: tuple[str, ...] | list[str], above: Path | None) -> Source:
    folders: dict[str, dict[str, str]] = {}
    for name in names:
        folder, _, file = name.rpartition("/")
        if "__MACOSX" in folder.split("/") or not file.lower().endswith(".csv") or file.startswith("."):
            continue
        if file.lower() in folders.setdefault(folder, {}):
            raise RosterUnreadable(file, "is there twice, in different capitals")
        folders[folder][file.lower()] = name
    rosters = sorted(
        (folder.count("/") + bool(folder), folder) for folder, files in folders.items() if _is_roster(files)
    )
    if not rosters:
        raise RosterUnreadable(label, "holds no roster: neither manifest.csv, orgs.csv with users.csv, nor School.csv")
    if len(rosters) > 1 and rosters[0][0] == rosters[1][0]:
        raise RosterUnreadable(label, "holds more than one roster side by side")
    home = rosters[0][1]
    profile = folders[home].get(PROFILE)
    if profile is None and home:
        profile = folders.get(home.rpartition("/")[0], {}).get(PROFILE)
    elif profile is None and above is not None and above.is_file() and not above.is_symlink():
        profile = str(above)
    return Source(place, folders[home], profile)


def _is_roster(files: Mapping[str, str]) -> bool:
    return any(mark <= files.keys() for mark in _MARKS)
