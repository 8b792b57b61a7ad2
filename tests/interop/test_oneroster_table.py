"""CSV as it really comes: every oddity is either read or named with its row, column and reason."""

from __future__ import annotations

import contextlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantern.interop.oneroster import RosterUnreadable
from lantern.interop.oneroster.table import BadCell, Problems, Record, Sheet, read_table
from tests.limits import bounded_work

SHEET = Sheet("people.csv", {"id": "sourcedId", "name": "givenName"}, ("id",))
DATES = Sheet(
    "dates.csv", {"id": "id", "begin": "beginDate", "end": "endDate", "on": "enabled", "grades": "grades"}, ()
)


def table(data: bytes) -> tuple[list[tuple[int, str, str]], Problems]:
    found = Problems()
    records = list(read_table(SHEET, io.BytesIO(data), found))
    return [(record.number, record.text("id"), record.text("name")) for record in records], found


def faults(found: Problems) -> list[tuple[int, str]]:
    return [(error.row, error.reason) for error in found.errors]


@pytest.mark.parametrize(
    "data",
    [
        b"sourcedId,givenName\r\n1,Ann\r\n2,Bo\r\n",
        b"sourcedId,givenName\n1,Ann\n2,Bo",
        b"sourcedId,givenName\r1,Ann\r2,Bo\r",
        b"\xef\xbb\xbfsourcedId,givenName\r\n1,Ann\r\n2,Bo\r\n",
        b'"sourcedId","givenName"\r\n"1","Ann"\r\n"2","Bo"\r\n',
        b"sourcedId,givenName,,\r\n1,Ann,,\r\n2,Bo,,,,\r\n",
        b"extra,sourcedId,givenName\r\nx,1,Ann\r\n,2,Bo\r\n",
        b" sourcedId , givenName \r\n 1 , Ann \r\n2,Bo\r\n",
    ],
)
def test_harmless_differences_read_the_same(data: bytes) -> None:
    rows, found = table(data)
    assert [row[1:] for row in rows] == [("1", "Ann"), ("2", "Bo")]
    assert not found.errors


def test_misspelt_capitals_in_the_header_are_read_with_a_warning() -> None:
    rows, found = table(b"SOURCEDID,given_name\r\n1,Ann\r\n")
    assert rows == [(2, "1", "Ann")]
    assert [warning.field for warning in found.warnings] == ["sourcedId", "givenName"]


def test_rows_are_counted_as_a_spreadsheet_shows_them() -> None:
    rows, _ = table(b'sourcedId,givenName\r\n1,"An\r\nn"\r\n\r\n,,\r\n2,Bo\r\n')
    assert [row[0] for row in rows] == [2, 5]


def test_a_short_row_has_blanks_at_its_end() -> None:
    assert table(b"sourcedId,givenName\r\n1\r\n")[0] == [(2, "1", "")]


def test_windows_text_is_read_with_a_warning() -> None:
    rows, found = table("sourcedId,givenName\r\n1,Zoë\r\n2,José\r\n".encode("cp1252"))
    assert [row[2] for row in rows] == ["Zoë", "José"]
    assert [warning.row for warning in found.warnings] == [0]


def test_mixed_encodings_refuse_the_odd_rows_only() -> None:
    rows, found = table(b"sourcedId,givenName\r\n1,Zo\xc3\xab\r\n2,Jos\xe9\r\n3,Bo\r\n")
    assert [row[1:] for row in rows] == [("1", "Zoë"), ("3", "Bo")]
    assert faults(found) == [(3, "mixes text encodings; save the file as UTF-8")]


def test_nul_bytes_refuse_the_row() -> None:
    rows, found = table(b"sourcedId,givenName\r\n1,A\0nn\r\n2,Bo\r\n")
    assert [row[1] for row in rows] == ["2"]
    assert faults(found) == [(2, "holds a NUL byte or another control character")]
    assert found.unread_by_file() == {"people.csv": 1}


def test_a_shifted_row_is_refused() -> None:
    rows, found = table(b"sourcedId,givenName\r\n1,Lee, Ann\r\n2,Bo\r\n")
    assert [row[1] for row in rows] == ["2"]
    assert faults(found) == [(2, "has more cells than the header has columns")]


def test_unpaired_quotation_marks_refuse_the_row() -> None:
    rows, found = table(b'sourcedId,givenName\r\n1,"An"n\r\n2,Bo\r\n')
    assert [row[1] for row in rows] == ["2"]
    assert faults(found) == [(2, "has quotation marks that do not pair up")]


