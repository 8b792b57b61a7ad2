"""Who takes part in a joint plan: finding and asking people, and answering when one is asked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse

from lantern.domain.joint_plans import commands, queries
from lantern.kernel.errors import Invalid
from lantern.web.answers import done, show
from lantern.web.gate import EDUCATOR, page


@page(EDUCATOR, methods="GET POST")
def people(request: Any, plan_id: UUID) -> HttpResponse:
    """Who takes part and who is asked; asking somebody found by name."""
    actor = request.actor
    plan = queries.get_plan(actor, plan_id)
    if request.method == "POST":
        try:
            person_id = UUID(request.POST.get("person_id", ""))
        except ValueError:
            raise Invalid({"person_id": "Choose somebody from the list."}) from None
        commands.invite(actor, plan_id=plan_id, person_id=person_id)
        return done(request, "together:joint_people", plan_id, message="Asked. They find it in their inbox.")
    words = request.GET.get("q", "").strip()[:80]
    found = queries.find_to_ask(actor, plan_id, words) if words else []
    return show(request, "together/joint_people.html", plan=plan, q=words, found=found)


@page(EDUCATOR)
def invitation(request: Any, member_id: UUID) -> HttpResponse:
    """An invitation to me: what it is about and who takes part."""
    return show(request, "together/joint_invitation.html", invitation=queries.get_invitation(request.actor, member_id))


@page(EDUCATOR, methods="POST")
def answer(request: Any, member_id: UUID) -> HttpResponse:
    """Say yes or no to an invitation."""
    choice = request.POST.get("answer", "")
    if choice not in {"yes", "no"}:
        raise Invalid({"answer": "Say yes or no."})
    plan_id = commands.answer_invitation(request.actor, member_id=member_id, accept=choice == "yes")
    if choice == "yes":
        return done(request, "together:joint_plan", plan_id, message="You take part now, with the same rights as all.")
    return done(request, "together:joint_plans", message="You said no. That is all right.")


@page(EDUCATOR, methods="POST")
def take_back(request: Any, member_id: UUID) -> HttpResponse:
    """Take an invitation back."""
    plan_id = commands.take_back_invitation(request.actor, member_id=member_id)
    return done(request, "together:joint_people", plan_id, message="The invitation is taken back.")
