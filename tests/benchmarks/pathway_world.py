"""Problems for the planner after the protocol of intelligence.md C2: 30 % live with one to four dates, stacks,
prerequisites with alternatives, 6 to 10 gaps, two mandates, two initiatives, two credit rules, badges, holidays.

C2 does not say how minutes and gains were drawn; here: modules of 30 to 240 minutes (about 95), weeks of 60 to 120, one
to three gains of 0.1 to 1 level, so that some 20 to 35 modules fill half a year.
"""

from __future__ import annotations

import random

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
    Problem,
    Week,
)

COMPETENCIES = 24
FORMATS = ("reading", "video", "course", "workshop", "community")


def made_problem(modules: int, weeks: int, seed: int) -> Problem:
    """One instance; the same for the same arguments."""
    rng = random.Random(f"{modules} {weeks} {seed}")
    goals = tuple(
        Goal(f"c{place}", round(rng.uniform(0.6, 2.0), 1), round(rng.uniform(0.5, 2.0), 1))
        for place in rng.sample(range(COMPETENCIES), rng.randint(6, 10))
    )
    calendar = tuple(_weeks(rng, weeks))
    candidates = [_module(rng, number, weeks) for number in range(modules)]
    ids = [one.id for one in candidates]
    asynchronous = [one.id for one in candidates if not one.dates]
    return Problem(
        weeks=calendar,
        candidates=tuple(candidates),
        goals=goals,
        duties=(
            Duty("safety", frozenset({_easy(rng, candidates)}), weeks // 3),
            Duty("privacy", frozenset({_easy(rng, candidates)}), 2 * weeks // 3),
            Duty("reading first", frozenset(rng.sample(ids, 6)), weeks // 2, "initiative"),
            Duty("every voice", frozenset(rng.sample(ids, 6)), weeks - 1, "initiative"),
        ),
        credit_rules=(
            CreditRule("licence", "hours", round(weeks * 0.6), weeks - 1),
            CreditRule("bilingual", "bilingual", 3, 3 * weeks // 4),
        ),
        badges=tuple(
            Badge(f"b{place}", round(rng.uniform(0.2, 0.6), 1), frozenset(chosen[:1]), frozenset(chosen[1:]), 2)
            for place in range(max(2, modules // 60))
            for chosen in (rng.sample(ids, 6),)
        ),
        equivalent=tuple(frozenset(rng.sample(ids, 2)) for _ in range(modules // 40)),
        gaps=tuple(
            Gap(first, then, 2, in_class=True)
            for _ in range(modules // 40)
            for first, then in (rng.sample(asynchronous, 2),)
        ),
        liked={rng.choice(FORMATS): 0.02},
        variety=0.02,
    )


def _weeks(rng: random.Random, weeks: int) -> list[Week]:
    usual = rng.choice((60, 75, 90, 105, 120))
    found = []
    for number in range(weeks):
        holiday = number % 9 == 8 or rng.random() < 0.04
        found.append(Week(0 if holiday else max(30, usual + rng.choice((-30, 0, 0, 0, 30))), teaching=not holiday))
    return found


def _module(rng: random.Random, number: int, weeks: int) -> Candidate:
    live = rng.random() < 0.3
    minutes = rng.choice((45, 60, 60, 90)) if live else rng.choice((30, 45, 60, 60, 90, 120, 150, 180, 240))
    gains: dict[Id, float] = {
        f"c{place}": round(rng.uniform(0.1, 1.0) * (0.25 + minutes / 160), 2)
        for place in rng.sample(range(COMPETENCIES), rng.randint(1, 3))
    }
    credits = {"hours": minutes / 60}
    if rng.random() < 0.1:
        credits["bilingual"] = minutes / 60
    needs: list[tuple[ItemDone | LevelReached, ...]] = []
    if number >= 10 and rng.random() < 0.3:  # a stack goes on from a part that was numbered before
        needs.append((ItemDone(f"m{rng.randrange(number - 10, number)}"),))
    if number >= 10 and rng.random() < 0.15:
        needs.append(tuple(ItemDone(f"m{one}") for one in rng.sample(range(number), 2)))
    if rng.random() < 0.03:
        needs.append((LevelReached(f"c{rng.randrange(COMPETENCIES)}", 0.5),))
    dates = tuple(LiveDate(week, None, rng.choice((0, 0, 20))) for week in _dates(rng, weeks)) if live else ()
    return Candidate(
        f"m{number}", minutes, gains, tuple(needs), dates, rng.choice(FORMATS), credits=credits,
        value=round(rng.uniform(0, 0.05), 3),
    )  # fmt: skip


def _dates(rng: random.Random, weeks: int) -> list[int]:
    return sorted(rng.sample(range(weeks), rng.randint(1, 4)))


def _easy(rng: random.Random, candidates: list[Candidate]) -> Id:
    return rng.choice([one.id for one in candidates if not one.dates and not one.needs and one.minutes <= 90])
