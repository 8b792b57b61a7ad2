"""The plan: weeks, and the things in them that can be moved."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from django.template import Context
from django.utils.safestring import SafeString

from lantern.ui import rendering
from lantern.ui.durations import duration, short_duration
from lantern.ui.markup import markup, text
from lantern.ui.rendering import element_id, register
from lantern.ui.tags import signs
from lantern.ui.tags.tokens import csrf_field


class Act(NamedTuple):
    """A small form inside an item of the plan: where it posts, the words on its button, the pairs it sends."""

    url: str
    label: str
    sent: tuple[tuple[str, str], ...] = ()


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
    anchor, name, over = element_id("week", label), text(label), planned > available
    state = ("This week: " if now else "") + week_state(planned, available)
    minutes = f'<span class="ui-week-minutes">{planned} of {available} min</span>' if available else ""
    drop = "" if zone is None else f' data-drop-zone="{text(zone)}" data-drop-label="{name}"'
    return markup(
        f'<section class="ui-week{" ui-week--now" if now else ""}{" ui-week--over" if over else ""}" ',
        f'aria-labelledby="{anchor}"><div class="ui-week-head">',
        f'<div class="ui-week-line"><h3 id="{anchor}">{name}</h3>{minutes}</div>',
        f'<progress class="ui-bar{" ui-bar--over" if over else ""}" ',
        f'value="{min(planned, available) if available else planned}" max="{available or max(planned, 1)}" ',
        f'aria-label="Minutes planned, {name}"></progress>',
        f'<p class="ui-week-state">{text(state[:1].upper() + state[1:])}</p></div>',
        f'<ul class="ui-week-items"{drop}>{text(content).strip()}</ul></section>',
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
    weeks: Iterable[tuple[str, str]] = (),
    week: str = "",
    field: str = "week",
    links: Iterable[tuple[str, str]] = (),
    acts: Iterable[Act] = (),
) -> SafeString:
    """Return one `<li>` of a week. With `move_url` it has a form that posts `field`=value of the chosen one of `weeks`
    ((value, words) each, `week` comes chosen); drag.js sends the same form. In the opened part stand `links`
    ((address, words) each), a small form for each of `acts`, and the content.
    """
    name, token = text(title), csrf_field(context)
    inside = (
        "".join(f'<a class="small" href="{text(address)}">{text(words)}</a>' for address, words in links)
        + "".join(_act_form(act, name, token) for act in acts)
        + text(content).strip()
    )
    sign = ""
    if move_url:
        sign = _handle(name)
    elif done:
        sign = rendering.icon("circle-check", size=18, label="Done")
    why = f'<p class="small">{text(because)}</p>' if because else ""
    move = _move_form(move_url, field, _options(tuple(weeks)), week, title, token) if move_url else ""
    more = f'<div class="cluster">{inside}</div>' if inside else ""
    asks = ("Why is this here" + (", or move it" if move_url else "")) if because else "Move it"
    extra = (
        f'<details class="ui-plan-extra"><summary>{asks}<span class="sr-only">: {name}</span></summary>'
        f"{why}{move}{more}</details>"
    )
    return markup(
        f'<li class="ui-plan-item{" is-done" if done else ""}"{" data-drag-item" if move_url else ""}>',
        f'<p class="ui-plan-title"><a href="{text(href)}">{name}</a></p>{sign}',
        f'<p class="ui-plan-meta">{text(kind)} · {short_duration(minutes)}</p>',
        f"{extra if because or move_url or inside else ''}</li>",
    )


def _handle(name: str) -> str:
    return (
        '<button class="ui-plan-handle" type="button" data-drag-handle aria-pressed="false" hidden>'
        f'{rendering.icon("grip-vertical", size=18)}<span class="sr-only">Move {name}</span></button>'
    )


@lru_cache(maxsize=512)
def _options(weeks: tuple[tuple[str, str], ...]) -> str:
    """Return the choices of a move form, none chosen; a plan has the same for each of its items."""
    return "".join(f'<option value="{text(value)}">{text(words)}</option>' for value, words in weeks)


def _move_form(url: str, field: str, options: str, week: str, title: str, token: str) -> str:
    chosen = options.replace(f'<option value="{text(week)}">', f'<option value="{text(week)}" selected>', 1)
    return (
        f'<form class="ui-move" method="post" action="{text(url)}" data-move-form="{text(field)}">{token}'
        f'<label>Move to<select name="{text(field)}">{chosen}</select></label>'
        f"{signs.button('Move', kind='quiet', about=title)}</form>"
    )


def _act_form(act: Act, name: str, token: str) -> str:
    sent = "".join(f'<input type="hidden" name="{text(field)}" value="{text(value)}">' for field, value in act.sent)
    return (
        f'<form method="post" action="{text(act.url)}">{token}{sent}'
        f'<button class="ui-btn ui-btn--plain" type="submit"><span>{text(act.label)}'
        f'<span class="sr-only"> {name}</span></span></button></form>'
    )
