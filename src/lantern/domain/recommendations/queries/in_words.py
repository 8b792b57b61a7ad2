"""What would change a suggestion, where it loses, what a "not for me" teaches: the engine's answers in words."""

from __future__ import annotations

from lantern.domain.catalog.types import KIND_WORDS
from lantern.engine.recommend import FACTORS, Change, Difference, Learner, Lesson, Shelf


def loss(difference: Difference) -> str:
    """Say where an item loses against the last of the short list."""
    return f"{FACTORS[difference.factor]}: {difference.mine:.1f} points here, {difference.theirs:.1f} there"


def change(one: Change, learner: Learner, shelf: Shelf) -> str:
    """Say which single change would bring the item onto the short list."""
    about = str(one.about)
    match one.kind:
        case "slider":
            return f"Let “{FACTORS[about]}” count {_times(one.then)} instead of {_times(one.now)}"
        case "switch":
            return f"Switch “{FACTORS[about]}” {'on' if one.then else 'off'}"
        case "format":
            name = KIND_WORDS.get(about, about).lower()
            return f"Say that you {'like' if one.then else 'do not especially like'} this format ({name})"
        case "minutes":
            return f"Have {one.then:.0f} minutes a week instead of {one.now:.0f}"
        case "goal":
            name = learner.names.get(one.about, "")
            return f"Set a goal about {name}" if name else "Set a goal about what it leads to"
        case _:
            place = shelf.place_of.get(one.about)
            return "Take “not for me” back" if place is not None else "Take a “not for me” back"


def lesson(one: Lesson) -> str:
    """Say what a "not for me" takes from which other things at the moment."""
    if not one.touches or not one.points:
        return one.words
    things = "1 other thing" if one.touches == 1 else f"{one.touches:,} other things"
    return f"{one.words}: {one.points:.1f} points for {things}, fading with time"


def _times(weight: float) -> str:
    return "as usual" if weight == 1 else f"{weight:.2f}".rstrip("0").rstrip(".") + " times"
