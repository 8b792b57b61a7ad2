"""The closed lists of coaching."""

from enum import StrEnum


class LinkState(StrEnum):
    """From asking to ending."""

    ASKED = "asked"
    ACTIVE = "active"
    DECLINED = "declined"
    ENDED = "ended"


class ProposalKind(StrEnum):
    """What can be proposed."""

    GOAL = "goal"
    ACTIVITY = "activity"


class ProposalState(StrEnum):
    """What the educator made of it."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REWRITTEN = "rewritten"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
