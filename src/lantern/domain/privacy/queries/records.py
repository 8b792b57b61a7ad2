"""Every row that is tied to a person, table by table, by what each model declares: so that a new table is never
forgotten in what she takes along, what she brings back, and what is erased (trust.md C6).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import ForeignKey, Model, Q, QuerySet

from lantern.domain.privacy import policy
from lantern.domain.privacy.types import DataClass
from lantern.kernel.actor import Actor
from lantern.kernel.tenancy import TenantModel

SECRETS: dict[tuple[str, str], str] = {
    ("Account", "password"): "a hash that would only help somebody guess the password",
    ("Person", "sealing_key"): "the key that seals your words in our database; here they are in the open",
    ("PlanFeed", "secret_digest"): "a digest of a secret address",
    ("SavedSearch", "name_mark"): "a digest of the name, under a key of ours",
    ("StoredFile", "key"): "a name on our disk; the file itself is in the archive",
}
"""(table, field) -> why it is not handed out."""

NOT_BROUGHT_BACK: dict[str, str] = {
    "FeedEntry": "what calendars were told under a secret address ends with that address",
    "FileSpace": "the room your files take is counted anew",
    "IdempotencyKey": "a form sent once is no record",
    "JointTaken": "which step of a joint plan it was is said anew, by those who are in that plan",
    "Look": "who looked is written by Lantern, not by the person",
    "Notice": "news of long ago is no news",
    "OutboxMessage": "a mail is not sent twice",
    "PlanFeed": "a secret address is made anew",
    "Refusal": "what you refuse is said anew, in the words of today",
    "Share": "consent is given anew, in the words of today",
    "Suggestion": "suggestions are made anew",
}
"""Private tables that an export holds and that are not read back from it -> why."""


@dataclass(frozen=True, slots=True)
class Record:
    """One row: its table, class and id, and every field as a plain value."""

    table: str
    data_class: str
    id: str
    fields: dict[str, Any]


def owned_tables() -> list[type[TenantModel]]:
    """Return every table whose rows are somebody's, those that others point to first."""
    owned = [
        table
        for table in apps.get_app_config("lantern").get_models()
        if issubclass(table, TenantModel) and policy.privacy_of(table).owner not in ("", "persons")
    ]
    ordered: list[type[TenantModel]] = []
    waiting = list(owned)
    while waiting:
        free = [table for table in waiting if not (_points_to(table) & set(waiting)) - {table}]
        for table in free or waiting[:1]:
            ordered.append(table)
            waiting.remove(table)
    return ordered


def _points_to(table: type[Model]) -> set[type[Model]]:
    targets = {field.related_model for field in table._meta.concrete_fields if isinstance(field, ForeignKey)}
    return {target for target in targets if isinstance(target, type)}


def brought_back() -> list[type[TenantModel]]:
    """Return the tables that are read back from an export: private ones, in an order in which they can be written."""
    return [
        table
        for table in owned_tables()
        if policy.privacy_of(table).data_class is DataClass.PRIVATE and table.__name__ not in NOT_BROUGHT_BACK
    ]


def rows_of(person_id: UUID, table: type[TenantModel]) -> QuerySet[Any]:
    """Return the rows of a table that are tied to a person: hers, and those that were opened to her by name."""
    declared = policy.privacy_of(table)
    mine = Q(pk=person_id) if declared.owner == "self" else Q(**{declared.owner: person_id})
    named = Q(**{declared.named: person_id}) if declared.named else Q(pk__in=())
    return table._default_manager.filter(mine | named).order_by("pk")


def records_of(actor: Actor) -> Iterator[Record]:
    """Yield every row that is tied to me, whole, table by table; what is under a legal hold is left out until told.

    Raises NotAllowed for the system.
    """
    me = policy.acting_person(actor)
    for table in owned_tables():
        for row in rows_of(me, table):
            if _is_held_back(row):
                continue
            yield Record(table.__name__, policy.privacy_of(table).data_class.value, str(row.pk), plain_fields(row))


def _is_held_back(row: Any) -> bool:
    """Tell whether an order forbids for now to tell the person of this row."""
    name = type(row).__name__
    access = row if name == "EmergencyAccess" else row.emergency if name == "Look" else None
    return access is not None and access.told_at is None


def plain_fields(row: Model) -> dict[str, Any]:
    """Return every stored field of a row as a plain value, by its column name, without ids of the tenant or secrets."""
    table = type(row).__name__
    return {
        field.attname: _plain(getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if field.name not in ("id", "tenant") and (table, field.name) not in SECRETS
    }


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value) if isinstance(value, UUID | Decimal) else value
