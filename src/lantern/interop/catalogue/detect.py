"""Finds out whose catalogue a file or folder is, by what it holds, and reads it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from lantern.engine.untrusted import MAX_BYTES, decode, read_json, read_table
from lantern.interop.catalogue.codec import CatalogueFile, Unreadable, read_catalogue
from lantern.interop.catedu.codec import is_catedu, read_catedu
from lantern.interop.ecf.codec import is_ecf, read_ecf
from lantern.interop.ecf.pathways import pathways_of as ecf_pathways
from lantern.interop.feeds.codec import is_feed, is_opml, read_feed
from lantern.interop.ncce.codec import is_ncce_header, read_ncce
from lantern.interop.ncce.pathways import pathways_of as ncce_pathways


def detect_and_read(path: Path) -> CatalogueFile:
    """Read a catalogue file, or a folder laid out as those of NCCE, CATEDU or the ECF; files beside it are used.

    Raises `Unreadable` when it is none of the known formats.
    """
    return _read_folder(path) if path.is_dir() else _read_file(path)


def _read_folder(folder: Path) -> CatalogueFile:
    if (folder / "courses.csv").is_file():
        return _read_file(folder / "courses.csv")
    if (folder / "courses.json").is_file():
        return _read_file(folder / "courses.json")
    providers = {path.name: _bytes(path) for path in sorted(folder.glob("*.json"))}
    if providers and all(is_ecf(read_json(data)) for data in providers.values()):
        return _read_ecf(providers)
    raise Unreadable("no catalogue of a known format in this folder", field=folder.name)


def _read_file(path: Path) -> CatalogueFile:
    data = _bytes(path)
    head = decode(data[:4096]).content.lstrip()
    if head.startswith("<"):
        if is_opml(data):
            raise Unreadable("this lists feeds and holds no resource itself; subscribe to its feeds", field=path.name)
        if not is_feed(head):
            raise Unreadable("neither RSS nor Atom", field=path.name)
        return read_feed(data, path.name)
    if head.startswith(("{", "[")):
        return _read_json(data, path)
    if is_ncce_header(read_table(data).columns):
        read, named = read_ncce(data, _beside(path, "activities.json")), _beside(path, "pathways.json")
        return read if named is None else replace(read, pathways=ncce_pathways(named, data, read))
    return read_catalogue(data, path.name)


def _read_json(data: bytes, path: Path) -> CatalogueFile:
    value = read_json(data)
    if is_catedu(value):
        return read_catedu(data, _beside(path, "course-competence-level.csv"))
    if is_ecf(value):
        return _read_ecf({path.name: data})
    return read_catalogue(data, path.name)


def _read_ecf(providers: dict[str, bytes]) -> CatalogueFile:
    read = read_ecf(providers)
    return replace(read, pathways=ecf_pathways(providers, read))


def _beside(path: Path, name: str) -> bytes | None:
    neighbour = path.with_name(name)
    return _bytes(neighbour) if neighbour.is_file() else None


def _bytes(path: Path) -> bytes:
    """Return the file's content, refusing before reading one that is too large."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Unreadable(f"the file is larger than {MAX_BYTES:,} bytes", field=path.name)
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(f"cannot be opened: {error.strerror}", field=path.name) from error
