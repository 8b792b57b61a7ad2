"""What happened in the catalog."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from lantern.kernel.events import Event


@dataclass(frozen=True, slots=True)
class ResourceDrafted(Event):
    """A resource was written that is not offered yet."""

    resource_id: UUID


@dataclass(frozen=True, slots=True)
class ResourcePublished(Event):
    """A resource is offered from now on."""

    resource_id: UUID


@dataclass(frozen=True, slots=True)
class ResourceChanged(Event):
    """What is said of a resource changed."""

    resource_id: UUID


@dataclass(frozen=True, slots=True)
class ResourceRetired(Event):
    """A resource is not offered any more."""

    resource_id: UUID


@dataclass(frozen=True, slots=True)
class TermCreated(Event):
    """The taxonomy got a word."""

    term_id: UUID


@dataclass(frozen=True, slots=True)
class TermRenamed(Event):
    """A word of the taxonomy got another label."""

    term_id: UUID


@dataclass(frozen=True, slots=True)
class CatalogImported(Event):
    """A catalogue was brought in."""

    created: int
    updated: int
    unchanged: int
    refused: int
    new_terms: int


@dataclass(frozen=True, slots=True)
class ResourceKept(Event):
    """An educator kept a resource for later."""

    resource_id: UUID


@dataclass(frozen=True, slots=True)
class ResourceLetGo(Event):
    """An educator does not keep a resource any more."""

    resource_id: UUID


@dataclass(frozen=True, slots=True)
class SearchSaved(Event):
    """An educator kept a search."""

    search_id: UUID


@dataclass(frozen=True, slots=True)
class SearchDeleted(Event):
    """An educator deleted a search she had kept."""

    search_id: UUID
