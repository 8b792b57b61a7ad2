"""A bank of questions as a table (docs/admin/item-format.md): one row a question, read within limits.

Whether a competency is known here is not decided here; a row that does not fit is refused with its number and reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lantern.engine.untrusted import Unreadable, column_key, read_table

__all__ = ["BankFile", "ItemRecord", "RowError", "Unreadable", "read_bank"]

LETTERS = "abcdef"
MAX_ROWS = 20_000
NEEDED = ("id", "framework", "competency", "question", "a", "b", "right", "level")
COLUMNS: Mapping[str, str] = {
    column_key(name): name
    for name in (
        *NEEDED, *LETTERS[2:], *(f"why_{letter}" for letter in LETTERS), "area", "language", "difficulty",
        "discrimination", "guessing",
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """One question as its row says it; `options` are (words, what is said of it), `right` the place of the right
    one.
    """

    row: int
    id: str
    framework: str
    competency: str
    question: str
    options: tuple[tuple[str, str], ...]
    right: int
    level: int
    area: str = ""
    language: str = "en"
    difficulty: float | None = None
    discrimination: float | None = None
    guessing: float | None = None


@dataclass(frozen=True, slots=True)
class RowError:
    """Why a row was refused: its number in a spreadsheet, the column, the reason."""

    row: int
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class BankFile:
    """The good questions, the refused rows, and what else to know."""

    records: tuple[ItemRecord, ...]
    errors: tuple[RowError, ...]
    warnings: tuple[str, ...]


class _Refused(Exception):
    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field, self.reason = field, reason


def read_bank(data: bytes) -> BankFile:
    """Read a bank of questions. Raises `Unreadable`, with row and column, when the file as a whole cannot be read."""
    table = read_table(data)
    names = {key: COLUMNS[key] for key in table.columns if key in COLUMNS}
    for needed in NEEDED:
        if needed not in names.values():
            raise Unreadable(f"the column {needed} is missing", row=1, field=needed)
    if len(table.rows) > MAX_ROWS:
        raise Unreadable(f"{len(table.rows):,} rows; at most {MAX_ROWS:,} are read")
    unknown = [written for key, written in table.columns.items() if key not in COLUMNS]
    records: list[ItemRecord] = []
    errors: list[RowError] = []
    for row in table.rows:
        if row.problem:
            errors.append(RowError(row.number, "row", row.problem))
            continue
        try:
            cells = {name: row.cells.get(key, "") for key, name in names.items()}
            records.append(_record(row.number, cells))
        except _Refused as problem:
            errors.append(RowError(row.number, problem.field, problem.reason))
    warnings = (*table.warnings, *((f"columns not known: {', '.join(unknown)}",) if unknown else ()))
    return BankFile(tuple(records), tuple(errors), warnings)


def _record(number: int, cells: Mapping[str, str]) -> ItemRecord:
    for name in ("id", "framework", "competency", "question"):
        if not cells[name]:
            raise _Refused(name, "is empty")
    options, places = _options(cells)
    right = cells["right"].strip().lower()
    if right not in places:
        given = f'"{cells["right"]}"' if right else "nothing"
        raise _Refused("right", f"names the right answer by its letter ({', '.join(places)}); here it is {given}")
    return ItemRecord(
        row=number,
        id=cells["id"],
        framework=cells["framework"],
        competency=cells["competency"],
        question=cells["question"],
        options=options,
        right=places.index(right),
        level=_level(cells["level"]),
        area=cells.get("area", ""),
        language=cells.get("language", "") or "en",
        difficulty=_number(cells, "difficulty"),
        discrimination=_number(cells, "discrimination"),
        guessing=_number(cells, "guessing"),
    )


def _options(cells: Mapping[str, str]) -> tuple[tuple[tuple[str, str], ...], list[str]]:
    places = [letter for letter in LETTERS if cells.get(letter)]
    gap = next((letter for letter in LETTERS[: len(places)] if letter not in places), None)
    if gap is not None:
        raise _Refused(gap, "is empty, but a later answer is not")
    return tuple((cells[letter], cells.get(f"why_{letter}", "")) for letter in places), places


def _level(said: str) -> int:
    if said.strip() not in {"1", "2", "3", "4"}:
        raise _Refused("level", f'is 1, 2, 3 or 4; here it is "{said}"')
    return int(said)


def _number(cells: Mapping[str, str], name: str) -> float | None:
    said = cells.get(name, "").strip().replace(",", ".")
    if not said:
        return None
    try:
        return float(said)
    except ValueError:
        raise _Refused(name, f'is a number; here it is "{said}"') from None
