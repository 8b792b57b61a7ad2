"""One of everything, for tests that go through every page: the novice's where a thing can be somebody's."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Model

from lantern import models as tables
from lantern.kernel import clock, files, tenancy
from tests.banks import make_bank
from tests.cast import Cast, competencies_of

PRIVATE_TO_THE_NOVICE = frozenset(
    {"goal", "need", "activity", "reflection", "evidence", "film", "plan item", "notice", "saved search", "share",
     "check", "level evidence"}
    | {"own class", "class standard", "own pathway"}
    | {"joint plan", "joint step", "joint asked", "joint invitation"}
)
CANARY = "canary-7c1e-only-for-nia"
"""Stands in every private text of the novice; no other role may ever be answered with it."""


@dataclass
class Things:
    """The rows by what they are, and their ids."""

    rows: dict[str, Model] = field(default_factory=dict)

    @property
    def ids(self) -> dict[str, UUID]:
        """The ids by what they are."""
        return {name: row.pk for name, row in self.rows.items()}


def make_things(cast: Cast) -> Things:
    """Make one of everything in the cast's district."""
    things = Things()
    with tenancy.unscoped("factory"):
        for part in (_public, _hers, _shared):
            for name, row in part(cast, things.rows).items():
                things.rows[name] = row
    return things


def _make(table: Any, tenant_id: UUID, **values: Any) -> Any:
    return table.objects.create(tenant_id=tenant_id, **values)


def _public(cast: Cast, rows: dict[str, Model]) -> dict[str, Model]:
    tenant, now = cast.district.pk, clock.now()
    resource = _make(
        tables.Resource, tenant, kind="video", modality="self_paced", title="Number talks in ten minutes",
        minutes=30, level=1,        created_at=now, updated_at=now,
    )  # fmt: skip
    term = _make(tables.Term, tenant, scheme="topic", code="number-talks", label="Number talks")
    _make(tables.ResourceTerm, tenant, resource=resource, term=term)
    items = make_bank(tenant, competencies_of(cast.framework)[2])
    _make(tables.ResourceCompetency, tenant, resource=resource, competency=competencies_of(cast.framework)[2], level=1)
    return {
        "resource": resource,
        "term": term,
        "pathway": _pathway(tenant, resource, now),
        "competency": competencies_of(cast.framework)[2],
        "framework": cast.framework,
        "assessment item": items[0],
        "organisation": cast.school,
        "person": cast.expert,
        "membership": tables.Membership.objects.get(person=cast.expert),
        "initiative": _make(
            tables.Initiative, tenant, organisation=cast.district, title="Talk in every lesson", created_at=now
        ),
        "announcement": _make(
            tables.Announcement, tenant, organisation=cast.district, title="Welcome", body="News.", published_at=now
        ),
        "import run": _make(tables.ImportRun, tenant, kind="roster", filename="roster.zip", outcome="done", at=now),
        "school time": _make(
            tables.SchoolTime, tenant, organisation=cast.district, kind="holiday", name="Break",
            begins_on=clock.today() + timedelta(days=300), ends_on=clock.today() + timedelta(days=304),
        ),
        "group need": _make(tables.GroupNeed, tenant, organisation=cast.school, title="Calmer days", created_at=now),
    }  # fmt: skip


def _pathway(tenant: UUID, resource: Any, now: Any) -> Any:
    outcome = "A number talk of yours"
    pathway = _make(
        tables.Pathway, tenant, title="First weeks", state="offered", version=1, created_at=now, updated_at=now
    )
    step = {"key": "s1", "routes": [str(resource.pk)], "outcome": outcome, "prior": ""}
    choice = {"key": "g1", "rule": "any", "least": 1, "parts": [step | {"key": "s2"}]}
    whole = {"key": "top", "rule": "all in order", "parts": [step, choice]}
    version = _make(tables.PathwayVersion, tenant, pathway=pathway, number=1, structure=whole, offered_at=now)
    _make(
        tables.PathwayStep, tenant, version=version, key="s1", position=1, route=0, resource=resource, outcome=outcome
    )
    return pathway


