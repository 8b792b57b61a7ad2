"""The plan: weeks, and the things in them that can be moved."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.template import Context
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from lantern.ui.durations import duration
from lantern.ui.rendering import checked_items, element_id, register, rendered


def week_state(planned: int, available: int) -> str:
    """Return in words how full a week of `available` minutes is with `planned` minutes in it."""
    if not available:
        return f"{duration(planned)} planned in a week off" if planned else "a week off"
    if planned > available:
        return f"{duration(planned - available)} over. Move something, or give this week more time"
    if planned == available:
        return "full"
    return f"{duration(available - planned)} free" if planned else "nothing planned yet"


@register.simple_block_tag
def timeline_week(
    content: str, *, label: str, planned: int, available: int, zone: str | None = None, now: bool = False
) -> SafeString:
    """Return one week of the plan with `plan_item`s as content; `zone` is the value a move form sends for this week."""
    return rendered(
        "timeline_week",
        content=content,
        id=element_id("week", label),
        label=label,
        planned=planned,
        available=available,
        bar_value=min(planned, available) if available else planned,
        bar_max=available or max(planned, 1),
        over=planned > available,
        state=("This week: " if now else "") + week_state(planned, available),
        zone=zone,
        now=now,
    )


@register.simple_block_tag(takes_context=True)
def plan_item(
    context: Context,
    content: str,
    *,
    title: str,
    href: str,
    minutes: int,
    kind: str,
    because: str | None = None,
    done: bool = False,
    move_url: str | None = None,
    weeks: Iterable[Mapping[str, Any]] = (),
    field: str = "week",
) -> SafeString:
    """Return one `<li>` of a week. With `move_url` it has a form that posts `field`=value of the chosen week
    (items of {label, value, current?}); drag.js sends the same form. Content: further actions inside the opened part.
    """
    listed = checked_items("plan_item", weeks, required=frozenset({"label", "value"}), optional=frozenset({"current"}))
    return rendered(
        "plan_item",
        content=content,
        title=title,
        href=href,
        minutes=minutes,
        kind=kind,
        because=because,
        done=done,
        move_url=move_url,
        options=_options(listed),
        field=field,
        csrf_token=context.get("csrf_token", ""),
    )


def _options(weeks: Iterable[Mapping[str, Any]]) -> SafeString:
    """Return the choices of a move; joined here, a plan has hundreds of them."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((week["value"], _SELECTED if week.get("current") else "", week["label"]) for week in weeks),
    )


_SELECTED = mark_safe(" selected")
