"""What the tests of learning, reflecting and credit need: a rule, something finished, a file."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from lantern.domain.courses import commands as courses
from lantern.domain.credits import commands as credits
from lantern.domain.evidence import commands as evidence
from lantern.kernel import tenancy
from lantern.kernel.actor import Actor
from tests.cast import system_of
from tests.domain.catalog_factory import make_resource

LONG_AGO = date(2020, 1, 1)


def make_rule(organisation: Any, **facts: Any) -> Any:
    """A rule of an organisation, in force since long ago unless said otherwise."""
    actor = system_of(organisation)
    with tenancy.within(actor.tenancy):
        said = {"name": "District hours", "credit_type": "Professional learning", "effective_from": LONG_AGO, **facts}
        return credits.set_rule(actor, **said)


def offer(manager: Actor, title: str = "Number talks", **facts: Any) -> Any:
    """A published resource."""
    return make_resource(manager, title, **facts)


def logged(actor: Actor, title: str = "A Sunday webinar", minutes: int = 90, **facts: Any) -> Any:
    """Something from outside that is done."""
    said = {"kind": "live_session", "happened_on": date(2026, 10, 4), **facts}
    return courses.add_outside(actor, title=title, minutes=minutes, **said)


def reflected(actor: Actor, activity: Any, **facts: Any) -> Any:
    """A reflection on an activity."""
    said = {"takeaway": "Wait three seconds before the next question.", "minutes": 90, **facts}
    return evidence.submit_reflection(actor, activity_id=activity.pk, **said)


def with_file(actor: Actor, activity: Any, text: str = "I was there.", name: str = "note.txt", **facts: Any) -> Any:
    """A text file as evidence."""
    said = {"kind": "attendance", **facts}
    return evidence.add_evidence(
        actor, activity_id=activity.pk, upload=io.BytesIO(text.encode()), filename=name, **said
    )
