"""Pictures of numbers, drawn on the server as SVG: no script, no inline style, and a table beside each.

Widths are per cent, so letters keep their size on a narrow screen. Colours are CSS classes; with `literal=True` they
are written out and the width is fixed, for PDF and e-mail, where no style sheet reaches.
"""

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from lantern.ui.markup import markup, text
from lantern.ui.rendering import element_id, rendered

LITERAL = {
    "chart-ink": 'fill="#17211f"', "chart-ink-2": 'fill="#47534f"', "chart-line": 'stroke="#e3e0d6"',
    "chart-track": 'fill="#efede5" stroke="#e3e0d6"', "chart-brand": 'fill="#0b5c55"',
    "chart-brand-line": 'stroke="#0b5c55"', "chart-band": 'fill="#e0efec" stroke="#0b5c55"',
    "chart-wanted": 'fill="#ffffff" stroke="#6a3b8f"', "chart-gap": 'stroke="#6a3b8f"',
    "chart-over": 'fill="#a8294a"', "chart-dot": 'fill="#0b5c55" stroke="#ffffff"', "chart-display": "",
}  # fmt: skip
LITERAL_WIDTH = 640
LABEL_WIDTH = 34  # letters; a longer label takes two lines, so that it fits 260 px


@dataclass(frozen=True, slots=True)
class NeedRow:
    """Where somebody stands in one competency: the estimate, its likely range, and the level they want (if any)."""

    label: str
    level: float
    low: float
    high: float
    wanted: float | None = None

    def __post_init__(self) -> None:
        if not self.low <= self.level <= self.high:
            raise ValueError(f"{self.label}: level {self.level} is outside its range {self.low} to {self.high}")


@dataclass(frozen=True, slots=True)
class WeekRow:
    """Minutes planned and available in one week; the label is short ("24 Nov")."""

    label: str
    planned: int
    available: int


@dataclass(frozen=True, slots=True)
class BandRow:
    """A group's share as a range in per cent, or None and a reason; `depth` sets a group below another one in."""

    label: str
    low: int | None
    high: int | None
    share: str
    detail: str
    depth: int = 0


@dataclass(frozen=True, slots=True)
class LevelPoint:
    """Where somebody stood on a day (the label is short, "24 Nov"): the estimate and its likely range."""

    label: str
    level: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.level <= self.high:
            raise ValueError(f"{self.label}: level {self.level} is outside its range {self.low} to {self.high}")


def _draw(shape: str, paint: str, inside: str = "", /, **attributes: object) -> SafeString:
    """Return one SVG element with the colours named `paint`; an underscore in an attribute's name is a hyphen."""
    written = "".join(f' {name.replace("_", "-")}="{text(value)}"' for name, value in attributes.items())
    return markup(f'<{shape} class="{paint}"{written}>{text(inside)}</{shape}>')


def _words(text: object, paint: str, x: str | int, y: float, *, size: int = 13, **attributes: object) -> SafeString:
    return _draw("text", paint, str(text), x=x, y=f"{y:.0f}", font_size=size, **attributes)


def _svg(body: Sequence[str], *, title: str, says: str, width: str, height: float, literal: bool) -> SafeString:
    """Return the whole drawing with its title and description, in classes or in colours."""
    anchor = element_id("chart", title + says)
    wide = str(LITERAL_WIDTH) if literal and width == "100%" else width
    opening = format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{0}-t {0}-d" width="{1}" height="{2}" '
        'font-family="Figtree"><title id="{0}-t">{3}</title><desc id="{0}-d">{4}</desc>',
        anchor, wide, round(height), title, says,
    )  # fmt: skip
    markup = opening + "".join(body) + "</svg>"
    for name, attributes in LITERAL.items() if literal else ():
        markup = markup.replace(f'class="{name}"', attributes)
    return mark_safe(markup)  # noqa: S308 every part was escaped by format_html


def _percent(value: float, top: float) -> str:
    return f"{100 * min(max(value / top, 0), 1):.2f}%"


