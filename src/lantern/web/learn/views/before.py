"""What I learned before: a file comes in, each row is shown with what it may be, and I say what is kept."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from lantern.engine.past_learning import TEMPLATE, Read, WrongRows
from lantern.engine.spreadsheet import write_csv
from lantern.engine.untrusted import Unreadable, decode
from lantern.flows import past_learning as flow
from lantern.flows.past_learning import Chosen, Offer
from lantern.kernel.errors import Invalid, NotFound
from lantern.web.answers import again, done, safe_next, show
from lantern.web.gate import EDUCATOR, page
from lantern.web.learn.forms.before import BeforeForm

OUTSIDE, LEAVE = "outside", "leave"
BACK = "portfolio:overview"


@page(EDUCATOR, methods="GET POST")
def before(request: Any) -> HttpResponse:
    """Take a file of what I learned before and show what is in it. Nothing is kept yet, neither file nor rows."""
    if request.method == "GET":
        return show(request, "learn/before.html", form=BeforeForm(), back=request.GET.get("next", ""))
    form, back = BeforeForm(request.POST, request.FILES), request.POST.get("next", "")
    if not form.is_valid():
        return again(request, "learn/before.html", form, back=back)
    try:
        text = decode(form.sent).content
        found = flow.read(text.encode())  # as it comes back with the form that keeps it
    except WrongRows as problem:
        return again(request, "learn/before.html", form, back=back, told=problem.told)
    except Unreadable as problem:
        said = str(problem)
        refusal = Invalid({form.field_sent: f"{said[:1].upper()}{said[1:]}."})
        return again(request, "learn/before.html", form, refusal, back=back)
    return _check(request, text, found, {})


def _check(request: Any, text: str, found: Read, said: dict[int, tuple[str, bool]], refused: str = "") -> HttpResponse:
    rows = [_row(offer, *said.get(offer.line.number, ("", False))) for offer in flow.offer(request.actor, found)]
    response = show(
        request,
        "learn/before_check.html",
        rows=rows,
        text=text,
        back=request.POST.get("next", ""),
        unused=found.unused,
        sure=sum(row["chosen"] not in (OUTSIDE, LEAVE) for row in rows),
        some_found=any(row["found"] for row in rows),
        refused=refused,
    )
    response.status_code = 422 if refused else 200
    return response


def _row(offer: Offer, said: str, valued: bool) -> dict[str, Any]:
    same = offer.same
    chosen = said or (LEAVE if offer.left_out else str(same.id) if same else OUTSIDE)
    return {
        "line": offer.line,
        "found": [(str(match.id), match.title) for match in offer.found],
        "perhaps": bool(offer.found) and same is None,
        "left_out": offer.left_out,
        "chosen": chosen,
        "valued": valued,
    }


@page(EDUCATOR, methods="POST")
def keep(request: Any) -> HttpResponse:
    """Keep the rows as I said what they are: all of it or nothing."""
    text = request.POST.get("lines", "")
    try:
        found = flow.read(text.encode())
    except (Unreadable, WrongRows):
        raise Invalid("The rows did not come back as they were shown. Please choose the file again.") from None
    numbers = [line.number for line in found.lines]
    said = {n: (request.POST.get(f"row-{n}", LEAVE), request.POST.get(f"valued-{n}") == "yes") for n in numbers}
    chosen = {n: Chosen(_resource(what), valued) for n, (what, valued) in said.items() if what != LEAVE}
    if not chosen:
        return _check(request, text, found, said, "You left everything out, so nothing was kept.")
    try:
        kept = flow.keep(request.actor, found, chosen)
    except Invalid as problem:
        return _check(request, text, found, said, " ".join(problem.fields.values()) or str(problem))
    return done(request, safe_next(request, BACK), message=_told(kept))


def _resource(what: str) -> UUID | None:
    if what == OUTSIDE:
        return None
    try:
        return UUID(what)
    except ValueError:
        raise NotFound("There is no such resource.") from None


def _told(kept: flow.Kept) -> str:
    words = f"Kept: {kept.from_catalog} from the catalog, {kept.outside} from elsewhere."
    if kept.there_already:
        words += f" {kept.there_already} you had already."
    return f"{words} Only you can see it, and it earns no hours here."


@page(EDUCATOR, methods="POST")
def take_away(request: Any, activity_id: UUID) -> HttpResponse:
    """Take away one thing that I brought in by mistake."""
    flow.take_away(request.actor, activity_id=activity_id)
    return done(request, BACK, message="Taken away. Lantern may suggest it to you again.")


@page(EDUCATOR)
def template(request: Any) -> HttpResponse:
    """Hand out an empty table with the columns that are read, and one row to go by."""
    text = io.StringIO(newline="")
    example = ("Number talks", "2024-06-30", "1.5", "Maple College", "https://example.org/number-talks")
    write_csv(text, TEMPLATE, [example])
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="what-I-learned.csv"'
    return response


