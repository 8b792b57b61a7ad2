"""What happens by itself: which jobs each tenant gets every night, every day and every month, and mail every minute.

django-q's schedule calls `carry_out` by name; this module alone says what that means. A job is queued once for each
tenant, so that one tenant's trouble is not another's; every job here is harmless to repeat.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from django.core.management import call_command
from django.db.models import Count, Min, Q
from django.utils import timezone
from django_q.models import Schedule

from lantern.domain.calendars import queries as calendars
from lantern.domain.people import queries as people
from lantern.flows import imports
from lantern.flows.forgotten_password import send_links
from lantern.kernel import clock, jobs, tenancy
from lantern.kernel.actor import system
from lantern.kernel.audit import anchors, strangers
from lantern.kernel.mail import deliver_outbox
from lantern.kernel.sign_in import tries
from lantern.kernel.upkeep import ORPHAN_AFTER, refresh_statistics, sweep_files

log = logging.getLogger(__name__)
CARRY_OUT = "lantern.flows.schedule.carry_out"


@dataclass(frozen=True, slots=True)
class Recurring:
    """One piece of recurring work: how often (django-q's letters), at what hour, and which jobs every tenant gets."""

    name: str
    every: str
    at: time
    jobs: tuple[str, ...]


RECURRING: tuple[Recurring, ...] = (
    Recurring("mail", Schedule.MINUTES, time(0, 0), ()),
    Recurring("housekeeping", Schedule.DAILY, time(1, 30), ()),
    Recurring("audit", Schedule.DAILY, time(0, 15), ()),
    Recurring("search-index", Schedule.DAILY, time(1, 15), ("catalog.rebuild_index",)),
    Recurring("suggestions", Schedule.DAILY, time(2, 0), ("recommendations.refresh_all",)),
    Recurring("slipped-weeks", Schedule.DAILY, time(2, 30), ("plans.prepare_all",)),
    Recurring("videos-end", Schedule.DAILY, time(1, 0), ("evidence.end_videos",)),
    Recurring("how-it-went", Schedule.DAILY, time(14, 0), ("evidence.ask_how_it_went",)),
    Recurring("calendars", Schedule.HOURLY, time(0, 20), ("calendars.read_due",)),
    Recurring("wording", Schedule.DAILY, time(4, 0), ("privacy.tell_new_wording",)),
    Recurring("item-banks", Schedule.WEEKLY, time(3, 30), ("assessments.calibrate",)),
    Recurring("peers", Schedule.MONTHLY, time(3, 30), ("recommendations.fit_peers",)),
    Recurring("release", Schedule.MONTHLY, time(3, 0), ("insights.release_term",)),
)


def install() -> int:
    """Plan every piece of recurring work, leaving the dates of what is planned already; return how many there are."""
    for piece in RECURRING:
        row, _ = Schedule.objects.get_or_create(
            name=_row_name(piece),
            defaults={"func": CARRY_OUT, "next_run": first_run(piece, clock.now())},
        )
        row.func, row.args, row.schedule_type, row.minutes = CARRY_OUT, repr((piece.name,)), piece.every, 1
        row.repeats = -1
        row.save()
    wanted = {_row_name(piece) for piece in RECURRING}
    Schedule.objects.filter(func=CARRY_OUT).exclude(name__in=wanted).delete()
    return len(RECURRING)


def missing() -> list[str]:
    """Return the names of recurring work that nobody planned yet."""
    there = set(Schedule.objects.filter(func=CARRY_OUT).values_list("name", flat=True))
    return [piece.name for piece in RECURRING if _row_name(piece) not in there]


def first_run(piece: Recurring, now: datetime) -> datetime:
    """Return when a piece of work is due first: soon for mail, else at its hour (of the installation) tomorrow or next
    month."""
    if piece.every == Schedule.MINUTES:
        return now
    local = timezone.localtime(now)
    day = local.date() + timedelta(days=1)
    if piece.every == Schedule.MONTHLY:
        day = (local.date().replace(day=1) + timedelta(days=32)).replace(day=1)
    return datetime.combine(day, piece.at, tzinfo=local.tzinfo)


def carry_out(name: str) -> str:
    """Do one piece of recurring work, called by the worker; return a line for its log. Raises LookupError for another
    name."""
    piece = next((one for one in RECURRING if one.name == name), None)
    if piece is None:
        raise LookupError(f"There is no recurring work called {name}")
    if name == "mail":
        return f"{send_links() + deliver_outbox()} sent"
    if name == "housekeeping":
        call_command("clearsessions")
        refresh_statistics()
        tries.sweep()
        swept = sweep_files() + imports.sweep_uploads(clock.now() - ORPHAN_AFTER)
        return f"{_forget_old_jobs()} old jobs forgotten, {swept} unfinished files removed"
    if name == "audit":
        counted = strangers.settle()
        lines = anchors.write()
        return f"{counted} counts of refusals written down, {len(lines)} chains anchored, {anchors.mail(lines)} mailed"
    where = calendars.tenants_with_due_subscriptions() if name == "calendars" else None
    return f"{sum(queue_everywhere(job, where) for job in piece.jobs)} jobs queued"


def queue_everywhere(job: str, where: Collection[UUID] | None = None) -> int:
    """Queue a job in every active tenant (of those in `where`), as Lantern itself; return in how many."""
    queued = 0
    for tenant in people.list_tenants():
        if not tenant.active or (where is not None and tenant.pk not in where):
            continue
        scope = people.tenancy_of(tenant.pk)
        with tenancy.within(scope):
            jobs.enqueue_once(system(scope), job)
        queued += 1
    return queued


KEEP_JOBS = timedelta(days=90)


def _forget_old_jobs() -> int:
    with tenancy.unscoped("housekeeping goes over every tenant"):
        old = jobs.Job.objects.filter(ended_at__lt=clock.now() - KEEP_JOBS)
        return old.delete()[0]


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many jobs wait, how long the oldest has waited, how many failed within a day."""

    waiting: int
    failed: int
    oldest_minutes: int


def backlog() -> Backlog:
    """Return how the queue stands, over all tenants; counts only."""
    now = clock.now()
    with tenancy.unscoped("the operator of the installation looks after one queue"):
        found = jobs.Job.objects.aggregate(
            waiting=Count("pk", filter=Q(state="waiting")),
            oldest=Min("created_at", filter=Q(state="waiting")),
            failed=Count("pk", filter=Q(state="failed", ended_at__gte=now - timedelta(days=1))),
        )
    age = int((now - found["oldest"]).total_seconds() // 60) if found["oldest"] else 0
    return Backlog(found["waiting"], found["failed"], age)


def _row_name(piece: Recurring) -> str:
    return f"lantern: {piece.name}"
