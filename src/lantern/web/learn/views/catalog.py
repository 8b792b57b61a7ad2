"""The catalog: search, facets with true counts, chips, pages. Plain GET forms do it all; htmx only improves."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict

from lantern.domain.catalog import queries
from lantern.domain.catalog.types import (
    FACETS,
    KIND_WORDS,
    LEVEL_WORDS,
    PAGE_SIZE,
    SORTS,
    UNVETTED_WORDS,
    Search,
    SearchPage,
)
from lantern.domain.credits import queries as credits
from lantern.ui.tags.addresses import address
from lantern.ui.tags.cards import Card
from lantern.ui.tags.signs import Act, Pick
from lantern.web.answers import show
from lantern.web.gate import EDUCATOR, page
from lantern.web.learn.forms.catalog import SaveSearchForm

_OPEN = frozenset({"kind", "minutes", "level"})


def search_of(sent: QueryDict) -> Search:
    """Return the search that an address or a form asks for."""
    single = {name: sent.get(name, "") for name in ("q", "sort", "page", "verbatim", "open")}
    return Search.of({**single, **{name: sent.getlist(name) for name in FACETS}})


def pairs_of(search: Search) -> list[tuple[str, str]]:
    """Return a search as the pairs of an address, without the page."""
    pairs = [("q", search.q)] if search.q else []
    pairs += [(name, value) for name, values in search.chosen.items() for value in values]
    return pairs + ([("sort", search.sort)] if search.sort != "best" else [])


def address_of(pairs: list[tuple[str, str]]) -> str:
    """Return the catalog's address with these pairs."""
    query = urlencode(pairs)
    return address("learn:catalog") + (f"?{query}" if query else "")


@page(EDUCATOR)
def catalog(request: Any) -> HttpResponse:
    """Show what fits the search in the address."""
    part = "#found" if request.headers.get("HX-Request") else ""
    return show(request, f"learn/catalog.html{part}", **context_of(request, search_of(request.GET), SaveSearchForm()))


def context_of(request: Any, search: Search, form: SaveSearchForm, here: str = "") -> dict[str, Any]:
    """Return everything the page of the catalog shows for a search; `here` is its address where that is another one."""
    actor = request.actor
    found = queries.search(actor, search)
    pairs = pairs_of(search)
    kept = queries.saved_among(actor, [resource.pk for resource in found.resources])
    rule = credits.rule_on(actor) if found.resources else None
    here = here or address_of(pairs + ([("page", str(search.page))] if search.page > 1 else []))
    return {
        "found": found,
        "search": search,
        "search_value": search.q,
        "pairs": pairs,
        "querystring": urlencode(pairs + ([("verbatim", "1")] if search.verbatim else [])),
        "page": Paginator(range(found.total), PAGE_SIZE).get_page(search.page),
        "cards": [_card(resource, resource.pk in kept, rule, here) for resource in found.resources],
        "facets": [_facet(facet, search, pairs) for facet in found.facets if facet.options],
        "chips": _chips(found, pairs),
        "filters_open": bool(search.opened or (found.chips and request.headers.get("HX-Request"))),
        "sorts": [(value, label, value == search.sort) for value, label in SORTS.items()],
        "clear_url": address_of([("q", search.q)] if search.q else []),
        "verbatim_url": address_of([*pairs, ("verbatim", "1")]),
        "everything": found.offered,
        "here": here,
        "save_form": form,
    }


def _card(resource: Any, kept: bool, rule: Any, here: str) -> Card:
    verdict = credits.judge(rule, minutes=resource.minutes, outside=False, has_evidence=False, resource=resource)
    facts = [LEVEL_WORDS[resource.level]] if resource.level else []
    if resource.provider:
        facts.append(resource.provider)
    if resource.cost_cents is not None:
        facts.append("Free" if not resource.cost_cents else "Has a cost")
    if not resource.evidence_tier:
        facts.append(UNVETTED_WORDS)
    return Card(
        kind=KIND_WORDS[resource.kind],
        title=resource.title,
        href=address("learn:resource", resource.pk),
        minutes=resource.minutes,
        summary=resource.summary,
        facts=("\N{NO-BREAK SPACE}· ".join(facts), credit_words(verdict)),
        acts=(_keep(resource, kept, here),),
        pick=Pick("compare", "with", str(resource.pk), "Compare"),
    )


def _keep(resource: Any, kept: bool, here: str) -> Act:
    label, icon = ("Kept", "bookmark-check") if kept else ("Keep for later", "bookmark")
    sent = (("next", here), ("keep", "no" if kept else "yes"))
    return Act(address("learn:keep", resource.pk), label, sent, icon)


def credit_words(verdict: Any) -> str:
    """Return what something is worth in the hours people are used to (A.6), or nothing when it earns none."""
    if not verdict.hundredths:
        return ""
    return f"Counts as {verdict.hours} hours ({verdict.credit_type})"


def _facet(facet: Any, search: Search, pairs: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        "name": facet.name,
        "label": facet.label,
        "open": facet.name in _OPEN or facet.name in search.chosen or facet.name == search.opened,
        "options": [
            {"label": option.label, "value": option.value, "count": option.count, "checked": option.on}
            for option in facet.options
        ],
        "hidden": facet.hidden,
        "more_url": address_of([*pairs, ("open", facet.name)]),
    }


def _chips(found: SearchPage, pairs: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [
        {
            "label": f"{FACETS[name]}: {label}",
            "url": address_of([pair for pair in pairs if pair != (name, value)]),
        }
        for name, value, label in found.chips
    ]
