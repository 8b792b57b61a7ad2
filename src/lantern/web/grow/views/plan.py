"""The plan: weeks with their minutes, moving things between them, one week, the settings, and the whole on paper."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.utils.formats import date_format

from lantern.domain.calendars import queries as calendars
from lantern.domain.catalog.types import KIND_WORDS
from lantern.domain.evidence import queries as evidence
from lantern.domain.goals import queries as goals
from lantern.domain.plans import commands, queries
from lantern.domain.plans.types import ItemView, PlanView, ReviewState, ReviewView
from lantern.flows import planned_order
from lantern.kernel import clock
from lantern.kernel.errors import Invalid, NotFound
from lantern.kernel.ids import uuid7
from lantern.ui.charts import WeekRow
from lantern.ui.durations import duration
from lantern.ui.tags.addresses import address
from lantern.ui.tags.planning import PlanItem
from lantern.ui.tags.signs import Act
from lantern.web.answers import again, done, show
from lantern.web.gate import EDUCATOR, page
from lantern.web.grow import plan_pdf
from lantern.web.grow.forms.plan import PlanForm, WeekForm

_MOST_TRIED = 100
_FAR = timedelta(days=3660)
NO_WEEK = "none"
"""What a form sends for "in no week yet"."""


@page(EDUCATOR)
def plan(request: Any) -> HttpResponse:
    """My plan, this week first."""
    view = queries.my_plan(request.actor)
    return show(request, "grow/plan.html", **_page(request, view), settings_form=_settings_form(view))


@page(EDUCATOR, methods="POST")
def move(request: Any, item_id: UUID) -> HttpResponse:
    """Move something to a week, or to a place in its week."""
    wanted = request.POST.get("week", "")
    place = request.POST.get("position", "")
    position = int(place) if place.isascii() and place.isdigit() and len(place) < 5 else None
    try:
        monday = None if wanted == NO_WEEK else _monday(wanted)
        item = commands.move_item(request.actor, item_id=item_id, monday=monday, position=position)
    except Invalid as problem:
        return _refused(request, problem)
    where = f"the week of {_day(item.monday)}" if item.monday else "no week yet"
    return done(request, "grow:plan", message=f"“{item.activity.title}” is now in {where}.")


@page(EDUCATOR, methods="POST")
def pin(request: Any, item_id: UUID) -> HttpResponse:
    """Hold something in its week, or let it be moved again."""
    try:
        item = commands.pin_item(request.actor, item_id=item_id, pinned=request.POST.get("pinned") == "yes")
    except Invalid as problem:
        return _refused(request, problem)
    words = "stays where it is, whatever is worked out" if item.pinned else "may get another week when you ask for it"
    return done(request, "grow:plan", message=f"“{item.activity.title}” {words}.")


@page(EDUCATOR, methods="POST")
def came_back(request: Any, activity_id: UUID) -> HttpResponse:
    """Say that I came back to something I had finished, or want to be asked no more."""
    state = ReviewState.ENOUGH if request.POST.get("state") == ReviewState.ENOUGH else ReviewState.DONE
    step = request.POST.get("step", "")
    number = int(step) if step.isascii() and step.isdigit() and len(step) < 3 else 0
    try:
        commands.answer_review(request.actor, activity_id=activity_id, step=number, state=state)
    except Invalid as problem:
        return _refused(request, problem)
    words = "You will not be asked again." if state is ReviewState.ENOUGH else "Good to have come back to it."
    return done(request, "grow:plan", message=words)


@page(EDUCATOR, methods="POST")
def remove(request: Any, item_id: UUID) -> HttpResponse:
    """Take something out of the plan."""
    title = queries.get_item(request.actor, item_id).activity.title
    commands.remove_item(request.actor, item_id=item_id)
    return done(request, "grow:plan", message=f"“{title}” is out of your plan. You still find it among what you learn.")


@page(EDUCATOR, methods="GET POST")
def week(request: Any, monday: str) -> HttpResponse:
    """Say how many minutes one week has, or keep it quiet."""
    try:
        day = _monday(monday)
    except Invalid:
        raise NotFound("There is no such week.") from None
    if abs(day - clock.today()) > _FAR:
        raise NotFound("There is no such week.")
    view = queries.my_plan(request.actor)
    here = next((each for each in view.weeks if each.monday == day), None)
    usual = calendars.week_times(request.actor, [day])[day]
    extra: dict[str, Any] = {"monday": day, "label": _label(_day(day)), "usual": usual, "week": here}
    if request.method == "GET":
        known: dict[str, Any] = {"minutes": usual.minutes, "version": view.version or None}
        if here is not None:
            known |= {"minutes": here.available, "quiet": here.quiet, "note": here.note}
        return show(request, "grow/plan_week.html", form=WeekForm(initial=known), **extra)
    form = WeekForm(request.POST)
    if not form.is_valid():
        return again(request, "grow/plan_week.html", form, **extra)
    facts = form.cleaned_data
    if facts["minutes"] is None:
        facts["minutes"] = 0 if facts["quiet"] else usual.minutes
    try:
        changed = commands.set_week(request.actor, monday=day, **facts)
    except Invalid as problem:
        return again(request, "grow/plan_week.html", form, problem, **extra)
    waiting = bool(changed.quiet and here and any(not item.done and item.part == 1 for item in here.items))
    words = (
        f"The week of {_day(day)} is quiet."
        if changed.quiet
        else f"The week of {_day(day)} has {duration(changed.minutes)}."
    )
    more = " What was in it waits below, in no week yet." if waiting else ""
    return done(request, "grow:plan", message=words + more)


@page(EDUCATOR, methods="POST")
def settings(request: Any) -> HttpResponse:
    """Say where the plan begins and how far it looks."""
    form = PlanForm(request.POST, auto_id="plan_%s")
    shown = _page(request, queries.my_plan(request.actor))
    if form.is_valid():
        try:
            commands.set_plan(request.actor, **form.cleaned_data)
            return done(request, "grow:plan", message="Your plan is changed.")
        except Invalid as problem:
            return again(request, "grow/plan.html", form, problem, **shown, settings_form=form)
    return again(request, "grow/plan.html", form, **shown, settings_form=form)


@page(EDUCATOR)
def print_plan(request: Any) -> HttpResponse:
    """My goals with their measures and how they stand, and my weeks, as one document for paper (B.1).

    What I tried in class stands on it by its title and day where I tick it, and nothing of it otherwise.
    """
    paper = _for_paper(request)
    sent = urlencode({"tried": [str(one.pk) for one in paper["chosen"]]}, doseq=True)
    extra = {"today": clock.today(), "pdf": f"{address('grow:plan_pdf')}{'?' if sent else ''}{sent}"}
    return show(request, "grow/plan_print.html", **_shown(paper["plan"]) | paper | extra)


@page(EDUCATOR)
def pdf(request: Any) -> HttpResponse:
    """The same as a tagged PDF."""
    paper = _for_paper(request)
    document = plan_pdf.write(
        name=request.actor.name,
        day=clock.today(),
        goals=paper["goals"],
        tried=[f"{one.activity.title}, {date_format(one.try_on, 'j F Y')}" for one in paper["chosen"]],
        plan=paper["plan"],
    )
    answer = HttpResponse(document, content_type="application/pdf")
    answer.headers["Content-Disposition"] = 'attachment; filename="professional-learning-plan.pdf"'
    return answer


def _for_paper(request: Any) -> dict[str, Any]:
    actor, ticked = request.actor, set(request.GET.getlist("tried"))
    mine = list(goals.my_goals(actor))
    checks = goals.last_checks(actor, [goal.pk for goal in mine])
    tried = [(one, str(one.pk) in ticked) for one in evidence.tried_in_class(actor)[:_MOST_TRIED]]
    return {
        "plan": queries.my_plan(actor),
        "goals": [(goal, checks.get(goal.pk)) for goal in mine],
        "tried": tried,
        "chosen": [one for one, chosen in tried if chosen],
    }


def _refused(request: Any, problem: Invalid) -> HttpResponse:
    """Show the plan again with the reason at its top."""
    view = queries.my_plan(request.actor)
    reason = " ".join(problem.fields.values())
    context = _page(request, view) | {"settings_form": _settings_form(view), "refused": reason}
    response = show(request, "grow/plan.html", **context)
    response.status_code = 422
    return response


def _settings_form(view: PlanView) -> PlanForm:
    known = {"begins_on": view.begins_on, "weeks": view.weeks_shown, "version": view.version or None}
    return PlanForm(initial=known, auto_id="plan_%s")


def _page(request: Any, view: PlanView) -> dict[str, Any]:
    """Return the plan with all that stands around it: what it builds on, what to come back to, a plan worked out."""
    builds_on = planned_order.builds_on(request.actor, view)
    shown = _shown(view, builds_on)
    reviews: dict[date, list[ReviewView]] = defaultdict(list)
    for review in queries.reviews_due(request.actor, view.weeks):
        reviews[review.monday].append(review)
    for row in shown["weeks"]:
        row["reviews"] = reviews.get(row["week"].monday, ())
    slipped = len(view.earlier) + sum(bool(row["week"].over and row["week"].available) for row in shown["weeks"])
    return shown | {"draft": queries.my_draft(request.actor), "slipped": slipped}


def _shown(view: PlanView, builds_on: Mapping[UUID, str] | None = None) -> dict[str, Any]:
    """Return a plan with the words and the choices of each of its items."""
    this_monday, key = clock.week_start(clock.today()), str(uuid7())
    days = {week.monday: _day(week.monday) for week in view.weeks}
    weeks: list[dict[str, Any]] = []
    began: set[UUID] = set()
    for week in view.weeks:
        weeks.append(
            {
                "week": week,
                "label": _label(days[week.monday]),
                "now": week.monday == this_monday,
                "zone": None if week.quiet else week.monday.isoformat(),
                "rows": _in_order(week.items, key, builds_on or {}, frozenset(began)),
            }
        )
        began |= {item.id for item in week.items}
    return {
        "plan": view,
        "weeks": weeks,
        "choices": ((NO_WEEK, "No week yet"), *((row["zone"], row["label"]) for row in weeks if row["zone"])),
        "unplaced": [_item(item, key, builds_on=(builds_on or {}).get(item.id, "")) for item in view.unplaced],
        "earlier": [_item(item, key) for item in view.earlier],
        "over": [row for row in weeks if row["week"].over and (row["week"].available or row["week"].why)],
        "bars": [WeekRow(str(date_format(week.monday, "j M")), week.planned, week.available) for week in view.weeks],
        "no_week": NO_WEEK,
    }


def _in_order(
    items: Sequence[ItemView], key: str, builds_on: Mapping[UUID, str], began: frozenset[UUID]
) -> list[PlanItem]:
    """Return the items of a week; only who has a neighbour on that side may change places with it. What `began` in an
    earlier week of this page comes first, and is moved there.
    """
    going_on = [_going_on(item) for item in items if item.id in began]
    begin = [item for item in items if item.id not in began]
    places = [None, *(item.position for item in begin), None]
    return going_on + [
        _item(item, key, places[number], places[number + 2], builds_on.get(item.id, ""))
        for number, item in enumerate(begin)
    ]


def _going_on(item: ItemView) -> PlanItem:
    return PlanItem(
        title=item.title,
        href=address("learn:activity", item.activity_id),
        minutes=item.here,
        kind=KIND_WORDS.get(item.kind, item.kind),
        because=f"It goes on from the week of {_day(item.monday)}. Move it there" if item.monday else "",
        done=item.done,
        signs=(f"part {item.part} of {item.parts}",),
    )


def _item(
    item: ItemView, key: str, before: int | None = None, after: int | None = None, builds_on: str = ""
) -> PlanItem:
    """Return an item with what may be done with it: `before` and `after` are its neighbours' places in the week,
    `key` is this page's own, `builds_on` what should come before it.
    """
    move, week = address("grow:plan_move", item.id), item.monday.isoformat() if item.monday else NO_WEEK
    own = f"{key}-{item.id.hex[20:]}"
    acts = [Act(address("grow:plan_remove", item.id), "Take it out", (("idempotency_key", own),))]
    if item.monday is not None and not item.done:
        words, wanted = ("Let it be moved", "no") if item.pinned else ("Hold it in this week", "yes")
        acts[:0] = [Act(address("grow:plan_pin", item.id), words, (("pinned", wanted),))]
    if after is not None:
        acts[:0] = [Act(move, "Later in the week", (("week", week), ("position", str(after))))]
    if before is not None:
        acts[:0] = [Act(move, "Earlier in the week", (("week", week), ("position", str(before))))]
    goal_words = f"For your goal: {item.goal_title}" if item.reason else "See this goal"
    because = item.reason or (
        f"For your goal “{item.goal_title}”" if item.goal_title else "You put it here yourself"
    )
    signs = (f"part {item.part} of {item.parts}",) if item.parts > 1 else ()
    return PlanItem(
        title=item.title,
        href=address("learn:activity", item.activity_id),
        minutes=item.here,
        kind=KIND_WORDS.get(item.kind, item.kind),
        because=f"{because}\n{builds_on}".strip(),
        done=item.done,
        move_url=move,
        week=week,
        links=((address("grow:goal", item.goal_id), goal_words),) if item.goal_id else (),
        acts=tuple(acts),
        signs=(*signs, *(("held here",) if item.pinned else ())),
    )


def _monday(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Invalid({"week": "Choose a week from the list."}) from None
    return clock.week_start(day)


def _day(day: date) -> str:
    return str(date_format(day, "j F"))


def _label(day: str) -> str:
    return f"Week of {day}"
