"""Twin worlds (trust.md C8): two worlds that differ only in what one educator keeps to herself look the same to
everybody else, byte for byte, by every page, export, mail and notice, and by the number of queries behind them.

It catches every way out at once, also those nobody thought of. The only thing left out of the comparison is what is
random in every answer (tokens and keys of forms); ids of rows stay in it.
"""

from __future__ import annotations

import re
import zipfile
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import path

from lantern import models as tables
from lantern.config import urls as lantern_urls
from lantern.flows import schedule
from lantern.kernel import clock, jobs, tenancy
from lantern.web.gate import PUBLIC, Rule
from tests.architecture.database_state import taken_back
from tests.architecture.test_url_table import ROLES, address
from tests.architecture.url_table import TABLE
from tests.cast import Cast, as_, competencies_of, system_of
from tests.things import CANARY, make_things

OTHERS = tuple(role for role in ROLES if role not in ("novice", "para"))
_RANDOM = re.compile(
    r'(name="csrfmiddlewaretoken" value=|"X-CSRFToken":\s*|name="idempotency_key" value=)(["\'])[^"\']*\2'
)
_MADE_AT = re.compile(r"D:20\d{12}Z|<[0-9A-F]{32}>|/ID\s*\[[^]]*\]|xmp\w*:\w+>[^<]*<")  # a PDF says when it was written
KEPT_HEADERS = ("Content-Type", "Content-Disposition", "Location", "Cache-Control")

Seen = dict[tuple[str, str], tuple[Any, ...]]


def look_around(cast: Cast, ids: dict[str, Any], names: list[str], roles: tuple[str, ...] = ()) -> Seen:
    """Everything that everybody but the novice can see: (role, page) -> status, body, headers, number of queries.

    It is taken back: that one looked around is in one's own list of acts.
    """
    with taken_back():
        return _look_around(cast, ids, names, roles)


def _look_around(cast: Cast, ids: dict[str, Any], names: list[str], roles: tuple[str, ...]) -> Seen:
    seen: Seen = {}
    for role in roles or OTHERS:
        client = as_(Client(), getattr(cast, role))
        for name in names:
            where = address(name, ids)
            connection.queries_log.clear()  # it keeps 9,000 and then loses count
            with CaptureQueriesContext(connection) as asked:
                response = client.get(where)
            body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
            if response.headers.get("Content-Type") == "application/zip":  # which says when it was made
                with zipfile.ZipFile(BytesIO(body)) as archive:
                    body = b"".join(name.encode() + archive.read(name) for name in archive.namelist())
            shown = _MADE_AT.sub("", _RANDOM.sub(r"\1", body.decode(errors="replace")))
            headers = tuple(response.headers.get(one) for one in KEPT_HEADERS)
            seen[role, name] = (response.status_code, shown, headers, len(asked))
    return seen


def differences(before: Seen, after: Seen) -> list[tuple[str, str, str]]:
    """Where two looks around differ, and the first lines that do."""
    found = []
    for key, (status, body, headers, queries) in before.items():
        other = after[key]
        if (status, headers, queries) != (other[0], other[2], other[3]):
            found.append((*key, f"{status} {headers} {queries} / {other[0]} {other[2]} {other[3]}"))
        elif body != other[1]:
            pairs = zip(body.splitlines(), other[1].splitlines(), strict=False)
            found.append((*key, next((f"{a} / {b}" for a, b in pairs if a != b), "length")[:300]))
    return found


def explore(cast: Cast) -> None:
    """The novice does a good deal in private, of every kind that is not shared with anybody."""
    now, tenant, nia = clock.now(), cast.district.pk, cast.novice
    with tenancy.unscoped("factory"):
        for number, competency in enumerate(competencies_of(cast.framework)):
            facts = {"tenant_id": tenant, "person": nia}
            tables.Need.objects.create(competency=competency, source="own_rating", created_at=now, **facts)
            tables.Rating.objects.create(competency=competency, level=number % 4, source="own_rating", at=now, **facts)
            tables.LevelEvidence.objects.create(
                competency=competency, level=1.5, kind="check", source_id=uuid4(), words=CANARY, at=now, **facts
            )
            own = tables.OwnClass.objects.create(label=f"{CANARY} {number}", created_at=now, **facts)
            standard = tables.ClassStandard.objects.create(
                tenant_id=tenant, own_class=own, code=CANARY, competency=competency, counts=True
            )
            tables.StandardResult.objects.create(
                tenant_id=tenant, standard=standard, on=clock.today(), right=number, of=24, at=now
            )
            activity = tables.Activity.objects.create(
                title=f"{CANARY} {number}", kind="video", minutes=30, state="finished", percent=100,
                finished_at=now, created_at=now, updated_at=now, competency=competency, **facts,
            )  # fmt: skip
            tables.Reflection.objects.create(
                activity=activity, takeaway=CANARY, minutes=30, submitted_at=now - timedelta(days=9),
                try_class="4b", try_on=clock.today() - timedelta(days=2), **facts,
            )  # fmt: skip
            tables.SavedSearch.objects.create(name=f"{CANARY} {number}", filters={"q": CANARY}, at=now, **facts)
            tables.PlanItem.objects.create(
                tenant_id=tenant, plan=tables.Plan.objects.get(person=nia), activity=activity, added_at=now
            )
        step = tables.JointStep.objects.get(title=CANARY)
        tables.JointTaken.objects.create(step=step, activity=activity, at=now, **facts)
        resource = tables.Resource.objects.get(title="Number talks in ten minutes")
        tables.SavedResource.objects.create(tenant_id=tenant, person=nia, resource=resource, at=now)
        tables.Dismissal.objects.create(tenant_id=tenant, person=nia, resource=resource, why="known", at=now)
        tables.Refusal.objects.create(tenant_id=tenant, person=nia, purpose="recommendation", at=now)
        tables.Share.objects.create(
            tenant_id=tenant, person=nia, grantee=cast.para, item_kind="plan", item_id=resource.pk, purpose=CANARY,
            created_at=now - timedelta(days=9), expires_at=now - timedelta(days=1),
        )  # fmt: skip
        profile = tables.Profile.objects.get(person=nia)
        profile.strengths, profile.minutes_per_week, profile.mail_digest = [CANARY], 90, "none"
        profile.save()


