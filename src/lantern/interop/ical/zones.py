"""Which clock a calendar means: names of zones as the many programmes write them."""

from __future__ import annotations

import re
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from lantern.interop.ical.lines import RawCalendar

_SAFE_RULE = re.compile(
    r"FREQ=YEARLY(;(INTERVAL=1|BYMONTH=\d{1,2}|BYDAY=-?[1-5](SU|MO|TU|WE|TH|FR|SA)|WKST=(SU|MO)|UNTIL=[0-9TZ]{8,16}))*",
    re.ASCII,
)
_OFFSET = re.compile(r"[+-](0\d|1[0-4])[0-5]\d([0-5]\d)?", re.ASCII)


MOST_ZONES = 200
"""Names of zones that are looked up for one file."""
MOST_EXPLAINED = 20
"""Zones that a file may explain itself; each takes some milliseconds to understand."""


class Zones:
    """The zones of one file: a name of the time zone database, one the file explains itself, or neither."""

    def __init__(self, raw: RawCalendar) -> None:
        self._raw = raw
        self._known: dict[str, str | None] = {}
        self._explained: dict[str, tuple[str, tzinfo | None]] = {}

    def named(self, tzid: str) -> str | None:
        """Return the database's name of a zone, or None where there is none."""
        if tzid not in self._known:
            self._known[tzid] = self._find(tzid) if len(self._known) < MOST_ZONES else None
        return self._known[tzid]

    def clock(self, tzid: str) -> tzinfo | None:
        """Return a zone, or None where nobody knows it."""
        name = self.named(tzid)
        return ZoneInfo(name) if name else self._own(tzid)[1]

    def explained(self, tzid: str) -> str:
        """Return the text of a zone that only the file knows, or "" where it has none that is fit to be used."""
        return self._own(tzid)[0]

    def _own(self, tzid: str) -> tuple[str, tzinfo | None]:
        if tzid not in self._raw.zones:
            return "", None
        if tzid not in self._explained:
            text = self._sound(tzid) if len(self._explained) < MOST_EXPLAINED else ""
            clock = _clock_of(text) if text else None
            self._explained[tzid] = (text, clock) if clock else ("", None)
        return self._explained[tzid]

    def _sound(self, tzid: str) -> str:
        lines = self._raw.zones.get(tzid, [])
        parts = [line for line in lines if line.upper().startswith("BEGIN:")]
        rules = [line.partition(":")[2] for line in lines if line.upper().startswith("RRULE")]
        offsets = [line.partition(":")[2].strip() for line in lines if line.upper().startswith("TZOFFSET")]
        starts = [line for line in lines if line.upper().startswith("DTSTART")]
        sound = (
            2 <= len(parts) <= 8
            and len(offsets) == 2 * (len(parts) - 1)
            and len(starts) == len(parts) - 1
            and all(map(_OFFSET.fullmatch, offsets))
            and all(_SAFE_RULE.fullmatch(rule.strip().upper()) for rule in rules)
            and not any(line.upper().startswith(("RDATE", "EXDATE", "EXRULE")) for line in lines)
        )
        return "\r\n".join([*lines, "END:VTIMEZONE"]) + "\r\n" if sound else ""

    def _find(self, tzid: str) -> str | None:
        location = next(
            (line.partition(":")[2].strip() for line in self._raw.zones.get(tzid, ()) if "X-LIC-LOCATION" in line), ""
        )
        # Some programmes put a path before the name: /freeassociation.sourceforge.net/Europe/Berlin
        tail = "/".join(tzid.rsplit("/", 2)[-2:]) if tzid.startswith("/") else ""
        from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON  # noqa: PLC0415 - only who reads one pays

        for name in (tzid, location, WINDOWS_TO_OLSON.get(tzid, ""), tail):
            if name and _is_zone(name):
                return name
        return None


def _clock_of(text: str) -> tzinfo | None:
    import icalendar  # noqa: PLC0415 - only who reads a calendar pays for it

    try:
        zone: Any = icalendar.Timezone.from_ical(text)
        clock: tzinfo = zone.to_tz()
        clock.utcoffset(datetime(2026, 1, 1, tzinfo=None))  # noqa: DTZ001 - a zone is asked with its own time
    except Exception:  # a library reads what a stranger wrote; whatever it says, the zone is not known
        return None
    return clock


def _is_zone(name: str) -> bool:
    if len(name) > 60 or not re.fullmatch(r"[A-Za-z][A-Za-z0-9_+/-]*", name):
        return False
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True
