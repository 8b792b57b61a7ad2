"""From what a class showed to its teacher's own needs, and, only where she ticks it, to her level (P4.7).

She says what a standard means in her own framework. A need bears the standard's words. What counts for her level is
noted once for each class and competency: the answers of all the standards she ticked for it together, each on its
newest day that has enough, by the rule in `engine/class_results.level_from`; later results of the class renew it, and
taking the tick away removes it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from lantern.domain.competencies import queries as competencies
from lantern.domain.competencies.types import Match
from lantern.domain.needs import commands as needs
from lantern.domain.needs.events import LevelEvidenceTakenAway
from lantern.domain.needs.types import EvidenceKind, NeedSource, Noted
from lantern.domain.results import commands as results
from lantern.domain.results import queries
from lantern.domain.results.types import Kept, StandardView
from lantern.engine.class_results import Tally, level_from
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid, NotFound
from lantern.kernel.events import handles

MOST_AT_ONCE = 40
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Chosen:
    """What she says of one standard: the competency it means to her, and what becomes of it."""

    standard_id: UUID
    competency_id: UUID | None = None
    as_need: bool = False
    counts: bool = False


def suggest(actor: Actor, standard: StandardView, limit: int = 3) -> list[Match]:
    """Return the competencies of my framework that a standard may ask of me, best first. Writes nothing."""
    words = standard.statement or standard.code
    return competencies.match_words(actor, words, limit) if " " in words else []  # a bare code has no words to go by


@transaction.atomic
def bring_in(
    actor: Actor, *, tallies: Iterable[Tally], students: int | None, on: date, class_id: UUID | None, label: str
) -> Kept:
    """Keep what a class of mine showed, and renew what I let it say of my level. Raises NotFound, Invalid."""
    kept = results.bring_in(actor, tallies=tallies, students=students, on=on, class_id=class_id, label=label)
    _renew(actor, kept.class_id, queries.counted_competencies(actor, kept.class_id))
    return kept


@transaction.atomic
def take_up(actor: Actor, *, class_id: UUID, chosen: Sequence[Chosen]) -> Noted:
    """Keep what standards mean, note the needs I ticked, and let count what I ticked; return how many needs it were.

    All or nothing. Raises Invalid for nothing chosen, for too few answers to count; NotFound.
    """
    if not chosen:
        raise Invalid("Tick at least one standard that you want to take up, or go back.")
    if len(chosen) > MOST_AT_ONCE:
        raise Invalid(f"Take up at most {MOST_AT_ONCE} standards at once.")
    known = {one.row.pk: one for one in queries.class_view(actor, class_id).standards}
    for one in chosen:
        if one.standard_id not in known:
            raise NotFound("One of these standards is not there.")
        if one.counts and not known[one.standard_id].may_count:
            raise Invalid(f"There are too few answers on {known[one.standard_id].code} to speak for your level.")
    before = queries.counted_competencies(actor, class_id)
    results.map_standards(
        actor,
        class_id=class_id,
        means={one.standard_id: one.competency_id for one in chosen},
        counts=[one.standard_id for one in chosen if one.counts],
    )
    _renew(actor, class_id, before | queries.counted_competencies(actor, class_id))
    source, added = NeedSource.CLASS_RESULTS.value, []
    for one in chosen:
        if one.as_need:
            words = _words(known[one.standard_id])
            need = needs.add_need(actor, competency_id=one.competency_id, words=words, source=source)
            added.append((need.pk, need.says(words)))
    return Noted(len({pk for pk, _ in added}), len({pk for pk, says in added if not says}))


@transaction.atomic
def remove_class(actor: Actor, *, class_id: UUID) -> None:
    """Remove a class of mine, its results, and what it said of my level. Raises NotFound."""
    counted = queries.counted_competencies(actor, class_id)
    results.remove_class(actor, class_id=class_id)
    for competency_id in counted:
        _note(actor, class_id, competency_id, [])


@transaction.atomic
def remove_day(actor: Actor, *, class_id: UUID, on: date) -> None:
    """Remove one day of a class of mine, and renew what the class says of my level. Raises NotFound."""
    counted = queries.counted_competencies(actor, class_id)
    results.remove_day(actor, class_id=class_id, on=on)
    _renew(actor, class_id, counted)


@handles(LevelEvidenceTakenAway)
def count_no_more(actor: Actor, event: LevelEvidenceTakenAway) -> None:
    """What a class said does not come back with the next results: the standards that said it are not ticked now."""
    for own in queries.my_classes(actor):
        for competency_id in queries.counted_competencies(actor, own.pk):
            if uuid5(own.pk, str(competency_id)) == event.source_id:
                results.stop_counting(actor, class_id=own.pk, competency_id=competency_id)


def _renew(actor: Actor, class_id: UUID, competency_ids: Iterable[UUID]) -> None:
    for competency_id in competency_ids:
        _note(actor, class_id, competency_id, queries.counted_standards(actor, class_id, competency_id))


def _note(actor: Actor, class_id: UUID, competency_id: UUID, standards: Sequence[StandardView]) -> None:
    """Note what the class says of my level on a competency, or take away what it said."""
    source = uuid5(class_id, str(competency_id))
    told = sorted(((one.code, day) for one in standards if (day := one.telling)), key=lambda each: each[0])
    if not told:
        needs.note_evidence(actor, kind=EvidenceKind.CLASS_RESULTS, source_id=source, signs=())
        return
    right, of = sum(day.share.right for _, day in told), sum(day.share.of for _, day in told)
    level, sd = level_from(right, of)
    codes = textwrap.shorten(", ".join(code for code, _ in told), 120, placeholder=" …")
    words = f"{standards[0].row.own_class.label}: {right:g} of {of} answers right on {codes}"
    needs.note_evidence(
        actor,
        kind=EvidenceKind.CLASS_RESULTS,
        source_id=source,
        signs=[needs.Sign(competency_id=competency_id, level=level, sd=sd, words=words)],
        at=min(_noon(max(day.on for _, day in told)), clock.now()),
    )


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def _words(standard: StandardView) -> str:
    said = f"{standard.code}: {standard.statement}" if standard.statement else standard.code
    return textwrap.shorten(said, _LONGEST, placeholder=" …") or standard.code
