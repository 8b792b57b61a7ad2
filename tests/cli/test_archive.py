"""The backup file: what goes in comes out, and what was damaged, cut off or smuggled in is refused."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import pytest

from lantern.cli import archive
from lantern.cli.archive import NotABackup

FACTS = {"lantern": "1", "made_at": "2026-03-01T02:00:00+00:00", "database": "sqlite", "migrations": ("0001_house",)}


def some_files(tmp_path: Path) -> Path:
    """Two kept files, one still coming in, and a stray one."""
    files = tmp_path / "files"
    for name, content in (
        ("ab/cd/abcd00", b"picture"),
        ("ef/01/ef0100", b"x" * 300_000),
        ("incoming/99aa", b"new"),
        ("Notes.TXT", b"stray"),
    ):
        (files / name).parent.mkdir(parents=True, exist_ok=True)
        (files / name).write_bytes(content)
    return files


def written(tmp_path: Path) -> Path:
    """A good backup."""
    database = tmp_path / "copy.sqlite3"
    database.write_bytes(b"all rows")
    target = tmp_path / "backup.tar.gz"
    archive.write(target, database, archive.SQLITE, some_files(tmp_path), FACTS, lambda done: None)
    return target


def test_what_goes_in_comes_out_and_strays_stay_behind(tmp_path):
    target = written(tmp_path)
    out = tmp_path / "out"
    out.mkdir()
    manifest = archive.unpack(target, out)
    assert (out / "database.sqlite3").read_bytes() == b"all rows"
    assert (out / "files/ab/cd/abcd00").read_bytes() == b"picture"
    assert (out / "files/incoming/99aa").read_bytes() == b"new"
    assert not (out / "files/Notes.TXT").exists()
    assert manifest.entries[0].name == archive.SQLITE
    assert manifest.migrations == ("0001_house",)


def test_only_its_owner_can_read_it_and_no_half_file_is_left(tmp_path):
    target = written(tmp_path)
    assert target.stat().st_mode & 0o077 == 0
    assert list(tmp_path.glob(".*")) == []


@pytest.mark.parametrize("cut", [10, 200, -20])
def test_a_cut_off_file_is_refused(tmp_path, cut):
    target = written(tmp_path)
    target.write_bytes(target.read_bytes()[:cut])
    (tmp_path / "out").mkdir()
    with pytest.raises(NotABackup):
        archive.unpack(target, tmp_path / "out")


def rewritten(tmp_path: Path, change: dict[str, bytes], extra: dict[str, bytes] | None = None) -> Path:
    """The good backup with some members changed and others added at the front."""
    target = written(tmp_path)
    bad = tmp_path / "bad.tar.gz"
    with tarfile.open(target) as good, tarfile.open(bad, "w:gz") as copy:
        for name, content in (extra or {}).items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            copy.addfile(info, io.BytesIO(content))
        for member in good:
            stream = good.extractfile(member)
            assert stream is not None
            content = change.get(member.name, stream.read())
            member.size = len(content)
            copy.addfile(member, io.BytesIO(content))
    return bad


def test_a_changed_file_is_refused_by_name(tmp_path):
    bad = rewritten(tmp_path, {"files/ab/cd/abcd00": b"pictura"})
    (tmp_path / "out").mkdir()
    with pytest.raises(NotABackup, match="abcd00 is damaged"):
        archive.unpack(bad, tmp_path / "out")


@pytest.mark.parametrize(
    "name", ["../outside", "/etc/lantern", "files/../../x", "files/A b", "other.txt", "files/0//1"]
)
def test_a_name_that_leads_elsewhere_is_refused_and_nothing_is_written_there(tmp_path, name):
    bad = rewritten(tmp_path, {}, {name: b"x"})
    (tmp_path / "out").mkdir()
    with pytest.raises(NotABackup, match="unexpected"):
        archive.unpack(bad, tmp_path / "out")
    assert not (tmp_path / "outside").exists()


def test_a_link_is_refused(tmp_path):
    bad = tmp_path / "bad.tar.gz"
    with tarfile.open(bad, "w:gz") as copy:
        link = tarfile.TarInfo("files/ab")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        copy.addfile(link)
    (tmp_path / "out").mkdir()
    with pytest.raises(NotABackup, match="unexpected"):
        archive.unpack(bad, tmp_path / "out")


def test_a_file_that_only_the_manifest_knows_is_refused(tmp_path):
    target = written(tmp_path)
    (tmp_path / "out").mkdir()
    manifest = archive.unpack(target, tmp_path / "out")
    data = {
        "format": archive.FORMAT,
        "version": 1,
        **{k: list(v) if isinstance(v, tuple) else v for k, v in FACTS.items()},
    }
    data["entries"] = [
        *({"name": one.name, "size": one.size, "sha256": one.sha256} for one in manifest.entries),
        {"name": "files/77", "size": 1, "sha256": "0"},
    ]
    bad = rewritten(tmp_path, {archive.MANIFEST: json.dumps(data).encode()})
    (tmp_path / "out2").mkdir()
    with pytest.raises(NotABackup, match="files/77"):
        archive.unpack(bad, tmp_path / "out2")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{}", "cannot be read"),
        (b'{"format": "x"}', "not written by"),
        (b'{"format": "lantern-backup", "version": 9}', "newer"),
    ],
)
def test_a_manifest_of_something_else_is_refused(tmp_path, content, reason):
    bad = rewritten(tmp_path, {archive.MANIFEST: content})
    (tmp_path / "out").mkdir()
    with pytest.raises(NotABackup, match=reason):
        archive.unpack(bad, tmp_path / "out")


def test_something_that_is_no_archive_is_refused(tmp_path):
    (tmp_path / "photo.tar.gz").write_bytes(b"\x89PNG not an archive")
    (tmp_path / "out").mkdir()
    with pytest.raises(NotABackup):
        archive.unpack(tmp_path / "photo.tar.gz", tmp_path / "out")


def hostile_members() -> dict[str, tarfile.TarInfo]:
    """Members that a backup never has, each with the name of a harm."""
    found = {}
    for what, name in {
        "parent": "../evil", "deep parent": "files/../../evil", "absolute": "/tmp/evil", "backslash": "files\\evil",
        "capital": "files/Evil", "double slash": "files//ab", "dot": "files/./ab", "drive": "c:evil", "nothing": "",
        "long": "files/" + "a" * 300, "newline": "files/a\nb", "override": "files/a\u202eb", "other": "etc/passwd",
    }.items():  # fmt: skip
        found[what] = tarfile.TarInfo(name)
    for what, kind in {
        "symlink": tarfile.SYMTYPE, "hard link": tarfile.LNKTYPE, "device": tarfile.CHRTYPE, "pipe": tarfile.FIFOTYPE,
        "block device": tarfile.BLKTYPE, "folder": tarfile.DIRTYPE,
    }.items():  # fmt: skip
        found[what] = tarfile.TarInfo("files/aa")
        found[what].type, found[what].linkname = kind, "/etc/passwd"
    found["larger than the disk"] = tarfile.TarInfo("files/aa")
    found["larger than the disk"].size = 1 << 50
    return found


@pytest.mark.parametrize("what", hostile_members())
def test_a_hostile_member_is_refused_and_nothing_lies_outside(tmp_path, what):
    bad, out = tmp_path / "bad.tar.gz", tmp_path / "deep" / "out"
    out.mkdir(parents=True)
    member = hostile_members()[what]
    with tarfile.open(bad, "w:gz") as archived:
        archived.addfile(member)
    with pytest.raises(NotABackup):
        archive.unpack(bad, out)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.tar.gz", "deep"]
    assert [path for path in out.rglob("*") if not path.is_dir() and path.stat().st_size] == []
