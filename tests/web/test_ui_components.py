"""The components keep their promises: they escape, refuse, say things in words, and stay calm in colour and weight."""

import gzip
import re
from pathlib import Path
from typing import Any

import lucide
import pytest
from django import forms
from django.contrib.messages import ERROR, SUCCESS, WARNING
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.template import TemplateSyntaxError, engines
from django.template.loader import render_to_string
from django.test import RequestFactory

from lantern.ui import charts
from lantern.ui.gallery import gallery_sections
from lantern.ui.rendering import register
from lantern.ui.tags.planning import PlanItem, week_state
from lantern.ui.tags.signs import Act, Pick

ROOT = Path(__file__).resolve().parents[2]
UI = ROOT / "src/lantern/ui"
CSS = UI / "static/ui/css"
STYLES = "\n".join((CSS / name).read_text() for name in ("lantern.css", "components.css"))
SAMPLES = [sample for section in gallery_sections() for sample in section.samples]
EVIL = '"><script>alert(1)</script>'
ACT = Act(EVIL, EVIL, ((EVIL, EVIL),))


def shown(source: str, **context: object) -> str:
    """Return what a page with this text shows."""
    return engines["django"].from_string("{% load ui %}" + source).render(context)


# Refusals


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ('{% button "Go" colour="red" %}', "unexpected keyword argument 'colour'"),
        ('{% hero_next_step title="A" %}', "did not receive value"),
        ("{% chip %}", "did not receive value"),
        ('{% card heading="A" %}{% endcard %}', "unexpected keyword argument 'heading'"),
    ],
)
def test_unknown_or_missing_attributes_are_refused_when_the_page_is_compiled(source: str, reason: str) -> None:
    with pytest.raises(TemplateSyntaxError, match=reason):
        shown(source)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ('{% button "Go" kind="amber" %}', "button: kind must be one of primary.*got 'amber'"),
        ('{% chip "New" tone="sun" %}', "chip: tone must be one of neutral"),
        ('{% badge_private "secret" %}', "badge_private: level must be one of private, shared, official, public"),
        ('{% meter_steps 5 of=4 label="A" %}', "level must be between 0 and 4; got 5"),
        ('{% progress_bar 1 max=0 label="A" %}', "max must be above 0"),
        ('{% job_progress "A" percent=101 url="/x/" %}', "percent must be between 0 and 100"),
        ("{% field form %}", "needs a bound form field"),
        ('{% tabs_nav items label="A" %}', r"tabs_nav: item 1 misses \['url'\], has unknown \['link'\]"),
    ],
)
def test_values_outside_the_list_are_refused_with_the_reason(source: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        shown(source, items=[{"label": "A", "link": "/"}], form=None)


def test_unknown_icon_is_refused() -> None:
    with pytest.raises(lucide.IconDoesNotExist):
        shown('{% icon "no-such-icon" %}')


# Escaping


@pytest.mark.parametrize(
    "source",
    [
        "{% button evil about=evil href=evil %}",
        "{% icon 'flag' label=evil %}",
        "{% card title=evil link=evil %}{{ evil }}{% endcard %}",
        "{% row title=evil meta=evil href=evil %}{{ evil }}{% endrow %}",
        "{% resource_card kind=evil title=evil href=evil summary=evil because=evil facts=lines acts=acts pick=pick %}"
        "{% endresource_card %}",
        "{% hero_next_step eyebrow=evil title=evil reason=evil href=evil action_label=evil %}",
        "{% alert title=evil %}{{ evil }}{% endalert %}",
        "{% timeline_week label=evil planned=1 available=2 zone=evil %}{% endtimeline_week %}",
        "{% plan_items items weeks=choices field=evil %}",
        "{% dialog id='d' title=evil opener=evil fallback=evil %}{{ evil }}{% enddialog %}",
        "{% data_table caption=evil %}{% enddata_table %}",
        "{% credit_ring 1 target=2 label=evil unit=evil %}",
        "{% needs_map needs title=evil %}",
        "{% week_bars weeks title=evil %}",
        "{% message_alert message %}",
        "{% pagination page querystring=evil noun=evil %}",
    ],
)
def test_text_from_people_never_becomes_markup(source: str) -> None:
    html = shown(
        source,
        evil=EVIL,
        needs=[charts.NeedRow(EVIL, 1, 1, 2)],
        weeks=[charts.WeekRow(EVIL, 1, 2)],
        lines=[EVIL],
        acts=[ACT],
        pick=Pick(EVIL, EVIL, EVIL, EVIL),
        items=[PlanItem(EVIL, EVIL, 1, EVIL, EVIL, move_url=EVIL, week=EVIL, links=((EVIL, EVIL),), acts=(ACT,))],
        choices=[(EVIL, EVIL)],
        message=Message(WARNING, EVIL),
        page=Paginator(range(9), 2).page(2),
    )
    assert "<script" not in html
    assert "&lt;script&gt;" in html


# Meaning without colour


def test_privacy_is_said_in_words() -> None:
    html = shown('{% badge_private "private" %}{% badge_private "shared" detail="Shared with Ana Ruiz" %}')
    assert "Only you" in html
    assert "Shared with Ana Ruiz" in html


@pytest.mark.parametrize(
    ("planned", "available", "words"),
    [
        (45, 60, "15 minutes free"),
        (60, 60, "full"),
        (75, 60, "15 minutes over. Move something, or give this week more time"),
        (0, 60, "nothing planned yet"),
        (0, 0, "a week off"),
        (20, 0, "20 minutes planned in a week off"),
    ],
)
def test_a_week_says_how_full_it_is(planned: int, available: int, words: str) -> None:
    assert week_state(planned, available) == words


def test_level_and_goal_are_readable_without_the_picture() -> None:
    html = shown('{% meter_steps 2 of=4 goal=3 label="Feedback" %}')
    assert 'aria-valuetext="2 of 4, goal 3"' in html
    assert html.count("is-reached") == 2
    assert html.count("is-wanted") == 1


@pytest.mark.parametrize(
    ("level", "spoken"), [(SUCCESS, "Done"), (WARNING, "Please check"), (ERROR, "Not possible"), (20, "Note")]
)
def test_messages_speak_in_the_tone_of_their_level(level: int, spoken: str) -> None:
    assert f"{spoken}: " in shown("{% message_alert m %}", m=Message(level, "Saved"))


# Forms


class Goal(forms.Form):
    title = forms.CharField(help_text="In your own words.")
    who = forms.ChoiceField(widget=forms.RadioSelect, choices=[("me", "Only me")])
    weeks = forms.IntegerField(required=False)

    def clean(self) -> None:
        raise forms.ValidationError("This goal is there already.")


def test_a_field_ties_help_and_error_to_its_input() -> None:
    html = shown("{% field form.title %}", form=Goal({"title": ""}))
    (described,) = re.findall(r'<input[^>]*aria-describedby="([^"]*)"', html)
    assert described == "id_title_error id_title_help"
    for name in described.split():
        assert f'id="{name}"' in html
    assert 'aria-invalid="true"' in html


def test_choices_stand_in_a_named_group_and_optional_fields_say_so() -> None:
    html = shown("{% field form.who %}{% field form.weeks %}", form=Goal())
    assert '<legend class="ui-field-label">Who</legend>' in html
    assert 'for="id_who_0"' in html
    assert html.count("(optional)") == 1


def test_of_fields_of_which_one_is_wanted_none_is_called_optional() -> None:
    form = Goal()
    form.either = ("weeks",)  # type: ignore[attr-defined]
    assert "(optional)" not in shown("{% field form.weeks %}", form=form)
    assert "(optional)" in shown("{% field form.weeks %}", form=Goal())


def test_the_summary_links_to_every_field_with_an_error() -> None:
    form = Goal({"weeks": "many"})
    html = shown("{% form_errors form %}{% field form.title %}{% field form.who %}{% field form.weeks %}", form=form)
    targets = re.findall(r'href="#([^"]+)"', html)
    assert targets == ["id_title", "id_who_0", "id_weeks"]
    assert all(f'id="{target}"' in html for target in targets)
    assert "This goal is there already." in html
    assert shown("{% form_errors form %}", form=Goal()) == ""


def test_the_forms_of_a_page_carry_the_token_of_that_page_and_no_other() -> None:
    twice = "{% csrf_token %}{% csrf_token %}"
    field = '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
    assert shown(twice, csrf_token="one") == field.format("one") * 2
    assert shown(twice, csrf_token='"><two') == field.format("&quot;&gt;&lt;two") * 2
    assert shown(twice, csrf_token="NOTPROVIDED") == ""
    assert shown(twice) == ""


def test_a_plan_item_can_be_moved_without_scripts() -> None:
    html = shown(
        "{% plan_items items weeks=weeks %}",
        items=[PlanItem("A", "/a/", 5, "Video", move_url="/move/", week="7", acts=(Act("/out/", "Take it out"),))],
        weeks=[("6", "17 Nov"), ("7", "24 Nov")],
        csrf_token="token",
    )
    assert '<form class="ui-move" method="post" action="/move/"' in html
    assert 'name="csrfmiddlewaretoken" value="token"' in html
    assert '<option value="6">17 Nov</option><option value="7" selected>24 Nov</option>' in html
    assert html.count('<form method="post" action="/out/"><input type="hidden" name="csrfmiddlewaretoken"') == 1


def test_a_finished_job_stops_asking() -> None:
    assert "hx-get" in shown('{% job_progress "Reading" percent=None url="/job/" %}')
    assert "hx-get" not in shown('{% job_progress "Done" percent=100 url="/job/" done=True %}')


# Pictures of numbers


@pytest.mark.parametrize("literal", [False, True])
def test_every_picture_has_title_description_and_table(literal: bool) -> None:
    pictures = [
        charts.needs_map([charts.NeedRow("Feedback", 1.5, 1, 2.25, 3)], title="Needs", literal=literal),
        charts.credit_ring(15, target=30, label="Licence", literal=literal),
        charts.week_bars([charts.WeekRow("24 Nov", 75, 60)], title="Weeks", literal=literal),
        charts.needs_map([], title="Empty", literal=literal),
        charts.week_bars([], title="Empty", literal=literal),
    ]
    for html in pictures:
        drawing = html[html.index("<svg") : html.index("</svg></svg>") if "</svg></svg>" in html else None]
        assert "<title" in drawing
        assert "<desc" in drawing
        assert "<table" in html
        assert 'class="chart-' not in drawing.split("</svg>")[0] or not literal
    assert "1.0 to 2.2" in pictures[0]
    assert "15 over" in pictures[2]


def test_an_estimate_outside_its_own_range_is_refused() -> None:
    with pytest.raises(ValueError, match=r"Feedback: level 3 is outside its range 1 to 2"):
        charts.NeedRow("Feedback", 3, 1, 2)


def test_the_ring_is_never_more_than_full() -> None:
    html = charts.credit_ring(45, target=30, label="Licence")
    drawn, around = re.findall(r'stroke-dasharray="([\d.]+) ([\d.]+)"', html)[0]
    assert drawn == around
    assert "0 hours" in html


# The shell


def _page(template: str = "ui/base.html", **context: object) -> str:
    return render_to_string(template, context, request=RequestFactory().get("/"))


def test_the_shell_leads_past_the_header_and_signs_out_by_post() -> None:
    html = _page(
        nav=[{"label": f"Area {n}", "url": f"/{n}/", "current": n == 2} for n in range(7)],
        search_url="/learn/",
        account_menu=[{"label": "Settings", "url": "/account/"}],
        sign_out_url="/sign-out/",
    )
    assert html.index('href="#main"') < html.index("<header")
    assert re.search(r'<form method="post" action="/sign-out/">.*?csrfmiddlewaretoken', html, re.S)
    assert "hx-headers:inherited" in html
    assert html.count('aria-current="page"') == 1
    assert "Area 6" in html[html.index("shell-nav-sheet") :]


@pytest.mark.parametrize("template", ["ui/base.html", "ui/bare.html", "ui/gallery.html"])
def test_pages_obey_the_strict_content_security_policy(template: str) -> None:
    html = _page(template, sections=gallery_sections())
    assert not re.search(r'\s(style|on\w+|hx-on[\w:-]*)="', html)
    assert not re.search(r"<style|<script(?![^>]*\ssrc=)", html)
    assert not re.search(r'(src|href)="(https?:)?//', html)


# The whole set


def test_the_gallery_and_the_guide_show_every_component() -> None:
    sources = "\n".join(sample.source() for sample in SAMPLES)
    guide = (ROOT / "docs/developer/components.md").read_text()
    shell_only = {"csrf_token", "message_alert", "page_header", "url"}
    for name in register.tags:
        assert name in shell_only or f"{{% {name} " in sources or f"{{% {name} %}}" in sources, (
            f"not in the gallery: {name}"
        )
        assert f"{{% {name}" in guide, f"not in docs/developer/components.md: {name}"


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_sample_uses_only_classes_that_exist_and_ids_once(sample: Any) -> None:
    html = sample.html()
    used = {name for names in re.findall(r'class="([^"]*)"', html) for name in names.split()}
    unknown = {name for name in used if name.startswith("ui-") and f".{name}" not in STYLES}
    assert not unknown
    ids = re.findall(r'\sid="([^"]+)"', html)
    labelled = re.findall(r'aria-labelledby="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert all(name in ids for names in labelled for name in names.split())


def test_amber_marks_only_the_next_step() -> None:
    rules = re.findall(r"([^{};]+)\{([^{}]*)\}", re.sub(r"/\*.*?\*/", "", STYLES, flags=re.S))
    amber = {selector.strip() for selector, body in rules if re.search(r"var\(--sun(-bright|-ink)?\)|244 178 62", body)}
    assert amber
    assert all("ui-hero" in selector or "ui-btn--next" in selector for selector in amber)


def _luminance(colour: str) -> float:
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_colours_keep_their_contrast_on_every_paper(theme: int) -> None:
    pairs = dict(re.findall(r"--([\w-]+): light-dark\((#\w{6}, #\w{6})\)", STYLES))
    token = {name: value.split(", ")[theme] for name, value in pairs.items()}
    for paper in ("paper", "surface", "sunken"):
        for ink in ("ink", "ink-2", "brand", "rose"):
            assert _contrast(token[ink], token[paper]) >= 4.5, (ink, paper)
        assert _contrast(token["field"], token[paper]) >= 3, paper
    for tone in ("plum", "sky", "rose"):
        assert _contrast(token[tone], token[f"{tone}-tint"]) >= 4.5, tone
    assert _contrast(token["brand-strong"], token["brand-tint"]) >= 4.5
    assert _contrast(token["on-brand"], token["brand"]) >= 4.5
    assert _contrast(token["on-rose"], token["rose"]) >= 4.5
    assert _contrast("#2a1a00", "#f4b23e") >= 4.5
    assert _contrast("#d9efeb", "#0b4f49") >= 4.5


def test_the_first_load_stays_below_150_kilobytes() -> None:
    fonts = ROOT / "node_modules/@fontsource-variable"
    if not fonts.exists():
        pytest.skip("node_modules is not installed: run npm ci")
    own = [*CSS.glob("*.css"), *(UI / "static/ui/js").glob("*.js"), ROOT / "node_modules/htmx.org/dist/htmx.min.js"]
    packed = sum(len(gzip.compress(file.read_bytes())) for file in own)
    woff = (
        "figtree/files/figtree-latin-wght-normal.woff2",
        "bricolage-grotesque/files/bricolage-grotesque-latin-wght-normal.woff2",
    )
    page = len(gzip.compress(_page("ui/gallery.html", sections=gallery_sections()).encode()))
    assert packed + page + sum((fonts / name).stat().st_size for name in woff) < 150_000
