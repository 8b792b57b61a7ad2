"""Leading: announcing in the browser, the overview without anybody's private figures, the directory of districts."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lantern.domain.announcements import commands
from lantern.domain.announcements.models import Announcement
from lantern.kernel import tenancy
from tests.cast import Cast, acting, as_, make_school, make_tenant
from tests.things import CANARY, make_things

NEW = "/lead/announcements/new/"


def announced() -> list[Announcement]:
    """Everything that was announced."""
    with tenancy.unscoped("the test looks"):
        return list(Announcement.objects.all())


def test_a_coordinator_announces_and_it_gets_its_permanent_page(cast: Cast, client: Client) -> None:
    as_(client, cast.coordinator)
    page = client.get(NEW).content.decode()
    assert "Riverbend (district)" in page and "Alder School (school)" in page and "State of Maple" not in page
    answer = client.post(
        NEW,
        {
            "organisation_id": str(cast.district.pk),
            "title": "Doors open late",
            "body": "From **9:00**.\n\n<script>x</script>",
        },
    )
    (row,) = announced()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/home/announcements/{row.pk}/")
    for person in (cast.coordinator, cast.novice):
        read = as_(client, person).get(f"/home/announcements/{row.pk}/").content.decode()
        assert "Doors open late" in read and "<strong>9:00</strong>" in read and "<script>x" not in read
        assert "Everyone at Riverbend" in read
        assert "Doors open late" in client.get("/home/announcements/").content.decode()
    assert as_(client, cast.outsider).get(f"/home/announcements/{row.pk}/").status_code == 404
    assert "Doors open late" not in client.get("/home/announcements/").content.decode()


def test_sent_twice_it_is_published_once(cast: Cast, client: Client) -> None:
    sent = {"organisation_id": str(cast.district.pk), "title": "News", "body": "Text", "idempotency_key": "0198-one"}
    as_(client, cast.coordinator)
    answers = [client.post(NEW, sent) for _ in range(2)]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert len(announced()) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""}, {"body": ""}, {"title": "x" * 161}, {"job_kinds": ["wizard"]}, {"organisation_id": "nonsense"},
        {"organisation_id": ""},
    ],
)  # fmt: skip
def test_bad_input_shows_the_form_again_with_what_was_written(
    cast: Cast, client: Client, wrong: dict[str, Any]
) -> None:
    good = {"organisation_id": str(cast.district.pk), "title": "Doors", "body": "Late today"}
    answer = as_(client, cast.coordinator).post(NEW, good | wrong)
    assert answer.status_code == 422
    assert ("Late today" in answer.content.decode()) == ("body" not in wrong)
    assert announced() == []


def test_places_one_does_not_lead_are_no_choice(cast: Cast, client: Client) -> None:
    as_(client, cast.principal)
    for place in (cast.district, cast.other_school, cast.far_school, cast.state):
        assert client.post(NEW, {"organisation_id": str(place.pk), "title": "A", "body": "B"}).status_code == 422
    assert announced() == []


@pytest.mark.parametrize("who", ["novice", "coach", "operator"])
def test_who_leads_nothing_finds_no_pages_of_leading(cast: Cast, client: Client, who: str) -> None:
    as_(client, getattr(cast, who))
    for path in (NEW, "/lead/", "/lead/districts/"):
        assert client.get(path).status_code == 403
    assert "New announcement" not in client.get("/home/announcements/").content.decode()


@pytest.mark.parametrize("who", ["principal", "coordinator", "official"])
def test_the_overview_says_what_leaders_never_see_and_shows_no_private_word(
    cast: Cast, client: Client, who: str
) -> None:
    make_things(cast)
    page = as_(client, getattr(cast, who)).get("/lead/").content.decode()
    assert "No named person's need" in page.replace("&#x27;", "'")
    assert CANARY not in page and "Nia" not in page
    assert ("Talk in every lesson" in page) == (who != "official")
    assert ("/lead/districts/" in page) == (who == "official")


def test_the_list_of_announcements_asks_no_more_with_more_rows(cast: Cast, client: Client) -> None:
    as_(client, cast.novice)
    assert "No announcements" in client.get("/home/announcements/").content.decode()
    counts = []
    for _ in range(3):
        with acting(cast.coordinator) as actor:
            commands.publish_announcement(actor, organisation_id=cast.district.pk, title="News", body="Text")
        with CaptureQueriesContext(connection) as counted:
            client.get("/home/announcements/")
        counts.append(len(counted))
    assert counts[0] == counts[2]


@pytest.mark.requirement("C.14")
def test_an_official_sees_the_directory_of_what_lies_below_and_nothing_anybody_wrote(
    cast: Cast, client: Client
) -> None:
    make_things(cast)
    page = as_(client, cast.official).get("/lead/districts/").content.decode()
    for name in ("River region", "Riverbend", "Faraway"):
        assert name in page
    assert CANARY not in page and "Nia" not in page and "Alder School" not in page
    assert 'class="num">2<' in page  # Riverbend's schools


def test_a_state_without_districts_is_told_what_will_be_here(db: None, client: Client) -> None:
    from tests.cast import make_person

    state = make_tenant("state", "Empty state")
    official = make_person(state, "Ola Alone", "official")
    assert "No districts yet" in as_(client, official).get("/lead/districts/").content.decode()


def test_the_directory_asks_no_more_with_more_districts(cast: Cast, client: Client) -> None:
    as_(client, cast.official)
    counts = []
    for number in range(3):
        district = make_tenant("district", f"District {number}", cast.region)
        make_school(district, f"School {number}")
        with CaptureQueriesContext(connection) as counted:
            client.get("/lead/districts/")
        counts.append(len(counted))
    assert counts[0] == counts[2]
