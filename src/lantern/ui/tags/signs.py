"""Small signs: buttons, chips, badges, tiles, numbers and bars."""

import datetime as dt
from typing import NamedTuple

from django.utils.safestring import SafeString

from lantern.ui import rendering
from lantern.ui.markup import attribute, markup, text
from lantern.ui.rendering import TONES, checked, element_id, register, rendered

BUTTON_KINDS = ("primary", "quiet", "plain", "next", "danger")
BUTTON_TYPES = ("submit", "button", "reset")
TRAILING = ("arrow-right", "chevron-right", "external-link")  # icons that point onwards stand after the label
PRIVACY = {
    "private": ("lock", "Only you"),
    "shared": ("users-round", "Shared"),
    "official": ("file-badge", "Official record"),
    "public": ("globe", "Public"),
}


class Act(NamedTuple):
    """A form of one button among many: where it posts, the words on it, the pairs it sends, its icon."""

    url: str
    label: str
    sent: tuple[tuple[str, str], ...] = ()
    icon: str = ""


class Pick(NamedTuple):
    """A box to tick on one thing among many, for a form elsewhere on the page: the form's id, name, value, words."""

    form: str
    name: str
    value: str
    label: str


def pick_box(pick: Pick, about: str) -> str:
    """Return the box, with what it is about for those who hear it."""
    return (
        f'<label class="ui-choice"><input type="checkbox" name="{text(pick.name)}" value="{text(pick.value)}" '
        f'form="{text(pick.form)}"><span>{text(pick.label)}<span class="sr-only"> {text(about)}</span></span></label>'
    )


def act_form(act: Act, about: str, token: str) -> str:
    """Return an act on the thing that `about` names as its form, with the page's `csrf_field` for token."""
    sent = "".join(f'<input type="hidden" name="{text(field)}" value="{text(value)}">' for field, value in act.sent)
    does = button(act.label, kind="plain", icon=act.icon or None, about=about)
    return f'<form method="post" action="{text(act.url)}">{token}{sent}{does}</form>'


@register.simple_tag
def button(
    label: str,
    *,
    kind: str = "primary",
    href: str | None = None,
    type: str = "submit",
    icon: str | None = None,
    name: str | None = None,
    value: str | None = None,
    form: str | None = None,
    opens: str | None = None,
    about: str | None = None,
    disabled: bool = False,
) -> SafeString:
    """Return a link that looks like a button (with `href`) or a button; `opens` names the dialog it opens.

    `about` is read aloud after the label, to tell apart buttons of one label. Kind "next" is amber: one a page.
    """
    checked("button", "kind", kind, BUTTON_KINDS)
    checked("button", "type", type, BUTTON_TYPES)
    sign = rendering.icon(icon, size=18) if icon else ""
    before, after = ("", sign) if icon in TRAILING else (sign, "")
    heard = f'<span class="sr-only"> {text(about)}</span>' if about else ""
    inside = f"{before}<span>{text(label)}{heard}</span>{after}"
    if href:
        return markup(f'<a class="ui-btn ui-btn--{kind}" href="{text(href)}">{inside}</a>')
    said = "" if value is None else f' value="{text(value)}"'
    dialog = f'{attribute("commandfor", opens)} command="show-modal"' if opens else ""
    return markup(
        f'<button class="ui-btn ui-btn--{kind}" type="{"button" if opens else type}"{attribute("name", name)}{said}',
        f"{attribute('form', form)}{dialog}{' disabled' if disabled else ''}>{inside}</button>",
    )


@register.simple_tag
def chip(label: str, *, tone: str = "neutral", icon: str | None = None) -> SafeString:
    """Return a short word on a tinted pill: a kind, a state, a due date."""
    checked("chip", "tone", tone, TONES)
    sign = rendering.icon(icon, size=14) if icon else ""
    return markup(f'<span class="ui-chip ui-tone-{tone}">{sign}{text(label)}</span>')


@register.simple_tag
def badge_private(level: str, *, detail: str | None = None) -> SafeString:
    """Return who may see the thing beside it, as icon and words; `detail` says it closer ("Shared with Ana Ruiz")."""
    sign, words = PRIVACY[checked("badge_private", "level", level, PRIVACY)]
    drawing = rendering.icon(sign, size=15)
    return markup(
        f'<span class="ui-privacy">{drawing}<span><span class="sr-only">Who sees this: </span>',
        f"{text(detail or words)}</span></span>",
    )


@register.simple_tag
def avatar(initials: str, *, name: str | None = None) -> SafeString:
    """Return a round sign with at most two initials; hidden from screen readers unless `name` is given."""
    named = f' role="img"{attribute("aria-label", name)}' if name else ' aria-hidden="true"'
    return markup(f'<span class="ui-avatar"{named}>{text(initials[:2].upper())}</span>')


@register.simple_tag
def date_tile(date: dt.date) -> SafeString:
    """Return a day as a small calendar leaf; the whole date is read aloud."""
    return rendered("date_tile", date=date)


@register.simple_tag
def stat(number: object, label: str, *, meaning: str | None = None) -> SafeString:
    """Return one big number, what it counts, and what it means."""
    return rendered("stat", number=number, label=label, meaning=meaning)


@register.simple_tag
def progress_bar(value: float, *, max: float, label: str, text: str | None = None) -> SafeString:
    """Return a bar of `value` out of `max`, with its label and words ("15 of 30", unless `text` says it better)."""
    if max <= 0:
        raise ValueError(f"progress_bar: max must be above 0; got {max!r}")
    words = text or f"{value:g} of {max:g}"
    return rendered(
        "progress_bar", id=element_id("bar", f"{label}-{words}"), value=value, max=max, label=label, words=words
    )


@register.simple_tag
def meter_steps(level: int, *, of: int, label: str, goal: int | None = None) -> SafeString:
    """Return a level in steps: filled as far as reached, outlined as far as the goal."""
    if not 0 <= level <= of:
        raise ValueError(f"meter_steps: level must be between 0 and {of}; got {level}")
    wanted = max(goal or 0, level)
    steps = ["is-reached" if n < level else "is-wanted" if n < wanted else "" for n in range(of)]
    words = f"{level} of {of}" + (f", goal {goal}" if goal and goal > level else "")
    return rendered("meter_steps", level=level, of=of, label=label, steps=steps, words=words)
