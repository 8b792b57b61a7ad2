"""The pages of a joint plan: started, asked, answered, edited by all alike, and closed to everybody else."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lantern import models as tables
from lantern.domain.courses import commands as courses
from lantern.domain.joint_plans import commands, queries
from lantern.domain.needs import commands as needs
from lantern.domain.plans import queries as plans
from lantern.kernel import clock, tenancy
from tests.cast import Cast, acting, as_, make_person
from tests.domain.test_joint_plans import bring_in, start, this_monday


def words_of(response: Any) -> str:
    """What somebody reads on a page, without its tags."""
    page = re.sub(r"<(script|head)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def at(name: str, *ids: Any) -> str:
    return reverse(f"together:{name}", args=ids)


def send(client: Client, where: str, **data: Any) -> Any:
    return client.post(where, {"idempotency_key": str(uuid4())} | data)


@pytest.mark.requirement("C.7")
def test_two_departments_and_a_leader_plan_together_from_asking_to_their_own_weeks(cast: Cast) -> None:
    """The whole way by the pages: a teacher starts, asks a counsellor of another school and her principal, who find it
    in their inbox, answer, and edit as she does.
    """
    counsellor = make_person(cast.other_school, "Carla Moss", job_kind="counsellor")
    nia, carla, pat = (as_(Client(), each) for each in (cast.novice, counsellor, cast.principal))
    answer = send(nia, at("joint_new"), title="Calmer starts", why="Five minutes are lost")
    assert answer.status_code == 303
    with acting(cast.novice) as actor:
        (plan,) = queries.my_plans(actor)
    for other in (counsellor, cast.principal):
        found = nia.get(at("joint_people", plan.id), {"q": other.given_name})
        assert other.full_name in words_of(found)
        assert send(nia, at("joint_people", plan.id), person_id=str(other.pk)).status_code == 303
    for client, person in ((carla, counsellor), (pat, cast.principal)):
        with tenancy.unscoped("test"):
            notice = tables.Notice.objects.get(person=person, kind="joint_plan_asked")
        assert cast.novice.full_name in words_of(client.get(reverse("home:inbox")))
        led = send(client, reverse("home:open_notice", args=[notice.pk]))
        page = words_of(client.get(led["Location"]))
        assert "Five minutes are lost" in page and "same rights" in page
        assert send(client, led["Location"] + "answer/", answer="yes").status_code == 303
    step = {"title": "Watch one start", "minutes": "20", "monday": this_monday().isoformat()}
    send(carla, at("joint_step_new", plan.id), **step)
    send(pat, at("joint_edit", plan.id), title="Calm starts", why="", version="1")
    page = words_of(nia.get(at("joint_plan", plan.id)))
    assert "Calm starts" in page and "Watch one start" in page and "This week" in page
    send(nia, at("joint_mine", plan.id))
    with acting(cast.novice) as actor:
        assert [item.title for item in plans.this_week(actor).items] == ["Watch one start"]
    history = words_of(pat.get(at("joint_history", plan.id)))
    assert "Carla Moss added “Watch one start”" in history and "Title: Calmer starts → Calm starts" in history


@pytest.mark.requirement("C.7")
def test_what_the_others_see_is_the_same_to_the_byte_whatever_she_does_in_her_weeks(cast: Cast) -> None:
    plan = start(cast.novice)
    bring_in(plan, cast.novice, cast.principal)
    with acting(cast.principal) as pat:
        step = commands.add_step(pat, plan_id=plan.pk, title="Watch one start", minutes=20)
    client = as_(Client(), cast.principal)
    pages = [at("joint_plans"), *(at(name, plan.pk) for name in ("joint_plan", "joint_people", "joint_history"))]

    def seen() -> list[Any]:
        answers = []
        for page in [*pages, at("joint_step", step.pk)]:
            with CaptureQueriesContext(connection) as asked:
                answers.append((words_of(client.get(page)), len(asked)))
        return answers

    with clock.standing_at(clock.now()):
        seen()
        before = seen()
        send(as_(Client(), cast.novice), at("joint_mine", plan.pk))
        with acting(cast.novice) as nia:
            (item,) = plans.this_week(nia).items
            courses.set_progress(nia, activity_id=item.activity_id, percent=100, minutes_spent=20)
        assert seen() == before
        send(as_(Client(), cast.novice), at("joint_step_done", step.pk), done="yes")
        assert "Done, as they say: Nia Young" in seen()[1][0], "only by her own act"


@pytest.mark.requirement("C.7")
@pytest.mark.parametrize("role", ["expert", "coordinator", "operator", "official", "outsider"])
def test_a_plan_one_is_not_in_is_the_same_as_none_by_every_address(cast: Cast, role: str) -> None:
    plan = start(cast.novice)
    bring_in(plan, cast.novice, cast.principal)
    with acting(cast.novice) as nia:
        step = commands.add_step(nia, plan_id=plan.pk, title="One", minutes=20)
        asked = commands.invite(nia, plan_id=plan.pk, person_id=cast.para.pk)
    client = as_(Client(), getattr(cast, role))
    about = {
        plan.pk: ("joint_plan", "joint_edit", "joint_leave", "joint_mine", "joint_history", "joint_people",
                  "joint_step_new"),
        step.pk: ("joint_step", "joint_step_remove", "joint_step_back", "joint_step_done"),
        asked.pk: ("joint_invitation", "joint_answer", "joint_take_back"),
    }  # fmt: skip
    sent = {"title": "x", "minutes": "5", "version": "1", "done": "yes", "answer": "yes"}
    for thing, names in about.items():
        for name in names:
            real, none = at(name, thing), at(name, uuid4())
            for ask in (client.get, lambda where: client.post(where, sent)):
                mine, twin = ask(real), ask(none)
                assert mine.status_code == twin.status_code and mine.status_code in (404, 405)
                assert words_of(mine) == words_of(twin)
    with acting(cast.novice) as nia:
        assert queries.get_plan(nia, plan.pk).title == "Calmer starts"


@pytest.mark.requirement("C.7")
def test_two_windows_at_the_same_time_lose_no_word(cast: Cast) -> None:
    plan = start(cast.novice)
    bring_in(plan, cast.novice, cast.principal)
    nia, pat = as_(Client(), cast.novice), as_(Client(), cast.principal)
    send(pat, at("joint_edit", plan.pk), title="Calm starts", why="His words", version="1")
    met = send(nia, at("joint_edit", plan.pk), title="Quiet starts", why="Her words", version="1")
    page = words_of(met)
    assert (
        met.status_code == 409
        and "His words" in page
        and "Her words" in page
        and "Quiet starts" in met.content.decode()
    )
    assert send(nia, at("joint_edit", plan.pk), title="Quiet starts", why="Her words", version="2").status_code == 303
    send(nia, at("joint_step_new", plan.pk), title="Watch one", minutes="20")
    with acting(cast.novice) as actor:
        (step,) = queries.get_plan(actor, plan.pk).steps
    send(pat, at("joint_step", step.id), title="Watch one", minutes="45", version="1")
    met = send(nia, at("joint_step", step.id), title="Watch two", minutes="20", version="1")
    assert met.status_code == 409 and "45 minutes" in words_of(met) and 'value="Watch two"' in met.content.decode()
    send(pat, at("joint_step_remove", step.id))
    assert send(nia, at("joint_step", step.id), title="Watch two", minutes="20", version="3").status_code == 409
    assert send(nia, at("joint_step_back", step.id)).status_code == 303
    assert send(nia, at("joint_step", step.id), title="Watch two", minutes="20", version="4").status_code == 303


def test_a_form_that_lacks_something_comes_back_with_its_reason(cast: Cast) -> None:
    plan = start(cast.novice)
    nia = as_(Client(), cast.novice)
    assert "Give the plan a name." in words_of(send(nia, at("joint_new"), title=" "))
    refused = send(nia, at("joint_step_new", plan.pk), title="", minutes="0", monday="2020-01-06")
    page = words_of(refused)
    assert refused.status_code == 422
    assert "Choose between 1 and 3000 minutes." in page and "Choose a week from the list." in page
    assert send(nia, at("joint_people", plan.pk), person_id="nobody").status_code == 422
    assert send(nia, at("joint_step_new", plan.pk), title="A", minutes="5", resource_id=str(uuid4())).status_code == 404


def test_a_step_comes_from_the_catalog(cast: Cast) -> None:
    plan = start(cast.novice)
    nia = as_(Client(), cast.novice)
    with tenancy.unscoped("factory"):
        now = clock.now()
        resource = tables.Resource.objects.create(
            tenant_id=cast.district.pk, kind="video", modality="self_paced", title="Number talks", minutes=30,
            created_at=now, updated_at=now,
        )  # fmt: skip
    page = nia.get(at("joint_step_new", plan.pk), {"resource": str(resource.pk)}).content.decode()
    assert 'value="Number talks"' in page
    sent = {"title": "Number talks", "minutes": "30", "resource_id": str(resource.pk)}
    send(nia, at("joint_step_new", plan.pk), **sent)
    assert reverse("learn:resource", args=[resource.pk]) in nia.get(at("joint_plan", plan.pk)).content.decode()


def test_this_week_comes_first_and_what_is_over_last(cast: Cast) -> None:
    plan = start(cast.novice)
    with acting(cast.novice) as nia:
        for weeks, title in ((3, "Later"), (0, "Now"), (None, "Some day")):
            monday = this_monday() + timedelta(weeks=weeks) if weeks is not None else None
            commands.add_step(nia, plan_id=plan.pk, title=title, minutes=20, monday=monday)
    with tenancy.unscoped("factory"):
        step = tables.JointStep.objects.get(title="Later")
        now, step.pk = step.created_at, uuid4()
        step.title, step.monday, step.created_at = "Long ago", this_monday() - timedelta(weeks=4), now
        step.save(force_insert=True)
    page = words_of(as_(Client(), cast.novice).get(at("joint_plan", plan.pk)))
    places = [page.index(each) for each in ("This week", "Now", "Later", "Some day", "Weeks that are over", "Long ago")]
    assert places == sorted(places)


@pytest.mark.requirement("P1.2")
def test_a_need_of_the_group_leads_into_a_joint_plan(cast: Cast) -> None:
    """Who asked for it together plans it together; members of another school see the plan, not what was asked there."""
    with acting(cast.novice) as nia:
        need = needs.propose_group_need(nia, organisation_id=cast.school.pk, title="Calmer days")
    client = as_(Client(), cast.novice)
    link = f"{at('joint_new')}?group_need={need.pk}"
    assert link in client.get(at("group_needs")).content.decode()
    assert 'value="Calmer days"' in client.get(link).content.decode()
    send(client, at("joint_new"), title="Calm days, our way", group_need_id=str(need.pk))
    away = make_person(cast.other_school, "Carla Moss")
    with acting(cast.novice) as nia:
        (plan,) = queries.my_plans(nia, group_need_id=need.pk)
    bring_in(tables.JointPlan(pk=plan.id), cast.novice, away)
    assert "Calmer days" in words_of(client.get(at("joint_plan", plan.id)))
    other = as_(Client(), away)
    assert "Calmer days" not in words_of(other.get(at("joint_plan", plan.id)))
    assert other.get(link).status_code == 404
    assert client.get(f"{at('joint_new')}?group_need=nonsense").status_code == 404


@pytest.mark.requirement("P1.2")
def test_who_plans_the_days_sees_what_has_most_votes_first_and_can_plan_it_with_them(cast: Cast) -> None:
    with acting(cast.novice) as nia:
        few = needs.propose_group_need(nia, organisation_id=cast.school.pk, title="More paper")
        most = needs.propose_group_need(nia, organisation_id=cast.school.pk, title="Calmer days")
    with acting(cast.expert) as elena:
        needs.vote(elena, group_need_id=most.pk, wanted=True)
    client = as_(Client(), cast.principal)
    page = client.get(reverse("lead:days")).content.decode()
    assert page.index("Calmer days") < page.index("More paper")
    link = f"{at('joint_new')}?group_need={most.pk}"
    assert link in page and 'value="Calmer days"' in client.get(link).content.decode()
    send(client, at("joint_new"), title="Calmer days", group_need_id=str(few.pk))
    assert "It began with what a group asked for: More paper" in words_of(
        client.get(at("joint_plan", first_plan_of(cast.principal)))
    )


def first_plan_of(person: Any) -> Any:
    with acting(person) as actor:
        return queries.my_plans(actor)[0].id


def test_questions_do_not_grow_with_what_is_in_it(cast: Cast) -> None:
    client = as_(Client(), cast.novice)
    plan = start(cast.novice)
    bring_in(plan, cast.novice, cast.para)

    def asked() -> list[int]:
        counts = []
        for page in (at("joint_plans"), at("joint_plan", plan.pk), at("joint_history", plan.pk), at("overview")):
            client.get(page)
            with CaptureQueriesContext(connection) as seen:
                assert client.get(page).status_code == 200
            counts.append(len(seen))
        return counts

    with acting(cast.novice) as nia:
        commands.add_step(nia, plan_id=plan.pk, title="One", minutes=20, monday=this_monday())
    few = asked()
    bring_in(plan, cast.novice, cast.principal, cast.expert)
    for number in range(3):
        start(cast.novice, title=f"Another {number}")
        with acting(cast.novice) as nia:
            commands.add_step(nia, plan_id=plan.pk, title=str(number), minutes=20, monday=this_monday())
    assert asked() == few
