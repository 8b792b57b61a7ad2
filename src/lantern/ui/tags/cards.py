"""Containers: cards, rows of a list, and the one next step."""

import datetime as dt

from django.utils.safestring import SafeString

from lantern.ui.rendering import TONES, checked, element_id, register, rendered

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
    title_id = element_id("card", title) if title else None
    return rendered("card", content=content, title=title, title_id=title_id, link=link, link_label=link_label)


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
    return rendered(
        "row", content=content, title=title, href=href, meta=meta, icon=icon, tone=tone, date=date, initials=initials
    )


@register.simple_block_tag
def resource_card(
    content: str,
    *,
    kind: str,
    title: str,
    href: str,
    minutes: int | None = None,
    summary: str = "",
    because: str | None = None,
    level: int = 3,
) -> SafeString:
    """Return a resource as a card that is one big link, with its actions as content; `level` is the heading's."""
    sign, tone = RESOURCE_KINDS.get(kind.lower(), ("book-open", "brand"))
    return rendered(
        "resource_card",
        content=content,
        kind=kind,
        sign=sign,
        tone=tone,
        title=title,
        href=href,
        minutes=minutes,
        summary=summary,
        because=because,
        heading=checked("resource_card", "level", f"h{level}", ("h2", "h3", "h4")),
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
