"""What somebody learned before, from a table of hers: read row by row, and compared with a catalog.

Header names are forgiving, cells are not guessed at: a row that cannot be read is named with its number, its column and
the reason, and then nothing of the table may be used. A row is the same thing as a resource where their links are the
same; else where their titles are the same word for word and no two providers are named. What is nearly so is offered
and not chosen for her: one letter makes "Macroeconomics" of "Microeconomics".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from rapidfuzz import fuzz, process

from lantern.engine.search.words import STOP_WORDS, fold, split
from lantern.engine.untrusted import Row, Table, Unreadable, read_table

MAX_BYTES = 1_000_000
MAX_ROWS = 200
MOST_TOLD = 20
OLDEST_YEARS = 60
MOST_MINUTES = 60_000
LONGEST = {"title": 300, "provider": 160, "link": 500}
TEMPLATE = ("title", "date", "hours", "provider", "link")

PERHAPS = 75.0
"""From this likeness of titles on (0 to 100, letters that have to change) a row is offered as perhaps the same."""
SAME_PROVIDER = 60.0

_TITLE = (
    "title", "course", "coursetitle", "coursename", "name", "activity", "activitytitle", "activityname", "event",
    "session", "workshop", "training", "what", "description",
)  # fmt: skip
_DAY = (
    "date", "day", "on", "completed", "completedon", "datecompleted", "completiondate", "finished", "finishedon",
    "enddate", "dateearned", "when",
)  # fmt: skip
_HOURS = ("hours", "hour", "hrs", "pdhours", "clockhours", "contacthours", "credithours", "hoursearned", "duration")
_MINUTES = ("minutes", "mins", "min", "durationminutes")
_PROVIDER = (
    "provider", "organisation", "organization", "sponsor", "vendor", "by", "offeredby", "institution", "host",
)  # fmt: skip
_LINK = ("link", "url", "website", "web", "address", "webaddress", "href")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_NAMED_DAY = re.compile(r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s.\-]*(?P<month>[a-z]{3,9})\.?[\s,\-]*(?P<year>\d{4})")
_NAMED_MONTH = re.compile(r"(?P<month>[a-z]{3,9})\.?,?\s*(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+)?(?P<year>\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?:[t ].*)?")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?:[t ].*)?")
_CLOCK = re.compile(r"(\d{1,4}):(\d{2})(?::\d{2})?")
_AMOUNT = re.compile(r"(\d{1,5}(?:[.,]\d{1,3})?)\s*(h|hrs?|hours?|m|mins?|minutes?)?\.?")
_BOTH = re.compile(r"(\d{1,4})\s*h(?:rs?|ours?)?\.?\s*(\d{1,2})\s*m(?:ins?|inutes?)?\.?")


class WrongRows(ValueError):
    """Rows that cannot be read: each with its number, its column and the reason, the first `MOST_TOLD` of them."""

    def __init__(self, told: Sequence[str]) -> None:
        super().__init__("; ".join(told))
        more = len(told) - MOST_TOLD
        rest = (f"and {more} rows more",) if more > 0 else ()
        self.told: tuple[str, ...] = (*told[:MOST_TOLD], *rest)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing of before: the number of its row, and what the row says. `minutes` is None where it does not say."""

    number: int
    title: str
    day: date
    minutes: int | None = None
    provider: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """The lines of a table, and the columns of it that were not used."""

    lines: tuple[Line, ...]
    unused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What a catalog holds."""

    id: Any
    title: str
    provider: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A resource that a line may be: how alike (0 to 100, 100 for the same link), and whether that is sure."""

    id: Any
    title: str
    likeness: float
    sure: bool


@dataclass(frozen=True, slots=True)
class Shelf:
    """A catalog made ready for `matches`."""

    known: tuple[Known, ...]
    keys: tuple[str, ...]
    by_link: Mapping[str, int]


def read_past(data: bytes, today: date) -> Read:
    """Return the things in a CSV with a header: a title and a day each, and hours or minutes, provider and link where
    it has them.

    Raises Unreadable for what is too large, no table, without a column for the title or the day, empty or longer than
    `MAX_ROWS`; WrongRows where any row is wrong. Then nothing of it may be used.
    """
    if len(data) > MAX_BYTES:
        raise Unreadable(f"the file is {len(data):,} bytes; at most {MAX_BYTES:,} are read")
    table = read_table(data)
    columns = _Columns.of(table)
    if not table.rows:
        raise Unreadable("there is nothing below the names of the columns")
    if len(table.rows) > MAX_ROWS:
        raise Unreadable(f"{len(table.rows):,} rows; at most {MAX_ROWS} are read at once. Bring them in in parts")
    day_of = _reader_of_days([row.cells.get(columns.day, "") for row in table.rows], today)
    lines: list[Line] = []
    wrong: list[str] = []
    for row in table.rows:
        try:
            lines.append(columns.line(row, day_of))
        except Unreadable as problem:
            wrong.append(str(problem))
    if wrong:
        raise WrongRows(wrong)
    return Read(tuple(lines), columns.unused)


