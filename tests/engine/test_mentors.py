"""Mentors: the order, its reasons, and that they add up."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from lantern.engine.mentors import Mentor, Seeker, rank

TOPICS = [UUID(int=number) for number in range(1, 9)]
PEOPLE = [UUID(int=number) for number in range(101, 109)]
some_topics = st.frozensets(st.sampled_from(TOPICS))


def mentor(number: int, *topics: int, **other: object) -> Mentor:
    return Mentor(PEOPLE[number], frozenset(TOPICS[topic] for topic in topics), **other)  # type: ignore[arg-type]


def test_what_a_goal_is_about_weighs_more_than_a_need_and_a_shared_strength_least():
    seeker = Seeker(needs=frozenset({TOPICS[1]}), goals=frozenset({TOPICS[0]}), strengths=frozenset({TOPICS[2]}))
    ranked = rank(seeker, [mentor(0, 2), mentor(1, 1), mentor(2, 0), mentor(3, 5)])
    assert [each.id for each in ranked] == [PEOPLE[2], PEOPLE[1], PEOPLE[0], PEOPLE[3]]
    assert [[part.name for part in each.parts] for each in ranked] == [["goal"], ["need"], ["together"], []]


def test_one_topic_is_counted_once():
    both = frozenset({TOPICS[0]})
    ranked = rank(Seeker(needs=both, goals=both, strengths=both), [mentor(0, 0)])
    assert [part.name for part in ranked[0].parts] == ["goal"]


def test_who_has_no_room_is_left_out_and_equals_keep_their_order():
    ranked = rank(Seeker(), [mentor(1, 0), mentor(0, 0), mentor(2, 0, places_left=0)])
    assert [each.id for each in ranked] == [PEOPLE[1], PEOPLE[0]]


def test_nearness_breaks_a_tie_but_is_no_reason_by_itself():
    seeker = Seeker(needs=frozenset({TOPICS[0]}))
    ranked = rank(seeker, [mentor(0, 0), mentor(1, 0, same_school=True), mentor(2, 3, same_school=True)])
    assert [each.id for each in ranked] == [PEOPLE[1], PEOPLE[0], PEOPLE[2]]
    assert ranked[2].score == 0


@given(some_topics, some_topics, some_topics, st.lists(some_topics, max_size=8))
def test_scores_are_their_parts_and_fall(
    needs: frozenset[UUID], goals: frozenset[UUID], strengths: frozenset[UUID], offers: list[frozenset[UUID]]
):
    ranked = rank(Seeker(needs, goals, strengths), [Mentor(PEOPLE[place], offer) for place, offer in enumerate(offers)])
    assert len(ranked) == len(offers)
    assert [each.score for each in ranked] == sorted((each.score for each in ranked), reverse=True)
    for each in ranked:
        assert each.score == sum(part.value for part in each.parts)
        assert all(part.value > 0 for part in each.parts)


@given(some_topics, st.sampled_from(TOPICS), some_topics)
def test_one_more_need_never_lowers_a_mentor(needs: frozenset[UUID], more: UUID, offer: frozenset[UUID]):
    before = rank(Seeker(needs=needs), [Mentor(PEOPLE[0], offer)])[0].score
    after = rank(Seeker(needs=needs | {more}), [Mentor(PEOPLE[0], offer)])[0].score
    assert after >= before
