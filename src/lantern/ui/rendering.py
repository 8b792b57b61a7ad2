"""What every component stands on: the tag library, its one way to render, and its refusals."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from functools import cache, lru_cache
from typing import Any

import lucide
from django.conf import settings
from django.template import Context, Library, Template
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify

from lantern.ui.markup import attribute, markup

register = Library()

TONES = ("neutral", "brand", "plum", "sky", "rose")


def rendered(template: str, **context: Any) -> SafeString:
    """Return `ui/parts/<template>.html` with only the given values in sight; nothing leaks in from the page."""
    content = context.get("content")
    if isinstance(content, SafeString):  # the body of a block tag; stripping would cost it its safety
        context["content"] = mark_safe(content.strip())  # noqa: S308 it was safe before
    html = _part(template).render(Context(context))
    return mark_safe(html.strip())  # noqa: S308 the template escaped what it was given


def _part(name: str) -> Template:
    """Return a component's compiled template; found once, since a page shows hundreds of components."""
    if settings.DEBUG:
        return _found(name)
    return _kept(name)


def _found(name: str) -> Template:
    return get_template(f"ui/parts/{name}.html").template  # type: ignore[attr-defined]  # Django's backend


_kept = cache(_found)


def checked(component: str, attribute: str, value: object, allowed: Collection[str]) -> str:
    """Return `value` as a string, or raise ValueError that names component, attribute, value and what is allowed."""
    if str(value) not in allowed:
        raise ValueError(f"{component}: {attribute} must be one of {', '.join(allowed)}; got {value!r}")
    return str(value)


def checked_items(
    component: str,
    items: Iterable[Mapping[str, Any]],
    *,
    required: frozenset[str],
    optional: frozenset[str] = frozenset(),
) -> list[Mapping[str, Any]]:
    """Return `items` as a list, or raise ValueError that names the item and its missing or unknown keys."""
    listed = list(items)
    for number, item in enumerate(listed, start=1):
        missing, unknown = required - item.keys(), item.keys() - required - optional
        if missing or unknown:
            raise ValueError(f"{component}: item {number} misses {sorted(missing)}, has unknown {sorted(unknown)}")
    return listed


@lru_cache(maxsize=4096)
def element_id(prefix: str, text: str) -> str:
    """Return an HTML id made from `text`: readable, and the same on every render."""
    digest = hashlib.blake2s(text.encode(), digest_size=3).hexdigest()
    return f"{prefix}-{slugify(text)[:48]}-{digest}"


@cache
def _drawing(name: str, size: int) -> str:
    return lucide._render_icon(name, size)


@register.simple_tag
def icon(name: str, *, size: int = 20, label: str | None = None) -> SafeString:
    """Return the lucide icon `name` as inline SVG, `size` px wide: decoration, unless `label` gives it a meaning.

    Raises lucide.IconDoesNotExist for an unknown name.
    """
    if label is None or label == "":
        return _decoration(str(name), size)
    opening = f'<svg class="ui-icon" role="img"{attribute("aria-label", label)}'
    return markup(_drawing(str(name), size).replace("<svg", opening, 1))


@cache
def _decoration(name: str, size: int) -> SafeString:
    opening = '<svg class="ui-icon" aria-hidden="true" focusable="false"'
    return markup(_drawing(name, size).replace("<svg", opening, 1))
