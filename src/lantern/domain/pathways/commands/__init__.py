"""What changes pathways: preparing them, being in one, own ones."""

from lantern.domain.pathways.commands.following import choose, go_over, leave, start_pathway, swap
from lantern.domain.pathways.commands.loading import import_pathways
from lantern.domain.pathways.commands.own import (
    choose_in_own,
    copy_pathway,
    create_own,
    erase,
    keep_own,
    remove_own,
    rename_own,
    swap_in_own,
)
from lantern.domain.pathways.commands.preparing import (
    create_pathway,
    describe_pathway,
    drop_draft,
    offer_pathway,
    retire_pathway,
    save_draft,
)

__all__ = [
    "choose",
    "choose_in_own",
    "copy_pathway",
    "create_own",
    "create_pathway",
    "describe_pathway",
    "drop_draft",
    "erase",
    "go_over",
    "import_pathways",
    "keep_own",
    "leave",
    "offer_pathway",
    "remove_own",
    "rename_own",
    "retire_pathway",
    "save_draft",
    "start_pathway",
    "swap",
    "swap_in_own",
]