@dataclass(frozen=True, slots=True)
class _Columns:
    table: Table
    title: str
    day: str
    hours: str = ""
    minutes: str = ""
    provider: str = ""
    link: str = ""

    @staticmethod
    def of(table: Table) -> _Columns:
        def named(names: Iterable[str]) -> str:
            return next((name for name in names if name in table.columns), "")

        title, day = named(_TITLE), named(_DAY)
        if not title:
            raise Unreadable("there is no column for the title; call one of them “title”", row=1)
        if not day:
            raise Unreadable("there is no column for the day; call one of them “date”", row=1)
        return _Columns(table, title, day, named(_HOURS), named(_MINUTES), named(_PROVIDER), named(_LINK))

    @property
    def unused(self) -> tuple[str, ...]:
        used = {self.title, self.day, self.hours, self.minutes, self.provider, self.link}
        return tuple(name for key, name in self.table.columns.items() if key not in used)

    def line(self, row: Row, day_of: Callable[[str], date]) -> Line:
        if row.problem:
            raise Unreadable(row.problem, row=row.number)
        title = self._words(row, self.title, "title")
        if not title:
            raise Unreadable("there is no title", row=row.number)
        return Line(
            number=row.number,
            title=title,
            day=self._read(row, self.day, day_of),
            minutes=self._minutes(row),
            provider=self._words(row, self.provider, "provider"),
            link=self._read(row, self.link, _link) if row.cells.get(self.link) else "",
        )

    def _minutes(self, row: Row) -> int | None:
        for column, unit in ((self.minutes, 1), (self.hours, 60)):
            if row.cells.get(column):
                return int(self._read(row, column, partial(_amount, unit=unit)))
        return None

    def _words(self, row: Row, column: str, kind: str) -> str:
        words = " ".join(row.cells.get(column, "").split())
        if len(words) > LONGEST[kind]:
            raise Unreadable(f"at most {LONGEST[kind]} characters", row=row.number, field=self.table.columns[column])
        return words

    def _read(self, row: Row, column: str, reader: Callable[[str], Any]) -> Any:
        try:
            return reader(row.cells.get(column, "").strip())
        except ValueError as problem:
            raise Unreadable(str(problem), row=row.number, field=self.table.columns[column]) from None


def _reader_of_days(cells: Sequence[str], today: date) -> Callable[[str], date]:
    """Return how days are read: 4/3/2026 is the third of April unless another row of the column shows that days come
    first there.
    """
    found = [match for cell in cells if (match := _YEAR_LAST.fullmatch(cell.strip()))]
    day_first = any(int(match[1]) > 12 for match in found) and not any(int(match[3]) > 12 for match in found)

    def day_of(cell: str) -> date:
        day = _day(cell.lower(), day_first, today)
        if day > today:
            raise ValueError("this day has not come yet")
        if day.year < today.year - OLDEST_YEARS:
            raise ValueError(f"this is more than {OLDEST_YEARS} years ago")
        return day

    return day_of


def _day(cell: str, day_first: bool, today: date) -> date:
    wrong = ValueError(f"“{cell[:40]}” is no day; write it as year-month-day, such as 2024-06-30")
    try:
        if match := _YEAR_FIRST.fullmatch(cell):
            return date(int(match[1]), int(match[2]), int(match[3] or 1))
        if match := _YEAR_LAST.fullmatch(cell):
            first, second, year = int(match[1]), int(match[3]), int(match[4])
            if len(match[4]) == 2:
                year += 2000 if year <= today.year % 100 else 1900
            by_day = match[2] == "." or day_first or first > 12
            return date(year, second, first) if by_day else date(year, first, second)
        if match := _NAMED_DAY.fullmatch(cell) or _NAMED_MONTH.fullmatch(cell):
            return date(int(match["year"]), _month(match["month"]), int(match["day"] or 1))
    except ValueError:
        raise wrong from None
    raise wrong


