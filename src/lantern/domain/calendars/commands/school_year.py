"""Writing the year of a school, district or state: terms, days off, staff days."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from lantern.domain.calendars import policy, queries
from lantern.domain.calendars.events import SchoolTimeAdded, SchoolTimeChanged, SchoolTimeRemoved
from lantern.domain.calendars.models import SchoolTime
from lantern.domain.calendars.types import LONGEST_SCHOOL_TIME, SchoolTimeKind
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid, NotAllowed, NotFound
from lantern.kernel.events import publish
from lantern.kernel.turns import take_turn

_LONGEST_NAME = 80
_EARLIEST, _LATEST = date(2000, 1, 1), date(2100, 12, 31)


@transaction.atomic
def add_school_time(
    actor: Actor, *, organisation_id: UUID, kind: str, name: str, begins_on: date, ends_on: date
) -> SchoolTime:
    """Put a term, days off or a staff day into the year of an organisation. Raises NotAllowed, Invalid by field."""
    if not policy.can_write(actor, organisation_id):
        raise NotAllowed("The school year is set by those who coordinate there.")
    take_turn("school year", organisation_id)
    facts = _checked(organisation_id, None, kind, name, begins_on, ends_on)
    row = SchoolTime.objects.create(organisation_id=organisation_id, **facts)
    publish(actor, SchoolTimeAdded(row.pk, organisation_id))
    return row


@transaction.atomic
def change_school_time(
    actor: Actor, *, school_time_id: UUID, kind: str, name: str, begins_on: date, ends_on: date
) -> SchoolTime:
    """Change one. Raises NotFound, NotAllowed, Invalid by field."""
    place = queries.get_school_time_to_write(actor, school_time_id).organisation_id
    take_turn("school year", place)
    row = SchoolTime.objects.select_for_update().filter(pk=school_time_id).first()
    if row is None:  # taken out while we waited
        raise NotFound("There is no such time.")
    facts = _checked(place, row.pk, kind, name, begins_on, ends_on)
    if all(getattr(row, field) == value for field, value in facts.items()):
        return row
    for field, value in facts.items():
        setattr(row, field, value)
    row.save(update_fields=list(facts))
    publish(actor, SchoolTimeChanged(row.pk, place))
    return row


@transaction.atomic
def remove_school_time(actor: Actor, *, school_time_id: UUID) -> None:
    """Take one out of the year. Raises NotFound, NotAllowed."""
    place = queries.get_school_time_to_write(actor, school_time_id).organisation_id
    SchoolTime.objects.filter(pk=school_time_id).delete()
    publish(actor, SchoolTimeRemoved(school_time_id, place))


def _checked(
    place: UUID, own_id: UUID | None, kind: str, name: str, begins_on: date, ends_on: date
) -> dict[str, Any]:
    problems: dict[str, str] = {}
    name = " ".join(name.split())
    if kind not in set(SchoolTimeKind):
        problems["kind"] = "Choose what it is."
    if not name:
        problems["name"] = "Give it a name that people will recognise."
    elif len(name) > _LONGEST_NAME:
        problems["name"] = f"Please keep the name to {_LONGEST_NAME} characters."
    if not _EARLIEST <= begins_on <= _LATEST:
        problems["begins_on"] = "This year is too far away. Is it right?"
    elif ends_on < begins_on:
        problems["ends_on"] = "The last day comes before the first one."
    elif ends_on - begins_on > LONGEST_SCHOOL_TIME:
        problems["ends_on"] = "This is longer than a year. Is the last day right?"
    if not problems:
        problems |= _clash(place, own_id, kind, begins_on, ends_on)
    if problems:
        raise Invalid(problems)
    return {"kind": kind, "name": name, "begins_on": begins_on, "ends_on": ends_on}


def _clash(place: UUID, own_id: UUID | None, kind: str, begins_on: date, ends_on: date) -> dict[str, str]:
    """Return what is in the way: the same days again, or for a term another term of the same organisation."""
    others = SchoolTime.objects.filter(organisation_id=place, kind=kind)
    if own_id is not None:
        others = others.exclude(pk=own_id)
    same = others.filter(begins_on=begins_on, ends_on=ends_on).first()
    if same is not None:
        return {"begins_on": f"These days are in the year already, as “{same.name}”."}
    if kind == SchoolTimeKind.TERM:
        other = others.filter(begins_on__lte=ends_on, ends_on__gte=begins_on).order_by("begins_on").first()
        if other is not None:
            days = f"{other.begins_on:%-d %b %Y} to {other.ends_on:%-d %b %Y}"
            return {"begins_on": f"It overlaps “{other.name}”, {days}."}
    return {}