def _need_row(row: NeedRow, y: int, top: int) -> tuple[list[str], int]:
    """Return the drawing of one competency with its upper edge at `y`, and how high it is."""
    lines = textwrap.wrap(row.label, LABEL_WIDTH) or [""]
    middle = y + 18 * len(lines) + 16
    level, low = _percent(row.level, top), _percent(row.low, top)
    band = _percent(min(row.high, top) - max(row.low, 0), top)
    drawn: list[str] = [
        _words(line, "chart-ink", 0, y + 14 + 18 * number, size=15, font_weight=600)
        for number, line in enumerate(lines)
    ]
    drawn.append(_draw("rect", "chart-track", x=0, y=middle - 4, width="100%", height=8, rx=4))
    for step in range(1, top):
        x = _percent(step, top)
        drawn.append(_draw("line", "chart-line", x1=x, x2=x, y1=middle - 9, y2=middle + 9, stroke_width=2))
    drawn.append(_draw("rect", "chart-band", x=low, y=middle - 8, width=band, height=16, rx=8, stroke_width=1.25))
    if row.wanted is not None:
        x = _percent(row.wanted, top)
        if row.wanted > row.level:
            drawn.append(
                _draw("line", "chart-gap", x1=level, x2=x, y1=middle, y2=middle, stroke_width=2, stroke_dasharray="2 4")
            )
        diamond = _draw("path", "chart-wanted", d="M0-8 8 0 0 8-8 0Z", stroke_width=2.5)
        drawn.append(format_html('<svg x="{}" y="{}" overflow="visible">{}</svg>', x, middle, diamond))
    drawn.append(_draw("circle", "chart-dot", cx=level, cy=middle, r=7, stroke_width=2))
    return drawn, 18 * len(lines) + 42


def needs_map(
    rows: Sequence[NeedRow], *, title: str, top: int = 4, levels: Sequence[str] = (), literal: bool = False
) -> SafeString:
    """Return levels from 0 to `top`, each with its likely range and the wanted level, as a picture with its table.

    `levels` are the words of the levels from 0 on, for the axis; without them it shows figures. A second word goes
    below the first, so that five levels stand side by side on a phone.
    """
    body: list[str] = []
    y = 0
    for row in rows:
        drawn, height = _need_row(row, y, top)
        body += drawn
        y += height
    for step in range(top + 1):
        edge = "start" if step == 0 else "end" if step == top else "middle"
        name = f"{step} {levels[step]}" if step < len(levels) else str(step)
        for line, word in enumerate(name.split(" ")):
            body.append(_words(word, "chart-ink-2", _percent(step, top), y + 6 + 16 * line, text_anchor=edge))
    below = 16 * max((name.count(" ") + 1 for name in levels), default=0)
    says = "; ".join(f"{row.label}: {row.level:.1f}, likely {row.low:.1f} to {row.high:.1f}" for row in rows)
    cells = [
        (
            row.label,
            f"{row.level:.1f}",
            f"{row.low:.1f} to {row.high:.1f}",
            "none set" if row.wanted is None else f"{row.wanted:g}",
        )
        for row in rows
    ]
    drawing = _svg(
        body, title=title, says=says or "Nothing known yet", width="100%", height=y + 12 + below, literal=literal
    )
    head = ("Competency", "Level now", "Likely range", "Wanted")
    return rendered("chart", drawing=drawing, title=title, head=head, rows=cells, legend="needs")


