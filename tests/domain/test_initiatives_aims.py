"""Aims: who publishes them, who sees them, and that a goal outlives the aim it was linked to."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from lantern.domain.goals import commands as goals
from lantern.domain.goals.models import Goal
from lantern.domain.initiatives import commands, queries
from lantern.domain.initiatives.models import Initiative
from lantern.kernel import clock
from lantern.kernel.errors import Invalid, NotAllowed, NotFound
from lantern.kernel.events.models import EventRecord
from tests.cast import Cast, acting


def publish(person: Any, organisation: Any, title: str = "Every voice heard", **facts: Any) -> Initiative:
    with acting(person) as actor:
        return commands.create_initiative(actor, organisation_id=organisation.pk, title=title, **facts)


def seen_by(person: Any) -> set[str]:
    with acting(person) as actor:
        return {aim.title for aim in queries.list_initiatives(actor)}


def test_an_aim_reaches_those_below_its_publisher(cast: Cast) -> None:
    publish(cast.official, cast.state, "State aim")
    publish(cast.coordinator, cast.district, "District aim")
    publish(cast.principal, cast.school, "School aim")
    publish(cast.coordinator, cast.other_school, "Other school's aim")
    assert seen_by(cast.novice) == {"State aim", "District aim", "School aim"}
    assert seen_by(cast.coordinator) == {"State aim", "District aim", "School aim", "Other school's aim"}
    assert seen_by(cast.outsider) == {"State aim"}


def test_only_those_who_lead_there_publish_change_and_take_back(cast: Cast) -> None:
    for person, organisation in (
        (cast.novice, cast.school),
        (cast.coach, cast.school),
        (cast.principal, cast.district),
        (cast.principal, cast.other_school),
        (cast.coordinator, cast.state),
        (cast.coordinator, cast.far_district),
    ):
        with pytest.raises(NotAllowed):
            publish(person, organisation)
    state_aim = publish(cast.official, cast.state)
    school_aim = publish(cast.principal, cast.school, "School aim")
    with acting(cast.coordinator) as actor:
        with pytest.raises(NotAllowed):
            commands.edit_initiative(actor, initiative_id=state_aim.pk, title="Mine now")
        with pytest.raises(NotAllowed):
            commands.delete_initiative(actor, initiative_id=state_aim.pk)
        commands.edit_initiative(actor, initiative_id=school_aim.pk, title="Shorter")
        with pytest.raises(NotFound):
            commands.delete_initiative(actor, initiative_id=uuid4())
    with acting(cast.outsider) as actor:
        with pytest.raises(NotFound):
            queries.get_initiative(actor, school_aim.pk)
        with pytest.raises(NotFound):
            commands.edit_initiative(actor, initiative_id=school_aim.pk, title="Mine now")


def test_bad_facts_are_refused_by_field_and_the_same_edit_twice_is_one_change(cast: Cast) -> None:
    with acting(cast.principal) as actor:
        with pytest.raises(Invalid) as caught:
            commands.create_initiative(
                actor,
                organisation_id=cast.school.pk,
                title=" ",
                summary="x" * 4001,
                begins_on=date(2026, 5, 1),
                ends_on=date(2026, 4, 1),
            )
        assert set(caught.value.fields) == {"title", "summary", "ends_on"}
        with pytest.raises(Invalid):
            commands.create_initiative(actor, organisation_id=cast.school.pk, title="x" * 161)
        assert not Initiative.objects.exists()
        aim = commands.create_initiative(actor, organisation_id=cast.school.pk, title="Aim")
        for _ in range(2):
            commands.edit_initiative(actor, initiative_id=aim.pk, title=" Better aim ")
        assert EventRecord.objects.filter(name="InitiativeChanged").count() == 1


def test_what_ended_is_listed_only_when_asked_for(cast: Cast) -> None:
    yesterday = clock.today() - timedelta(days=1)
    publish(cast.principal, cast.school, "Past", ends_on=yesterday)
    assert seen_by(cast.novice) == set()
    with acting(cast.principal) as actor:
        assert [aim.title for aim in queries.list_mine_to_write(actor)] == ["Past"]
    with acting(cast.novice) as actor:
        assert queries.list_mine_to_write(actor).count() == 0


@pytest.mark.requirement("P1.5")
def test_deleting_an_initiative_leaves_every_goal_intact(cast: Cast) -> None:
    aim = publish(cast.official, cast.state)
    with acting(cast.novice) as actor:
        goal = goals.set_goal(
            actor,
            title="My goal",
            why="Because",
            measure="Students who speak",
            baseline="5 of 24",
            target="15 of 24",
            due_on=clock.today() + timedelta(days=60),
            initiative_id=aim.pk,
        )
        before = Goal.objects.filter(pk=goal.pk).values().get()
    with acting(cast.official) as actor:
        commands.edit_initiative(actor, initiative_id=aim.pk, title="Reworded", summary="Altogether different")
    with acting(cast.novice) as actor:
        assert Goal.objects.filter(pk=goal.pk).values().get() == before
    with acting(cast.official) as actor:
        commands.delete_initiative(actor, initiative_id=aim.pk)
    with acting(cast.novice) as actor:
        assert Goal.objects.filter(pk=goal.pk).values().get() == before | {"initiative_id": None}
