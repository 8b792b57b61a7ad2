"""A teacher in her first year goes once round the loop, in a browser without JavaScript."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from lantern.domain.people.models import Person
from lantern.kernel import clock
from tests.cast import Cast, competencies_of
from tests.journeys.conftest import Door
from tests.journeys.forms import Browser, Screen
from tests.journeys.worker import by_schedule, work

pytestmark = pytest.mark.django_db

GOAL = "My quiet children talk mathematics"
FIRST = "Your first number talk"


def in_days(days: int) -> str:
    """A day as forms take it."""
    return str(clock.today() + timedelta(days=days))


def set_goal(browser: Browser, cast: Cast, **changes: Any) -> Screen:
    """Fill in the form of a new goal about number talks."""
    talks = competencies_of(cast.framework)[2]
    said = {
        "title": GOAL, "why": "Five children do all the talking.", "measure": "Children who explain their thinking",
        "baseline": "5 of 24", "target": "15 of 24", "due_on": in_days(60),
        "competency_id": talks.pk, "target_level": 2,
    }  # fmt: skip
    return browser.open("/grow/goals/new/").press("Set this goal", **said | changes)


@pytest.mark.requirement("P4.1")
def test_a_newcomer_starts_in_two_minutes_and_finds_all_five_within_two_clicks(newcomer: Person, door: Door) -> None:
    browser = door(newcomer)
    home = browser.open("/")
    assert home.path == "/home/"
    home.says("Good", "Nora")
    start = home.go("Tell Lantern what suits you")
    start.says("Two minutes to begin", "Skip all of it")
    form, _ = start.find("Show my first suggestions")
    assert all(not control.required for control in form.controls)
    home = start.press("Show my first suggestions", minutes_per_week=60, liked_kinds=["video", "podcast"])
    assert home.path == "/home/"
    home.says("Chosen for you", "of 60 minutes planned")
    one_click = {href.partition("?")[0] for _, href in home.links}
    two_clicks = set(one_click)
    for path in sorted(one_click):
        if path.startswith("/") and not path.startswith(("/static/", "/sign-in/")):
            two_clicks |= {href.partition("?")[0] for _, href in browser.open(path).links}
    assert "/home/announcements/" in two_clicks
    assert any(path.startswith("/learn/resources/") for path in one_click)
    assert "/learn/" in one_click
    assert "/together/communities/" in two_clicks
    assert "/learn/?kind=tool" in {href for _, href in home.links}
    assert browser.open("/start/").status == 200


@pytest.mark.requirement("P7.5")
@pytest.mark.parametrize(
    ("question", "module"),
    [
        ("How do I start my first number talk with a shy class?", FIRST),
        ("what helps me give feedback when I only have a minute?", "Feedback in a minute"),
        ("is there a book about feedbak", "The feedback book"),
    ],
)
def test_a_question_in_plain_words_leads_to_a_fitting_module_and_into_the_plan(
    newcomer: Person, door: Door, question: str, module: str
) -> None:
    nora = door(newcomer)
    found = nora.open("/learn/").press("Search", q=question)
    titles = [words for words, href in found.links if href.startswith("/learn/resources/")]
    assert titles[0] == module, "of eight things the fitting one comes first, whatever else is in the question"
    found.go(module).press("Add to my plan").says("It is in your plan")
    assert module in [words for words, _ in nora.open("/grow/plan/").links]


@pytest.mark.requirement("B.1")
def test_a_goal_without_a_measure_is_refused_and_taken_with_one(newcomer: Person, riverbend: Cast, door: Door) -> None:
    nora = door(newcomer)
    refused = set_goal(nora, riverbend, measure="")
    assert refused.status == 422
    refused.says("A goal needs a measure")
    form, _ = refused.find("Set this goal")
    kept = {control.name: control.value for control in form.controls}
    assert (kept["title"], kept["target"]) == (GOAL, "15 of 24")
    goal = refused.press("Set this goal", measure="Children who explain their thinking")
    assert goal.status == 200
    goal.says(GOAL, "Children who explain their thinking", "Only you can see it")
    paper = nora.open("/grow/plan/print/")
    paper.says(GOAL, "Children who explain their thinking", "5 of 24", "15 of 24", "Number talks")


@pytest.mark.requirement("B.7")
@pytest.mark.requirement("A.6")
@pytest.mark.requirement("C.2")
def test_a_novice_goes_once_round_the_loop(newcomer: Person, riverbend: Cast, door: Door, time_machine: Any) -> None:
    nora = door(newcomer)
    nora.open("/start/").press("Show my first suggestions", minutes_per_week=60)
    notices_a_need(nora)
    set_goal(nora, riverbend).says("Your goal is set")
    work()
    chooses_and_plans(nora)
    keeps_a_week_quiet(nora)
    reflection = learns_and_reflects(nora)
    sees_what_it_counts(nora)
    is_asked_how_it_went(nora, newcomer, reflection, riverbend, door, time_machine)


def notices_a_need(nora: Browser) -> None:
    """She says it in her own words, and confirms the competency that Lantern proposes."""
    words = "I want number talks where more children speak"
    offered = nora.open("/grow/needs/words/").press("See what fits", words=words)
    offered.says("Does one of these fit?", "Number talks", "You wrote:")
    needs = offered.press_twice("These fit")
    assert needs.path == "/grow/needs/"
    needs.says("Number talks", words)
    assert needs.text.count(words) == 1
    rated = nora.open("/grow/needs/rate/")
    form, _ = rated.find("Save")
    name = sorted(form.names())[2]
    rated.press("Save", **{name: "0"}).says("1 answer is saved. Only you can see them.")


def chooses_and_plans(nora: Browser) -> None:
    """Few suggestions, each with its reason; one goes into her plan."""
    home = nora.open("/home/")
    home.says("Chosen for you", "Because")
    few = nora.open("/home/suggestions/")
    few.says(FIRST, "points: see where they come from", "Show all that fit")
    page = few.go(FIRST)
    page.says("Will it count?", "It counts 0.50 hours", "Put it in your plan")
    form, _ = page.find("Add to my plan")
    goal = next(value for value, words in form.choices("goal_id") if words == GOAL)
    second_week = form.choices("monday")[2][0]
    page = page.press_twice("Add to my plan", monday=second_week, goal_id=goal)
    page.says("It is in your plan, in the week of")
    plan = nora.open("/grow/plan/")
    assert len([1 for words, href in plan.links if words == FIRST]) == 1
    plan.says(f"For your goal “{GOAL}”")


def keeps_a_week_quiet(nora: Browser) -> None:
    """The week it was planned for turns busy: what was in it waits, and goes into another."""
    plan = nora.open("/grow/plan/")
    weeks = [(words, href) for words, href in plan.links if words.startswith("Change the minutes")]
    week = nora.open(weeks[1][1])
    week.says("planned in it now.")
    plan = week.press("Save", quiet="on", note="Report cards", minutes="0")
    plan.says("is quiet", "waits below, in no week yet", "Kept quiet: Report cards")
    form, _ = plan.find("Move", FIRST)
    offered = form.choices("week")
    assert weeks[1][1].split("/")[-2] not in [value for value, _ in offered]
    this_week = next(value for value, _ in offered if value != "none")
    plan.press("Move", FIRST, week=this_week).says(f"“{FIRST}” is now in the week of")


def learns_and_reflects(nora: Browser) -> Screen:
    """From home to the activity, to done, to a class and a day."""
    activity = nora.open("/home/").go(FIRST)
    half = activity.press("Half way")
    half.says("Noted.")
    done = half.press_twice("Done")
    done.says("Done. Take a moment to reflect")
    form = done.go("Reflect")
    form.says("What do you take from it?", "Your words stay private")
    said = {
        "takeaway": "Wait, then ask a second child.", "try_class": "grade 4 mathematics", "try_on": in_days(1),
        "minutes": 30,
    }  # fmt: skip
    reflection = form.press_twice("Save", **said)
    reflection.says("0.50 hours earned", "With grade 4 mathematics", "Lantern asks afterwards how it went")
    return reflection


def sees_what_it_counts(nora: Browser) -> None:
    """Her record has one line, on the page and on paper."""
    record = nora.open("/portfolio/transcript/")
    record.says(FIRST, "0.50 hours in all", "Professional learning")
    assert record.text.count(FIRST) == 1
    pdf = nora.open(record.link("Save as PDF"))
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")
    record.silent("Wait, then ask a second child.")


def is_asked_how_it_went(
    nora: Browser, newcomer: Person, reflection: Screen, riverbend: Cast, door: Door, time_machine: Any
) -> None:
    """After the day Lantern asks, once; "it did not work" is an answer like any other."""
    by_schedule("how-it-went")
    assert "How did it go" not in nora.open("/home/inbox/").text
    time_machine.move_to(clock.now() + timedelta(days=2))
    nora = door(newcomer)
    by_schedule("how-it-went")
    by_schedule("how-it-went")
    home = nora.open("/home/")
    home.says("How did it go in your class?", "with grade 4 mathematics")
    inbox = nora.open("/home/inbox/")
    assert inbox.text.count("How did it go in your class?") == 2  # the line, and its button for a screen reader
    mail.outbox.clear()
    by_schedule("mail")
    assert [letter.to for letter in mail.outbox] == [[newcomer.email]]
    assert "second child" not in mail.outbox[0].body and FIRST not in mail.outbox[0].body
    asked = inbox.press("Open", "How did it go")
    asked.says("How did it go?", "What did not work is as good an answer as what did. Only you can read it.")
    told = asked.press_twice("Save", outcome="did_not_work", what_happened="They fell silent. I asked too fast.")
    assert told.path == reflection.path
    told.says("Thank you. That is worth keeping.", "It did not work, and I learned from it", "0.50 hours earned")
    for word in ("fail", "missed", "overdue", "should have", "behind"):
        assert word not in told.text.lower()
    nora.open("/portfolio/transcript/").says("0.50 hours in all").silent("did not work", "fell silent")
    for somebody in (riverbend.principal, riverbend.coordinator, riverbend.coach):
        assert door(somebody).open(reflection.path).status == 404


@pytest.mark.requirement("A.2")
def test_the_shortlist_is_short_and_of_different_formats_with_all_behind_it(
    newcomer: Person, riverbend: Cast, door: Door
) -> None:
    nora = door(newcomer)
    nora.open("/start/").press("Show my first suggestions")
    set_goal(nora, riverbend)
    work()
    few = nora.open("/home/suggestions/")
    short = [href for _, href in few.links if href.startswith("/learn/resources/")]
    everything = few.go("Show all that fit")
    whole = [href for _, href in everything.links if href.startswith("/learn/resources/")]
    assert len(set(short)) <= 6 < len(set(whole)) <= 8
    kinds = {nora.open(path).html.partition("ui-chip")[2].partition("</")[0] for path in set(short)}
    assert len(kinds) >= 3


def test_a_suggestion_goes_into_the_plan_from_home_and_from_its_goal(
    newcomer: Person, riverbend: Cast, door: Door
) -> None:
    nora = door(newcomer)
    nora.open("/start/").press("Show my first suggestions", minutes_per_week=60)
    home = nora.open("/home/")
    after = home.press_twice("Add to plan", FIRST)
    assert after.path.startswith("/home/")
    after.says("It is in your plan")
    goal = set_goal(nora, riverbend)
    some = goal.go("See what could help with this goal")
    some.says("Suggestions for a goal", GOAL)
    back = some.press_twice("Add to plan", "Number talks in a month")
    assert back.path == goal.path
    back.says("It is in your plan", "Number talks in a month")
    nora.open("/grow/plan/").says(FIRST, "Number talks in a month", f"For your goal “{GOAL}”")


@pytest.mark.requirement("A.1")
def test_novice_and_expert_with_the_same_goal_get_different_first_steps(riverbend: Cast, door: Door) -> None:
    first: dict[str, Screen] = {}
    for person in (riverbend.novice, riverbend.expert):
        browser = door(person)
        set_goal(browser, riverbend, target_level=4).says("Your goal is set")
        if person is riverbend.expert:
            rated = browser.open("/grow/needs/rate/")
            name = f"level-{competencies_of(riverbend.framework)[2].pk}"
            rated.press("Save", **{name: "3"})
        work()
        home = browser.open("/home/")
        first[person.given_name] = home.go(next(w for w, href in home.links if href.startswith("/learn/resources/")))
        home.says("Because")
    assert first["Nia"].path != first["Elena"].path
    first["Nia"].says(FIRST)
    first["Elena"].says("Lead a number talk study")
