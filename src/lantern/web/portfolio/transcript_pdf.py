"""The record of hours as a document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from lantern.domain.credits.types import LicenceProgress
from lantern.web import typeset

TEMPLATE = Path(__file__).with_name("transcript.typ")


def write(
    *,
    name: str,
    organisations: Iterable[str],
    day: date,
    groups: Iterable[Mapping[str, Any]],
    total: str,
    licence: LicenceProgress | None,
    language: str = "en",
) -> bytes:
    """Return the PDF. `groups` have a credit_type, a period, entries of the ledger and a total as text."""
    data = {
        "language": language,
        "name": name,
        "organisations": ", ".join(organisations),
        "day": _day(day),
        "total": total,
        "groups": [
            {
                "heading": f"{group['credit_type']}, {group['period']}",
                "total": group["total"],
                "entries": [_entry(entry) for entry in group["entries"]],
            }
            for group in groups
        ],
        "licence": _licence(licence) if licence else None,
    }
    return typeset.pdf(TEMPLATE, data)


def _entry(entry: Any) -> dict[str, str]:
    note = f"Taken back: {entry.reason}" if entry.is_reversal else "Taken back later" if entry.is_reversed else ""
    return {
        "title": entry.title,
        "note": note,
        "day": _day(entry.earned_on),
        "minutes": str(entry.minutes),
        "hours": entry.hours,
        "rule": str(entry.rule),
    }


def _licence(licence: LicenceProgress) -> dict[str, str]:
    return {
        "name": licence.name,
        "words": f"{licence.hours} of {licence.hours_needed} hours ({licence.credit_type}), "
        f"counted from {_day(licence.counts_from)}, to renew by {_day(licence.renews_on)}.",
    }


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
