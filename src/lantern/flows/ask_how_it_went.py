"""Coming back after the day of the trial to ask how it went (B.7): once, and never in a week somebody wants quiet."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from lantern.domain.evidence import commands as evidence
from lantern.domain.evidence import queries as evidence_queries
from lantern.domain.notices import commands as notices
from lantern.domain.people import queries as people
from lantern.domain.plans import queries as plans
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotFound
from lantern.kernel.jobs import Progress, job

JOB = "evidence.ask_how_it_went"


@job(JOB, reads=("private", "official"), reaches="the educator herself, in her inbox")
def ask_how_it_went(actor: Actor, progress: Progress) -> dict[str, Any]:
    """Ask everybody in the tenant whose trial day is over; run once a day for each tenant, as Lantern itself.

    Whoever has a quiet week, or a week off, is asked in the first week that is not. A repeat asks nobody again.
    """
    waiting = evidence_queries.list_to_ask(actor, clock.today())
    asked = later = 0
    for number, (reflection_id, person_id) in enumerate(waiting, start=1):
        if _is_quiet_for(actor, person_id):
            later += 1
        elif _ask(actor, reflection_id, person_id):
            asked += 1
        if number % 50 == 0:
            progress(number, len(waiting))
    return {"asked": asked, "later": later}


def _is_quiet_for(actor: Actor, person_id: UUID) -> bool:
    """Tell whether this is a quiet week of hers, or one off; one who left is left in peace for good."""
    try:
        return plans.this_week(people.actor_for(person_id, actor.tenancy.own)).blocked
    except NotFound:
        return True


@transaction.atomic
def _ask(actor: Actor, reflection_id: UUID, person_id: UUID) -> bool:
    if not evidence.mark_asked(actor, reflection_id=reflection_id):
        return False
    notices.notify(actor, person_id=person_id, kind="how_did_it_go", item_id=reflection_id, renew=True)
    return True