def credit_ring(value: float, *, target: float, label: str, unit: str = "hours", literal: bool = False) -> SafeString:
    """Return how much of `target` is there as a ring of 152 px, with its table. Raises ValueError for a target of 0."""
    if target <= 0:
        raise ValueError(f"{label}: the target must be above 0; got {target!r}")
    ring = {"cx": 76, "cy": 76, "r": 64, "fill": "none", "stroke_width": 14}
    around = 2 * math.pi * 64
    done = around * min(max(value / target, 0), 1)
    body = [_draw("circle", "chart-line", **ring)]
    if done:
        arc = {
            "stroke_linecap": "round",
            "stroke_dasharray": f"{done:.1f} {around:.1f}",
            "transform": "rotate(-90 76 76)",
        }
        body.append(_draw("circle", "chart-brand-line", **ring, **arc))
    number = _words(f"{value:g}", "chart-ink", 76, 83, size=34, text_anchor="middle", font_weight=700)
    body.append(_draw("g", "chart-display", number))
    body.append(_words(f"of {target:g} {unit}", "chart-ink-2", 76, 104, text_anchor="middle"))
    drawing = _svg(body, title=label, says=f"{value:g} of {target:g} {unit}", width="152", height=152, literal=literal)
    cells = [(f"{value:g} {unit}", f"{target:g} {unit}", f"{max(target - value, 0):g} {unit}")]
    return rendered(
        "chart", drawing=drawing, title=label, head=("Counted", "Needed", "Still to go"), rows=cells, legend="ring"
    )


def _week_state(row: WeekRow) -> str:
    left = row.available - row.planned
    return f"{left} free" if left >= 0 else f"{-left} over"


def week_bars(rows: Sequence[WeekRow], *, title: str, literal: bool = False) -> SafeString:
    """Return the minutes planned in each week inside the minutes available, as a picture with its table."""
    top = max([1, *(max(row.planned, row.available) for row in rows)])
    slot, tall, floor = 100 / max(len(rows), 1), 132, 156
    body: list[str] = []
    for number, row in enumerate(rows):
        left, centre, width = f"{slot * (number + 0.18):.2f}%", f"{slot * (number + 0.5):.2f}%", f"{slot * 0.64:.2f}%"
        bars = [("chart-track", row.available), ("chart-brand", min(row.planned, row.available))]
        if row.planned > row.available:
            bars.insert(1, ("chart-over", row.planned))
        for paint, minutes in bars:
            height = tall * minutes / top
            body.append(
                _draw("rect", paint, x=left, y=f"{floor - height:.1f}", width=width, height=f"{height:.1f}", rx=4)
            )
        summit = floor - tall * max(row.planned, row.available) / top
        body.append(_words(row.planned, "chart-ink", centre, summit - 7, text_anchor="middle", font_weight=600))
        for line, word in enumerate(row.label.split(" ", 1)):
            body.append(_words(word, "chart-ink-2", centre, floor + 20 + 16 * line, text_anchor="middle"))
    says = "; ".join(f"{row.label}: {row.planned} of {row.available} minutes" for row in rows) or "No weeks yet"
    drawing = _svg(body, title=title, says=says, width="100%", height=floor + 46, literal=literal)
    cells = [(row.label, row.planned, row.available, _week_state(row)) for row in rows]
    head = ("Week", "Minutes planned", "Minutes available", "Left")
    return rendered("chart", drawing=drawing, title=title, head=head, rows=cells, legend="weeks")


REASON_WIDTH = 46  # letters of the smaller line below a label that fit 260 px


def _band_row(row: BandRow, y: int) -> tuple[list[str], int]:
    """Return the drawing of one group with its upper edge at `y`, and how high it is."""
    inset = 18 * row.depth
    drawn: list[str] = []
    labels = textwrap.wrap(row.label, LABEL_WIDTH - 2 * row.depth) or [""]
    told = textwrap.wrap(" · ".join(filter(None, [row.share, row.detail])), REASON_WIDTH - 3 * row.depth)
    for number, line in enumerate(labels):
        drawn.append(_words(line, "chart-ink", inset, y + 14 + 18 * number, size=15, font_weight=600))
    y += 18 * len(labels)
    for number, line in enumerate(told):
        drawn.append(_words(line, "chart-ink-2", inset, y + 14 + 17 * number))
    y += 17 * len(told) + 6
    if row.low is None or row.high is None:
        middle = y + 7
        dashes = {"stroke_width": 3, "stroke_dasharray": "6 6"}
        drawn.append(_draw("line", "chart-line", x1=inset, x2="100%", y1=middle, y2=middle, **dashes))
    else:
        low, wide = f"{row.low}%", f"{row.high - row.low}%"
        drawn.append(_draw("rect", "chart-track", x=0, y=y + 3, width="100%", height=8, rx=4))
        drawn.append(_draw("rect", "chart-brand", x=low, y=y, width=wide, height=14, rx=4))
    return drawn, 18 * len(labels) + 17 * len(told) + 40


