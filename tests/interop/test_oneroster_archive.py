"""Hostile zip files are refused before they cost anything; honest ones are read."""

from __future__ import annotations

import io
import stat
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from lantern.interop.oneroster import ArchiveRefused, Limits, SafeArchive
from tests.limits import bounded_work

SMALL = Limits(members=50, member_bytes=4 << 20, total_bytes=6 << 20)


def zipped(*entries: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in entries:
            info = zipfile.ZipInfo(name) if isinstance(name, str) else name
            info.filename = name if isinstance(name, str) else name.filename
            info.compress_type = method
            archive.writestr(info, data)
    return out.getvalue()


def special(kind: int) -> bytes:
    info = zipfile.ZipInfo("orgs.csv")
    info.external_attr = (kind | 0o777) << 16
    return zipped((info, b"/etc/passwd"))


def patched(archive: bytes, field_at: int, form: str, value: int, *, local_at: int | None = None) -> bytes:
    """The archive with one field of its (first) central entry, and of the local header, overwritten."""
    data = bytearray(archive)
    struct.pack_into(form, data, data.index(b"PK\x01\x02") + field_at, value)
    if local_at is not None:
        struct.pack_into(form, data, local_at, value)
    return bytes(data)


def many(count: int, *, declared: int | None = None) -> bytes:
    """A directory of `count` entries made by hand, so that making it costs nothing."""
    one = zipped(("a", b""), method=zipfile.ZIP_STORED)
    central = one.index(b"PK\x01\x02")
    end = one.index(b"PK\x05\x06")
    directory = one[central:end] * count
    said = min(count if declared is None else declared, 0xFFFF)
    record = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, said, said, len(directory), central, 0)
    return one[:central] + directory + record


def overlapping() -> bytes:
    """Two directory entries that point at one and the same data."""
    one = zipped(("a.csv", b"x" * 100), ("b.csv", b"y" * 100), method=zipfile.ZIP_STORED)
    second = one.index(b"PK\x01\x02", one.index(b"PK\x01\x02") + 1)
    data = bytearray(one)
    struct.pack_into("<I", data, second + 42, 0)
    return bytes(data)


def shorter_than_true() -> bytes:
    """Declares 10 bytes, holds 1,000."""
    return patched(zipped(("orgs.csv", bytes(range(250)) * 4)), 24, "<I", 10, local_at=22)


def longer_than_true() -> bytes:
    return patched(zipped(("orgs.csv", bytes(range(250)) * 4)), 24, "<I", 2_000, local_at=22)


def bomb_with_a_small_declaration() -> bytes:
    """Declares a size and checksum that fit its beginning; unpacks to 3 MB."""
    true = zipped(("orgs.csv", b"\0" * (3 << 20)))
    start = patched(true, 24, "<I", 1_000, local_at=22)
    return patched(start, 16, "<I", zlib.crc32(b"\0" * 1_000), local_at=14)


