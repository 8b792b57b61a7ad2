"""What changes joint plans: the plan and its people, its steps, and what a member takes into her own weeks."""

from lantern.domain.joint_plans.commands.people import (
    answer_invitation,
    erase,
    invite,
    leave_plan,
    take_back_invitation,
)
from lantern.domain.joint_plans.commands.plans import change_plan, start_plan
from lantern.domain.joint_plans.commands.steps import (
    add_step,
    bring_back_step,
    change_step,
    mark_done,
    remove_step,
)
from lantern.domain.joint_plans.commands.taking import put_into_my_weeks

__all__ = [
    "add_step",
    "answer_invitation",
    "bring_back_step",
    "change_plan",
    "change_step",
    "erase",
    "invite",
    "leave_plan",
    "mark_done",
    "put_into_my_weeks",
    "remove_step",
    "start_plan",
    "take_back_invitation",
]