def band_rows(rows: Sequence[BandRow], *, title: str, literal: bool = False) -> SafeString:
    """Return the shares of groups, each as the range it lies in from 0 to 100 per cent, as a picture with its table."""
    body: list[str] = []
    y = 0
    for row in rows:
        drawn, height = _band_row(row, y)
        body += drawn
        y += height
    for step in (0, 25, 50, 75, 100):
        edge = "start" if step == 0 else "end" if step == 100 else "middle"
        body.append(_words(f"{step} %", "chart-ink-2", f"{step}%", y + 4, text_anchor=edge))
    says = "; ".join(f"{row.label}: {row.share or row.detail}" for row in rows) or "Nothing to show"
    drawing = _svg(body, title=title, says=says, width="100%", height=y + 12, literal=literal)
    cells = [(row.label, row.share or "not shown", row.detail) for row in rows]
    head = ("Group", "Share", "Size, or why it is not shown")
    return rendered("chart", drawing=drawing, title=title, head=head, rows=cells, legend="bands")


def level_shares(rows: Sequence[tuple[str, float]], *, title: str, literal: bool = False) -> SafeString:
    """Return how probable each level is (words, share from 0 to 1) as bars with their table; in tenths, as more would
    promise more than is known.
    """
    body: list[str] = []
    told = [(words, _in_tenths(share)) for words, share in rows]
    for number, ((words, share), (_, said)) in enumerate(zip(rows, told, strict=True)):
        y = 48 * number
        body.append(_words(words, "chart-ink", 0, y + 14, size=15, font_weight=600))
        body.append(_words(said, "chart-ink-2", "100%", y + 14, text_anchor="end"))
        body.append(_draw("rect", "chart-track", x=0, y=y + 24, width="100%", height=8, rx=4))
        body.append(_draw("rect", "chart-brand", x=0, y=y + 21, width=_percent(share, 1), height=14, rx=4))
    says = "; ".join(f"{words}: {said}" for words, said in told) or "Nothing known yet"
    drawing = _svg(body, title=title, says=says, width="100%", height=48 * len(rows), literal=literal)
    return rendered("chart", drawing=drawing, title=title, head=("Level", "How probable"), rows=told, legend="none")


def _in_tenths(share: float) -> str:
    tenths = round(share * 10)
    return "hardly" if tenths == 0 else "almost sure" if tenths == 10 else f"about {tenths} in 10"


_BESIDE = 19  # per cent of a level over time that its levels' names take: 55 px at 288


