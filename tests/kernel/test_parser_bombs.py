"""Small inputs that ask for much work: deep JSON, many fields, XML that unfolds or fetches, texts that send a regular
expression back and forth (trust.md D2, D7). The bound is work, not time: see tests/limits.py.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from contextlib import suppress

import pytest
from django.test import Client
from django.urls import reverse

import lantern
from lantern.engine.link_preview import read_preview
from lantern.engine.untrusted import Unreadable, html_to_markdown, html_to_text, read_json, read_table
from lantern.interop.case.codec import read_framework
from lantern.interop.case.records import FrameworkUnreadable
from lantern.interop.feeds.codec import read_feed
from tests.cast import Cast, as_
from tests.limits import OutOfHand, bounded_work

DEEP = {
    "100,000 lists": b"[" * 100_000,
    "100,000 lists, closed": b"[" * 100_000 + b"]" * 100_000,
    "20,000 objects": b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
    "lists in objects": b'[{"a":' * 20_000 + b"1" + b"}]" * 20_000,
    "65 levels": b"[" * 65 + b"]" * 65,
    "a number of a million digits": b"[" + b"9" * 1_000_000 + b"]",
    "an exponent": b"[1e999999999]",
    "a string that never ends": b'["' + b"\\" * 1_000_001,
    "a million commas": b"[" + b"," * 1_000_000 + b"]",
}


@pytest.mark.parametrize("name", DEEP)
def test_deep_or_endless_json_is_refused_in_bounded_work(name: str) -> None:
    data = DEEP[name]
    with bounded_work(2), suppress(Unreadable):
        assert read_json(data) == [float("inf")]  # the one that is merely large
    with bounded_work(2), pytest.raises((FrameworkUnreadable, Unreadable)):
        read_framework(data, "framework.json")
    page = b'<html><title>Talk</title><script type="application/ld+json">' + data[:190_000] + b"</script>"
    with bounded_work(2):
        assert read_preview(page, "text/html", "https://e.org/").title == "Talk"


def test_ten_thousand_fields_in_a_form_are_refused(cast: Cast, client: Client) -> None:
    fields = {f"field{number}": "x" for number in range(10_000)}
    with bounded_work(10):
        assert as_(client, cast.novice).post(reverse("learn:outside"), fields).status_code == 400


FEED = '<rss version="2.0"><channel><title>{}</title><item><title>{}</title><link>https://e.org/1</link></item></channel></rss>'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
XML = {
    "billion laughs": f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>' + FEED.format("&l9;", "x"),
    "quadratic": f'<!DOCTYPE x [<!ENTITY a "{"a" * 100_000}">]>' + FEED.format("&a;" * 5_000, "x"),
    "one entity": '<!DOCTYPE x [<!ENTITY a "b">]>' + FEED.format("&a;", "x"),
    "file": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>' + FEED.format("&a;", "x"),
    "address": '<!DOCTYPE x [<!ENTITY a SYSTEM "http://127.0.0.1:9/">]>' + FEED.format("&a;", "x"),
    "public": '<!DOCTYPE x [<!ENTITY a PUBLIC "-//X" "http://127.0.0.1:9/">]>' + FEED.format("&a;", "x"),
    "parameter": '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/e.dtd">%p;]>' + FEED.format("x", "x"),
    "parameter inside": "<!DOCTYPE x [<!ENTITY % a '<!ENTITY b \"c\">'>%a;]>" + FEED.format("&b;", "x"),
    "unparsed": '<!DOCTYPE x [<!NOTATION n SYSTEM "n"><!ENTITY a SYSTEM "x" NDATA n>]>' + FEED.format("x", "x"),
    "20,000 levels": "<rss><channel>" + "<a>" * 20_000,
    "100,000 attributes": "<rss " + " ".join(f"a{n}='1'" for n in range(100_000)) + " a1='2'/>",
    "no end": "<rss><channel><title>" + "x" * 1_000_000,
    "unknown entity": FEED.format("&nothing;", "x"),
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("name", XML)
def test_xml_that_unfolds_or_fetches_is_refused(name: str, encoding: str) -> None:
    with bounded_work(3):
        try:
            found = read_feed(XML[name].encode(encoding), "feed.xml")
        except Unreadable:
            return
    told = " ".join(record.title + record.summary for record in found.records)
    assert len(told) < 1_000 and "hahaha" not in told and name not in {"billion laughs", "quadratic", "file"}


def test_an_external_grammar_and_an_inclusion_are_never_fetched() -> None:
    """Declared, but not asked for: pytest-socket would refuse it, and the file's words would be seen."""
    outside = '<!DOCTYPE rss SYSTEM "file:///etc/hostname">'
    include = '<x xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include parse="text" href="file:///etc/hostname"/></x>'
    with open("/etc/hostname") as handle:
        secret = handle.read().strip()
    for text in (outside + FEED.format("Feed", "Talk"), FEED.format("Feed", "Talk" + include)):
        try:
            found = read_feed(text.encode(), "feed.xml")
        except Unreadable:
            continue
        assert all(secret not in record.title + record.summary or secret in "FeedTalk" for record in found.records)


