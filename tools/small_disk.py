"""A disk of a few hundred megabytes that can be filled: a file system in memory, for `tools.faults` (trust.md A6)."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BALLAST = "ballast"
CHUNK = 1 << 20


class CannotMount(Exception):
    """This system, or this user, may not mount; the message is the system's own."""


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[None]:
    """Mount a disk of that size on an empty folder for the length of the block. Raises CannotMount."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    if sys.platform != "linux":
        raise CannotMount("only Linux has tmpfs")
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError as missing:
        raise CannotMount(str(missing)) from missing
    if done.returncode:
        raise CannotMount(done.stderr.strip())
    try:
        yield
    finally:
        unmount(folder)


def unmount(folder: Path) -> None:
    """Take the disk away, even while somebody still holds a file of it open; without one, nothing."""
    subprocess.run(["umount", "--lazy", folder], capture_output=True, check=False)


def fill(folder: Path, *, full: bool) -> None:
    """Fill the disk of a folder to its last byte, or make room again."""
    ballast = folder / BALLAST
    if not full:
        ballast.unlink(missing_ok=True)
        return
    with ballast.open("ab", buffering=0) as file:
        size = CHUNK
        while size:  # whatever still fits, down to a byte
            try:
                file.write(b"\0" * size)
            except OSError:
                size //= 2
        os.fsync(file.fileno())


def why_not() -> str:
    """Say why no disk can be mounted here, or nothing when it can."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            with small_disk(Path(folder), 1):
                return ""
        except CannotMount as problem:
            return str(problem)
