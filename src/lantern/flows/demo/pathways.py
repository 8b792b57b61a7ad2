"""The pathways of the demonstration: four prepared starts in order, and one with a choice, practice and two ways."""

from __future__ import annotations

from typing import Any

from lantern.domain.catalog import queries as catalog
from lantern.domain.pathways import commands
from lantern.engine.pathway.outline import TOP, Entry, Practice, Section, flat
from lantern.engine.pathway.structure import Rule
from lantern.kernel.actor import Actor

NONE = ""
STARTS: tuple[tuple[str, str, tuple[str, ...], int, int, tuple[tuple[str, str, str], ...]], ...] = (
    (
        "Your first month in the classroom",
        "Calm beginnings, a first number talk, and somebody to ask.",
        ("teacher",),
        0,
        2,
        (
            ("rb-003", "You have seen four ways to begin a lesson and chosen one", NONE),
            ("rb-002", "Three routines of your own, written down and rehearsed", NONE),
            ("rb-013", "You wait three seconds after a question", NONE),
            ("rb-004", "You know who to ask", NONE),
        ),
    ),
    (
        "From trying it to leading it",
        "For teachers who know their craft and want to open it to others.",
        ("teacher", "coach"),
        2,
        4,
        (
            ("rb-032", "Your students give each other feedback that is used", "Your own feedback is used"),
            ("rb-029", "A colleague has watched you teach", NONE),
            ("rb-030", "You mentor somebody in their first year", "A few good years of your own"),
        ),
    ),
    (
        "Helping without doing it",
        "For paraprofessionals who begin, or begin again.",
        ("paraprofessional",),
        0,
        2,
        (
            ("rb-018", "Recess games in which nobody is left out", NONE),
            ("rb-016", "A small group that runs without you", NONE),
            ("rb-019", "Notes that the teacher uses", NONE),
            ("rb-025", "Colleagues who do the same work", NONE),
        ),
    ),
    (
        "Classroom visits that people welcome",
        "For principals and others who lead a school.",
        ("school_leader",),
        0,
        2,
        (
            ("rb-048", "New colleagues feel met, all year", NONE),
            ("rb-045", "Visits that end in a conversation", "You know your staff by name"),
            ("rb-046", "One question to your staff, and your answer", NONE),
        ),
    ),
)
"""Name, summary, kinds of work, from and to which level, and the steps by their ids in the tables."""

CHOICE = "More voices in every lesson"


def prepare_pathways(actor: Actor) -> None:
    """Prepare the pathways of a district and offer them."""
    known = dict(catalog.list_managed(actor).values_list("external_id", "pk"))
    for title, summary, jobs, level_from, level_to, steps in STARTS:
        outline = flat((str(known[id]), outcome, prior) for id, outcome, prior in steps)
        _offer(actor, title, summary, jobs, level_from, level_to, outline)
    summary = "Begin with one habit, choose what draws you, practise in class, then look at what changed."
    _offer(actor, CHOICE, summary, ("teacher",), 1, 3, _voices({id: str(pk) for id, pk in known.items()}))


def _voices(known: dict[str, str]) -> Section:
    choice = Section(
        "g1",
        Rule.ANY,
        (
            Entry("s2", (known["rb-010"],), "You know who is quiet and why", NONE),
            Entry("s3", (known["rb-006"],), "Four number talks that you tried", "A class that you see most days"),
            Entry("s4", (known["rb-035"],), "Questions that ask for reasons", NONE),
        ),
        2,
        "Ways to more voices",
    )
    begin = Entry("s1", (known["rb-013"], known["rb-033"]), "You have counted who speaks, and you wait", NONE)
    look = Entry(
        "s5", (known["rb-039"],), "You have looked at your students' work with others", NONE,
        practice=Practice("s1", 2, True),
    )  # fmt: skip
    return Section(TOP, Rule.IN_ORDER, (begin, choice, look))


def _offer(
    actor: Actor, title: str, summary: str, jobs: tuple[str, ...], level_from: int, level_to: int, outline: Any
) -> None:
    row = commands.create_pathway(
        actor,
        title=title,
        summary=summary,
        job_kinds=jobs,
        level_from=level_from,
        level_to=level_to,
        outline=outline,
    )
    commands.offer_pathway(actor, pathway_id=row.pk)
