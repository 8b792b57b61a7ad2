"""What changes needs, ratings, evidence of levels, and what a group asks for."""

from lantern.domain.needs.commands.evidence import Sign, note_evidence, remove_evidence
from lantern.domain.needs.commands.needs import (
    add_need,
    close_group_need,
    end_need,
    erase,
    open_shared_need,
    propose_group_need,
    rate,
    rate_many,
    vote,
)

__all__ = [
    "Sign",
    "add_need",
    "close_group_need",
    "end_need",
    "erase",
    "note_evidence",
    "open_shared_need",
    "propose_group_need",
    "rate",
    "rate_many",
    "remove_evidence",
    "vote",
]
