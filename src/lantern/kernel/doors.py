"""The ways by which stored data leaves its tables other than a page: jobs, commands, exports, feeds, search indexes.

Each is declared beside its code with the classes of data it reads and whom it reaches. What is not declared does not
run: a job cannot be registered without, a command is not found, and the enumerated tests compare every declaration with
the tables that were really read (trust.md B8).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

KINDS = ("job", "command", "export", "feed", "index")


class Undeclared(LookupError):
    """A door that nobody declared. Always a fault of ours."""


@dataclass(frozen=True, slots=True)
class Door:
    """One way out: what it is called, which classes of data it reads, and whom what it says reaches."""

    kind: str
    name: str
    reads: frozenset[str]
    reaches: str


_declared: dict[tuple[str, str], Door] = {}


def declare(kind: str, name: str, *, reads: Collection[str], reaches: str) -> Door:
    """Declare a door. Raises ValueError for an unknown kind, or when nothing says whom it reaches."""
    if kind not in KINDS:
        raise ValueError(f"A door is one of {', '.join(KINDS)}; got {kind!r}")
    if not reads or not reaches:
        raise ValueError(f"{name}: say which classes it reads and whom it reaches")
    door = _declared[kind, name] = Door(kind, name, frozenset(reads), reaches)
    return door


def declared(kind: str) -> dict[str, Door]:
    """Return all doors of a kind by name."""
    return {name: door for (of, name), door in sorted(_declared.items()) if of == kind}


def door_of(kind: str, name: str) -> Door:
    """Return a door. Raises Undeclared."""
    found = _declared.get((kind, name))
    if found is None:
        raise Undeclared(f"Nobody declared the {kind} {name}, so it stays shut")
    return found
