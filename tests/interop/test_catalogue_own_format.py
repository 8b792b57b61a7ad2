"""Lantern's own catalogue format: what it takes, what it refuses and where, and what it costs."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantern.engine.untrusted import html_to_markdown, html_to_text
from lantern.interop.catalogue.codec import CatalogueFile, CompetencyLink, RowError, Unreadable, read_catalogue
from lantern.interop.catalogue.detect import detect_and_read
from tests.interop.catalogue_factory import generate_catalogue
from tests.limits import bounded_work

DOCUMENTATION = Path(__file__).resolve().parents[2] / "docs/admin/catalogue-format.md"


def read(header: str, *rows: str) -> CatalogueFile:
    return read_catalogue("\n".join(["external_id,title,kind" + header, *rows]).encode(), "ours.csv")


def fenced(language: str) -> bytes:
    """The example of that language in the format's documentation."""
    return DOCUMENTATION.read_text(encoding="utf-8").split(f"```{language}\n")[1].split("```")[0].encode()


@pytest.mark.parametrize("language", ["csv", "json"])
def test_the_documented_example_reads_without_a_complaint(language: str) -> None:
    found = read_catalogue(fenced(language), f"example.{language}")
    assert (found.errors, found.warnings, found.format) == ((), (), f"lantern-{language}")
    first = found.records[0]
    assert first.grades == ("K", "1", "2", "3", "4", "5")
    assert first.competencies == (CompetencyLink("digcompedu", "4.1", 3), CompetencyLink("digcompedu", "4.2"))
    assert (first.minutes, first.level, first.cost_cents, first.currency) == (90, 2, 1250, "USD")
    assert (first.credit_hours, first.published) == (Decimal("1.5"), date(2026, 3, 1))
    assert first.access_features == ("captions", "transcript")
    assert found.records[1].prerequisites == (first.external_id,)


def test_csv_and_json_of_the_documentation_say_the_same() -> None:
    table, objects = (read_catalogue(fenced(language), "example") for language in ("csv", "json"))
    assert table.records == objects.records


BAD_CELLS = [
    (",minutes", "ninety", "minutes"),
    (",minutes", "0", "minutes"),
    (",minutes", "-5", "minutes"),
    (",minutes", "1e3", "minutes"),
    (",minutes", "٩٠", "minutes"),
    (",level", "5", "level"),
    (",level", "0", "level"),
    (",url", "javascript:alert(1)", "url"),
    (",url", "data:text/html;base64", "url"),
    (",url", "//no.scheme/x", "url"),
    (",url", "https://user:secret@x.example/", "url"),
    (",url", "https://x.example/a b", "url"),
    (",url", "http://[half", "url"),
    (",grades", "13", "grades"),
    (",grades", "5-2", "grades"),
    (",modality", "telepathy", "modality"),
    (",access_features", "captions;smell", "access_features"),
    (",competencies", "digcompedu", "competencies"),
    (",competencies", "digcompedu:1.1@7", "competencies"),
    (",cost,currency", "5.999,USD", "cost"),
    (",cost,currency", "5,", "currency"),
    (",currency", "dollars", "currency"),
    (",language", "English language", "language"),
    (",published", "03/04/2026", "published"),
    (",credit_hours", "NaN", "credit_hours"),
    (",prerequisites", "b", "prerequisites"),
    (",title2", "x\x00y", "row"),
    (",summary", "x,y,z", "row"),
]


@pytest.mark.parametrize(("header", "cell", "field"), BAD_CELLS)
def test_a_bad_row_is_refused_by_number_and_its_neighbours_stay(header: str, cell: str, field: str) -> None:
    found = read(header, "a,First,course", "", f"b,Second,course,{cell}", "c,Third,course")
    assert [record.external_id for record in found.records] == ["a", "c"]
    assert [(error.row, error.field) for error in found.errors] == [(4, field)]
    assert found.errors[0].reason


def test_missing_unknown_and_repeated_essentials_are_refused() -> None:
    found = read("", "a,First,course", ",No id,course", "c,,course", "d,No kind,", "e,Odd,webinar", "a,Again,video")
    assert [(error.row, error.field) for error in found.errors] == [
        (3, "external_id"),
        (4, "title"),
        (5, "kind"),
        (6, "kind"),
        (7, "external_id"),
    ]
    assert found.errors[-1].reason == "a was already used in row 2"


def test_terms_are_normalised_and_nothing_else_is_decided() -> None:
    found = read(
        ",subjects,topics,grades,modality,language",
        "a,One,Live session,Español | MATHEMATICS;español,Behaviour & Routines,Grade 3; high school,,PT_br",
        "b,Two,podcast,,,Pre-K to 2,On the job,",
    )
    one, two = found.records
    assert (one.kind, one.modality, one.language) == ("live_session", "live_online", "pt-BR")
    assert (one.subjects, one.topics) == (("espanol", "mathematics"), ("behaviour-routines",))
    assert one.grades == ("3", "9", "10", "11", "12")
    assert (two.grades, two.modality, two.source) == (("PK", "K", "1", "2"), "on_the_job", "ours.csv")


