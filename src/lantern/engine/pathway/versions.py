"""What is different between two versions of a pathway, step by step, by the keys that stay."""

from __future__ import annotations

from dataclasses import dataclass

from lantern.engine.pathway.outline import Entry, Section, entries, parent_of, walk


@dataclass(frozen=True, slots=True)
class Changes:
    """Steps that came, went, changed in what they say or accept, or stand elsewhere; sets whose rule changed, that
    came, went, or stand elsewhere.
    """

    added: tuple[Entry, ...]
    removed: tuple[Entry, ...]
    changed: tuple[tuple[Entry, Entry], ...]
    moved: tuple[Entry, ...]
    rules: tuple[Section, ...]
    sets_added: tuple[Section, ...] = ()
    sets_removed: tuple[Section, ...] = ()
    sets_moved: tuple[Section, ...] = ()

    @property
    def none(self) -> bool:
        """Tell whether nothing is different."""
        steps = self.added or self.removed or self.changed or self.moved
        return not (steps or self.rules or self.sets_added or self.sets_removed or self.sets_moved)


def changes(old: Section, new: Section) -> Changes:
    """Return what a newer version changes; a step before which others came or went is not moved by that."""
    before, after = {one.key: one for one in entries(old)}, {one.key: one for one in entries(new)}
    kept = [key for key in before if key in after]
    places = {key: place for place, key in enumerate(key for key in after if key in before)}
    turned = _out_of_turn(kept, places)
    sets, now_sets = _sets(old), _sets(new)
    kept_sets = [key for key in sets if key in now_sets]
    set_places = {key: place for place, key in enumerate(key for key in now_sets if key in sets)}
    turned_sets = _out_of_turn(kept_sets, set_places)
    stepless = {key for key in kept_sets if not entries(now_sets[key])}
    return Changes(
        added=tuple(one for key, one in after.items() if key not in before),
        removed=tuple(one for key, one in before.items() if key not in after),
        changed=tuple((before[key], after[key]) for key in kept if before[key] != after[key]),
        moved=tuple(after[key] for key in kept if key in turned or _home(old, key) != _home(new, key)),
        rules=tuple(now_sets[key] for key in now_sets if key in sets and _rule(now_sets[key]) != _rule(sets[key])),
        sets_added=tuple(one for key, one in now_sets.items() if key not in sets),
        sets_removed=tuple(one for key, one in sets.items() if key not in now_sets),
        sets_moved=tuple(
            now_sets[key]
            for key in kept_sets
            if _home(old, key) != _home(new, key) or (key in turned_sets and key in stepless)
        ),
    )


def _sets(top: Section) -> dict[str, Section]:
    return {one.key: one for one in walk(top) if isinstance(one, Section)}


def _home(top: Section, key: str) -> str:
    parent = parent_of(top, key)
    return parent.key if parent else ""


def _rule(section: Section) -> tuple[object, ...]:
    return section.rule, section.least, section.name


def _out_of_turn(kept: list[str], places: dict[str, int]) -> set[str]:
    """Return the fewest keys whose moving explains the new order: all but a longest run that is in order in both."""
    best: list[list[str]] = []
    for key in kept:
        before = [run for run in best if places[run[-1]] < places[key]]
        best.append([*_longest(before), key])
    return set(kept) - set(_longest(best))


def _longest(runs: list[list[str]]) -> list[str]:
    return max(runs, key=len) if runs else []
