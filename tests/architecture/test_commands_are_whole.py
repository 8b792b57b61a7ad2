"""Every command that says something happened, writes a look down or locks a row runs in a transaction of its own, so
that a job or the command line keeps an act whole or not at all, as a page does (trust.md A10).
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import FunctionType
from typing import Any

import pytest
from django.db.transaction import Atomic

SOURCE = Path(__file__).resolve().parents[2] / "src"


def commands() -> Iterator[tuple[str, Any]]:
    """Every public function of the features' commands, once."""
    for path in sorted((SOURCE / "lantern" / "domain").glob("*/commands*")):
        for file in [path] if path.is_file() else sorted(path.glob("*.py")):
            parts = file.relative_to(SOURCE).with_suffix("").parts
            module = import_module(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
            for name, found in vars(module).items():
                inner = inspect.unwrap(found) if callable(found) else None
                if isinstance(inner, FunctionType) and inner.__module__ == module.__name__ and name[0] != "_":
                    yield f"{module.__name__}.{name}", found


COMMANDS = dict(commands())
WRITES = {"publish", "record_look", "_locked", "select_for_update"}
PUBLISHING = sorted(name for name, found in COMMANDS.items() if WRITES & {*inspect.unwrap(found).__code__.co_names})


def test_there_are_commands() -> None:
    assert len(PUBLISHING) > 50


@pytest.mark.parametrize("name", PUBLISHING)
def test_a_command_that_writes_is_in_a_transaction(name: str) -> None:
    function = COMMANDS[name]
    around = any(isinstance(cell.cell_contents, Atomic) for cell in function.__closure__ or ())
    inside = "atomic" in inspect.unwrap(function).__code__.co_names
    assert around or inside, "decorate it with @transaction.atomic, or open a transaction in it"
