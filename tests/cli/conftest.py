"""What the tests of the command line share: running it here, and running it as a program of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from lantern.cli import program

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Said:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


@pytest.fixture
def lantern(capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Run a command in this process, on the test database."""

    def run(*arguments: str) -> Said:
        code = program.run([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return run


def as_program(data: Path, *arguments: object, stdin: str = "", **environment: str) -> Said:
    """Run a command as a program of its own, on SQLite in a folder of its own."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    settings = {
        "PYTHONPATH": str(ROOT / "src"),
        "LANTERN_DATA": str(data),
        "LANTERN_DEMO": "yes",
        "DJANGO_SETTINGS_MODULE": "lantern.config.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from lantern.cli import main; sys.exit(main())", *map(str, arguments)],
        env=kept | settings | environment,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=300,
    )
    return Said(done.returncode, done.stdout, done.stderr)
