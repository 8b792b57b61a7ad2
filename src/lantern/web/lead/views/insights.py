"""Released figures about groups, for those who lead them: one term and one metric at a time (trust.md 3.5, C.4, C.11).

Everything here is read through `insights.queries`, from its `REPORT_TABLES`; no private table is ever asked.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpResponse

from lantern.domain.insights import commands, policy, queries
from lantern.domain.insights.types import MetricChoice, Row
from lantern.engine.release import term_of
from lantern.kernel import clock
from lantern.kernel.database.reports import reports_only
from lantern.kernel.errors import Invalid
from lantern.ui.charts import BandRow
from lantern.web import answers
from lantern.web.gate import COORDINATOR, OFFICIAL, SCHOOL_LEADER, page
from lantern.web.lead.forms.insights import SmallestGroupForm

_TEMPLATE = "lead/insights.html"


@page(COORDINATOR, SCHOOL_LEADER, OFFICIAL)
def insights(request: Any) -> HttpResponse:
    """Show one metric of one term; the newest term and its first metric unless others are chosen."""
    return answers.show(request, _TEMPLATE, **_shown(request), form=_form(request))


@page(COORDINATOR, OFFICIAL, methods="POST")
def smallest_group(request: Any) -> HttpResponse:
    """Raise the smallest group of the district or state; never below ten."""
    form = SmallestGroupForm(request.POST)
    if not form.is_valid():
        return answers.again(request, _TEMPLATE, form, **_shown(request))
    try:
        commands.set_smallest_group(request.actor, people=form.cleaned_data["people"])
    except Invalid as problem:
        return answers.again(request, _TEMPLATE, form, problem, **_shown(request))
    return answers.done(request, "lead:insights", message="Set. It holds from the next release on.")


def _form(request: Any) -> SmallestGroupForm:
    return SmallestGroupForm(initial={"people": queries.smallest_group(request.actor)})


def _shown(request: Any) -> dict[str, Any]:
    """Return what the page shows, read while nothing but released figures and what is public can be read."""
    with reports_only():
        return _read(request)


def _read(request: Any) -> dict[str, Any]:
    actor = request.actor
    terms = queries.list_terms(actor)
    wanted = request.GET.get("term", "")
    term = next((each for each in terms if each.key == wanted), terms[0] if terms else None)
    choices = queries.list_metrics(actor, term.key) if term else []
    known = {choice.key for choice in choices}
    asked = request.GET.get("metric", "")
    chosen = asked if asked in known else (choices[0].key if choices else "")
    report = queries.get_report(actor, term.key, chosen) if term and chosen else None
    return {
        "terms": terms,
        "term": term,
        "groups": _grouped(choices),
        "chosen": chosen,
        "report": report,
        "bars": [_bar(row) for row in report.rows] if report else [],
        "cut_bars": [_bar(row) for row in report.cut] if report else [],
        "hidden": any(row.why for row in (*report.rows, *report.cut)) if report else False,
        "next_release": term_of(clock.today()).ends_before,
        "least": queries.smallest_group(actor),
        "may_set": policy.can_set_smallest_group(actor) and actor.has(COORDINATOR, OFFICIAL),
    }


def _grouped(choices: list[MetricChoice]) -> list[tuple[str, list[MetricChoice]]]:
    return [(name, list(each)) for name, each in groupby(choices, key=lambda choice: choice.group)]


def _bar(row: Row) -> BandRow:
    return BandRow(row.name, row.low, row.high, row.share, row.size or row.why, row.depth)
