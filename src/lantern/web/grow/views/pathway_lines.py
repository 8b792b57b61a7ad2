"""A pathway as its page shows it: each set with how far she is, each step with its state and why it is locked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.formats import date_format

from lantern.domain.catalog.types import KIND_WORDS
from lantern.domain.needs.types import LEVEL_WORDS
from lantern.domain.pathways.types import NONE_NEEDED
from lantern.engine.pathway.outline import Entry, Section, find
from lantern.engine.pathway.standing import Known, Lock, SetNow, State, StepNow, Why, flattened
from lantern.engine.pathway.structure import Rule
from lantern.flows.pathway_standing import Whereabouts
from lantern.ui.durations import duration

STATE_CHIPS: dict[State, tuple[str, str, str]] = {
    State.DONE: ("Done", "brand", "circle-check"),
    State.OPEN: ("Open", "sky", "circle"),
    State.LOCKED: ("Not yet", "neutral", "lock"),
    State.SPARE: ("Not needed", "neutral", "circle"),
    State.GONE: ("Offered no more", "neutral", "circle"),
}
THIS_SET = "what comes before it"


@dataclass(frozen=True, slots=True)
class LockLine:
    """Why a step is locked, in words; `look_at` is a competency to look at again."""

    words: str
    look_at: UUID | None = None


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step on the page."""

    key: str
    title: str
    resource_id: UUID
    outcome: str
    meta: str
    prior: str
    state: str
    words: str
    tone: str
    icon: str
    locks: tuple[LockLine, ...]
    others: int
    note: str
    chosen: bool
    pick: bool
    here: bool
    is_set: bool = False

    @property
    def can_swap(self) -> bool:
        """Tell whether another route may be taken for it."""
        return self.state == State.OPEN or (self.others > 0 and self.state in (State.LOCKED, State.GONE))


@dataclass(frozen=True, slots=True)
class SetLine:
    """One set on the page; `pick` says that it is a part of a choice."""

    key: str
    name: str
    words: str
    percent: int
    parts: tuple[StepLine | SetLine, ...]
    choosing: str
    complete: bool
    chosen: bool
    pick: bool
    is_set: bool = True


def lines(found: Whereabouts) -> SetLine:
    """Return the whole as the page shows it."""
    return _Lines(found).set(found.here.top, False)


def set_words(one: SetNow) -> str:
    """Return how far she is in a set, in words."""
    got, needed = one.progress.got, one.progress.needed
    if one.section.rule is Rule.MINUTES:
        return f"At least {duration(needed)}: {duration(got)} so far"
    if one.section.rule is Rule.ANY:
        parts = len(one.section.parts)
        return f"Any {needed} of these {parts}: {min(got, needed)} of {needed} done"
    order = ", in this order" if one.section.rule is Rule.IN_ORDER else ", in any order"
    return f"All of it{order}: {got} of {needed} done"


def routes_of(found: Whereabouts) -> dict[str, str]:
    """Return the route of each step that is hers: what she finished, else what she would do."""
    return {one.entry.key: one.done_by or one.route for one in flattened(found.here.top)}


def name_of(key: str, outline: Section, known: Mapping[str, Known], routes: Mapping[str, str] | None = None) -> str:
    """Return what a part is called: its name, or the title of its route in `routes`, else of its first one."""
    part = find(outline, key)
    if isinstance(part, Entry):
        route = (routes or {}).get(key, part.routes[0])
        return f"“{known[route].title}”" if route in known else "a step that is not here any more"
    return f"“{part.name}”" if part is not None and part.name else THIS_SET


