"""The states of a goal."""

from enum import StrEnum


class GoalState(StrEnum):
    """Open until reached or let go."""

    OPEN = "open"
    REACHED = "reached"
    LET_GO = "let_go"


GOAL_STATE_WORDS: dict[str, str] = {"open": "Open", "reached": "Reached", "let_go": "Let go"}
