"""The worker's part of a story: whatever waits in the queue is done, as its actor, and what that queues as well."""

from __future__ import annotations

from lantern.flows import schedule
from lantern.kernel import jobs, tenancy
from lantern.kernel.jobs.models import Job

MOST_ROUNDS = 20


def work() -> list[str]:
    """Run every waiting job, oldest first, until none is left; return their names. A job that fails ends the test."""
    done: list[str] = []
    for _ in range(MOST_ROUNDS):
        with tenancy.unscoped("the worker"):
            waiting = list(Job.objects.filter(state=Job.State.WAITING).order_by("created_at"))
        if not waiting:
            return done
        for job in waiting:
            jobs.run(str(job.pk))
            with tenancy.unscoped("the worker"):
                job.refresh_from_db()
            assert job.state == Job.State.DONE, f"{job.name} {job.state}: {job.message}"
            done.append(job.name)
    raise AssertionError(f"jobs queue each other without end: {done[-5:]}")


def by_schedule(name: str) -> list[str]:
    """Do one piece of recurring work ("how-it-went", "mail", …) as its schedule does, and the jobs it queues."""
    schedule.carry_out(name)
    return work()
