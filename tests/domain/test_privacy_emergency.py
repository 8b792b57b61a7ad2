"""Emergency access: two operators, a reason, an hour, one person, read only, and she is told (trust.md 3.3)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from lantern import models as tables
from lantern.domain.goals import commands as goals
from lantern.domain.notices import queries as notices
from lantern.domain.people.types import Role
from lantern.domain.privacy import commands, queries
from lantern.flows import emergency_access
from lantern.kernel import clock, tenancy
from lantern.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lantern.kernel.events.models import EventRecord
from tests.cast import Cast, acting, make_person
from tests.grow_facts import goal_facts

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
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
        assert [notice.item_id for notice in notices.my_notices(nia)] == [access.pk]
        assert queries.my_looks(nia).count() == 1
        assert queries.my_emergencies(nia)[0].legal_hold == "Order 12 of the county court"


def test_a_reason_is_a_sentence(cast: Cast) -> None:
    with acting(cast.operator) as olga:
        with pytest.raises(Invalid) as refused:
            commands.ask_emergency(olga, person_id=cast.novice.pk, reason="Because.")
        assert set(refused.value.fields) == {"reason"}
        with pytest.raises(Invalid) as refused:
            commands.ask_emergency(olga, person_id=cast.operator.pk, reason=REASON)
        assert set(refused.value.fields) == {"person_id"}


def test_the_longest_names_of_the_two_are_cut_to_what_fits(cast: Cast) -> None:
    two = [make_person(cast.district, f"{letter * 80} {'Y' * 80}", Role.OPERATOR) for letter in "AB"]
    with acting(two[0]) as first:
        row = commands.ask_emergency(first, person_id=cast.novice.pk, reason=REASON)
    with acting(two[1]) as other:
        agreed_on = commands.agree_emergency(other, access_id=row.pk)
    assert agreed_on.asked_by_name == f"{'A' * 80} {'Y' * 79}"
    assert agreed_on.agreed_by_name == f"{'B' * 80} {'Y' * 79}"


def test_the_limits_of_what_is_asked_and_that_white_space_is_tidied(cast: Cast) -> None:
    def ask(reason: str, legal_hold: str = "") -> Any:
        with acting(cast.operator) as olga, clock.standing_at(NOON):
            return commands.ask_emergency(olga, person_id=cast.novice.pk, reason=reason, legal_hold=legal_hold)

    row = ask("  x" + "y" * 19 + " \n", "  Order   12 ")
    assert (row.reason, row.legal_hold) == ("x" + "y" * 19, "Order 12")
    assert (row.person_id, row.asked_by_id, row.asked_by_name) == (cast.novice.pk, cast.operator.pk, "Olga Frey")
    assert (row.asked_at, row.agreed_at, row.ends_at, row.told_at) == (NOON, None, None, None)
    assert len(ask("r" * 400, "h" * 200).reason) == 400
    for reason, hold, wrong in (
        ("r" * 19, "", {"reason"}),
        ("r" * 401, "", {"reason"}),
        (REASON, "h" * 201, {"legal_hold"}),
        ("", "h" * 201, {"reason", "legal_hold"}),
    ):
        with pytest.raises(Invalid) as refused:
            ask(reason, hold)
        assert set(refused.value.fields) == wrong
    with tenancy.unscoped("factory"):
        tables.Person.objects.filter(pk=cast.novice.pk).update(active=False)
    with pytest.raises(NotFound):
        ask(REASON)


def test_what_an_agreement_opens_lasts_sixty_minutes_and_says_whether_she_was_told(cast: Cast, second: Any) -> None:
    with clock.standing_at(NOON):
        told, held = agreed(cast, second), agreed(cast, second, legal_hold="Order 12")
    for row in (told, held):
        assert (row.agreed_by_id, row.agreed_by_name, row.agreed_at) == (second.pk, "Sam Hill", NOON)
        assert row.ends_at == NOON + timedelta(minutes=60)
    assert (told.told_at, held.told_at) == (NOON, None)
    with acting(second) as sam, clock.standing_at(NOON):
        assert queries.can_read_now(sam, held), "the one who agreed may read too"
    with acting(cast.operator) as olga:
        assert {one.pk for one in queries.list_emergencies(olga)} == {held.pk, told.pk}
        assert queries.get_emergency(olga, held.pk) == held
        assert not queries.can_read_now(olga, tables.EmergencyAccess(asked_by=cast.operator, agreed_by=second))
        for moment, may in ((NOON, True), (NOON + timedelta(minutes=59), True), (NOON + timedelta(minutes=60), False)):
            with clock.standing_at(moment):
                assert queries.can_read_now(olga, held) is may
        with clock.standing_at(NOON + timedelta(minutes=30)):
            assert commands.open_emergency(olga, access_id=held.pk) == cast.novice.pk
            (look,) = tables.Look.objects.all()
        with clock.standing_at(NOON + timedelta(minutes=70)):
            assert commands.end_hold(olga, access_id=held.pk).told_at == NOON + timedelta(minutes=70)
        with clock.standing_at(NOON + timedelta(minutes=80)):
            assert commands.end_hold(olga, access_id=held.pk).told_at == NOON + timedelta(minutes=70)
        held.refresh_from_db()
        assert held.told_at == NOON + timedelta(minutes=70)
    assert (look.person_id, look.viewer_id, look.item_kind, look.item_id) == (
        cast.novice.pk, cast.operator.pk, "everything", held.pk,
    )  # fmt: skip
    assert (look.via, look.emergency_id, look.purpose) == ("emergency", held.pk, REASON)
    with tenancy.unscoped("the log as an auditor reads it"):
        log = list(EventRecord.objects.filter(name__startswith="Emergency").order_by("pk").values_list("name", "data"))
    person = {"person_id": str(cast.novice.pk)}
    assert log == [
        ("EmergencyAsked", {"access_id": str(told.pk)}),
        ("EmergencyAgreed", {"access_id": str(told.pk), "told": True} | person),
        ("EmergencyAsked", {"access_id": str(held.pk)}),
        ("EmergencyAgreed", {"access_id": str(held.pk), "told": False} | person),
        ("EmergencyHoldEnded", {"access_id": str(held.pk)} | person),
    ]


def test_where_nobody_was_let_in_there_is_nothing_to_end_and_who_was_erased_is_not_opened(
    cast: Cast, second: Any
) -> None:
    with acting(cast.operator) as olga:
        waiting = commands.ask_emergency(olga, person_id=cast.novice.pk, reason=REASON)
        with pytest.raises(Conflict):
            commands.end_hold(olga, access_id=waiting.pk)
        with pytest.raises(NotFound):
            commands.end_hold(olga, access_id=uuid4())
        with pytest.raises(NotFound):
            queries.get_emergency(olga, uuid4())
    with acting(cast.coordinator) as dana, pytest.raises(NotAllowed):
        commands.end_hold(dana, access_id=waiting.pk)
    access = agreed(cast, second, legal_hold="Order 12")
    with tenancy.unscoped("as an erasure does"):
        tables.EmergencyAccess.objects.all().update(person=None)
    with acting(second) as sam:
        with pytest.raises(Conflict):
            commands.agree_emergency(sam, access_id=waiting.pk)
        with pytest.raises(Conflict):
            commands.end_hold(sam, access_id=access.pk)
        with pytest.raises(NotAllowed):
            commands.open_emergency(sam, access_id=access.pk)


def test_she_sees_what_she_was_told_of_newest_first_and_takes_it_along(cast: Cast, second: Any) -> None:
    with clock.standing_at(NOON):
        first = agreed(cast, second)
        agreed(cast, second, legal_hold="Order 12")
    with clock.standing_at(NOON + timedelta(days=1)):
        last = agreed(cast, second)
    with acting(cast.operator) as olga:
        commands.ask_emergency(olga, person_id=cast.novice.pk, reason=REASON)
        listed = list(queries.list_emergencies(olga))
        assert [one.asked_at for one in listed] == sorted((one.asked_at for one in listed), reverse=True)
        assert len(listed) == 4
    with acting(cast.novice) as nia:
        assert queries.my_emergencies(nia) == [last, first]
        assert queries.export_for(nia)["emergency_accesses"][1] == {
            "asked_by": "Olga Frey", "agreed_by": "Sam Hill", "reason": REASON, "legal_hold": "",
            "from": "2026-03-02T12:00:00+00:00", "until": "2026-03-02T13:00:00+00:00",
            "told": "2026-03-02T12:00:00+00:00",
        }  # fmt: skip
        (notice, _) = notices.my_notices(nia)
        assert notice.item_id in (first.pk, last.pk)
    with acting(cast.expert) as elena:
        assert queries.my_emergencies(elena) == []


def test_what_could_not_be_read_was_not_read(
    cast: Cast, second: Any, goal: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    access = agreed(cast, second)

    def broken(actor: Any) -> Any:
        raise OSError("the disk is gone")

    monkeypatch.setattr(emergency_access, "everything_about_me", broken)
    with acting(second) as sam, pytest.raises(OSError, match="disk"):
        emergency_access.read(sam, access_id=access.pk)
    with acting(cast.novice):
        assert not tables.Look.objects.exists(), "she is not told of a look that showed nothing"
