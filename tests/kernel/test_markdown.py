"""People's words never become script, style, frame, handler or a request to somebody else's server."""

from html.parser import HTMLParser

import markdown_it
import nh3
import pytest

from lantern.kernel import markdown
from lantern.kernel.markdown import render
from tests.kernel.xss_vectors import EVERY, FAMILIES, MARKUP, RAW
from tests.limits import bounded_work

ALLOWED = {"a": {"href", "title", "rel"}, "ol": {"start"}}
SCHEMES = ("http://", "https://", "mailto:")

class Witness(HTMLParser):
    """Notes everything in rendered HTML that is not on the reviewed list."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in markdown._TAGS:
            self.wrong.append(tag)
        for name, value in attrs:
            if name not in ALLOWED.get(tag, set()) or (name == "href" and not (value or "").startswith(SCHEMES)):
                self.wrong.append(f"{tag} {name}={value}")
        if tag == "a" and "href" in dict(attrs) and dict(attrs).get("rel") != "nofollow noopener noreferrer":
            self.wrong.append("a without rel")

    def handle_comment(self, data):
        self.wrong.append(f"comment {data}")

    handle_decl = handle_pi = unknown_decl = handle_comment


def wrongs(html: str) -> list[str]:
    witness = Witness()
    witness.feed(html)
    witness.close()
    return witness.wrong


def test_the_list_is_long_and_its_vectors_differ():
    assert len(set(EVERY)) >= 300


@pytest.mark.parametrize("family", FAMILIES)
def test_no_vector_of_a_family_becomes_more_than_words(family):
    for vector in FAMILIES[family]:
        for text in (vector, f"before {vector} after", f"> - {vector}\n\n**x** {vector}"):
            assert wrongs(render(text)) == [], vector


@pytest.mark.parametrize("vector", RAW + MARKUP)
def test_no_vector_becomes_more_than_words_and_honest_links(vector):
    for text in (vector, f"before {vector} after", f"> - {vector}\n\n**x** {vector}"):
        assert wrongs(render(text)) == []


@pytest.mark.parametrize("family", FAMILIES)
def test_the_second_guard_holds_for_a_family_where_the_first_is_off(family, monkeypatch):
    monkeypatch.setattr(markdown, "_MARKDOWN", markdown_it.MarkdownIt("commonmark", {"html": True}))
    for vector in FAMILIES[family]:
        assert wrongs(render(vector)) == [], vector


@pytest.mark.parametrize("vector", RAW[:59])
def test_the_second_guard_holds_where_the_first_is_off(vector, monkeypatch):
    monkeypatch.setattr(markdown, "_MARKDOWN", markdown_it.MarkdownIt("commonmark", {"html": True}))
    assert wrongs(render(vector)) == []


def test_control_with_both_guards_off_the_witness_sees_it(monkeypatch):
    monkeypatch.setattr(markdown, "_MARKDOWN", markdown_it.MarkdownIt("commonmark", {"html": True}))
    monkeypatch.setattr(nh3, "clean", lambda html, **options: html)
    seen = [vector for vector in RAW if wrongs(render(vector))]
    assert len(seen) > 45


def test_honest_markdown_reads_as_written():
    html = render("# Plan\n\n1. *read* **this**\n2. [ask](https://e.org 'x')\n\n|a|b|\n|-|-|\n|1|2|\n\n`x<y` ~~old~~")
    assert '<a href="https://e.org" title="x" rel="nofollow noopener noreferrer">ask</a>' in html
    for part in ("<h3>Plan</h3>", "<em>read</em>", "<strong>this</strong>", "<td>1</td>", "<code>x&lt;y</code>"):
        assert part in html
    assert "<s>old</s>" in html
    assert "mailto:a@e.org" in render("<a@e.org>")


def test_a_picture_becomes_a_link_so_that_reading_tells_nobody():
    html = render("![our *class*](https://e.org/p.png)")
    assert "<img" not in html
    assert '<a href="https://e.org/p.png" rel="nofollow noopener noreferrer">our *class*</a>' in html


@pytest.mark.parametrize(
    "text",
    [
        "[" * 60_000,
        "[a](" * 20_000,
        "![" * 20_000 + "a" + "](x)" * 20_000,
        ">" * 60_000,
        "> " * 30_000,
        "*a " * 20_000,
        "**a" * 20_000,
        "_*" * 30_000,
        "<" * 60_000,
        "&" * 60_000,
        "\\" * 60_000,
        "".join("`" * n + " " for n in range(300)),
        "- " * 30_000,
        "".join("  " * n + "- a\n" for n in range(220)),
        "|a" * 20_000 + "\n" + "|-" * 5_000,
        "~~a" * 20_000,
        "|" + "a|" * 100 + "\n|" + "-|" * 100 + "\n" + "||\n" * 15_000,
        "[a]: b\n" * 8_000,
        "<!--" * 15_000,
        "a\n" * 30_000,
    ],
)
def test_no_text_takes_long(text):
    with bounded_work(20):
        html = render(text)
    assert wrongs(html) == []


def test_overlong_text_is_cut_not_refused():
    assert render("x" * 60_000).endswith("…</p>\n")