def level_line(
    points: Sequence[LevelPoint], *, title: str, top: int = 4, levels: Sequence[str] = (), literal: bool = False
) -> SafeString:
    """Return a level over time, each day with its likely range, as a picture with its table; oldest first.

    `levels` are the words of the levels from 0 on, which stand above their lines, a second word below, left of the
    first day.
    """
    tall, body = 176, []
    slot = (100 - _BESIDE) / max(len(points), 1)
    for step in range(top + 1):
        y = _height(step, top, tall)
        body.append(_draw("line", "chart-line", x1=0, x2="100%", y1=y, y2=y, stroke_width=1))
        name = levels[step] if step < len(levels) else str(step)
        for line, word in enumerate(name.split(" ", 1)):
            body.append(_words(word, "chart-ink-2", 0, float(y) - 4 + 18 * line, size=12))
    places = [f"{_BESIDE + slot * (number + 0.5):.2f}%" for number in range(len(points))]
    lines = max((one.label.count(" ") + 1 for one in points), default=2)
    for x, point in zip(places, points, strict=True):
        high, low = _height(point.high, top, tall), _height(point.low, top, tall)
        shape = {"x": x, "y": high, "width": 14, "height": f"{float(low) - float(high):.1f}", "rx": 7}
        body.append(_draw("rect", "chart-band", **shape, transform="translate(-7 0)", stroke_width=1.25))
    for number in range(1, len(points)):
        ends = {"y1": _height(points[number - 1].level, top, tall), "y2": _height(points[number].level, top, tall)}
        body.append(_draw("line", "chart-brand-line", x1=places[number - 1], x2=places[number], **ends, stroke_width=2))
    for x, point in zip(places, points, strict=True):
        body.append(_draw("circle", "chart-dot", cx=x, cy=_height(point.level, top, tall), r=6, stroke_width=2))
        for line, word in enumerate(point.label.split(" ")):
            body.append(_words(word, "chart-ink-2", x, tall + 42 + 15 * line, size=12, text_anchor="middle"))
    says = "; ".join(f"{one.label}: {one.level:.1f}, likely {one.low:.1f} to {one.high:.1f}" for one in points)
    high_enough = tall + 32 + 15 * lines
    drawing = _svg(
        body, title=title, says=says or "Nothing known yet", width="100%", height=high_enough, literal=literal
    )
    cells = [(one.label, f"{one.level:.1f}", f"{one.low:.1f} to {one.high:.1f}") for one in points]
    head = ("Day", "Level", "Likely range")
    return rendered("chart", drawing=drawing, title=title, head=head, rows=cells, legend="none")


def _height(level: float, top: int, tall: int) -> str:
    return f"{20 + tall * (1 - min(max(level / top, 0), 1)):.1f}"


_TALL, _FLOOR, _MOST_LABELS = 140, 164, 5  # of a share over time: the drawing, its foot, and days that fit below


@dataclass(frozen=True, slots=True)
class ShareRow:
    """A share in per cent with its range, and `detail` that says of how many; None where there are too few to tell."""

    label: str
    detail: str
    share: float | None
    low: float = 0.0
    high: float = 100.0

    def __post_init__(self) -> None:
        if self.share is not None and not 0 <= self.low <= self.share <= self.high <= 100:
            raise ValueError(f"{self.label}: {self.share} is outside its range {self.low} to {self.high}")

    @property
    def share_words(self) -> str:
        """Return the share as it is said."""
        return "too few to tell" if self.share is None else f"{self.share:.0f} %"

    @property
    def range_words(self) -> str:
        """Return the range as it is said."""
        return "" if self.share is None else f"{self.low:.0f} to {self.high:.0f} %"


def _share_row(row: ShareRow, y: int) -> tuple[list[str], int]:
    """Return the drawing of one share with its upper edge at `y`, and how high it is."""
    drawn: list[str] = []
    labels = textwrap.wrap(row.label, LABEL_WIDTH) or [""]
    told = textwrap.wrap(" · ".join(filter(None, [row.share_words, row.detail])), REASON_WIDTH)
    for number, line in enumerate(labels):
        drawn.append(_words(line, "chart-ink", 0, y + 14 + 18 * number, size=15, font_weight=600))
    for number, line in enumerate(told):
        drawn.append(_words(line, "chart-ink-2", 0, y + 18 * len(labels) + 14 + 17 * number))
    middle = y + 18 * len(labels) + 17 * len(told) + 16
    if row.share is None:
        dashes = {"stroke_width": 3, "stroke_dasharray": "6 6"}
        drawn.append(_draw("line", "chart-line", x1=0, x2="100%", y1=middle, y2=middle, **dashes))
    else:
        low, wide = f"{row.low:.2f}%", f"{row.high - row.low:.2f}%"
        drawn.append(_draw("rect", "chart-track", x=0, y=middle - 4, width="100%", height=8, rx=4))
        drawn.append(_draw("rect", "chart-band", x=low, y=middle - 8, width=wide, height=16, rx=8, stroke_width=1.25))
        drawn.append(_draw("circle", "chart-dot", cx=f"{row.share:.2f}%", cy=middle, r=7, stroke_width=2))
    return drawn, middle - y + 26


