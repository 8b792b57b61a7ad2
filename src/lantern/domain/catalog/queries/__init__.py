"""What may be asked about the catalog."""

from lantern.domain.catalog.queries.kept import (
    export_for,
    get_search,
    is_saved,
    my_saved,
    my_searches,
    saved_among,
)
from lantern.domain.catalog.queries.ranking import facts_for_ranking
from lantern.domain.catalog.queries.resources import (
    competencies_of,
    find_sourced,
    find_titled,
    get_resource,
    leads_to,
    list_communities,
    list_dependents,
    list_managed,
    list_offered_by_ids,
    list_resources_by_ids,
    list_tools,
    prerequisites_of,
    required_before,
    resources_for_competency,
    terms_of,
    titles_and_links,
)
from lantern.domain.catalog.queries.rows import Standing, standing
from lantern.domain.catalog.queries.search import count_offered, describe_filters, language_name, search
from lantern.domain.catalog.queries.terms import get_term, list_terms, list_terms_with_counts
from lantern.domain.catalog.queries.words import (
    FIELD_WEIGHTS,
    embedder,
    index_folder,
    is_index_current,
    search_documents,
)

__all__ = [
    "FIELD_WEIGHTS",
    "Standing",
    "competencies_of",
    "count_offered",
    "describe_filters",
    "embedder",
    "export_for",
    "facts_for_ranking",
    "find_sourced",
    "find_titled",
    "get_resource",
    "get_search",
    "get_term",
    "index_folder",
    "is_index_current",
    "is_saved",
    "language_name",
    "leads_to",
    "list_communities",
    "list_dependents",
    "list_managed",
    "list_offered_by_ids",
    "list_resources_by_ids",
    "list_terms",
    "list_terms_with_counts",
    "list_tools",
    "my_saved",
    "my_searches",
    "prerequisites_of",
    "required_before",
    "resources_for_competency",
    "saved_among",
    "search",
    "search_documents",
    "standing",
    "terms_of",
    "titles_and_links",
]
