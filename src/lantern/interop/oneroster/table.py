"""The one place where CSV from outside is read: hardened, streaming, row numbers as a spreadsheet shows them.

A sheet says which columns are wanted; all other cells (passwords among them) are dropped here, before
anything can store or log them. No error repeats the text of a cell.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import BinaryIO

from lantern.interop.oneroster.model import Mode, RosterUnreadable, RowError, Status

MAX_COLUMNS = 400
MAX_CELL = 4_000
MAX_ID = 255
MAX_LINE = 100_000
MAX_RECORD = 120_000
LISTED = 1_000

_TRUE = frozenset({"true", "1", "yes"})
_FALSE = frozenset({"false", "0", "no"})
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?", re.ASCII)
_US = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: .*)?", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_UNDECODED = re.compile(r"[\udc80-\udcff]")
_GRADE = re.compile(r"[0-9]{1,2}", re.ASCII)
_GRADE_WORDS = {"K": "KG", "PREK": "PK", "PRE-K": "PK"}


class BadCell(Exception):
    """A cell that breaks a rule; the row it stands in is not used."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(f"{column}: {reason}")
        self.column = column
        self.reason = reason


@dataclass(slots=True)
class Problems:
    """Collects what was wrong, each thing once though a file be read twice; lists the first LISTED of a kind."""

    errors: dict[RowError, None] = field(default_factory=dict)
    warnings: dict[RowError, None] = field(default_factory=dict)
    _beyond: dict[str, set[int]] = field(default_factory=dict)
    _unread: dict[str, dict[int, int]] = field(default_factory=dict)

    def refuse(self, file: str, row: int, column: str, reason: str) -> None:
        """Records that a row is not used."""
        error = RowError(file, row, column, reason)
        if len(self.errors) < LISTED:
            self.errors[error] = None
        elif error not in self.errors:
            self._beyond.setdefault(file, set()).add(row)

    def refuse_unread(self, file: str, row: int, column: str, reason: str, lines: int = 1) -> None:
        """Records that a row is so broken that nobody can tell whose it is; `lines` of the file went with it."""
        self.refuse(file, row, column, reason)
        self._unread.setdefault(file, {})[row] = lines

    def unlisted(self) -> int:
        """How many rows were in error beyond the errors listed."""
        return sum(map(len, self._beyond.values()))

    def unread_by_file(self) -> dict[str, int]:
        """How many rows of each file could not be identified."""
        return {file: sum(rows.values()) for file, rows in self._unread.items()}

    def warn(self, file: str, row: int, column: str, reason: str) -> None:
        """Records something tolerated; row 0 is the file as a whole."""
        if len(self.warnings) < LISTED:
            self.warnings[RowError(file, row, column, reason)] = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as a source of rows: our column name -> the file's, which must be there, what is always the same.

    `distinct` sheets repeat their key legitimately (a course named on each of its sections): the first counts.
    """

    file: str
    columns: Mapping[str, str]
    required: tuple[str, ...]
    constants: Mapping[str, str] = field(default_factory=dict)
    distinct: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """One row: wanted cells, stripped, by our names. The accessors raise BadCell with the file's own column name."""

    sheet: Sheet
    number: int
    cells: Mapping[str, str]

    def text(self, column: str) -> str:
        """The cell, "" where blank or absent."""
        return self.cells.get(column, "")

    def need(self, column: str) -> str:
        """The cell, which must not be blank."""
        if not (value := self.text(column)):
            raise self.bad(column, "is blank")
        return value

    def sourced_id(self, column: str) -> str:
        """An id, which must not be blank nor longer than MAX_ID characters."""
        if len(value := self.need(column)) > MAX_ID:
            raise self.bad(column, f"is longer than {MAX_ID} characters")
        return value

    def flag(self, column: str, default: bool) -> bool:
        """true or false in any case (also 1/0, yes/no)."""
        value = self.text(column).casefold()
        if not value:
            return default
        if value not in _TRUE | _FALSE:
            raise self.bad(column, "is neither true nor false")
        return value in _TRUE

    def day(self, column: str) -> date | None:
        """A date as 2026-08-31 (a time after it is ignored) or 8/31/2026."""
        value = self.text(column)
        if not value:
            return None
        try:
            if iso := _ISO.fullmatch(value):
                return date(int(iso[1]), int(iso[2]), int(iso[3]))
            if us := _US.fullmatch(value):
                return date(int(us[3]), int(us[1]), int(us[2]))
        except ValueError:
            pass
        raise self.bad(column, "is not a date such as 2026-08-31 or 8/31/2026")

    def span(self, begin: str, end: str) -> tuple[date | None, date | None]:
        """Two dates, the second not before the first."""
        first, last = self.day(begin), self.day(end)
        if first and last and last < first:
            raise self.bad(end, f"is before {self.column(begin)}")
        return first, last

    def items(self, column: str, separators: str = ",") -> tuple[str, ...]:
        """The distinct entries of a list inside one cell, in order."""
        parts = re.split(f"[{re.escape(separators)}]", self.text(column))
        return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))

    def grades(self, column: str) -> tuple[str, ...]:
        """The grades of a list, as CEDS codes where they can be read so: "9" is "09", "k" is "KG"."""
        return tuple(dict.fromkeys(map(_grade, self.items(column, ",;"))))

    def status(self, mode: Mode) -> Status:
        """active or tobedeleted; 1.1's inactive is tobedeleted. Blank is active under bulk, an error under delta."""
        value = self.text("status").casefold()
        if mode == "delta":
            if not value:
                raise self.bad("status", "is blank, which a delta file does not allow")
            self._moment("dateLastModified")
        if value in {"", "active"}:
            return "active"
        if value in {"tobedeleted", "inactive"}:
            return "tobedeleted"
        raise self.bad("status", "is neither active nor tobedeleted")

    def bad(self, column: str, reason: str) -> BadCell:
        """The error to raise about a column of this row."""
        return BadCell(self.column(column), reason)

    def column(self, column: str) -> str:
        """What the file calls this column."""
        return self.sheet.columns.get(column, column)

    def _moment(self, column: str) -> None:
        try:
            datetime.fromisoformat(self.need(column))
        except ValueError:
            self.day(column)


