"""Sets up everything Lantern runs on, from hash-pinned locks, and does nothing where that is done already.

Run by the machine's own python3, before there is a virtual environment, hence the standard library only:

    python3 tools/set_up.py base      what `make demo` needs
    python3 tools/set_up.py semantic  base, and the extra that lets search know meanings
    python3 tools/set_up.py dev       all that, and the tools that check and test

Lantern itself is put on the path by one .pth line and a small `bin/lantern`: no build step, so no build tools.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NODE_MODULES = ROOT / "node_modules"
MINIMUM = (3, 11)
LEVELS = ("base", "semantic", "dev")  # each holds the one before

ENTRY_POINT = """\
#!/bin/sh
'''exec' '{python}' "$0" "$@"
' '''
import sys

from lantern.cli import main

sys.exit(main())
"""


class CannotSetUp(Exception):
    """Something the machine lacks, said so that the reader knows what to do."""


def main(argv: Sequence[str] | None = None) -> int:
    """Bring the working copy to the wanted state; 0 when it is there, 1 with a reason on stderr when it cannot be."""
    parser = argparse.ArgumentParser(description="Set up Lantern's virtual environment and front-end packages.")
    parser.add_argument("level", choices=LEVELS, help="base runs Lantern; dev also checks and tests it")
    level = parser.parse_args(argv).level
    started = time.monotonic()
    try:
        if sys.version_info < MINIMUM:
            wanted = ".".join(map(str, MINIMUM))
            raise CannotSetUp(
                f"Lantern needs Python {wanted} or newer; {sys.executable} is {sys.version.split()[0]}. "
                f"Name another one: make PYTHON=/path/to/python{wanted}"
            )
        with (ROOT / ".set-up.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # `make demo` and `make check` may start together
            done = [ensure_venv(), ensure_packages(level), ensure_entry_point(), ensure_node_modules()]
    except CannotSetUp as refusal:
        print(f"set-up stopped: {refusal}", file=sys.stderr)
        return 1
    if any(done):
        print(f"Set up in {time.monotonic() - started:.0f} s.", flush=True)
    return 0


def ensure_venv() -> bool:
    """Make .venv, anew if it was made elsewhere (a moved copy) or its Python is gone; True if anything was made."""
    settings = VENV / "pyvenv.cfg"  # ends with the command that made it: ... -m venv /where/it/was/made
    made_here = settings.is_file() and settings.read_text(encoding="utf-8").rstrip().endswith(f" {VENV}")
    if made_here and PYTHON.exists() and (VENV / "bin" / "pip").exists():
        return False
    say("Creating .venv")
    clear = ["--clear"] if VENV.exists() else []
    run(
        [sys.executable, "-m", "venv", *clear, str(VENV)],
        hint="On Debian and Ubuntu the module is in a package of its own: apt-get install python3-venv",
    )
    return True


def ensure_packages(level: str) -> bool:
    """Install exactly the locked packages of `level`, where it or a level that holds it is not there already; True if
    anything was installed.
    """
    stamps = {
        name: (VENV / f".lantern-{name}", fingerprint(ROOT / "requirements" / f"{name}.txt", PYTHON.resolve()))
        for name in LEVELS
    }
    stamp, wanted = stamps[level]
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return False
    for path, _ in stamps.values():
        path.unlink(missing_ok=True)
    say(f"Installing the locked packages (requirements/{level}.txt)")
    run(
        [
            str(PYTHON),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--only-binary",
            ":all:",
            "--require-hashes",
            "-r",
            "requirements/uv.txt",
        ]
    )
    run(
        [
            str(VENV / "bin" / "uv"),
            "pip",
            "sync",
            "--quiet",
            "--python",
            str(PYTHON),
            "--only-binary",
            ":all:",
            "--require-hashes",
            f"requirements/{level}.txt",
        ]
    )
    for name in LEVELS[: LEVELS.index(level) + 1]:
        path, value = stamps[name]
        path.write_text(value, encoding="utf-8")
    return True


def ensure_entry_point() -> bool:
    """Put src on the environment's path and write bin/lantern; True if either changed."""
    library = VENV / "lib" / "python{}.{}".format(*sys.version_info[:2]) / "site-packages"
    changed = write_if_different(library / "lantern.pth", f"{ROOT / 'src'}\n")
    command = VENV / "bin" / "lantern"
    changed |= write_if_different(command, ENTRY_POINT.format(python=PYTHON))
    command.chmod(0o755)
    return changed


def ensure_node_modules() -> bool:
    """Install exactly package-lock.json, running no package's scripts; True if anything was installed."""
    stamp = NODE_MODULES / ".lantern"
    wanted = fingerprint(ROOT / "package.json", ROOT / "package-lock.json")
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return False
    npm = shutil.which("npm")
    if npm is None:
        raise CannotSetUp(
            "npm is not on the PATH; Lantern serves a few files from npm packages. Install Node 18 or newer"
        )
    say("Installing the front-end packages (package-lock.json)")
    run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
    stamp.write_text(wanted, encoding="utf-8")
    return True


def fingerprint(*paths: Path) -> str:
    """A hash that changes when a file's content changes; of a program, when its place does."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(str(path).encode() if os.access(path, os.X_OK) else path.read_bytes())
    return digest.hexdigest()


def write_if_different(path: Path, content: str) -> bool:
    if path.is_file() and path.read_text(encoding="utf-8") == content:
        return False
    path.write_text(content, encoding="utf-8")
    return True


def run(command: list[str], *, hint: str = "") -> None:
    """Run one step in the repository's folder; its output is shown. Raises CannotSetUp when it fails."""
    try:
        subprocess.run(command, cwd=ROOT, check=True, stdin=subprocess.DEVNULL)
    except (subprocess.CalledProcessError, OSError) as failure:
        raise CannotSetUp(f"{failure}\n{hint}".rstrip()) from failure


def say(line: str) -> None:
    print(f"{line} ...", flush=True)


if __name__ == "__main__":
    sys.exit(main())
