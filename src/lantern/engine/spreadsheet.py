"""Tables for spreadsheets: the one place that writes CSV, so that no cell of a stranger's can become a formula.

A spreadsheet takes a cell that begins with one of = + - @ (or a tab or line end before it, or a full-width form) for a
formula, and a formula can fetch an address with the neighbouring cells in it (CWE-1236). Such a cell gets an apostrophe
in front, which spreadsheets read as "this is text". Every cell is quoted, so that a separator inside it starts no other
cell in a country whose separator that is.
"""

import csv
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import TextIO

Cell = str | int | float | Decimal | date | None
_STARTS = frozenset("=+-@|%")
_BREAKS = frozenset("\t\r\n\v\f\x00")


def write_csv(target: TextIO, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write a header and rows as CSV (RFC 4180, CRLF) to a text stream opened with newline="".

    Numbers and dates are written as they are; text is made harmless (`harmless`). Raises ValueError for a row of
    another length than the header's.
    """
    writer = csv.writer(target, quoting=csv.QUOTE_ALL)
    writer.writerow([harmless(name) for name in header])
    for row in rows:
        if len(row) != len(header):
            raise ValueError(f"a row of {len(row)} cells under a header of {len(header)}")
        writer.writerow([_written(cell) for cell in row])


def harmless(text: str) -> str:
    """Give the text with an apostrophe in front where a spreadsheet might take it for a formula."""
    return f"'{text}" if is_formula(text) else text


def is_formula(text: str) -> bool:
    """Tell whether a spreadsheet might: by the first character that shows, in any of its widths, or a break before
    it.
    """
    for char in text:
        if char in _BREAKS:
            return True
        if unicodedata.category(char)[0] in "ZC":  # spaces, and what does not show: byte order mark, joiners, controls
            continue
        return unicodedata.normalize("NFKC", char)[:1] in _STARTS or char in "−"
    return False


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    return harmless(cell) if isinstance(cell, str) else str(cell)
