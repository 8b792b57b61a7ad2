"""What the page tells: alerts, empty lists, tables, dialogs, and work that is still going on."""

from django.contrib.messages import ERROR, SUCCESS, WARNING
from django.contrib.messages.storage.base import Message
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from lantern.ui.rendering import TONES, checked, element_id, register, rendered

# "care" is plum, not amber: amber marks only the next step.
ALERTS = {
    "note": ("info", "sky", "Note"),
    "good": ("circle-check", "brand", "Done"),
    "care": ("triangle-alert", "plum", "Please check"),
    "stop": ("circle-alert", "rose", "Not possible"),
}


@register.simple_block_tag
def alert(content: str, *, tone: str = "note", title: str | None = None) -> SafeString:
    """Return a boxed message: the reason in the content, and the way on; its tone is also read aloud."""
    sign, colour, spoken = ALERTS[checked("alert", "tone", tone, ALERTS)]
    return rendered("alert", content=content, title=title, sign=sign, colour=colour, spoken=spoken)


@register.simple_block_tag
def empty_state(content: str, *, title: str, text: str, icon: str = "sprout", tone: str = "brand") -> SafeString:
    """Return what a list shows before it has anything: what will be here, and the content as the way to begin."""
    checked("empty_state", "tone", tone, TONES)
    return rendered("empty_state", content=content, title=title, text=text, icon=icon, tone=tone)


@register.simple_block_tag
def data_table(content: str, *, caption: str, hide_caption: bool = False) -> SafeString:
    """Return a table from `<thead>` and `<tbody>`; on a narrow screen it scrolls in its own frame, also by keyboard."""
    return rendered(
        "data_table", content=content, caption=caption, hide_caption=hide_caption, id=element_id("table", caption)
    )


@register.simple_block_tag
def dialog(
    content: str, *, id: str, title: str, opener: str, fallback: str, kind: str = "quiet", icon: str | None = None
) -> SafeString:
    """Return a button `opener` and the dialog it opens; without scripts the link `fallback` leads on."""
    return rendered(
        "dialog", content=content, id=id, title=title, opener=opener, fallback=fallback, kind=kind, icon=icon
    )


@register.simple_tag
def job_progress(text: str, *, percent: int | None, url: str, done: bool = False) -> SafeString:
    """Return how far a long job is; asks `url` for itself every two seconds until `done`. No percent means: not known.

    The answer of `url` is this component again. Without scripts a link loads the page again.
    """
    if percent is not None and not 0 <= percent <= 100:
        raise ValueError(f"job_progress: percent must be between 0 and 100, or None; got {percent}")
    return rendered("job_progress", id=element_id("job", url), text=text, percent=percent, url=url, done=done)


@register.simple_tag
def message_alert(message: Message) -> SafeString:
    """Return one of Django's messages as an alert in the tone of its level."""
    tone = "stop" if message.level >= ERROR else "care" if message.level >= WARNING else "note"
    return alert(conditional_escape(message.message), tone="good" if message.level == SUCCESS else tone)
