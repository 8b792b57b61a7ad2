"""The two-minute start, whole: what she has done and valued is written down as done, then her answers are kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction

from lantern.domain.courses import commands as courses
from lantern.domain.people import commands as people
from lantern.kernel.actor import Actor


@transaction.atomic
def finish(actor: Actor, *, done: Iterable[UUID] = (), **said: Any) -> None:
    """Keep all or nothing: `done` are resources, `said` goes to people.finish_start. Raises NotFound, Invalid."""
    for resource_id in done:
        activity = courses.take_up(actor, resource_id=resource_id)
        courses.set_progress(actor, activity_id=activity.pk, percent=100)
    people.finish_start(actor, **said)
