"""My time: weekdays, holidays, my own calendar, and my plan in it."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from lantern.domain.calendars import commands, queries
from lantern.domain.people import queries as people
from lantern.domain.people.types import Role
from lantern.kernel.errors import Invalid
from lantern.web.answers import again, done, show
from lantern.web.gate import EDUCATOR, page
from lantern.web.grow.forms.time import CalendarForm, DaysForm, HolidaysForm

_TEMPLATE = "grow/time.html"


@page(EDUCATOR, methods="GET POST")
def time(request: Any) -> HttpResponse:
    """What time I have: weekday by weekday or one number, and whether I learn in the holidays."""
    if request.method == "GET":
        return show(request, _TEMPLATE, **_shown(request))
    mine, section = queries.my_time(request.actor), request.POST.get("section", "")
    if section == "holidays":
        form = HolidaysForm(request.POST)
        form.is_valid()
        wish = bool(form.cleaned_data.get("holidays_too"))
        commands.set_my_time(request.actor, days=mine.days, holidays_too=wish)
        words = "Holidays count for you too." if wish else "Holidays are free of learning."
        return done(request, "grow:time", message=words)
    if section == "one":
        commands.set_my_time(request.actor, days=(), holidays_too=mine.holidays_too)
        return done(request, "grow:time", message="One number for the week counts again.")
    days = DaysForm(request.POST)
    if not days.is_valid():
        return again(request, _TEMPLATE, days, **_shown(request, days_form=days))
    try:
        commands.set_my_time(request.actor, days=days.days, holidays_too=mine.holidays_too)
    except Invalid as problem:
        named = Invalid({days.field_of(name): reason for name, reason in problem.fields.items()})
        return again(request, _TEMPLATE, days, named, **_shown(request, days_form=days))
    return done(request, "grow:time", message="Your weekdays are kept. Your plan goes by them from now on.")


@page(EDUCATOR, methods="POST")
def connect(request: Any) -> HttpResponse:
    """Give the address of my calendar."""
    form = CalendarForm(request.POST)
    if not form.is_valid():
        return again(request, _TEMPLATE, form, **_shown(request, calendar_form=form))
    try:
        commands.connect_calendar(request.actor, **form.cleaned_data)
    except Invalid as problem:
        return again(request, _TEMPLATE, form, problem, **_shown(request, calendar_form=form))
    return done(request, "grow:time", message="Your calendar is being read. Only when you are busy is kept.")


@page(EDUCATOR, methods="POST")
def read_again(request: Any) -> HttpResponse:
    """Have my calendar read now."""
    commands.read_again(request.actor)
    return done(request, "grow:time", message="Your calendar is being read again.")


@page(EDUCATOR, methods="POST")
def disconnect(request: Any) -> HttpResponse:
    """Let my calendar go."""
    commands.disconnect_calendar(request.actor)
    return done(request, "grow:time", message="Your calendar is let go. Its address and every busy time are deleted.")


@page(EDUCATOR, methods="POST")
def make_address(request: Any) -> HttpResponse:
    """Make a secret address for my plan and show it, this once: it is kept nowhere, so no page can lead here again."""
    secret = commands.make_plan_address(request.actor)
    return show(request, "grow/time_address.html", url=request.build_absolute_uri(reverse("ical:plan", args=[secret])))


@page(EDUCATOR, methods="POST")
def revoke_address(request: Any) -> HttpResponse:
    """Let the secret address of my plan stop working."""
    commands.revoke_plan_address(request.actor)
    return done(request, "grow:time", message="The address of your plan does not work any more.")


def _shown(request: Any, **forms: Any) -> dict[str, Any]:
    actor = request.actor
    mine, profile = queries.my_time(actor), people.get_profile(actor)
    return {
        "mine": mine,
        "minutes_per_week": profile.minutes_per_week,
        "quiet": (profile.quiet_from, profile.quiet_until) if profile.quiet_from and profile.quiet_until else None,
        "days_form": DaysForm(initial=DaysForm.known(mine), auto_id="day_%s"),
        "holidays_form": HolidaysForm(initial={"holidays_too": mine.holidays_too}, auto_id="holidays_%s"),
        "calendar_form": CalendarForm(auto_id="calendar_%s"),
        "calendar": queries.my_subscription(actor),
        "address_made_at": queries.plan_address_made_at(actor),
        "school_times": queries.list_coming(actor),
        "may_set_school_times": actor.has(Role.COORDINATOR, Role.OPERATOR),
    } | forms
