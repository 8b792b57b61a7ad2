"""What follows from an invitation into a joint plan: news for who is asked, and no news any more once it is over."""

from __future__ import annotations

from lantern.domain.joint_plans.events import JointInvitationEnded, JointPlanAsked
from lantern.domain.notices import commands as notices
from lantern.kernel.actor import Actor, system
from lantern.kernel.events import handles


@handles(JointPlanAsked)
def tell_who_is_asked(actor: Actor, event: JointPlanAsked) -> None:
    """Somebody asks you to plan something together."""
    notices.notify(
        actor, person_id=event.person_id, kind="joint_plan_asked", item_id=event.member_id, from_name=actor.name
    )


@handles(JointInvitationEnded)
def take_back_the_news(actor: Actor, event: JointInvitationEnded) -> None:
    """What is answered or taken back is no news, and its notice would lead to nothing."""
    notices.take_back(system(actor.tenancy, actor.request_id), kind="joint_plan_asked", item_id=event.member_id)