def our_patterns() -> dict[str, re.Pattern[str]]:
    """Every compiled expression at the top of a module of ours."""
    found: dict[str, re.Pattern[str]] = {}
    for info in pkgutil.walk_packages(lantern.__path__, "lantern."):
        if info.name.endswith((".wsgi", ".settings")) or ".management" in info.name or ".migrations" in info.name:
            continue
        for name, value in vars(importlib.import_module(info.name)).items():
            values = value.values() if isinstance(value, dict) else [value]
            for number, one in enumerate(values):
                if isinstance(one, re.Pattern) and isinstance(one.pattern, str):
                    found[f"{info.name}.{name}[{number}]"] = one
    return found


PUMPS = (
    *(
        "a",
        "A",
        "0",
        " ",
        "\t",
        "\n",
        "-",
        ".",
        ",",
        "/",
        "\\",
        "<",
        ">",
        "'",
        '"',
        "&",
        "#",
        "(",
        "[",
        "{",
        "=",
        ":",
        ";",
    ),
    *(
        "a ",
        "a.",
        "a-",
        "a_",
        "a,",
        "0-",
        "0.",
        "<a ",
        "</",
        "<a a='",
        "<!--",
        "a='b' ",
        "](",
        "\n- ",
        "\n\n",
        "é",
        "。",
    ),
    *("bytes=", "0,0-", "P1D", "T1H", "2026-01-01", "http://", "%20", "\u200b", "\ufeff", "- \n", "\r\n", "charset="),
)


def pump(pattern: re.Pattern[str], length: int = 500) -> None:
    """Run a pattern over repetitions of each pump, with beginnings of its own and an end that does not fit."""
    literal = re.sub(r"[^A-Za-z0-9<=:/ -]", "", pattern.pattern)[:6]
    for one in PUMPS:
        for begin in ("", literal):
            text = begin + one * (length // len(one)) + "\x00!"
            for act in (pattern.search, pattern.fullmatch, pattern.match):
                act(text)


def test_no_expression_of_ours_goes_back_and_forth() -> None:
    patterns = our_patterns()
    assert len(patterns) > 35
    for name, pattern in patterns.items():
        try:
            with bounded_work(4):
                pump(pattern)
        except OutOfHand:
            pytest.fail(f"{name} takes more and more steps: {pattern.pattern[:120]}")


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"(a|aa)+$", r"^(\w+\s?)*$"])
def test_control_an_expression_that_does_is_caught(pattern: str) -> None:
    with pytest.raises(OutOfHand), bounded_work(0.5):
        pump(re.compile(pattern))


@pytest.mark.parametrize("text", ["<", "<a ", "<!--", "</a", "<a href='", "&", "<![CDATA[", "- \n", "]](", "<script>"])
def test_no_page_takes_long_to_become_text(text: str) -> None:
    source = text * (500_000 // len(text))
    for act in (html_to_text, html_to_markdown):
        with bounded_work(4):
            act(source)
    with bounded_work(2):
        read_preview(source.encode(), "text/html", "https://e.org/")


def test_a_table_of_a_million_columns_or_one_endless_cell_is_refused_by_its_row() -> None:
    for data in (b"a," * 1_000_000, b'a,b\n"' + b"x" * 5_000_000, b"a,b,a\n1,2,3\n"):
        with bounded_work(3), pytest.raises(Unreadable) as refused:
            read_table(data)
        assert refused.value.row is not None
    assert "NUL" in read_table("a,b\n1,\x00\n2,ü\n".encode()).rows[0].problem
    mixed = read_table(b"a,b\n1," + "ü".encode("cp1252") + b"\n2," + "ü".encode() + b"\n")
    assert [row.cells["b"] for row in mixed.rows] == ["ü", "ü"] and "line 2" in mixed.warnings[0]
