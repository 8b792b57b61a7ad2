"""Bringing in what a class showed, saying what a standard means, following one beside a goal, and removing it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from django.db import transaction

from lantern.domain.competencies import queries as competencies
from lantern.domain.goals import queries as goals
from lantern.domain.privacy import policy as privacy
from lantern.domain.results import policy
from lantern.domain.results.events import (
    ClassResultsBroughtIn,
    ClassResultsRemoved,
    MeasureChanged,
    StandardsMapped,
)
from lantern.domain.results.models import ClassStandard, GoalMeasure, OwnClass, StandardResult
from lantern.domain.results.types import LONGEST_LABEL, MOST_CLASSES, MOST_DAYS, Kept
from lantern.engine.class_results import FEWEST_STUDENTS, MAX_STANDARDS, Tally
from lantern.engine.standard_codes import meeting_key
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Conflict, Invalid, NotFound
from lantern.kernel.events import publish
from lantern.kernel.turns import take_turn

_EARLIEST = date(2000, 1, 1)


@transaction.atomic
def bring_in(
    actor: Actor,
    *,
    tallies: Iterable[Tally],
    students: int | None,
    on: date,
    class_id: UUID | None = None,
    label: str = "",
) -> Kept:
    """Keep what a class of mine showed on a day, by standard: of a class that is there, or of a new one with a label.
    How many `students` it was decides whether sums are kept at all, and is not kept itself.

    For a standard and day that are there already, what comes last counts. Two spellings of a code are one standard,
    kept as it was written first. Raises NotFound, Invalid; then nothing is kept.
    """
    me, found = privacy.acting_person(actor), list(tallies)
    _check(found, students, on)
    take_turn("class results", me)
    own = _class(actor, class_id) if class_id is not None else _named(actor, me, label)
    known = {meeting_key(row.code): row for row in ClassStandard.objects.filter(own_class=own)}
    days = set(StandardResult.objects.filter(standard__own_class=own).values_list("on", flat=True))
    if len(days | {on}) > MOST_DAYS:
        raise Invalid({"on": f"A class keeps results of {MOST_DAYS} days. Remove a day first."})
    added = {key: tally.code for tally in found if (key := meeting_key(tally.code)) not in known}
    if len(known) + len(added) > MAX_STANDARDS:
        raise Invalid({"": f"A class keeps at most {MAX_STANDARDS} standards. Give these results another label."})
    tenant = {"tenant_id": actor.tenancy.own}
    new = [ClassStandard(own_class=own, code=code, **tenant) for code in added.values()]
    known |= dict(zip(added, ClassStandard.objects.bulk_create(new), strict=True))
    touched = [known[meeting_key(tally.code)] for tally in found]
    replaced, _ = StandardResult.objects.filter(standard__in=touched, on=on).delete()
    now = clock.now()
    StandardResult.objects.bulk_create(
        StandardResult(standard=standard, on=on, right=tally.right, of=tally.of, at=now, **tenant)
        for standard, tally in zip(touched, found, strict=True)
    )
    publish(actor, ClassResultsBroughtIn(own.pk))
    return Kept(own.pk, on, len(found), len(added), replaced)


def _check(tallies: list[Tally], students: int | None, on: date) -> None:
    if not tallies:
        raise Invalid({"": "There are no results in it."})
    if any(not 0 <= one.right <= one.of or one.of < 1 for one in tallies):
        raise Invalid({"": "There cannot be more right answers than answers."})
    if len({meeting_key(one.code) for one in tallies}) != len(tallies):
        raise Invalid({"": "A standard comes twice. Sum its answers first."})
    if on > clock.today():
        raise Invalid({"on": "Choose a day that has been."})
    if on < _EARLIEST:
        raise Invalid({"on": "Choose a day after the year 2000."})
    if students is None:
        raise Invalid({"students": "Say how many students it was. It is not kept."})
    if students < FEWEST_STUDENTS:
        few = f"Sums of fewer than {FEWEST_STUDENTS} students would say what single students did, so they are not kept."
        raise Invalid({"students": f"{few} Put groups together where that makes sense."})


def _named(actor: Actor, me: UUID, label: str) -> OwnClass:
    """Return my class with this label, which is sealed, so that it is compared here; a new one where there is none."""
    label = " ".join(label.split())
    if not label:
        raise Invalid({"label": "Give the class a label of your own, such as: grade 4, mathematics."})
    if len(label) > LONGEST_LABEL:
        raise Invalid({"label": f"Please keep this to {LONGEST_LABEL} characters."})
    mine = list(OwnClass.objects.filter(policy.visible(actor)))
    same = next((row for row in mine if row.label.casefold() == label.casefold()), None)
    if same is not None:
        return same
    if len(mine) >= MOST_CLASSES:
        raise Invalid({"label": f"You have {MOST_CLASSES} classes here. Remove one first."})
    return OwnClass.objects.create(person_id=me, label=label, created_at=clock.now())


@transaction.atomic
def map_standards(actor: Actor, *, class_id: UUID, means: Mapping[UUID, UUID | None], counts: Iterable[UUID]) -> None:
    """Say what standards of a class of mine mean in my framework (None: nothing), and which may speak for my level.

    Raises NotFound for a class, standard or competency that is not there, Invalid for one that counts for nothing.
    """
    privacy.acting_person(actor)
    own, counted = _class(actor, class_id), set(counts)
    wanted = {competency_id for competency_id in means.values() if competency_id is not None}
    if len(competencies.competency_names(actor, wanted)) != len(wanted):
        raise NotFound("One of these competencies is not there.")
    rows = {row.pk: row for row in ClassStandard.objects.select_for_update().filter(own_class=own, pk__in=means)}
    if rows.keys() != means.keys():
        raise NotFound("One of these standards is not there.")
    for standard_id, competency_id in means.items():
        if standard_id in counted and competency_id is None:
            raise Invalid("Choose what a standard means before you let it speak for your level.")
        row = rows[standard_id]
        row.competency_id, row.counts = competency_id, standard_id in counted
        row.save(update_fields=["competency", "counts"])
    publish(actor, StandardsMapped(own.pk))


@transaction.atomic
def stop_counting(actor: Actor, *, class_id: UUID, competency_id: UUID) -> None:
    """Let no standard of a class of mine speak for my level on a competency; what they mean stays. Raises NotFound."""
    privacy.acting_person(actor)
    own = _class(actor, class_id)
    if ClassStandard.objects.filter(own_class=own, competency_id=competency_id, counts=True).update(counts=False):
        publish(actor, StandardsMapped(own.pk))


@transaction.atomic
def follow(actor: Actor, *, standard_id: UUID, goal_id: UUID) -> None:
    """Put a standard of a class of mine beside an open goal of mine; twice is harmless. Raises NotFound, Conflict."""
    privacy.acting_person(actor)
    goal, standard = goals.get_goal(actor, goal_id), _standard(actor, standard_id)
    if goal.state != "open":
        raise Conflict("This goal is closed. Open it again to go on.")
    _, made = GoalMeasure.objects.get_or_create(
        goal_id=goal.pk, standard=standard, defaults={"tenant_id": actor.tenancy.own}
    )
    if made:
        publish(actor, MeasureChanged(goal.pk))


@transaction.atomic
def unfollow(actor: Actor, *, standard_id: UUID, goal_id: UUID) -> None:
    """Take a standard away from a goal of mine; harmless where it is not there. Raises NotFound."""
    privacy.acting_person(actor)
    goal, standard = goals.get_goal(actor, goal_id), _standard(actor, standard_id)
    gone, _ = GoalMeasure.objects.filter(policy.visible_measures(actor), goal_id=goal.pk, standard=standard).delete()
    if gone:
        publish(actor, MeasureChanged(goal.pk))


@transaction.atomic
def remove_day(actor: Actor, *, class_id: UUID, on: date) -> None:
    """Remove the results of one day; a standard that has no other goes with them. Raises NotFound."""
    privacy.acting_person(actor)
    own = _class(actor, class_id)
    gone, _ = StandardResult.objects.filter(standard__own_class=own, on=on).delete()
    if not gone:
        raise NotFound("There are no results of that day.")
    ClassStandard.objects.filter(own_class=own, results__isnull=True).delete()
    publish(actor, ClassResultsRemoved(own.pk))


@transaction.atomic
def remove_class(actor: Actor, *, class_id: UUID) -> None:
    """Remove a class of mine with all its results. Raises NotFound."""
    privacy.acting_person(actor)
    own = _class(actor, class_id)
    event = ClassResultsRemoved(own.pk)
    own.delete()
    publish(actor, event)


@transaction.atomic
def erase(actor: Actor, person_id: UUID) -> dict[str, int]:
    """Delete a person's classes with their standards, results and measures; return the counts."""
    privacy.allow_erasure(actor, person_id)
    measures, _ = GoalMeasure.objects.filter(goal__person_id=person_id).delete()
    results, _ = StandardResult.objects.filter(standard__own_class__person_id=person_id).delete()
    standards, _ = ClassStandard.objects.filter(own_class__person_id=person_id).delete()
    classes, _ = OwnClass.objects.filter(person_id=person_id).delete()
    return {"classes": classes, "class_standards": standards, "class_results": results, "goal_measures": measures}


def _class(actor: Actor, class_id: UUID) -> OwnClass:
    row = OwnClass.objects.select_for_update().filter(policy.visible(actor), pk=class_id).first()
    if row is None:
        raise NotFound("There is no such class.")
    return row


def _standard(actor: Actor, standard_id: UUID) -> ClassStandard:
    row = ClassStandard.objects.filter(policy.visible_standards(actor), pk=standard_id).first()
    if row is None:
        raise NotFound("There is no such standard.")
    return row
