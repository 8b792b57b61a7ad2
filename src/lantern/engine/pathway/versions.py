"""What is different between two versions of a pathway, step by step, by the keys that stay."""

from __future__ import annotations

from dataclasses import dataclass

from lantern.engine.pathway.outline import Entry, Section, entries, parent_of, walk


@dataclass(frozen=True, slots=True)
class Changes:
    """Steps that came, went, changed in what they say or accept, or stand elsewhere; sets whose rule changed."""

    added: tuple[Entry, ...]
    removed: tuple[Entry, ...]
    changed: tuple[tuple[Entry, Entry], ...]
    moved: tuple[Entry, ...]
    rules: tuple[Section, ...]

    @property
    def none(self) -> bool:
        """Tell whether nothing is different."""
        return not (self.added or self.removed or self.changed or self.moved or self.rules)


def changes(old: Section, new: Section) -> Changes:
    """Return what a newer version changes; a step before which others came or went is not moved by that."""
    before, after = {one.key: one for one in entries(old)}, {one.key: one for one in entries(new)}
    kept = [key for key in before if key in after]
    places = {key: place for place, key in enumerate(key for key in after if key in before)}
    turned = _out_of_turn(kept, places)
    sets = {one.key: one for one in walk(old) if isinstance(one, Section)}
    return Changes(
        added=tuple(one for key, one in after.items() if key not in before),
        removed=tuple(one for key, one in before.items() if key not in after),
        changed=tuple((before[key], after[key]) for key in kept if before[key] != after[key]),
        moved=tuple(after[key] for key in kept if key in turned or _home(old, key) != _home(new, key)),
        rules=tuple(
            one
            for one in walk(new)
            if isinstance(one, Section) and one.key in sets and _rule(one) != _rule(sets[one.key])
        ),
    )


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
