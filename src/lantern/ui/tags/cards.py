"""Containers: cards, rows of a list, and the one next step."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.template import Context
from django.utils.safestring import SafeString

from lantern.ui import rendering
from lantern.ui.durations import short_duration
from lantern.ui.markup import markup, text
from lantern.ui.rendering import TONES, checked, element_id, register, rendered
from lantern.ui.tags import signs
from lantern.ui.tags.tokens import csrf_field

# What people recognise a kind by. A kind not listed here still gets a book and the brand's colour.
RESOURCE_KINDS = {
    "micro-course": ("sprout", "brand"),
    "course": ("graduation-cap", "sky"),
    "college course": ("school", "sky"),
    "workshop": ("presentation", "sky"),
    "live session": ("presentation", "sky"),
    "podcast": ("headphones", "plum"),
    "video": ("video", "plum"),
    "lesson study": ("microscope", "plum"),
    "classroom visit": ("map", "plum"),
    "coaching": ("message-circle", "plum"),
    "article": ("file-text", "brand"),
}


@register.simple_block_tag
def card(content: str, *, title: str | None = None, link: str | None = None, link_label: str = "See all") -> SafeString:
    """Return a sheet of paper with the content; with a title it is a named section, `link` sits beside the title."""
    if not title:
        return markup(f'<div class="ui-card">{text(content).strip()}</div>')
    title_id, name = element_id("card", title), text(title)
    onward = f'<a href="{text(link)}">{text(link_label)}<span class="sr-only">: {name}</span></a>' if link else ""
    return markup(
        f'<section class="ui-card" aria-labelledby="{title_id}"><div class="ui-card-head">',
        f'<h2 id="{title_id}">{name}</h2>{onward}</div>{text(content).strip()}</section>',
    )


@register.simple_block_tag
def row(
    content: str,
    *,
    title: str,
    href: str | None = None,
    meta: str | None = None,
    icon: str | None = None,
    tone: str = "brand",
    date: dt.date | None = None,
    initials: str | None = None,
) -> SafeString:
    """Return one `<li>` for `<ul class="ui-rows">`: a sign (icon, date or initials), title, one meta line, actions."""
    checked("row", "tone", tone, TONES)
    sign = ""
    if date:
        sign = signs.date_tile(date)
    elif initials:
        sign = signs.avatar(initials)
    elif icon:
        sign = markup(f'<span class="ui-tile ui-tone-{tone}">{rendering.icon(icon)}</span>')
    name = f'<a href="{text(href)}">{text(title)}</a>' if href else text(title)
    below = f'<p class="ui-row-meta">{text(meta)}</p>' if meta else ""
    inside = text(content).strip()
    actions = f'<div class="ui-row-action">{inside}</div>' if inside else ""
    return markup(
        f'<li class="ui-row">{sign}<div class="ui-row-body"><p class="ui-row-title">{name}</p>{below}</div>',
        f"{actions}</li>",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A resource as a card that is one big link: `facts` are its small lines, `acts` its small forms; `pick` is a box
    to tick for a form elsewhere on the page; `level` is the heading's.
    """

    kind: str
    title: str
    href: str
    minutes: int | None = None
    summary: str = ""
    because: str | None = None
    level: int = 3
    facts: Iterable[str] = ()
    acts: Iterable[signs.Act] = ()
    pick: signs.Pick | None = None


@register.simple_block_tag(takes_context=True)
def resource_card(context: Context, content: str, **said: Any) -> SafeString:
    """Return one `Card`, with the content as further actions."""
    one = Card(**said)
    return markup(_resource(one, csrf_field(context) if one.acts else "", text(content).strip()))


@register.simple_tag(takes_context=True)
def resource_cards(context: Context, cards: Iterable[Card]) -> SafeString:
    """Return many of them, one after another."""
    listed = list(cards)
    token = csrf_field(context) if any(one.acts for one in listed) else ""
    return markup(*(_resource(one, token) for one in listed))


def _resource(one: Card, token: str, content: str = "") -> str:
    sign, tone = RESOURCE_KINDS.get(one.kind.lower(), ("book-open", "brand"))
    heading = checked("resource_card", "level", f"h{one.level}", ("h2", "h3", "h4"))
    title, minutes = text(one.title), one.minutes
    time = f'<span class="ui-resource-time">{rendering.icon("clock", size=15)}{short_duration(minutes)}</span>'
    said = f'<p class="ui-resource-summary">{text(one.summary)}</p>' if one.summary else ""
    why = f'<p class="ui-because">{rendering.icon("target", size=17)}<span>{text(one.because)}</span></p>'
    lines = "<br>".join(text(line) for line in one.facts if line)
    inside = (f'<p class="small muted">{lines}</p>' if lines else "") + content
    inside += signs.pick_box(one.pick, one.title) if one.pick else ""
    inside += "".join(signs.act_form(act, one.title, token) for act in one.acts)
    actions = f'<div class="ui-resource-actions">{inside}</div>' if inside else ""
    foot = f'<div class="ui-resource-foot">{why if one.because else ""}{actions}</div>'
    return (
        '<article class="ui-resource"><div class="ui-resource-top">'
        f"{signs.chip(one.kind, tone=tone, icon=sign)}{'' if minutes is None else time}</div>"
        f'<div class="ui-resource-body"><{heading} class="ui-resource-title"><a href="{text(one.href)}">{title}</a>'
        f"</{heading}>{said}</div>{foot if one.because or inside else ''}</article>"
    )


@register.simple_tag
def hero_next_step(
    *,
    eyebrow: str,
    title: str,
    reason: str,
    href: str,
    action_label: str,
    minutes: int | None = None,
    progress: int | None = None,
) -> SafeString:
    """Return the educator's next step, the only amber on a page; `progress` is percent done of something begun."""
    if progress is not None and not 0 <= progress <= 100:
        raise ValueError(f"hero_next_step: progress must be between 0 and 100 percent; got {progress}")
    return rendered(
        "hero_next_step",
        eyebrow=eyebrow,
        title=title,
        reason=reason,
        href=href,
        action_label=action_label,
        minutes=minutes,
        progress=progress,
    )
