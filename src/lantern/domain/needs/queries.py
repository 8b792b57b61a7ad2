"""What may be asked about needs: always one's own; and what a group asks for, with counts and no names."""

from __future__ import annotations

import logging
import textwrap
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils import timezone

from lantern.domain.competencies import queries as competencies
from lantern.domain.needs import policy
from lantern.domain.needs.models import GroupNeed, GroupNeedVote, LevelEvidence, Need, Rating
from lantern.domain.needs.types import SOURCE_WORDS, GroupAsks, GroupNeedView, MapRow, NeedState, Said, StandingView
from lantern.engine import mastery
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotAllowed, NotFound

log = logging.getLogger(__name__)
_TOP_ASKS = 5
_ONE_SD = 0.6827
_MOST_POINTS = 12
_A_DAY, _GROWTH_OVER = timedelta(days=1), timedelta(days=60)
_Row = tuple[str, float, datetime, float | None, str]
"""What a source said, as it is stored: kind, level, moment, how unsure, giver."""


def my_needs(actor: Actor, state: str | None = NeedState.OPEN.value) -> QuerySet[Need]:
    """Return my needs in a state (None: all, since no need is ever lost), newest first."""
    rows = Need.objects.filter(policy.visible(actor)).select_related("competency__framework")
    return (rows.filter(state=state) if state else rows).order_by("-created_at", "-pk")


def get_need(actor: Actor, need_id: UUID) -> Need:
    """Return a need of mine. Raises NotFound."""
    need = my_needs(actor, state=None).filter(pk=need_id).first()
    if need is None:
        raise NotFound("There is no such need.")
    return need


def my_need_titles(actor: Actor) -> dict[UUID, str]:
    """Return a line for each need of mine by its id: what it is about, or the beginning of my own words."""
    return {
        need.pk: need.competency.name if need.competency else textwrap.shorten(need.words, 80, placeholder="…")
        for need in my_needs(actor, state=None)
    }


def my_open_need(actor: Actor, competency_id: UUID) -> Need | None:
    """Return my open need for a competency, or None."""
    return my_needs(actor).filter(competency_id=competency_id).first()


def my_ratings(actor: Actor) -> dict[UUID, Rating]:
    """Return my newest rating of each competency that I rated."""
    newest: dict[UUID, Rating] = {}
    for row in Rating.objects.filter(policy.visible_ratings(actor)).order_by("at", "pk"):
        newest[row.competency_id] = row
    return newest


def what_was_said(actor: Actor, competency_id: UUID | None = None) -> list[Said]:
    """Return everything that sources said of my levels (of one competency when it is named), newest first."""
    ratings = Rating.objects.filter(policy.visible_ratings(actor))
    others = LevelEvidence.objects.filter(policy.visible_evidence(actor))
    if competency_id is not None:
        ratings, others = ratings.filter(competency_id=competency_id), others.filter(competency_id=competency_id)
    said = [
        Said(row.pk, row.competency_id, mastery.Evidence(row.source, row.level, day_of(row.at)), "", row.at)
        for row in ratings
    ]
    for row in others:
        evidence = mastery.Evidence(row.kind, row.level, day_of(row.at), row.sd, str(row.giver or ""))
        said.append(Said(row.pk, row.competency_id, evidence, row.words, row.at))
    return sorted(said, key=lambda one: (one.at, one.id), reverse=True)


def day_of(moment: datetime) -> float:
    """Return a moment as the days of `engine/mastery`."""
    return moment.timestamp() / 86_400


def my_standings(actor: Actor) -> dict[UUID, mastery.Standing]:
    """Return for each competency of which anything was said where I probably am, how sure that is, and why."""
    now, said = day_of(clock.now()), defaultdict(list)
    for one in what_was_said(actor):
        said[one.competency_id].append(one.evidence)
    return {competency_id: mastery.known(seen, _now_for(seen, now)) for competency_id, seen in said.items()}


def _now_for(evidence: list[mastery.Evidence], now: float) -> float:
    """Return the moment to judge at: what is dated a little ahead (today at noon, said in the morning) counts too."""
    return max(now, *(one.day for one in evidence))


def standing_of(actor: Actor, competency_id: UUID) -> StandingView | None:
    """Return all that speaks for my level on a competency, how it went, and what was gained; None where nothing was
    said yet.
    """
    said = what_was_said(actor, competency_id)
    if not said:
        return None
    evidence, now = [one.evidence for one in said], clock.now()
    now = max(now, said[0].at)  # the newest comes first
    moments = sorted({_end_of_day(one.at, now) for one in said})[-(_MOST_POINTS - 1) :]
    if moments[-1] < now - _A_DAY:
        moments.append(now)
    points = tuple((moment, mastery.known(evidence, day_of(moment))) for moment in moments)
    grown = mastery.growth(evidence, day_of(now - _GROWTH_OVER), day_of(now))
    return StandingView(mastery.known(evidence, _now_for(evidence, day_of(now))), tuple(said), points, grown)


