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
from lantern.ui.tags.signs import Act
from lantern.ui.tags.tokens import csrf_field


class PlanItem(NamedTuple):
    """A thing in a week, as the plan shows it; with `move_url` it can be moved, `week` is the value of where it is.
    `signs` are a word each beside its minutes: "part 2 of 3", "held here"; `because` may have several lines.
    """

    title: str
    href: str
    minutes: int
    kind: str
    because: str = ""
    done: bool = False
    move_url: str = ""
    week: str = ""
    links: tuple[tuple[str, str], ...] = ()
    acts: tuple[Act, ...] = ()
    signs: tuple[str, ...] = ()


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
    content: str,
    *,
    label: str,
    planned: int,
    available: int,
    zone: str | None = None,
    now: bool = False,
    why: Iterable[str] = (),
) -> SafeString:
    """Return one week of the plan with `plan_items` as content; `zone` is the value a move form sends for this week,
    and `why` says what was taken from its minutes.
    """
    anchor, name, over = element_id("week", label), text(label), planned > available
    state = ("This week: " if now else "") + week_state(planned, available)
    minutes = f'<span class="ui-week-minutes">{planned} of {available} min</span>' if available else ""
    reasons = "".join(f'<p class="ui-week-state">{text(reason)}</p>' for reason in why)
    drop = "" if zone is None else f' data-drop-zone="{text(zone)}" data-drop-label="{name}"'
    return markup(
        f'<section class="ui-week{" ui-week--now" if now else ""}{" ui-week--over" if over else ""}" ',
        f'aria-labelledby="{anchor}"><div class="ui-week-head">',
        f'<div class="ui-week-line"><h3 id="{anchor}">{name}</h3>{minutes}</div>',
        f'<progress class="ui-bar{" ui-bar--over" if over else ""}" ',
        f'value="{min(planned, available) if available else planned}" max="{available or max(planned, 1)}" ',
        f'aria-label="Minutes planned, {name}"></progress>',
        f'<p class="ui-week-state">{text(state[:1].upper() + state[1:])}</p>{reasons}</div>',
        f'<ul class="ui-week-items"{drop}>{text(content).strip()}</ul></section>',
    )


@register.simple_tag(takes_context=True)
def plan_items(
    context: Context, items: Iterable[PlanItem], *, weeks: Iterable[tuple[str, str]] = (), field: str = "week"
) -> SafeString:
    """Return an `<li>` of a week for each item. One that can be moved has a form that posts `field`=value of the chosen
    one of `weeks` ((value, words) each); drag.js sends the same form. In its opened part stand its `links`
    ((address, words) each) and a small form for each of its `acts`.
    """
    token, options = csrf_field(context), _options(tuple(weeks))
    return markup(*(_plan_item(item, field, options, token) for item in items))


def _plan_item(item: PlanItem, field: str, options: str, token: str) -> str:
    name = text(item.title)
    inside = "".join(f'<a class="small" href="{text(address)}">{text(words)}</a>' for address, words in item.links)
    inside += "".join(signs.act_form(act, item.title, token) for act in item.acts)
    sign = ""
    if item.move_url:
        sign = _handle(name)
    elif item.done:
        sign = rendering.icon("circle-check", size=18, label="Done")
    why = "".join(f'<p class="small">{text(line)}</p>' for line in item.because.splitlines())
    move = _move_form(item, field, options, token) if item.move_url else ""
    more = f'<div class="cluster">{inside}</div>' if inside else ""
    asks = ("Why is this here" + (", or move it" if item.move_url else "")) if item.because else "Move it"
    extra = (
        f'<details class="ui-plan-extra"><summary>{asks}<span class="sr-only">: {name}</span></summary>'
        f"{why}{move}{more}</details>"
    )
    return (
        f'<li class="ui-plan-item{" is-done" if item.done else ""}"{" data-drag-item" if item.move_url else ""}>'
        f'<p class="ui-plan-title"><a href="{text(item.href)}">{name}</a></p>{sign}'
        f'<p class="ui-plan-meta">{text(item.kind)} · {short_duration(item.minutes)}{_signs(item.signs)}</p>'
        f"{extra if item.because or item.move_url or inside else ''}</li>"
    )


def _signs(words: Iterable[str]) -> str:
    return "".join(f" · {text(word)}" for word in words)


def _handle(name: str) -> str:
    return (
        '<button class="ui-plan-handle" type="button" data-drag-handle aria-pressed="false" hidden>'
        f'{rendering.icon("grip-vertical", size=18)}<span class="sr-only">Move {name}</span></button>'
    )


@lru_cache(maxsize=512)
def _options(weeks: tuple[tuple[str, str], ...]) -> str:
    """Return the choices of a move form, none chosen; a plan has the same for each of its items."""
    return "".join(f'<option value="{text(value)}">{text(words)}</option>' for value, words in weeks)


def _move_form(item: PlanItem, field: str, options: str, token: str) -> str:
    here = f'<option value="{text(item.week)}"'
    chosen = options.replace(f"{here}>", f"{here} selected>", 1)
    return (
        f'<form class="ui-move" method="post" action="{text(item.move_url)}" data-move-form="{text(field)}">{token}'
        f'<label>Move to<select name="{text(field)}">{chosen}</select></label>'
        f"{signs.button('Move', kind='quiet', about=item.title)}</form>"
    )
