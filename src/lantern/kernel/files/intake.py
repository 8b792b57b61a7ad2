"""Takes a file in: counts while it streams, guesses what it claims to be, and believes only a successful rewrite."""

import hashlib
import os
import secrets
import shutil
from collections.abc import Set
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from django.conf import settings

from lantern.kernel.files import confine
from lantern.kernel.files.headers import safe_name
from lantern.kernel.files.space import KEEP_FREE, require_space

MAX_BYTES = 20_000_000
MAX_TEXT = 1_000_000
WORK_PREFIX = "work-"
IMAGE_TYPES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
TEXT_TYPES = frozenset({"text/plain", "text/markdown"})
ALL_TYPES = IMAGE_TYPES | TEXT_TYPES | {"application/pdf"}

_CHUNK = 262_144
_EXTENSIONS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/gif": ".gif",
    "application/pdf": ".pdf",
    "text/plain": ".txt",
    "text/markdown": ".md",
}
_TEXT_NAMES = {".txt": "text/plain", ".md": "text/markdown", ".markdown": "text/markdown"}
_IMAGE_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"RIFF")
_WORDS = {
    "pixels": "This picture is too large to open. Please save it at a smaller size and try again.",
    "encrypted": "This PDF is locked with a password. Please save a copy without one and try again.",
    "image": "We could not open this as a picture. Please save it again as JPEG or PNG and try once more.",
    "pdf": "We could not open this as a PDF. Please save or print it to PDF again and try once more.",
}


class Upload(Protocol):
    """Anything that gives bytes piece by piece: an open file, or Django's `UploadedFile`."""

    def read(self, size: int, /) -> bytes:
        """Give at most `size` bytes, or none at the end."""
        ...


class FileRefused(Exception):
    """A file that is not kept; `reason` is a sentence for the person who chose it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Ingested:
    """A rewritten file that waits under `incoming/` for `store`; `size` and `sha256` are of the rewritten bytes."""

    path_temp: Path
    media_type: str
    size: int
    sha256: str
    safe_name: str
    width: int | None
    height: int | None


def ingest(
    upload: Upload,
    filename: str,
    *,
    allowed: Set[str],
    max_bytes: int = MAX_BYTES,
    keep_free: int = KEEP_FREE,
    root: Path | None = None,
) -> Ingested:
    """Take `upload` in if it is one of the `allowed` media types (of `ALL_TYPES`), rewritten without what it hid.

    The type is what the content decodes to, whatever the name says. Raises `FileRefused`, or `StorageFull` (try later).
    """
    top = root if root is not None else Path(settings.LANTERN_FILES)
    folder = top / "incoming" / f"{WORK_PREFIX}{secrets.token_hex(8)}"
    folder.mkdir(parents=True)
    try:
        require_space(top, 2 * max_bytes, keep_free=keep_free)
        source = folder / "source"
        spool(upload, source, max_bytes)
        return _accepted(source, filename, allowed)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def discard(ingested: Ingested) -> None:
    """Forget an ingested file that is not going to be stored."""
    ingested.path_temp.unlink(missing_ok=True)


def spool(upload: Upload, source: Path, max_bytes: int) -> None:
    """Write the upload to disk, counting as it comes; raise `FileRefused` for an empty one and beyond `max_bytes`."""
    size = 0
    with source.open("xb") as handle:
        while chunk := upload.read(_CHUNK):
            size += len(chunk)
            if size > max_bytes:
                raise FileRefused(f"This file is larger than {max_bytes // 1_000_000} MB. Please choose a smaller one.")
            handle.write(chunk)
    if size == 0:
        raise FileRefused("This file is empty. Please choose another.")


def _accepted(source: Path, filename: str, allowed: Set[str]) -> Ingested:
    """Rewrite the spooled file by what it seems to be, and describe the result."""
    target = source.with_name("target")
    kind = _claim(source)
    width: int | None = None
    height: int | None = None
    if kind == "text":
        media_type = _copy_text(source, target, filename, allowed)
    else:
        wanted = IMAGE_TYPES if kind == "image" else {"application/pdf"}
        if not wanted & allowed:
            raise _not_allowed(allowed)
        media_type, width, height = _rewritten(kind, source, target)
    if media_type not in allowed:
        raise _not_allowed(allowed)
    return described(target, media_type, safe_name(filename, _EXTENSIONS[media_type]), width, height)


def _claim(source: Path) -> Literal["image", "pdf", "text"]:
    """Guess which reader to try from the first bytes. A wrong guess costs only a refusal."""
    with source.open("rb") as handle:
        start = handle.read(1024)
    if start.startswith(_IMAGE_STARTS):
        return "image"
    return "pdf" if b"%PDF-" in start else "text"


def _rewritten(kind: Literal["image", "pdf"], source: Path, target: Path) -> tuple[str, int | None, int | None]:
    try:
        answer = confine.rewrite(kind, source, target)
    except confine.SandboxFailed:
        raise FileRefused(_WORDS[kind]) from None
    if "refused" in answer or not target.is_file():
        raise FileRefused(_WORDS.get(str(answer.get("refused")), _WORDS[kind]))
    return str(answer["media_type"]), answer["width"], answer["height"]


def _copy_text(source: Path, target: Path, filename: str, allowed: Set[str]) -> str:
    """Keep a text file as UTF-8 without byte order mark. Only a name that says text makes other bytes a text."""
    media_type = _TEXT_NAMES.get(Path(filename).suffix.lower())
    if media_type is None or media_type not in allowed:
        raise _not_allowed(allowed)
    if source.stat().st_size > MAX_TEXT:
        raise FileRefused(f"This text is longer than {MAX_TEXT // 1_000_000} MB. Please choose a shorter one.")
    try:
        text = source.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileRefused("We could not read this as text. Please save it as plain text (UTF-8).") from None
    if "\0" in text:
        raise FileRefused("We could not read this as text. Please save it as plain text (UTF-8).")
    target.write_bytes(text.encode())
    return media_type


def _not_allowed(allowed: Set[str]) -> FileRefused:
    known = [_EXTENSIONS[kind].lstrip(".").upper() for kind in sorted(allowed) if kind in _EXTENSIONS]
    return FileRefused(f"We cannot keep this kind of file here. You can use {', '.join(known)}.")


def described(target: Path, media_type: str, name: str, width: int | None, height: int | None) -> Ingested:
    """Measure the rewritten file, make it durable, and move it beside its work folder."""
    with target.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
        os.fsync(handle.fileno())
    size = target.stat().st_size
    kept = target.parent.with_name(f"{target.parent.name}-{target.name}.kept")
    target.rename(kept)
    return Ingested(kept, media_type, size, digest, name, width, height)
