"""A reflection earns what the rule gives, in one transaction; proof that hours rest on stays where it is."""

from __future__ import annotations

from datetime import date

import pytest

from lantern.domain.courses import commands as courses
from lantern.domain.courses import queries as course_queries
from lantern.domain.credits import commands as credits
from lantern.domain.credits import queries
from lantern.domain.evidence import commands as evidence
from lantern.domain.evidence import queries as evidence_queries
from lantern.domain.notices import queries as notices
from lantern.kernel import files
from lantern.kernel.errors import Conflict
from lantern.kernel.events import _handlers as registered
from lantern.kernel.events import handles
from lantern.kernel.events.models import EventRecord
from tests.cast import acting
from tests.domain.learning_factory import logged, make_rule, offer, reflected, with_file

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files_of_its_own(settings, tmp_path):
    settings.LANTERN_FILES = tmp_path / "files"


@pytest.mark.requirement("A.6")
def test_a_resource_earns_what_was_promised_before(cast) -> None:
    make_rule(cast.district)
    with acting(cast.coordinator) as dana:
        resource = offer(dana, minutes=100)
    with acting(cast.novice) as nia:
        promised = queries.verdict_for_resource(nia, resource.pk)
        activity = courses.take_up(nia, resource_id=resource.pk)
        courses.set_progress(nia, activity_id=activity.pk, percent=100, minutes_spent=100)
        assert not queries.my_entries(nia).exists()
        made = reflected(nia, activity, minutes=100)
        assert queries.hours_from(nia, "reflection", made.pk) == promised.hundredths == 150
        (entry,) = queries.my_entries(nia)
        assert (entry.title, entry.minutes, entry.rule.name) == ("Number talks", 100, "District hours")
        told = EventRecord.objects.get(name="CreditAwarded")
        assert told.actor_id is None


@pytest.mark.requirement("P2.4")
def test_a_sunday_webinar_earns_its_hours_once_there_is_proof(cast) -> None:
    make_rule(cast.district)
    with acting(cast.novice) as nia:
        webinar = logged(nia, minutes=90, happened_on=date(2026, 10, 4))
        verdict = queries.verdict_for_activity(nia, webinar.pk)
        assert (verdict.hours, len(verdict.what_is_missing)) == ("1.50", 1)
        made = reflected(nia, webinar)
        assert queries.hours_from(nia, "reflection", made.pk) is None
        assert queries.reflections_waiting_for_evidence(nia) == [made]
        with_file(nia, webinar)
        with_file(nia, webinar, "More proof.")
        (entry,) = queries.my_entries(nia)
        assert (entry.hours, entry.earned_on, entry.period) == ("1.50", date(2026, 10, 4), "2026-27")
        assert queries.reflections_waiting_for_evidence(nia) == []


def test_proof_first_and_reflection_later_is_as_good(cast) -> None:
    make_rule(cast.district)
    with acting(cast.novice) as nia:
        webinar = logged(nia)
        with_file(nia, webinar)
        made = reflected(nia, webinar)
        assert queries.hours_from(nia, "reflection", made.pk) == 150


def test_a_rule_may_ask_for_no_proof(cast) -> None:
    make_rule(cast.district, outside_needs_evidence=False)
    with acting(cast.novice) as nia:
        assert queries.hours_from(nia, "reflection", reflected(nia, logged(nia)).pk) == 150


def test_the_rule_of_the_day_of_learning_holds(cast) -> None:
    make_rule(cast.district, outside_needs_evidence=False, effective_from=date(2026, 10, 5))
    with acting(cast.novice) as nia:
        before = reflected(nia, logged(nia, happened_on=date(2026, 10, 4)))
        after = reflected(nia, logged(nia, happened_on=date(2026, 10, 5)))
        assert queries.hours_from(nia, "reflection", before.pk) is None
        assert queries.hours_from(nia, "reflection", after.pk) == 150


def test_a_resource_counts_at_most_what_it_states(cast) -> None:
    make_rule(cast.district)
    with acting(cast.coordinator) as dana:
        resource = offer(dana, minutes=60, credit_minutes=60, credit_type="Professional learning")
    with acting(cast.novice) as nia:
        activity = courses.take_up(nia, resource_id=resource.pk)
        assert queries.hours_from(nia, "reflection", reflected(nia, activity, minutes=300).pk) == 100


@pytest.mark.parametrize("broken", [True, False])
def test_if_hours_cannot_be_written_nothing_is_saved(cast, broken) -> None:
    """The control (broken=False) shows that it is the failing handler that takes everything back."""
    from lantern.domain.credits.events import CreditAwarded

    make_rule(cast.district, outside_needs_evidence=False)

    class Broken(Exception):
        pass

    @handles(CreditAwarded)
    def fall_over(actor, event) -> None:
        if broken:
            raise Broken

    try:
        with acting(cast.novice) as nia:
            activity = logged(nia, happened_on=None)
            if broken:
                with pytest.raises(Broken):
                    reflected(nia, activity)
            else:
                reflected(nia, activity)
            assert evidence_queries.my_reflections(nia).exists() is not broken
            assert queries.my_entries(nia).exists() is not broken
            assert course_queries.get_activity(nia, activity.pk).is_finished is not broken
            assert EventRecord.objects.filter(name="ReflectionSubmitted").exists() is not broken
    finally:
        registered[CreditAwarded].remove(fall_over)


@pytest.mark.django_db(transaction=True)
def test_the_last_proof_behind_hours_stays(cast) -> None:
    make_rule(cast.district)
    with acting(cast.novice) as nia:
        webinar = logged(nia)
        proof = with_file(nia, webinar)
        reflected(nia, webinar)
        with pytest.raises(Conflict, match=r"1\.50 hours"):
            evidence.remove_evidence(nia, evidence_id=proof.pk)
        assert b"".join(files.open_range(evidence_queries.get_evidence(nia, proof.pk).file.key)) == b"I was there."
        other = with_file(nia, webinar, "A better proof.")
        evidence.remove_evidence(nia, evidence_id=proof.pk)
        entry = queries.my_entries(nia).get()
    with acting(cast.coordinator) as dana:
        credits.reverse(dana, entry_id=entry.pk, reason="Logged twice.")
    with acting(cast.novice) as nia:
        evidence.remove_evidence(nia, evidence_id=other.pk)
        assert not evidence_queries.my_evidence(nia).exists()


def test_taking_hours_back_tells_their_owner(cast) -> None:
    make_rule(cast.district, outside_needs_evidence=False)
    with acting(cast.novice) as nia:
        reflected(nia, logged(nia))
        entry = queries.my_entries(nia).get()
    with acting(cast.coordinator) as dana:
        credits.reverse(dana, entry_id=entry.pk, reason="Logged twice.")
    with acting(cast.novice) as nia:
        assert [row.kind for row in notices.my_notices(nia)] == ["hours_taken_back"]


def test_without_a_rule_learning_is_kept_and_earns_nothing(cast) -> None:
    with acting(cast.novice) as nia:
        webinar = logged(nia)
        with_file(nia, webinar)
        assert reflected(nia, webinar).pk
        assert not queries.my_entries(nia).exists()
        assert queries.reflections_waiting_for_evidence(nia) == []
