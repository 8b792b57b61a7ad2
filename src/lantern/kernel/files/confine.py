"""Starts the sandbox program with as little around it as possible: bubblewrap where it works, rlimits always."""

import json
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any, Literal

MEGABYTES = 320
"""Address space of the child. Part of it is libraries never touched, so that less than 300 MB come into use."""
CPU_SECONDS = 8
WALL_SECONDS = 20
_PROGRAM = Path(__file__).with_name("sandbox.py")
_SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache")


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


@cache
def has_bubblewrap() -> bool:
    """Say whether bubblewrap is installed and may make namespaces here (inside some containers it may not)."""
    found = shutil.which("bwrap")
    if found is None:
        return False
    trial = [found, "--unshare-all", "--ro-bind", "/", "/", "true"]
    done = subprocess.run(trial, capture_output=True, check=False, timeout=WALL_SECONDS)  # noqa: S603 - fixed command
    return done.returncode == 0


def _bubble(source: Path, folder: Path) -> list[str]:
    """Write the bubblewrap command: read-only interpreter and source, one writable folder, all namespaces apart."""
    command = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL"]
    readable = dict.fromkeys((*_SYSTEM, sys.base_prefix, sys.prefix, str(_PROGRAM), str(source)))
    for path in readable:
        command += ["--ro-bind-try", path, path]
    return [*command, "--bind", str(folder), str(folder), "--proc", "/proc", "--dev", "/dev", "--"]
