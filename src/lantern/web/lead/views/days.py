"""For those who plan the days of a school: what its people ask for together, and a word back to them (P1.2)."""

from typing import Any

from django.http import HttpResponse

from lantern.domain.needs import commands, queries
from lantern.kernel.errors import Invalid
from lantern.web.answers import again, done, show
from lantern.web.gate import COORDINATOR, OFFICIAL, SCHOOL_LEADER, page
from lantern.web.lead.forms.initiatives import AnswerForm


@page(COORDINATOR, SCHOOL_LEADER, OFFICIAL, methods="GET POST")
def days(request: Any) -> HttpResponse:
    """What groups ask for, most votes first in each school; closing one leaves a word on what comes of it."""
    actor = request.actor
    about: dict[str, Any] = {"groups": queries.top_group_needs(actor), "answered": queries.list_answered(actor)}
    if request.method == "GET":
        return show(request, "lead/days.html", form=AnswerForm(), **about)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return again(request, "lead/days.html", form, asked=request.POST.get("group_need_id", ""), **about)
    try:
        commands.close_group_need(actor, **form.cleaned_data)
    except Invalid as problem:
        return again(request, "lead/days.html", form, problem, asked=request.POST.get("group_need_id", ""), **about)
    return done(request, "lead:days", message="Closed. The people of that school see your answer.")
