"""A pathway as it is written: sets that nest, steps with what each says of itself, and the plain values it is kept as.

A step has a key that stays when the pathway changes, and one or more routes to one outcome: things from the catalog of
which one is enough (C.8, D.9). The first route is the one that is offered before she chooses another.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from lantern.engine.pathway.structure import Group, Part, Rule, Step

MOST_STEPS, MOST_DEPTH, MOST_ROUTES, MOST_LEVELS = 200, 8, 12, 8
OUTCOME_MOST, PRIOR_MOST, NAME_MOST = 200, 300, 120
MOST_MINUTES, MOST_WEEKS = 60_000, 52
TOP = "top"
UNFIT = re.compile("[\x00\ud800-\udfff]")
"""What no text that is kept may hold: NUL, half a surrogate pair."""
_KEY = re.compile(r"[a-z0-9]{1,12}")


@dataclass(frozen=True, slots=True)
class LevelFirst:
    """A step opens at this level of a competency."""

    competency: str
    level: int


@dataclass(frozen=True, slots=True)
class Practice:
    """A step opens so many weeks after another one is done; with `in_class` only weeks in which she teaches count."""

    after: str
    weeks: int
    in_class: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One step. `prior` is what one should know before it: None where nobody said, "" where nothing is needed.

    `minutes` is said here where the catalog does not say it. `check` is a competency to look at again before it.
    Without `counts_before` only what is finished after she started the pathway counts, and what cannot be done again.
    """

    key: str
    routes: tuple[str, ...]
    outcome: str = ""
    prior: str | None = None
    minutes: int | None = None
    levels: tuple[LevelFirst, ...] = ()
    practice: Practice | None = None
    check: str = ""
    counts_before: bool = True


@dataclass(frozen=True, slots=True)
class Section:
    """A set of steps and sets; `least` is how many of ANY, how many minutes of MINUTES."""

    key: str
    rule: Rule
    parts: tuple[Entry | Section, ...] = ()
    least: int = 0
    name: str = ""


Written = Entry | Section


class Malformed(Exception):
    """It is no outline: `where` names the place, the text says why."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(reason)
        self.where, self.reason = where, reason


def empty(rule: Rule = Rule.IN_ORDER) -> Section:
    """Return an outline with nothing in it yet."""
    return Section(TOP, rule)


def flat(steps: Iterable[tuple[str, str, str | None]]) -> Section:
    """Return (resource, outcome, prior knowledge) after (resource, …), in this order."""
    written = (Entry(f"s{n}", (one[0],), one[1], one[2]) for n, one in enumerate(steps, start=1))
    return Section(TOP, Rule.IN_ORDER, tuple(written))


def walk(part: Written) -> Iterator[Written]:
    """Yield a part and all in it, in order."""
    yield part
    for one in part.parts if isinstance(part, Section) else ():
        yield from walk(one)


def entries(part: Written) -> tuple[Entry, ...]:
    """Return the steps in their order."""
    return tuple(one for one in walk(part) if isinstance(one, Entry))


def resources(part: Written) -> tuple[str, ...]:
    """Return every resource that is a route of a step, once."""
    return tuple(dict.fromkeys(route for entry in entries(part) for route in entry.routes))


def competencies(part: Written) -> frozenset[str]:
    """Return every competency that a step names."""
    named = {one.competency for entry in entries(part) for one in entry.levels}
    return frozenset(named | {entry.check for entry in entries(part) if entry.check})


def structure_of(part: Written) -> Part:
    """Return the same as the planner's structure, whose items are the keys of steps."""
    if isinstance(part, Entry):
        return Step(part.key)
    return Group(part.rule, tuple(structure_of(one) for one in part.parts), part.least, part.name)


def equivalents(part: Written) -> tuple[frozenset[str], ...]:
    """Return the routes of each step that has several: any of them is done instead of another."""
    return tuple(frozenset(entry.routes) for entry in entries(part) if len(entry.routes) > 1)


# --------------------------------------------------------------------------------------------------- as plain values


def as_json(part: Written) -> dict[str, object]:
    """Return plain values that `read` reads again as they were; what is not said is left out."""
    if isinstance(part, Section):
        said: dict[str, object] = {"key": part.key, "rule": part.rule.value}
        said |= {"name": part.name} if part.name else {}
        said |= {"least": part.least} if part.least else {}
        return said | {"parts": [as_json(one) for one in part.parts]}
    said = {"key": part.key, "routes": list(part.routes), "outcome": part.outcome}
    said |= {} if part.prior is None else {"prior": part.prior}
    said |= {} if part.minutes is None else {"minutes": part.minutes}
    if part.levels:
        said["levels"] = [{"competency": one.competency, "level": one.level} for one in part.levels]
    if part.practice is not None:
        gap = part.practice
        said["practice"] = {"after": gap.after, "weeks": gap.weeks, "in_class": gap.in_class}
    said |= {"check": part.check} if part.check else {}
    return said if part.counts_before else said | {"counts_before": False}


