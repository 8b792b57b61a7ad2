"""How long something takes, in the words people use: minutes up to two hours, hours from there on."""

from lantern.ui.rendering import register

HOUR = 60
IN_HOURS_FROM = 2 * HOUR


def _counted(number: int, one: str) -> str:
    return f"{number:,} {one}" if number == 1 else f"{number:,} {one}s"


@register.filter
def duration(minutes: int | str | None) -> str:
    """Return minutes in words: "45 minutes", "40 hours", "2 hours 30 minutes"; nothing for None."""
    if not isinstance(minutes, int):  # what a template knows nothing of is an empty string
        return ""
    if minutes < IN_HOURS_FROM:
        return _counted(minutes, "minute")
    hours, rest = divmod(minutes, HOUR)
    return f"{_counted(hours, 'hour')} {_counted(rest, 'minute')}" if rest else _counted(hours, "hour")


@register.filter
def short_duration(minutes: int | str | None) -> str:
    """Return minutes for a narrow place: "45 min", "40 hours", "2 h 30 min"; nothing for None."""
    if not isinstance(minutes, int):
        return ""
    if minutes < IN_HOURS_FROM:
        return f"{minutes} min"
    hours, rest = divmod(minutes, HOUR)
    return f"{hours:,} h {rest} min" if rest else f"{hours:,} hours"


@register.filter
def time_until(days: int) -> str:
    """Return how far away a day is, the rounder the farther: "12 days", "5 weeks", "9 months", "almost 3 years"."""
    if days < 28:
        return _counted(days, "day")
    if days < 84:
        return _counted(round(days / 7), "week")
    if days < 700:
        return _counted(round(days / 30.44), "month")
    years = days / 365.25
    near = round(years)
    return f"{'almost' if near > years else 'about'} {_counted(near, 'year')}"
