"""The gallery: every component in every state, as page authors write it.

The page is `ui/gallery.html`; the text of a sample is `ui/samples/<name>.html`.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.template.loader import get_template
from django.utils.safestring import SafeString

from lantern.ui.charts import BandRow, LevelPoint, NeedRow, ShareRow, WeekRow
from lantern.ui.tags.cards import Card
from lantern.ui.tags.planning import PlanItem
from lantern.ui.tags.signs import Act


@dataclass(frozen=True, slots=True)
class Sample:
    """One state of a component: its template in `ui/samples/`, and what that template is given."""

    name: str
    context: Mapping[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What the sample shows, in words."""
        return self.name.replace("-", " ").capitalize()

    def _template(self) -> Any:
        return get_template(f"ui/samples/{self.name}.html")

    def source(self) -> str:
        """Return the text a page author writes."""
        return str(self._template().template.source).removeprefix("{% load ui %}").strip()

    def html(self) -> SafeString:
        """Return the component as a page shows it."""
        return SafeString(self._template().render(dict(self.context)))


@dataclass(frozen=True, slots=True)
class Section:
    """Samples that belong together."""

    title: str
    samples: tuple[Sample, ...]


class _ExampleForm(forms.Form):
    title = forms.CharField(label="What do you want to get better at?", help_text="One sentence in your own words.")
    weeks = forms.IntegerField(label="Weeks", required=False, min_value=1)
    pace = forms.ChoiceField(label="Pace", choices=[("calm", "Calm"), ("steady", "Steady")])
    why = forms.CharField(label="Why now", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    start = forms.DateField(label="First day", widget=forms.DateInput(attrs={"type": "date"}), required=False)
    draws = forms.MultipleChoiceField(
        label="What draws you",
        widget=forms.CheckboxSelectMultiple,
        choices=[("listen", "Listening on the way"), ("watch", "Watching a colleague teach")],
    )
    who = forms.ChoiceField(
        label="Who may see this goal",
        widget=forms.RadioSelect,
        choices=[("me", "Only me"), ("coach", "My coach and me")],
        required=False,
    )
    remind = forms.BooleanField(label="Remind me once a week", required=False)


_WEEKS = [("1", "24 Nov"), ("2", "1 Dec")]
_TALK_MOVES = PlanItem(
    "Talk moves", "#", 20, "Podcast", because="It prepares the number talk on Thursday.", move_url="#", week="1"
)
_PLANNED = [PlanItem("Exit tickets", "#", 25, "Video", done=True), _TALK_MOVES]
_LATER = [_TALK_MOVES._replace(week="2", acts=(Act("#", "Take it out"),))]
_NEEDS = [
    NeedRow("Checking for understanding during a lesson", 1.6, 1.1, 2.2, 3),
    NeedRow("Feedback that students use", 2.4, 2.1, 2.8, 3),
    NeedRow("Family partnership", 3.1, 2.3, 3.7),
]
_LOAD = [WeekRow("24 Nov", 45, 60), WeekRow("1 Dec", 60, 60), WeekRow("8 Dec", 75, 60), WeekRow("15 Dec", 0, 30)]
_SHARES = [
    BandRow("The district", 35, 40, "35 to 40 %", "41 to 100 people"),
    BandRow("Alder School", 20, 40, "20 to 40 %", "10 to 20 people", 1),
    BandRow("Birch School", None, None, "", "Too few people.", 1),
]
_PROBABLE = [("Not yet", 0.0), ("Starting", 0.08), ("Building", 0.57), ("Applying", 0.33), ("Leading others", 0.02)]
_POINTS = [LevelPoint("3 Sep", 1.4, 0.6, 2.2), LevelPoint("14 Oct", 1.9, 1.3, 2.5), LevelPoint("24 Nov", 2.4, 1.9, 2.9)]
_RESULTS = [
    ShareRow("6.NS.B.4 Greatest common factors", "37 of 82", 45.1, 34.8, 55.9),
    ShareRow("6.RP.A.3c Percent of a quantity", "271 of 410", 66.1, 61.4, 70.5),
    ShareRow("5.MD.A.1", "4 of 7", None),
]
_OVER_TIME = [
    ShareRow("8 October 2026", "12 of 24", 50, 31.4, 68.6),
    ShareRow("19 November 2026", "20 of 24", 83.3, 64.1, 93.3),
]
_FOUND = [
    Card(kind="Video", title="Number talks in grade 3", href="#", minutes=12, acts=(Act("#", "Keep for later"),)),
    Card(kind="Article", title="Wait time", href="#", minutes=6, facts=("New to it", "Counts as 0.10 hours")),
]
_FACETS = [
    {"label": "Podcast", "value": "podcast", "count": 12, "checked": True},
    {"label": "Workshop", "value": "workshop", "count": 4},
]


def _forms() -> Section:
    return Section(
        "Forms",
        (
            Sample("fields", {"form": _ExampleForm(auto_id="new_%s")}),
            Sample("errors", {"form": _ExampleForm({"title": "", "pace": "calm", "weeks": "0"})}),
            Sample("filters", {"kinds": _FACETS}),
        ),
    )


def _ways() -> Section:
    tabs = [{"label": "Plan", "url": "#", "current": True}, {"label": "Goals", "url": "#", "count": 3}]
    crumbs = [{"label": "Learn", "url": "#"}, {"label": "Podcasts", "url": "#"}, {"label": "Talk moves in ten minutes"}]
    return Section(
        "Ways",
        (
            Sample("section-header"),
            Sample("tabs", {"tabs": tabs}),
            Sample("crumbs", {"crumbs": crumbs}),
            Sample("pages", {"page": Paginator(range(240), 12).page(6)}),
        ),
    )


def gallery_sections() -> tuple[Section, ...]:
    """Return every component in every state, in the order of the page."""
    day, found = {"day": dt.date(2026, 11, 24)}, Sample("found", {"cards": _FOUND})
    return (
        Section("Next step", (Sample("something-begun"),)),
        Section("Cards and rows", (Sample("card-with-rows", day), Sample("resources"), found)),
        Section("Buttons", (Sample("kinds"), Sample("as-a-link-with-more-to-hear"), Sample("not-available-now"))),
        Section(
            "Small signs",
            (Sample("icon"), Sample("chip"), Sample("who-sees-it"), Sample("avatar-and-date", day), Sample("stat")),
        ),
        Section("Bars", (Sample("progress"), Sample("level-with-a-goal"), Sample("level-reached-and-none"))),
        _ways(),
        Section("Alerts and empty lists", (Sample("alerts"), Sample("empty"))),
        Section("Tables, dialogs, long work", (Sample("table"), Sample("dialog"), Sample("progress-of-a-job"))),
        _forms(),
        Section("The plan", (Sample("weeks", {"weeks": _WEEKS, "items": _PLANNED, "later": _LATER}),)),
        Section(
            "Pictures of numbers",
            (
                Sample("needs-map", {"rows": _NEEDS}),
                Sample("credit-ring"),
                Sample("minutes-a-week", {"rows": _LOAD}),
                Sample("shares-of-groups", {"rows": _SHARES}),
                Sample("how-probable", {"rows": _PROBABLE}),
                Sample("over-time", {"points": _POINTS, "levels": [words for words, _ in _PROBABLE]}),
                Sample("results-of-a-class", {"rows": _RESULTS}),
                Sample("results-over-time", {"rows": _OVER_TIME}),
            ),
        ),
    )
