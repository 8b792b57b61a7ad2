"""Emergency access: two operators, a reason, an hour, one person, read only, and she is told (trust.md 3.3)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lantern.domain.goals import commands as goals
from lantern.domain.notices import queries as notices
from lantern.domain.people.types import Role
from lantern.domain.privacy import commands, queries
from lantern.flows import emergency_access
from lantern.kernel import clock
from lantern.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.cast import Cast, acting, make_person
from tests.grow_facts import goal_facts

REASON = "A colleague fears for her safety and the office cannot reach her."


@pytest.fixture
def second(cast: Cast) -> Any:
    """Another operator of the district."""
    return make_person(cast.district, "Sam Hill", Role.OPERATOR)


@pytest.fixture
def goal(cast: Cast) -> Any:
    with acting(cast.novice) as nia:
        return goals.set_goal(nia, **goal_facts(title="Only mine"))


def agreed(cast: Cast, second: Any, **other: Any) -> Any:
    with acting(cast.operator) as olga:
        access = commands.ask_emergency(olga, person_id=cast.novice.pk, reason=REASON, **other)
    with acting(second) as sam:
        return commands.agree_emergency(sam, access_id=access.pk)


@pytest.mark.requirement("N4")
def test_two_operators_read_for_an_hour_and_she_sees_who_when_and_why(cast: Cast, second: Any, goal: Any) -> None:
    access = agreed(cast, second)
    for operator in (cast.operator, second):
        with acting(operator) as actor:
            data = emergency_access.read(actor, access_id=access.pk)
            assert data["features"]["goals"]["goals"][0]["title"] == "Only mine"
    with acting(cast.novice) as nia:
        assert [notice.kind for notice in notices.my_notices(nia)] == ["emergency_access"]
        assert [(look.viewer_name, look.via, look.purpose) for look in queries.my_looks(nia)] == [
            ("Sam Hill", "emergency", REASON),
            ("Olga Frey", "emergency", REASON),
        ]
        (told,) = queries.my_emergencies(nia)
        assert (told.asked_by_name, told.agreed_by_name, told.reason) == ("Olga Frey", "Sam Hill", REASON)
    with clock.standing_at(clock.now() + timedelta(minutes=61)), acting(second) as sam, pytest.raises(NotAllowed):
        emergency_access.read(sam, access_id=access.pk)


def test_nobody_gets_in_alone(cast: Cast, second: Any, goal: Any) -> None:
    with acting(cast.operator) as olga:
        access = commands.ask_emergency(olga, person_id=cast.novice.pk, reason=REASON)
        with pytest.raises(NotAllowed):
            emergency_access.read(olga, access_id=access.pk)
        with pytest.raises(NotAllowed):
            commands.agree_emergency(olga, access_id=access.pk)
    with acting(second) as sam:
        commands.agree_emergency(sam, access_id=access.pk)
        with pytest.raises(Conflict):
            commands.agree_emergency(sam, access_id=access.pk)


@pytest.mark.parametrize("name", ["coordinator", "principal", "coach", "official", "novice"])
def test_no_other_role_asks_agrees_or_reads(cast: Cast, second: Any, name: str) -> None:
    access = agreed(cast, second)
    with acting(getattr(cast, name)) as actor:
        with pytest.raises(NotAllowed):
            commands.ask_emergency(actor, person_id=cast.expert.pk, reason=REASON)
        with pytest.raises((NotAllowed, NotFound)):
            commands.agree_emergency(actor, access_id=access.pk)
        with pytest.raises((NotAllowed, NotFound)):
            emergency_access.read(actor, access_id=access.pk)
        assert not queries.list_emergencies(actor).exists()


def test_a_third_operator_was_not_agreed_on(cast: Cast, second: Any) -> None:
    access = agreed(cast, second)
    third = make_person(cast.district, "Tara Moss", Role.OPERATOR)
    with acting(third) as tara, pytest.raises(NotAllowed):
        emergency_access.read(tara, access_id=access.pk)


def test_an_operator_of_another_district_knows_nothing_of_it(cast: Cast, second: Any) -> None:
    access = agreed(cast, second)
    far = make_person(cast.far_district, "Fay Gray", Role.OPERATOR)
    with acting(far) as fay:
        with pytest.raises(NotFound):
            commands.agree_emergency(fay, access_id=access.pk)
        with pytest.raises(NotFound):
            commands.ask_emergency(fay, person_id=cast.novice.pk, reason=REASON)


def test_under_a_legal_hold_she_is_told_when_it_ends_and_that_it_was_so(cast: Cast, second: Any, goal: Any) -> None:
    access = agreed(cast, second, legal_hold="Order 12 of the county court")
    with acting(second) as sam:
        emergency_access.read(sam, access_id=access.pk)
    with acting(cast.novice) as nia:
        assert not notices.my_notices(nia).exists()
        assert not queries.my_looks(nia).exists() and queries.my_emergencies(nia) == []
        assert queries.export_for(nia)["looks"] == []
    with acting(cast.operator) as olga:
        commands.end_hold(olga, access_id=access.pk)
        commands.end_hold(olga, access_id=access.pk)
    with acting(cast.novice) as nia:
        assert notices.my_notices(nia).count() == 1
        assert queries.my_looks(nia).count() == 1
        assert queries.my_emergencies(nia)[0].legal_hold == "Order 12 of the county court"


def test_a_reason_is_a_sentence(cast: Cast) -> None:
    with acting(cast.operator) as olga:
        with pytest.raises(Invalid) as refused:
            commands.ask_emergency(olga, person_id=cast.novice.pk, reason="Because.")
        assert set(refused.value.fields) == {"reason"}
        with pytest.raises(Invalid):
            commands.ask_emergency(olga, person_id=cast.operator.pk, reason=REASON)
