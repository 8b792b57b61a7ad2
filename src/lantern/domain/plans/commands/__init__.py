"""What may be done with one's plan."""

from lantern.domain.plans.commands.drafts import drop_draft, improve_draft, keep_draft, take_draft
from lantern.domain.plans.commands.plan import (
    add_to_plan,
    begin_plan,
    erase,
    move_item,
    open_shared_plan,
    pin_item,
    plan_resource,
    remove_item,
    set_plan,
    set_week,
)
from lantern.domain.plans.commands.reviews import answer_review

__all__ = [
    "add_to_plan",
    "answer_review",
    "begin_plan",
    "drop_draft",
    "erase",
    "improve_draft",
    "keep_draft",
    "move_item",
    "open_shared_plan",
    "pin_item",
    "plan_resource",
    "remove_item",
    "set_plan",
    "set_week",
    "take_draft",
]
