"""Tiny problems of every kind, for hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

from lantern.engine.pathway import (
    Badge,
    Candidate,
    CreditRule,
    Duty,
    Gap,
    Goal,
    Id,
    ItemDone,
    LevelReached,
    LiveDate,
    Pin,
    Problem,
    Requirement,
    Week,
)

MINUTES = st.sampled_from([30, 60, 90])
TENTHS = st.integers(1, 12).map(lambda tenths: tenths / 10)


@st.composite
def tiny_problems(draw: st.DrawFn, items: int = 4, weeks: int = 3, strict: bool = False) -> Problem:
    """A problem of a few items and weeks, in half hours; `strict`: with several musts, most of them too much."""
    ids: list[Id] = [f"m{number}" for number in range(draw(st.integers(2, items)))]
    calendar = tuple(
        Week(draw(st.sampled_from([0, 30, 60, 60, 90])), draw(st.booleans()))
        for _ in range(draw(st.integers(2, weeks)))
    )
    last = len(calendar) - 1
    week = st.integers(0, last)

    def needs() -> tuple[tuple[Requirement, ...], ...]:
        groups = []
        for _ in range(draw(st.sampled_from([0, 0, 1, 1, 2]))):
            group: list[Requirement] = [
                ItemDone(one) for one in draw(st.lists(st.sampled_from(ids), min_size=1, max_size=2))
            ]
            if draw(st.integers(0, 5)) == 0:
                group = [LevelReached("a", draw(TENTHS))]
            groups.append(tuple(group))
        return tuple(groups)

    candidates = tuple(
        Candidate(
            one,
            draw(MINUTES),
            {kind: draw(TENTHS) for kind in draw(st.sets(st.sampled_from("ab"), max_size=2))},
            needs(),
            tuple(
                LiveDate(draw(st.integers(-1, last + 1)), travel=draw(st.sampled_from([0, 30])))
                for _ in range(draw(st.sampled_from([0, 0, 1, 2])))
            ),
            draw(st.sampled_from(["video", "workshop", ""])),
            credits={"hours": draw(st.sampled_from([0.5, 1.0, 1.5]))} if draw(st.booleans()) else {},
            value=draw(st.sampled_from([0.0, 0.1])),
            cost=draw(st.sampled_from([0.0, 10.0])),
            opens=draw(st.sampled_from([0, 0, 0, 1])),
            closes=draw(st.sampled_from([None, None, None, last - 1])),
            retired=draw(st.integers(0, 9)) == 0,
        )
        for one in ids
    )
    many = st.integers(1 if strict else 0, 2)
    pairs = st.permutations(ids).map(lambda mixed: tuple(mixed[:2]))
    return Problem(
        calendar,
        candidates,
        tuple(Goal(kind, draw(TENTHS), draw(TENTHS)) for kind in "ab"),
        tuple(
            Duty(f"d{n}", frozenset(draw(st.sets(st.sampled_from(ids), min_size=1, max_size=2))), draw(week))
            for n in range(draw(many))
        ),
        tuple(
            CreditRule(f"r{n}", "hours", draw(st.sampled_from([0.5, 1.0, 2.0])), draw(week)) for n in range(draw(many))
        ),
        tuple(Pin(one, draw(week)) for one in draw(st.sets(st.sampled_from(ids), max_size=1))),
        tuple(
            Gap(first, then, draw(st.integers(0, 2)), draw(st.booleans()))
            for first, then in draw(st.lists(pairs, max_size=1))
        ),
        tuple(
            Badge("b", 0.5, frozenset(ids[:1]), frozenset(ids[1:]), draw(st.integers(0, 1)))
            for _ in range(draw(st.integers(0, 1)))
        ),
        draw(st.sampled_from([(), (), (frozenset(ids[-2:]),)])),
        levels={"a": 0.2},
        done=draw(st.sampled_from([{}, {}, {"old": -2}, {ids[-1]: -1}])),
        variety=draw(st.sampled_from([0.0, 0.05])),
        budget=draw(st.sampled_from([None, None, 10.0])),
        most_items=draw(st.sampled_from([None, None, 2])),
        previous=draw(st.sampled_from([None, None, {ids[0]: (0,)}])),
    )
