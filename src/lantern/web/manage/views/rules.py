"""Credit rules: what earns hours, in versions that each hold from a day on."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from lantern.domain.credits import commands as credits
from lantern.domain.credits import queries as credit_queries
from lantern.domain.credits.policy import can_set_rule
from lantern.kernel import clock
from lantern.kernel.errors import Invalid
from lantern.web.answers import again, done, show
from lantern.web.gate import COORDINATOR, OPERATOR, page
from lantern.web.manage.forms.rules import RuleForm


@page(OPERATOR, COORDINATOR, methods="GET POST")
def rules(request: Any) -> HttpResponse:
    """List every version in force or to come, and add one; earlier ones are never changed."""
    actor = request.actor
    in_force = credit_queries.rule_on(actor)
    listed = credit_queries.list_rules(actor)
    context: dict[str, Any] = {
        "rules": [(rule, rule == in_force, rule.tenant_id == actor.tenancy.own) for rule in listed],
        "in_force": in_force,
        "may_set": can_set_rule(actor),
        "today": clock.today(),
    }
    if request.method != "POST":
        return show(request, "manage/rules.html", form=RuleForm(initial=_initial(in_force)), **context)
    form = RuleForm(request.POST)
    if not form.is_valid():
        return again(request, "manage/rules.html", form, **context)
    try:
        credits.set_rule(actor, **form.cleaned_data)
    except Invalid as problem:
        return again(request, "manage/rules.html", form, problem, **context)
    return done(request, "manage:rules", message="The new version is kept. Earlier ones stay as they are.")


def _initial(rule: Any) -> dict[str, Any]:
    """Begin a new version with the numbers of the one in force."""
    fields = ("name", "credit_type", "minutes_per_hour", "step_minutes", "most_minutes", "outside_needs_evidence")
    numbers = {name: getattr(rule, name) for name in fields} if rule else {}
    return {**numbers, "effective_from": clock.today()}
