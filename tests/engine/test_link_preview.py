"""A pasted link fills the form with what the page says of itself, and no page can stall or break the reading."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantern.engine.link_preview import MAX_DESCRIPTION, MAX_TITLE, LinkPreview, read_preview
from tests.limits import bounded_work

URL = "https://www.example.org/a"


def preview(html: str, content_type: str = "text/html; charset=utf-8", url: str = URL) -> LinkPreview:
    return read_preview(html.encode(), content_type, url)


def linked_data(*things: object) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(thing)}</script>' for thing in things)


def test_plain_html():
    got = preview(
        "<html lang=en-GB><title>\n Fractions &amp; more </title><meta name=description content='Why  halves'>"
    )
    assert got == LinkPreview("Fractions & more", "Why halves", None, None, "example.org", "en-GB")


def test_open_graph_speaks_before_the_title():
    html = (
        '<title>T - Site</title><meta property="og:title" content="T"><meta content="D" property="og:description">'
        '<meta property="og:type" content="video.other"><meta property="og:video:duration" content="61">'
        '<meta property="og:site_name" content="S"><meta property="og:locale" content="pt_BR">'
    )
    assert preview(html) == LinkPreview("T", "D", "video", 2, "S", "pt-BR")


@pytest.mark.parametrize(
    ("thing", "kind", "minutes"),
    [
        ({"@type": "Course", "timeRequired": "PT10H"}, "external_course", 600),
        ({"@type": "Course", "hasCourseInstance": [{"courseWorkload": "P1W"}]}, "external_course", 10_080),
        ({"@type": "VideoObject", "duration": "PT1H2M3S"}, "video", 63),
        ({"@type": ["Thing", "https://schema.org/VideoObject"], "duration": "pt90s"}, "video", 2),
        ({"@type": "PodcastEpisode", "duration": "PT45M"}, "podcast", 45),
        ({"@type": "PodcastEpisode", "timeRequired": "P0DT0H45M"}, "podcast", 45),
        ({"@type": "Article", "wordCount": 2300}, "article", 10),
        ({"@type": "NewsArticle", "wordCount": "231"}, "article", 2),
        ({"@type": "Event", "duration": "PT2H"}, "live_session", 120),
        ({"@type": "Book", "wordCount": 90_000}, "book", None),
        ({"@type": "VideoObject", "duration": "3 minutes"}, "video", None),
        ({"@type": "VideoObject", "duration": "PT99999H"}, "video", None),
        ({"@type": "VideoObject", "duration": ["PT5M"]}, "video", 5),
        ({"@type": "Article", "wordCount": -1}, "article", None),
        ({"@type": "Article", "wordCount": True}, "article", None),
        ({"@type": "Person", "name": "x"}, None, None),
        ({"@graph": [{"@type": "WebSite"}, {"@type": "Article", "video": {"@type": "VideoObject"}}]}, "article", None),
        ([{"@type": "VideoObject", "duration": "PT5M"}, {"@type": "Course"}], "external_course", None),
    ],
)
def test_kind_and_minutes_from_schema_org(thing, kind, minutes):
    got = preview(linked_data(thing))
    assert (got.kind, got.minutes) == (kind, minutes)


def test_texts_from_schema_org():
    thing = {
        "@type": "Course",
        "name": "N",
        "description": "D",
        "inLanguage": {"@type": "Language", "alternateName": "es"},
    }
    assert preview(linked_data(thing)) == LinkPreview("N", "D", "external_course", None, "example.org", "es")


def test_what_is_not_html_is_told_from_its_type():
    assert preview("%PDF", "application/pdf") == LinkPreview("", "", "article", None, "example.org", "")
    assert preview("", "video/mp4").kind == "video"
    assert preview("", "image/png", "::bad::[").site_name == ""


def test_texts_are_bounded_and_free_of_invisible_characters():
    got = preview(f"<title>a\u202eb\u200b {'word ' * 5000}</title><meta name=description content='{'x' * 9000}'>")
    assert len(got.title) <= MAX_TITLE
    assert got.title.startswith("a b word")
    assert got.title.endswith("word…")
    assert len(got.description) <= MAX_DESCRIPTION


@pytest.mark.parametrize(
    "html",
    [
        "<!-- <title>no</title> --><title>yes</title>",
        "<script>'<title>no'</script><title>yes</title>",
        "<style><title>no</title></style><TITLE>yes</TITLE >",
    ],
)
def test_what_a_browser_would_not_read_is_not_read(html):
    assert preview(html).title == "yes"


def test_charsets():
    assert (
        read_preview("<title>Größe".encode("latin-1") + b"</title>", "text/html; charset=ISO-8859-1", URL).title
        == "Größe"
    )
    assert read_preview("<meta charset=latin1><title>ö</title>".encode("latin-1"), "text/html", URL).title == "ö"
    assert read_preview(b"<title>x\xff</title>", "text/html; charset=nonsense", URL).title == "x\ufffd"
    for codec in ("idna", "hex", "rot13", "utf-7", "undefined", "unicode_escape", "punycode", "zlib", "utf-16"):
        assert isinstance(read_preview(b"<title>x\xff</title>", f"text/html; charset={codec}", URL), LinkPreview)


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "<!--",
            "<!",
            "</",
            "<",
            "<a ",
            "<a b='",
            "<?",
            "<script>",
            "<script type=application/ld+json>",
            "&",
            "<![CDATA[",
        ),
        *(
            "<meta charset",
            "<meta ",
            "<meta a=",
            "<meta a='",
            '<meta "',
            "<title>",
            "<title/>",
            "</script",
            "&#",
            "<html lang=",
        ),
    ],
)
def test_no_page_takes_long(piece):
    with bounded_work(20):
        for html in (piece * (1_500_000 // len(piece)), piece + " x" * 700_000, piece + "/" * 1_000_000):
            assert isinstance(preview(html), LinkPreview)


@pytest.mark.parametrize(
    "script",
    [
        "[" * 100_000,
        '{"@graph":' * 50_000,
        "1" * 10_000,
        "null",
        '"x"',
        '[[[[{"@type": 5}]]]]',
        '{"@type": "Article", "name": {}}',
        '{"@type": "Course", "hasCourseInstance": 3, "duration": {"a": []}}',
        json.dumps([{"@graph": [{}] * 400}] * 40),
    ],
)
def test_strange_linked_data_gives_a_preview(script):
    with bounded_work(20):
        assert isinstance(preview(f'<script type="application/ld+json">{script}</script>'), LinkPreview)


@given(st.binary(max_size=300), st.text(max_size=40), st.text(max_size=40))
def test_never_raises(html, content_type, url):
    for wrapped in (
        html,
        b"<meta property='og:title' content='" + html,
        b"<script type=application/ld+json>" + html + b"</script>",
    ):
        assert isinstance(read_preview(wrapped, "text/html;charset=" + content_type, url), LinkPreview)
        assert isinstance(read_preview(wrapped, content_type, url), LinkPreview)
