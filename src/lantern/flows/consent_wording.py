"""When the words that people are told before they share change, everybody is told so once (trust.md 3.6)."""

from __future__ import annotations

from typing import Any

from lantern.domain.notices import commands as notices
from lantern.domain.people import queries as people
from lantern.domain.privacy import commands as privacy
from lantern.domain.privacy.types import WORDING
from lantern.kernel.actor import Actor
from lantern.kernel.jobs import Progress, job

JOB = "privacy.tell_new_wording"


@job(JOB, reads=("private", "public", "official"), reaches="each educator herself, in her inbox")
def tell_new_wording(actor: Actor, progress: Progress) -> dict[str, Any]:
    """Give each person who began before a notice of the newest wording; a second run tells nobody again.

    The first version is no news: there was nothing before it.
    """
    if not privacy.note_wording_told(actor) or not WORDING.changed:
        return {"told": 0}
    told = people.list_started(actor)
    for person_id in told:
        notices.notify(actor, person_id=person_id, kind="sharing_reworded")
    return {"told": len(told)}
