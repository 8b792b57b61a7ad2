"""Pictures of numbers as tags; the drawing is in `lantern.ui.charts`."""

from collections.abc import Sequence

from django.utils.safestring import SafeString

from lantern.ui import charts
from lantern.ui.rendering import register


@register.simple_tag
def needs_map(rows: Sequence[charts.NeedRow], *, title: str, top: int = 4, levels: Sequence[str] = ()) -> SafeString:
    """Return where somebody stands: level, its uncertainty and the wanted level for each competency, with its table."""
    return charts.needs_map(rows, title=title, top=top, levels=levels)


@register.simple_tag
def credit_ring(value: float, *, target: float, label: str, unit: str = "hours") -> SafeString:
    """Return how much of the credit is there, as a ring, with its table."""
    return charts.credit_ring(value, target=target, label=label, unit=unit)


@register.simple_tag
def week_bars(rows: Sequence[charts.WeekRow], *, title: str) -> SafeString:
    """Return the minutes planned and available in each week, with its table."""
    return charts.week_bars(rows, title=title)


@register.simple_tag
def band_rows(rows: Sequence[charts.BandRow], *, title: str) -> SafeString:
    """Return the shares of groups as ranges, or why a group is not shown, with their table."""
    return charts.band_rows(rows, title=title)


@register.simple_tag
def level_shares(rows: Sequence[tuple[str, float]], *, title: str) -> SafeString:
    """Return how probable each level is, with its table; rows of words and a share from 0 to 1."""
    return charts.level_shares(rows, title=title)


@register.simple_tag
def level_line(
    points: Sequence[charts.LevelPoint], *, title: str, top: int = 4, levels: Sequence[str] = ()
) -> SafeString:
    """Return a level over time, each day with its likely range, with its table."""
    return charts.level_line(points, title=title, top=top, levels=levels)


@register.simple_tag
def share_rows(rows: Sequence[charts.ShareRow], *, title: str, what: str = "Standard") -> SafeString:
    """Return shares side by side, each with the range it probably lies in, with their table."""
    return charts.share_rows(rows, title=title, what=what)


@register.simple_tag
def share_course(rows: Sequence[charts.ShareRow], *, title: str, what: str = "Day") -> SafeString:
    """Return one share over time with its range on each day, with its table."""
    return charts.share_course(rows, title=title, what=what)