def digest(part: Written) -> str:
    """Return a short text that is the same for the same outline only."""
    return hashlib.sha256(json.dumps(as_json(part), sort_keys=True).encode()).hexdigest()[:32]


def read(value: object) -> Section:
    """Return the outline that plain values say. Raises Malformed with the place and the reason."""
    part = _read(value, TOP, 0)
    if not isinstance(part, Section):
        raise Malformed(TOP, "is a set, not a step")
    keys = [one.key for one in walk(part)]
    twice = next((key for key, count in Counter(keys).items() if count > 1), None)
    if twice is not None:
        raise Malformed(twice, "two parts have this key")
    if len(entries(part)) > MOST_STEPS:
        raise Malformed(TOP, f"has {len(entries(part))} steps; at most {MOST_STEPS} can be kept")
    return part


def _read(value: object, where: str, depth: int) -> Written:
    if not isinstance(value, Mapping):
        raise Malformed(where, "is neither a set nor a step")
    key = _text(value, "key", where, 12)
    if not _KEY.fullmatch(key):
        raise Malformed(where, "key is 1 to 12 small letters and digits")
    if "parts" not in value:
        return _entry(value, key, where)
    _only(value, where, "key", "rule", "name", "least", "parts")
    if depth >= MOST_DEPTH:
        raise Malformed(where, f"sets nest {MOST_DEPTH} deep at most")
    rules = {rule.value: rule for rule in Rule}
    if not isinstance(value.get("rule"), str) or value["rule"] not in rules:
        raise Malformed(where, f"rule is one of: {', '.join(rules)}")
    inside = value["parts"]
    if not isinstance(inside, list) or len(inside) > 2 * MOST_STEPS:
        raise Malformed(where, "parts is a list of sets and steps")
    parts = tuple(_read(one, f"{where}.{n}", depth + 1) for n, one in enumerate(inside, start=1))
    least = _whole(value, "least", where, MOST_MINUTES) or 0
    return Section(key, rules[str(value["rule"])], parts, least, _text(value, "name", where, NAME_MOST))


def _entry(value: Mapping[str, object], key: str, where: str) -> Entry:
    _only(value, where, "key", "routes", "outcome", "prior", "minutes", "levels", "practice", "check", "counts_before")
    routes = value.get("routes")
    good = isinstance(routes, list) and all(isinstance(one, str) and 0 < len(one) <= 40 for one in routes)
    if not isinstance(routes, list) or not good or not 1 <= len(set(routes)) == len(routes) <= MOST_ROUTES:
        raise Malformed(where, f"routes is a list of 1 to {MOST_ROUTES} different resources")
    levels = value.get("levels", [])
    if not isinstance(levels, list) or len(levels) > MOST_LEVELS:
        raise Malformed(where, f"levels is a list of at most {MOST_LEVELS}")
    counts = value.get("counts_before", True)
    if not isinstance(counts, bool):
        raise Malformed(where, "counts_before is true or false")
    return Entry(
        key=key,
        routes=tuple(routes),
        outcome=_text(value, "outcome", where, OUTCOME_MOST),
        prior=None if value.get("prior") is None else _text(value, "prior", where, PRIOR_MOST),
        minutes=_whole(value, "minutes", where, MOST_MINUTES),
        levels=tuple(_level(one, where) for one in levels),
        practice=_practice(value["practice"], where) if value.get("practice") is not None else None,
        check=_text(value, "check", where, 40),
        counts_before=counts,
    )


def _level(value: object, where: str) -> LevelFirst:
    level = value.get("level") if isinstance(value, Mapping) else None
    whole = isinstance(level, int) and not isinstance(level, bool)
    if not isinstance(value, Mapping) or not isinstance(level, int) or not whole or not 1 <= level <= 4:
        raise Malformed(where, "a level names a competency and 1 to 4")
    _only(value, where, "competency", "level")
    return LevelFirst(_text(value, "competency", where, 40), level)


def _practice(value: object, where: str) -> Practice:
    if not isinstance(value, Mapping):
        raise Malformed(where, "practice names a step and weeks")
    _only(value, where, "after", "weeks", "in_class")
    weeks, in_class = _whole(value, "weeks", where, MOST_WEEKS), value.get("in_class", False)
    if not weeks or not isinstance(in_class, bool):
        raise Malformed(where, f"practice is 1 to {MOST_WEEKS} weeks, in class or not")
    return Practice(_text(value, "after", where, 12), weeks, in_class)


def _only(value: Mapping[str, object], where: str, *names: str) -> None:
    unknown = sorted(str(name) for name in value if name not in names)
    if unknown:
        raise Malformed(where, f"says what is not known here: {UNFIT.sub('?', ', '.join(unknown)[:80])}")


