"""Results of my own classes, mine alone: bringing them in, patterns, what they ask of me, and a measure over time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.formats import date_format

from lantern.domain.competencies import queries as competencies
from lantern.domain.goals import queries as goals
from lantern.domain.results import commands, queries
from lantern.domain.results.types import DayResult, StandardView
from lantern.engine import class_results as reading
from lantern.engine.untrusted import Unreadable
from lantern.flows import needs_from_class_results as flow
from lantern.flows.needs_from_class_results import Chosen
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid, NotFound
from lantern.web.answers import again, done, paged, show
from lantern.web.gate import EDUCATOR, page
from lantern.web.grow import measures
from lantern.web.grow.forms.class_results import ResultsForm

NOTHING = "nothing"
"""What a form sends for a standard that no competency fits."""
_MOVED = {1: "higher than the time before", -1: "lower than the time before", 0: "too close to the time before to tell"}


@page(EDUCATOR)
def classes(request: Any) -> HttpResponse:
    """My classes, each with the last day of results."""
    rows = [
        (row, f"{_counted(count, 'standard')}, last brought in for {date_format(last, 'j F Y')}" if last else "")
        for row, last, count in queries.list_classes(request.actor)
    ]
    return show(request, "grow/results.html", rows=rows)


@page(EDUCATOR, methods="GET POST")
def new(request: Any) -> HttpResponse:
    """Bring in results of a class. They are summed by standard as they are read; no student is kept."""
    actor = request.actor
    mine = [(str(row.pk), row.label) for row in queries.my_classes(actor)]
    if request.method == "GET":
        form = ResultsForm(initial={"class_id": request.GET.get("class", "")}, classes=mine)
        return show(request, "grow/results_new.html", form=form)
    form = ResultsForm(request.POST, request.FILES, classes=mine)
    if not form.is_valid():
        return again(request, "grow/results_new.html", form)
    data = form.cleaned_data
    try:
        read = _read(data)
        on = read.day or data["on"] or clock.today()
        students = data["students"] if read.students is None else read.students
        kept = flow.bring_in(
            actor, tallies=read.tallies, students=students, on=on, class_id=data["class_id"], label=data["label"]
        )
    except Invalid as problem:
        return again(request, "grow/results_new.html", form, problem)
    words = f"{_counted(kept.standards, 'standard')} kept for {date_format(kept.on, 'j F Y')}."
    if kept.replaced:
        words += f" {_counted(kept.replaced, 'result')} of that day were there already and were replaced."
    return done(request, "grow:results_class", kept.class_id, message=f"{words}{_left_out(read)} No student was kept.")


def _read(data: dict[str, Any]) -> reading.Read:
    sent = data["results_file"]
    try:
        return reading.read_results(sent.read(), data["on"]) if sent else reading.read_lines(data["lines"])
    except reading.WhichDay as problem:
        raise Invalid({"on": _which_day(problem, data["on"])}) from None
    except Unreadable as problem:
        said = str(problem)
        raise Invalid({"results_file" if sent else "lines": f"{said[:1].upper()}{said[1:]}."}) from None


def _which_day(problem: reading.WhichDay, on: date | None) -> str:
    if not problem.several:
        return "The day in the file cannot be read. Say here which day it was."
    if not problem.days:
        return "The file names several days, and none can be read. Write them as year-month-day, such as 2026-06-30."
    named = _some([date_format(day, "j F Y") for day in problem.days])
    said = f"The file has nothing of {date_format(on, 'j F Y')}. " if on else ""
    return f"{said}The file names several days, or some that cannot be read. Say which one to keep: {named}."


def _left_out(read: reading.Read) -> str:
    """Say what of a file was left out, and why; empty where it was nothing."""
    said = ""
    if read.too_few:
        said += f" Left out, because fewer than {reading.FEWEST_STUDENTS} students answered: {_some(read.too_few)}."
    if read.nameless:
        said += f" Left out, because no student was named: {_counted(read.nameless, 'row')}."
    if read.undated:
        said += f" Left out, because no day could be read: {_counted(read.undated, 'row')}."
    return said


def _some(names: Sequence[str], most: int = 12) -> str:
    more = [f"and {len(names) - most} more"] if len(names) > most else []
    return ", ".join([*names[:most], *more])


@page(EDUCATOR)
def one(request: Any, class_id: UUID) -> HttpResponse:
    """One class: which standards went worst, how sure that is, and what changed since the time before."""
    view = queries.class_view(request.actor, class_id)
    return show(
        request,
        "grow/results_class.html",
        own_class=view.row,
        rows=[measures.share_row(_named(each), each.newest) for each in view.standards],
        standards=[(each, _named(each), _meta(each)) for each in view.standards],
        low=[each for each in view.standards if each.stands_out],
        few=reading.FEWEST_ANSWERS,
        unknown=[each.code for each in view.standards if not each.statement],
        days=view.days,
        more=f"?class={class_id}",
    )


@page(EDUCATOR)
def standard(request: Any, standard_id: UUID) -> HttpResponse:
    """One standard over time, and the goals it stands beside."""
    actor = request.actor
    view = queries.standard_view(actor, standard_id)
    beside = queries.goals_beside(actor, standard_id)
    mine = list(goals.my_goals(actor, state=None))
    return show(
        request,
        "grow/results_standard.html",
        view=view,
        own_class=view.row.own_class,
        rows=measures.over_time(view.days),
        moved=_MOVED[view.moved] if len(view.days) > 1 else "",
        beside=[goal for goal in mine if goal.pk in beside],
        others=[goal for goal in mine if goal.pk not in beside and goal.state == "open"],
    )


@page(EDUCATOR, methods="POST")
def goal(request: Any, standard_id: UUID) -> HttpResponse:
    """Put a standard beside a goal of mine, or take it away."""
    chosen = _id(request.POST.get("goal_id", ""))
    if request.POST.get("away") == "yes":
        commands.unfollow(request.actor, standard_id=standard_id, goal_id=chosen)
        return done(request, "grow:results_standard", standard_id, message="Taken away from that goal.")
    commands.follow(request.actor, standard_id=standard_id, goal_id=chosen)
    return done(request, "grow:goal", chosen, message="It stands beside your goal now. Only you can see it.")


@page(EDUCATOR, methods="POST")
def remove(request: Any, class_id: UUID) -> HttpResponse:
    """Remove the class with everything that was kept of it, or the results of one day."""
    on = request.POST.get("on", "")
    if not on:
        flow.remove_class(request.actor, class_id=class_id)
        return done(request, "grow:results", message="The class and its results are gone.")
    try:
        day = date.fromisoformat(on)
    except ValueError:
        raise NotFound("There are no results of that day.") from None
    flow.remove_day(request.actor, class_id=class_id, on=day)
    return done(request, "grow:results_class", class_id, message="The results of that day are gone.")


@page(EDUCATOR, methods="GET POST")
def needs(request: Any, class_id: UUID) -> HttpResponse:
    """Say what standards mean in my framework; note needs, and let answers speak for my level only where I tick it."""
    view = queries.class_view(request.actor, class_id)
    # What a form that was open before did not show must not be changed by it, whatever went worst since.
    sent = tuple(each for each in view.standards if f"means_{each.row.pk}" in request.POST)
    parts = paged(request, view.standards, flow.MOST_AT_ONCE)
    shown = sent or tuple(parts.object_list)
    left = len(view.standards) - len(shown)
    context: dict[str, Any] = {"own_class": view.row, "nothing": NOTHING, "left": left, "parts": parts}
    if request.method == "GET":
        first = not any(each.competency_id for each in view.standards)
        wanted = {each.row.pk for each in shown if first and each.stands_out}
        counts = {each.row.pk for each in shown if each.row.counts}
        rows = _rows(request.actor, shown, wanted, counts, {})
        return show(request, "grow/results_needs.html", rows=rows, some_ticked=bool(wanted), **context)
    wanted, counts, asked = (_ticked(request, name) for name in ("wanted", "counts", "asked"))
    counts |= {each.row.pk for each in sent if each.row.counts and each.row.pk not in asked}
    means = {each.row.pk: request.POST[f"means_{each.row.pk}"] for each in sent}
    try:
        chosen = [
            Chosen(key, _competency(means[key]), key in wanted, key in counts)
            for each in sent
            for key in (each.row.pk,)
            if key in wanted or key in counts or each.row.counts or _changed(each, means[key])
        ]
        noted = flow.take_up(request.actor, class_id=class_id, chosen=chosen)
    except Invalid as problem:
        rows = _rows(request.actor, shown, wanted, counts, means)
        response = show(request, "grow/results_needs.html", rows=rows, refused=str(problem), **context)
        response.status_code = 422
        return response
    message = f"{_counted(noted.needs, 'need')} noted on your list." if noted.needs else "Kept as you ticked it."
    return done(request, "grow:needs" if noted.needs else "grow:results_class", *([] if noted.needs else [class_id]),
                message=f"{message} Only you can see it.{noted.about_words}")  # fmt: skip


def _rows(
    actor: Actor, shown: tuple[StandardView, ...], wanted: set[UUID], counts: set[UUID], means: dict[UUID, str]
) -> list[dict[str, Any]]:
    every = [(str(row.pk), row.name) for row in competencies.my_competencies(actor)]
    rows = []
    for each in shown:
        fits = [(str(match.competency.pk), match.competency.name) for match in flow.suggest(actor, each)]
        mapped = str(each.competency_id) if each.competency_id else (fits[0][0] if fits else NOTHING)
        known = {key for key, _ in fits}
        rest = [choice for choice in every if choice[0] not in known]
        if each.competency_id and mapped not in known | {key for key, _ in rest}:
            fits.append((mapped, each.competency_name))
        rows.append(
            {
                "key": str(each.row.pk),
                "name": _named(each),
                "said": _said(each.newest),
                "may_count": each.may_count,
                "telling": each.telling.on if each.telling and each.telling is not each.newest else None,
                "stands_out": each.stands_out,
                "wanted": each.row.pk in wanted,
                "counts": each.row.pk in counts,
                "chosen": means.get(each.row.pk, mapped),
                "fits": fits,
                "rest": rest,
            }
        )
    return rows


def _changed(each: StandardView, means: str) -> bool:
    """Tell whether what she said before is not what she says now; a suggestion that she left alone is no change."""
    return each.competency_id is not None and means != str(each.competency_id)


def _ticked(request: Any, name: str) -> set[UUID]:
    return {_id(value) for value in request.POST.getlist(name)}


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("There is nothing of that kind.") from None


def _competency(text: str) -> UUID | None:
    if text == NOTHING:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise Invalid("Choose from the list.") from None


def _named(each: StandardView) -> str:
    return measures.named(each.code, each.statement)


def _said(result: DayResult) -> str:
    row = measures.share_row("", result)
    words = f"{row.detail}, {row.share_words}"
    return f"{words} (likely {row.range_words})" if row.range_words else words


def _meta(each: StandardView) -> str:
    parts = [_said(each.newest), date_format(each.newest.on, "j F Y")]
    if each.stands_out:
        parts.append("lower than the class as a whole")
    if len(each.days) > 1:
        parts.append(_MOVED[each.moved])
    if each.competency_name:
        parts.append(f"means to you: {each.competency_name}")
    return " · ".join(parts)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
