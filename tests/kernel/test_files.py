"""Kept files appear when the transaction commits, survive a crash after it, and are named safely in headers."""

import io
import os
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from lantern.kernel.files import (
    RangeNotSatisfiable,
    content_disposition,
    delete,
    discard,
    ingest,
    open_range,
    range_from_header,
    safe_name,
    size_of,
    store,
    sweep_orphans,
)
from tests.keys import somebody

WAY_LATER = datetime(2999, 1, 1, tzinfo=UTC)


@pytest.fixture
def take(tmp_path, settings):
    settings.LANTERN_FILES = tmp_path

    def taken(text: str = "hello world"):
        return ingest(io.BytesIO(text.encode()), "note.txt", allowed=frozenset({"text/plain"}), keep_free=0)

    return taken


def read(key: str, start: int = 0, end: int | None = None) -> bytes:
    return b"".join(open_range(key, start, end))


def kept(root) -> list[str]:
    return sorted(path.name for path in root.rglob("*") if path.is_file())


class Undone(Exception):
    """Rolls a transaction back."""


@pytest.mark.django_db(transaction=True)
def test_a_file_is_in_place_after_commit_and_read_by_range(take, tmp_path):
    with transaction.atomic():
        key = store(take(), somebody())
        assert not (tmp_path / key[:2] / key[2:4] / key).exists()
    on_disk = (tmp_path / key[:2] / key[2:4] / key).read_bytes()
    assert b"hello" not in on_disk and b"world" not in on_disk
    assert size_of(key) == 11
    assert (read(key), read(key, 6), read(key, 0, 5), read(key, 6, 7)) == (b"hello world", b"world", b"hello", b"w")


@pytest.mark.django_db(transaction=True)
def test_after_a_rollback_nothing_is_in_place_and_the_sweeper_takes_the_rest(take, tmp_path):
    def undone():
        with transaction.atomic():
            store(take(), somebody())
            raise Undone

    with pytest.raises(Undone):
        undone()
    assert sweep_orphans(set(), datetime.now(UTC) - timedelta(hours=1)) == 0
    assert sweep_orphans(set(), WAY_LATER) == 1
    assert kept(tmp_path) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("healer", ["reader", "sweeper"])
def test_a_crash_between_commit_and_move_loses_nothing(take, tmp_path, monkeypatch, healer):
    with monkeypatch.context() as crashed:
        crashed.setattr(transaction, "on_commit", lambda move: None)
        key = store(take(), somebody())
    if healer == "sweeper":
        assert sweep_orphans({key}, WAY_LATER) == 0
        assert (tmp_path / key[:2] / key[2:4] / key).exists()
    assert read(key) == b"hello world"


@pytest.mark.django_db(transaction=True)
def test_delete_waits_for_the_commit_and_bears_repeating(take):
    def undone():
        with transaction.atomic():
            delete(key)
            raise Undone

    key = store(take(), somebody())
    with pytest.raises(Undone):
        undone()
    assert read(key) == b"hello world"
    delete(key)
    delete(key)
    with pytest.raises(FileNotFoundError):
        open_range(key)


@pytest.mark.django_db(transaction=True)
def test_the_sweeper_keeps_the_known_and_the_young_and_clears_work_folders(take, tmp_path):
    known, orphan, young = store(take(), somebody()), store(take(), somebody()), store(take(), somebody())
    old = datetime.now(UTC) - timedelta(days=2)
    for key in (known, orphan):
        os.utime(tmp_path / key[:2] / key[2:4] / key, (old.timestamp(), old.timestamp()))
    (tmp_path / "incoming" / "work-dead").mkdir()
    discard(take())
    assert sweep_orphans({known}, datetime.now(UTC) - timedelta(days=1)) == 1
    assert kept(tmp_path) == sorted([known, young])
    assert list((tmp_path / "incoming").iterdir()) == []


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "a" * 31, "A" * 32, "a" * 32 + "\n", "a" * 30 + "/."])
def test_only_our_own_keys_name_a_file(key, tmp_path):
    with pytest.raises(ValueError, match="not a storage key"):
        open_range(key, root=tmp_path)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, None),
        ("", None),
        ("items=0-1", None),
        ("bytes=-", None),
        ("bytes=5-2", None),
        ("bytes=a-b", None),
        ("bytes=0-", (0, 100)),
        ("bytes=0-0", (0, 1)),
        ("bytes=10-19", (10, 20)),
        ("bytes=90-1000", (90, 100)),
        ("bytes=-10", (90, 100)),
        ("bytes=-1000", (0, 100)),
        ("bytes=1٣-", None),
        ("bytes=" + "9" * 500 + "-", None),
    ],
)
def test_ranges_are_read_half_open(header, expected):
    assert range_from_header(header, 100) == expected


@pytest.mark.parametrize(
    "header", ["bytes=100-", "bytes=100-200", "bytes=-0", "bytes=0-1,4-5", "bytes=0-,0-,0-", "bytes=" + "0-," * 5000]
)
def test_a_range_outside_the_file_or_several_at_once_cannot_be_satisfied(header):
    with pytest.raises(RangeNotSatisfiable):
        range_from_header(header, 100)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("plan.pdf", "plan.txt"),
        ("../../etc/passwd", "passwd.txt"),
        ("C:\\docs\\my plan.DOC", "my plan.txt"),
        ("a\r\nSet-Cookie: x=1.txt", "aSet-Cookie_ x=1.txt"),
        ("\u202egnp.exe", "gnp.txt"),
        (".htaccess", "htaccess.txt"),
        ("...", "file.txt"),
        ("", "file.txt"),
        ("Größe 2.0 final.txt", "Größe 2.0 final.txt"),
        ("x" * 500, "x" * 96 + ".txt"),
    ],
)
def test_names_are_made_safe_and_true(given, expected):
    assert safe_name(given, ".txt") == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("plan.pdf", 'attachment; filename="plan.pdf"'),
        ("Größe.pdf", "attachment; filename=\"Groe.pdf\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe.pdf"),
        (
            'a"; filename=evil.html',
            "attachment; filename=\"a__ filename=evil.html\"; filename*=UTF-8''a%22%3B%20filename",
        ),
        ("a\r\nSet-Cookie: x", 'attachment; filename="aSet-Cookie: x"'),
        ("日本", "attachment; filename=\"file\"; filename*=UTF-8''%E6%97%A5%E6%9C%AC"),
        ("\ud800", 'attachment; filename="file"'),
    ],
)
def test_content_disposition_cannot_be_broken_out_of(name, expected):
    value = content_disposition(name)
    assert value.startswith(expected)
    assert value.isascii()
    assert not {"\r", "\n"} & set(value)
    assert content_disposition(name, inline=True).startswith("inline; ")