def lock_words(lock: Lock, found: Whereabouts, routes: Mapping[str, str]) -> str:
    """Return why a step is not open yet, in words that name what is hers to do."""
    outline, known, competencies = found.outline, found.known, found.competencies
    if lock.why is Why.ITEM:
        title = f"“{known[lock.about].title}”" if lock.about in known else "something that is not here"
        return f"Opens when {title} is finished: it builds on it."
    if lock.why is Why.TURN:
        return f"Opens when {name_of(lock.about, outline, known, routes)} is finished."
    if lock.why is Why.LEVEL:
        about = competencies.get(lock.about, "a competency that is not here any more")
        return f"Opens at the level “{LEVEL_WORDS[lock.level]}” in {about}."
    if lock.why is Why.LOOK:
        about = competencies.get(lock.about, "a competency that is not here any more")
        return f"Opens when you have looked again at where you stand in {about}."
    weeks = f"{lock.weeks} week{'' if lock.weeks == 1 else 's'} of practice{' in class' if lock.in_class else ''}"
    if lock.opens is None:
        return f"Opens after {weeks}, counted from when you finish {name_of(lock.about, outline, known, routes)}."
    return f"Opens in the week of {date_format(lock.opens, 'j F Y')}, after {weeks}."


class _Lines:
    def __init__(self, found: Whereabouts) -> None:
        self.found, self.routes = found, routes_of(found)

    def set(self, one: SetNow, pick: bool) -> SetLine:
        free = one.section.rule in (Rule.ANY, Rule.MINUTES) and not one.progress.complete
        parts = tuple(
            self.set(part, free) if isinstance(part, SetNow) else self.step(part, free) for part in one.parts
        )
        choosing = ""
        if free and one.to_choose:
            left = one.to_choose
            choosing = f"Choose {left} more." if left < one.progress.needed else f"Choose {left} of these."
        elif free and one.minutes_to_choose and one.minutes_to_choose < one.progress.needed - one.progress.got:
            choosing = f"Choose {duration(one.minutes_to_choose)} more."
        elif free:
            choosing = "Choose what you want to do. You can change your mind."
        percent = round(100 * one.progress.share)
        section, complete = one.section, one.progress.complete
        words = set_words(one)
        return SetLine(section.key, section.name, words, percent, parts, choosing, complete, one.chosen, pick)

    def step(self, one: StepNow, pick: bool) -> StepLine:
        entry, known = one.entry, self.found.known
        shown = one.done_by or one.route
        resource = known.get(shown)
        words, tone, icon = STATE_CHIPS[one.state]
        minutes = (resource.minutes if resource else None) or entry.minutes
        return StepLine(
            key=entry.key,
            title=resource.title if resource else "Something that is not in the catalog here any more",
            resource_id=UUID(shown),
            outcome=entry.outcome,
            meta=_meta(resource, minutes),
            prior=_prior(entry),
            state=one.state.value,
            words=words,
            tone=tone,
            icon=icon,
            locks=tuple(self._lock(lock) for lock in one.locks),
            others=sum(route in known and known[route].offered for route in entry.routes if route != shown),
            note=self._note(one),
            chosen=one.chosen,
            pick=pick and one.state in (State.OPEN, State.LOCKED),
            here=resource is not None,
        )

    def _lock(self, lock: Lock) -> LockLine:
        words = lock_words(lock, self.found, self.routes)
        look = lock.why in (Why.LOOK, Why.LEVEL) and lock.about in self.found.competencies
        return LockLine(words, UUID(lock.about) if look else None)

    def _note(self, one: StepNow) -> str:
        known, first = self.found.known, one.entry.routes[0]
        if one.state is State.GONE:
            return "Nobody can begin with it now, so it is not asked of you. Nothing you did is lost."
        if first != (one.done_by or one.route):
            title = f"“{known[first].title}”" if first in known else "what stood here first"
            if one.state is State.DONE or (first in known and known[first].offered):
                return f"Instead of {title}: it leads to the same."
            return f"{title[:1].upper()}{title[1:]} is offered no more; this leads to the same."
        return ""


def _meta(resource: Known | None, minutes: int | None) -> str:
    kind = KIND_WORDS.get(resource.kind, "") if resource else ""
    return ", ".join(filter(None, (kind, duration(minutes))))


def _prior(entry: Entry) -> str:
    if entry.prior is None:
        return ""
    return f"Good to know before: {entry.prior}" if entry.prior else NONE_NEEDED
