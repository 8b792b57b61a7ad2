"""Videos are kept only as ffmpeg wrote them anew in the sandbox; what leads elsewhere or lies is refused."""

from __future__ import annotations

import io
import json
import re
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from lantern.kernel.files import FileRefused, StorageFull, confine, take_in_video
from lantern.kernel.files import video as videos
from lantern.kernel.files.storage import store
from tests.keys import somebody
from tests.videos import GPS, TITLE, facts_of, make_video, need_ffmpeg


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A folder with one video of each kind."""
    folder = tmp_path_factory.mktemp("videos")
    for name in ("lesson.mp4", "lesson.mov", "lesson.webm"):
        make_video(folder / name)
    return folder


def prepared(root: Path, data: bytes, name: str = "lesson.mp4") -> videos.Prepared:
    """Take a video in and have it written anew, as upload and job do."""
    need_ffmpeg()
    key = store(take_in_video(io.BytesIO(data), name, keep_free=0, root=root), somebody(), root=root)
    try:
        return videos.prepare_video(key, name, lambda done, total: None, keep_free=0, root=root)
    finally:
        assert not list((root / "incoming").glob("work-*/*"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["lesson.mp4", "lesson.mov", "lesson.webm"])
def test_a_video_is_written_anew_for_every_browser_and_tells_nothing(tmp_path, made, name):
    before = (made / name).read_bytes()
    assert TITLE in json.dumps(facts_of(made / name))  # control: it is found where nothing was removed
    got = prepared(tmp_path, before, name)
    facts = facts_of(got.film.path_temp)
    kinds = [(stream["codec_type"], stream["codec_name"]) for stream in facts["streams"]]
    assert kinds == [("video", "h264"), ("audio", "aac")]
    assert (got.film.media_type, got.film.safe_name, got.poster.media_type) == ("video/mp4", "lesson.mp4", "image/jpeg")
    assert (got.film.width, got.film.height, got.seconds) == (96, 64, 1)
    assert facts["chapters"] == []
    for kept in (got.film.path_temp.read_bytes(), got.poster.path_temp.read_bytes()):
        for note in (TITLE.encode(), b"Rivera", GPS.encode(), b"52.52"):
            assert note not in kept
    film = got.film.path_temp.read_bytes()
    assert film.find(b"moov") < film.find(b"mdat")  # it plays before it is loaded


def playlist(target: str) -> bytes:
    return f"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{target}\n#EXT-X-ENDLIST\n".encode()


def refused_videos(made: Path) -> dict[str, bytes]:
    """Everything that calls itself a video and must not be kept."""
    good = (made / "lesson.mp4").read_bytes()
    webm = (made / "lesson.webm").read_bytes()
    concat = f"ffconcat version 1.0\nfile {made / 'lesson.mp4'}\n".encode()
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><image href='http://127.0.0.1:9/x'/></svg>"
    return {
        "HLS playlist of a local file": playlist(f"file://{made / 'lesson.mp4'}"),
        "HLS playlist of an address": playlist("http://127.0.0.1:9/secret"),
        "HLS behind an ftyp": b"\0\0\0\x18ftypmp42" + playlist(f"file://{made / 'lesson.mp4'}"),
        "concat script": concat,
        "concat behind a free atom": b"\0\0\0\x08free" + concat,
        "DASH manifest": b'<?xml version="1.0"?><MPD><BaseURL>http://127.0.0.1:9/</BaseURL></MPD>',
        "SVG": svg,
        "subtitle script": b"[Script Info]\nTitle: x\n",
        "AVI": b"RIFF\x24\0\0\0AVI LIST" + bytes(100),
        "MPEG-TS": (b"G" + bytes(187)) * 20,
        "GIF": b"GIF89a" + bytes(100),
        "HTML": b"<!doctype html><script>alert(1)</script>",
        "ELF": b"\x7fELF" + bytes(200),
        "header only": good[:48],
        "cut before the index": good[: good.rfind(b"moov") - 8] if good.rfind(b"moov") > 64 else good[:64],
        "WebM cut in its header": webm[:60],
        "zeros behind an ftyp": b"\0\0\0\x18ftypmp42" + bytes(100_000),
        "an atom as large as it can say": b"\0\0\0\x18ftypmp42" + bytes(12) + b"\xff\xff\xff\xffmoov" + bytes(1000),
        "atoms in atoms": b"\0\0\0\x18ftypmp42" + bytes(12) + b"\0\x01\0\0moov" * 5000,
        "empty": b"",
    }


NAMES = [
    *("HLS playlist of a local file", "HLS playlist of an address", "HLS behind an ftyp", "concat script"),
    *("concat behind a free atom", "DASH manifest", "SVG", "subtitle script", "AVI", "MPEG-TS", "GIF", "HTML", "ELF"),
    *("header only", "cut before the index", "WebM cut in its header", "zeros behind an ftyp"),
    *("an atom as large as it can say", "atoms in atoms", "empty"),
]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", NAMES)
def test_what_is_no_video_or_leads_elsewhere_is_refused(tmp_path, made, name):
    assert sorted(refused_videos(made)) == sorted(NAMES)
    with pytest.raises(FileRefused) as refused:
        prepared(tmp_path, refused_videos(made)[name])
    assert refused.value.reason.endswith(".")


def test_ffmpeg_itself_is_told_to_open_nothing_else(tmp_path, made):
    """Past our own look at the first bytes: the program refuses a playlist and reaches neither file nor port."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    heard: list[int] = []
    threading.Thread(target=lambda: heard.append(listener.accept()[0].fileno()), daemon=True).start()
    source = tmp_path / "list.mp4"
    for target in (f"file://{made / 'lesson.mp4'}", f"http://127.0.0.1:{port}/x"):
        source.write_bytes(playlist(target))
        command = [
            sys.executable,
            "-I",
            str(confine._VIDEO_PROGRAM),
            str(source),
            str(tmp_path / "t"),
            str(tmp_path / "p"),
        ]
        done = subprocess.run([*command, "2500", "60", "60"], capture_output=True, text=True)
        assert json.loads(done.stdout) == {"refused": "video"}
    assert heard == []
    allowed = ["ffprobe", "-v", "error", "-allowed_extensions", "ALL", "-protocol_whitelist", "file,crypto,data"]
    source.write_bytes(playlist(str(made / "lesson.mp4")))
    control = subprocess.run(
        [*allowed, "-show_entries", "stream=codec_type", str(source)], capture_output=True, text=True
    )
    assert "codec_type=video" in control.stdout  # with the lists off the disguise works
    listener.close()


