"""One thing that the database must hold beside Django's tables: a trigger, a key, a policy. Known by its name.

The name ends with a digest of the definition, so that what is there under a name is what the program wants.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

PREFIX = "guard_"
_LONGEST = 63  # PostgreSQL cuts names off there


@dataclass(frozen=True, slots=True)
class Wanted:
    """A thing of a kind ("trigger", "key", "unique", "function", "policy") on a table, and the statement for it."""

    kind: str
    table: str
    name: str
    sql: str


def wanted(kind: str, table: str, what: str, template: str) -> Wanted:
    """Return a thing whose statement is the template with its name put in place of {name}."""
    digest = hashlib.blake2b(template.encode(), digest_size=4).hexdigest()
    stem = f"{PREFIX}{table.removeprefix('lantern_')}_{what}"[: _LONGEST - 9]
    name = f"{stem}_{digest}"
    return Wanted(kind, table, name, template.replace("{name}", name))
