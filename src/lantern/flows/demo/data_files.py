"""Reads the texts of the demo district: tables with `|` between cells and `;` between the entries of a cell."""

from __future__ import annotations

import csv
from pathlib import Path

from lantern.domain.people.types import GRADES

FOLDER = Path(__file__).parent / "data"


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a table as dictionaries of stripped text. Raises ValueError for a row of another length."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        table = list(csv.reader(handle, delimiter="|", quoting=csv.QUOTE_NONE))
    head, body = table[0], table[1:]
    for number, cells in enumerate(body, start=2):
        if len(cells) != len(head):
            raise ValueError(f"{name}.csv, row {number}: {len(cells)} cells, not {len(head)}")
    return [dict(zip(head, (cell.strip() for cell in cells), strict=True)) for cells in body]


def parts(cell: str) -> tuple[str, ...]:
    """Return the entries of a cell."""
    return tuple(part for part in cell.split(";") if part)


def grades(cell: str) -> tuple[str, ...]:
    """Return the grades of "K-2" or "4". Raises ValueError for another grade."""
    if not cell:
        return ()
    first, _, last = cell.partition("-")
    return GRADES[GRADES.index(first) : GRADES.index(last or first) + 1]