@pytest.mark.django_db(transaction=True)
def test_a_video_that_is_too_long_or_has_no_picture_says_so(tmp_path, made, monkeypatch):
    monkeypatch.setattr(videos, "MOST_SECONDS", 0)
    with pytest.raises(FileRefused, match="longer than"):
        prepared(tmp_path, (made / "lesson.mp4").read_bytes())
    monkeypatch.undo()
    only_sound = tmp_path / "sound.mp4"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=duration=1", "-c:a", "aac", str(only_sound)], check=True
    )
    with pytest.raises(FileRefused, match="no moving picture"):
        prepared(tmp_path, only_sound.read_bytes())


def test_size_room_and_missing_programs_are_said(tmp_path, made, settings, monkeypatch):
    data = (made / "lesson.mp4").read_bytes()
    settings.LANTERN_VIDEO_MB = 1
    with pytest.raises(FileRefused, match="larger than 1 MB"):
        take_in_video(io.BytesIO(data + bytes(1_000_000)), "a.mp4", keep_free=0, root=tmp_path)
    with pytest.raises(StorageFull):
        take_in_video(io.BytesIO(data), "a.mp4", keep_free=10**18, root=tmp_path)
    for missing in ("has_ffmpeg", "has_bubblewrap"):
        with monkeypatch.context() as without:
            without.setattr(confine, missing, lambda: False)
            with pytest.raises(FileRefused, match="cannot be taken here"):
                take_in_video(io.BytesIO(data), "a.mp4", keep_free=0, root=tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_the_video_child_has_no_network_and_sees_no_other_file(tmp_path):
    need_ffmpeg()
    (tmp_path / "secret").write_text("s")
    source, folder = tmp_path / "source", tmp_path / "out"
    source.write_text("x")
    folder.mkdir()
    probe = (
        f"import os, socket; print(os.path.exists({str(tmp_path / 'secret')!r}), [i for _, i in socket.if_nameindex()])"
    )
    command = [*confine._bubble(source, folder, confine._VIDEO_PROGRAM), sys.executable, "-I", "-c", probe]
    assert re.match(r"False \['lo'\]", subprocess.run(command, capture_output=True, text=True).stdout)
