"""Two to four resources side by side: the same facts of each, how each would count, and how it fits the one who asks
(A.4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from lantern.domain.catalog import queries
from lantern.domain.catalog.types import (
    ACCESS_FEATURES,
    EVIDENCE_NAME,
    KIND_WORDS,
    LEVEL_WORDS,
    MODALITY_WORDS,
    Scheme,
    Search,
    evidence_words,
)
from lantern.domain.courses import queries as courses
from lantern.domain.credits import queries as credits
from lantern.domain.recommendations import queries as suggestions
from lantern.kernel.errors import NotFound
from lantern.ui.durations import duration
from lantern.ui.tags.addresses import address
from lantern.web.answers import show
from lantern.web.gate import EDUCATOR, page
from lantern.web.learn.views.resources import cost_words

MOST = 4
OTHERS = 12
NOT_SAID = "Not said"


@dataclass(frozen=True, slots=True)
class Line:
    """One fact of all that are compared; `differs` unless all say the same."""

    name: str
    cells: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Say whether this fact tells them apart."""
        return len(set(self.cells)) > 1


@page(EDUCATOR)
def compare(request: Any) -> HttpResponse:
    """Show what ?with= names side by side; with fewer than two, what it could be compared with."""
    actor = request.actor
    asked = _asked(request.GET.getlist("with"))
    chosen = queries.list_offered_by_ids(actor, asked[:MOST])
    lines = _lines(actor, chosen, courses.finished_resource_ids(actor)) if len(chosen) > 1 else []
    only = request.GET.get("only") == "differences"
    return show(
        request,
        "learn/compare.html",
        chosen=[
            {"resource": one, "without": compare_address(each for each in chosen if each is not one)} for one in chosen
        ],
        lines=[line for line in lines if line.differs or not only],
        same=sum(not line.differs for line in lines),
        only=only,
        too_many=len(asked) > MOST,
        most=MOST,
        others=_others(actor, chosen) if len(chosen) < MOST else [],
        here=compare_address(chosen),
    )


def compare_address(resources: Any) -> str:
    """Return the address of the comparison of these resources."""
    query = "&".join(f"with={one.pk}" for one in resources)
    return address("learn:compare") + (f"?{query}" if query else "")


def _asked(sent: Sequence[str]) -> list[UUID]:
    try:
        return list(dict.fromkeys(UUID(one) for one in sent))
    except ValueError:
        raise NotFound("There is no such resource.") from None


def _others(actor: Any, chosen: Sequence[Any]) -> list[Any]:
    """Return what could stand beside them: what was kept for later, then what leads to the same, in the catalog's
    order.
    """
    kept = [row.resource_id for row in queries.my_saved(actor)[:OTHERS]]
    about = [str(link.competency_id) for one in chosen[:1] for link in queries.leads_to(actor, one.pk)]
    alike = queries.search(actor, Search.of({"competency": about})).resources if about else ()
    taken = {one.pk for one in chosen}
    wanted = [key for key in dict.fromkeys([*kept, *(one.pk for one in alike)]) if key not in taken]
    return queries.list_offered_by_ids(actor, wanted[:OTHERS])


def _lines(actor: Any, chosen: Sequence[Any], finished: Any) -> list[Line]:
    """Return every fact, with a cell for each."""
    fits = {entry.resource_id: entry for entry in suggestions.why_not_shown(actor, [one.pk for one in chosen])}
    rule = credits.rule_on(actor)
    columns = [_facts(actor, one, finished, fits.get(one.pk), rule) for one in chosen]
    return [Line(name, tuple(column[name] for column in columns)) for name in columns[0]]


def _facts(actor: Any, one: Any, finished: Any, fit: Any, rule: Any) -> dict[str, str]:
    verdict = credits.judge(rule, minutes=one.minutes, outside=False, has_evidence=False, resource=one)
    terms = queries.terms_of(actor, one.pk)
    before = queries.required_before(actor, one.pk)
    met = sum(other.pk in finished for other in before)
    return {
        "What it is": KIND_WORDS[one.kind],
        "Time": duration(one.minutes) if one.minutes else NOT_SAID,
        "Will it count?": verdict.words,
        "Fits you": _fit(fit),
        "Level": LEVEL_WORDS.get(one.level, NOT_SAID),
        "Leads to": ", ".join(link.competency.name for link in queries.leads_to(actor, one.pk)) or NOT_SAID,
        "Good to do first": f"{', '.join(other.title for other in before)} ({met} of {len(before)} done)"
        if before
        else "Nothing",
        "How it reaches you": MODALITY_WORDS.get(one.modality, NOT_SAID),
        "Cost": cost_words(one) or NOT_SAID,
        EVIDENCE_NAME: evidence_words(one.evidence_tier),
        "Provider": one.provider or NOT_SAID,
        "Grades": ", ".join(one.grades) or "Any",
        "Subjects": ", ".join(term.label for term in terms if term.scheme == Scheme.SUBJECT) or "Any",
        "Topics": ", ".join(term.label for term in terms if term.scheme == Scheme.TOPIC) or NOT_SAID,
        "Language": queries.language_name(one.language),
        "Access": ", ".join(ACCESS_FEATURES[name] for name in one.access_features if name in ACCESS_FEATURES)
        or NOT_SAID,
        "Published": f"{one.published_on:%B %Y}" if one.published_on else NOT_SAID,
    }


def _fit(fit: Any) -> str:
    """Say how a resource stands in one's own suggestions, with what speaks most for it."""
    if fit is None:
        return NOT_SAID
    if not fit.place:
        return str(fit.words)
    best = next((part.words for part in fit.parts if part.points > 0 and part.words), "")
    return f"{fit.score:.1f} points, place {fit.place} of {fit.of}." + (f" {best}." if best else "")
