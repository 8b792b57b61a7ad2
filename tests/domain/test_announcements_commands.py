"""Announcements: who may tell whom, and who reads it: the place itself and everything below, and the jobs named."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from lantern.domain.announcements import commands, policy, queries
from lantern.domain.announcements.models import Announcement
from lantern.domain.people.models import Organisation, Person
from lantern.kernel.errors import Invalid, NotAllowed, NotFound
from lantern.kernel.events.models import EventRecord
from tests.cast import Cast, acting, make_person, system_of


def tell(person: Person, place: Organisation, title: str = "News", **more: Any) -> Announcement:
    """Publish as this person."""
    with acting(person) as actor:
        return commands.publish_announcement(
            actor, organisation_id=place.pk, title=title, body="Read **this**.", **more
        )


def reads(person: Person, row: Announcement) -> bool:
    """Tell whether it exists for this person, in the list and by its page alike."""
    with acting(person) as actor:
        listed = row.pk in {one.pk for one in queries.list_announcements(actor)}
        try:
            queries.get_announcement(actor, row.pk)
        except NotFound:
            assert not listed
            return False
        assert listed
        return True


def test_a_district_tells_everybody_in_it_and_nobody_elsewhere(cast: Cast) -> None:
    row = tell(cast.coordinator, cast.district)
    for person in (cast.novice, cast.para, cast.principal, cast.operator, cast.coordinator):
        assert reads(person, row)
    for person in (cast.outsider, cast.official):
        assert not reads(person, row)


@pytest.mark.requirement("C.14")
def test_a_state_tells_every_district_below_it(cast: Cast) -> None:
    row = tell(cast.official, cast.state)
    for person in (cast.novice, cast.outsider, cast.official):
        assert reads(person, row)


def test_a_school_tells_its_own_staff_and_those_who_lead_it(cast: Cast) -> None:
    elsewhere = make_person(cast.other_school, "Ben Birch")
    row = tell(cast.principal, cast.school)
    for person in (cast.novice, cast.principal, cast.coordinator):
        assert reads(person, row)
    assert not reads(elsewhere, row)


def test_one_for_some_jobs_reaches_only_them_and_who_could_have_written_it(cast: Cast) -> None:
    row = tell(cast.coordinator, cast.district, job_kinds=["paraprofessional", "nurse"])
    assert reads(cast.para, row)
    assert reads(cast.coordinator, row)
    assert not reads(cast.novice, row)
    assert row.job_kinds == ["nurse", "paraprofessional"]
    with acting(cast.para) as actor:
        assert (
            queries.audience_words(queries.get_announcement(actor, row.pk))
            == "At Riverbend, for: nurse, paraprofessional"
        )


@pytest.mark.parametrize("who", ["novice", "coach", "operator", "expert"])
def test_who_leads_nothing_cannot_announce(cast: Cast, who: str) -> None:
    with acting(getattr(cast, who)) as actor:
        assert not policy.can_publish(actor)
        with pytest.raises(NotAllowed):
            commands.publish_announcement(actor, organisation_id=cast.school.pk, title="News", body="Text")


def test_a_leader_cannot_announce_for_what_she_does_not_lead_and_sees_nothing_of_elsewhere(cast: Cast) -> None:
    with acting(cast.principal) as actor:
        for place in (cast.district, cast.other_school, cast.state):
            with pytest.raises(NotAllowed):
                commands.publish_announcement(actor, organisation_id=place.pk, title="News", body="Text")
        for unknown in (cast.far_school.pk, uuid4()):
            with pytest.raises(NotFound):
                commands.publish_announcement(actor, organisation_id=unknown, title="News", body="Text")
        assert not Announcement.objects.exists()


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("title", {"title": "  "}),
        ("title", {"title": "x" * 161}),
        ("body", {"body": " \n "}),
        ("body", {"body": "x" * 20_001}),
        ("job_kinds", {"job_kinds": ["teacher", "wizard"]}),
    ],
)
def test_bad_input_is_refused_by_field_and_nothing_is_kept(cast: Cast, field: str, fields: dict[str, Any]) -> None:
    good: dict[str, Any] = {"title": "News", "body": "Text", "job_kinds": []}
    with acting(cast.coordinator) as actor:
        with pytest.raises(Invalid) as refused:
            commands.publish_announcement(actor, organisation_id=cast.district.pk, **(good | fields))
        assert list(refused.value.fields) == [field]
        assert not Announcement.objects.exists()


def test_publishing_is_written_down_with_ids_only(cast: Cast) -> None:
    row = tell(cast.coordinator, cast.district, title="A very secret title")
    with acting(cast.coordinator):
        record = EventRecord.objects.get(name="AnnouncementPublished")
    assert record.data == {"announcement_id": str(row.pk), "organisation_id": str(cast.district.pk)}


def test_leaders_choose_among_the_places_they_lead(cast: Cast) -> None:
    for person, places in (
        (cast.coordinator, {"Riverbend", "Alder School", "Birch School"}),
        (cast.principal, {"Alder School"}),
        (cast.official, {"State of Maple"}),
        (cast.novice, set()),
    ):
        with acting(person) as actor:
            assert {node.name for node in queries.organisations_to_tell(actor)} == places


def test_erasing_takes_the_name_off_and_keeps_the_announcement(cast: Cast) -> None:
    row = tell(cast.coordinator, cast.district)
    with acting(cast.coordinator) as actor:
        assert queries.export_for(actor)["written_by_me"][0]["title"] == "News"
        assert queries.count_published(actor) == 1
        assert commands.erase(actor, cast.coordinator.pk) == {"announcements_without_name": 1}
        assert queries.export_for(actor)["written_by_me"] == []
    assert reads(cast.novice, row)
    with acting(cast.novice) as actor, pytest.raises(NotFound):
        commands.erase(actor, cast.coordinator.pk)
    with acting(cast.coordinator):
        assert queries.list_announcements(system_of(cast.district)).count() == 1
