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

    How others may come to read it, by class. Private: `kind` is the word by which a share names such an item, and
    `item` the path to the id it names ("pk", or "goal_id" for what goes with a goal). Consented: `named` is the path
    to the one person it was opened to, while the fields of `holds` have one of their values. Team: `place` is the path
    to the organisation whose members read it ("tenant": everybody here); or `circle` is the path to the memberships of
    a circle of equals (rows with a `person` and a `state`): who is in reads and changes, and with `asked_too` who was
    asked to join reads. Official: `readers` are the roles that read it at `place`.
    """

    data_class: DataClass
    owner: str = ""
    fields: dict[str, DataClass] = field(default_factory=dict)
    on_erase: str = "delete"
    kind: str = ""
    item: str = "pk"
    named: str = ""
    holds: dict[str, tuple[str, ...]] = field(default_factory=dict)
    place: str = ""
    circle: str = ""
    asked_too: bool = False
    readers: tuple[str, ...] = ()


IN_CIRCLE, ASKED_IN = "in", "asked"
"""The states of a membership of a circle (`Privacy.circle`): with the same rights as everybody in it, or only asked."""


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
    PEER = "peer"
    ASKED = "asked"
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
        "them. What you finished for official hours may, with ten others or more and without your name, lead others to "
        "what people went on to. If you refuse, neither happens.",
    ),
    "release": (
        "Being counted",
        "I may be counted, never named, in the figures that come out twice a year: in groups with ten others or more, "
        "as a range, for instance how many explored a need in an area, and in what people went on to after something. "
        "If you refuse, you are left out of the figures, of the groups and of that.",
    ),
}
"""Purpose -> its name and what it means, as the account page says it."""

LEAST_PEOPLE = 10
"""A figure about fewer other people than this is never shown (trust.md 3.5); see insights for the rule."""

EMERGENCY_MINUTES = 60
"""How long two operators may read one person's data after they agreed on it."""

OPERATOR = "operator"
"""The role that keeps the installation running; privacy lies below people, whose word it is."""

SHARE_DAYS = 90
MOST_SHARE_DAYS = 365

EVERY = "every"
"""Stands for the item where a share is a rule: all items of its kind, those to come too."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What somebody is told before she shares, in one version. A share keeps the number of what she was shown."""

    number: int
    words: str
    changed: str = ""
    """What is different from the version before, for the notice that tells of it."""


WORDINGS: tuple[Wording, ...] = (
    Wording(1, "Only what you tick, only with this person, and you can end it at any time."),
    Wording(
        2,
        "Exactly what you see below can be read by this one person until the day you choose, and by nobody else. You "
        "can end it with one press; it is closed from the next click on. Each time it is opened, you see who, when "
        "and why. What somebody has read she knows, and nobody can undo a photograph of a screen.",
        "Sharing now shows you exactly what the other person will see before you say yes, and it says plainly that "
        "what has been read cannot be unread.",
    ),
)
"""Every version there was, the newest last; old ones stay for the receipts that name them."""

WORDING = WORDINGS[-1]


def wording(number: int) -> Wording:
    """Return a version of the wording. Raises LookupError for one there never was."""
    return next(one for one in WORDINGS if one.number == number)


@dataclass(frozen=True, slots=True)
class Item:
    """One row as a rule sees it. `shared_with` are the persons an unexpired, unrevoked share names."""

    data_class: DataClass
    owner_id: UUID | None
    tenant_id: UUID
    shared_with: frozenset[UUID] = frozenset()
    official_readers: frozenset[str] = frozenset()
    peers: frozenset[UUID] = frozenset()
    """Who is in the circle that a row belongs to; all of them have the same rights."""
    asked: frozenset[UUID] = frozenset()
    """Who was asked into that circle and may read so much already."""
    organisation_id: UUID | None = None
    """Where an official reader must hold her role, or whose members are the team."""


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
    item_id: UUID | None
    item_title: str
    purpose: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    wording: int
    leads_owner: bool

    @property
    def is_rule(self) -> bool:
        """Tell whether this opens all items of its kind, those to come too."""
        return self.item_id is None

    def ended_at(self, now: datetime) -> datetime | None:
        """Return when it ended, by being revoked or by its date; None while it holds."""
        if self.revoked_at is not None:
            return min(self.revoked_at, self.expires_at)
        return self.expires_at if self.expires_at <= now else None


@dataclass(frozen=True, slots=True)
class SharedWithMe:
    """A share as the person it names sees it: whose, what kind, why, until when. Never the title of the item."""

    id: UUID
    owner_id: UUID
    owner_name: str
    item_kind: str
    item_id: UUID | None
    purpose: str
    expires_at: datetime


KERNEL_CLASSES: dict[str, Privacy] = {
    "EventRecord": Privacy(DataClass.OFFICIAL, owner="actor", on_erase="keep: the audit trail, without the name"),
    "AuditRecord": Privacy(DataClass.OFFICIAL, on_erase="keep: sealed in a chain; the id in it then names nobody"),
    "DoorRecord": Privacy(DataClass.OFFICIAL, on_erase="keep: sealed in a chain; the id in it then names nobody"),
    "DoorTally": Privacy(DataClass.OFFICIAL, on_erase="keep: counts of strangers, for a day, with nobody in them"),
    "IdempotencyKey": Privacy(DataClass.PRIVATE, owner="person"),
    "StoredFile": Privacy(DataClass.PRIVATE, owner="owner"),
    "FileSpace": Privacy(DataClass.PRIVATE, owner="owner"),
    "Job": Privacy(DataClass.OFFICIAL, owner="actor", on_erase="keep: what was run, without the name"),
    "OutboxMessage": Privacy(DataClass.PRIVATE, owner="person"),
    "SignInTry": Privacy(DataClass.OFFICIAL, on_erase="keep: digests that name nobody, for a day"),
    "LinkAsked": Privacy(DataClass.OFFICIAL, on_erase="keep: an address, for the minute until the mail goes out"),
}
"""The kernel knows no classes, so its tables are declared here."""
