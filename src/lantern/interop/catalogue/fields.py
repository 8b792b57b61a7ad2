"""Reading of single catalogue fields: raw text, numbers or lists in, normal forms out, `FieldProblem` for the rest."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

from lantern.engine.untrusted import DAMAGED

GRADES = ("PK", "K", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12")
_BANDS = {
    "prek": "PK", "prekindergarten": "PK", "preschool": "PK", "kindergarten": "K", "elementary": "K-5",
    "primary": "K-5", "elementaryschool": "K-5", "middle": "6-8", "middleschool": "6-8", "high": "9-12",
    "highschool": "9-12",
    "secondary": "6-12", "all": "PK-12", "allgrades": "PK-12",
}  # fmt: skip
_RANGE = re.compile(r"(PK|K|1[0-2]|[1-9])(?:(?:-|to)(K|1[0-2]|[1-9]))?", re.IGNORECASE)


class FieldProblem(ValueError):
    """One field that cannot be taken: its name and the reason in plain words."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field, self.reason = field, reason


def text(field: str, value: object, limit: int) -> str:
    """Return trimmed text of at most `limit` characters; numbers are written out, None is empty."""
    if value is None:
        return ""
    if isinstance(value, bool | list | dict) or not isinstance(value, str | int | float | Decimal):
        raise FieldProblem(field, "must be text")
    written = str(value).strip()
    if len(written) > limit:
        raise FieldProblem(field, f"is {len(written):,} characters long; at most {limit:,} fit")
    if DAMAGED.search(written):
        raise FieldProblem(field, "has a NUL or undecodable character")
    return written


def parts(field: str, value: object) -> tuple[str, ...]:
    """Return the entries of a list, or of text separated by `;` or `|`, each once, empty ones left out."""
    if isinstance(value, list | tuple):
        found = [text(field, entry, 300) for entry in value]
    else:
        found = [part.strip() for part in re.split(r"[;|]", text(field, value, 20_000))]
    if len(found) > 500:
        raise FieldProblem(field, f"has {len(found):,} entries; at most 500 fit")
    return tuple(dict.fromkeys(filter(None, found)))


def slug(value: str) -> str:
    """Return the term in lower case, without accents, words joined by hyphens; letters of any script stay."""
    plain = "".join(mark for mark in unicodedata.normalize("NFKD", value) if not unicodedata.combining(mark))
    return re.sub(r"[\W_]+", "-", plain.casefold()).strip("-")


def slugs(field: str, value: object) -> tuple[str, ...]:
    """Return the terms of a list as slugs, each once."""
    return tuple(dict.fromkeys(filter(None, map(slug, parts(field, value)))))


def choice(field: str, value: object, allowed: tuple[str, ...]) -> str:
    """Return one of the allowed words, however spaced or cased; empty stays empty."""
    word = re.sub(r"[\s-]+", "_", text(field, value, 300).casefold())
    if word and word not in allowed:
        raise FieldProblem(field, f"{word[:60]!r} is not one of {', '.join(allowed)}")
    return word


def whole(field: str, value: object, low: int, high: int) -> int | None:
    """Return a whole number within bounds, or None when empty."""
    written = text(field, value, 40)
    if not written:
        return None
    number = re.fullmatch(r"([0-9]{1,9})(\.0+)?", written, re.ASCII)
    if not number or not low <= int(number.group(1)) <= high:
        raise FieldProblem(field, f"{written!r} is not a whole number from {low:,} to {high:,}")
    return int(number.group(1))


def decimal(field: str, value: object, high: int) -> Decimal | None:
    """Return a number with at most two decimals from 0 to `high`, or None when empty."""
    written = text(field, value, 40)
    if not written:
        return None
    try:
        number = Decimal(written) if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,6})?", written, re.ASCII) else None
    except InvalidOperation:  # pragma: no cover - the pattern admits only numbers
        number = None
    if number is None or number > high or number != round(number, 2):
        raise FieldProblem(field, f"{written!r} is not a number from 0 to {high:,} with at most two decimals")
    return number


def day(field: str, value: object) -> date | None:
    """Return a date written YYYY-MM-DD (a time after it is dropped), or None when empty."""
    written = text(field, value, 60)
    try:
        return date.fromisoformat(written[:10]) if written else None
    except ValueError as error:
        raise FieldProblem(field, f"{written[:20]!r} is not a date as YYYY-MM-DD") from error


def web_address(field: str, value: object) -> str:
    """Return an http or https address with a host and without a password, or empty."""
    written = text(field, value, 2000)
    if not written:
        return ""
    try:
        found = urlsplit(written)
        sound = found.scheme in {"http", "https"} and found.hostname and not found.username and found.port != 0
    except ValueError:
        sound = False
    if not sound or re.search(r"[\s\x00-\x1f\x7f<>\"\\^`{|}]", written):
        raise FieldProblem(field, f"{written[:80]!r} is not a plain http or https address")
    return written


def grades(field: str, value: object) -> tuple[str, ...]:
    """Return grades in school order from "K-5", "Grade 3", "9 to 12", "elementary", "high school" and lists of them."""
    entries = value if isinstance(value, list | tuple) else re.split(r"[;|,]", text(field, value, 1000))
    found: set[str] = set()
    for entry in entries:
        found |= _grade_range(field, text(field, entry, 100))
    return tuple(grade for grade in GRADES if grade in found)


def _grade_range(field: str, written: str) -> set[str]:
    if not written:
        return set()
    plain = re.sub(r"grades?|[\s.]|(?<=[0-9])(?:st|nd|rd|th)", "", re.sub("[–—]", "-", written.casefold()))
    band = _BANDS.get(plain.replace("-", "")) or re.sub("pre-?k", "PK", plain)
    match = _RANGE.fullmatch(band)
    if not match:
        raise FieldProblem(field, f"{written!r} is not a grade (PK, K, 1 to 12) or a band such as K-5 or high school")
    first, last = match.group(1).upper(), (match.group(2) or match.group(1)).upper()
    low, high = GRADES.index(first), GRADES.index(last)
    if low > high:
        raise FieldProblem(field, f"{written!r} runs backwards")
    return set(GRADES[low : high + 1])


def language(field: str, value: object) -> str:
    """Return a language tag such as `en` or `pt-BR`; empty is English."""
    written = text(field, value, 60).replace("_", "-") or "en"
    if not re.fullmatch(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8}){0,3}", written):
        raise FieldProblem(field, f"{written!r} is not a language tag such as en or pt-BR")
    first, *rest = written.split("-")
    return "-".join([first.lower(), *(part.upper() if len(part) == 2 else part for part in rest)])
