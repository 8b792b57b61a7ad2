"""The ledger of hours: written by the rule of the day, once a source, never changed, taken back by a new line."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError

from lantern.domain.credits import commands as credits
from lantern.domain.credits import queries
from lantern.domain.credits.types import Counts, in_hours
from lantern.kernel import clock
from lantern.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lantern.kernel.events.models import EventRecord
from tests.cast import acting, system_of
from tests.domain.learning_factory import make_rule, offer

pytestmark = pytest.mark.django_db

EARNED = date(2026, 10, 4)


def award(cast, minutes: int = 90, **facts):
    said = {
        "person_id": cast.novice.pk,
        "source_kind": "reflection",
        "source_id": uuid4(),
        "title": "A webinar",
        "earned_on": EARNED,
        **facts,
    }
    return credits.award(system_of(cast.district), minutes=minutes, **said)


def test_hours_are_awarded_by_the_rule_and_told(cast) -> None:
    make_rule(cast.district)
    with acting(cast.novice) as nia:
        entry = award(cast)
        assert (entry.hundredths, entry.hours, entry.period) == (150, "1.50", "2026-27")
        assert queries.hours_from(nia, "reflection", entry.source_id) == 150
        (told,) = EventRecord.objects.filter(name="CreditAwarded")
        assert told.data == {
            "entry_id": str(entry.pk), "person_id": str(cast.novice.pk), "hundredths": 150, "minutes": 90,
        }  # fmt: skip


def test_a_source_earns_once(cast) -> None:
    make_rule(cast.district)
    with acting(cast.novice) as nia:
        source = uuid4()
        assert award(cast, source_id=source).pk == award(cast, 600, source_id=source).pk
        assert queries.my_entries(nia).count() == 1
        assert EventRecord.objects.filter(name="CreditAwarded").count() == 1


def test_the_database_itself_refuses_a_second_entry_for_a_source(cast) -> None:
    make_rule(cast.district)
    with acting(cast.novice):
        entry = award(cast)
        entry.pk, entry._state.adding = uuid4(), True
        with pytest.raises(IntegrityError):
            entry.save()


def test_an_entry_is_never_changed_or_deleted(cast) -> None:
    make_rule(cast.district)
    with acting(cast.novice):
        entry = award(cast)
        entry.hundredths = 9999
        with pytest.raises(TypeError):
            entry.save()
        with pytest.raises(TypeError):
            entry.delete()
        entry.rule.minutes_per_hour = 1
        with pytest.raises(TypeError):
            entry.rule.save()


def test_nothing_is_written_for_too_little_or_without_a_rule(cast) -> None:
    with acting(cast.novice) as nia:
        assert award(cast) is None
        make_rule(cast.district, effective_from=EARNED)
        assert award(cast, 14) is None
        assert award(cast, earned_on=EARNED - timedelta(days=1)) is None
        assert award(cast).hundredths == 150
        assert queries.my_entries(nia).count() == 1


def test_a_resource_may_limit_what_counts(cast) -> None:
    make_rule(cast.district)
    with acting(cast.novice):
        assert award(cast, 600, most_minutes=60).hundredths == 100


def test_the_rule_of_the_day_and_of_the_nearest_tenant_holds(cast) -> None:
    make_rule(cast.state, name="State hours", minutes_per_hour=30)
    with acting(cast.novice) as nia:
        assert str(queries.rule_on(nia)) == "State hours, version 1"
        assert award(cast, 60).hundredths == 200
    make_rule(cast.district, effective_from=date(2026, 9, 1))
    make_rule(cast.district, effective_from=clock.today() + timedelta(days=30), minutes_per_hour=45)
    with acting(cast.novice) as nia:
        assert award(cast, 60).hundredths == 100
        assert str(queries.rule_on(nia, date(2026, 8, 31))) == "State hours, version 1"
        assert str(queries.rule_on(nia, clock.today() + timedelta(days=31))) == "District hours, version 2"
        assert [rule.version for rule in queries.list_rules(nia)] == [2, 1, 1]
    with acting(cast.outsider) as uma:
        assert [rule.name for rule in queries.list_rules(uma)] == ["State hours"]


def test_hours_are_taken_back_by_a_new_line_with_a_reason(cast) -> None:
    make_rule(cast.district)
    with acting(cast.novice):
        entry = award(cast)
    with acting(cast.coordinator) as dana:
        taken = credits.reverse(dana, entry_id=entry.pk, reason="Logged twice.")
        assert (taken.hundredths, taken.hours, taken.is_reversal) == (-150, "−1.50", True)
        for again in (entry.pk, taken.pk):
            with pytest.raises(Conflict):
                credits.reverse(dana, entry_id=again, reason="Again.")
        with pytest.raises(NotFound):
            credits.reverse(dana, entry_id=uuid4(), reason="x")
    with acting(cast.novice) as nia:
        lines = {row.pk: row for row in queries.my_entries(nia)}
        assert lines[entry.pk].is_reversed and not lines[taken.pk].is_reversed
        assert queries.total_hundredths(nia) == 0
        assert [(total.hundredths, total.entries) for total in queries.totals(nia)] == [(0, 2)]


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201])
def test_taking_hours_back_needs_a_reason(cast, reason) -> None:
    make_rule(cast.district)
    with acting(cast.novice):
        entry = award(cast)
    with acting(cast.coordinator) as dana, pytest.raises(Invalid):
        credits.reverse(dana, entry_id=entry.pk, reason=reason)


@pytest.mark.parametrize("who", ["novice", "expert", "coach", "principal", "official"])
def test_who_may_not_write_or_take_back_hours(cast, who) -> None:
    make_rule(cast.district)
    with acting(cast.novice):
        entry = award(cast)
    with acting(getattr(cast, who)) as other:
        with pytest.raises(NotAllowed):
            credits.reverse(other, entry_id=entry.pk, reason="x")
        with pytest.raises(NotAllowed):
            credits.award(
                other,
                person_id=cast.novice.pk,
                source_kind="x",
                source_id=uuid4(),
                title="x",
                minutes=60,
                earned_on=EARNED,
            )


def test_another_district_cannot_find_an_entry(cast) -> None:
    make_rule(cast.district)
    with acting(cast.novice):
        entry = award(cast)
    with acting(cast.outsider) as uma, pytest.raises(NotFound):
        credits.reverse(uma, entry_id=entry.pk, reason="x")


@pytest.mark.parametrize("who", ["expert", "coach", "principal", "coordinator", "operator", "official", "outsider"])
def test_a_ledger_is_seen_by_its_owner_only(cast, who) -> None:
    make_rule(cast.district)
    with acting(cast.novice) as nia:
        entry = award(cast)
        assert queries.my_entries(nia).count() == 1
    with acting(getattr(cast, who)) as other:
        assert not queries.my_entries(other).exists()
        assert queries.totals(other) == []
        assert queries.hours_from(other, "reflection", entry.source_id) is None


def test_will_it_count(cast) -> None:
    with acting(cast.novice) as nia:
        assert queries.verdict_for(nia, minutes=60, outside=False).counts == Counts.NO
    make_rule(cast.district, most_minutes=120)
    with acting(cast.coordinator) as dana:
        resource = offer(dana, minutes=600, credit_minutes=60, credit_type="Professional learning")
    with acting(cast.novice) as nia:
        yes = queries.verdict_for(nia, minutes=60, outside=False)
        assert (yes.counts, yes.hours, yes.rule_name, yes.what_is_missing) == (Counts.YES, "1.00", "District hours", ())
        proof = queries.verdict_for(nia, minutes=60, outside=True)
        assert (proof.counts, proof.hours) == (Counts.PARTLY, "1.00") and proof.what_is_missing
        assert queries.verdict_for(nia, minutes=60, outside=True, has_evidence=True).counts == Counts.YES
        capped = queries.verdict_for(nia, minutes=600, outside=False)
        assert (capped.counts, capped.hours, capped.what_is_missing) == (Counts.PARTLY, "2.00", ()) and capped.note
        for unclear in (None, 0, 14):
            assert queries.verdict_for(nia, minutes=unclear, outside=False).counts == Counts.NO
        assert queries.verdict_for_resource(nia, resource.pk).hours == "1.00"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("credit_type", "x" * 41),
        ("minutes_per_hour", 0),
        ("step_minutes", 601),
        ("most_minutes", 60_001),
        ("most_minutes", 10),
        ("effective_from", date(2020, 1, 1)),
        ("effective_from", date(2021, 1, 1)),
    ],
)
def test_wrong_rules_are_refused_and_rules_do_not_reach_back(cast, field, value) -> None:
    make_rule(cast.district)
    with acting(cast.coordinator) as dana:
        said = {"name": "District hours", "credit_type": "Hours", "effective_from": clock.today(), field: value}
        with pytest.raises(Invalid) as refused:
            credits.set_rule(dana, **said)
        assert set(refused.value.fields) == {field}
        assert len(queries.list_rules(dana)) == 1


@pytest.mark.parametrize("who", ["novice", "coach", "principal"])
def test_only_those_who_work_for_the_district_set_rules(cast, who) -> None:
    with acting(getattr(cast, who)) as other, pytest.raises(NotAllowed):
        credits.set_rule(other, name="Mine", credit_type="Hours", effective_from=clock.today())


def test_a_licence_counts_its_own_hours_between_its_days(cast) -> None:
    make_rule(cast.district)
    said: dict[str, Any] = {
        "name": "Teaching licence",
        "credit_type": "Professional learning",
        "hours_needed": 3,
        "counts_from": date(2026, 7, 1),
        "renews_on": date(2029, 6, 30),
    }
    with acting(cast.novice) as nia:
        assert queries.licence_progress(nia) is None
        licence = credits.set_licence(nia, **said)
        assert credits.set_licence(nia, **said).pk == licence.pk
        award(cast)
        award(cast, earned_on=date(2026, 6, 30))
        progress = queries.licence_progress(nia)
        assert progress is not None
        assert (progress.hours, progress.hours_left, progress.is_reached, progress.value) == (
            "1.50",
            "1.50",
            False,
            1.5,
        )
        assert credits.set_licence(nia, **{**said, "hours_needed": 1}).pk == licence.pk
        assert (after := queries.licence_progress(nia)) and after.is_reached
    with acting(cast.coordinator) as dana:
        assert queries.my_licence(dana) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("credit_type", ""),
        ("hours_needed", 0),
        ("renews_on", date(2026, 7, 1)),
        ("renews_on", date(2099, 7, 1)),
    ],
)
def test_wrong_licences_are_refused(cast, field, value) -> None:
    said = {
        "name": "L", "credit_type": "H", "hours_needed": 3,
        "counts_from": date(2026, 7, 1), "renews_on": date(2029, 6, 30),
    }  # fmt: skip
    with acting(cast.novice) as nia, pytest.raises(Invalid) as refused:
        credits.set_licence(nia, **{**said, field: value})
    assert set(refused.value.fields) == {field}


def test_erasing_keeps_the_official_record_and_says_so(cast) -> None:
    make_rule(cast.district)
    with acting(cast.novice) as nia:
        award(cast)
        credits.set_licence(
            nia,
            name="L",
            credit_type="H",
            hours_needed=3,
            counts_from=date(2026, 7, 1),
            renews_on=date(2029, 6, 30),
        )
        told = queries.export_for(nia)
        assert (len(told["credit_entries"]), len(told["licences"])) == (1, 1)
        counts = credits.erase(nia, cast.novice.pk)
        assert counts == {"licences deleted": 1, "credit entries kept: official record of hours": 1}
        assert queries.my_entries(nia).count() == 1
    with acting(cast.expert) as elena, pytest.raises(NotFound):
        credits.erase(elena, cast.novice.pk)


@pytest.mark.parametrize(("hundredths", "words"), [(0, "0.00"), (5, "0.05"), (150, "1.50"), (-25, "−0.25")])
def test_hours_in_words(hundredths, words) -> None:
    assert in_hours(hundredths) == words
