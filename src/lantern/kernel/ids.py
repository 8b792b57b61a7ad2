"""Identifiers: opaque, unguessable enough for URLs, and ordered by time so that indexes stay local."""

import secrets
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models


def uuid7() -> UUID:
    """Return a new UUID version 7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, then randomness."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & (2**48 - 1)) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | (0x7 << 76)
    value = value & ~(0x3 << 62) | (0x2 << 62)
    return UUID(int=value)


def made_at(identifier: UUID) -> datetime:
    """Return when an id of ours was made, to the millisecond, in UTC. Raises ValueError for one of another kind."""
    if identifier.version != 7:
        raise ValueError("only a UUID of version 7 knows its time")
    return datetime.fromtimestamp((identifier.int >> 80) / 1000, UTC)


def ids_among(values: object) -> frozenset[UUID]:
    """Return the ids in a list that was kept or sent as text; what is no id is left out."""
    found = set()
    for value in values if isinstance(values, list | tuple | set | frozenset) else ():
        try:
            found.add(UUID(str(value)))
        except ValueError:
            continue
    return frozenset(found)


if TYPE_CHECKING:
    _UUIDField = models.UUIDField[Any, UUID]
else:
    _UUIDField = models.UUIDField


class IdField(_UUIDField):
    """A primary key that makes itself; migrations see a plain UUIDField, so that they import nothing of ours."""

    def __init__(self, **options: Any) -> None:
        settled: dict[str, Any] = {"primary_key": True, "default": uuid7, "editable": False}
        super().__init__(**(settled | options))

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        """Describe the field without its default."""
        name, _, positional, options = super().deconstruct()
        options.pop("default", None)
        return name, "django.db.models.UUIDField", positional, options
