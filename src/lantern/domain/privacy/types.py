"""The closed list of data classes, and what a rule is told about a row (trust.md 3.2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class DataClass(StrEnum):
    """Every table and field of Lantern has one of these; there is no seventh."""

    PRIVATE = "private"
    CONSENTED = "consented"
    TEAM = "team"
    OFFICIAL = "official"
    AGGREGATE = "aggregate"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Privacy:
    """What a model declares: its class, which field names the owner, fields of another class, and what erasure does.

    `owner` is the path to the person ("person", "activity__person") or "" where a row belongs to nobody.
    `on_erase` is "delete", or "keep: reason" for what must be kept.
    """

    data_class: DataClass
    owner: str = ""
    fields: dict[str, DataClass] = field(default_factory=dict)
    on_erase: str = "delete"


class Action(StrEnum):
    """What somebody may want to do with a row."""

    READ = "read"
    CHANGE = "change"
    SHARE = "share"
    ERASE = "erase"


class Relation(StrEnum):
    """How an actor stands to a row; one may stand in several ways at once."""

    OWNER = "owner"
    GRANTEE = "grantee"
    TEAM = "team"
    OFFICIAL_READER = "official_reader"
    MEMBER = "member"
    INHERITOR = "inheritor"
    SYSTEM = "system"
    STRANGER = "stranger"


class Purpose(StrEnum):
    """Why a person's facts may be used; each can be refused on the account page."""

    RECOMMENDATION = "recommendation"
    RELEASE = "release"


PURPOSE_WORDS: dict[str, tuple[str, str]] = {
    "recommendation": (
        "Suggestions for me",
        "Lantern may use my needs, goals and interests to choose suggestions and mentors for me. Nobody else sees "
        "them.",
    ),
    "release": (
        "Being counted",
        "I may be counted, never named, when at least ten people did the same in a month, for instance linked a goal "
        "to an aim.",
    ),
}
"""Purpose -> its name and what it means, as the account page says it."""

LEAST_PEOPLE = 10
"""Fewer people than this are never counted in public (trust.md 3.5)."""

SHARE_DAYS = 90
MOST_SHARE_DAYS = 365


@dataclass(frozen=True, slots=True)
class Item:
    """One row as a rule sees it. `shared_with` are the persons an unexpired, unrevoked share names."""

    data_class: DataClass
    owner_id: UUID | None
    tenant_id: UUID
    shared_with: frozenset[UUID] = frozenset()
    official_readers: frozenset[str] = frozenset()
    organisation_id: UUID | None = None
    team: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Decision:
    """Yes or no, and why, in words that may be shown."""

    allowed: bool
    reason: str


@dataclass(frozen=True, slots=True)
class ShareView:
    """A share as its owner sees it."""

    id: UUID
    grantee_id: UUID
    grantee_name: str
    item_kind: str
    item_id: UUID
    item_title: str
    purpose: str
    expires_at: datetime
    revoked_at: datetime | None


KERNEL_CLASSES: dict[str, Privacy] = {
    "EventRecord": Privacy(DataClass.OFFICIAL, owner="actor", on_erase="keep: the audit trail, without the name"),
    "AuditRecord": Privacy(DataClass.OFFICIAL, on_erase="keep: sealed in a chain; the id in it then names nobody"),
    "DoorRecord": Privacy(DataClass.OFFICIAL, on_erase="keep: sealed in a chain; the id in it then names nobody"),
    "DoorTally": Privacy(DataClass.OFFICIAL, on_erase="keep: counts of strangers, for a day, with nobody in them"),
    "IdempotencyKey": Privacy(DataClass.PRIVATE, owner="person"),
    "StoredFile": Privacy(DataClass.PRIVATE, owner="owner"),
    "Job": Privacy(DataClass.OFFICIAL, owner="actor", on_erase="keep: what was run, without the name"),
    "OutboxMessage": Privacy(DataClass.PRIVATE, owner="person"),
}
"""The kernel knows no classes, so its tables are declared here."""
