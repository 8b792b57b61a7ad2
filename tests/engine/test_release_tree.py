"""Which groups of the tree are published, by hand on small trees and as properties of all trees."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantern.engine.release import Band, Group, Node, ReleaseError, Verdict, atoms, figures, publish_set

SHOWN, FEW, PROTECTS = Verdict.PUBLISHED, Verdict.TOO_FEW, Verdict.PROTECTS_ANOTHER


def node(name: str, parent: str | None, people: int = 0, readers: int = 0, least: int = 10) -> Node:
    return Node(name, parent, Group(people, readers, least))


@pytest.mark.requirement("P7.9")
def test_ten_others_are_enough_and_nine_are_not() -> None:
    assert publish_set([node("a", None, 11)]) == {"a": SHOWN}
    assert publish_set([node("a", None, 10)]) == {"a": FEW}


def test_readers_know_each_other_and_count_as_outside() -> None:
    assert publish_set([node("a", None, 11, readers=1)]) == {"a": SHOWN}
    assert publish_set([node("a", None, 12, readers=3)]) == {"a": FEW}
    assert publish_set([node("a", None, 13, readers=3)]) == {"a": SHOWN}


def test_a_small_school_is_hidden_and_the_smallest_other_one_with_it() -> None:
    tree = [
        node("district", None), node("big", "district", 40), node("middle", "district", 20), node("tiny", "district", 4)
    ]  # fmt: skip
    assert publish_set(tree) == {"district": SHOWN, "big": SHOWN, "middle": PROTECTS, "tiny": FEW}
    assert atoms(tree, ["district", "big"]) == {
        "district": frozenset({"district", "middle", "tiny"}),
        "big": frozenset({"big"}),
    }


def test_nothing_more_is_hidden_where_the_rest_is_empty_or_large() -> None:
    tree = [node("district", None), node("big", "district", 40), node("middle", "district", 20)]
    assert set(publish_set(tree).values()) == {SHOWN}
    tree += [node("tiny", "district", 6), node("small", "district", 5)]
    assert [name for name, verdict in publish_set(tree).items() if verdict is SHOWN] == ["district", "big", "middle"]


def test_ties_are_broken_by_id_and_below_a_hidden_group_as_much_is_hidden_as_it_takes() -> None:
    tree = [
        node("district", None, 3), node("b", "district"), node("a", "district"),
        node("a1", "a", 15), node("a2", "a", 3), node("b1", "b", 15), node("b2", "b", 3),
    ]  # fmt: skip
    assert publish_set(tree) == {
        "district": SHOWN, "a": PROTECTS, "a1": PROTECTS, "a2": FEW, "b": SHOWN, "b1": PROTECTS, "b2": FEW,
    }  # fmt: skip


def test_a_few_people_in_an_office_cost_one_chain_and_no_more() -> None:
    tree = [node("state", None, 3), node("east", "state"), node("west", "state")]
    tree += [node(f"east{n}", "east", 20 + n) for n in range(4)] + [node(f"west{n}", "west", 40) for n in range(4)]
    verdicts = publish_set(tree)
    assert [name for name, verdict in verdicts.items() if verdict is PROTECTS] == ["east", "east0"]
    assert FEW not in verdicts.values()


def test_a_root_that_is_too_small_publishes_nothing() -> None:
    assert publish_set([node("district", None, 2), node("school", "district", 7)]) == {"district": FEW, "school": FEW}
    asks_for_more = [node("district", None, 0), node("school", "district", 30, least=50)]
    assert set(publish_set(asks_for_more).values()) == {FEW}


def test_who_asks_for_a_larger_group_is_never_left_over_in_a_smaller_one() -> None:
    tree = [
        node("state", None), node("wary", "state", 12, least=30), node("near", "state", 15), node("far", "state", 90)
    ]  # fmt: skip
    assert publish_set(tree) == {"state": SHOWN, "wary": FEW, "near": PROTECTS, "far": PROTECTS}
    relaxed = [node("state", None), node("wary", "state", 12), node("near", "state", 15), node("far", "state", 90)]
    assert set(publish_set(relaxed).values()) == {SHOWN}


@pytest.mark.parametrize(
    ("tree", "why"),
    [
        ([node("a", None), node("b", None)], "one root"),
        ([node("a", None), node("a", "a")], "twice"),
        ([node("a", None), node("b", "c")], "no node c"),
        ([node("a", None), node("b", "c"), node("c", "b")], "circle"),
        ([node("a", None, 3, readers=4)], "4 readers of 3"),
        ([], "one root"),
    ],
)
def test_what_is_no_tree_is_refused(tree: list[Node], why: str) -> None:
    with pytest.raises(ReleaseError, match=why):
        publish_set(tree)


@st.composite
def trees(draw: st.DrawFn) -> list[Node]:
    count = draw(st.integers(1, 14))
    found = []
    for number in range(count):
        parent = f"n{draw(st.integers(0, number - 1))}" if number else None
        people = draw(st.integers(0, 30))
        readers = draw(st.integers(0, min(people, 3)))
        found.append(node(f"n{number}", parent, people, readers, draw(st.sampled_from([10, 10, 10, 15]))))
    return found


@given(trees())
def test_every_atom_is_empty_or_large_and_the_rest_is_a_reason(tree: list[Node]) -> None:
    verdicts = publish_set(tree)
    shown = [name for name, verdict in verdicts.items() if verdict is SHOWN]
    here = {one.id: one.here for one in tree}
    for members in atoms(tree, shown).values():
        group = sum((here[member] for member in members), Group())
        assert group.people == 0 or group.is_large
    root = next(one.id for one in tree if one.parent is None)
    assert (root in shown) == bool(shown)
    assert publish_set(list(reversed(tree))) == verdicts


def test_a_figure_has_value_and_size_only_where_it_is_published() -> None:
    tree = [
        node("district", None), node("big", "district", 40), node("other", "district", 25), node("tiny", "district", 4)
    ]  # fmt: skip
    by_name = {figure.node: figure for figure in figures(tree, {"big": 10, "other": Fraction(25, 2), "tiny": 4})}
    assert by_name["big"].value == Band(20, 30) and by_name["big"].size == (21, 40)
    assert by_name["district"].value == Band(35, 40) and by_name["district"].size == (41, 100)
    assert (by_name["other"].value, by_name["other"].size, by_name["other"].verdict) == (None, None, PROTECTS)
    assert (by_name["tiny"].value, by_name["tiny"].size, by_name["tiny"].verdict) == (None, None, FEW)


def test_sums_and_people_are_counted_to_the_last_one() -> None:
    """Each number lies on the border of two bands: one more or one less would be another figure."""
    tree = [node("district", None), node("big", "district", 30), node("other", "district", 41)]

    def shown(sums: dict[str, int]) -> dict[str, Band | None]:
        return {figure.node: figure.value for figure in figures(tree, sums)}

    assert shown({"big": 3})["big"] == Band(10, 20) and shown({"big": 2})["big"] == Band(0, 10)
    assert shown({"big": 6})["big"] == Band(20, 30) and shown({"big": 5})["big"] == Band(10, 20)
    assert shown({"big": 3})["other"] == Band(0, 5), "a group without a sum has none"
    assert shown({"big": 3})["district"] == Band(0, 5), "and adds none to what lies above"
    assert shown({"other": 41})["other"] == Band(95, 100)
    sized = figures([node("district", None, 21)], {"district": 3})
    assert (sized[0].value, sized[0].size) == (Band(10, 20), (21, 40)), "twenty would have had a wider band"


def test_an_empty_group_asks_for_nothing_and_is_never_large() -> None:
    assert (Group() + Group()).least == 0 and Group().cover == 0 and not Group().is_large
    assert Group(0, 0, 200) + Group(30, 2, 5) == Group(30, 2, 5)
    assert Group(1, 0, 0).is_large and not Group(1, 0, 1).is_large
    assert Group(1).is_large, "who asks for nothing is not held to a size"


@pytest.mark.parametrize("readers", [-1, 31])
def test_readers_that_cannot_be_are_refused(readers: int) -> None:
    with pytest.raises(ReleaseError, match="readers"):
        publish_set([Node("district", None, Group(30, readers, 5))])
