"""Names the placeholders of a statement, so that its shape can be parsed once and its values looked at each time."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKENS = re.compile(
    r"""'(?:[^']|'')*' | "(?:[^"]|"")*" | --[^\n]* | /\*.*?\*/ | (?P<list>\bIN\ \(%s(?:,\ %s)*\)) | (?P<one>%s) | %%""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Named:
    """A statement whose n-th placeholder, or list of an IN, reads `:g<n>`; `spans[n]` is (first value, how many)."""

    text: str
    spans: tuple[tuple[int, int], ...]


def name_placeholders(sql: str) -> Named:
    """Return the statement with named placeholders; an IN of three values and one of thirty get the same text."""
    spans: list[tuple[int, int]] = []
    position = 0

    def name(found: re.Match[str]) -> str:
        nonlocal position
        kind = found.lastgroup
        if kind is None:
            return "%" if found[0] == "%%" else found[0]
        many = found[0].count("%s")
        spans.append((position, many))
        position += many
        return f"IN (:g{len(spans) - 1})" if kind == "list" else f":g{len(spans) - 1}"

    return Named(_TOKENS.sub(name, sql), tuple(spans))
