"""What we need together: staff put up needs for their school and vote; nobody sees who voted (P1.2)."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse

from lantern.domain.competencies import queries as competencies
from lantern.domain.needs import commands, queries
from lantern.domain.people import queries as people
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid
from lantern.web.answers import again, done, show
from lantern.web.gate import EDUCATOR, page
from lantern.web.together.forms.group_needs import GroupNeedForm

_TEMPLATE = "together/group_needs.html"


@page(EDUCATOR, methods="GET POST")
def group_needs(request: Any) -> HttpResponse:
    """The needs of my groups, most votes first, with what came of earlier ones; putting up a new one."""
    actor = request.actor
    about, choices = _about(actor), _choices(actor)
    if request.method == "GET":
        return show(request, _TEMPLATE, form=GroupNeedForm(**choices), **about)
    form = GroupNeedForm(request.POST, **choices)
    if not form.is_valid():
        return again(request, _TEMPLATE, form, **about)
    try:
        commands.propose_group_need(actor, **form.cleaned_data)
    except Invalid as problem:
        return again(request, _TEMPLATE, form, problem, **about)
    return done(
        request, "together:group_needs", message="It is up, with your vote. Your colleagues can vote for it now."
    )


@page(EDUCATOR, methods="POST")
def vote(request: Any, group_need_id: UUID) -> HttpResponse:
    """Give my vote or take it back, as the button said."""
    wanted = {"yes": True, "no": False}.get(request.POST.get("vote", ""))
    stands = commands.vote(request.actor, group_need_id=group_need_id, wanted=wanted)
    message = "Your vote counts. Nobody sees whose it is." if stands else "Your vote is taken back."
    return done(request, "together:group_needs", message=message)


def _about(actor: Actor) -> dict[str, Any]:
    rows = queries.list_group_needs(actor, also_closed=True)
    return {
        "asks": [row for row in rows if row.closed_at is None],
        "answered": [row for row in rows if row.closed_at is not None],
        "several": len({row.organisation_id for row in rows}) > 1,
    }


def _choices(actor: Actor) -> dict[str, list[tuple[str, str]]]:
    return {
        "organisations": [(str(one.pk), one.name) for one in people.my_organisations(actor)],
        "competencies": [(str(one.pk), one.name) for one in competencies.my_competencies(actor)],
    }
