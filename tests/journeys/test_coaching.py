"""A coach is asked, sees only what is shared, proposes; the novice makes it hers, and takes it all back (B.4)."""

from __future__ import annotations

import pytest

from tests.cast import Cast
from tests.journeys.conftest import Door
from tests.journeys.forms import Browser, Screen
from tests.journeys.test_novice import in_days, set_goal

pytestmark = pytest.mark.django_db

SECRET = "I lose my temper in the last lesson"
SHARED = "My quiet children talk mathematics"
UNSHARED = "Leave school before six"


@pytest.mark.requirement("B.4")
@pytest.mark.requirement("P2.6")
def test_a_coach_proposes_and_the_novice_makes_it_hers(riverbend: Cast, door: Door) -> None:
    nia, cora = door(riverbend.novice), door(riverbend.coach)
    nia.open("/grow/needs/words/").press("See what fits", words=SECRET).press("Keep just my words")
    set_goal(nia, riverbend)
    set_goal(nia, riverbend, title=UNSHARED, why="Too many evenings are gone.")
    hers = asks_and_is_accepted(nia, cora)
    shared = shares_one_goal(nia, cora, hers)
    reads_and_is_seen(nia, cora, shared)
    answers_a_proposal(nia, cora)
    revokes(nia, cora, shared)


def asks_and_is_accepted(nia: Browser, cora: Browser) -> Screen:
    """Nia asks; Cora sees who asks and nothing else, and says yes."""
    ask = nia.open("/together/").go("Find a mentor").go("Ask Cora Bell")
    hers = ask.press_twice("Ask", message="Would you watch a number talk of mine?")
    hers.says("You asked on", "There is no answer yet.")
    together = cora.open("/together/")
    assert together.text.count("Would you watch a number talk of mine?") == 1
    together.silent(SHARED, UNSHARED, SECRET)
    accepted = together.go("Nia Young").press_twice("Yes, gladly")
    accepted.says("You work with each other now.", "Nothing is shared with you yet.")
    return nia.open(hers.path)


def shares_one_goal(nia: Browser, cora: Browser, hers: Screen) -> str:
    """One goal is shared, and opens for Cora alone."""
    form = hers.go("Choose what to share")
    goals = {words: value for value, words in labelled(form)}
    told = form.press_twice("Share", goal_ids=[goals[SHARED]], days=30)
    told.says("Shared. You can end it here at any time", SHARED).silent(UNSHARED)
    page = cora.open(hers.path)
    page.says("Goal 1").silent(SHARED, UNSHARED, SECRET)
    return page.link("Goal 1")


def labelled(form: Screen) -> list[tuple[str, str]]:
    """The goals one may tick, as (id, title)."""
    found = []
    for value, _ in form.find("Share")[0].choices("goal_ids"):
        after = form.html.partition(f'value="{value}"')[2]
        found.append((value, SHARED if after.find(SHARED) != -1 and after.find(SHARED) < 200 else UNSHARED))
    return found


def reads_and_is_seen(nia: Browser, cora: Browser, shared: str) -> None:
    """Cora reads it; Nia sees that she did; nothing else opens."""
    assert "Nobody else has read anything of yours." in nia.open("/account/privacy/").text
    cora.open(shared).says(SHARED, "Children who explain their thinking", "sees that you opened this").silent(UNSHARED)
    nia.open("/account/privacy/").says("Cora Bell", "Coaching").silent("Nobody else has read anything of yours.")
    goals = [href for _, href in nia.open("/grow/goals/").links if href.startswith("/grow/goals/0")]
    assert len(goals) == 2
    for path in (*goals, "/grow/plan/", "/grow/needs/", "/grow/plan/print/"):
        page = cora.open(path)
        assert page.status in {200, 404}
        page.silent(SHARED, UNSHARED, SECRET)
    unshared = next(path for path in goals if path.split("/")[-2] not in shared)
    assert cora.open(shared.rpartition("goal/")[0] + "goal/" + unshared.split("/")[-2] + "/").status == 404


def answers_a_proposal(nia: Browser, cora: Browser) -> None:
    """Cora proposes; Nia writes it in her own words; both versions stay; Cora learns only that it was taken up."""
    link = cora.open("/together/").go("Nia Young")
    form = link.go("Propose a goal")
    refused = form.press("Propose it", title="Ask more open questions")
    assert refused.status == 422
    refused.says("A goal needs a measure.")
    said = {"measure": "Open questions in a lesson", "baseline": "2", "target": "6", "due_on": in_days(45)}
    refused.press_twice("Propose it", note="You are nearly there.", **said)
    together = nia.open("/together/")
    assert len([words for words, _ in together.links if words == "Ask more open questions"]) == 1
    proposal = together.go("Ask more open questions")
    proposal.says("Cora Bell proposed this", "You are nearly there.", "Accept it as it is")
    mine = proposal.go("Write it in your own words")
    kept = mine.press_twice("Take it up like this", title="I ask, then I wait", target="4", why="Waiting is my thing.")
    kept.says("Both versions are kept", "Ask more open questions", "I ask, then I wait", "Open your goal")
    kept.go("Open your goal").says("I ask, then I wait")
    assert nia.open("/grow/goals/").text.count("I ask, then I wait") == 1
    cora.open(kept.path).says("Ask more open questions").silent("I ask, then I wait", "Waiting is my thing.")


def revokes(nia: Browser, cora: Browser, shared: str) -> None:
    """One press, and at the next request it is not there."""
    assert cora.open(shared).status == 200
    nia.open("/together/").go("Cora Bell").press("Stop sharing", SHARED).says("You share nothing with Cora Bell yet.")
    closed = cora.open(shared)
    assert closed.status == 404
    closed.silent(SHARED)
    cora.open("/together/").go("Nia Young").says("Nothing is shared with you yet.")