def _hers(cast: Cast, rows: dict[str, Model]) -> dict[str, Model]:
    tenant, now, nia = cast.district.pk, clock.now(), cast.novice
    monday = clock.week_start(clock.today())
    activity = _make(
        tables.Activity,
        tenant,
        person=nia,
        title=f"Talk {CANARY}",
        kind="video",
        minutes=30,
        created_at=now,
        updated_at=now,
    )
    goal = _make(
        tables.Goal, tenant, person=nia, title=f"Goal {CANARY}", measure=CANARY, baseline="0", target="3",
        due_on=clock.today() + timedelta(days=60), created_at=now, updated_at=now,
    )  # fmt: skip
    with transaction.atomic():
        key = files.store(files.ingest(BytesIO(CANARY.encode()), "notes.txt", allowed=files.ALL_TYPES), nia.pk)
    plan = _make(tables.Plan, tenant, person=nia, begins_on=monday, updated_at=now)
    stored = _make(
        tables.StoredFile, tenant, owner=nia, key=key, name=f"{CANARY}.txt", media_type="text/plain", size=3,
        sha256="0" * 64, at=now,
    )  # fmt: skip
    evidence = _make(
        tables.Evidence, tenant, person=nia, activity=activity, file=stored, kind="notes", note=CANARY, at=now
    )
    _of_her_time(cast)
    return {
        "film": _film(cast, activity),
        **_of_a_class(cast),
        "activity": activity,
        **_in_pathways(cast, rows),
        "goal": goal,
        "need": _make(tables.Need, tenant, person=nia, words=CANARY, source="own_words", created_at=now),
        "check": _make(
            tables.Check, tenant, person=nia, competency=competencies_of(cast.framework)[2], seed=7, started_at=now
        ),
        "level evidence": _make(
            tables.LevelEvidence, tenant, person=nia, competency=competencies_of(cast.framework)[0], kind="quiz",
            level=1.5, source_id=uuid4(), words=CANARY, at=now,
        ),
        "finished activity": _make(
            tables.Activity, tenant, person=nia, title=f"Done {CANARY}", kind="video", minutes=20, percent=100,
            state="finished", created_at=now, updated_at=now, started_at=now, finished_at=now,
        ),
        "plan item": _make(tables.PlanItem, tenant, plan=plan, activity=activity, monday=monday, added_at=now),
        "evidence": evidence,
        "reflection": _make(
            tables.Reflection, tenant, person=nia, activity=activity, takeaway=CANARY, minutes=30, submitted_at=now
        ),
        "notice": _make(tables.Notice, tenant, person=nia, kind="how_did_it_go", at=now),
        "saved search": _make(tables.SavedSearch, tenant, person=nia, name=CANARY, filters={"q": CANARY}, at=now),
    }  # fmt: skip


def _of_her_time(cast: Cast) -> None:
    """Her weekdays, a calendar of hers, and an address of her plan under which a calendar was told of something."""
    tenant, now, nia = cast.district.pk, clock.now(), cast.novice
    days = [{"minutes": 10, "periods": [[600, 630]]}, *[{"minutes": 0, "periods": []}] * 6]  # forty, as usual
    _make(tables.OwnTime, tenant, person=nia, days=days, updated_at=now)
    _make(
        tables.CalendarSubscription, tenant, person=nia, address=f"https://calendar.example.org/{CANARY}.ics",
        busy=[[29_000_000, 29_000_045]], created_at=now, tried_at=now, read_at=now, trouble=CANARY, failing_since=now,
    )  # fmt: skip
    feed = _make(tables.PlanFeed, tenant, person=nia, secret_digest="0" * 64, made_at=now)
    told = {"item_id": uuid4(), "monday": clock.week_start(clock.today()), "changed_at": now, "cancelled": True}
    _make(tables.FeedEntry, tenant, feed=feed, content=[CANARY, 30, "https://lantern.example.org/"], **told)


def _in_pathways(cast: Cast, rows: dict[str, Model]) -> dict[str, Model]:
    """That she is in the pathway, and one of her own."""
    tenant, now, nia = cast.district.pk, clock.now(), cast.novice
    version = tables.PathwayVersion.objects.get(pathway_id=rows["pathway"].pk)
    step = {"key": "s1", "routes": [str(rows["resource"].pk)], "outcome": CANARY, "prior": ""}
    choice = {"key": "g1", "rule": "any", "least": 1, "parts": [step | {"key": "s2"}], "name": CANARY}
    whole = {"key": "top", "rule": "all in order", "parts": [step, choice]}
    return {
        "started pathway": _make(
            tables.PathwayStart, tenant, person=nia, pathway=rows["pathway"], version=version, started_at=now
        ),
        "own pathway": _make(
            tables.OwnPathway, tenant, person=nia, title=CANARY, structure=whole, created_at=now, updated_at=now
        ),
    }


def _of_a_class(cast: Cast) -> dict[str, Model]:
    """A class of hers with the results of one day."""
    tenant, now = cast.district.pk, clock.now()
    own = _make(tables.OwnClass, tenant, person=cast.novice, label=CANARY, created_at=now)
    standard = _make(tables.ClassStandard, tenant, own_class=own, code=CANARY)
    _make(tables.StandardResult, tenant, standard=standard, on=clock.today(), right=9, of=24, at=now)
    return {"own class": own, "class standard": standard}