def zip64_hiding_a_directory() -> bytes:
    """The old end record says one entry, the 64-bit one says 10^5."""
    plain = many(100_000, declared=1)
    end = plain.index(b"PK\x05\x06")
    size = end - plain.index(b"PK\x01\x02")
    record = struct.pack("<4sQ2H2I4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 100_000, 100_000, size, end - size)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, end, 1)
    tail = bytearray(plain[end:])
    struct.pack_into("<I", tail, 12, 46)
    return plain[:end] + record + locator + bytes(tail)


HOSTILE: dict[str, Callable[[], bytes]] = {
    "parent folder": lambda: zipped(("../orgs.csv", b"x")),
    "parent folder deep": lambda: zipped(("a/b/../../../orgs.csv", b"x")),
    "parent folder at the end": lambda: zipped(("a/..", b"x")),
    "absolute": lambda: zipped(("/etc/orgs.csv", b"x")),
    "double slash": lambda: zipped(("a//orgs.csv", b"x")),
    "dot part": lambda: zipped(("./orgs.csv", b"x")),
    "drive": lambda: zipped(("C:/orgs.csv", b"x")),
    "drive without slash": lambda: zipped(("C:orgs.csv", b"x")),
    "stream": lambda: zipped(("orgs.csv:hidden", b"x")),
    "backslash": lambda: zipped(("..\\orgs.csv", b"x")),
    "backslash inside": lambda: zipped(("a\\orgs.csv", b"x")),
    "network share": lambda: zipped(("\\\\host\\share\\orgs.csv", b"x")),
    "NUL in name": lambda: zipped(("orgs_csv", b"x")).replace(b"orgs_csv", b"orgs\0csv"),
    "newline in name": lambda: zipped(("orgs\n.csv", b"x")),
    "right-to-left override": lambda: zipped(("orgs\u202ecsv.exe", b"x")),
    "trailing dot": lambda: zipped(("orgs.csv.", b"x")),
    "trailing space": lambda: zipped(("a /orgs.csv", b"x")),
    "long name": lambda: zipped(("a" * 5_000, b"x")),
    "symlink": lambda: special(stat.S_IFLNK),
    "device": lambda: special(stat.S_IFCHR),
    "pipe": lambda: special(stat.S_IFIFO),
    "socket": lambda: special(stat.S_IFSOCK),
    "case clash": lambda: zipped(("orgs.csv", b"x"), ("ORGS.csv", b"y")),
    "case clash of folders' files": lambda: zipped(("a/orgs.csv", b"x"), ("A/Orgs.csv", b"y")),
    "unicode clash": lambda: zipped(("caf\u00e9.csv", b"x"), ("cafe\u0301.csv", b"y")),
    "sharp s clash": lambda: zipped(("STRASSE.csv", b"x"), ("straße.csv", b"y")),
    "file and folder": lambda: zipped(("a", b"x"), ("a/orgs.csv", b"y")),
    "folder with data": lambda: zipped(("a/", b"x" * 10)),
    "bomb": lambda: zipped(("orgs.csv", b"\0" * (3 << 20))),
    "bomb that lies": bomb_with_a_small_declaration,
    "too large": lambda: zipped(("orgs.csv", bytes(5 << 20)), method=zipfile.ZIP_STORED),
    "too large in all": lambda: zipped(*((f"{n}", bytes(2 << 20)) for n in range(4)), method=zipfile.ZIP_STORED),
    "60 entries": lambda: zipped(*((f"{n}.csv", b"") for n in range(60))),
    "10^5 entries": lambda: many(100_000),
    "10^5 entries said to be 1": lambda: many(100_000, declared=1),
    "10^5 entries in 64 bits": zip64_hiding_a_directory,
    "overlap": overlapping,
    "shorter than true": shorter_than_true,
    "longer than true": longer_than_true,
    "encrypted": lambda: patched(zipped(("orgs.csv", b"x")), 8, "<H", 1, local_at=6),
    "encrypted by the local header only": lambda: (
        patched(zipped(("orgs.csv", b"x")), 8, "<H", 0)[:6] + b"\x01" + zipped(("orgs.csv", b"x"))[7:]
    ),
    "strongly encrypted": lambda: patched(zipped(("orgs.csv", b"x")), 8, "<H", 0x41),
    "bzip2": lambda: zipped(("orgs.csv", b"x"), method=zipfile.ZIP_BZIP2),
    "lzma": lambda: zipped(("orgs.csv", b"x"), method=zipfile.ZIP_LZMA),
    "unknown method": lambda: patched(zipped(("orgs.csv", b"x")), 10, "<H", 99),
    "data elsewhere": lambda: patched(zipped(("orgs.csv", b"x" * 50)), 42, "<I", 5),
    "data beyond the end": lambda: patched(zipped(("orgs.csv", b"x")), 42, "<I", 1 << 30),
    "wrong checksum": lambda: patched(zipped(("orgs.csv", b"x")), 16, "<I", 7),
    "packed size reaches into the directory": lambda: patched(zipped(("orgs.csv", b"x")), 20, "<I", 10_000),
    "cut off": lambda: zipped(("orgs.csv", b"x" * 500))[:-30],
    "deflate damaged": lambda: zipped(("orgs.csv", bytes(range(200)))).replace(bytes(range(60, 90)), bytes(30)),
    "parent folder by a percent sign kept": lambda: zipped(("..", b"x")),
    "absolute network path": lambda: zipped(("//host/share/orgs.csv", b"x")),
    "home folder of a parent": lambda: zipped(("~/../../orgs.csv", b"x")),
    "zero-width joiner in name": lambda: zipped(("orgs\u200d.csv", b"x")),
    "escape character in name": lambda: zipped(("\x1b[2Jorgs.csv", b"x")),
    "folder that is three dots long and ends in one": lambda: zipped((".../orgs.csv", b"x")),
    "block device": lambda: special(stat.S_IFBLK),
    "the same name twice": lambda: zipped(("orgs.csv", b"x"), ("orgs.csv", b"y")),
    "case clash by the Kelvin sign": lambda: zipped(("k.csv", b"x"), ("\u212a.csv", b"y")),
    "a folder that is a file elsewhere, in capitals": lambda: zipped(("A", b"x"), ("a/orgs.csv", b"y")),
    "bomb behind honest files": lambda: zipped(("orgs.csv", b"x"), ("users.csv", b"\0" * (3 << 20))),
    "bombs that are small each": lambda: zipped(*((f"{n}.csv", b"\0" * (2 << 20)) for n in range(40))),
    "10^5 entries of one data": lambda: many(100_000, declared=50),
    "masked headers": lambda: patched(zipped(("orgs.csv", b"x")), 8, "<H", 0x2000),
    "the directory says stored, the data is packed": lambda: patched(
        zipped(("orgs.csv", b"x" * 500)), 10, "<H", zipfile.ZIP_STORED
    ),
    "empty": lambda: b"",
    "text": lambda: b"sourcedId,name\r\n",
    "only an end record's mark": lambda: b"PK\x05\x06",
}


def consume(data: bytes) -> None:
    with SafeArchive(io.BytesIO(data), SMALL) as archive:
        for name in archive.names:
            archive.read(name)


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_archive_is_refused_at_little_cost_and_nothing_is_written(kind: str, tmp_path, monkeypatch) -> None:
    assert len(HOSTILE) >= 60
    monkeypatch.chdir(tmp_path)
    data = HOSTILE[kind]()
    with bounded_work(2), pytest.raises(ArchiveRefused):
        consume(data)
    assert list(tmp_path.iterdir()) == []


def test_control_the_standard_library_lets_most_of_them_in() -> None:
    """What it would have handed on: the battery is hostile to a reader that does not look."""
    let_in = 0
    for make in HOSTILE.values():
        data = make()
        if len(data) > 1_000_000:
            continue
        with suppress(Exception), zipfile.ZipFile(io.BytesIO(data)) as archive:  # it does refuse some
            for entry in archive.infolist():
                archive.read(entry)
            let_in += 1
    assert let_in > 30


def test_refusing_a_bomb_costs_little_memory() -> None:
    bomb = zipped(("orgs.csv", b"\0" * (60 << 20)))
    tracemalloc.start()
    try:
        with pytest.raises(ArchiveRefused):
            SafeArchive(io.BytesIO(bomb))
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


def test_zip_in_a_zip_stays_closed() -> None:
    inner = zipped(("../orgs.csv", b"x"))
    with SafeArchive(io.BytesIO(zipped(("inner.zip", inner)))) as archive:
        assert archive.names == ("inner.zip",)
        assert archive.read("inner.zip") == inner


def test_honest_archive_is_read_from_a_path_and_closed(tmp_path: Path) -> None:
    path = tmp_path / "roster.zip"
    path.write_bytes(zipped(("north/", b""), ("north/orgs.csv", b"sourcedId"), ("café (1).txt", b"")))
    with SafeArchive(path) as archive:
        assert archive.names == ("north/orgs.csv", "café (1).txt")
        assert archive.open("north/orgs.csv").read() == b"sourcedId"
        with pytest.raises(KeyError):
            archive.read("north/users.csv")
    path.unlink()


def test_archive_streamed_with_sizes_after_the_data_is_read() -> None:
    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.data = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            self.data += bytes(data)  # type: ignore[call-overload]
            return len(bytes(data))  # type: ignore[call-overload]

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("orgs.csv", b"sourcedId")
        archive.writestr("users.csv", b"sourcedId,role")
    with SafeArchive(io.BytesIO(bytes(pipe.data))) as safe:
        assert safe.read("users.csv") == b"sourcedId,role"
