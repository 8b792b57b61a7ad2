"""Starts the sandbox programs with as little around them as possible: bubblewrap where it works, limits always.

Without bubblewrap pictures and PDFs are still opened under rlimits, without new privileges and behind a filter of
system calls (`sandbox.shut_in`); video is not opened at all then (decision 0027).
"""

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Literal

MEGABYTES = 320
"""Address space of the child. Part of it is libraries never touched, so that less than 300 MB come into use."""
CPU_SECONDS = 8
WALL_SECONDS = 20
VIDEO_MEGABYTES = 2_500
"""Address space for ffmpeg, most of it libraries and thread stacks; a 720p transcode uses about 250 MB of it."""
VIDEO_WALL_SECONDS = 540
"""Less than the ten minutes after which the worker gives a job up (settings.Q_CLUSTER)."""
_PROGRAM = Path(__file__).with_name("sandbox.py")
_VIDEO_PROGRAM = Path(__file__).with_name("sandbox_video.py")
_SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/alternatives")


class SandboxFailed(Exception):
    """The child gave no answer: it was stopped by a limit or fell over. The file counts as refused."""


def rewrite(kind: Literal["image", "pdf"], source: Path, target: Path) -> dict[str, Any]:
    """Have the child rewrite `source` into `target` (in a folder that exists) and give its answer.

    Where bubblewrap is usable the child sees no network and no file but these two and the interpreter's own.
    Raises `SandboxFailed`.
    """
    program = [sys.executable, "-I", str(_PROGRAM), kind, str(source), str(target), str(MEGABYTES), str(CPU_SECONDS)]
    command = [*_bubble(source, target.parent), *program] if has_bubblewrap() else program
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command; the paths are of our own making
            command, env={}, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, timeout=WALL_SECONDS, check=True
        )
        answer = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        raise SandboxFailed from None
    if not isinstance(answer, dict):
        raise SandboxFailed
    return answer


def rewrite_video(
    source: Path, target: Path, poster: Path, most_seconds: int, told: Callable[[int, int], None]
) -> dict[str, Any]:
    """Have the child write a video and its still picture anew, into a folder that exists, and give its answer.

    `told` hears (seconds done, seconds in all) as it goes. Raises `SandboxFailed`, also when `can_do_video` says no or
    the time is over.
    """
    if not can_do_video():
        raise SandboxFailed
    limits = [str(VIDEO_MEGABYTES), str(2 * VIDEO_WALL_SECONDS), str(most_seconds)]
    program = [sys.executable, "-I", str(_VIDEO_PROGRAM), str(source), str(target), str(poster), *limits]
    command = [*_bubble(source, target.parent, _VIDEO_PROGRAM), *program]
    answer: dict[str, Any] | None = None
    with subprocess.Popen(  # noqa: S603 - a fixed command; the paths are of our own making
        command, env={}, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as child:
        patience = threading.Timer(VIDEO_WALL_SECONDS, child.kill)  # --die-with-parent takes ffmpeg along
        patience.start()
        try:
            for line in child.stdout or ():
                answer = json.loads(line)
                if isinstance(answer, dict) and "done" in answer:
                    told(int(answer["done"]), int(answer["total"]))
        except ValueError:
            answer = None
        finally:
            patience.cancel()
            if child.poll() is None:
                child.kill()
    if child.returncode or not isinstance(answer, dict) or "done" in answer:
        raise SandboxFailed
    return answer


@cache
def has_bubblewrap() -> bool:
    """Say whether bubblewrap is installed and may make namespaces here (inside some containers it may not)."""
    found = shutil.which("bwrap")
    if found is None:
        return False
    trial = [found, "--unshare-all", "--ro-bind", "/", "/", "true"]
    done = subprocess.run(trial, capture_output=True, check=False, timeout=WALL_SECONDS)  # noqa: S603 - fixed command
    return done.returncode == 0


@cache
def has_ffmpeg() -> bool:
    """Say whether ffmpeg and ffprobe are installed."""
    return bool(shutil.which("ffmpeg", path="/usr/bin:/bin") and shutil.which("ffprobe", path="/usr/bin:/bin"))


def can_do_video() -> bool:
    """Say whether a video can be opened here: only with ffmpeg, and only where bubblewrap shuts it in."""
    return has_bubblewrap() and has_ffmpeg()


def in_words() -> str:
    """Say what opens strangers' files here, honestly, for the operator."""
    if not has_bubblewrap():
        return (
            "bubblewrap is missing or may not make namespaces: pictures and PDFs are opened under limits and a filter "
            "of system calls only, and videos are refused. Install bubblewrap, or allow user namespaces"
        )
    if not has_ffmpeg():
        return "files are opened in bubblewrap; ffmpeg is missing, so videos are refused"
    return "pictures, PDFs and videos are opened in bubblewrap, without network"


def _bubble(source: Path, folder: Path, program: Path = _PROGRAM) -> list[str]:
    """Write the bubblewrap command: read-only interpreter and source, one writable folder, all namespaces apart."""
    command = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL"]
    readable = dict.fromkeys((*_SYSTEM, sys.base_prefix, sys.prefix, str(program), str(source)))
    for path in readable:
        command += ["--ro-bind-try", path, path]
    return [*command, "--bind", str(folder), str(folder), "--proc", "/proc", "--dev", "/dev", "--"]