def _month(word: str) -> int:
    for number, name in enumerate(_MONTHS, start=1):
        if name.startswith(word):
            return number
    raise ValueError(word)


def _amount(cell: str, unit: int) -> int:
    """Return minutes from "1.5", "90 min", "1:30" or "1 h 30 min"; a bare number is of the column's unit."""
    cell = cell.lower()
    if match := _CLOCK.fullmatch(cell) or _BOTH.fullmatch(cell):
        minutes = 60 * int(match[1]) + int(match[2])
    elif match := _AMOUNT.fullmatch(cell):
        if re.search(r",\d{3}$", match[1]):
            raise ValueError(f"“{cell[:40]}” may be a thousand or a fraction; write it without the comma")
        each = {"h": 60, "m": 1}.get((match[2] or "")[:1], unit)
        minutes = round(float(match[1].replace(",", ".")) * each)
    else:
        raise ValueError(f"“{cell[:40]}” is no number of hours; write it such as 1.5")
    if minutes > MOST_MINUTES:
        raise ValueError(f"at most {MOST_MINUTES // 60:,} hours")
    return minutes


def _link(cell: str) -> str:
    address = cell if "://" in cell else f"https://{cell}"
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or "." not in (parts.hostname or "") or re.search(r"\s", address):
        raise ValueError("this is no web address, such as https://example.org/course")
    if len(address) > LONGEST["link"]:
        raise ValueError(f"at most {LONGEST['link']} characters")
    return address


def prepare(known: Iterable[Known]) -> Shelf:
    """Return a catalog ready for `matches`; of two things with one link the first is taken."""
    held = tuple(known)
    by_link: dict[str, int] = {}
    for place, one in enumerate(held):
        if key := link_key(one.link):
            by_link.setdefault(key, place)
    return Shelf(held, tuple(title_key(one.title) for one in held), by_link)


def matches(line: Line, shelf: Shelf, limit: int = 3) -> tuple[Match, ...]:
    """Return the resources that a line may be, the most alike first; at most the first is sure, and only where no other
    is as alike.
    """
    place = shelf.by_link.get(link_key(line.link))
    if place is not None:
        return (Match(shelf.known[place].id, shelf.known[place].title, 100.0, True),)
    key = title_key(line.title)
    if not key:
        return ()
    found = process.extract_iter(key, shelf.keys, scorer=fuzz.ratio, score_cutoff=PERHAPS)
    alike = [(likeness, place) for _, likeness, place in found if _numbers(key) == _numbers(shelf.keys[place])]
    plain = _plain(line.title)
    same = [place for _, place in alike if _plain(shelf.known[place].title) == plain]
    alike.sort(key=lambda one: (one[1] not in same, -one[0], one[1]))
    return tuple(
        Match(
            shelf.known[place].id,
            shelf.known[place].title,
            round(likeness, 1),
            same == [place] and _providers_agree(line.provider, shelf.known[place].provider),
        )
        for likeness, place in alike[:limit]
    )


def title_key(title: str) -> str:
    """Return a title as it is compared: its telling words without case and accents, in the order of letters."""
    words = sorted(word for one in split(title) if (word := fold(one)))
    return " ".join([word for word in words if word not in STOP_WORDS] or words)


def link_key(link: str) -> str:
    """Return a link as it is compared: without scheme, "www.", what counts visitors, and the slash at its end.

    Empty for none, and for the front page of a site, which many things share.
    """
    try:
        parts = urlsplit(link.strip())
    except ValueError:
        return ""
    host = (parts.hostname or "").removeprefix("www.")
    if not host:
        return ""
    asked = urlencode([(name, value) for name, value in parse_qsl(parts.query) if not name.startswith("utm_")])
    path = parts.path.rstrip("/") + (f"?{asked}" if asked else "") + (f"#{parts.fragment}" if parts.fragment else "")
    return f"{host}{path}" if path else ""


def _plain(title: str) -> tuple[str, ...]:
    """Return the words of a title in their order, without case, accents and marks; "C#" and "C++" keep theirs."""
    bare = "".join(one for one in unicodedata.normalize("NFKD", title) if not unicodedata.combining(one))
    return tuple(re.findall(r"[^\W_]+[+#]*", bare.casefold().replace("&", " and ")))


def _numbers(key: str) -> list[str]:
    return re.findall(r"\d+", key)


def _providers_agree(one: str, other: str) -> bool:
    ours, theirs = title_key(one), title_key(other)
    return not ours or not theirs or fuzz.token_set_ratio(ours, theirs) >= SAME_PROVIDER
