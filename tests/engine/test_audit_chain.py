"""A chain of sealed rows: whatever is changed in its middle shows, its end only against an anchor (trust.md F2)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantern.engine import audit_chain
from lantern.engine.audit_chain import BEGINNING, Fault, FaultKind, check, seal

Row = tuple[int, str, list[str]]
texts = st.lists(st.text(st.characters(exclude_characters="\x1f", exclude_categories=["Cs"])), min_size=2, max_size=2)


def chain_of(contents: list[list[str]]) -> list[Row]:
    """Sealed rows of these contents."""
    rows, before = [], BEGINNING
    for number, fields in enumerate(contents, start=1):
        before = seal(before, number, fields)
        rows.append((number, before, fields))
    return rows


ROWS = chain_of([["a", "1"], ["b", "2"], ["c", "3"], ["d", "4"]])
ANCHOR = {4: ROWS[3][1]}


def test_a_whole_chain_is_whole_with_and_without_anchors() -> None:
    for anchors in ({}, {2: ROWS[1][1]}, ANCHOR):
        verdict = check(ROWS, anchors)
        assert (verdict.rows, verdict.seal, verdict.fault) == (4, ROWS[3][1], None)
    assert check([], {}).fault is None


@pytest.mark.parametrize(
    ("tampered", "wanted"),
    [
        ([ROWS[0], (2, ROWS[1][1], ["b", "changed"]), *ROWS[2:]], Fault(FaultKind.ALTERED, 2)),
        ([ROWS[0], *ROWS[2:]], Fault(FaultKind.MISSING, 2)),
        (ROWS[1:], Fault(FaultKind.MISSING, 1)),
        ([ROWS[0], (2, *ROWS[2][1:]), (3, *ROWS[1][1:]), ROWS[3]], Fault(FaultKind.ALTERED, 2)),
        ([ROWS[0], ROWS[0], *ROWS[1:]], Fault(FaultKind.ALTERED, 2)),
        ([(0, *ROWS[0][1:]), *ROWS], Fault(FaultKind.ALTERED, 1)),
    ],
    ids=["edited", "deleted", "first deleted", "swapped", "put in twice", "put in before"],
)
def test_the_first_bad_row_is_named(tampered: list[Row], wanted: Fault) -> None:
    assert check(tampered, {}).fault == wanted


def test_a_cut_or_rewritten_end_shows_against_an_anchor_only() -> None:
    rewritten = chain_of([["a", "1"], ["b", "2"], ["x", "3"], ["d", "4"]])
    assert check(ROWS[:3], {}).fault is check(rewritten, {}).fault is None
    assert check(ROWS[:3], ANCHOR).fault == Fault(FaultKind.CUT_SHORT, 4)
    assert check(rewritten, ANCHOR).fault == Fault(FaultKind.NOT_AS_ANCHORED, 4)
    assert check([], ANCHOR).fault == Fault(FaultKind.CUT_SHORT, 1)


def test_a_field_cannot_hold_what_separates_fields() -> None:
    with pytest.raises(ValueError, match="separator"):
        seal(BEGINNING, 1, ["a\x1fb"])
    shifted = [(1, ROWS[0][1], ["a\x1f1", ""])]
    assert check(shifted, {}).fault == Fault(FaultKind.ALTERED, 1)


@given(st.lists(texts, min_size=1, max_size=8), st.data())
def test_any_change_of_any_field_shows(contents: list[list[str]], data: st.DataObject) -> None:
    rows = chain_of(contents)
    place = data.draw(st.integers(0, len(rows) - 1))
    number, sealed, fields = rows[place]
    other = data.draw(texts.filter(lambda given: given != fields))
    verdict = check([*rows[:place], (number, sealed, other), *rows[place + 1 :]], {})
    assert verdict == audit_chain.Verdict(place, rows[place - 1][1] if place else BEGINNING, verdict.fault)
    assert verdict.fault == Fault(FaultKind.ALTERED, number)
