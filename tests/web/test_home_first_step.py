"""The first step towards a goal is another for somebody new than for somebody who knows it, each with its reason."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lantern.domain.goals import commands as goals
from lantern.domain.needs import commands as needs
from lantern.domain.people.models import Person
from lantern.engine.recommend import FirstStep, GoalFact, Item, Learner, Shelf, first_step, rank
from lantern.kernel import clock
from tests.cast import Cast, acting, as_, competencies_of
from tests.offers import offers

LEVELS = {0: "Not yet", 1: "Starting", 2: "Building", 3: "Applying", 4: "Leading others"}


def goal_of(person: Person, cast: Cast) -> Any:
    """The same goal for anybody."""
    with acting(person) as actor:
        return goals.set_goal(
            actor, title="Three number talks a week", measure="talks", baseline="0", target="3",
            due_on=clock.today() + timedelta(days=60), competency_id=competencies_of(cast.framework)[2].pk,
        )  # fmt: skip


def first_on_page(client: Client, person: Person, goal: Any) -> tuple[str, str]:
    """The title of the first step on the page of suggestions for her goal, and why."""
    page = as_(client, person).get(reverse("home:suggestions") + f"?goal={goal.pk}").content.decode()
    card = page.split("Your first step")[1].split("</article>")[0]
    title = re.search(r'class="ui-resource-title"><a href="[^"]+">([^<]+)</a>', card)
    why = re.search(r'class="ui-because">.*?<span>([^<]+)</span>', card, re.S)
    assert title and why
    return title[1], why[1]


@pytest.mark.requirement("A.1")
def test_two_teachers_with_one_goal_begin_elsewhere_and_are_told_why(cast: Cast, client: Client) -> None:
    offers(cast)
    talks = competencies_of(cast.framework)[2]
    with acting(cast.expert) as actor:
        needs.rate(actor, competency_id=talks.pk, level=3)
    new, old = goal_of(cast.novice, cast), goal_of(cast.expert, cast)
    begins, why_begins = first_on_page(client, cast.novice, new)
    leads, why_leads = first_on_page(client, cast.expert, old)
    assert begins in {"Your first number talk", "Number talks on the way home"}
    assert leads == "Lead a number talk study"
    assert "You are new to this work" in why_begins and "“Starting”" in why_begins
    assert "says “Applying”" in why_leads and "the next level, “Leading others”" in why_leads
    with acting(cast.novice) as actor:
        needs.rate(actor, competency_id=talks.pk, level=1)
    moved, why_moved = first_on_page(client, cast.novice, new)
    assert moved == "Number talks in a month" and "says “Starting”" in why_moved


def step(learner: Learner, *items: Item) -> FirstStep | None:
    """The first step of a learner among these."""
    goal = GoalFact("g", "G", "c")
    learner = replace(learner, goals=(goal,))
    serving = [
        entry
        for entry in rank(learner, Shelf.of(items))
        if any(part.factor == "goal" and part.points > 0 for part in entry.parts)
    ]
    return first_step(learner, goal, serving, LEVELS)


def test_where_she_stands_is_said_as_it_is_known() -> None:
    items = [Item(f"to-{level}", "video", f"To {level}", 20, competencies=(("c", level),)) for level in (1, 2, 3, 4)]
    said = {
        "Nothing says yet": Learner(),
        "You are new to this work": Learner(years_experience=0),
        "With 7 years in this work": Learner(years_experience=7),
        "You named this as a strength": Learner(strengths=frozenset({"c"})),
        "says “Building”": Learner(ratings={"c": 2}),
    }
    for words, learner in said.items():
        found = step(learner, *items)
        assert found is not None and words in found.words and "the next level" in found.words
    assert step(Learner()) is None


def test_without_the_very_next_level_it_reaches_on_or_takes_the_best() -> None:
    far = step(Learner(ratings={"c": 1}), Item("far", "video", "Far", 20, competencies=(("c", 4),)))
    assert far is not None and "reaches on to “Leading others”" in far.words
    vague = step(Learner(ratings={"c": 1}), Item("vague", "video", "Vague", 20, competencies=(("c", None),)))
    assert vague is not None and "the best there is" in vague.words
