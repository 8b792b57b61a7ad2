"""Aims on the pages of those who lead, and on the page that everybody sees."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lantern.domain.goals import commands as goals
from lantern.domain.initiatives import commands
from lantern.domain.initiatives.models import Initiative
from lantern.kernel import clock, tenancy
from tests.cast import Cast, acting, as_
from tests.release_factory import link, moment, release, staff, term


def text(response: Any) -> str:
    return response.content.decode()


def aim_of(person: Any, organisation: Any, title: str = "Every voice heard", summary: str = "") -> Initiative:
    with acting(person) as actor:
        return commands.create_initiative(actor, organisation_id=organisation.pk, title=title, summary=summary)


def test_an_aim_is_published_changed_and_taken_back(cast: Cast, client: Client) -> None:
    as_(client, cast.principal)
    assert "No aim published yet" in text(client.get("/lead/initiatives/"))
    page = text(client.get("/lead/initiatives/new/"))
    assert "Alder School" in page and "Birch School" not in page and "Riverbend" not in page.split("<form")[2]
    sent = {"organisation_id": str(cast.school.pk), "title": "Every voice heard", "idempotency_key": str(uuid4())}
    locations = {client.post("/lead/initiatives/new/", sent)["Location"] for _ in range(2)}
    (location,) = locations
    with acting(cast.principal):
        aim = Initiative.objects.get()
    assert location == f"/grow/initiatives/{aim.pk}/"
    assert "Every voice heard" in text(client.get("/lead/initiatives/"))
    edit = f"/lead/initiatives/{aim.pk}/edit/"
    assert "Every voice heard" in text(client.get(edit))
    bad = client.post(edit, {"title": "", "begins_on": "2026-05-01", "ends_on": "soon"})
    assert bad.status_code == 422 and "year-month-day" in text(bad)
    bad = client.post(edit, {"title": "x", "begins_on": "2026-05-01", "ends_on": "2026-04-01"})
    assert bad.status_code == 422 and "before the first one" in text(bad)
    assert client.post(edit, {"title": "All voices"}).status_code == 303
    assert client.get(f"/lead/initiatives/{aim.pk}/delete/").status_code == 405
    assert client.post(f"/lead/initiatives/{aim.pk}/delete/").status_code == 303
    assert client.get(f"/grow/initiatives/{aim.pk}/").status_code == 404


def test_others_do_not_change_it_and_strangers_do_not_know_of_it(cast: Cast) -> None:
    aim = aim_of(cast.principal, cast.school)
    district_aim = aim_of(cast.coordinator, cast.district)
    for address in (f"/lead/initiatives/{aim.pk}/edit/", f"/lead/initiatives/{aim.pk}/delete/"):
        assert as_(Client(), cast.novice).post(address, {"title": "x"}).status_code == 403
        assert as_(Client(), cast.outsider).post(address, {"title": "x"}).status_code == 404
    assert as_(Client(), cast.principal).get(f"/lead/initiatives/{district_aim.pk}/edit/").status_code == 403
    assert as_(Client(), cast.outsider).get(f"/grow/initiatives/{aim.pk}/").status_code == 404
    assert as_(Client(), cast.novice).get(f"/grow/initiatives/{aim.pk}/").status_code == 200
    refused = as_(Client(), cast.principal).post(
        "/lead/initiatives/new/", {"organisation_id": str(cast.district.pk), "title": "x"}
    )
    assert refused.status_code == 422


@pytest.mark.requirement("P1.5")
def test_the_page_shows_the_last_release_only_and_never_whose_goals(cast: Cast) -> None:
    aim = aim_of(cast.coordinator, cast.district, summary="Speak **up** <script>alert(1)</script>")
    address = f"/grow/initiatives/{aim.pk}/"
    before = text(as_(Client(), cast.expert).get(address))
    assert "No figure is out yet" in before
    assert "<strong>up</strong>" in before and "<script>alert" not in before
    with acting(cast.novice) as actor:
        goals.set_goal(
            actor, title="canary goal", measure="m", baseline="0", target="1",
            due_on=clock.today() + timedelta(days=9), initiative_id=aim.pk,
        )  # fmt: skip
    mine = text(as_(Client(), cast.novice).get(address))
    assert "canary goal" in mine
    for person in (cast.expert, cast.principal, cast.coordinator):
        page = text(as_(Client(), person).get(address))
        assert "No figure is out yet" in page and "canary" not in page and "Nia" not in page
    with tenancy.unscoped("an aim of last term"):
        Initiative.objects.filter(pk=aim.pk).update(created_at=moment())
    for educator in staff(cast.school, 20)[:12]:
        link(educator, aim)
    release(cast)
    page = text(as_(Client(), cast.principal).get(address))
    assert "40 to 50 %" in page and term().words in page and "No figure" not in page


def test_the_list_asks_as_often_for_three_aims_as_for_one(cast: Cast, client: Client) -> None:
    as_(client, cast.coordinator)
    counts = []
    for number in range(3):
        aim_of(cast.coordinator, cast.district, f"Aim {number}")
        client.get("/lead/initiatives/")
        with CaptureQueriesContext(connection) as seen:
            client.get("/lead/initiatives/")
        counts.append(len(seen))
    assert counts[0] == counts[2]


def test_tenancy_is_left_behind() -> None:
    with pytest.raises(tenancy.NoTenancy):
        Initiative.objects.count()
