"""Reads the results of a class and sums them by standard. No student leaves this module: ids are counted, then let go.

A table has one row for an answer ("result": right or wrong), for a score out of a most ("score", "max_score"), for a
count ("right" and "of" or "wrong") or for a share ("percent" and "of"); column names follow Ed-Fi where it has one. A
score counts as a part of one answer. A row that names several standards ("CC.4.NF.1; CC.5.NBT.3") counts for each.
Days and students are told apart before anything is summed: of a table with several days one is read, and of a table
that names students only those standards that enough of them answered on that day.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from lantern.engine.standard_codes import meeting_key
from lantern.engine.untrusted import DAMAGED, Row, Table, Unreadable, decode, read_table

MAX_BYTES = 2_000_000
MAX_STANDARDS = 200
MOST_ANSWERS = 100_000
LONGEST_CODE = 120
FEWEST_STUDENTS = 10
"""Sums over fewer students would be their own record (trust.md 3.7), so a standard that fewer answered is left out, a
file without any other is refused, and so is whoever types fewer.
"""
FEWEST_ANSWERS = 10
"""Under so many answers a share says nothing."""

_Z = 1.96
_STANDARD = (
    "standards", "standard", "standardcode", "standardcodes", "learningstandard", "learningstandards",
    "learningstandardid", "code", "objective", "skill",
)  # fmt: skip
_RIGHT = ("right", "correct", "numbercorrect", "correctcount", "rightcount")
_WRONG = ("wrong", "incorrect", "numberincorrect", "incorrectcount", "wrongcount")
_OF = ("of", "outof", "total", "answers", "answered", "count", "n", "questions", "items")
_RESULT = ("result", "itemresult", "assessmentitemresult", "iscorrect")
_SCORE, _MOST = ("score", "points", "earned", "pointsearned"), ("maxscore", "maxpoints", "possible", "pointspossible")
_PERCENT = ("percent", "percentcorrect", "percentright", "pct")
_STUDENT = (
    "studentid", "studentuniqueid", "student", "studentname", "pupil", "pupilid", "learner", "learnerid",
    "lastname", "familyname", "email", "userid", "sourcedid", "usersourcedid",
)  # fmt: skip
_DAY = ("date", "on", "day", "assessmentdate", "testdate", "administrationdate")
_YES = frozenset({"correct", "right", "yes", "y", "true", "t", "1", "1.0", "pass", "passed"})
_NO = frozenset({"incorrect", "wrong", "no", "n", "false", "f", "0", "0.0", "fail", "failed"})
_CODE = re.compile(r"[A-Za-z0-9][\w.\-]*\d\w*")
_NUMBER = re.compile(r"[+-]?\d{1,9}(?:\.\d{1,9})?")


@dataclass(frozen=True, slots=True)
class Tally:
    """What a class showed on one standard: the code as it was written, answers that were right, and answers in all."""

    code: str
    right: float
    of: int


@dataclass(frozen=True, slots=True)
class Read:
    """The tallies of one day, and that day; None where nothing says one. `students` is how many answered the standard
    that the fewest answered; None where the table names none.

    `too_few` are the codes that were left out because fewer than `FEWEST_STUDENTS` students answered them; `nameless`
    and `undated` count the rows left out because they name no student, or no day that can be read, where others do.
    """

    tallies: tuple[Tally, ...]
    day: date | None = None
    students: int | None = None
    too_few: tuple[str, ...] = ()
    nameless: int = 0
    undated: int = 0


class WhichDay(Unreadable):
    """A table whose day must be said: it names `several`, of which `days` can be read, or one that cannot be read."""

    def __init__(self, days: Iterable[date], *, several: bool) -> None:
        super().__init__("it names several days; say which one" if several else "its day cannot be read")
        self.days, self.several = tuple(sorted(days)), several


@dataclass(frozen=True, slots=True)
class Share:
    """The share of right answers, with the range in which it probably lies (Wilson, 95 in 100), from 0 to 1.

    The range takes answers as if each stood alone. Those of one student hang together, so in truth it is wider.
    """

    right: float
    of: int
    share: float
    low: float
    high: float

    @property
    def enough(self) -> bool:
        """Tell whether there are answers enough to say anything."""
        return self.of >= FEWEST_ANSWERS


class _Sums:
    """Answers by standard, and who gave them."""

    def __init__(self) -> None:
        self.codes: dict[str, str] = {}
        self.right: dict[str, float] = {}
        self.of: dict[str, int] = {}
        self.students: dict[str, set[str]] = {}
        self.nameless = 0

    def add(self, key: str, code: str, right: float, of: int, row: int) -> None:
        self.codes.setdefault(key, code)
        self.right[key] = self.right.get(key, 0.0) + right
        self.of[key] = self.of.get(key, 0) + of
        if len(self.codes) > MAX_STANDARDS:
            raise Unreadable(f"more than {MAX_STANDARDS} standards; bring them in in parts", row=row)
        if self.of[key] > MOST_ANSWERS:
            raise Unreadable(f"more than {MOST_ANSWERS:,} answers on one standard", row=row)

    def answered(self, key: str, student: str) -> None:
        self.students.setdefault(key, set()).add(student)

    def enough(self) -> dict[str, int]:
        """Return the standards that enough students answered, with how many did."""
        return {key: len(who) for key, who in self.students.items() if len(who) >= FEWEST_STUDENTS}

    def tallies(self) -> tuple[Tally, ...]:
        found = tuple(
            Tally(code, min(round(self.right[key], 2), float(self.of[key])), self.of[key])
            for key, code in self.codes.items()
            if self.of[key]
        )
        if not found:
            raise Unreadable("there are no answers in it")
        return found


def read_results(data: bytes, on: date | None = None) -> Read:
    """Return the results of a class from a CSV with a header, summed by standard: those of the day `on` where the table
    names several; where it names one or none, `on` is simply the day that it was.

    Raises WhichDay where the day is not clear. Raises Unreadable, naming row and column, for a file that is too large
    or no table, lacks a column, holds a row that cannot be (no standard, a result that is neither right nor wrong, more
    right than answers, a percent outside 0 to 100), holds nothing, or names students but on no standard
    `FEWEST_STUDENTS` of them. Then nothing of it may be used.
    """
    if len(data) > MAX_BYTES:
        raise Unreadable(f"the file is {len(data):,} bytes; at most {MAX_BYTES:,} are read")
    table = read_table(data)
    by_day, rows_by_day = _summed(table)
    if not by_day:
        raise Unreadable("there are no answers in it")
    day = _which(list(by_day), on)
    sums = by_day[day]
    undated = sum(rows_by_day[key] for key in by_day if isinstance(key, str) and key != day)
    kept_on = on or (day if isinstance(day, date) else None)
    if _column(table, _STUDENT) is None:
        return Read(sums.tallies(), kept_on, undated=undated)
    return _of_enough(sums, kept_on, undated)


def _summed(table: Table) -> tuple[dict[date | str | None, _Sums], Counter[date | str | None]]:
    """Return the answers of a table by its days (as written where one cannot be read), and how many rows each has."""
    standard = _column(table, _STANDARD)
    if standard is None:
        raise Unreadable("there is no column for the standard; call one of them “standard”", row=1)
    counted, student, day = _way(table), _column(table, _STUDENT), _column(table, _DAY)
    codes: dict[str, dict[str, str]] = {}
    by_day: dict[date | str | None, _Sums] = {}
    rows: Counter[date | str | None] = Counter()
    for row in table.rows:
        if row.problem:
            raise Unreadable(row.problem, row=row.number)
        cell = row.cells.get(standard, "")
        if cell not in codes:
            codes[cell] = _codes(cell, row.number, table.columns[standard])
        right, of = counted(row)
        when = None if day is None else _day(row.cells[day])
        sums, who = by_day.setdefault(when, _Sums()), "" if student is None else row.cells[student].casefold()
        rows[when] += 1
        if student is not None and not any(map(str.isalnum, who)):
            sums.nameless += 1
            continue
        for key, code in codes[cell].items():
            sums.add(key, code, right, of, row.number)
            if who and of:
                sums.answered(key, who)
    return by_day, rows


def _which(days: list[date | str | None], on: date | None) -> date | str | None:
    """Return which of the days of a table is read. Raises WhichDay where that is not clear."""
    if len(days) == 1:
        (only,) = days
        if isinstance(only, str) and on is None:
            raise WhichDay((), several=False)
        return only
    if on is None or on not in days:
        raise WhichDay((one for one in days if isinstance(one, date)), several=True)
    return on


def _of_enough(sums: _Sums, day: date | None, undated: int) -> Read:
    """Return what enough students answered. Raises Unreadable where that is nothing."""
    enough = sums.enough()
    if not enough:
        said = f"it names fewer than {FEWEST_STUDENTS} students on each standard, so its sums would say what single"
        blank = f"; rows without a student: {sums.nameless}" if sums.nameless else ""
        raise Unreadable(f"{said} students did{blank}. Put groups together where that makes sense")
    kept = {sums.codes[key] for key in enough}
    tallies = sums.tallies()
    return Read(
        tuple(one for one in tallies if one.code in kept),
        day,
        students=min(enough.values()),
        too_few=tuple(one.code for one in tallies if one.code not in kept),
        nameless=sums.nameless,
        undated=undated,
    )


def read_lines(text: str) -> Read:
    """Return results from lines that were typed: "standard; right; of", or "standard; 12 of 24".

    Raises Unreadable with the line that cannot be.
    """
    sums = _Sums()
    for number, line in enumerate(decode(text.encode()).content.splitlines(), start=1):
        if not line.strip():
            continue
        if DAMAGED.search(line):
            raise Unreadable("it has a character that cannot be read", row=number)
        code, *rest = re.split(r"\s*[;\t]\s*", line.strip())
        counts = re.split(r"\s*(?:;|/|\bof\b|\bout of\b)\s*", " ; ".join(rest).replace("out of", "of").strip())
        counts = [part for part in counts if part]
        if len(counts) != 2:
            raise Unreadable("write the standard, how many were right, and of how many: 5.NBT.A.3; 14; 24", row=number)
        right, of = _whole(counts[0], number, "right"), _whole(counts[1], number, "of")
        _within(right, of, number, "right")
        ((key, only),) = _codes(code, number, "standard", several=False).items()
        sums.add(key, only, right, of, number)
    return Read(sums.tallies())


def _way(table: Table) -> Callable[[Row], tuple[float, int]]:
    """Return how a row of this table is counted: right answers, and answers. Raises Unreadable where no column says."""
    named = table.columns
    right, wrong, of = (_column(table, names) for names in (_RIGHT, _WRONG, _OF))
    result, score, most = (_column(table, names) for names in (_RESULT, _SCORE, _MOST))
    percent = _column(table, _PERCENT)
    if right and of:
        return lambda row: _counts(row, right, of, named)
    if right and wrong:
        return lambda row: _two_counts(row, right, wrong, named)
    if result or (right and not percent):
        each = result or right or ""
        return lambda row: (_verdict(row, each, named), 1)
    if score and most:
        return lambda row: (_part(row, score, most, named), 1)
    if percent and of:
        _no_parts_of_one(table, percent)
        return lambda row: _percent(row, percent, of, named)
    if percent:
        raise Unreadable("there is a percent, but no column that says of how many answers; call it “of”", row=1)
    raise Unreadable(
        "no column says how it went; there may be “right” and “of”, “right” and “wrong”, “result”, “score” and"
        " “max_score”, or “percent” and “of”",
        row=1,
    )


def _counts(row: Row, right: str, of: str, named: Mapping[str, str]) -> tuple[float, int]:
    good, whole = _whole(row.cells[right], row.number, named[right]), _whole(row.cells[of], row.number, named[of])
    _within(good, whole, row.number, named[right])
    return float(good), whole


def _two_counts(row: Row, right: str, wrong: str, named: Mapping[str, str]) -> tuple[float, int]:
    good, bad = _whole(row.cells[right], row.number, named[right]), _whole(row.cells[wrong], row.number, named[wrong])
    return float(good), good + bad


def _verdict(row: Row, column: str, named: Mapping[str, str]) -> float:
    said = row.cells[column].casefold()
    if said in _YES:
        return 1.0
    if said in _NO:
        return 0.0
    raise Unreadable(f"“{said[:40]}” is neither right nor wrong", row=row.number, field=named[column])


def _part(row: Row, score: str, most: str, named: Mapping[str, str]) -> float:
    got, top = _number(row.cells[score], row.number, named[score]), _number(row.cells[most], row.number, named[most])
    if top <= 0:
        raise Unreadable("the most that one can reach lies above 0", row=row.number, field=named[most])
    _within(got, top, row.number, named[score])
    return got / top


def _percent(row: Row, percent: str, of: str, named: Mapping[str, str]) -> tuple[float, int]:
    share = _number(row.cells[percent].rstrip("% "), row.number, named[percent])
    if not 0 <= share <= 100:
        raise Unreadable("a percent lies from 0 to 100", row=row.number, field=named[percent])
    whole = _whole(row.cells[of], row.number, named[of])
    return share / 100 * whole, whole


def _no_parts_of_one(table: Table, percent: str) -> None:
    """Raise Unreadable for a column that says 0.85 for 85 %, as a spreadsheet saves it: parts, and none above 1."""
    parts = [row for row in table.rows if re.fullmatch(r"0?\.\d*[1-9]\d*|1\.0+", row.cells[percent])]
    if parts and all(re.fullmatch(r"0?(?:\.\d*)?|1(?:\.0*)?", row.cells[percent]) for row in table.rows):
        text = parts[0].cells[percent]
        raise Unreadable(
            f"{text} looks like a part of 1, for no value in this column is above 1. Write {float(text) * 100:g} for"
            f" {float(text) * 100:g} percent, or {text} % where that little is meant",
            row=parts[0].number,
            field=table.columns[percent],
        )


def _within(right: float, of: float, row: int, field: str) -> None:
    if right < 0:
        raise Unreadable(f"{right:g} lies below 0", row=row, field=field)
    if right > of:
        raise Unreadable(f"{right:g} of {of:g} is more than all of them", row=row, field=field)


def _whole(text: str, row: int, field: str) -> int:
    number = _number(text, row, field)
    if number < 0 or number != int(number):
        raise Unreadable(f"“{text[:40]}” is no count", row=row, field=field)
    if number > MOST_ANSWERS:
        raise Unreadable(f"more than {MOST_ANSWERS:,}", row=row, field=field)
    return int(number)


def _number(text: str, row: int, field: str) -> float:
    if not _NUMBER.fullmatch(text.strip()):
        said = f"“{text.strip()[:40]}” is no number" if text.strip() else "it is empty"
        raise Unreadable(said, row=row, field=field)
    return float(text)


def _codes(cell: str, row: int, field: str, *, several: bool = True) -> dict[str, str]:
    """Return the standards that a cell names, each by its key as it was written first."""
    parts = re.split(r"[;|\n]", cell) if several else [cell]
    if several and len(parts) == 1 and "," in cell and all(_CODE.fullmatch(one.strip()) for one in cell.split(",")):
        parts = cell.split(",")
    found = {meeting_key(one): " ".join(one.split()) for one in reversed(parts) if one.strip()}
    if not found:
        raise Unreadable("it names no standard", row=row, field=field)
    if longest := next((one for one in found.values() if len(one) > LONGEST_CODE), None):
        raise Unreadable(f"“{longest[:30]}…” is longer than {LONGEST_CODE} characters", row=row, field=field)
    return found


def _column(table: Table, names: Iterable[str]) -> str | None:
    return next((name for name in names if name in table.columns), None)


def _day(text: str) -> date | str:
    """Return the day that a cell names (year-month-day or month/day/year, an hour after it or not), or its text."""
    if found := re.match(r"(\d{1,2})/(\d{1,2})/(\d{4})(?!\d)", text):
        text = f"{found.group(3)}-{found.group(1):0>2}-{found.group(2):0>2}"
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return text


def share_of(right: float, of: int) -> Share:
    """Return the share of right answers with its range; nothing answered is a half that may be anything."""
    if of <= 0:
        return Share(right, of, 0.5, 0.0, 1.0)
    share, z2 = right / of, _Z * _Z
    centre = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = _Z / (1 + z2 / of) * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    return Share(right, of, share, max(0.0, min(centre - half, share)), min(1.0, max(centre + half, share)))


def weakest(shares: Mapping[str, Share]) -> frozenset[str]:
    """Return the standards that went worse than the class did as a whole: even the top of their range lies below it."""
    asked = sum(one.of for one in shares.values())
    if not asked:
        return frozenset()
    whole = sum(one.right for one in shares.values()) / asked
    return frozenset(name for name, one in shares.items() if one.enough and one.high < whole)


def moved(before: Share, after: Share) -> int:
    """Return 1 where the share rose, -1 where it fell, 0 where the answers are too few to tell (Newcombe's range)."""
    if not (before.enough and after.enough):
        return 0
    change = after.share - before.share
    down = math.hypot(after.share - after.low, before.high - before.share)
    up = math.hypot(after.high - after.share, before.share - before.low)
    return 1 if change - down > 0 else -1 if change + up < 0 else 0


def level_from(right: float, of: int) -> tuple[float, float]:
    """Return what a class's answers say of its teacher's level (0 to 4), and how unsure that is (an sd in levels).

    The rule: from 1 (everything wrong) to 3 (everything right), at the middle of the share's range, so that few answers
    say 2. The sd is 1.5 levels at least, wider by as much as the range of the share is: what a class can do depends on
    much besides its teacher, and so it never says "not yet" nor "leading others".
    """
    found = share_of(right, of)
    middle, half = (found.low + found.high) / 2, (found.high - found.low) / 2
    return round(1 + 2 * middle, 3), round(math.hypot(1.5, 2 * half), 3)
