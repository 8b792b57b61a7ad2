"""What happens by itself: planned once, at the right hour, a job in every tenant, all of them known."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django_q.models import Schedule

from lantern.domain.people import queries as people
from lantern.flows import schedule
from lantern.kernel import jobs, tenancy
from tests import cast

pytestmark = pytest.mark.django_db


def test_every_recurring_job_is_registered():
    wanted = {job for piece in schedule.RECURRING for job in piece.jobs}
    assert wanted <= set(jobs.registered())


def test_planning_twice_plans_once_and_keeps_the_dates():
    assert schedule.missing() == [piece.name for piece in schedule.RECURRING]
    schedule.install()
    dates = dict(Schedule.objects.values_list("name", "next_run"))
    schedule.install()
    assert dict(Schedule.objects.values_list("name", "next_run")) == dates
    assert len(dates) == len(schedule.RECURRING)
    assert schedule.missing() == []


def test_what_is_not_recurring_any_more_is_taken_off_the_plan():
    Schedule.objects.create(name="lantern: old", func=schedule.CARRY_OUT, args="('old',)", schedule_type="D")
    schedule.install()
    assert not Schedule.objects.filter(name="lantern: old").exists()


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("suggestions", datetime(2026, 12, 12, 2, 0, tzinfo=UTC)),
        ("release", datetime(2027, 1, 1, 3, 0, tzinfo=UTC)),
        ("mail", datetime(2026, 12, 11, 18, 0, tzinfo=UTC)),
    ],
)
def test_the_first_time_is_at_its_hour(settings, name, wanted):
    settings.TIME_ZONE = "UTC"
    piece = next(one for one in schedule.RECURRING if one.name == name)
    assert schedule.first_run(piece, datetime(2026, 12, 11, 18, 0, tzinfo=UTC)) == wanted


def waiting(tenant):
    with tenancy.within(people.tenancy_of(tenant.pk)):
        return [row.name for row in jobs.Job.objects.filter(state="waiting")]


def test_every_tenant_gets_the_job_once_however_often_it_is_due():
    state = cast.make_tenant("state", "Maple")
    district = cast.make_tenant("district", "Riverbend", state)
    for _ in range(2):
        assert schedule.carry_out("suggestions") == "2 jobs queued"
    assert waiting(state) == waiting(district) == ["recommendations.refresh_all"]
    assert schedule.backlog().waiting == 2


def test_a_tenant_that_left_gets_none():
    gone = cast.make_tenant("district", "Gone")
    with tenancy.unscoped("factory"):
        type(gone).objects.filter(pk=gone.pk).update(active=False)
    assert schedule.carry_out("suggestions") == "0 jobs queued"


def test_mail_and_housekeeping_run_with_nothing_to_do(settings, tmp_path):
    settings.LANTERN_FILES = tmp_path / "files"
    assert schedule.carry_out("mail") == "0 sent"
    assert schedule.carry_out("housekeeping") == "0 old jobs forgotten, 0 unfinished files removed"


def test_an_unknown_name_is_refused():
    with pytest.raises(LookupError, match="paint the fence"):
        schedule.carry_out("paint the fence")
