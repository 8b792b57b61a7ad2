"""The record of hours as a tagged PDF (PDF/UA-1), set by typst. What people wrote goes in as data, never as source."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

from lantern.domain.credits.types import LicenceProgress

TEMPLATE = Path(__file__).with_name("transcript.typ")
_WAYS: tuple[tuple[bool, Any], ...] = ((True, ["ua-1"]), (False, ["ua-1"]), (False, []))
"""Whether only our own font is used, and the standard that is claimed."""


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
    return _set(json.dumps(data, ensure_ascii=False))


def _set(data: str) -> bytes:
    """Set the document with our own font; names and titles in other scripts fall back to the fonts of the machine.

    PDF/UA refuses a text that no font can show. Then the document is still tagged, but does not claim the standard.
    """
    for only_ours, standards in _WAYS:
        compiler = typst.Compiler(
            input=str(TEMPLATE),
            root=str(TEMPLATE.parent),
            font_paths=[str(settings.LANTERN_FONTS)],
            ignore_system_fonts=only_ours,
        )
        try:
            document: Any = compiler.compile(format="pdf", sys_inputs={"data": data}, pdf_standards=standards)
        except typst.TypstError:
            if not standards:
                raise
            continue
        return bytes(document)  # one file, as no output path was given
    raise AssertionError("The last way raises by itself")


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
