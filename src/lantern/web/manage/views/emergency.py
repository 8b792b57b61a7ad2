"""Emergency access: two operators, a reason, an hour, one person's data, to read; and she is told."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.dateparse import parse_date, parse_datetime

from lantern.domain.people import queries as people
from lantern.domain.privacy import commands, policy, queries
from lantern.domain.privacy.types import EMERGENCY_MINUTES
from lantern.flows import emergency_access
from lantern.kernel.errors import Invalid
from lantern.web.answers import again, done, paged, show
from lantern.web.gate import OPERATOR, page
from lantern.web.manage.forms.emergency import EmergencyForm

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}.*)?$")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@page(OPERATOR)
def emergencies(request: Any) -> HttpResponse:
    """Every time it was asked for."""
    return show(request, "manage/emergencies.html", rows=paged(request, queries.list_emergencies(request.actor)))


@page(OPERATOR, methods="GET POST")
def ask(request: Any, person_id: UUID) -> HttpResponse:
    """Ask a second operator."""
    person = people.get_managed_person(request.actor, person_id)
    extra: dict[str, Any] = {"person": person, "minutes": EMERGENCY_MINUTES}
    if request.method == "GET":
        return show(request, "manage/emergency_ask.html", form=EmergencyForm(), **extra)
    form = EmergencyForm(request.POST)
    if not form.is_valid():
        return again(request, "manage/emergency_ask.html", form, **extra)
    try:
        row = commands.ask_emergency(request.actor, person_id=person_id, **form.cleaned_data)
    except Invalid as problem:
        return again(request, "manage/emergency_ask.html", form, problem, **extra)
    return done(request, "manage:emergency", row.pk, message="Asked. A second operator has to agree.")


@page(OPERATOR)
def emergency(request: Any, access_id: UUID) -> HttpResponse:
    """One of them: who asked, who agreed, and what can be done now."""
    row = queries.get_emergency(request.actor, access_id)
    return show(
        request,
        "manage/emergency.html",
        access=row,
        may_agree=row.agreed_at is None and policy.can_agree_emergency(request.actor, row.asked_by_id),
        may_read=queries.can_read_now(request.actor, row),
        minutes=EMERGENCY_MINUTES,
    )


@page(OPERATOR, methods="POST")
def agree(request: Any, access_id: UUID) -> HttpResponse:
    """Agree as the second operator."""
    commands.agree_emergency(request.actor, access_id=access_id)
    return done(request, "manage:emergency", access_id, message=f"Open for {EMERGENCY_MINUTES} minutes, to read.")


@page(OPERATOR, methods="POST")
def read(request: Any, access_id: UUID) -> HttpResponse:
    """Read. A POST, since it writes a look down that the person sees."""
    data = emergency_access.read(request.actor, access_id=access_id)
    features = [
        (name, [(_words(table), _rows(held)) for table, held in tables.items() if held])
        for name, tables in data["features"].items()
        if any(tables.values())
    ]
    row = queries.get_emergency(request.actor, access_id)
    return show(request, "manage/emergency_read.html", access=row, features=features)


@page(OPERATOR, methods="POST")
def end_hold(request: Any, access_id: UUID) -> HttpResponse:
    """The legal hold is over: tell the person."""
    commands.end_hold(request.actor, access_id=access_id)
    return done(request, "manage:emergency", access_id, message="The person is told now.")


def _rows(held: Any) -> list[list[tuple[str, str]]]:
    """Return rows as facts to be read; what is empty and the numbers that only the program uses are left out."""
    return [
        [
            (_words(key), _said(value))
            for key, value in row.items()
            if value not in (None, "", [], {}) and not _number(value)
        ]
        for row in (held if isinstance(held, list) else [held])
    ]


def _words(key: str) -> str:
    return key.replace("_", " ").capitalize()


def _number(value: Any) -> bool:
    return isinstance(value, UUID) or (isinstance(value, str) and _UUID.fullmatch(value) is not None)


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, dict):
        facts = _rows(value)[0]
        return "; ".join(f"{key}: {said}" for key, said in facts)
    if isinstance(value, list):
        between = "\n" if any(isinstance(one, dict) for one in value) else ", "
        return between.join(_said(one) for one in value if not _number(one))
    if isinstance(value, str) and _DAY.match(value):
        value = parse_datetime(value) or parse_date(value) or value
    if isinstance(value, datetime):
        return f"{value:%-d %B %Y, %H:%M}"
    return f"{value:%-d %B %Y}" if isinstance(value, date) else str(value)