@pytest.mark.parametrize("length", [10, 300_000])
def test_a_quotation_mark_never_closed_stops_the_file(length: int) -> None:
    with pytest.raises(RosterUnreadable, match="opens a quotation mark in row 3 that is never closed"):
        table(b'sourcedId,givenName\r\n1,Ann\r\n2,"' + b"Bo,x\r\n" * length)


def test_a_huge_cell_refuses_the_row() -> None:
    rows, found = table(
        b"sourcedId,givenName\r\n1," + b"A" * 5_000 + b"\r\n2,Bo\r\n3," + b"A" * 3_000_000 + b"\r\n4,Cy\r\n"
    )
    assert [row[:2] for row in rows] == [(3, "2"), (5, "4")]
    assert faults(found) == [(2, "is longer than 4,000 characters"), (4, "is longer than 100,000 characters")]


def test_a_million_columns_cost_little() -> None:
    with bounded_work(20):
        with pytest.raises(RosterUnreadable, match="has a header that is longer than 100,000 characters"):
            table(b"sourcedId" + b",x" * 1_000_000 + b"\r\n")
        with pytest.raises(RosterUnreadable, match="has more than 400 columns"):
            table(b"sourcedId" + b",x" * 1_000 + b"\r\n")
        _, found = table(b"sourcedId,givenName\r\n1" + b"," * 1_000_000 + b"\r\n2" + b",x" * 10_000 + b"\r\n")
        assert [row for row, _ in faults(found)] == [2, 3]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty; even a file without rows needs its header"),
        (b"\xef\xbb\xbf", "is empty; even a file without rows needs its header"),
        (b"\r\nsourcedId\r\n", "has a blank first row where the header should be"),
        (b"givenName\r\nAnn\r\n", "has no column sourcedId"),
        (b"sourcedId,givenName,SourcedID\r\n", "has the column sourcedId twice"),
        ("sourcedId,givenName\r\n".encode("utf-16"), "is UTF-16 text; save it as CSV UTF-8"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused_whole(data: bytes, reason: str) -> None:
    with pytest.raises(RosterUnreadable, match=reason):
        table(data)


def test_doubled_columns_nobody_reads_are_only_mentioned() -> None:
    rows, found = table(b"sourcedId,note,note\r\n1,a,b\r\n")
    assert (rows, len(found.warnings)) == ([(2, "1", "")], 1)


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    with contextlib.suppress(RosterUnreadable):
        table(b"sourcedId,givenName\n" + data)


@given(st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=40))
def test_reasons_never_repeat_a_cell(secret: str) -> None:
    record = Record(DATES, 2, {"begin": f"#{secret}#", "on": f"#{secret}#"})
    for read in (lambda: record.day("begin"), lambda: record.flag("on", default=True)):
        with pytest.raises(BadCell) as bad:
            read()
        assert f"#{secret}#" not in bad.value.reason


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-08-31", "2026-08-31"),
        ("2026-08-31T00:00:00.000Z", "2026-08-31"),
        ("8/31/2026", "2026-08-31"),
        ("08/31/2026 12:00 AM", "2026-08-31"),
        ("", "None"),
    ],
)
def test_dates_come_iso_and_american(text: str, iso: str) -> None:
    assert str(Record(DATES, 2, {"begin": text}).day("begin")) == iso


@pytest.mark.parametrize("text", ["31/8/2026", "8/31/26", "2026-13-01", "soon", "20260831", "٢٠٢٦-٠٨-٣١"])
def test_other_dates_are_errors(text: str) -> None:
    with pytest.raises(BadCell, match="beginDate: is not a date such as 2026-08-31"):
        Record(DATES, 2, {"begin": text}).day("begin")


def test_an_end_before_its_beginning_is_an_error() -> None:
    with pytest.raises(BadCell, match="endDate: is before beginDate"):
        Record(DATES, 2, {"begin": "2026-08-31", "end": "2026-08-30"}).span("begin", "end")


@pytest.mark.parametrize(
    ("text", "value"), [("TRUE", True), ("true", True), ("False", False), ("0", False), ("", True)]
)
def test_booleans_are_words_in_any_case(text: str, value: bool) -> None:
    assert Record(DATES, 2, {"on": text}).flag("on", default=True) is value


def test_grades_are_written_as_codes() -> None:
    assert Record(DATES, 2, {"grades": "9, 10;k,PreK,UG,9"}).grades("grades") == ("09", "10", "KG", "PK", "UG")
