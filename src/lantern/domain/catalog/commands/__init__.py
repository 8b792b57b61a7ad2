"""What changes the catalog, and what an educator keeps of it."""

from lantern.domain.catalog.commands.guessing import guess_links
from lantern.domain.catalog.commands.indexing import record_index
from lantern.domain.catalog.commands.keeping import delete_search, erase, keep, save_search, unkeep
from lantern.domain.catalog.commands.loading import import_resources
from lantern.domain.catalog.commands.resources import create_resource, edit_resource, set_status
from lantern.domain.catalog.commands.terms import create_term, rename_term

__all__ = [
    "create_resource",
    "create_term",
    "delete_search",
    "edit_resource",
    "erase",
    "guess_links",
    "import_resources",
    "keep",
    "record_index",
    "rename_term",
    "save_search",
    "set_status",
    "unkeep",
]
