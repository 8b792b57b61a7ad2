"""Real videos for tests, made by ffmpeg once a session: small, and with things in them that must not survive."""

from __future__ import annotations

import hashlib
import json
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from lantern import models as tables
from lantern.domain.people import queries as people
from lantern.kernel import clock, files, tenancy
from lantern.kernel.files import keeping
from lantern.kernel.files.models import FileRole
from tools.machine import Missing, ensure

GPS = "+52.5200+013.4050/"
TITLE = "Ms Rivera room 12"


def need_ffmpeg() -> None:
    """Fail, rather than skip, where videos cannot be opened: a battery that is skipped proves nothing."""
    for program in ("bubblewrap", "ffmpeg"):
        try:
            ensure(program)
        except Missing as missing:
            pytest.fail(f"{program}: {missing}")


def make_video(
    path: Path, *, seconds: float = 1, size: str = "96x64", more: tuple[str, ...] = (), sound: bool = True
) -> Path:
    """Write a video whose format is its name's ending, with a place, a title and a chapter in it."""
    need_ffmpeg()
    chapters = path.with_suffix(".chapters")
    chapters.write_text(f";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=500\ntitle={TITLE}\n")
    command = [
        "ffmpeg",
        "-nostdin",
        "-v",
        "error",
        "-y",
        "-f",
        "lavfi",
        "-i",
        f"testsrc=duration={seconds}:size={size}:rate=15",
    ]
    command += ["-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds}"] if sound else []
    command += ["-f", "ffmetadata", "-i", str(chapters), "-map_chapters", "2" if sound else "1", "-map", "0:v"]
    command += ["-map", "1:a"] if sound else []
    command += ["-metadata", f"title={TITLE}", "-metadata", f"location={GPS}", "-metadata", f"comment={TITLE}"]
    command += ["-metadata:s:v:0", f"handler_name={TITLE}"]
    if path.suffix == ".webm":
        command += ["-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libvorbis"]
    else:
        command += ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    subprocess.run([*command, *more, str(path)], check=True)
    return path


def facts_of(path: Path) -> dict[str, Any]:
    """What ffprobe says of a file: format, streams, chapters and every tag."""
    command = ["ffprobe", "-v", "error", "-show_format", "-show_streams", "-show_chapters", "-of", "json", str(path)]
    told: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return told


def bytes_to_keep(folder: Path, data: bytes, media_type: str, name: str = "lesson.mp4") -> files.Ingested:
    """Bytes as the sandbox leaves them, waiting to be stored."""
    waiting = folder / "incoming" / f"{hashlib.sha256(data).hexdigest()[:20]}.kept"
    waiting.parent.mkdir(parents=True, exist_ok=True)
    waiting.write_bytes(data)
    return files.Ingested(waiting, media_type, len(data), hashlib.sha256(data).hexdigest(), name, 96, 64)


def ready_video(person: Any, activity: Any, folder: Path, film: bytes, **facts: Any) -> Any:
    """A video that is ready, as the job leaves it, with any bytes for its film: for tests of who gets them."""
    with tenancy.unscoped("factory"), transaction.atomic():
        handed_in = tables.StoredFile.objects.create(
            tenant_id=person.tenant_id, owner=person, role=FileRole.GONE, key=uuid4().hex, name="lesson.mp4",
            media_type="video/mp4", size=0, sha256=hashlib.sha256(film + b"raw").hexdigest(), at=clock.now(),
        )  # fmt: skip
    with tenancy.within(people.tenancy_of(person.tenant_id)), transaction.atomic():
        keeping.keep(
            person.pk, bytes_to_keep(folder, film, "video/mp4"), role=FileRole.FILM, parent=handed_in, seconds=65
        )
        still = bytes_to_keep(folder, b"still " + film[:9], "image/jpeg", "lesson.jpg")
        keeping.keep(person.pk, still, role=FileRole.POSTER, parent=handed_in)
        said = {"note": "Number talk", "students": "released", "keep_until": clock.today() + timedelta(days=90)} | facts
        return tables.Evidence.objects.create(
            person=person, activity=activity, file=handed_in, kind="work", at=clock.now(), **said
        )