def read_table(sheet: Sheet, stream: BinaryIO, problems: Problems) -> Iterator[Record]:
    """The usable rows of a file, in order; blank rows are skipped, broken ones go to `problems`.

    Raises RosterUnreadable where the file as a whole cannot be trusted: no header, a required column missing
    or there twice, too many columns, a quotation mark that never closes, UTF-16.
    """
    rows = _rows(sheet.file, stream, problems)
    header = next(rows, None)
    if header is None:
        raise RosterUnreadable(sheet.file, "is empty; even a file without rows needs its header")
    places = _places(sheet, header[1], problems)
    for number, cells in rows:
        if any(cell.strip() for cell in cells[len(header[1]) :]):
            problems.refuse_unread(sheet.file, number, "", "has more cells than the header has columns")
            continue
        wanted = {name: cells[at].strip() for name, at in places.items() if at < len(cells)}
        if wanted and (fault := _fault(wanted)):
            problems.refuse_unread(sheet.file, number, sheet.columns[fault[0]], fault[1])
            continue
        yield Record(sheet, number, {**wanted, **sheet.constants})


def header_of(file: str, stream: BinaryIO) -> frozenset[str]:
    """The keys (see `column_key`) of a file's columns; empty for an empty file."""
    header = next(_rows(file, stream, Problems()), None)
    return frozenset(map(column_key, header[1])) if header else frozenset()


def count_rows(file: str, stream: BinaryIO) -> int:
    """How many rows a file that is not wanted holds; a broken one is counted as far as it goes."""
    rows = _rows(file, stream, Problems())
    counted = 0
    try:
        for _ in rows:
            counted += 1
    except RosterUnreadable:
        pass
    return max(0, counted - 1)


def column_key(name: str) -> str:
    """A column name without the differences people make: case, spaces, underscores, hyphens."""
    return re.sub(r"[\s_\-]", "", name).casefold()


def _places(sheet: Sheet, header: list[str], problems: Problems) -> dict[str, int]:
    """Our name -> index of the column; refuses duplicates and gaps that would make a row ambiguous."""
    if len(header) > MAX_COLUMNS:
        raise RosterUnreadable(sheet.file, f"has more than {MAX_COLUMNS} columns")
    found: dict[str, list[int]] = {}
    for index, name in enumerate(header):
        found.setdefault(column_key(name), []).append(index)
    places: dict[str, int] = {}
    for ours, theirs in sheet.columns.items():
        at = found.pop(column_key(theirs), [])
        if len(at) > 1:
            raise RosterUnreadable(sheet.file, f"has the column {theirs} twice (columns {at[0] + 1} and {at[1] + 1})")
        if not at and ours in sheet.required:
            raise RosterUnreadable(sheet.file, f"has no column {theirs}")
        if at:
            places[ours] = at[0]
            if header[at[0]].strip() != theirs:
                problems.warn(sheet.file, 1, theirs, "is spelt differently in the header; read all the same")
    if any(len(at) > 1 for name, at in found.items() if name):
        problems.warn(sheet.file, 1, "", "has several columns of one name; they are not among those read")
    return places