def test_unknown_columns_and_loose_prerequisites_are_warned_of() -> None:
    found = read(",Colour,prerequisites", "a,One,course,red,zz")
    assert found.warnings == ("columns not known: Colour", "a: prerequisites not in this file: zz")
    assert found.records[0].prerequisites == ("zz",)


@pytest.mark.parametrize(
    "data",
    [
        "\ufeffexternal_id,title,kind\na,Café,course\n".encode(),
        "external_id,title,kind\r\na,Café,course\r\n".encode("cp1252"),
        "external_id;title;kind\na;Café;course\n".encode(),
        "External ID\tTitle\tKind\na\tCafé\tcourse\n".encode("utf-16"),
    ],
    ids=["utf-8 mark", "windows", "semicolons", "utf-16 tabs"],
)
def test_spreadsheets_habits_of_saving_are_understood(data: bytes) -> None:
    found = read_catalogue(data, "x.csv")
    assert [record.title for record in found.records] == ["Café"]


def test_mixed_encodings_are_read_line_by_line_and_said_so() -> None:
    data = b"external_id,title,kind\na," + "Café".encode() + b",course\nb," + "Café".encode("cp1252") + b",course\n"
    found = read_catalogue(data + b"c,\x81,course\n", "x.csv")
    assert [record.title for record in found.records] == ["Café", "Café"]
    assert found.warnings == ("line 3: not UTF-8; read as Windows-1252",)
    assert [error.row for error in found.errors] == [4]


UNREADABLE = [
    (b"", "empty"),
    (b"\n\n", "empty"),
    (b"title,kind\nA,course\n", "external_id is missing"),
    (b"external_id,title,kind,Title\n", "twice"),
    (b"external_id,title,kind,licence,license\n", "twice"),
    (b"external_id,title,kind" + b",x" * 1_000_000 + b"\n", "at most 512"),
    (b'external_id,title,kind\na,"First,course\n', "never closes"),
    (b"external_id,title,kind\na," + b"x" * 200_000 + b",course\n", "longer than"),
    (b'{"resources": []}', "lantern-catalogue"),
    (b'{"format": "lantern-catalogue", "version": 1}', "list"),
    (b"[" * 20_000, "nested"),
    (b'{"format": "lantern-catalogue", "version": 1, "resources": [{"x": ' + b"[" * 90 + b"]" * 90 + b"}]}", "nested"),
    (b"[" + b" " * 50 * 1024 * 1024, "at most"),
]


@pytest.mark.parametrize(("data", "reason"), UNREADABLE, ids=range(len(UNREADABLE)))
def test_a_file_that_is_no_catalogue_is_refused_quickly(data: bytes, reason: str) -> None:
    with bounded_work(60), pytest.raises(Unreadable, match=reason):
        read_catalogue(data, "x")


def test_json_rows_are_refused_one_by_one() -> None:
    rows = [7, {"external_id": "a", "title": "T", "kind": "course", "minutes": True}, {"external_id": "b", "odd": 1}]
    good = {"externalId": "c", "title": "T", "kind": "course", "topics": ["Big ideas"], "minutes": 30}
    found = read_catalogue(json.dumps([*rows, good]).encode(), "x.json")
    assert found.errors == (
        RowError(1, "row", "must be an object"),
        RowError(2, "minutes", "must be text"),
        RowError(3, "title", "is missing"),
    )
    assert (found.records[0].topics, found.records[0].minutes) == (("big-ideas",), 30)
    assert found.warnings == ("fields not known: 'odd'",)


def test_html_leaves_no_tag_behind() -> None:
    source = '<h1>A</h1><p>x &lt;b&gt; <b>bold</b> <a href="javascript:x">no</a> <a href="https://e.example/?a=1&amp;b">yes</a>'
    source += "<script>alert('<p>')</script><ul><li>one<li>two</ul><!-- <p>hidden --> 1 < 2 <iframe src=x>gone</iframe>"
    markdown = html_to_markdown(source)
    assert markdown == "## A\n\nx &lt;b> **bold** no [yes](https://e.example/?a=1&b)\n\n- one\n- two\n\n 1 &lt; 2"
    assert html_to_text(source) == "A x <b> bold no yes one two 1 < 2"


@given(st.text(alphabet="<>/!-abpsript =\"'&;\n", max_size=300))
def test_no_mixture_of_tag_pieces_becomes_a_tag(source: str) -> None:
    assert "<" not in html_to_markdown(source)


@pytest.mark.parametrize("piece", ["<!--", "<a ", "<script>", "</script>", "<b><p>", "&lt;", "<![CDATA[", "- \n"])
def test_hostile_html_costs_no_more_than_its_length(piece: str) -> None:
    with bounded_work(60):
        html_to_markdown(piece * (1_000_000 // len(piece)))


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(noise: bytes) -> None:
    for data in (noise, b"external_id,title,kind,minutes\n" + noise, b"[" + noise + b"]"):
        try:
            read_catalogue(data, "x")
        except Unreadable:
            continue


def test_ten_thousand_resources_are_read_in_seconds(tmp_path: Path) -> None:
    data = generate_catalogue(10_000, seed=7)
    assert data == generate_catalogue(10_000, seed=7)
    (tmp_path / "big.csv").write_bytes(data)
    with bounded_work(60):
        found = detect_and_read(tmp_path / "big.csv")
    assert len(found.records) == 10_000
    assert not found.errors
