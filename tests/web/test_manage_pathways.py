"""Pathways as coordinators prepare them: a list with small buttons, a page for each part, faults in words, versions."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lantern.domain.catalog import commands as catalog
from lantern.domain.pathways import commands, queries
from lantern.engine.pathway import outline as outlines
from lantern.engine.pathway.outline import Entry, Practice, Section
from lantern.engine.pathway.structure import Rule
from tests.cast import Cast, acting, as_, competencies_of
from tests.offers import offer, offers

FACTS = {"title": "Into talk", "job_kinds": ["teacher"], "level_from": "0", "level_to": "2"}


@pytest.fixture
def made(cast: Cast) -> dict[str, Any]:
    """The small catalog."""
    return offers(cast)


@pytest.fixture
def dana(cast: Cast, client: Client) -> Client:
    """The coordinator's browser."""
    return as_(client, cast.coordinator)


def only(cast: Cast) -> Any:
    """The one pathway there is."""
    with acting(cast.coordinator) as actor:
        (row,) = queries.list_managed(actor)
    return row


def draft(cast: Cast) -> Section:
    """What is being written of it."""
    with acting(cast.coordinator) as actor:
        return queries.draft_of(actor, only(cast))


def text(client: Client, name: str, pathway: Any, query: str = "") -> str:
    """A page of a pathway."""
    answer = client.get(reverse(f"manage:{name}", args=[pathway.pk]) + query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def begin(cast: Cast, dana: Client) -> Any:
    """Begin one on the page."""
    assert dana.post(reverse("manage:pathways_new"), FACTS).status_code == 303
    return only(cast)


@pytest.mark.requirement("P7.1")
@pytest.mark.requirement("P7.4")
def test_a_board_is_written_on_pages_without_a_script_and_offered_once_it_says_everything(
    cast: Cast, dana: Client, made: dict[str, Any]
) -> None:
    pathway = begin(cast, dana)
    names = ("outline", "part", "choose", "state")
    urls = {name: reverse(f"manage:pathways_{name}", args=[pathway.pk]) for name in names}
    answer = dana.post(urls["outline"], {"act": "set:top"})
    assert answer["Location"] == f"{urls['part']}?part=g1"
    board = {"part": "g1", "name": "Choice board", "rule": "any", "least": "2"}
    assert dana.post(urls["part"], board).status_code == 303
    assert "Feedback in a minute" in text(dana, "pathways_choose", pathway, "?into=g1&q=feedback")
    for title in ("Feedback in a minute", "Feedback circle", "Anything goes"):
        assert dana.post(urls["choose"], {"into": "g1", "resource": made[title].pk}).status_code == 303
    page = text(dana, "pathways_edit", pathway)
    assert page.count("Say what it leads to.") == 3 and "Any 2 of these 3" in page
    refused = dana.post(urls["state"], {"act": "offer"})
    assert refused.status_code == 422 and "Say what it leads to." in refused.content.decode()
    assert only(cast).state == "draft" and as_(Client(), cast.novice).get(
        reverse("grow:pathway", args=[pathway.pk])
    ).status_code == 404  # fmt: skip
    assert dana.post(urls["outline"], {"act": "none-needed:top"}).status_code == 303
    for key in ("s1", "s2", "s3"):
        said = {"part": key, "outcome": f"You did {key}", "none_needed": "on", "counts_before": "on"}
        assert dana.post(urls["part"], said).status_code == 303
    assert "Nothing is missing." in text(dana, "pathways_edit", pathway)
    assert dana.post(urls["state"], {"act": "offer"}).status_code == 303
    seen = as_(Client(), cast.novice).get(reverse("grow:pathway", args=[pathway.pk])).content.decode()
    assert "Choice board" in seen and "Any 2 of these 3: 0 of 2 done" in " ".join(seen.split())


def test_parts_move_and_a_step_gets_another_way_practice_a_level_and_a_self_check(
    cast: Cast, dana: Client, made: dict[str, Any]
) -> None:
    pathway = begin(cast, dana)
    outline, part, choose = (
        reverse(f"manage:pathways_{name}", args=[pathway.pk]) for name in ("outline", "part", "choose")
    )
    for title in ("Your first number talk", "Feedback circle"):
        dana.post(choose, {"into": "top", "resource": made[title].pk})
    dana.post(outline, {"act": "set:top"})
    for act, keys in (
        ("up:g1", ["top", "s1", "g1", "s2"]),
        ("in:s2", ["top", "s1", "g1", "s2"]),
        ("out:s2", ["top", "s1", "g1", "s2"]),
        ("down:s1", ["top", "g1", "s1", "s2"]),
        ("in:s1", ["top", "g1", "s1", "s2"]),
        ("remove:g1", ["top", "s2"]),
    ):
        assert dana.post(outline, {"act": act}).status_code == 303
        assert [one.key for one in outlines.walk(draft(cast))] == keys
    dana.post(choose, {"into": "top", "resource": made["Your first number talk"].pk})
    other = made["Number talks on the way home"]
    assert dana.post(choose, {"into": "s3", "resource": other.pk}).status_code == 303
    again = dana.post(choose, {"into": "s3", "resource": other.pk})
    assert again.status_code == 422 and "a way to do this step already" in again.content.decode()
    assert dana.post(outline, {"act": f"route-first:s3:{other.pk}"}).status_code == 303
    talks = competencies_of(cast.framework)[2]
    said = {
        "part": "s3", "outcome": "So", "prior": "A class of your own", "minutes": "40", "competency_1": str(talks.pk),
        "level_1": "2", "practice_after": "s2", "practice_weeks": "3", "practice_in_class": "on",
        "check": str(talks.pk),
    }  # fmt: skip
    assert dana.post(part, said).status_code == 303
    step = outlines.find(draft(cast), "s3")
    assert isinstance(step, Entry)
    assert step.routes == (str(other.pk), str(made["Your first number talk"].pk))
    assert (step.prior, step.minutes, step.counts_before) == ("A class of your own", 40, False)
    assert step.practice == Practice("s2", 3, True) and step.check == str(talks.pk)
    page = text(dana, "pathways_edit", pathway)
    assert "3 weeks of practice in class after Feedback circle" in page and "2 ways to do it" in page
    assert f"Opens at “Building” in {talks.name}" in page
    assert f"Asks to look again at where one stands in {talks.name}" in page
    assert dana.post(outline, {"act": f"route-drop:s3:{other.pk}"}).status_code == 303
    half = dana.post(part, said | {"practice_weeks": "", "level_1": "", "none_needed": "on"})
    assert half.status_code == 422 and half.content.decode().count("or neither.") >= 2
    assert "not both" in half.content.decode()


def test_what_is_wrong_is_said_at_its_part_and_bad_acts_change_nothing(
    cast: Cast, dana: Client, made: dict[str, Any]
) -> None:
    pathway = begin(cast, dana)
    first, then = made["Your first number talk"], made["Feedback circle"]
    with acting(cast.coordinator) as actor:
        catalog.edit_resource(actor, resource_id=then.pk, prerequisite_ids=[first.pk])
        steps = (Entry("s1", (str(then.pk),), "So", ""), Entry("s2", (str(first.pk),), "So", ""))
        commands.save_draft(
            actor, pathway_id=pathway.pk, change=lambda _: Section("top", Rule.IN_ORDER, steps)
        )  # fmt: skip
    page = text(dana, "pathways_edit", pathway)
    assert "“Feedback circle” builds on “Your first number talk”, which comes after it here." in page
    before = draft(cast)
    outline, choose = (reverse(f"manage:pathways_{name}", args=[pathway.pk]) for name in ("outline", "choose"))
    for act in ("", "up:s9", "fly:s1", "remove:top", "out:s1", f"route-drop:s1:{then.pk}"):
        assert dana.post(outline, {"act": act}).status_code in (303, 404)
        assert draft(cast) == before
    with acting(cast.coordinator) as actor:
        catalog.set_status(actor, resource_id=made["Anything goes"].pk, status="retired")
    for wanted in ("", "nothing", str(made["Anything goes"].pk), "01234567-89ab-7def-8123-456789abcdef"):
        assert dana.post(choose, {"into": "top", "resource": wanted}).status_code == 422
    assert dana.post(choose, {"into": "s9", "resource": first.pk}).status_code == 404
    assert draft(cast) == before


def test_an_edit_makes_the_next_version_and_a_draft_may_be_thrown_away(
    cast: Cast, dana: Client, made: dict[str, Any]
) -> None:
    pathway = begin(cast, dana)
    outline, state = (reverse(f"manage:pathways_{name}", args=[pathway.pk]) for name in ("outline", "state"))
    ids = [str(made[title].pk) for title in ("Your first number talk", "Feedback circle")]
    with acting(cast.coordinator) as actor:
        commands.save_draft(
            actor, pathway_id=pathway.pk, change=lambda _: outlines.flat((id, "So", "") for id in ids)
        )  # fmt: skip
    dana.post(state, {"act": "offer"})
    dana.post(state, {"act": "offer"})
    assert (only(cast).version, only(cast).state, only(cast).draft) == (1, "offered", None), "nothing new to offer"
    dana.post(outline, {"act": "remove:s1"})
    assert "Changed since" in dana.get(reverse("manage:pathways")).content.decode()
    assert only(cast).version == 1
    dana.post(state, {"act": "drop"})
    assert len(outlines.entries(draft(cast))) == 2
    dana.post(outline, {"act": "down:s1"})
    dana.post(state, {"act": "offer"})
    assert only(cast).version == 2
    with acting(cast.novice) as nia:
        assert [one.key for one in outlines.entries(queries.outline_of(nia, only(cast)))] == ["s2", "s1"]
    assert dana.post(state, {"act": "retire"}).status_code == 303
    assert as_(Client(), cast.novice).get(reverse("grow:pathway", args=[pathway.pk])).status_code == 404
    dana.post(state, {"act": "offer"})
    assert (only(cast).version, only(cast).state) == (2, "offered"), "offered again as it was"
    assert dana.post(reverse("manage:pathways_edit", args=[pathway.pk]), FACTS | {"title": "Talk"}).status_code == 303
    assert (only(cast).title, only(cast).version) == ("Talk", 2)
    wrong = dana.post(reverse("manage:pathways_edit", args=[pathway.pk]), FACTS | {"level_from": "3"})
    assert wrong.status_code == 422 and "higher level" in wrong.content.decode()


def test_only_managers_come_in_and_an_inherited_one_is_shown_only(cast: Cast, client: Client) -> None:
    with acting(cast.coordinator) as actor:
        row = commands.create_pathway(actor, title="Ours")
    for person in (cast.novice, cast.coach, cast.principal):
        browser = as_(Client(), person)
        assert browser.get(reverse("manage:pathways")).status_code == 403
        assert browser.post(reverse("manage:pathways_outline", args=[row.pk]), {"act": "set:top"}).status_code == 403
    assert as_(client, cast.outsider).get(reverse("grow:pathway", args=[row.pk])).status_code == 404


def test_the_editor_asks_as_much_for_forty_steps_as_for_one(cast: Cast, dana: Client, made: dict[str, Any]) -> None:
    with acting(cast.coordinator) as actor:
        small = commands.create_pathway(
            actor, title="Small", outline=outlines.flat([(str(made["Anything goes"].pk), "So", "")])
        )
        many = [str(offer(cast, f"Thing {number}", minutes=5).pk) for number in range(40)]
        large = commands.create_pathway(actor, title="Large", outline=outlines.flat((id, "So", "") for id in many))

    def count(pathway: Any, name: str, query: str = "") -> int:
        path = reverse(f"manage:{name}", args=[pathway.pk]) + query
        dana.get(path)
        with CaptureQueriesContext(connection) as asked:
            assert dana.get(path).status_code == 200
        return len(asked)

    assert count(large, "pathways_edit") == count(small, "pathways_edit")
    assert count(large, "pathways_part", "?part=s1") == count(small, "pathways_part", "?part=s1")


def test_a_key_of_what_was_taken_out_never_means_another_step(cast: Cast, dana: Client, made: dict[str, Any]) -> None:
    a, b, c = (str(made[title].pk) for title in ("Your first number talk", "Feedback in a minute", "Feedback circle"))
    board = Section("g1", Rule.ANY, (Entry("s1", (a,), "So", ""), Entry("s2", (b,), "So", "")), 1, "Board")
    with acting(cast.coordinator) as actor:
        row = commands.create_pathway(actor, title="Into talk", outline=Section("top", Rule.IN_ORDER, (board,)))
        commands.offer_pathway(actor, pathway_id=row.pk)
    with acting(cast.novice) as nia:
        commands.choose(nia, pathway_id=row.pk, set_key="g1", keys=["s2"])
    part = reverse("manage:pathways_part", args=[row.pk])
    dana.post(reverse("manage:pathways_outline", args=[row.pk]), {"act": "remove:s2"})
    dana.post(reverse("manage:pathways_choose", args=[row.pk]), {"into": "g1", "resource": c})
    said = {"outcome": "A circle", "none_needed": "on", "counts_before": "on"}
    assert dana.post(part, {"part": "s2"} | said).status_code == 404, "a window that shows what is gone"
    assert dana.post(part, {"part": "s3"} | said).status_code == 303
    assert dana.post(reverse("manage:pathways_state", args=[row.pk]), {"act": "offer"}).status_code == 303
    with acting(cast.novice) as nia:
        assert commands.go_over(nia, pathway_id=row.pk).choices["chosen"] == []


def test_sets_that_only_nest_anew_can_be_offered_and_are_told(cast: Cast, dana: Client, made: dict[str, Any]) -> None:
    a, b = (str(made[title].pk) for title in ("Your first number talk", "Feedback in a minute"))
    one = Section("g1", Rule.ALL, (Entry("s1", (a,), "So", ""),), 0, "One")
    two = Section("g2", Rule.ALL, (Entry("s2", (b,), "So", ""),), 0, "Two")
    old = Section("top", Rule.IN_ORDER, (one, two))
    with acting(cast.coordinator) as actor:
        row = commands.create_pathway(actor, title="Into talk", outline=old)
        commands.offer_pathway(actor, pathway_id=row.pk)
    with acting(cast.novice) as nia:
        commands.start_pathway(nia, pathway_id=row.pk)
    either = Section("g3", Rule.ANY, (one, two), 1, "Either")
    with acting(cast.coordinator) as actor:
        commands.save_draft(actor, pathway_id=row.pk, change=lambda _: Section("top", Rule.IN_ORDER, (either,)))
    assert 'value="offer"' in text(dana, "pathways_edit", row)
    dana.post(reverse("manage:pathways_state", args=[row.pk]), {"act": "offer"})
    hers = as_(Client(), cast.novice).get(reverse("grow:pathway", args=[row.pk])).content.decode()
    assert "A new set: “Either”." in hers and "At another place: “One”." in hers
    assert "Nothing in its steps changed." not in hers


def test_what_was_not_seen_is_neither_offered_nor_overwritten(cast: Cast, dana: Client, made: dict[str, Any]) -> None:
    first = Entry("s1", (str(made["Your first number talk"].pk),), "So", "")
    with acting(cast.coordinator) as actor:
        row = commands.create_pathway(actor, title="Into talk", outline=Section("top", Rule.ALL, (first,)))
        commands.offer_pathway(actor, pathway_id=row.pk)
    part, state = (reverse(f"manage:pathways_{name}", args=[row.pk]) for name in ("part", "state"))
    said = {"part": "s1", "none_needed": "on", "counts_before": "on"}
    seen_part = re.findall(r'name="seen" value="(\w+)"', text(dana, "pathways_part", row, "?part=s1"))
    assert dana.post(part, said | {"outcome": "So", "seen": seen_part[0]}).status_code == 303
    assert "Changed since" not in dana.get(reverse("manage:pathways")).content.decode(), "kept as it was is no draft"
    assert dana.post(part, said | {"outcome": "Better words", "seen": seen_part[0]}).status_code == 303
    assert dana.post(part, said | {"outcome": "So", "minutes": "40", "seen": seen_part[0]}).status_code == 409
    seen = re.findall(r'name="seen" value="(\w+)"', text(dana, "pathways_edit", row))
    with acting(cast.coordinator) as actor:
        other = Entry("s2", (str(made["Feedback circle"].pk),), "More", "")
        commands.save_draft(actor, pathway_id=row.pk, change=lambda top: outlines.added(top, "top", other))
    for act in ("offer", "drop"):
        assert dana.post(state, {"act": act, "seen": seen[0]}).status_code == 409
    assert [one.outcome for one in outlines.entries(draft(cast))] == ["Better words", "More"]
    assert dana.post(state, {"act": "Retire"}).status_code == 404, "an act that is none offers nothing"
    now = re.findall(r'name="seen" value="(\w+)"', text(dana, "pathways_edit", row))
    assert dana.post(state, {"act": "offer", "seen": now[0]}).status_code == 303
    assert only(cast).version == 2


def test_take_this_pressed_twice_takes_it_once(cast: Cast, dana: Client, made: dict[str, Any]) -> None:
    with acting(cast.coordinator) as actor:
        row = commands.create_pathway(actor, title="Into talk")
    found = text(dana, "pathways_choose", row, "?into=top&q=circle")
    keys = re.findall(r'name="idempotency_key" value="([^"]+)"', found)
    sent = {"into": "top", "q": "circle", "resource": made["Feedback circle"].pk, "idempotency_key": keys[-1]}
    for _ in range(2):
        assert dana.post(reverse("manage:pathways_choose", args=[row.pk]), sent).status_code == 303
    assert len(outlines.entries(draft(cast))) == 1