def _end_of_day(moment: datetime, now: datetime) -> datetime:
    """Return the last moment of a day, or now where it is today: what was said on one day is one point."""
    local = timezone.localtime(moment)
    return min(local.replace(hour=23, minute=59, second=59, microsecond=999_999), now)


def my_levels(actor: Actor) -> dict[UUID, int]:
    """Return the same as whole levels, for what needs no more: the suggestions."""
    return {competency_id: round(standing.level) for competency_id, standing in my_standings(actor).items()}


def levels_by_person(actor: Actor, person_ids: Iterable[UUID]) -> dict[UUID, dict[UUID, int]]:
    """Return `my_levels` of each of these people, in two questions. For Lantern's nightly work. Raises NotAllowed.

    Whose rows cannot be combined is left out and written to the log by her id, so that nobody else's night fails.
    """
    _for_lantern_only(actor)
    ids, now = list(person_ids), day_of(clock.now())
    said: dict[UUID, dict[UUID, list[_Row]]] = {person_id: defaultdict(list) for person_id in ids}
    ratings = Rating.objects.filter(person_id__in=ids)
    for row in ratings.values_list("person_id", "competency_id", "source", "level", "at"):
        said[row[0]][row[1]].append((row[2], row[3], row[4], None, ""))
    others = LevelEvidence.objects.filter(person_id__in=ids)
    for person_id, competency_id, kind, level, at, sd, giver in others.values_list(
        "person_id", "competency_id", "kind", "level", "at", "sd", "giver"
    ):
        said[person_id][competency_id].append((kind, level, at, sd, str(giver or "")))
    found: dict[UUID, dict[UUID, int]] = {}
    for person_id, rows in said.items():
        try:
            found[person_id] = {key: _whole_level(seen, now) for key, seen in rows.items()}
        except (ValueError, ArithmeticError) as problem:
            log.error("the levels of person %s cannot be combined: %s", person_id, type(problem).__name__)
    return found


def _whole_level(rows: list[_Row], now: float) -> int:
    seen = [mastery.Evidence(kind, level, day_of(at), sd, giver) for kind, level, at, sd, giver in rows]
    return round(mastery.known(seen, _now_for(seen, now)).level)


def open_by_person(actor: Actor, person_ids: Iterable[UUID]) -> dict[UUID, list[tuple[UUID, int | None]]]:
    """Return for each of these people the competencies of her open needs and the levels she wants, newest first. For
    Lantern's own nightly work. Raises NotAllowed.
    """
    _for_lantern_only(actor)
    found: dict[UUID, list[tuple[UUID, int | None]]] = defaultdict(list)
    rows = Need.objects.filter(person_id__in=list(person_ids), state=NeedState.OPEN).order_by("-created_at", "-pk")
    for person_id, competency_id, wanted in rows.values_list("person_id", "competency_id", "wanted_level"):
        if competency_id is not None:
            found[person_id].append((competency_id, wanted))
    return dict(found)


def _for_lantern_only(actor: Actor) -> None:
    if not actor.is_system:
        raise NotAllowed("Only Lantern itself goes through everybody.")


def needs_map(actor: Actor) -> list[MapRow]:
    """Return where I stand on every competency of my framework, and on others that I rated or need."""
    rows = list(competencies.my_competencies(actor))
    standings = my_standings(actor)
    wanted: dict[UUID, int | None] = {}
    for need in my_needs(actor):
        if need.competency_id is not None:
            wanted.setdefault(need.competency_id, need.wanted_level)
    others = (standings.keys() | wanted.keys()) - {row.pk for row in rows}
    if others:
        rows += competencies.list_competencies_by_ids(actor, others)
    return [_map_row(row, standings.get(row.pk), wanted) for row in rows]


def _map_row(competency: Any, standing: mastery.Standing | None, wanted: dict[UUID, int | None]) -> MapRow:
    needed, level = competency.pk in wanted, wanted.get(competency.pk)
    if standing is None:
        return MapRow(competency, None, 0.0, mastery.TOP, level, (), needed)
    low, high = standing.interval(_ONE_SD)
    sources = tuple(sorted({part.evidence.kind for part in standing.contributions}))
    return MapRow(competency, round(standing.level, 2), round(low, 2), round(high, 2), level, sources, needed)


def list_group_needs(
    actor: Actor, organisation_id: UUID | None = None, also_closed: bool = False
) -> list[GroupNeedView]:
    """Return what my groups ask for, most votes first; of one group when it is named. Never who voted."""
    rows = _group_needs(actor).filter(organisation_id__in=policy.groups(actor))
    if organisation_id is not None:
        rows = rows.filter(organisation_id=organisation_id)
    if not also_closed:
        rows = rows.filter(closed_at__isnull=True)
    return [_group_view(actor, row) for row in rows]


def get_group_need(actor: Actor, group_need_id: UUID) -> GroupNeedView:
    """Return one need of a group of mine or whose days I plan. Raises NotFound."""
    row = _group_needs(actor).filter(pk=group_need_id).first()
    if row is None:
        raise NotFound("There is no such need.")
    return _group_view(actor, row)


