"""What changes item banks, and an educator's own checks."""

from lantern.domain.assessments.commands.checks import answer, erase, finish, remove, set_contributes, start
from lantern.domain.assessments.commands.items import calibrate, create_item, edit_item, publish_drafts, set_status
from lantern.domain.assessments.commands.loading import import_items

__all__ = [
    "answer",
    "calibrate",
    "create_item",
    "edit_item",
    "erase",
    "finish",
    "import_items",
    "publish_drafts",
    "remove",
    "set_contributes",
    "set_status",
    "start",
]
