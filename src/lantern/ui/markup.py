"""Writing HTML in Python: what a page shows hundreds of times is written by its function, not by a template of its own
(decision 0018). `text` is the one way in for anything that is not markup already.
"""

from __future__ import annotations

from html import escape

from django.utils.safestring import SafeString, mark_safe


def text(value: object) -> str:
    """Return a value as HTML: escaped, unless it is markup already; nothing for None."""
    if type(value) is str:
        return escape(value)
    if value is None:
        return ""
    if hasattr(value, "__html__"):
        return str(value.__html__())
    return escape(str(value))


def attribute(name: str, value: object) -> str:
    """Return ` name="value"`, escaped; nothing for None and for an empty text."""
    return f' {name}="{text(value)}"' if value is not None and value != "" else ""


def markup(*parts: str) -> SafeString:
    """Return parts that were written or escaped here as finished HTML."""
    return mark_safe("".join(parts))  # noqa: S308 the caller wrote the tags and passed values through `text`
