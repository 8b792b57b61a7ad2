"""Takes a video in as it came, and later has it written anew: the one kind of file that is not safe to keep at once.

What `take_in_video` gives is kept under a key that is never served (`FileRole.RAW`); `prepare_video` makes from it a
film and a still picture that may be, after which the original goes (keeping.py).
"""

import os
import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from lantern.kernel.files import confine
from lantern.kernel.files.headers import safe_name
from lantern.kernel.files.intake import WORK_PREFIX, FileRefused, Ingested, Upload, described, spool
from lantern.kernel.files.space import KEEP_FREE, require_space
from lantern.kernel.files.storage import copy_out, size_of

VIDEO_TYPE = "video/mp4"
VIDEO_ENDINGS = (".mp4", ".m4v", ".mov", ".webm")
MOST_SECONDS = 30 * 60
NOT_HERE = "Videos cannot be taken here: what opens them safely is not installed. Please ask your operator."
_STARTS = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
_MATROSKA = b"\x1a\x45\xdf\xa3"
_WORDS = {
    "video": "We could not open this as a video. Please save it again as MP4, MOV or WebM and try once more.",
    "no picture": "There is no moving picture in this file. Please choose a video.",
    "pixels": "The picture of this video is too large to open. Please save it in 4K or smaller and try again.",
    "long": f"This video is longer than {MOST_SECONDS // 60} minutes. Please cut it to the part that matters.",
}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A video written anew: the film, a still picture of it, and its length in seconds."""

    film: Ingested
    poster: Ingested
    seconds: int


def most_video_bytes() -> int:
    """Give the largest video that is taken here, in bytes (setting LANTERN_VIDEO_MB)."""
    return int(settings.LANTERN_VIDEO_MB) * 1_000_000


def take_in_video(upload: Upload, filename: str, *, keep_free: int = KEEP_FREE, root: Path | None = None) -> Ingested:
    """Spool a video to disk without opening it; `size` and `sha256` are of the bytes that came.

    Only what begins like an MP4, MOV or WebM is taken, whatever its name says. Raises `FileRefused` (also where videos
    cannot be opened safely), or `StorageFull` (try later).
    """
    if not confine.can_do_video():
        raise FileRefused(NOT_HERE)
    top = root if root is not None else Path(settings.LANTERN_FILES)
    folder = top / "incoming" / f"{WORK_PREFIX}{secrets.token_hex(8)}"
    folder.mkdir(parents=True)
    try:
        require_space(top, most_video_bytes(), keep_free=keep_free)
        source = folder / "source"
        if not _linked(upload, source):
            spool(upload, source, most_video_bytes())
        if source.stat().st_size > most_video_bytes():
            raise FileRefused(f"This video is larger than {settings.LANTERN_VIDEO_MB} MB. Please make it shorter.")
        if not _begins_like_a_video(source):
            raise FileRefused(_WORDS["video"])
        return described(source, VIDEO_TYPE, safe_name(filename, ".mp4"), None, None)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def prepare_video(
    key: str, name: str, told: Callable[[int, int], None], *, keep_free: int = KEEP_FREE, root: Path | None = None
) -> Prepared:
    """Have the kept original `key` written anew as a film and a still, both waiting for `store`.

    `told` hears (seconds done, seconds in all). Raises `FileRefused` with the reason, `StorageFull`, and
    `FileNotFoundError` when the original is not there.
    """
    top = root if root is not None else Path(settings.LANTERN_FILES)
    size = size_of(key, root=top)
    folder = top / "incoming" / f"{WORK_PREFIX}{secrets.token_hex(8)}"
    folder.mkdir(parents=True)
    try:
        require_space(top, 2 * size, keep_free=keep_free)
        source, film, poster = folder / "source", folder / "film", folder / "poster"
        copy_out(key, source, root=top)
        try:
            answer = confine.rewrite_video(source, film, poster, MOST_SECONDS, told)
        except confine.SandboxFailed:
            raise FileRefused(_WORDS["video"] if confine.can_do_video() else NOT_HERE) from None
        if "refused" in answer or not film.is_file() or not poster.is_file():
            raise FileRefused(_WORDS.get(str(answer.get("refused")), _WORDS["video"]))
        wide, high = int(answer["width"]), int(answer["height"])
        made = described(film, VIDEO_TYPE, safe_name(name, ".mp4"), wide, high)
        still = described(poster, "image/jpeg", safe_name(name, ".jpg"), wide, high)
        return Prepared(made, still, int(answer["seconds"]))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _linked(upload: Upload, source: Path) -> bool:
    """Give a file that the web server has streamed to this volume a second name instead of copying it."""
    streamed = getattr(upload, "temporary_file_path", None)
    if streamed is None:
        return False
    try:
        os.link(streamed(), source)
    except OSError:  # another volume
        return False
    if source.stat().st_size == 0:
        raise FileRefused("This file is empty. Please choose another.")
    return True


def _begins_like_a_video(source: Path) -> bool:
    with source.open("rb") as handle:
        start = handle.read(12)
    return start[4:8] in _STARTS or start.startswith(_MATROSKA)