def top_group_needs(actor: Actor, most: int = _TOP_ASKS, organisation_id: UUID | None = None) -> list[GroupAsks]:
    """Return what each group whose days I plan asks for (or one of them), most votes first, the busiest group first."""
    asks: dict[UUID, list[GroupNeedView]] = defaultdict(list)
    rows = _group_needs(actor).filter(organisation_id__in=policy.planned_groups(actor), closed_at__isnull=True)
    if organisation_id is not None:
        rows = rows.filter(organisation_id=organisation_id)
    for row in rows:
        asks[row.organisation_id].append(_group_view(actor, row))
    groups = [GroupAsks(key, found[0].organisation_name, tuple(found[:most])) for key, found in asks.items()]
    return sorted(groups, key=lambda group: (-group.asks[0].votes, group.organisation_name))


def list_answered(actor: Actor, most: int = 20) -> list[GroupNeedView]:
    """Return what was closed in the groups I belong to or plan for, newest first."""
    rows = _group_needs(actor).filter(closed_at__isnull=False).order_by("-closed_at")
    return [_group_view(actor, row) for row in rows[:most]]


def _group_needs(actor: Actor) -> Any:
    mine = GroupNeedVote.objects.filter(policy.visible_votes(actor), group_need=OuterRef("pk"))
    return (
        GroupNeed.objects.filter(policy.visible_group_needs(actor))
        .select_related("organisation", "competency")
        .annotate(vote_count=Count("votes"), voted=Exists(mine))
        .order_by("-vote_count", "created_at", "pk")
    )


def _group_view(actor: Actor, row: Any) -> GroupNeedView:
    return GroupNeedView(
        id=row.pk,
        title=row.title,
        organisation_id=row.organisation_id,
        organisation_name=row.organisation.name,
        competency_id=row.competency_id,
        competency_name=row.competency.name if row.competency else "",
        votes=row.vote_count,
        voted=row.voted,
        put_up_by_me=actor.person_id is not None and row.proposed_by_id == actor.person_id,
        created_at=row.created_at,
        closed_at=row.closed_at,
        answer=row.answer,
    )


def explored(actor: Actor, begins_at: datetime, ends_before: datetime) -> dict[UUID, frozenset[UUID]]:
    """Return who added a need or a rating in these days, and on which competencies: ids only, never a word or a level.

    For the release rule; raises NotAllowed for anybody but Lantern itself.
    """
    if not policy.can_count(actor):
        raise NotAllowed("Needs are counted by Lantern's release rule only.")
    found: dict[UUID, set[UUID]] = defaultdict(set)
    days = {"gte": begins_at, "lt": ends_before}
    needs = Need.objects.filter(**{f"created_at__{how}": moment for how, moment in days.items()})
    ratings = Rating.objects.filter(**{f"at__{how}": moment for how, moment in days.items()})
    for rows in (needs, ratings):
        for person_id, competency_id in rows.values_list("person_id", "competency_id").distinct():
            if competency_id is not None:
                found[person_id].add(competency_id)
    return {person_id: frozenset(ids) for person_id, ids in found.items()}


def export_for(actor: Actor) -> dict[str, Any]:
    """Return my needs, ratings and votes, and the group needs that I put up, whole."""
    ratings = Rating.objects.filter(policy.visible_ratings(actor)).select_related("competency").order_by("at")
    evidence = LevelEvidence.objects.filter(policy.visible_evidence(actor)).select_related("competency").order_by("at")
    votes = GroupNeedVote.objects.filter(policy.visible_votes(actor)).select_related("group_need").order_by("at")
    put_up = GroupNeed.objects.filter(policy.put_up_by(actor)).order_by("created_at")
    return {
        "needs": [
            {
                "id": str(need.pk),
                "competency": need.competency.name if need.competency else None,
                "words": need.words,
                "source": need.source,
                "also_from": need.also_from,
                "wanted_level": need.wanted_level,
                "state": need.state,
                "created_at": need.created_at.isoformat(),
                "ended_at": need.ended_at.isoformat() if need.ended_at else None,
            }
            for need in my_needs(actor, state=None)
        ],
        "ratings": [
            {"competency": row.competency.name, "level": row.level, "source": row.source, "at": row.at.isoformat()}
            for row in ratings
        ],
        "evidence_of_levels": [
            {
                "competency": row.competency.name, "kind": row.kind, "source": SOURCE_WORDS[row.kind],
                "level": row.level, "uncertainty": row.sd, "giver": str(row.giver) if row.giver else None,
                "source_id": str(row.source_id), "words": row.words, "at": row.at.isoformat(),
            }
            for row in evidence
        ],
        "group_needs_put_up": [{"title": row.title, "at": row.created_at.isoformat()} for row in put_up],
        "group_votes": [{"title": row.group_need.title, "at": row.at.isoformat()} for row in votes],
    }
