"""Feeds: podcasts, videos and articles as resources; hostile and broken feeds; OPML lists."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from lantern.interop.catalogue.codec import Unreadable
from lantern.interop.catalogue.detect import detect_and_read
from lantern.interop.feeds.codec import read_feed, read_opml
from tests.limits import bounded_work

PODCAST = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
 xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>Staffroom talk</title><link>https://pod.example/</link><language>en-us</language>
<copyright>CC BY 4.0</copyright>
<item><title>Wait time &amp; talk</title><guid isPermaLink="false">ep-1</guid><itunes:duration>31:05</itunes:duration>
 <pubDate>Tue, 03 Mar 2026 10:00:00 GMT</pubDate><itunes:author>Ada Teacher</itunes:author>
 <category>Classroom Talk</category>
 <description>&lt;p&gt;Three &lt;b&gt;seconds&lt;/b&gt;.&lt;script&gt;alert(1)&lt;/script&gt;&lt;/p&gt;</description>
 <enclosure url="https://cdn.pod.example/1.mp3" length="123" type="audio/mpeg"/></item>
<item><title>On video</title><link>https://www.youtube.com/watch?v=abc</link><guid>v-1</guid></item>
<item><title>A post</title><link>https://pod.example/post</link>
 <content:encoded>&lt;h2&gt;Head&lt;/h2&gt;&lt;p&gt;Long text&lt;/p&gt;</content:encoded></item>
<item><title>Trap</title><guid>t</guid><link>javascript:alert(1)</link></item>
<item><title>Twin</title><guid>ep-1</guid><link>https://pod.example/twin</link></item>
<item><description>nameless</description><guid>n</guid></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr"><title>Carnet</title>
<entry><id>tag:x,2026:1</id><title type="html">Lire &lt;i&gt;ensemble&lt;/i&gt;</title>
<updated>2026-01-02T00:00:00Z</updated>
<link rel="alternate" href="https://carnet.example/1"/><summary>Bref</summary></entry></feed>"""

BOMB = '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">%s]><rss version="2.0"><channel><title>&j;</title></channel></rss>'
GROWTH = "".join(f'<!ENTITY {to} "{f"&{of};" * 10}">' for of, to in zip("abcdefghi", "bcdefghij", strict=True))


def test_a_mixed_feed_becomes_podcast_video_and_article() -> None:
    found = read_feed(PODCAST.encode(), "https://pod.example/feed")
    podcast, video, article = found.records
    assert [record.kind for record in found.records] == ["podcast", "video", "article"]
    assert (podcast.title, podcast.minutes, podcast.url) == ("Wait time & talk", 32, "https://cdn.pod.example/1.mp3")
    assert (podcast.summary, podcast.description) == ("Three seconds.", "Three **seconds**.")
    assert (podcast.external_id, podcast.published, podcast.topics) == ("ep-1", date(2026, 3, 3), ("classroom-talk",))
    assert (podcast.provider, podcast.language, podcast.licence) == ("Staffroom talk", "en-US", "CC BY 4.0")
    assert (podcast.attribution, podcast.source) == ("Ada Teacher", "https://pod.example/feed")
    assert (video.modality, video.minutes) == ("self_paced", None)
    assert article.description == "## Head\n\nLong text"
    assert [(error.row, error.field) for error in found.errors] == [(4, "url"), (5, "external_id"), (6, "title")]


def test_an_atom_feed_is_read_and_found_out(tmp_path: Path) -> None:
    (tmp_path / "carnet.xml").write_text(ATOM, encoding="utf-8")
    found = detect_and_read(tmp_path / "carnet.xml")
    assert found.format == "feed"
    assert [(r.title, r.published, r.url) for r in found.records] == [
        ("Lire ensemble", date(2026, 1, 2), "https://carnet.example/1")
    ]


@pytest.mark.parametrize(
    ("written", "minutes"),
    [("90", 2), ("1:02:03", 63), ("59:30", 60), ("0", None), ("an hour", None), ("1:2:3:4", None), ("-5", None)],
)
def test_durations(written: str, minutes: int | None) -> None:
    assert read_feed(PODCAST.replace("31:05", written).encode(), "x").records[0].minutes == minutes


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("broken", [False, True])
def test_entities_are_refused_in_any_encoding_even_when_malformed(encoding: str, broken: bool) -> None:
    bomb = (BOMB % GROWTH).replace("</rss>", "" if broken else "</rss>")
    with bounded_work(20), pytest.raises(Unreadable, match="entities"):
        read_feed(bomb.encode(encoding), "x")


def test_a_file_named_in_an_entity_is_not_opened() -> None:
    bomb = BOMB.replace('"aaaaaaaaaa"', 'SYSTEM "file:///etc/hostname"').replace("&j;", "&a;") % ""
    with pytest.raises(Unreadable, match="entities"):
        read_feed(bomb.encode(), "x")


def test_bytes_that_name_a_file_are_not_opened(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text(ATOM, encoding="utf-8")
    with pytest.raises(Unreadable, match="neither"):
        read_feed(str(tmp_path / "feed.xml").encode(), "x")


def test_a_feed_that_breaks_off_gives_what_it_has() -> None:
    found = read_feed(PODCAST[: PODCAST.index("<item><title>A post")].encode(), "x")
    assert [record.external_id for record in found.records] == ["ep-1", "v-1"]
    assert "not well-formed" in found.warnings[0]


@pytest.mark.parametrize("data", [b"", b"\x00" * 100, b"<html><p>no</p></html>", b"{}", b"<a>" * 20_000])
def test_what_is_no_feed_is_refused_quickly(data: bytes) -> None:
    with bounded_work(20), pytest.raises(Unreadable):
        read_feed(data, "x")


def test_the_real_list_of_feeds(shared_data: Path) -> None:
    path = shared_data / "feeds/computing-education.opml"
    feeds = read_opml(path.read_bytes())
    assert len(feeds) == 23
    assert len({feed.folder for feed in feeds}) == 3
    assert all(feed.title and feed.feed_url for feed in feeds)
    with pytest.raises(Unreadable, match="lists feeds"):
        detect_and_read(path)


def test_an_opml_list_drops_repeats_and_other_schemes_and_refuses_declarations() -> None:
    outlines = '<outline text="a" xmlUrl="http://a.example/"/><outline text="b" xmlUrl="http://a.example/"/>'
    outlines += '<outline text="c" xmlUrl="file:///etc/passwd"/>'
    assert len(read_opml(f"<opml><body>{outlines}</body></opml>".encode())) == 1
    for data in (b"<rss/>", b"<opml", b'<!DOCTYPE opml [<!ENTITY a "b">]><opml/>'):
        with pytest.raises(Unreadable):
            read_opml(data)