def share_rows(rows: Sequence[ShareRow], *, title: str, what: str = "Standard", literal: bool = False) -> SafeString:
    """Return shares side by side, each with its range, as a picture with its table; `what` heads the first column."""
    body: list[str] = []
    y = 0
    for row in rows:
        drawn, height = _share_row(row, y)
        body += drawn
        y += height
    for step in (0, 25, 50, 75, 100):
        edge = "start" if step == 0 else "end" if step == 100 else "middle"
        body.append(_words(f"{step} %", "chart-ink-2", f"{step}%", y + 4, text_anchor=edge))
    says = "; ".join(f"{row.label}: {row.share_words}" for row in rows) or "Nothing to show"
    drawing = _svg(body, title=title, says=says, width="100%", height=y + 12, literal=literal)
    return _share_chart(drawing, rows, title, what)


def share_course(rows: Sequence[ShareRow], *, title: str, what: str = "Day", literal: bool = False) -> SafeString:
    """Return one share over time, oldest first, each label a day, as a picture with its table."""
    body: list[str] = []
    for step in (0, 50, 100):
        y = _share_height(step)
        body.append(_draw("line", "chart-line", x1=0, x2="100%", y1=f"{y:.1f}", y2=f"{y:.1f}", stroke_width=1))
        body.append(_words(f"{step} %", "chart-ink-2", 0, y - 4))
    slot = 86 / max(len(rows), 1)
    places = [14 + slot * (number + 0.5) for number in range(len(rows))]
    told = [(place, row) for place, row in zip(places, rows, strict=True) if row.share is not None]
    for (left, one), (right, other) in pairwise(told):
        ends = {"y1": f"{_share_height(one.share or 0):.1f}", "y2": f"{_share_height(other.share or 0):.1f}"}
        body.append(_draw("line", "chart-brand-line", x1=f"{left:.2f}%", x2=f"{right:.2f}%", stroke_width=2, **ends))
    for place, row in told:
        top, foot = _share_height(row.high), _share_height(row.low)
        band = {"y": f"{top:.1f}", "height": f"{foot - top:.1f}", "rx": 7, "stroke_width": 1.25}
        body.append(_draw("rect", "chart-band", x=f"{place:.2f}%", width=14, transform="translate(-7 0)", **band))
        dot = {"cx": f"{place:.2f}%", "cy": f"{_share_height(row.share or 0):.1f}", "r": 6, "stroke_width": 2}
        body.append(_draw("circle", "chart-dot", **dot))
    every = -(-len(rows) // _MOST_LABELS)
    for number, (place, row) in enumerate(zip(places, rows, strict=True)):
        if (len(rows) - 1 - number) % max(every, 1) == 0:
            for line, word in enumerate(row.label.rsplit(" ", 1)):
                body.append(_words(word, "chart-ink-2", f"{place:.2f}%", _FLOOR + 20 + 16 * line, text_anchor="middle"))
    says = "; ".join(f"{row.label}: {row.share_words}" for row in rows) or "Nothing to show"
    drawing = _svg(body, title=title, says=says, width="100%", height=_FLOOR + 46, literal=literal)
    return _share_chart(drawing, rows, title, what)


def _share_height(share: float) -> float:
    return _FLOOR - _TALL * share / 100


def _share_chart(drawing: SafeString, rows: Sequence[ShareRow], title: str, what: str) -> SafeString:
    cells = [(row.label, row.detail, row.share_words, row.range_words) for row in rows]
    head = (what, "Right answers", "Share", "Likely range")
    return rendered("chart", drawing=drawing, title=title, head=head, rows=cells, legend="shares")
