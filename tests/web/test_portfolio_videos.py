"""Videos in pages: handing one in, watching it range by range, the host for files alone, what never gets through."""

from __future__ import annotations

import io
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from lantern.domain.coaching import commands as coaching
from lantern.domain.evidence import commands as evidence
from lantern.domain.evidence import queries
from lantern.domain.evidence.models import Evidence
from lantern.domain.privacy import commands as privacy
from lantern.domain.privacy import queries as privacy_queries
from lantern.domain.privacy.models import Look
from lantern.kernel import clock, jobs
from lantern.web import content_host
from tests.cast import acting, as_
from tests.domain.learning_factory import logged, with_file
from tests.videos import make_video, ready_video

pytestmark = pytest.mark.django_db(transaction=True)

FILM = bytes(range(256)) * 20_000  # 5.12 MB
FILES = "https://files.lantern.example"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    settings.LANTERN_FILES = tmp_path / "files"
    return Path(settings.LANTERN_FILES)


@pytest.fixture
def film(cast, folder) -> Any:
    with acting(cast.novice) as nia:
        return ready_video(cast.novice, logged(nia), folder, FILM)


@pytest.fixture
def link(cast, film) -> Any:
    """The novice shares her film with her coach."""
    with acting(cast.novice) as nia:
        made = coaching.ask_coach(nia, coach_id=cast.coach.pk)
    with acting(cast.coach) as coach:
        coaching.answer_link(coach, link_id=made.pk, accept=True)
    with acting(cast.novice) as nia:
        coaching.share_with_coach(nia, link_id=made.pk, evidence_ids=[film.pk])
    return made


def file_of(found: Any) -> str:
    return reverse("portfolio:evidence_file", args=[found.pk])


def page_of(found: Any) -> str:
    return reverse("portfolio:evidence", args=[found.pk])


def text(answer: Any) -> str:
    return str(answer.content.decode())


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def stop_sharing(cast: Any) -> None:
    with acting(cast.novice) as nia:
        (share,) = privacy_queries.my_shares(nia)
        privacy.revoke(nia, share_id=share.id)


def send(client: Client, activity: Any, data: bytes, name: str = "lesson.mov", **said: str) -> Any:
    facts = {"students": "nobody", "kind": "work", "note": "Number talk", **said}
    upload = SimpleUploadedFile(name, data, content_type="video/quicktime")
    return client.post(reverse("portfolio:video_add", args=[activity.pk]), {"upload": upload, **facts})


