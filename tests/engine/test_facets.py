"""Counts of facets against counting by hand, on small random catalogues, also after changes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantern.engine.facets import Bits, Column, Labels, count_all

KINDS = ("course", "video", "book")
GRADES = ("K", "1", "2")
TERMS = ("algebra", "reading", "feedback", "safety")

row = st.tuples(st.sampled_from(KINDS), st.sets(st.sampled_from(GRADES)), st.sets(st.sampled_from(TERMS)))
catalogue = st.lists(row, max_size=12)
choice = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sets(st.sampled_from((*KINDS, "nothing"))),
        "grade": st.sets(st.sampled_from(GRADES)),
        "term": st.sets(st.sampled_from(TERMS)),
    },
)


def columns_of(rows) -> dict[str, Column]:
    return {
        "kind": Labels.of([(kind,) for kind, _, _ in rows], KINDS),
        "grade": Bits.of([grades for _, grades, _ in rows], GRADES, any_when_none=True),
        "term": Labels.of([sorted(terms) for _, _, terms in rows]),
    }


def values(row, name):
    kind, grades, terms = row
    return {"kind": {kind}, "grade": grades or set(GRADES), "term": terms}[name]


def fits(row, chosen, without=None):
    return all(not wanted or values(row, name) & wanted for name, wanted in chosen.items() if name != without)


def counted(rows, chosen, among, name):
    options = {"kind": KINDS, "grade": GRADES, "term": TERMS}[name]
    return {
        value: number
        for value in options
        if (
            number := sum(
                value in values(row, name)
                for row, there in zip(rows, among, strict=True)
                if there and fits(row, chosen, name)
            )
        )
    }


def assert_counts(rows, columns, chosen, among):
    found, counts = count_all(columns, chosen, np.array(among, dtype=np.bool_))
    assert found.tolist() == [there and fits(row, chosen) for row, there in zip(rows, among, strict=True)]
    for name in columns:
        assert {value: n for value, n in counts[name].items() if n} == counted(rows, chosen, among, name)


@pytest.mark.requirement("P3.4")
@given(rows=catalogue, chosen=choice, data=st.data())
def test_counts_are_those_made_by_hand(rows, chosen, data) -> None:
    among = data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))
    assert_counts(rows, columns_of(rows), chosen, among)


@given(rows=catalogue, added=catalogue, chosen=choice, data=st.data())
def test_changed_columns_count_as_new_ones(rows, added, chosen, data) -> None:
    keep = data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))
    mask = np.array(keep, dtype=np.bool_)
    changed = {
        "kind": columns_of(rows)["kind"].changed(mask, [(kind,) for kind, _, _ in added]),
        "grade": columns_of(rows)["grade"].changed(mask, [grades for _, grades, _ in added]),
        "term": columns_of(rows)["term"].changed(mask, [sorted(terms) for _, _, terms in added]),
    }
    now = [row for row, kept in zip(rows, keep, strict=True) if kept] + added
    assert_counts(now, changed, chosen, [True] * len(now))


def test_unknown_dimension_is_a_fault_of_ours() -> None:
    with pytest.raises(KeyError):
        count_all({}, {"colour": {"red"}}, np.zeros(0, dtype=np.bool_))
