"""Adding a file, getting it back by ranges, and who cannot."""

from __future__ import annotations

import io
import shutil
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from lantern.domain.evidence import queries
from tests.cast import acting, as_
from tests.domain.learning_factory import logged, make_rule, reflected, with_file

pytestmark = pytest.mark.django_db(transaction=True)

EVERY_OTHER = ["expert", "coach", "principal", "coordinator", "operator", "official", "outsider"]


@pytest.fixture(autouse=True)
def files_of_its_own(settings, tmp_path):
    settings.LANTERN_FILES = tmp_path / "files"


@pytest.fixture
def webinar(cast):
    with acting(cast.novice) as nia:
        return logged(nia)


def add_to(activity) -> str:
    return reverse("portfolio:evidence_add", args=[activity.pk])


def file_of(kept) -> str:
    return reverse("portfolio:evidence_file", args=[kept.pk])


def text(answer) -> str:
    return answer.content.decode()


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


def picture() -> SimpleUploadedFile:
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(drawn, "PNG")
    return SimpleUploadedFile("me there.png", drawn.getvalue(), content_type="image/png")


@pytest.mark.requirement("B.6")
def test_a_picture_is_taken_and_shown_to_its_owner(cast, client, webinar) -> None:
    as_(client, cast.novice)
    assert "up to 20 MB" in text(client.get(add_to(webinar)))
    answer = client.post(add_to(webinar), {"upload": picture(), "kind": "attendance", "note": ""})
    assert (answer.status_code, answer.headers["Location"]) == (303, reverse("learn:activity", args=[webinar.pk]))
    with acting(cast.novice) as nia:
        (kept,) = queries.my_evidence(nia)
    got = client.get(file_of(kept))
    assert got.status_code == 200
    assert Image.open(io.BytesIO(body(got))).size == (40, 30)
    assert got.headers["Content-Disposition"].startswith("inline")
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Content-Security-Policy"].startswith("sandbox")
    assert got.headers["Cache-Control"] == "private, no-store"


@pytest.mark.requirement("B.6")
def test_proof_earns_the_hours_that_waited_for_it(cast, client, webinar) -> None:
    make_rule(cast.district)
    with acting(cast.novice) as nia:
        made = reflected(nia, webinar)
    note = SimpleUploadedFile("note.txt", b"I was there.")
    answer = as_(client, cast.novice).post(add_to(webinar), {"upload": note, "kind": "attendance"})
    assert answer.headers["Location"] == reverse("portfolio:reflection", args=[made.pk])
    assert "1.50 hours earned" in text(client.get(answer.headers["Location"]))
    with acting(cast.novice) as nia:
        (kept,) = queries.my_evidence(nia)
    refused = client.post(reverse("portfolio:evidence_remove", args=[kept.pk]))
    assert refused.status_code == 409 and "1.50 hours" in text(refused)
    assert body(client.get(file_of(kept))) == b"I was there."


@pytest.mark.parametrize(
    ("asked", "status", "expected", "content_range"),
    [
        ("bytes=0-3", 206, b"I wa", "bytes 0-3/12"),
        ("bytes=-6", 206, b"there.", "bytes 6-11/12"),
        ("bytes=6-", 206, b"there.", "bytes 6-11/12"),
        ("bytes=0-999", 206, b"I was there.", "bytes 0-11/12"),
        ("bytes=12-", 416, None, "bytes */12"),
        ("lines=1-2", 200, b"I was there.", None),
    ],
)
def test_a_part_of_a_file(cast, client, webinar, asked, status, expected, content_range) -> None:
    with acting(cast.novice) as nia:
        kept = with_file(nia, webinar)
    got = as_(client, cast.novice).get(file_of(kept), headers={"Range": asked})
    assert got.status_code == status
    assert got.headers.get("Content-Range") == content_range
    if expected is not None:
        assert body(got) == expected and got.headers["Content-Length"] == str(len(expected))
        assert got.headers["Content-Disposition"] == 'attachment; filename="note.txt"'


def test_a_file_that_is_gone_from_the_disk_is_not_found(cast, client, webinar, files_of_its_own, settings) -> None:
    with acting(cast.novice) as nia:
        kept = with_file(nia, webinar)
    for path in settings.LANTERN_FILES.rglob("*"):
        if path.is_file():
            path.unlink()
    assert as_(client, cast.novice).get(file_of(kept)).status_code == 404


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.exe", b"MZ\x90"), ("a.svg", b"<svg onload=alert(1)>"), ("a.txt", b""), ("a.png", b"\x89PNG\r\n\x1a\nx")],
)
def test_what_cannot_be_kept_brings_the_form_again_with_the_reason(cast, client, webinar, name, content) -> None:
    upload = SimpleUploadedFile(name, content)
    answer = as_(client, cast.novice).post(add_to(webinar), {"upload": upload, "kind": "attendance"})
    assert answer.status_code == 422
    assert "Something here needs another look" in text(answer)
    assert as_(client, cast.novice).post(add_to(webinar), {"kind": "attendance"}).status_code == 422
    with acting(cast.novice) as nia:
        assert not queries.my_evidence(nia).exists()


def test_a_full_disk_answers_503(cast, client, webinar, monkeypatch) -> None:
    real = shutil.disk_usage
    monkeypatch.setattr(shutil, "disk_usage", lambda path: real(path)._replace(free=1000))
    note = SimpleUploadedFile("note.txt", b"I was there.")
    answer = as_(client, cast.novice).post(add_to(webinar), {"upload": note, "kind": "attendance"})
    assert answer.status_code == 503 and "no room" in text(answer)


def test_removing_a_file(cast, client, webinar) -> None:
    with acting(cast.novice) as nia:
        kept = with_file(nia, webinar)
    remove = reverse("portfolio:evidence_remove", args=[kept.pk])
    assert as_(client, cast.novice).post(remove).status_code == 303
    assert client.get(file_of(kept)).status_code == client.post(remove).status_code == 404


@pytest.mark.requirement("B.6")
@pytest.mark.parametrize("who", EVERY_OTHER)
def test_nobody_else_finds_a_file(cast, client, webinar, who) -> None:
    with acting(cast.novice) as nia:
        kept = with_file(nia, webinar)
    as_(client, getattr(cast, who))
    missing = client.get(reverse("portfolio:evidence_file", args=[uuid4()]))
    assert client.get(file_of(kept)).status_code == missing.status_code == 404
    assert client.post(reverse("portfolio:evidence_remove", args=[kept.pk])).status_code == 404
    note = SimpleUploadedFile("note.txt", b"mine now")
    assert client.post(add_to(webinar), {"upload": note, "kind": "work"}).status_code == 404
    assert client.get(add_to(webinar)).status_code == 404
