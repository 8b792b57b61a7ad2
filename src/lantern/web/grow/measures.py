"""How a result of a class is drawn: the same on the pages of the class and on a goal's page."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from django.utils.formats import date_format

from lantern.domain.results.types import DayResult
from lantern.ui.charts import ShareRow

_LONGEST = 90


def named(code: str, statement: str) -> str:
    """Return a standard as one line: its code, and the beginning of what it says where that is known."""
    return textwrap.shorten(f"{code} {statement}", len(code) + _LONGEST, placeholder=" …") if statement else code


def share_row(label: str, result: DayResult) -> ShareRow:
    """Return a result as a row of a picture; too few answers show no share."""
    found = result.share
    detail = f"{found.right:g} of {found.of} right"
    if not found.enough:
        return ShareRow(label, detail, None)
    return ShareRow(label, detail, 100 * found.share, 100 * found.low, 100 * found.high)


def over_time(days: Sequence[DayResult]) -> list[ShareRow]:
    """Return the results of one standard, a row a day, oldest first."""
    return [share_row(date_format(each.on, "j F Y"), each) for each in days]