def _film(cast: Cast, activity: Any) -> Any:
    """A video that is ready, as the job leaves it: the original gone, a film and a still that may be served."""
    tenant, now, nia = cast.district.pk, clock.now(), cast.novice
    facts = {"owner": nia, "name": f"{CANARY}.mp4", "sha256": "1" * 64, "at": now, "media_type": "video/mp4"}
    handed_in = _make(tables.StoredFile, tenant, key=uuid4().hex, role="gone", size=0, **facts)
    for role, kind in (("film", "video/mp4"), ("poster", "image/jpeg")):
        with transaction.atomic():
            key = files.store(files.ingest(BytesIO(CANARY.encode()), "notes.txt", allowed=files.ALL_TYPES), nia.pk)
        lasts = {"seconds": 42} if role == "film" else {}
        _make(
            tables.StoredFile, tenant, **(facts | {"media_type": kind} | lasts), key=key, role=role,
            parent=handed_in, size=3,
        )  # fmt: skip
    return _make(
        tables.Evidence, tenant, person=nia, activity=activity, file=handed_in, kind="work", note=CANARY, at=now,
        students="nobody", keep_until=clock.today() + timedelta(days=90),
    )  # fmt: skip


def _shared(cast: Cast, rows: dict[str, Model]) -> dict[str, Model]:
    tenant, now, nia = cast.district.pk, clock.now(), cast.novice
    link = _make(
        tables.CoachLink,
        tenant,
        educator=nia,
        coach=cast.coach,
        message=CANARY,
        state="active",
        asked_at=now,
        answered_at=now,
    )
    later = now + timedelta(days=90)
    sharing = {"person": nia, "grantee": cast.expert, "created_at": now, "expires_at": later}
    return _joint(cast) | {
        "share to the expert": _make(
            tables.Share, tenant, item_kind="need", item_id=rows["need"].pk, purpose="To talk about it", **sharing
        ),
        "rule to the expert": _make(
            tables.Share, tenant, item_kind="goal", item_id=None, purpose="To talk about it", **sharing
        ),
        "goal under the rule": rows["goal"],
        "emergency": _make(
            tables.EmergencyAccess, tenant, person=cast.para, reason="A welfare concern that could not wait",
            asked_by=cast.operator, asked_by_name="Olga Frey", asked_at=now,
        ),
        "coach link": link,
        "share": _make(
            tables.Share, tenant, person=nia, grantee=cast.expert, item_kind="goal", item_id=uuid4(),
            purpose="coaching",            created_at=now, expires_at=now + timedelta(days=90),
        ),
        "observation": _make(
            tables.Observation, tenant, link=link, educator=nia, saw=CANARY, on=clock.today(), at=now,
            competency=competencies_of(cast.framework)[2], level=2,
        ),
        "proposal": _make(
            tables.Proposal, tenant, link=link, educator=nia, kind="goal", note=CANARY, at=now,
            proposed={"title": CANARY, "measure": "m", "baseline": "b", "target": "t", "due_on": "2027-01-31"},
        ),
    }  # fmt: skip


def _joint(cast: Cast) -> dict[str, Model]:
    """A joint plan in which the novice is alone so far, with the coach asked in; and one of the expert's that asks
    her.
    """
    tenant, now = cast.district.pk, clock.now()
    plan, other = (
        _make(tables.JointPlan, tenant, title=title, why=why, created_at=now, updated_at=now)
        for title, why in ((CANARY, CANARY), ("Lesson study", ""))
    )
    mine = _make(tables.JointMember, tenant, plan=plan, person=cast.novice, state="in", at=now)
    _make(tables.JointMember, tenant, plan=other, person=cast.expert, state="in", at=now)
    step = _make(tables.JointStep, tenant, plan=plan, title=CANARY, minutes=30, created_at=now)
    _make(tables.JointPart, tenant, step=step, member=mine)
    _make(
        tables.JointChange, tenant, plan=plan, by=cast.novice, step=step, kind="step_added", after={"title": CANARY},
        at=now,
    )  # fmt: skip
    asking = {"state": "asked", "at": now}
    return {
        "joint plan": plan,
        "joint step": step,
        "joint asked": _make(
            tables.JointMember, tenant, plan=plan, person=cast.coach, asked_by=cast.novice, **asking
        ),
        "joint invitation": _make(
            tables.JointMember, tenant, plan=other, person=cast.novice, asked_by=cast.expert, **asking
        ),
    }
