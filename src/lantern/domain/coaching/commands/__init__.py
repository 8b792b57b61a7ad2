"""What changes coaching: links, proposals, observations, and offers of help."""

from lantern.domain.coaching.commands.links import (
    answer_link,
    answer_proposal,
    ask_coach,
    end_link,
    erase,
    offer_help,
    propose,
    share_with_coach,
    withdraw_offer,
    withdraw_proposal,
)
from lantern.domain.coaching.commands.observations import (
    answer_observation,
    withdraw_observation,
    write_observation,
)
from lantern.domain.coaching.commands.plan_changes import answer_plan_proposal, propose_plan

__all__ = [
    "answer_link",
    "answer_observation",
    "answer_plan_proposal",
    "answer_proposal",
    "ask_coach",
    "end_link",
    "erase",
    "offer_help",
    "propose",
    "propose_plan",
    "share_with_coach",
    "withdraw_observation",
    "withdraw_offer",
    "withdraw_proposal",
    "write_observation",
]
