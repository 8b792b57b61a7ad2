"""A chain of sealed rows: each seal covers the row and the seal before it, so that no row can be changed or taken out
unseen (trust.md F2).

Pure: the caller brings rows in their order and, where it has them, anchors: seals that were kept somewhere else. A
chain alone shows every change in its middle. Only an anchor shows that its end was cut off or written anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

SEPARATOR = "\x1f"
BEGINNING = "0" * 64
"""What stands in the place of the seal before the first row."""


class FaultKind(StrEnum):
    """What can be wrong with a chain."""

    MISSING = "missing"
    ALTERED = "altered"
    NOT_AS_ANCHORED = "not_as_anchored"
    CUT_SHORT = "cut_short"


@dataclass(frozen=True, slots=True)
class Fault:
    """The first row at which a chain is not whole; rows before it are."""

    kind: FaultKind
    sequence: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """How far a chain is whole: rows that are, the seal of the last of them, and the first fault, if any."""

    rows: int
    seal: str
    fault: Fault | None = None


def seal(before: str, sequence: int, fields: Sequence[str]) -> str:
    """Return the seal of a row (64 hex digits): SHA-256 of the seal before it, its number and its fields.

    Raises ValueError for a field that holds the separator: two different rows could then read alike.
    """
    text = SEPARATOR.join((before, str(sequence), *fields))
    if text.count(SEPARATOR) != len(fields) + 1:
        raise ValueError("A sealed field cannot hold the separator U+001F")
    return hashlib.sha256(text.encode()).hexdigest()


def check(rows: Iterable[tuple[int, str, Sequence[str]]], anchors: Mapping[int, str]) -> Verdict:
    """Go along a chain of (number, seal, fields), ordered by number, and tell where it stops being whole.

    `anchors` maps the number of a row to the seal it had when it was anchored. Holds one row at a time.
    """
    before, done = BEGINNING, 0
    sha256, join = hashlib.sha256, SEPARATOR.join
    for sequence, sealed, fields in rows:
        wanted = done + 1
        if sequence != wanted:
            return Verdict(done, before, Fault(FaultKind.MISSING if sequence > wanted else FaultKind.ALTERED, wanted))
        # A planted separator cannot help: it would change how many there are, and the real row has none in its fields.
        found = sha256(join((before, str(sequence), *fields)).encode()).hexdigest()
        if found != sealed:
            return Verdict(done, before, Fault(FaultKind.ALTERED, sequence))
        if sequence in anchors and anchors[sequence] != found:
            return Verdict(done, before, Fault(FaultKind.NOT_AS_ANCHORED, sequence))
        before, done = found, sequence
    if anchors and max(anchors) > done:
        return Verdict(done, before, Fault(FaultKind.CUT_SHORT, done + 1))
    return Verdict(done, before)
