"""Writing down needs, rating oneself, and asking for something together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from lantern.domain.competencies import queries as competencies
from lantern.domain.needs import policy
from lantern.domain.needs.events import (
    CompetencyRated,
    GroupNeedClosed,
    GroupNeedProposed,
    GroupNeedVoted,
    NeedAdded,
    NeedEnded,
)
from lantern.domain.needs.models import GroupNeed, GroupNeedVote, LevelEvidence, Need, Rating
from lantern.domain.needs.types import Level, NeedSource, NeedState
from lantern.domain.privacy import commands as sharing
from lantern.domain.privacy import policy as privacy
from lantern.kernel import clock
from lantern.kernel.actor import Actor, system
from lantern.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lantern.kernel.events import publish
from lantern.kernel.turns import take_turn

_WORDS_MOST, _TITLE_MOST, _ANSWER_MOST = 2000, 160, 300
_SAME_AGAIN = timedelta(days=1)
_SAID_BY_ITSELF = frozenset({NeedSource.EVALUATION, NeedSource.CLASS_RESULTS, NeedSource.COACH_OBSERVATION})
"""Sources that bring words along which she did not write, and which are kept where they come from."""


@transaction.atomic
def open_shared_need(actor: Actor, *, need_id: UUID, purpose: str) -> Need:
    """Return a need that its owner shared with me, and write the look down for her; mine without a look.

    Raises NotFound for any other.
    """
    row = Need.objects.select_related("competency").filter(pk=need_id).first()
    if row is None:
        raise NotFound("There is no such need.")
    sharing.open_item(
        actor, owner_id=row.person_id, tenant_id=row.tenant_id, item_kind="need", item_id=row.pk, purpose=purpose
    )
    return row


@transaction.atomic
def rate(actor: Actor, *, competency_id: UUID, level: int, source: str = NeedSource.OWN_RATING.value) -> Rating:
    """Say how I see myself on a competency (0 to 4). The same level again within a day changes nothing.

    Raises NotFound for a competency that is not there, Invalid for a level or source that is not on the list.
    """
    me = privacy.acting_person(actor)
    _check_level(level)
    if source not in set(NeedSource):
        raise Invalid({"source": "That is not a source of ratings."})
    competencies.get_competency(actor, competency_id)
    rows = Rating.objects.filter(policy.visible_ratings(actor), competency_id=competency_id, source=source)
    newest = rows.order_by("-at", "-pk").first()
    if newest is not None and newest.level == level and clock.now() - newest.at < _SAME_AGAIN:
        return newest
    row = Rating.objects.create(person_id=me, competency_id=competency_id, level=level, source=source, at=clock.now())
    publish(actor, CompetencyRated(1))
    return row


@transaction.atomic
def rate_many(actor: Actor, *, levels: Mapping[UUID, int | None]) -> int:
    """Save a whole page of own ratings and return how many changed: only what differs; None takes back what I said.

    Raises NotFound when a competency is not there, Invalid for a level that is not on the list; then nothing is saved.
    """
    me = privacy.acting_person(actor)
    for level in levels.values():
        if level is not None:
            _check_level(level)
    if len(competencies.competency_names(actor, levels)) != len(levels):
        raise NotFound("One of these competencies is not there.")
    own = Rating.objects.filter(policy.visible_ratings(actor), source=NeedSource.OWN_RATING, competency_id__in=levels)
    before = {row.competency_id: row.level for row in own.order_by("at", "pk")}
    changed = {key: level for key, level in levels.items() if level != before.get(key)}
    said = {key: level for key, level in changed.items() if level is not None}
    now = clock.now()
    Rating.objects.bulk_create(
        Rating(
            tenant_id=actor.tenancy.own, person_id=me, competency_id=key, level=level,
            source=NeedSource.OWN_RATING.value, at=now,
        )
        for key, level in said.items()
    )  # fmt: skip
    own.filter(competency_id__in=changed.keys() - said.keys()).delete()
    if changed:
        publish(actor, CompetencyRated(len(changed)))
    return len(changed)


@transaction.atomic
def add_need(
    actor: Actor,
    *,
    competency_id: UUID | None = None,
    words: str = "",
    wanted_level: int | None = None,
    source: str = NeedSource.OWN_WORDS.value,
) -> Need:
    """Write down what I want to get better at: a competency, my own words, or both.

    What is open already is not written twice: a new wanted level, new words and where they came from are put to it.
    Nothing that stands there is cut: where new words find no room, those of another source are left out (`Need.says`
    tells), and her own are refused. Raises NotFound, Invalid.
    """
    me = privacy.acting_person(actor)
    words = words.strip()
    if competency_id is None and not words:
        raise Invalid({"words": "Say it in your own words, or choose a competency."})
    if len(words) > _WORDS_MOST:
        raise Invalid({"words": f"Please keep this to {_WORDS_MOST} characters."})
    if wanted_level is not None:
        _check_level(wanted_level, "wanted_level")
    if source not in set(NeedSource):
        raise Invalid({"source": "That is not a source of needs."})
    if competency_id is not None:
        competencies.get_competency(actor, competency_id)
    take_turn("needs", me)
    same = _same_open(actor, competency_id, words)
    if same is not None:
        return _put_to(same, words, wanted_level, str(source))
    need = Need.objects.create(
        person_id=me,
        competency_id=competency_id,
        words=words,
        source=source,
        wanted_level=wanted_level,
        created_at=clock.now(),
    )
    publish(actor, NeedAdded(need.pk))
    return need


def _same_open(actor: Actor, competency_id: UUID | None, words: str) -> Need | None:
    rows = Need.objects.select_for_update().filter(policy.visible(actor), state=NeedState.OPEN)
    if competency_id is not None:
        return rows.filter(competency_id=competency_id).first()
    said = rows.filter(competency_id__isnull=True)
    return next((need for need in said if need.words == words), None)  # sealed, so the database cannot compare


def _put_to(need: Need, words: str, wanted_level: int | None, source: str) -> Need:
    if source not in (need.source, *need.also_from):
        need.also_from = [*need.also_from, source]
    if wanted_level is not None:
        need.wanted_level = wanted_level
    if not need.says(words):
        joined = f"{need.words}\n{words}".strip()
        if len(joined) <= _WORDS_MOST:
            need.words = joined
        elif source not in _SAID_BY_ITSELF:
            raise Invalid({"words": _full(need.words)})
    need.save(update_fields=["wanted_level", "words", "also_from"])
    return need


def _full(there: str) -> str:
    left = max(_WORDS_MOST - len(there) - 1, 0)
    room = f"has room for {left} characters more" if left else "has no room for more words"
    return f"You have this on your list already, and it {room}. Say it shorter, or mark the other one as met first."


@transaction.atomic
def end_need(actor: Actor, *, need_id: UUID, state: str) -> Need:
    """Call a need of mine met, put it away, or take it up again (open); it stays listed. Raises NotFound, Invalid.

    Where the same is open again already, that one is returned with the sources and words of this, which stays ended.
    """
    me = privacy.acting_person(actor)
    if state not in set(NeedState):
        raise Invalid({"state": "Say whether it is met, or put away for now."})
    take_turn("needs", me)
    need = Need.objects.select_for_update().filter(policy.visible(actor), pk=need_id).first()
    if need is None:
        raise NotFound("There is no such need.")
    if need.state == state:
        return need
    same = _same_open(actor, need.competency_id, need.words) if state == NeedState.OPEN else None
    if same is not None:
        return _joined(same, need)
    need.state = str(state)
    need.ended_at = None if state == NeedState.OPEN else clock.now()
    need.save(update_fields=["state", "ended_at"])
    publish(actor, NeedAdded(need.pk) if state == NeedState.OPEN else NeedEnded(need.pk))
    return need


def _joined(there: Need, ended: Need) -> Need:
    """Put to an open need what an ended one says; words that find no room stay with the ended one, which is listed."""
    sources = dict.fromkeys([*there.also_from, ended.source, *ended.also_from])
    there.also_from = [source for source in sources if source != there.source]
    joined = f"{there.words}\n{ended.words}".strip()
    if not there.says(ended.words) and len(joined) <= _WORDS_MOST:
        there.words = joined
    if there.wanted_level is None:
        there.wanted_level = ended.wanted_level
    there.save(update_fields=["wanted_level", "words", "also_from"])
    return there


@transaction.atomic
def propose_group_need(
    actor: Actor, *, organisation_id: UUID, title: str, competency_id: UUID | None = None
) -> GroupNeed:
    """Put up a need for all staff of a school of mine to see and vote on; my own vote is the first.

    Raises NotFound for a group I do not belong to, Invalid for a title that is empty, long, or already up.
    """
    me = privacy.acting_person(actor)
    if not policy.can_take_part(actor, organisation_id):
        raise NotFound("There is no such group.")
    title = " ".join(title.split())
    if not title:
        raise Invalid({"title": "Say in a few words what your group needs."})
    if len(title) > _TITLE_MOST:
        raise Invalid({"title": f"Please keep this to {_TITLE_MOST} characters."})
    if competency_id is not None:
        competencies.get_competency(actor, competency_id)
    take_turn("group needs", organisation_id)
    rows = GroupNeed.objects.filter(organisation_id=organisation_id, closed_at__isnull=True)
    if any(known.casefold() == title.casefold() for known in rows.values_list("title", flat=True)):
        raise Invalid({"title": "This is already on your group's list. You can give it your vote."})
    row = GroupNeed.objects.create(
        organisation_id=organisation_id,
        proposed_by_id=me,
        competency_id=competency_id,
        title=title,
        created_at=clock.now(),
    )
    GroupNeedVote.objects.create(group_need=row, person_id=me, at=clock.now())
    publish(actor, GroupNeedProposed(row.pk))
    return row


@transaction.atomic
def vote(actor: Actor, *, group_need_id: UUID, wanted: bool | None = None) -> bool:
    """Give my vote or take it back (None: the other of the two); return whether it now stands.

    The log says that somebody voted, not who. Raises NotFound for a group that is not mine, Conflict for a closed need.
    """
    me = privacy.acting_person(actor)
    row = _group_need(actor, group_need_id)
    if not policy.can_take_part(actor, row.organisation_id):
        raise NotAllowed("Votes are for the people of that school.")
    if row.closed_at is not None:
        raise Conflict("This was closed in the meantime. You can see below what comes of it.")
    mine = GroupNeedVote.objects.filter(policy.visible_votes(actor), group_need=row)
    stands = mine.exists()
    after = not stands if wanted is None else wanted
    if after == stands:
        return stands
    if after:
        GroupNeedVote.objects.create(group_need=row, person_id=me, at=clock.now())
    else:
        mine.delete()
    publish(system(actor.tenancy), GroupNeedVoted(row.pk))
    return after


@transaction.atomic
def close_group_need(actor: Actor, *, group_need_id: UUID, answer: str) -> GroupNeed:
    """Close a need of a group with a word on what comes of it; twice is harmless.

    Raises NotFound, NotAllowed, Invalid.
    """
    row = _group_need(actor, group_need_id)
    if not policy.can_close(actor, row):
        raise NotAllowed("Who put this up may close it, and so may those who plan your days.")
    answer = " ".join(answer.split())
    if not answer:
        raise Invalid({"answer": "Leave a word on what comes of it, so that people know they were heard."})
    if len(answer) > _ANSWER_MOST:
        raise Invalid({"answer": f"Please keep this to {_ANSWER_MOST} characters."})
    if row.closed_at is not None:
        return row
    row.closed_at, row.answer = clock.now(), answer
    row.save(update_fields=["closed_at", "answer"])
    publish(actor, GroupNeedClosed(row.pk))
    return row


def _group_need(actor: Actor, group_need_id: UUID) -> GroupNeed:
    rows = GroupNeed.objects.select_for_update().filter(policy.visible_group_needs(actor), pk=group_need_id)
    row = rows.first()
    if row is None:
        raise NotFound("There is no such need.")
    return row


def _check_level(level: int, field: str = "level") -> None:
    if level not in set(Level):
        raise Invalid({field: "Choose a level from the list."})


@transaction.atomic
def erase(actor: Actor, person_id: UUID) -> dict[str, int]:
    """Delete a person's needs, ratings and votes; what she put up for a group stays there without her name."""
    privacy.allow_erasure(actor, person_id)
    votes, _ = GroupNeedVote.objects.filter(person_id=person_id).delete()
    needs, _ = Need.objects.filter(person_id=person_id).delete()
    ratings, _ = Rating.objects.filter(person_id=person_id).delete()
    evidence, _ = LevelEvidence.objects.filter(person_id=person_id).delete()
    kept = GroupNeed.objects.filter(proposed_by_id=person_id).update(proposed_by=None)
    return {
        "needs": needs, "ratings": ratings, "evidence_of_levels": evidence, "group_votes": votes,
        "group_needs_kept_without_name": kept,
    }  # fmt: skip
