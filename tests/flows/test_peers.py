"""What others went on to: worked out once for a closed term from official hours, of ten people or more, and read for
one educator with the reason; refusing, erasing and keeping things to oneself leave the others' suggestions alone.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lantern.domain.catalog import commands as catalog
from lantern.domain.courses import commands as courses
from lantern.domain.courses.types import Past
from lantern.domain.insights import commands as insights
from lantern.domain.needs import commands as needs
from lantern.domain.people import commands as people
from lantern.domain.people import queries as people_queries
from lantern.domain.privacy import commands as privacy
from lantern.domain.recommendations import commands, queries
from lantern.domain.recommendations.models import PeerWeights, Suggestion
from lantern.domain.recommendations.queries.peers import peers_for
from lantern.flows import rights
from lantern.flows.peers import fit_peers
from lantern.flows.recommendations import refresh_all
from lantern.kernel import clock, tenancy
from lantern.kernel.errors import Conflict, Invalid, NotAllowed
from tests.cast import Cast, acting, as_, competencies_of, system_of
from tests.peers_factory import District, keep_weights, make_district, take_back, walk
from tests.release_factory import staff, term


def fit(district: Any, **named: str) -> dict[str, Any]:
    actor = system_of(district)
    with tenancy.within(actor.tenancy):
        return fit_peers(actor, None, **named) or {}


def led_to(built: District, ring: int | str, part: int) -> set[str]:
    """What the kept weights lead to from one resource, by title."""
    with acting(built.cast.expert) as actor:
        held = peers_for(actor, queries.shelf_for(actor))
    assert held is not None
    place = held.place_of[built.of(ring, part).pk]
    found = set()
    for lists in (held.model.related.to, held.model.next_ones.to):
        found |= {held.titles[held.items[one]] for one in lists.values[lists.starts[place] : lists.starts[place + 1]]}
    return found


@pytest.mark.requirement("B.3")
def test_what_others_went_on_to_moves_a_suggestion_and_its_reason_adds_up(cast: Cast, client: Client) -> None:
    built = make_district(cast)
    walk(built, cast.novice, [built.of(2, 1)], official=False)
    with acting(cast.novice) as actor:
        before = [view.title for view in queries.current_for(actor, everything=True)]
        assert "peers" not in queries.switches(actor)
    assert fit(cast.district) == {"term": term().key, "outcome": "on"}
    with acting(cast.novice) as actor:
        commands.refresh(actor)
        first = queries.current_for(actor)[0]
        assert first.title == "Ring 2, part 2" != before[0]
        part = next(part for part in first.parts if part.factor == "peers")
        assert part.words == "Because you finished “Ring 2, part 1”, and others went on to this"
        assert 0 < part.points <= 12
        assert first.score == pytest.approx(sum(part.points for part in first.parts), abs=0.006)
    shown = as_(client, cast.novice).get(reverse("home:suggestions")).content.decode()
    assert "and others went on to this" in shown
    assert 'name="weight-peers"' in shown and "Behind each step are at least 10 different people" in shown


@pytest.mark.requirement("B.3")
def test_she_can_turn_it_down_or_off_and_the_nightly_run_says_the_same_as_her_page(cast: Cast, client: Client) -> None:
    built = make_district(cast, people=72)
    walk(built, cast.novice, [built.of(2, 1)], official=False)
    keep_weights(built)
    system = system_of(cast.district)

    def points() -> tuple[float, float]:
        """Of the nightly run and of her page."""
        with tenancy.within(system.tenancy):
            refresh_all(system, lambda *_: None)
        with acting(cast.novice) as actor:
            stored = Suggestion.objects.get(person=cast.novice, resource=built.of(2, 2))
            nightly = sum(part["points"] for part in stored.parts if part["factor"] == "peers")
            fresh = next(view for view in queries.rank_now(actor) if view.item.title == "Ring 2, part 2")
            return nightly, sum(part.points for part in fresh.parts if part.factor == "peers")

    full = points()
    assert full[0] == full[1] > 0
    page = as_(client, cast.novice)
    page.post(reverse("home:factors"), {"on": list(SWITCHED), "weight-peers": "0.5"})
    assert points() == pytest.approx((full[0] / 2, full[1] / 2), abs=0.01)
    page.post(reverse("home:factors"), {"on": [key for key in SWITCHED if key != "peers"]})
    with acting(cast.novice) as actor:
        assert not any(part.factor == "peers" for one in queries.rank_now(actor) for part in one.parts)


SWITCHED = ("goal", "need", "level", "work", "role", "time", "format", "interest", "peers")


def test_who_finished_nothing_is_led_by_what_she_likes_and_who_refused_by_her_work_only(cast: Cast) -> None:
    built = make_district(cast, people=72)
    keep_weights(built)
    with acting(cast.novice) as actor:
        people.save_profile(actor, valued=[str(built.of(1, 0).pk)])
        told = queries.learner_of(actor).peers
        assert told[built.of(1, 1).pk].after == "Ring 1, part 0"
        privacy.refuse_purpose(actor, purpose="recommendation")
        assert not queries.learner_of(actor).peers


@pytest.mark.requirement("N4")
@pytest.mark.requirement("P2.6")
def test_nothing_is_kept_of_fewer_than_ten_people_who_may_be_counted(cast: Cast) -> None:
    """Ten walked each ring; in all but the first, one of them is not to be counted."""
    built = make_district(
        cast, ten=10, nine=9, refused_suggestions=10, refused_counting=10, erased=10, taken_back=10, in_private=10
    )
    for name, purpose in (("refused_suggestions", "recommendation"), ("refused_counting", "release")):
        with acting(built.rare[name][0]) as actor:
            privacy.refuse_purpose(actor, purpose=purpose)
    with acting(built.rare["erased"][0]) as actor:
        rights.erase_me(actor)
    take_back(built, built.rare["taken_back"][0])
    take_back(built, built.rare["in_private"][0])
    for person in staff(cast.school, 5):  # they did it for themselves
        walk(built, person, [built.of("in_private", 0), built.of("in_private", 1)], official=False)
    assert fit(cast.district)["outcome"] == "on"
    assert "Ring 1, part 2" in led_to(built, 1, 1)
    assert {name for name in built.rare if led_to(built, name, 0)} == {"ten"}


@pytest.mark.requirement("N4")
def test_what_is_done_in_private_changes_not_one_byte_of_what_is_kept(cast: Cast) -> None:
    """Twin worlds: the same district, and in one of them a full life that nobody was shown. The control: hours."""
    built = make_district(cast, people=72)

    def kept() -> tuple[bytes, bytes]:
        row = keep_weights(built)
        found = bytes(row.items), bytes(row.arrays)
        with tenancy.within(system_of(cast.district).tenancy):
            PeerWeights.objects.all().delete()
        return found

    before = kept()
    (quiet,) = staff(cast.school, 1)
    walk(built, cast.novice, [built.of(0, 1), built.of(0, 3)], official=False)
    with acting(cast.novice) as actor:
        needs.add_need(actor, competency_id=competencies_of(cast.framework)[1].pk, source="curiosity")
        people.save_profile(actor, valued=[str(built.of(2, 0).pk)], liked_kinds=["video"])
        commands.dismiss(actor, resource_id=built.of(1, 1).pk, why="not_now")
        catalog.keep(actor, resource_id=built.of(1, 2).pk)
        courses.bring_in(actor, things=[Past("Old", term().begins_on, resource_id=built.of(1, 3).pk)])
    assert kept() == before
    walk(built, quiet, [built.of(0, 1), built.of(0, 3)])
    assert kept() != before


def test_a_district_that_asks_for_larger_groups_has_them_here_too(cast: Cast) -> None:
    built = make_district(cast, ten=10)
    with acting(cast.coordinator) as actor:
        insights.set_smallest_group(actor, people=11)
    assert fit(cast.district)["outcome"] == "on"
    assert led_to(built, "ten", 0) == set()
    with acting(cast.expert) as actor:
        assert "at least 11 different people" in queries.peers_view(actor).words


def test_too_few_people_keep_it_off_and_the_page_says_so(cast: Cast, client: Client) -> None:
    built = make_district(cast, people=60)
    walk(built, cast.novice, [built.of(2, 1)], official=False)
    page = as_(client, cast.novice)
    assert "It has not been worked out here yet" in page.get(reverse("home:suggestions")).content.decode()
    assert fit(cast.district)["outcome"] == "too_few"
    shown = page.get(reverse("home:suggestions")).content.decode()
    assert "too few people had finished things for official hours" in shown
    assert 'name="weight-peers"' not in shown
    with acting(cast.novice) as actor:
        assert not queries.learner_of(actor).peers
        row = PeerWeights.objects.get()
        assert not row.items and not row.arrays


def test_choices_without_a_pattern_do_not_beat_what_is_chosen_most(cast: Cast) -> None:
    built = make_district(cast, people=0)
    everything = list(built.resources.values())
    for number, person in enumerate(staff(cast.school, 240)):  # one of all pairs, each as often as any other
        first, second = everything[number % 12], everything[(number + 1 + number // 12) % 12]
        walk(built, person, [first, second] if first != second else [first])
    assert fit(cast.district)["outcome"] == "no_better"
    with acting(cast.expert) as actor:
        assert "no better than what is chosen most" in queries.peers_view(actor).words
        assert not PeerWeights.objects.get().arrays


def test_a_term_is_worked_out_once_and_the_next_takes_its_place(cast: Cast) -> None:
    make_district(cast, people=0)
    fit(cast.district)
    with tenancy.within(system_of(cast.district).tenancy):
        first = PeerWeights.objects.get()
    assert fit(cast.district)["outcome"] == "left alone"
    assert fit(cast.district, term="2024-autumn")["outcome"] == "left alone"
    with pytest.raises(Invalid):
        fit(cast.district, term="2090-spring")
    with pytest.raises(Invalid):
        fit(cast.district, term="last")
    with tenancy.within(system_of(cast.district).tenancy):
        assert PeerWeights.objects.get().pk == first.pk
    next_year = clock.now().replace(year=clock.today().year + 1, month=9, day=1)
    with clock.standing_at(next_year):
        assert fit(cast.district)["outcome"] == "too_few"
    with tenancy.within(system_of(cast.district).tenancy):
        assert PeerWeights.objects.get().ends_before > first.ends_before
    with tenancy.within(system_of(cast.far_district).tenancy):
        assert not PeerWeights.objects.exists()


def test_only_lantern_itself_keeps_weights_and_never_an_open_term(cast: Cast) -> None:
    kept: dict[str, Any] = {"term": term().key, "floor": 10, "outcome": "too_few", "items": (), "arrays": b""}
    with acting(cast.coordinator) as dana, pytest.raises(NotAllowed):
        commands.keep_peer_weights(dana, ends_before=term().ends_before, **kept)
    system = system_of(cast.district)
    with tenancy.within(system.tenancy):
        with pytest.raises(Invalid):
            commands.keep_peer_weights(system, ends_before=clock.today().replace(year=2090), **kept)
        commands.keep_peer_weights(system, ends_before=term().ends_before, **kept)
        with pytest.raises(Conflict):
            commands.keep_peer_weights(system, ends_before=term().ends_before, **kept)


def test_what_she_said_of_it_holds_while_it_is_not_there(cast: Cast) -> None:
    keep_weights(make_district(cast, people=72))
    with acting(cast.novice) as actor:
        commands.set_factors(actor, off=["peers"], sliders={"peers": 0.5})
    with tenancy.within(system_of(cast.district).tenancy):
        PeerWeights.objects.all().delete()
    with acting(cast.novice) as actor:
        with pytest.raises(Invalid, match="peers"):
            commands.set_factors(actor, off=["peers"])
        commands.set_factors(actor, off=["time"], sliders={"goal": 1.5})
        profile = people_queries.get_profile(actor)
        assert (profile.factors_off, profile.sliders) == (["peers", "time"], {"peers": 0.5, "goal": 1.5})