def _text(value: Mapping[str, object], name: str, where: str, most: int) -> str:
    found = value.get(name, "")
    if not isinstance(found, str) or len(found) > most:
        raise Malformed(where, f"{name} is text of at most {most} characters")
    if UNFIT.search(found):
        raise Malformed(where, f"{name} holds characters that are no text")
    return found.strip()


def _whole(value: Mapping[str, object], name: str, where: str, most: int) -> int | None:
    found = value.get(name)
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found <= most:
        raise Malformed(where, f"{name} is a whole number up to {most}")
    return found


# --------------------------------------------------------------------------------------------------- changed by hand


def find(top: Section, key: str) -> Written | None:
    """Return the part with this key, or None."""
    return next((one for one in walk(top) if one.key == key), None)


def parent_of(top: Section, key: str) -> Section | None:
    """Return the set that a part is in; None for the whole, and for what is not there."""
    sets = (one for one in walk(top) if isinstance(one, Section))
    return next((one for one in sets if any(part.key == key for part in one.parts)), None)


def new_key(top: Section, letter: str = "s", used: Iterable[str] = ()) -> str:
    """Return a key above those of all parts, and above those `used` before: what means a part that was taken out, in
    somebody's choices or in another window, never means another one.
    """
    taken = {one.key for one in walk(top)} | set(used)
    numbers = [int(key[len(letter) :]) for key in taken if re.fullmatch(rf"{letter}[0-9]{{1,9}}", key)]
    highest = max(numbers, default=0)
    return next(f"{letter}{n}" for n in range(highest + 1, highest + len(taken) + 2) if f"{letter}{n}" not in taken)


def added(top: Section, into: str, part: Written) -> Section:
    """Return the outline with a part at the end of a set; unchanged where there is no such set."""
    return _changed(top, into, lambda one: replace(one, parts=(*one.parts, part)) if isinstance(one, Section) else one)


def put(top: Section, part: Written) -> Section:
    """Return the outline with a part in the place of the one that has its key."""
    return _changed(top, part.key, lambda one: part)


def removed(top: Section, key: str) -> Section:
    """Return the outline without a part and all in it; no step waits for practice after what is gone."""
    gone = find(top, key)
    if gone is None or gone is top:
        return top
    keys = {one.key for one in walk(gone)}
    found = _without(top, key)
    for entry in entries(found):
        if entry.practice is not None and entry.practice.after in keys:
            found = put(found, replace(entry, practice=None))
    return found


def moved(top: Section, key: str, how: str) -> Section:
    """Return the outline with a part moved `up` or `down` in its set, `in` to the set before it, or `out` of its set to
    the place behind it; unchanged where that cannot be.
    """
    parent, part = parent_of(top, key), find(top, key)
    if parent is None or part is None:
        return top
    place = next(n for n, one in enumerate(parent.parts) if one.key == key)
    parts = list(parent.parts)
    if how in ("up", "down"):
        to = place + (1 if how == "down" else -1)
        if not 0 <= to < len(parts):
            return top
        parts[place], parts[to] = parts[to], parts[place]
        return put(top, replace(parent, parts=tuple(parts)))
    if how == "in":
        before = parts[place - 1] if place else None
        if not isinstance(before, Section) or _depth(top, before.key) + _height(part) >= MOST_DEPTH:
            return top
        return added(_without(top, key), before.key, part)
    above = parent_of(top, parent.key)
    if how != "out" or above is None:
        return top
    shorter = _without(top, key)
    above = parent_of(shorter, parent.key) or top
    behind = next(n for n, one in enumerate(above.parts) if one.key == parent.key) + 1
    return put(shorter, replace(above, parts=(*above.parts[:behind], part, *above.parts[behind:])))


def fits_into(top: Section, into: str) -> bool:
    """Tell whether a set may stand inside this one without nesting too deep."""
    return isinstance(find(top, into), Section) and _depth(top, into) + 1 < MOST_DEPTH


def _depth(top: Section, key: str) -> int:
    depth, above = 0, parent_of(top, key)
    while above is not None:
        depth, above = depth + 1, parent_of(top, above.key)
    return depth


def _height(part: Written) -> int:
    return 1 + max((_height(one) for one in part.parts), default=0) if isinstance(part, Section) else 0


def _without(top: Section, key: str) -> Section:
    parts = tuple(_without(one, key) if isinstance(one, Section) else one for one in top.parts if one.key != key)
    return replace(top, parts=parts)


def _changed(top: Section, key: str, change: Callable[[Written], Written]) -> Section:
    found = _change(top, key, change)
    return found if isinstance(found, Section) else top


def _change(part: Written, key: str, change: Callable[[Written], Written]) -> Written:
    if part.key == key:
        return change(part)
    if isinstance(part, Section):
        return replace(part, parts=tuple(_change(one, key, change) for one in part.parts))
    return part
