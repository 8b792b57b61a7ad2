"""staff-profile.csv: what OneRoster has no column for and professional learning needs to know."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lantern.interop.oneroster.table import Record, Sheet

PROFILE = "staff-profile.csv"
PROFILE_SHEET = Sheet(
    PROFILE,
    {
        "sourcedId": "sourcedId",
        "positionTitle": "position_title",
        "grades": "grades",
        "subjects": "subjects",
        "years": "years_experience",
        "yearsTeaching": "years_prior_teaching",
        "yearsProfessional": "years_prior_professional",
    },
    ("sourcedId",),
)
_MOST_YEARS = 80


@dataclass(frozen=True, slots=True)
class Profile:
    """The extra facts of one person; blank facts are empty or None."""

    grades: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    years: int | None = None
    title: str | None = None


def profile_of(record: Record) -> Profile:
    """Reads one row: experience is the first given of all, teaching, professional years; completed years count.

    Raises BadCell for years that are not a number between 0 and 80.
    """
    column = next((name for name in ("years", "yearsTeaching", "yearsProfessional") if record.text(name)), None)
    return Profile(
        grades=record.grades("grades"),
        subjects=record.items("subjects", ";"),
        years=_years(record, column) if column else None,
        title=record.text("positionTitle") or None,
    )


def _years(record: Record, column: str) -> int:
    text = record.text(column)
    if not re.fullmatch(r"\d{1,2}(\.\d+)?", text, re.ASCII) or float(text) > _MOST_YEARS:
        raise record.bad(column, f"is not a number of years between 0 and {_MOST_YEARS}")
    return int(float(text))