def _fault(cells: Mapping[str, str]) -> tuple[str, str] | None:
    """The first cell nobody could have meant, with what is wrong with it."""
    for name, value in cells.items():
        if len(value) > MAX_CELL:
            return name, f"is longer than {MAX_CELL:,} characters"
        if not value.isascii() and _UNDECODED.search(value):
            return name, "mixes text encodings; save the file as UTF-8"
        if not value.isprintable() and _CONTROL.search(value):
            return name, "holds a NUL byte or another control character"
    return None


class _Lines(Iterator[str]):
    """Physical lines of bounded length, so that no row can cost more than MAX_RECORD characters."""

    def __init__(self, file: str, text: io.TextIOWrapper) -> None:
        self.file = file
        self.text = text
        self.number = 1
        self.begin_row(1)
        self.ended = False

    def begin_row(self, number: int) -> None:
        self.number, self.taken, self.lines, self.too_long = number, 0, 0, False

    def __next__(self) -> str:
        line = self.text.readline(MAX_LINE)
        if not line:
            self.ended = True
            raise StopIteration
        self.lines += 1
        self.taken += len(line)
        if self.taken > MAX_RECORD:
            raise self.unclosed()
        if len(line) == MAX_LINE and line[-1] not in "\r\n":
            while (rest := self.text.readline(MAX_LINE)) and rest[-1] not in "\r\n":
                pass
            self.too_long = True
            return "\n"
        return line

    def unclosed(self) -> RosterUnreadable:
        return RosterUnreadable(self.file, f"opens a quotation mark in row {self.number} that is never closed")


def _rows(file: str, stream: BinaryIO, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    """(row number, cells) of every row that is not blank; the first is the header, which cannot be skipped."""
    text = io.TextIOWrapper(stream, _encoding(file, stream, problems), "surrogateescape", newline="")
    try:
        yield from _parsed(_Lines(file, text), problems)
    finally:
        if not stream.closed:
            text.detach()  # the stream is the caller's to close


def _parsed(lines: _Lines, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    file = lines.file
    reader = csv.reader(lines, strict=True)
    number = 0
    while True:
        number += 1
        lines.begin_row(number)
        reason = ""
        cells: list[str] = []
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as broken:
            if lines.ended:
                raise lines.unclosed() from broken
            reason = "has quotation marks that do not pair up"
        if lines.too_long:
            reason = f"is longer than {MAX_LINE:,} characters"
        if reason and number == 1:
            raise RosterUnreadable(file, f"has a header that {reason}")
        if reason:
            problems.refuse_unread(file, number, "", reason, lines.lines)
        elif any(cell.strip() for cell in cells):
            yield number, cells
        elif number == 1:
            raise RosterUnreadable(file, "has a blank first row where the header should be")


def _encoding(file: str, stream: BinaryIO, problems: Problems) -> str:
    """UTF-8 where the bytes are; cp1252 where no line with accents is UTF-8; UTF-8 (and row errors) where mixed."""
    start = stream.read(4)
    stream.seek(0)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise RosterUnreadable(file, "is UTF-16 text; save it as CSV UTF-8")
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := stream.read(1 << 16):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
        return "utf-8-sig"
    except UnicodeDecodeError:
        stream.seek(0)
        if start.startswith(codecs.BOM_UTF8) or _has_utf8_line(stream):
            return "utf-8-sig"
        problems.warn(file, 0, "", "is not UTF-8; read as Windows text (cp1252)")
        return "cp1252"
    finally:
        stream.seek(0)


def _has_utf8_line(stream: BinaryIO) -> bool:
    while line := stream.readline(MAX_LINE):
        if not line.isascii():
            try:
                line.decode()
            except UnicodeDecodeError:
                continue
            return True
    return False


def _grade(text: str) -> str:
    text = text.upper()
    return text.zfill(2) if _GRADE.fullmatch(text) else _GRADE_WORDS.get(text, text)
