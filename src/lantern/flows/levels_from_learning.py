"""What was learned to its end says something of a level: at least the one it leads to. It only lifts (decision 0041),
and she sees and removes it like everything else that speaks for a level.
"""

from __future__ import annotations

from lantern.domain.catalog import queries as catalog
from lantern.domain.courses import queries as courses
from lantern.domain.courses.events import ActivityFinished
from lantern.domain.needs import commands as needs
from lantern.domain.needs.types import EvidenceKind
from lantern.kernel.actor import Actor
from lantern.kernel.events import handles


@handles(ActivityFinished)
def note_what_it_leads_to(actor: Actor, event: ActivityFinished) -> None:
    """Note the level that a finished resource leads to, for each competency that it names with one."""
    if event.resource_id is None:
        return
    activity = courses.get_activity(actor, event.activity_id)
    signs = [
        needs.Sign(competency_id=link.competency_id, level=float(link.level), words=activity.title)
        for link in catalog.leads_to(actor, event.resource_id)
        if link.level and not link.guessed
    ]
    if signs:
        needs.note_evidence(actor, kind=EvidenceKind.COMPLETED, source_id=activity.pk, signs=signs)
