"""A pathway as it is written: kept and read again as it was, changed by hand, checked in words, compared."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lantern.engine.pathway import outline as outlines
from lantern.engine.pathway.outline import Entry, LevelFirst, Malformed, Practice, Section, Written
from lantern.engine.pathway.outline_faults import faults
from lantern.engine.pathway.standing import Known
from lantern.engine.pathway.structure import Rule
from lantern.engine.pathway.versions import changes

TREE = Section(
    "top",
    Rule.IN_ORDER,
    (
        Entry("s1", ("read", "listen"), "You know it", ""),
        Section(
            "g1",
            Rule.ANY,
            (
                Entry("s2", ("watch",), "You saw it", "The reading", levels=(LevelFirst("talk", 2),)),
                Section("g2", Rule.MINUTES, (Entry("s3", ("try",), "You tried it", ""),), 30),
            ),
            1,
            "Ways to see it",
        ),
        Entry(
            "s4", ("meet",), "You told others", "", 60, practice=Practice("s1", 2, True), check="talk",
            counts_before=False,
        ),
    ),
)  # fmt: skip
KNOWN = {
    "read": Known("Reading", 20),
    "listen": Known("Listening", 25),
    "watch": Known("Watching", 40),
    "try": Known("Trying", 45),
    "meet": Known("Meeting", None),
}
NAMES = {"talk": "Talk that reaches everybody"}


def keys(part: Written) -> list[str]:
    """The keys in order."""
    return [one.key for one in outlines.walk(part)]


def test_what_is_kept_is_read_again_as_it_was() -> None:
    assert outlines.read(outlines.as_json(TREE)) == TREE
    assert outlines.resources(TREE) == ("read", "listen", "watch", "try", "meet")
    assert outlines.competencies(TREE) == {"talk"}
    assert outlines.equivalents(TREE) == (frozenset({"read", "listen"}),)


_texts = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=20).map(str.strip)
_parts = st.recursive(
    st.builds(
        Entry,
        st.just("s"),
        st.lists(st.text("abc-", min_size=1, max_size=5), min_size=1, max_size=3, unique=True).map(tuple),
        _texts,
        st.none() | _texts,
        st.none() | st.integers(0, 900),
        st.lists(st.builds(LevelFirst, _texts, st.integers(1, 4)), max_size=2).map(tuple),
        st.none() | st.builds(Practice, st.just("s1"), st.integers(1, 9), st.booleans()),
        _texts,
        st.booleans(),
    ),
    lambda inside: st.builds(
        Section,
        st.just("g"),
        st.sampled_from(Rule),
        st.lists(inside, max_size=4).map(tuple),
        st.integers(0, 90),
        _texts,
    ),
    max_leaves=12,
)


def _numbered(part: Written, counter: list[int]) -> Written:
    counter[0] += 1
    part = replace(part, key=f"k{counter[0]}")
    if isinstance(part, Section):
        return replace(part, parts=tuple(_numbered(one, counter) for one in part.parts))
    return part


trees = st.lists(_parts, max_size=4).map(lambda parts: _numbered(Section("top", Rule.ALL, tuple(parts)), [0]))


@settings(max_examples=80, deadline=None)
@given(trees)
def test_any_outline_is_read_again_as_it_was(tree: Section) -> None:
    assert outlines.read(outlines.as_json(tree)) == tree


@settings(max_examples=80, deadline=None)
@given(trees, st.data())
def test_moving_loses_nothing_and_adding_puts_one_in(tree: Section, data: Any) -> None:
    before = sorted(keys(tree))
    key = data.draw(st.sampled_from(keys(tree)))
    moved = outlines.moved(tree, key, data.draw(st.sampled_from(["up", "down", "in", "out", "sideways"])))
    assert sorted(keys(moved)) == before
    assert outlines.read(outlines.as_json(moved)) == moved
    fresh = outlines.new_key(tree)
    assert fresh not in before
    into = data.draw(st.sampled_from([one.key for one in outlines.walk(tree) if isinstance(one, Section)]))
    added = outlines.added(tree, into, Entry(fresh, ("new",)))
    assert sorted(keys(added)) == sorted([*before, fresh])
    assert keys(outlines.removed(added, fresh)) == keys(tree)


def test_a_key_is_never_given_to_another_part() -> None:
    top = Section("top", Rule.ALL, (Entry("s1", ("a",)), Entry("s7", ("b",)), Section("g2", Rule.ALL)))
    assert outlines.new_key(top) == "s8" and outlines.new_key(top, "g") == "g3"
    assert outlines.new_key(outlines.removed(top, "s7"), used={"s7", "top"}) == "s8"
    assert outlines.new_key(outlines.empty(), used={"s999999999", "s1000000000"}) == "s1000000001"


def test_sets_that_come_go_and_nest_are_changes() -> None:
    old = Section("top", Rule.ALL, (Section("g1", Rule.ALL, (Entry("a", ("a",)),)), Section("g2", Rule.ALL)))
    wrapped = replace(old, parts=(Section("g3", Rule.ANY, old.parts, 1),))
    there, back = changes(old, wrapped), changes(wrapped, old)
    assert [one.key for one in there.sets_added] == ["g3"] == [one.key for one in back.sets_removed]
    assert [one.key for one in there.sets_moved] == ["g1", "g2"] and not there.none and not back.none
    emptied = outlines.removed(old, "g2")
    assert [one.key for one in changes(old, emptied).sets_removed] == ["g2"]
    assert changes(old, old).none and not changes(old, replace(old, parts=old.parts[::-1])).none


def test_moves_go_where_they_say() -> None:
    assert keys(outlines.moved(TREE, "g1", "up")) == ["top", "g1", "s2", "g2", "s3", "s1", "s4"]
    into = outlines.moved(TREE, "s4", "in")
    assert keys(into) == ["top", "s1", "g1", "s2", "g2", "s3", "s4"]
    parent = outlines.parent_of(into, "s4")
    assert parent is not None and parent.key == "g1"
    out = outlines.moved(into, "s2", "out")
    assert keys(out) == ["top", "s1", "g1", "g2", "s3", "s4", "s2"]
    assert outlines.moved(TREE, "s1", "up") == TREE and outlines.moved(TREE, "top", "out") == TREE
    assert outlines.moved(TREE, "s1", "in") == TREE, "there is no set before it"


def test_what_waited_for_practice_after_a_step_that_goes_waits_no_more() -> None:
    left = outlines.removed(TREE, "s1")
    step = outlines.find(left, "s4")
    assert isinstance(step, Entry) and step.practice is None
    assert faults(left, {**KNOWN, "meet": Known("Meeting", 60)}, NAMES) == []


def test_sets_nest_only_so_deep() -> None:
    tree: Section = outlines.empty()
    deepest = "top"
    for number in range(1, 20):
        if not outlines.fits_into(tree, deepest):
            break
        tree = outlines.added(tree, deepest, Section(f"g{number}", Rule.ALL))
        deepest = f"g{number}"
    assert outlines.read(outlines.as_json(tree)) == tree
    with pytest.raises(Malformed, match="deep"):
        outlines.read(outlines.as_json(outlines.added(tree, deepest, Section("more", Rule.ALL))))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "neither a set nor a step"),
        ([], "neither a set nor a step"),
        ({"key": "s1", "routes": ["a"]}, "a set, not a step"),
        ({"key": "top", "rule": "some", "parts": []}, "rule is one of"),
        ({"key": "top", "rule": "all", "parts": {}}, "list of sets"),
        ({"key": "Top!", "rule": "all", "parts": []}, "small letters"),
        ({"key": "top", "rule": "all", "parts": [], "who": "me"}, "not known here: who"),
        ({"key": "top", "rule": "all", "parts": [{"key": "s1", "routes": []}]}, "routes is a list"),
        ({"key": "top", "rule": "all", "parts": [{"key": "s1", "routes": ["a", "a"]}]}, "different resources"),
        ({"key": "top", "rule": "all", "parts": [{"key": "top", "routes": ["a"]}]}, "two parts have this key"),
        ({"key": "top", "rule": "all", "parts": [{"key": "s1", "routes": ["a"], "outcome": 7}]}, "outcome is text"),
        ({"key": "top", "rule": "all", "parts": [{"key": "s1", "routes": ["a"], "outcome": "x" * 201}]}, "200"),
        ({"key": "top", "rule": "all", "parts": [{"key": "s1", "routes": ["a"], "minutes": True}]}, "whole number"),
        ({"key": "top", "rule": "all", "parts": [{"key": "s1", "routes": ["a"], "minutes": -1}]}, "whole number"),
        ({"key": "top", "rule": "all", "parts": [{"key": "s1", "routes": ["a"], "practice": {"after": "s1"}}]}, "wee"),
        ({"key": "top", "rule": "all", "parts": [{"key": "s1", "routes": ["a"], "levels": [{"level": 5}]}]}, "1 to 4"),
        ({"key": "top", "rule": "all", "parts": [{"key": "s1", "routes": ["a"], "levels": [{"level": 1.0}]}]}, "to 4"),
        ({"key": "top", "rule": "all", "parts": [{"key": "s1", "routes": ["a"], "counts_before": "no"}]}, "true or"),
        ({"key": "top", "rule": "any", "least": "2", "parts": []}, "whole number"),
        ({"key": "top", "rule": "all", "parts": [{"key": f"s{n}", "routes": ["a"]} for n in range(201)]}, "most 200"),
    ],
)  # fmt: skip
def test_what_is_no_outline_is_refused_with_its_place(value: object, words: str) -> None:
    with pytest.raises(Malformed, match=words):
        outlines.read(value)


@pytest.mark.requirement("P7.4")
def test_no_step_goes_out_without_minutes_outcome_and_prior_knowledge() -> None:
    bare = Section("top", Rule.ALL, (Entry("s1", ("meet",)), Entry("s2", ("read",), "You know it", "")))
    said = [one.words for one in faults(bare, KNOWN, NAMES) if one.key == "s1"]
    assert said == [
        "Say how long “Meeting” takes; the catalog does not.",
        "Say what it leads to.",
        "Say what one should know before it, or that nothing is needed.",
    ]
    assert not [one for one in faults(bare, KNOWN, NAMES) if one.key == "s2"]
    assert faults(TREE, KNOWN, NAMES) == []


def wrong(*parts: Written, rule: Rule = Rule.ALL, least: int = 0) -> Section:
    """An outline of these parts."""
    return Section("top", rule, parts, least)


def step(key: str, *routes: str, **more: Any) -> Entry:
    """A step that says all it has to."""
    return Entry(key, routes, "So", "", **more)


@pytest.mark.parametrize(
    ("tree", "at", "words"),
    [
        (wrong(), "top", "nothing in it yet"),
        (wrong(Section("g1", Rule.ALL), step("s1", "read")), "g1", "set is empty"),
        (wrong(step("s1", "read"), rule=Rule.ANY), "top", "how many of it"),
        (wrong(step("s1", "read"), rule=Rule.ANY, least=2), "top", "more than there is: 2 of 1."),
        (wrong(step("s1", "read"), rule=Rule.MINUTES, least=30), "top", "30 of 20 minutes."),
        (wrong(step("s1", "read"), step("s2", "watch", "read")), "top", "“Reading” is in this set twice"),
        (wrong(step("s1", "nowhere")), "s1", "not in the catalog here"),
        (wrong(step("s1", "old")), "s1", "“Old one” is offered no more. Put another in its place"),
        (wrong(step("s1", "read", "old")), "s1", "“Old one” is offered no more. Take it out"),
        (wrong(step("s1", "read", check="gone")), "s1", "competency that is not here"),
        (wrong(step("s1", "read", levels=(LevelFirst("gone", 1),))), "s1", "competency that is not here"),
        (wrong(step("s1", "read", practice=Practice("s9", 1))), "s1", "practice follows is not here"),
        (wrong(step("s1", "read", practice=Practice("s1", 1))), "s1", "waits for itself"),
        (
            wrong(step("s1", "read", practice=Practice("s2", 1)), step("s2", "watch", practice=Practice("s1", 1))),
            "s1",
            "“Reading” and “Watching” wait for each other",
        ),
        (
            wrong(step("s1", "late"), step("s2", "read"), rule=Rule.IN_ORDER),
            "s1",
            "“Later” builds on “Reading”, which comes after it here",
        ),
        (wrong(step("s1", "round"), step("s2", "about")), "s1", "wait for each other"),
    ],
)
def test_each_fault_is_said_in_words_at_its_part(tree: Section, at: str, words: str) -> None:
    known = KNOWN | {
        "old": Known("Old one", 10, offered=False),
        "late": Known("Later", 10, needs=frozenset({"read"})),
        "round": Known("Round", 10, needs=frozenset({"about"})),
        "about": Known("About", 10, needs=frozenset({"round"})),
    }
    assert [one for one in faults(tree, known, NAMES) if one.key == at and words in one.words]


def test_a_prerequisite_that_is_no_step_here_or_has_another_way_is_no_fault() -> None:
    known = KNOWN | {"late": Known("Later", 10, needs=frozenset({"read", "elsewhere"}))}
    first = wrong(step("s1", "listen", "read"), step("s2", "late"), rule=Rule.IN_ORDER)
    assert faults(first, known, NAMES) == []


def test_a_newer_version_says_what_it_changes() -> None:
    third = step("s9", "watch")
    new = outlines.removed(outlines.added(TREE, "top", third), "g1")
    differ = changes(TREE, new)
    assert ([one.key for one in differ.added], [one.key for one in differ.removed]) == (["s9"], ["s2", "s3"])
    assert not differ.changed and not differ.moved and not differ.rules
    first = TREE.parts[0]
    assert isinstance(first, Entry)
    other = outlines.put(TREE, replace(first, outcome="You know it well"))
    assert [(old.outcome, now.outcome) for old, now in changes(TREE, other).changed] == [
        ("You know it", "You know it well")
    ]
    assert [one.key for one in changes(TREE, outlines.moved(TREE, "s1", "down")).moved] == ["s1"]
    group = TREE.parts[1]
    assert isinstance(group, Section)
    assert [one.key for one in changes(TREE, outlines.put(TREE, replace(group, least=2))).rules] == ["g1"]
    assert changes(TREE, TREE).none
