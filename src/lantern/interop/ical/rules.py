"""How much work a rule of repetition is, before anybody begins it; what could go on for ever is never begun."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_DAY = re.compile(r"(?P<nth>[+-]?\d{1,2})?(?P<day>MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_LIMITS = {"BYMONTH": 12, "BYMONTHDAY": 31, "BYYEARDAY": 366, "BYWEEKNO": 53, "BYSETPOS": 366}
_SAME = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"}
_PERIODS = {"DAILY": 1.0, "WEEKLY": 7.0, "MONTHLY": 30.4, "YEARLY": 365.0}
_MOST = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 31, "YEARLY": 366}
_BEFORE = {"DAILY": 6.0, "WEEKLY": 4.0, "MONTHLY": 3.0, "YEARLY": 1.0}
"""As many periods before the window cost as much as one time within."""
_EACH_SERIES = 4
_LONGEST_PERIOD = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 31, "YEARLY": 366}
_UNTIL = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T\d{6}Z?)?", re.ASCII)


def cost_of(rule: str, begins: datetime, window: tuple[datetime, datetime]) -> int | None:
    """Return about how many times a rule has between its beginning and the end of the window, those before it for less.

    None for a rule that is not understood, that repeats within a day, or that may find nothing.
    """
    parts = _parts(rule)
    if parts is None:
        return None
    every, interval = parts["FREQ"][0], int(parts.get("INTERVAL", ["1"])[0])
    if any(name in parts for name in ("BYHOUR", "BYMINUTE", "BYSECOND")):
        return None
    if not _surely_finds_some(every, interval, parts):
        return None
    period = _PERIODS[every] * interval
    ends = min(window[1], last_of(rule, begins) or window[1])
    before = max(0.0, (min(window[0], ends) - begins).total_seconds() / 86_400) / period
    within = max(0.0, (ends - max(begins, window[0])).total_seconds() / 86_400) / period
    each = _in_a_period(every, parts)
    return int(within * each + before * max(1.0, each / 3) / _BEFORE[every]) + _EACH_SERIES


def last_of(rule: str, begins: datetime) -> datetime | None:
    """Return a moment after which a rule surely has no time, by its UNTIL and COUNT; None where it may go on."""
    parts = _parts(rule)
    if parts is None:
        return None
    known: list[datetime] = []
    until = _UNTIL.fullmatch(parts["UNTIL"][0]) if len(parts.get("UNTIL", ())) == 1 else None
    try:
        if until:
            known.append(datetime(int(until[1]), int(until[2]), int(until[3]), tzinfo=UTC) + timedelta(days=2))
        if len(parts.get("COUNT", ())) == 1 and (each := _surely_in_a_period(parts, begins)):
            periods = (int(parts["COUNT"][0]) // each + 1) * int(parts.get("INTERVAL", ["1"])[0])
            known.append(begins + timedelta(days=periods * _LONGEST_PERIOD[parts["FREQ"][0]] + 2))
    except (ValueError, OverflowError):  # no such day, or far beyond every calendar
        return None
    return min(known, default=None)


def _surely_in_a_period(parts: dict[str, list[str]], begins: datetime) -> int:
    """Return how many times each day, week, month or year has for sure; 0 where some may have none."""
    by = {name for name in parts if name not in _SAME}
    if not by:
        return 1 if begins.day < 28 or parts["FREQ"][0] in {"DAILY", "WEEKLY"} else 0
    return len(set(parts["BYDAY"])) if parts["FREQ"][0] == "WEEKLY" and by == {"BYDAY"} else 0


def _parts(rule: str) -> dict[str, list[str]] | None:
    """Return a rule as lists by name; None for one that breaks the grammar or its bounds."""
    parts: dict[str, list[str]] = {}
    for part in rule.upper().strip().strip(";").split(";"):
        name, _, value = part.partition("=")
        values = value.split(",")
        if name in parts or len(values) > 31 or not all(values):
            return None
        parts[name] = values
    if parts.get("FREQ", [""])[0] not in _PERIODS:
        return None
    for name in ("INTERVAL", "COUNT"):
        if name in parts and not re.fullmatch(r"[1-9]\d{0,8}", parts[name][0], re.ASCII):
            return None
    if int(parts.get("INTERVAL", ["1"])[0]) > 1_000:
        return None
    for name, most in _LIMITS.items():
        for value in parts.get(name, ()):
            if not re.fullmatch(r"[+-]?\d{1,3}", value, re.ASCII) or not 1 <= abs(int(value)) <= most:
                return None
    if not all(map(_DAY.fullmatch, parts.get("BYDAY", ()))):
        return None
    return parts


def _in_a_period(every: str, parts: dict[str, list[str]]) -> int:
    """Return how many times one day, week, month or year holds at most."""
    by = [name for name in parts if name not in _SAME]
    if not by or every == "DAILY":
        return 1
    if every == "WEEKLY":
        return max(1, len(parts.get("BYDAY", ())))
    if "BYSETPOS" in parts:
        return len(parts["BYSETPOS"]) + 3  # the others of its period are looked at too
    if all(_nth(day) for day in parts.get("BYDAY", ["1MO"])) and not {"BYYEARDAY", "BYWEEKNO"} & parts.keys():
        months = len(parts.get("BYMONTH", ())) or (12 if every == "YEARLY" and "BYMONTHDAY" in parts else 1)
        return max(1, len(parts.get("BYDAY", ()))) * max(1, len(parts.get("BYMONTHDAY", ()))) * months
    return _MOST[every]


def _surely_finds_some(every: str, interval: int, parts: dict[str, list[str]]) -> bool:
    """Tell whether a rule has times for sure; one that may have none would be followed through millions of days."""
    by = {name for name in parts if name not in _SAME}
    plain_days = all(_nth(day) is None for day in parts.get("BYDAY", ()))
    if not by:
        return True
    if every == "WEEKLY":
        return plain_days and (by <= {"BYDAY"} or (by <= {"BYDAY", "BYMONTH"} and interval <= 4))
    dates = [abs(int(value)) for value in parts.get("BYMONTHDAY", ())]
    early = all(date <= 28 for date in dates)
    often = interval == 1 or len(set(dates)) >= 7
    if every == "DAILY":
        if "BYMONTHDAY" in by:
            return by <= {"BYDAY", "BYMONTH", "BYMONTHDAY"} and plain_days and early and interval == 1
        return by <= {"BYDAY", "BYMONTH"} and plain_days and interval <= 28 and interval % 7 != 0
    nth = all(abs(_nth(day) or 1) <= 5 for day in parts.get("BYDAY", ()))
    places = all(abs(int(value)) <= 5 for value in parts.get("BYSETPOS", ()))
    months = {"BYMONTH"} if every == "YEARLY" or interval == 1 else set()
    if "BYMONTHDAY" not in by:
        return by <= {"BYDAY", "BYSETPOS"} | months and nth and places
    if "BYDAY" in by:
        return by <= {"BYDAY", "BYMONTHDAY"} | months and plain_days and early and often
    if "BYMONTH" in by:
        shortest = min((_DAYS_OF[int(month) - 1] for month in parts["BYMONTH"] if month.isdigit()), default=0)
        return by <= {"BYMONTHDAY"} | months and all(date <= shortest for date in dates)
    return by == {"BYMONTHDAY"} and (early or interval == 1)


_DAYS_OF = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _nth(day: str) -> int | None:
    found = _DAY.fullmatch(day)
    return int(found["nth"]) if found and found["nth"] else None
