"""Frameworks on the manage pages: the list, whose is whose, the tree with its licence, the search, the download."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lantern.domain.competencies import commands, queries
from lantern.domain.competencies.models import JobFramework
from lantern.domain.competencies.types import AssociationData, FrameworkData, ItemData
from lantern.interop.case.sync import run_framework_import
from tests.cast import Cast, acting, as_, make_framework


def text(response: Any) -> str:
    return response.content.decode()


@pytest.mark.requirement("C.5")
def test_who_runs_the_district_chooses_a_framework_for_a_kind_of_job(cast: Cast, client: Client) -> None:
    as_(client, cast.coordinator)
    page = text(client.get("/manage/frameworks/"))
    assert "Teaching well" in page and "From the level above" in page and "Paraprofessional" in page
    sent = {"job_kind": "counsellor", "framework_id": str(cast.para_framework.pk)}
    assert client.post("/manage/frameworks/assign/", sent).status_code == 303
    assert client.post("/manage/frameworks/assign/", sent).status_code == 303
    with acting(cast.coordinator):
        assert JobFramework.objects.get(job_kind="counsellor").framework == cast.para_framework
    assert client.post("/manage/frameworks/assign/", sent | {"framework_id": ""}).status_code == 303
    with acting(cast.coordinator):
        assert not JobFramework.objects.filter(job_kind="counsellor").exists()
    for bad in ({"framework_id": str(uuid4())}, {"job_kind": "astronaut"}, {"framework_id": "x"}):
        assert client.post("/manage/frameworks/assign/", sent | bad).status_code == 422


def test_others_are_refused_and_foreign_frameworks_do_not_exist(cast: Cast) -> None:
    foreign = make_framework(cast.far_district, "Foreign")
    manager = as_(Client(), cast.coordinator)
    assert "Foreign" not in text(manager.get("/manage/frameworks/"))
    for address in (f"/manage/frameworks/{foreign.pk}/", f"/manage/frameworks/{foreign.pk}/case.json"):
        assert manager.get(address).status_code == 404
        for person in (cast.novice, cast.coach, cast.principal):
            assert as_(Client(), person).get(address).status_code == 403
    sent = {"job_kind": "teacher", "framework_id": str(foreign.pk)}
    assert manager.post("/manage/frameworks/assign/", sent).status_code == 422


def test_a_real_framework_is_shown_as_a_tree_with_its_licence_searched_and_downloaded(
    cast: Cast, client: Client, shared_data: Path
) -> None:
    with acting(cast.coordinator) as actor:
        run_framework_import(actor, shared_data / "frameworks/digcompedu/digcompedu.case.json")
        framework = next(one for one in queries.frameworks_for(actor) if "DigCompEdu" in one.title)
    address = f"/manage/frameworks/{framework.pk}/"
    page = text(as_(client, cast.coordinator).get(address))
    assert "CC BY 4.0" in page and "Christine Redecker" in page and "Joint Research Centre" in page
    assert page.count("To choose from") == 22 and page.count("<li>") > 175
    found = text(client.get(address, {"q": "feedback"}))
    assert "found, shown with the way to them" in found and "<mark>" in found and found.count("<li>") < 30
    assert "Nothing here has these words" in text(client.get(address, {"q": "zzz"}))
    assert "&lt;b&gt;" in text(client.get(address, {"q": "<b>"}))
    answer = client.get(f"{address}case.json")
    assert answer["Content-Type"] == "application/json" and "attachment" in answer["Content-Disposition"]
    assert len(json.loads(answer.content)["CFItems"]) == 175


def test_a_framework_too_long_for_one_page_shows_its_upper_levels(cast: Cast, client: Client) -> None:
    items = [ItemData(f"a{n}", f"Area {n}") for n in range(3)] + [ItemData(f"i{n}", f"Item {n}") for n in range(1600)]
    ties = [AssociationData(f"t{n}", "isChildOf", f"i{n}", f"a{n % 3}") for n in range(1600)]
    with acting(cast.coordinator) as actor:
        data = FrameworkData(identifier="long", title="Long", items=tuple(items), associations=tuple(ties))
        framework, _ = commands.import_framework(actor, data=data)
        assert framework is not None
    as_(client, cast.coordinator)
    page = text(client.get(f"/manage/frameworks/{framework.pk}/"))
    assert "too many for one page" in page and "Area 2" in page and "Item 7" not in page
    assert "Item 1234" in text(client.get(f"/manage/frameworks/{framework.pk}/", {"q": "item 1234"}))


def test_the_list_asks_as_often_for_three_frameworks_as_for_one(cast: Cast, client: Client) -> None:
    as_(client, cast.coordinator)
    counts = []
    for number in range(3):
        make_framework(cast.district, f"Ours {number}")
        client.get("/manage/frameworks/")
        with CaptureQueriesContext(connection) as seen:
            client.get("/manage/frameworks/")
        counts.append(len(seen))
    assert counts[0] == counts[2]
