"""Any two to four offerings side by side: the same facts of each, what differs, how each counts and fits (A.4)."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lantern.domain.catalog import commands as catalog
from lantern.domain.recommendations import commands as recommendations
from tests.cast import Cast, acting, as_
from tests.offers import offer, offers


@pytest.fixture
def made(cast: Cast) -> dict[str, Any]:
    """A small catalog, and the novice's suggestions made."""
    found = offers(cast)
    with acting(cast.novice) as nia:
        recommendations.refresh(nia)
    return found


def address(*resources: Any, more: str = "") -> str:
    """The page with these."""
    return reverse("learn:compare") + "?" + "&".join(f"with={one.pk}" for one in resources) + more


def rows(page: str) -> dict[str, list[str]]:
    """Each fact with its cells, as text."""
    found = re.findall(r"<tr[^>]*><th scope=\"row\">(.*?)</th>(.*?)</tr>", page, re.S)
    return {bare(name): [bare(cell) for cell in re.findall(r"<td>(.*?)</td>", cells, re.S)] for name, cells in found}


def bare(html: str) -> str:
    """The text of a piece of a page."""
    return re.sub("<.*?>", "", html).strip()


def body(client: Client, path: str) -> str:
    """The page."""
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.requirement("A.4")
def test_two_offerings_stand_side_by_side_with_the_same_facts(cast: Cast, client: Client, made: dict[str, Any]) -> None:
    talk, book = made["Your first number talk"], made["The feedback book"]
    page = body(as_(client, cast.novice), address(talk, book))
    told = rows(page)
    assert {"What it is", "Time", "Will it count?", "Fits you", "Level", "Cost", "Leads to", "Access"} <= told.keys()
    assert all(len(cells) == 2 for cells in told.values())
    assert told["Fits you"][0] != told["Fits you"][1] and "points, place" in told["Fits you"][0]
    fewer = rows(body(client, address(talk, book, more="&only=differences")))
    assert {name for name, cells in told.items() if len(set(cells)) > 1} <= fewer.keys() < told.keys()


@pytest.mark.requirement("A.4")
def test_up_to_four_and_any_can_be_taken_away(cast: Cast, client: Client, made: dict[str, Any]) -> None:
    several = list(made.values())[:5]
    page = body(as_(client, cast.novice), address(*several))
    assert "These are the first 4:" in page and f"with={several[4].pk}" not in page
    assert all(len(cells) == 4 for cells in rows(page).values())
    without = address(*several[1:4]).replace("&", "&amp;")
    assert without in page


def test_with_one_it_offers_what_was_kept_and_what_leads_to_the_same(
    cast: Cast, client: Client, made: dict[str, Any]
) -> None:
    talk, kept = made["Your first number talk"], offer(cast, "Kept for a quiet day", minutes=10)
    with acting(cast.novice) as nia:
        catalog.keep(nia, resource_id=kept.pk)
    page = body(as_(client, cast.novice), address(talk))
    assert "Choose one more" in page and "Kept for a quiet day" in page
    assert "Nothing to compare yet" in body(client, reverse("learn:compare"))
    with acting(cast.coordinator) as dana:
        catalog.set_status(dana, resource_id=kept.pk, status="retired")
    assert "Kept for a quiet day" not in body(client, address(talk, kept))


def test_the_catalog_and_a_resource_lead_there_without_scripts(
    cast: Cast, client: Client, made: dict[str, Any]
) -> None:
    page = body(as_(client, cast.novice), reverse("learn:catalog"))
    talk = made["Your first number talk"]
    assert f'name="with" value="{talk.pk}" form="compare"' in page and '<form id="compare"' in page
    assert address(talk) in body(client, reverse("learn:resource", args=[talk.pk]))


def test_what_is_not_hers_or_not_there_is_not_compared(cast: Cast, client: Client, made: dict[str, Any]) -> None:
    talk, book = made["Your first number talk"], made["The feedback book"]
    assert as_(client, cast.outsider).get(address(talk, book)).status_code == 200
    assert "The feedback book" not in client.get(address(talk, book)).content.decode()
    assert client.get(reverse("learn:compare") + "?with=nonsense").status_code == 404
    assert client.get(reverse("learn:compare") + f"?with={uuid4()}").status_code == 200


def test_four_cost_few_queries_more_than_two(cast: Cast, client: Client, made: dict[str, Any]) -> None:
    several = list(made.values())
    as_(client, cast.novice)
    counts = []
    for chosen in (several[:2], several[:2], several[:4]):
        with CaptureQueriesContext(connection) as asked:
            body(client, address(*chosen))
        counts.append(len(asked))
    assert counts[2] - counts[1] <= 6 and counts[2] <= 45
