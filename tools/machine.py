"""Finds the programs the suite needs but Python cannot bring: Chromium, PostgreSQL, bubblewrap and ffmpeg.

python tools/machine.py chromium ffmpeg     finds each, else installs it (Debian, as root), else says what to do
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
POSTGRES_PROGRAMS = ("initdb", "postgres")
POSTGRES_MINIMUM = 15


class Missing(Exception):
    """A program that is not here and could not be installed; the message says how to get it."""


def find_chromium() -> Path | None:
    """The browser the tests drive: $LANTERN_CHROMIUM, else the first known name on the PATH."""
    named = os.environ.get("LANTERN_CHROMIUM")
    found = next(filter(None, map(shutil.which, [named] if named else CHROMIUM_NAMES)), None)
    return Path(found) if found else None


def find_postgresql() -> Path | None:
    """The folder that holds PostgreSQL's server programs, version 15 or newer; Debian keeps them off the PATH."""
    on_path = shutil.which("initdb")
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    for folder in [*([Path(on_path).parent] if on_path else []), *packaged]:
        complete = all(os.access(folder / name, os.X_OK) for name in POSTGRES_PROGRAMS)
        if complete and major_version(folder) >= POSTGRES_MINIMUM:
            return folder
    return None


def find_bubblewrap() -> Path | None:
    """What confines the decoding of strangers' files; it must also be allowed to make namespaces here."""
    found = shutil.which("bwrap")
    if found is None:
        return None
    trial = subprocess.run([found, "--unshare-all", "--ro-bind", "/", "/", "true"], capture_output=True, check=False)
    if trial.returncode:
        raise Missing(
            "installed, but it may not make namespaces here: "
            f"{trial.stderr.decode(errors='replace').strip()[:200] or 'no reason given'}. "
            "In a container, allow user namespaces; on a host: sysctl kernel.unprivileged_userns_clone=1"
        )
    return Path(found)


def find_ffmpeg() -> Path | None:
    """What reads and rewrites video; ffprobe comes with it."""
    found = shutil.which("ffmpeg")
    return Path(found) if found and shutil.which("ffprobe") else None


def major_version(folder: Path) -> int:
    """The major version of the server in `folder`, 0 when it does not say."""
    answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    number = answer.partition(") ")[2].partition(".")[0]  # postgres (PostgreSQL) 15.18 (Debian ...)
    return int(number) if number.isdigit() else 0


def install_chromium() -> None:
    apt_install("chromium")


def install_postgresql() -> None:
    """Install the server but not Debian's own cluster: the tests start a private one and leave no service running."""
    apt_install("postgresql-common")
    settings = Path("/etc/postgresql-common/createcluster.conf")
    if settings.is_file():
        lines = settings.read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if "create_main_cluster" not in line]
        settings.write_text("\n".join([*kept, "create_main_cluster = false", ""]), encoding="utf-8")
    apt_install("postgresql")


def apt_install(package: str) -> None:
    """Install a Debian package; raises Missing where that is not ours to do."""
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        raise Missing(
            f"not found, and only root on Debian or Ubuntu can have it installed here. "
            f"Install it (there: sudo apt-get install {package}) and run the same command again"
        )
    print(f"Installing {package} ...", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-qq", "-y", "--no-install-recommends", package]):
        done = subprocess.run(
            ["apt-get", *command], env=environment, stdin=subprocess.DEVNULL, check=False, stdout=subprocess.DEVNULL
        )
        if done.returncode:
            raise Missing(f"not found, and apt-get {command[0]} {package} failed (exit {done.returncode})")


PROGRAMS: dict[str, tuple[Callable[[], Path | None], Callable[[], None]]] = {
    "chromium": (find_chromium, install_chromium),
    "postgresql": (find_postgresql, install_postgresql),
    "bubblewrap": (find_bubblewrap, lambda: apt_install("bubblewrap")),
    "ffmpeg": (find_ffmpeg, lambda: apt_install("ffmpeg")),
}


def ensure(name: str) -> Path:
    """Where the program is, installing it first where it is missing and we may; raises Missing."""
    find, install = PROGRAMS[name]
    found = find()
    if found is None:
        install()
        found = find()
    if found is None:
        raise Missing("installed, yet not found; see tools/machine.py for the names and places looked at")
    return found


def main(argv: Sequence[str] | None = None) -> int:
    """Ensure each named program; 1 when one is missing, after naming every one that is."""
    parser = argparse.ArgumentParser(description="Find or install the programs the test suite needs.")
    parser.add_argument("program", nargs="+", choices=sorted(PROGRAMS))
    failed = False
    for name in parser.parse_args(argv).program:
        try:
            print(f"{name}: {ensure(name)}", flush=True)
        except Missing as missing:
            print(f"{name}: {missing}", file=sys.stderr)
            failed = True
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
