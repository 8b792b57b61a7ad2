"""Reads one educator's own ratings from a table or from lines she typed: areas, what they were rated, when.

A file that holds the ratings of several people is refused whole: nobody brings in anybody else's. Comments and feedback
are dropped here, before anything can keep them. Column names follow Ed-Fi's TPDM (element, rating, level, date).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lantern.engine.untrusted import Row, Unreadable, decode, read_table

MAX_BYTES = 1_000_000
MAX_RATINGS = 200
LONGEST = 160
_LONGEST_ACRONYM = 5

_AREA = ("element", "indicator", "component", "standard", "area", "domain", "objective")
_RATING = ("rating", "score", "result")
_LEVEL = ("level", "ratinglevel", "performancelevel")
_DATE = ("date", "evaluationdate", "actualdate")
_PERSON = ("person", "personid", "educator", "educatorid", "staff", "staffid", "teacher", "teacherid", "name", "email")
_OF = re.compile(r"(-?\d{1,6}(?:\.\d{1,4})?) ?(?:of|out of|/) ?(\d{1,6}(?:\.\d{1,4})?)")
_WHOLE = frozenset({"overall", "total", "summative", "average"})


@dataclass(frozen=True, slots=True)
class OwnRating:
    """One area of an evaluation: what it is called, and what was said of it, in the evaluation's own words."""

    area: str
    rating: str = ""
    level: str = ""
    on: str = ""

    @property
    def said(self) -> str:
        """Return what was said, as one line: "79, Effective"."""
        return ", ".join(part for part in (self.rating, self.level) if part)


def read_ratings(data: bytes) -> tuple[OwnRating, ...]:
    """Return the ratings of a CSV with a header: one for each area, the newest where an area comes several times.

    Raises Unreadable with row and field for a file that is too large, is no table, lacks a column for the area, holds
    nothing, holds several people, or has a rating outside its own scale ("7 of 4").
    """
    if len(data) > MAX_BYTES:
        raise Unreadable(f"the file is {len(data):,} bytes; at most {MAX_BYTES:,} are read")
    table = read_table(data)
    area = _column(table.columns, _AREA)
    if area is None:
        raise Unreadable(f"there is no column for the area; call one of them {', '.join(_AREA[:5])}", row=1)
    person, rating = _column(table.columns, _PERSON), _column(table.columns, _RATING)
    level, on = _column(table.columns, _LEVEL), _column(table.columns, _DATE)
    people: set[str] = set()
    found: dict[str, OwnRating] = {}
    for row in table.rows:
        if row.problem:
            raise Unreadable(row.problem, row=row.number)
        if person is not None:
            people.add(row.cells.get(person, "").strip().casefold())
            if len(people) > 1:
                raise Unreadable(
                    "this file holds ratings of more than one person. Bring in a file with your own only",
                    row=row.number,
                    field=table.columns[person],
                )
        one = OwnRating(_spoken(_cell(row, area)), _cell(row, rating), _cell(row, level), _cell(row, on))
        _check(one, row.number)
        _keep(found, one)
    return _all(found)


def read_lines(text: str) -> tuple[OwnRating, ...]:
    """Return ratings from lines that were typed: an area, and after a semicolon, a tab or a colon what was said of it.

    Raises Unreadable when nothing is there, or too much, or a rating lies outside its own scale.
    """
    found: dict[str, OwnRating] = {}
    for number, line in enumerate(decode(text.encode()).content.splitlines(), start=1):
        for mark in (";", "\t", ":"):
            area, sign, rest = line.partition(mark)
            if sign:
                break
        area = " ".join(area.split()).rstrip(":;")
        one = OwnRating(area[:LONGEST], " ".join(rest.split())[:LONGEST])
        _check(one, number)
        _keep(found, one)
    return _all(found)


def lowest(ratings: Iterable[OwnRating]) -> frozenset[str]:
    """Return the areas rated lowest, a third of them at most, where ratings are numbers; nothing where they are not."""
    numbers = {one.area: _number(one.rating) for one in ratings}
    known = sorted((number, area) for area, number in numbers.items() if number is not None)
    if len(known) < 2 or known[0][0] == known[-1][0]:
        return frozenset()
    below = {area for number, area in known[: max(1, len(known) // 3)] if number < known[-1][0]}
    return frozenset(below)


def _check(one: OwnRating, row: int) -> None:
    said = _OF.fullmatch(one.rating)
    if said and not 0 <= float(said[1]) <= float(said[2]):
        raise Unreadable(f"“{one.rating[:40]}” lies outside its own scale", row=row, field=one.area[:40] or None)


def _keep(found: dict[str, OwnRating], one: OwnRating) -> None:
    key = one.area.casefold()
    if not one.area or key in _WHOLE:
        return
    if key not in found or one.on >= found[key].on:
        found[key] = one


def _all(found: Mapping[str, OwnRating]) -> tuple[OwnRating, ...]:
    if not found:
        raise Unreadable("there is no area in it")
    if len(found) > MAX_RATINGS:
        raise Unreadable(f"{len(found):,} areas; at most {MAX_RATINGS} are read")
    return tuple(found.values())


def _column(columns: Mapping[str, str], names: Iterable[str]) -> str | None:
    return next((name for name in names if name in columns), None)


def _cell(row: Row, key: str | None) -> str:
    return " ".join(row.cells.get(key, "").split())[:LONGEST] if key else ""


def _spoken(area: str) -> str:
    """Return a name of several words that a tool wrote in capitals as one writes it: "Clear and concise speech"."""
    return area.capitalize() if area.isupper() and (" " in area or len(area) > _LONGEST_ACRONYM) else area


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