def keep_nothing(cast: Cast) -> None:
    """The novice has nothing but what she shared: an empty life looks like a full one."""
    with tenancy.unscoped("factory"):
        named = tables.Share.objects.filter(person=cast.novice, item_id__isnull=False)
        kept = [str(pk) for pk in named.values_list("item_id", flat=True)]
        for table in (tables.Reflection, tables.PlanItem, tables.Evidence, tables.SavedSearch, tables.Notice):
            owner = "plan__person" if table is tables.PlanItem else "person"
            table.objects.filter(**{owner: cast.novice}).delete()
        tables.Activity.objects.filter(person=cast.novice).delete()
        tables.Need.objects.filter(person=cast.novice).exclude(pk__in=kept).delete()
        tables.OwnClass.objects.filter(person=cast.novice).delete()


def nightly(cast: Cast) -> tuple[Any, ...]:
    """Run what Lantern does by itself, and return what reaches everybody but the novice: mails and notices."""
    actor = system_of(cast.district)
    with tenancy.within(actor.tenancy):
        for piece in schedule.RECURRING:
            for name in piece.jobs:
                if "release" not in name:
                    jobs._kinds[name].run(actor, lambda *_: None)
    schedule.carry_out("mail")
    with tenancy.unscoped("test"):
        notices = tables.Notice.objects.exclude(person=cast.novice).order_by("person_id", "kind")
        told = [(row.person_id, row.kind, row.item_id, row.from_name) for row in notices]
        waiting = sorted(tables.OutboxMessage.objects.exclude(person=cast.novice).values_list("address", "subject"))
    mails = sorted((m.to[0], m.subject, m.body) for m in mail.outbox if cast.novice.email not in m.to)
    return told, waiting, mails


@pytest.mark.requirement("N4")
@pytest.mark.requirement("P2.6")
@pytest.mark.requirement("P4.7")
def test_nobody_can_tell_what_she_does_in_private(cast: Cast) -> None:
    """A full private life, and an empty one, look like the one before."""
    things = make_things(cast)
    ids = dict(things.ids)
    names = [name for name, row in TABLE.items() if "GET" in row.methods and name != "public:health"]
    own_acts = ("account:export", "account:archive", "account:activity")
    names.sort(key=lambda name: name not in own_acts)  # they list this look's refusals: first
    with clock.standing_at(clock.now()):
        look_around(cast, ids, names, ("expert", "official", "outsider"))  # now a process keeps what it keeps
        before = look_around(cast, ids, names)
        for change in (explore, keep_nothing):
            change(cast)
            assert differences(before, look_around(cast, ids, names)) == [], change.__name__


@pytest.mark.requirement("N4")
def test_nobody_is_told_by_night_what_she_does_in_private(cast: Cast) -> None:
    make_things(cast)
    with clock.standing_at(clock.now()):
        quiet = nightly(cast)
        explore(cast)
        assert nightly(cast) == quiet


def counting(request: HttpRequest) -> HttpResponse:
    """A view whose author thought that a number cannot hurt."""
    with tenancy.unscoped("planted"):
        return HttpResponse(f"{tables.Need.objects.count()} needs explored")


def presence(request: HttpRequest) -> HttpResponse:
    """A view that shows the same words, but asks one question more when there is something."""
    with tenancy.unscoped("planted"):
        if tables.Rating.objects.exists():
            tables.Rating.objects.first()
    return HttpResponse("Nothing to see")


for _planted in (counting, presence):
    _planted.rule = Rule(frozenset({PUBLIC}), frozenset({"GET"}))  # type: ignore[attr-defined]
urlpatterns = [path("counting", counting), path("presence", presence), *lantern_urls.urlpatterns]


@pytest.mark.parametrize("leak", ["counting", "presence"])
@override_settings(ROOT_URLCONF=__name__)
def test_a_planted_leak_is_seen(cast: Cast, client: Client, leak: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The positive control: a count gives it away, and so does the number of queries alone."""
    make_things(cast)
    monkeypatch.setattr("tests.architecture.test_twin_worlds.address", lambda name, ids: f"/{name}")
    monkeypatch.setattr("tests.architecture.test_twin_worlds.OTHERS", ("principal",))
    before = look_around(cast, {}, [leak])
    explore(cast)
    assert differences(before, look_around(cast, {}, [leak])) != []
