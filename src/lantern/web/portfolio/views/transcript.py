"""The record of hours: as a page, as a PDF, and the licence it counts towards."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpResponse

from lantern.domain.credits import commands as credits
from lantern.domain.credits import queries as credit_queries
from lantern.domain.credits.types import in_hours
from lantern.domain.people import queries as people
from lantern.kernel import clock
from lantern.kernel.errors import Invalid
from lantern.web.answers import again, done, show
from lantern.web.gate import EDUCATOR, page
from lantern.web.portfolio import transcript_pdf
from lantern.web.portfolio.forms import LicenceForm, TranscriptFilters


@page(EDUCATOR)
def transcript(request: Any) -> HttpResponse:
    """Show my hours by credit type and school year; ?type= and ?period= choose."""
    actor = request.actor
    totals = credit_queries.totals(actor)
    chosen_type, chosen_period = request.GET.get("type", ""), request.GET.get("period", "")
    return show(
        request,
        "portfolio/transcript.html",
        groups=_groups(actor, chosen_type, chosen_period),
        total=in_hours(sum(total.hundredths for total in totals)),
        filters=TranscriptFilters(
            types=sorted({total.credit_type for total in totals}),
            periods=sorted({total.period for total in totals}, reverse=True),
            initial={"type": chosen_type, "period": chosen_period},
        ),
        has_any=bool(totals),
        rule=credit_queries.rule_on(actor),
        licence=credit_queries.licence_progress(actor),
    )


def _groups(actor: Any, credit_type: str = "", period: str = "") -> list[dict[str, Any]]:
    """Return the entries in groups of one credit type and period, each with its total."""
    rows = sorted(
        credit_queries.list_entries(actor, credit_type or None, period or None),
        key=lambda row: (row.period, row.earned_on, row.at),
        reverse=True,
    )
    rows.sort(key=lambda row: row.credit_type)
    return [
        {
            "credit_type": kind,
            "period": year,
            "entries": listed,
            "total": in_hours(sum(row.hundredths for row in listed)),
        }
        for (kind, year), group in groupby(rows, key=lambda row: (row.credit_type, row.period))
        for listed in [list(group)]
    ]


@page(EDUCATOR)
def pdf(request: Any) -> HttpResponse:
    """Give my whole record of hours as a PDF that a screen reader can read."""
    actor = request.actor
    document = transcript_pdf.write(
        name=people.get_me(actor).full_name,
        organisations=[organisation.name for organisation in people.my_organisations(actor)],
        day=clock.today(),
        groups=_groups(actor),
        total=in_hours(credit_queries.total_hundredths(actor)),
        licence=credit_queries.licence_progress(actor),
    )
    answer = HttpResponse(document, content_type="application/pdf")
    answer.headers["Content-Disposition"] = 'attachment; filename="record-of-hours.pdf"'
    return answer


@page(EDUCATOR, methods="GET POST")
def licence(request: Any) -> HttpResponse:
    """Say which licence I hold, so that home and my record show how far it is."""
    actor = request.actor
    held = credit_queries.my_licence(actor)
    types = credit_queries.list_credit_types(actor)
    if request.method != "POST":
        fields = ("name", "credit_type", "hours_needed", "counts_from", "renews_on")
        initial = {name: getattr(held, name) for name in fields} if held else {}
        return show(
            request, "portfolio/licence.html", form=LicenceForm(initial=initial, credit_types=types), types=types
        )
    form = LicenceForm(request.POST, credit_types=types)
    if not form.is_valid():
        return again(request, "portfolio/licence.html", form, types=types)
    try:
        credits.set_licence(actor, **form.cleaned_data)
    except Invalid as problem:
        return again(request, "portfolio/licence.html", form, problem, types=types)
    return done(request, "portfolio:transcript", message="Your licence is noted.")
