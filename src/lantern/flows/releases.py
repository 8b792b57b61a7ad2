"""Releases the counts of a closed month; what is out is never changed (trust.md 3.5)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from lantern.domain.goals import commands as goals
from lantern.kernel import clock
from lantern.kernel.actor import Actor, system
from lantern.kernel.jobs import Progress, job


@job(
    "privacy.release_initiative_goals",
    reads=("private", "public", "aggregate"),
    reaches="everybody of the tenant, as bands of ten or more people",
)
def release_initiative_goals(actor: Actor, progress: Progress, *, period: str = "") -> dict[str, Any]:
    """Release how many people linked goals to each initiative in a month ("2025-09"), or in the last one that is
    over.
    """
    last = clock.today().replace(day=1) - timedelta(days=1)
    wanted = period or f"{last:%Y-%m}"
    released = goals.release_initiative_goals(system(actor.tenancy, actor.request_id), period=wanted)
    return {"period": wanted, "released": released}
