"""Resources by the hand of a coordinator, with the least that has to be said; and the index as the job builds it."""

from __future__ import annotations

from typing import Any

from lantern.domain.catalog import commands as catalog
from lantern.domain.catalog.types import Search
from lantern.flows import search_index
from lantern.kernel.actor import Actor


def make_resource(actor: Actor, title: str, kind: str = "course", **facts: Any) -> Any:
    """A published resource of the actor's tenant."""
    return catalog.create_resource(actor, title=title, kind=kind, **facts)


def make_term(actor: Actor, label: str, scheme: str = "topic") -> Any:
    """A term of the actor's tenant."""
    return catalog.create_term(actor, scheme=scheme, label=label)


def looking_for(q: str = "", **chosen: Any) -> Search:
    """A search by words and facets; sort, page and verbatim as in an address."""
    return Search.of({"q": q, **chosen})


def build(actor: Actor) -> int:
    """Build the search index of the actor's tenant."""
    return search_index.build(actor)


def titles(page: Any) -> list[str]:
    """The titles of a page of results, in order."""
    return [resource.title for resource in page.resources]


def count_of(page: Any, facet: str, value: str) -> int:
    """What a facet says for one value; 0 when it is not offered."""
    options = next(one.options for one in page.facets if one.name == facet)
    return next((option.count for option in options if option.value == str(value)), 0)