@pytest.mark.requirement("B.6")
def test_a_video_goes_from_the_form_to_the_player(cast, client, tmp_path) -> None:
    with acting(cast.novice) as nia:
        activity = logged(nia)
    as_(client, cast.novice)
    assert "Are students seen or heard in it?" in text(client.get(reverse("portfolio:video_add", args=[activity.pk])))
    refused = send(client, activity, b"x", students="")
    assert refused.status_code == 422 and "Say whether students" in text(refused)
    answer = send(client, activity, make_video(tmp_path / "a.mov").read_bytes())
    found = _only(cast)
    assert (answer.status_code, answer.headers["Location"]) == (303, page_of(found))
    waiting = text(client.get(page_of(found)))
    assert "Waiting to be prepared" in waiting and "<video" not in waiting
    assert client.get(file_of(found)).status_code == 404
    part = client.get(page_of(found), headers={"HX-Request": "true"})
    assert part.status_code == 200 and "<html" not in text(part)
    jobs.run(str(found.job_id))
    assert client.get(page_of(found), headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    shown = text(client.get(page_of(found)))
    assert "<video" in shown and file_of(found) in shown and 'preload="metadata"' in shown
    until = clock.today() + timedelta(days=90)
    assert f"{until:%-d %B %Y}" in shown
    got = client.get(file_of(found), headers={"Range": "bytes=0-11"})
    assert (got.status_code, body(got)[4:8]) == (206, b"ftyp")
    assert got.headers["Content-Disposition"].startswith("inline")
    saved = client.get(file_of(found) + "?save=1")
    assert saved.headers["Content-Disposition"].startswith('attachment; filename="lesson.mp4"')
    body(saved)
    assert client.post(reverse("portfolio:evidence_extend", args=[found.pk])).status_code == 303
    assert client.post(reverse("portfolio:evidence_students", args=[found.pk]), {"students": "x"}).status_code == 422
    client.post(reverse("portfolio:evidence_students", args=[found.pk]), {"students": "missing"})
    assert "release is missing" in text(client.get(page_of(found)))


def _only(cast: Any) -> Any:
    with acting(cast.novice) as nia:
        (found,) = queries.my_evidence(nia)
    return found


@pytest.mark.parametrize(
    ("headers", "status", "expected"),
    [
        ({"Range": "bytes=0-"}, 206, "bytes 0-3999999/5120000"),
        ({"Range": "bytes=4000000-"}, 206, "bytes 4000000-5119999/5120000"),
        ({"Range": "bytes=-6"}, 206, "bytes 5119994-5119999/5120000"),
        ({"Range": "bytes=5120000-"}, 416, "bytes */5120000"),
        ({"Range": "bytes=0-1,5-6"}, 416, "bytes */5120000"),
        ({"Range": "bytes=0-9", "If-Range": '"another"'}, 200, None),
        ({"Range": "bytes=0-9", "If-Range": "Wed, 21 Oct 2015 07:28:00 GMT"}, 200, None),
        ({}, 200, None),
    ],
)
def test_its_owner_gets_the_range_she_asks_for(cast, client, film, headers, status, expected) -> None:
    got = as_(client, cast.novice).get(file_of(film), headers=headers)
    assert (got.status_code, got.headers.get("Content-Range")) == (status, expected)
    if status == 206:
        first, last = expected.removeprefix("bytes ").partition("/")[0].split("-")
        assert body(got) == FILM[int(first) : int(last) + 1]
    elif status == 200:
        assert body(got) == FILM
    same = client.get(file_of(film), headers={"Range": "bytes=0-9", "If-Range": got.headers["ETag"]})
    assert same.status_code == 206 and body(same) == FILM[:10]


def test_a_look_at_the_head_opens_nothing(cast, client, film) -> None:
    got = as_(client, cast.novice).head(file_of(film))
    assert (got.status_code, got.headers["Content-Length"], got.headers["Accept-Ranges"]) == (200, "5120000", "bytes")
    assert body(got) == b""


@pytest.mark.requirement("P6.3")
def test_a_share_that_ends_stops_a_playing_video_at_the_next_range(cast, client, film, link) -> None:
    as_(client, cast.coach)
    page = client.get(reverse("together:links_item", args=[link.pk, "evidence", film.pk]))
    assert "<video" in text(page) and 'controlslist="nodownload"' in text(page) and file_of(film) in text(page)
    for start in (0, 4_000_000):
        got = client.get(file_of(film), headers={"Range": f"bytes={start}-"})
        assert got.status_code == 206 and got.headers["Content-Disposition"].startswith("inline")
        body(got)
    assert client.get(file_of(film)).status_code == 416  # whole is its owner's to have
    kept = client.get(file_of(film) + "?save=1", headers={"Range": "bytes=0-9"})
    assert kept.headers["Content-Disposition"].startswith("inline")
    with acting(cast.novice):
        assert Look.objects.filter(item_id=film.pk).count() == 1
    stop_sharing(cast)
    assert client.get(file_of(film), headers={"Range": "bytes=4000000-"}).status_code == 404
    assert client.get(reverse("together:links_item", args=[link.pk, "evidence", film.pk])).status_code == 404


@pytest.mark.requirement("P6.3")
def test_a_video_is_chosen_on_the_form_for_sharing(cast, client, film, link) -> None:
    stop_sharing(cast)
    as_(client, cast.novice)
    form = reverse("together:links_share", args=[link.pk])
    assert "Number talk" in text(client.get(form)) and "not to download" in text(client.get(form))
    assert client.post(form, {"evidence_ids": [str(film.pk)], "days": "30"}).status_code == 303
    own = client.get(reverse("together:links_item", args=[link.pk, "evidence", film.pk]))
    assert "just what Cora Bell sees" in text(own)
    shared = text(as_(client, cast.coach).get(reverse("together:link", args=[link.pk])))
    assert "Picture or video 1" in shared and "Number talk" not in shared


# ------------------------------------------------------------------------------------------- the host for files alone


@pytest.fixture
def own_host(settings) -> None:
    settings.LANTERN_CONTENT_ORIGIN = FILES


def followed(client: Client, found: Any, **headers: str) -> str:
    led = client.get(file_of(found), headers=headers)
    assert led.status_code == 307 and led.headers["Cache-Control"] == "private, no-store"
    return str(led.headers["Location"])


def at_files(address: str, method: str = "get", **headers: str) -> Any:
    """Ask the host for files, as a browser does that has no cookie for it."""
    parts = urlsplit(address)
    assert f"{parts.scheme}://{parts.netloc}" == FILES
    return getattr(Client(headers={"Host": parts.netloc}), method)(parts.path, headers=headers)


@pytest.mark.usefixtures("own_host")
def test_files_come_from_a_host_without_cookies_by_a_sealed_link(cast, client, film) -> None:
    as_(client, cast.novice)
    address = followed(client, film)
    for private in (str(film.pk), client.session.session_key, "lesson"):
        assert private not in address
    got = at_files(address, Range="bytes=0-9")
    assert (got.status_code, body(got)) == (206, FILM[:10])
    assert not got.cookies
    rules = got.headers["Content-Security-Policy"].split("; ")
    assert rules == ["sandbox", "default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"]
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Cache-Control"] == "private, no-store"
    assert got.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert at_files(address, "head").headers["Content-Length"] == "5120000"
    with acting(cast.novice) as nia:
        note = with_file(nia, logged(nia, "Another"))
    assert at_files(followed(client, note)).headers["Content-Disposition"].startswith("attachment")


@pytest.mark.usefixtures("own_host")
def test_a_link_to_a_file_lasts_as_long_as_share_session_and_minute(cast, client, film, link, monkeypatch) -> None:
    as_(client, cast.coach)
    address = followed(client, film, Range="bytes=0-")
    assert at_files(address, Range="bytes=0-").status_code == 206
    monkeypatch.setattr(content_host, "LINK_SECONDS", -1)
    old = at_files(address, Range="bytes=4000000-")
    assert (old.status_code, urlsplit(old.headers["Location"]).path) == (307, file_of(film))  # decides and seals anew
    monkeypatch.undo()
    session = client.session
    seen = session["seen"]
    session["seen"] = seen - 31 * 60  # a coach who was away for so long is signed out, also from the host for files
    session.save()
    assert at_files(address, Range="bytes=0-").status_code == 404
    session["seen"] = seen
    session.save()
    assert at_files(address, Range="bytes=0-").status_code == 206
    stop_sharing(cast)
    assert at_files(address, Range="bytes=4000000-").status_code == 404
    owner = as_(Client(), cast.novice)
    hers = followed(owner, film)
    assert at_files(hers).status_code == 200
    owner.logout()
    assert at_files(hers).status_code == 404


@pytest.mark.usefixtures("own_host")
@pytest.mark.parametrize("path", ["/", "/sign-in/login/", "/static/ui/css/lantern.css", "/f/", "/f/gAAAAAB", "/home/"])
def test_the_host_for_files_answers_nothing_else(cast, client, film, path) -> None:
    for method in ("get", "post", "options"):
        answer = at_files(FILES + path, method)
        assert (answer.status_code, answer.content, answer.cookies) == (404, b"There is nothing here.", {})
    address = followed(as_(client, cast.novice), film)
    assert at_files(address, "post").status_code == 404
    assert at_files(address[:-2] + "AA").status_code == 404
    assert client.get(urlsplit(address).path).status_code == 404  # and the pages' host serves no sealed link


def test_without_that_host_its_name_is_a_name_like_another(client) -> None:
    assert client.get("/f/x", headers={"Host": "files.lantern.example"}).status_code == 404
    assert client.get("/", headers={"Host": "files.lantern.example"}).status_code != 404


# ---------------------------------------------------------------------------------------------------------- taking in


def test_a_file_is_streamed_to_disk_kept_by_a_second_name_and_leaves_nothing(cast, client, folder, tmp_path) -> None:
    with acting(cast.novice) as nia:
        activity = logged(nia)
    data = make_video(tmp_path / "a.mp4").read_bytes()
    assert send(as_(client, cast.novice), activity, data).status_code == 303
    found = _only(cast)
    assert [path.name for path in folder.rglob("*") if path.is_file()] == [found.file.key]
    with acting(cast.novice) as nia:
        evidence.remove_evidence(nia, evidence_id=found.pk)
    assert [path for path in folder.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("page", ["portfolio:video_add", "portfolio:evidence_add"])
def test_too_large_is_said_and_never_kept(cast, client, folder, monkeypatch, page) -> None:
    monkeypatch.setattr("lantern.web.uploads.most_bytes", lambda: 1_000_000)
    with acting(cast.novice) as nia:
        activity = logged(nia)
    upload = SimpleUploadedFile("a.mp4", bytes(3_000_000))
    answer = as_(client, cast.novice).post(
        reverse(page, args=[activity.pk]), {"upload": upload, "students": "nobody", "kind": "work"}
    )
    assert answer.status_code == 422 and "larger than 1 MB" in text(answer)
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_nobody_fills_the_disk_without_signing_in_or_when_it_is_full(cast, client, folder, monkeypatch) -> None:
    with acting(cast.novice) as nia:
        activity = logged(nia)
    real = shutil.disk_usage
    anonymous = send(Client(), activity, bytes(3_000_000))
    assert anonymous.status_code == 403
    assert [path for path in folder.rglob("*") if path.is_file()] == []
    monkeypatch.setattr(shutil, "disk_usage", lambda path: real(path)._replace(free=1000))
    full = send(as_(client, cast.novice), activity, bytes(3_000_000))
    assert full.status_code == 503 and "no room" in text(full)
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_a_picture_is_shown_on_its_page_and_a_text_is_offered_to_save(cast, client) -> None:
    with acting(cast.novice) as nia:
        activity = logged(nia)
        note = with_file(nia, activity)
        drawn = io.BytesIO()
        Image.new("RGB", (40, 30), "teal").save(drawn, "PNG")
        drawn.seek(0)
        picture = evidence.add_evidence(nia, activity_id=activity.pk, kind="work", upload=drawn, filename="me.png")
    as_(client, cast.novice)
    assert f'<img src="{file_of(picture)}"' in text(client.get(page_of(picture)))
    plain = text(client.get(page_of(note)))
    assert "<img src" not in plain and "Save a copy" in plain and "Keep it longer" not in plain


def test_a_video_whose_date_came_says_so_and_keeps_its_row(cast, client, film) -> None:
    with acting(cast.novice):
        Evidence.objects.filter(pk=film.pk).update(state="ended", note="")
    shown = text(as_(client, cast.novice).get(page_of(film)))
    assert "This video has ended" in shown and "<video" not in shown
    assert client.get(file_of(film), headers={"Range": "bytes=0-9"}).status_code == 404
    assert client.post(reverse("portfolio:evidence_extend", args=[film.pk])).status_code == 409
