"""Ways through the pages: headings, tabs, crumbs, pages of a list."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.paginator import Page
from django.utils.safestring import SafeString

from lantern.ui.markup import attribute, markup, text
from lantern.ui.rendering import checked_items, register, rendered


@register.simple_block_tag
def page_header(content: str, *, title: str, lead: str | None = None) -> SafeString:
    """Return the page's `<h1>`, one sentence below it, and the content as its actions."""
    said = f'<p class="ui-page-header-lead">{text(lead)}</p>' if lead else ""
    inside = text(content).strip()
    actions = f'<div class="ui-page-header-actions">{inside}</div>' if inside else ""
    return markup(
        f'<div class="ui-page-header"><div class="ui-page-header-text"><h1>{text(title)}</h1>{said}</div>',
        f"{actions}</div>",
    )


@register.simple_tag
def section_header(
    title: str, *, href: str | None = None, link_label: str = "See all", id: str | None = None
) -> SafeString:
    """Return an `<h2>` with an optional link at its end; the link says which section it means."""
    name = text(title)
    onward = f'<a href="{text(href)}">{text(link_label)}<span class="sr-only">: {name}</span></a>' if href else ""
    return markup(f'<div class="ui-section-header"><h2{attribute("id", id)}>{name}</h2>{onward}</div>')


@register.simple_tag
def tabs_nav(items: Iterable[Mapping[str, Any]], *, label: str) -> SafeString:
    """Return tabs that are links: items of {label, url, current?, count?}."""
    required, optional = frozenset({"label", "url"}), frozenset({"current", "count"})
    return rendered(
        "tabs_nav", items=checked_items("tabs_nav", items, required=required, optional=optional), label=label
    )


@register.simple_tag
def breadcrumb(items: Iterable[Mapping[str, Any]]) -> SafeString:
    """Return the way from the top to here: items of {label, url?}; the last one is this page."""
    required, optional = frozenset({"label"}), frozenset({"url"})
    return rendered("breadcrumb", items=checked_items("breadcrumb", items, required=required, optional=optional))


@register.simple_tag
def pagination(page_obj: "Page[Any]", *, querystring: str = "", noun: str = "results") -> SafeString:
    """Return the pages of a list as links that keep `querystring` (without "page"), and which rows are shown.

    >>> {% pagination page querystring="q=fractions" noun="resources" %}
    """
    paginator = page_obj.paginator
    numbers = paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1)
    prefix = f"?{querystring.lstrip('?')}&page=" if querystring else "?page="
    return rendered(
        "pagination", page=page_obj, numbers=list(numbers), gap=paginator.ELLIPSIS, prefix=prefix, noun=noun
    )
