"""Handing the waiting mail over, every few minutes."""

from __future__ import annotations

from typing import Any

from lantern.kernel.actor import Actor
from lantern.kernel.jobs import Progress, job
from lantern.kernel.mail import deliver_outbox

JOB = "mail.deliver"


@job(JOB, reads=("private", "official"), reaches="the person a mail is for; a mail says only that there is news")
def deliver(actor: Actor, progress: Progress) -> dict[str, Any]:
    """Deliver what waits in the outbox, of every tenant; a repeat sends nothing twice."""
    return {"sent": deliver_outbox()}
