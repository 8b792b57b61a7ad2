"""Lantern comes back after the day of the trial: once, and never in a quiet week."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lantern.domain.evidence import commands as evidence
from lantern.domain.evidence import queries
from lantern.domain.notices import commands as notice_commands
from lantern.domain.notices import queries as notices
from lantern.domain.plans import commands as plans
from lantern.flows.ask_how_it_went import JOB, ask_how_it_went
from lantern.kernel import clock, jobs, tenancy
from lantern.kernel.errors import NotAllowed
from tests.cast import acting, actor_of, system_of
from tests.domain.learning_factory import logged, reflected

pytestmark = pytest.mark.django_db


def run(cast, organisation=None):
    actor = system_of(organisation or cast.district)
    with tenancy.within(actor.tenancy):
        return ask_how_it_went(actor, lambda *told: None)


@pytest.fixture
def waiting(cast):
    with acting(cast.novice) as nia:
        return reflected(nia, logged(nia), try_on=clock.today() + timedelta(days=2))


@pytest.mark.requirement("B.7")
def test_it_asks_after_the_day_and_never_twice(cast, waiting, time_machine) -> None:
    start = clock.now()
    assert run(cast) == {"asked": 0, "later": 0}
    time_machine.move_to(start + timedelta(days=2))
    assert run(cast) == {"asked": 0, "later": 0}
    time_machine.move_to(start + timedelta(days=3))
    assert run(cast) == {"asked": 1, "later": 0}
    assert run(cast) == {"asked": 0, "later": 0}
    with acting(cast.novice) as nia:
        (notice,) = notices.my_notices(nia)
        assert (notice.kind, notice.item_id) == ("how_did_it_go", waiting.pk)
        assert list(queries.reflections_to_answer(nia)) == [waiting]


@pytest.mark.requirement("B.7")
def test_a_quiet_week_is_left_in_peace_and_asked_after_it(cast, waiting, time_machine) -> None:
    time_machine.move_to(clock.now() + timedelta(days=3))
    with acting(cast.novice) as nia:
        monday = clock.week_start(clock.today())
        plans.set_plan(nia, begins_on=monday, weeks=4)
        plans.set_week(nia, monday=monday, minutes=0, quiet=True, note="Exams")
    assert run(cast) == {"asked": 0, "later": 1}
    with acting(cast.novice) as nia:
        assert not notices.my_notices(nia).exists()
    time_machine.move_to(clock.now() + timedelta(days=7))
    assert run(cast) == {"asked": 1, "later": 0}


def test_who_has_answered_is_not_asked(cast, waiting, time_machine) -> None:
    with acting(cast.novice) as nia:
        evidence.answer_reflection(nia, reflection_id=waiting.pk, outcome="worked")
    time_machine.move_to(clock.now() + timedelta(days=3))
    assert run(cast) == {"asked": 0, "later": 0}


def test_a_new_day_is_asked_about_again(cast, waiting, time_machine) -> None:
    time_machine.move_to(clock.now() + timedelta(days=3))
    run(cast)
    with acting(cast.novice) as nia:
        (notice,) = notices.my_notices(nia)
        notice_commands.read_notice(nia, notice_id=notice.pk)
        day = clock.today() + timedelta(days=4)
        evidence.answer_reflection(nia, reflection_id=waiting.pk, outcome="not_tried", try_on=day)
    time_machine.move_to(clock.now() + timedelta(days=5))
    assert run(cast) == {"asked": 1, "later": 0}
    with acting(cast.novice) as nia:
        assert notices.count_unread(nia) == 1


def test_each_tenant_is_asked_on_its_own_and_only_by_lantern(cast, waiting, time_machine) -> None:
    time_machine.move_to(clock.now() + timedelta(days=3))
    assert run(cast, cast.far_district) == {"asked": 0, "later": 0}
    with acting(cast.coordinator) as dana, pytest.raises(NotAllowed):
        ask_how_it_went(dana, lambda *told: None)


def test_the_jobs_are_registered(cast) -> None:
    assert {JOB, "mail.deliver"} <= set(jobs.registered())
    assert actor_of(cast.novice).person_id


def test_waiting_mail_is_delivered_once(cast, mailoutbox) -> None:
    from lantern.flows.mail import deliver

    actor = system_of(cast.district)
    with tenancy.within(actor.tenancy):
        notice_commands.notify(actor, person_id=cast.novice.pk, kind="hours_taken_back")
        assert deliver(actor, lambda *told: None) == {"sent": 1}
        assert deliver(actor, lambda *told: None) == {"sent": 0}
    assert len(mailoutbox) == 1
