"""Short adaptive checks, mine alone: take one, see in which levels I probably am, let go what is behind me."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse

from lantern.domain.assessments import commands, queries
from lantern.domain.assessments.types import RULES, SCALE, Result
from lantern.domain.needs.types import LEVEL_WORDS
from lantern.engine.assess import StartReason, Stop
from lantern.flows import checks as flow
from lantern.kernel.errors import Conflict, Invalid
from lantern.web.answers import done, show
from lantern.web.gate import EDUCATOR, page

HOLDS, HOLDS_AT_THE_ENDS = (8, 9), (5, 7)
"""Of ten simulated checks as many hold the true level in their band: of people as they are spread, and of those on the
lowest or the highest level. tests/web/test_grow_checks_promise.py measures both.
"""
ENDED = {
    Stop.SURE: "It ended early, because your answers were clear.",
    Stop.LONG_ENOUGH: "You answered as many questions as a check has.",
    Stop.NOTHING_TO_ASK: "There was no further question that would have told more.",
}

TOO_FEW = "Too few answers to say"
GONE = "The questions of this check are not in use any more. Nothing was answered, so nothing was kept."


@page(EDUCATOR)
def checks(request: Any) -> HttpResponse:
    """Show what I can take a check on, and the checks that I took."""
    actor = request.actor
    return show(
        request,
        "grow/checks.html",
        offers=queries.all_offers(actor),
        taken=[_line(view) for view in queries.my_checks(actor) if view.finished_at],
    )


def _line(view: Any) -> dict[str, Any]:
    return {"view": view, "band": TOO_FEW if view.lowest is None else band_words(view.lowest, view.highest)}


def band_words(lowest: int, highest: int) -> str:
    """Return the levels of a band as a page says them."""
    if (lowest, highest) == (SCALE.levels[0], SCALE.levels[-1]):
        return TOO_FEW
    if lowest == highest:
        return LEVEL_WORDS[lowest]
    joined = " or " if highest == lowest + 1 else " to "
    return f"{LEVEL_WORDS[lowest]}{joined}{LEVEL_WORDS[highest]}"


@page(EDUCATOR, methods="GET POST")
def start(request: Any, competency_id: UUID) -> HttpResponse:
    """Say what a check is, then begin it, or go on with mine."""
    actor = request.actor
    offer = queries.offer_for(actor, competency_id)
    if offer is None:
        raise Conflict("There are not enough questions on this yet, so there is no check.")
    if request.method == "GET":
        return show(request, "grow/check_start.html", offer=offer, least=RULES.least)
    contributes = request.POST.get("contributes") == "yes"
    row = commands.start(actor, competency_id=competency_id, contributes=contributes)
    return done(request, "grow:check", row.pk)


@page(EDUCATOR, methods="GET POST")
def check(request: Any, check_id: UUID) -> HttpResponse:
    """Ask the next question and take its answer; a finished check shows what it found."""
    actor = request.actor
    row = queries.get_check(actor, check_id)
    if request.method == "POST":
        return _answer(request, check_id)
    question = queries.question_of(actor, row)
    if question is not None:
        return show(request, "grow/check_question.html", check=row, question=question)
    if row.finished_at is None:  # the questions that were left went out of use
        row = commands.finish(actor, check_id=check_id)
        if row.finished_at is None:
            return done(request, "grow:checks", message=GONE)
        return done(request, "grow:check", check_id)
    return show(request, "grow/check_result.html", **_result(request, row))


def _answer(request: Any, check_id: UUID) -> HttpResponse:
    actor = request.actor
    if request.POST.get("act") == "stop":
        row = commands.finish(actor, check_id=check_id)
        if row.finished_at is None:
            return done(request, "grow:checks", message="No question was answered, so nothing was kept.")
        return done(request, "grow:check", check_id)
    try:
        item_id, chosen = UUID(request.POST.get("item", "")), int(request.POST.get("chosen", ""))
        commands.answer(actor, check_id=check_id, item_id=item_id, chosen=chosen)
    except Conflict as refused:  # a question went out of use, or the numbers changed, while this one was open
        return done(request, "grow:check", check_id, message=str(refused))
    except (Invalid, ValueError):
        row = queries.get_check(actor, check_id)
        question = queries.question_of(actor, row)
        if question is None:
            return done(request, "grow:check", check_id)
        response = show(request, "grow/check_question.html", check=row, question=question, problem=True)
        response.status_code = 422
        return response
    return done(request, "grow:check", check_id)


def _result(request: Any, row: Any) -> dict[str, Any]:
    actor = request.actor
    result = queries.result_of(actor, row)
    outcome, placement = result.outcome, result.placement
    skips = flow.skippable(actor, check_id=row.pk)
    return {
        "check": row,
        "result": result,
        "says_enough": outcome.answers >= RULES.least,
        "band": band_words(outcome.band.lowest, outcome.band.highest),
        "shares": [(LEVEL_WORDS[level], share) for level, share in outcome.levels.items()],
        "holds": f"Of ten checks like this, {HOLDS[0]} or {HOLDS[1]} hold the true level. Of ten people on the lowest"
        f" or the highest level, only {HOLDS_AT_THE_ENDS[0]} to {HOLDS_AT_THE_ENDS[1]} are found there.",
        "ended": ENDED.get(outcome.stopped, "You stopped it here.") if outcome.stopped else "You stopped it here.",
        "shown": LEVEL_WORDS[placement.shown],
        "towards": "" if placement.towards is None else LEVEL_WORDS[placement.towards],
        "from_the_beginning": placement.reason is StartReason.FROM_THE_BEGINNING,
        "begin_with": [area for area in placement.begin_with if area],
        "grown": _grown(result),
        "skips": skips,
        "minutes": sum(one.minutes for one in skips),
    }


def _grown(result: Result) -> dict[str, Any] | None:
    """Say the growth since the check before: never more than its interval allows."""
    if result.growth is None:
        return None
    growth = result.growth
    if growth.low > 0:
        words = "You are further than at the check before."
    elif growth.high < 0:
        words = "Your answers were weaker than at the check before. Days differ, and so do questions."
    else:
        words = "Whether you are further than at the check before, these answers cannot tell."
    return {
        "words": words,
        "mean": f"{growth.mean:+.1f}",
        "low": f"{growth.low:+.1f}",
        "high": f"{growth.high:+.1f}",
        "tenths": round(growth.rose * 10),
        "at": result.earlier_at,
    }


@page(EDUCATOR, methods="POST")
def let_go(request: Any, check_id: UUID) -> HttpResponse:
    """Take what is behind me out of my plan, as far as I ticked it."""
    wanted = {UUID(value) for value in request.POST.getlist("item") if _is_id(value)}
    freed = flow.let_go(request.actor, check_id=check_id, item_ids=wanted)
    said = f"{freed} minutes are free again in your plan." if freed else "Nothing was taken out of your plan."
    return done(request, "grow:check", check_id, message=said)


def _is_id(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True


@page(EDUCATOR, methods="POST")
def contribute(request: Any, check_id: UUID) -> HttpResponse:
    """Say whether my answers may help to make the questions better."""
    wanted = request.POST.get("contributes") == "yes"
    commands.set_contributes(request.actor, check_id=check_id, contributes=wanted)
    said = "Thank you. Your answers count, without your name." if wanted else "Your answers do not count any more."
    return done(request, "grow:check", check_id, message=said)


@page(EDUCATOR, methods="POST")
def remove(request: Any, check_id: UUID) -> HttpResponse:
    """Remove a check with its answers and what it said of my level."""
    commands.remove(request.actor, check_id=check_id)
    return done(request, "grow:checks", message="The check and its answers are gone.")
