"""Pathways: refused by field, versions that stay, what is hers alone, what the planner may ask."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lantern import models as tables
from lantern.domain.catalog import commands as catalog
from lantern.domain.pathways import commands, queries
from lantern.domain.pathways.types import MOST_OWN, PathwayData
from lantern.domain.privacy import commands as privacy
from lantern.engine.pathway import ItemDone, LevelReached
from lantern.engine.pathway import outline as outlines
from lantern.engine.pathway.outline import Entry, LevelFirst, Practice, Section
from lantern.engine.pathway.problem import Gap
from lantern.engine.pathway.structure import Group, Rule, Step
from lantern.flows import rights
from lantern.kernel import clock, tenancy
from lantern.kernel.errors import Invalid, NotAllowed, NotFound
from tests.cast import Cast, acting, competencies_of
from tests.offers import offers

TITLES = ("Your first number talk", "Feedback in a minute", "Number talks in a month", "Feedback circle")


@pytest.fixture
def ids(cast: Cast) -> list[str]:
    """Four resources of the small catalog."""
    made = offers(cast)
    return [str(made[title].pk) for title in TITLES]


def step(key: str, *routes: str, **more: Any) -> Entry:
    """A step that says all it has to."""
    return Entry(key, routes, f"So {key}", "", **more)


def whole(*parts: Any, rule: Rule = Rule.IN_ORDER) -> Section:
    """An outline."""
    return Section("top", rule, parts)


def offered(cast: Cast, outline: Section, **facts: Any) -> Any:
    """A pathway that is offered."""
    with acting(cast.coordinator) as dana:
        said: dict[str, Any] = {"title": "Into talk", "outline": outline}
        row = commands.create_pathway(dana, **(said | facts))
        return commands.offer_pathway(dana, pathway_id=row.pk)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 161}, "title"),
        ({"summary": "x" * 501}, "summary"),
        ({"job_kinds": ["wizard"]}, "job_kinds"),
        ({"level_from": 2, "level_to": 2}, "level_to"),
        ({"level_to": 5}, "level_to"),
        ({"outline": Section("top", Rule.ALL, (Entry("s1", ("no-id",)),))}, "outline"),
        ({"outline": Section("top", Rule.ALL, (Entry("s1", ()),))}, "outline"),
        ({"outline": Section("top", Rule.ALL, tuple(Entry(f"s{n}", (str(uuid4()),)) for n in range(201)))}, "outline"),
    ],
)
def test_bad_facts_are_refused_by_field(cast: Cast, facts: dict[str, Any], field: str) -> None:
    with acting(cast.coordinator) as dana:
        with pytest.raises(Invalid) as refused:
            commands.create_pathway(dana, **({"title": "Talk"} | facts))
        assert set(refused.value.fields) == {field}
        assert queries.list_managed(dana) == []


@pytest.mark.requirement("P7.4")
def test_nothing_is_offered_with_a_fault_and_a_draft_keeps_it(cast: Cast, ids: list[str]) -> None:
    with acting(cast.coordinator) as dana:
        row = commands.create_pathway(dana, title="Talk", outline=whole(Entry("s1", (ids[0],), "So")))
        with pytest.raises(Invalid) as refused:
            commands.offer_pathway(dana, pathway_id=row.pk)
        assert "what one should know before it" in refused.value.fields["outline"]
        assert queries.get_pathway(dana, row.pk).version == 0
        assert queries.draft_of(dana, row) == whole(Entry("s1", (ids[0],), "So"))
        empty = commands.create_pathway(dana, title="Nothing")
        with pytest.raises(Invalid):
            commands.offer_pathway(dana, pathway_id=empty.pk)
    with acting(cast.novice) as nia, pytest.raises(NotFound):
        queries.get_pathway(nia, row.pk)


def test_only_managers_write_and_another_district_finds_nothing(cast: Cast, ids: list[str]) -> None:
    pathway = offered(cast, whole(step("s1", ids[0])))
    for person in (cast.novice, cast.coach, cast.principal):
        with acting(person) as actor:
            for act in (
                lambda actor: commands.create_pathway(actor, title="Mine"),
                lambda actor: commands.describe_pathway(actor, pathway_id=pathway.pk, title="Mine"),
                lambda actor: commands.save_draft(actor, pathway_id=pathway.pk, change=lambda top: top),
                lambda actor: commands.drop_draft(actor, pathway_id=pathway.pk),
                lambda actor: commands.offer_pathway(actor, pathway_id=pathway.pk),
                lambda actor: commands.retire_pathway(actor, pathway_id=pathway.pk),
                lambda actor: commands.import_pathways(actor, rows=[]),
            ):
                with pytest.raises(NotAllowed):
                    act(actor)
    with acting(cast.outsider) as uma:
        with pytest.raises(NotFound):
            queries.get_pathway(uma, pathway.pk)
        with pytest.raises(NotFound):
            commands.start_pathway(uma, pathway_id=pathway.pk)
        assert queries.list_managed(uma) == [] and queries.places_of(uma, UUID(ids[0])) == []


def test_a_version_is_never_changed_and_steps_keep_their_keys(cast: Cast, ids: list[str]) -> None:
    pathway = offered(cast, whole(step("s1", ids[0]), step("s2", ids[1], ids[3])))
    with acting(cast.novice) as nia:
        start = commands.start_pathway(nia, pathway_id=pathway.pk)
        assert commands.start_pathway(nia, pathway_id=pathway.pk).pk == start.pk, "a repeat changes nothing"
    with acting(cast.coordinator) as dana:
        commands.save_draft(dana, pathway_id=pathway.pk, change=lambda top: outlines.removed(top, "s1"))
        second = commands.offer_pathway(dana, pathway_id=pathway.pk)
        assert (second.version, second.draft) == (2, None)
        held = tables.PathwayStep.objects.filter(version__pathway=pathway).select_related("version")
        rows = held.order_by("version__number", "position", "route")
        assert [(row.version.number, row.key, row.position, row.route) for row in rows] == [
            (1, "s1", 1, 0), (1, "s2", 2, 0), (1, "s2", 2, 1), (2, "s2", 1, 0), (2, "s2", 1, 1),
        ]  # fmt: skip
    with acting(cast.novice) as nia:
        mine = queries.my_start(nia, pathway.pk)
        assert mine is not None
        first = whole(step("s1", ids[0]), step("s2", ids[1], ids[3]))
        assert queries.outline_of(nia, pathway, mine.version_id) == first
        assert queries.outline_of(nia, queries.get_pathway(nia, pathway.pk)) == whole(step("s2", ids[1], ids[3]))


@pytest.mark.requirement("P7.4")
def test_a_resource_says_in_which_pathways_it_stands_and_where(cast: Cast, ids: list[str]) -> None:
    offered(cast, whole(step("s1", ids[0]), step("s2", ids[1], ids[3])), title="One")
    retired = offered(cast, whole(step("s1", ids[3])), title="Retired")
    offered(cast, whole(step("s1", ids[3])), title="Two")
    with acting(cast.coordinator) as dana:
        commands.retire_pathway(dana, pathway_id=retired.pk)
    with acting(cast.novice) as nia:
        found = queries.places_of(nia, UUID(ids[3]))
        assert [(one.title, one.position, one.steps, one.outcome) for one in found] == [
            ("One", 2, 2, "So s2"), ("Two", 1, 1, "So s1"),
        ]  # fmt: skip


def test_the_planner_is_told_structure_gaps_needs_and_equivalents(cast: Cast, ids: list[str]) -> None:
    talks = competencies_of(cast.framework)[2]
    with acting(cast.coordinator) as dana:
        catalog.edit_resource(dana, resource_id=UUID(ids[2]), prerequisite_ids=[UUID(ids[0])])
    outline = whole(
        step("s1", ids[0], ids[1]),
        step("s2", ids[2], practice=Practice("s1", 2, True), levels=(LevelFirst(str(talks.pk), 2),)),
    )
    pathway = offered(cast, outline)
    with acting(cast.novice) as nia:
        assert queries.started(nia) == []
        commands.swap(nia, pathway_id=pathway.pk, key="s1", resource_id=UUID(ids[1]))
        own = commands.copy_pathway(nia, pathway_id=pathway.pk)
        found, hers = queries.started(nia)
        assert (found.pathway_id, found.title, hers.pathway_id, hers.id) == (pathway.pk, "Into talk", None, own.pk)
        assert found.structure == Group(Rule.IN_ORDER, (Step("s1"), Step("s2")))
        assert found.gaps == (Gap("s1", "s2", 2, True),)
        assert found.resources == {"s1": (UUID(ids[1]), UUID(ids[0])), "s2": (UUID(ids[2]),)}
        assert found.needs == {"s2": ((LevelReached(str(talks.pk), 2.0),), (ItemDone("s1"),))}
        assert found.minutes == {"s1": 15, "s2": 120} and found.started_on == clock.today()
        assert queries.equivalents(nia, [UUID(ids[0])]) == [frozenset({UUID(ids[0]), UUID(ids[1])})]
        assert queries.equivalents(nia, [UUID(ids[2]), UUID(ids[3])]) == []
        with CaptureQueriesContext(connection) as one:
            queries.started(nia)
    second = offered(cast, outline, title="Another")
    with acting(cast.novice) as nia:
        commands.start_pathway(nia, pathway_id=second.pk)
        with CaptureQueriesContext(connection) as two:
            assert len(queries.started(nia)) == 3
        assert len(two) == len(one)
    with acting(cast.expert) as eva:
        assert queries.started(eva) == []
        assert queries.equivalents(eva, [UUID(ids[0])]) == [frozenset({UUID(ids[0]), UUID(ids[1])})]


def test_what_she_started_and_her_own_pathways_are_seen_by_nobody_else(cast: Cast, ids: list[str]) -> None:
    pathway = offered(cast, whole(step("s1", ids[0])))
    with acting(cast.novice) as nia:
        commands.start_pathway(nia, pathway_id=pathway.pk)
        own = commands.create_own(nia, title="Mine alone")
    for person in (cast.expert, cast.coach, cast.principal, cast.coordinator, cast.operator):
        with acting(person) as actor:
            assert queries.my_starts(actor) == [] and queries.my_own(actor) == []
            with pytest.raises(NotFound):
                queries.get_own(actor, own.pk)
            with pytest.raises(NotFound):
                commands.rename_own(actor, own_id=own.pk, title="Yours")
            with pytest.raises(NotFound):
                commands.leave(actor, pathway_id=pathway.pk)
    with tenancy.unscoped("looking at what lies in the table"), connection.cursor() as cursor:
        cursor.execute("SELECT title, structure FROM lantern_ownpathway")
        assert "Mine alone" not in str(cursor.fetchall()), "it lies sealed"


def test_own_pathways_have_names_and_an_end(cast: Cast) -> None:
    with acting(cast.novice) as nia:
        for title in ("", " ", "x" * 161):
            with pytest.raises(Invalid):
                commands.create_own(nia, title=title)
        for number in range(MOST_OWN):
            commands.create_own(nia, title=f"Way {number}")
        with pytest.raises(Invalid, match="Remove one"):
            commands.create_own(nia, title="One more")


def test_her_archive_holds_them_erasure_deletes_them_and_they_come_back(cast: Cast, ids: list[str]) -> None:
    pathway = offered(cast, whole(step("s1", ids[0], ids[1])))
    with acting(cast.novice) as nia:
        start = commands.swap(nia, pathway_id=pathway.pk, key="s1", resource_id=UUID(ids[1]))
        own = commands.copy_pathway(nia, pathway_id=pathway.pk)
        kept = queries.export_for(nia)
        assert kept["started_pathways"][0]["choices"]["swaps"] == {"s1": ids[1]}
        assert kept["own_pathways"][0]["title"] == "Into talk"
        records = [_record(start), _record(own)]
        assert commands.erase(nia, cast.novice.pk) == {"started_pathways": 1, "own_pathways": 1}
        assert queries.started(nia) == []
        back = privacy.bring_back(nia, records=records)
        assert back.written == {"PathwayStart": 1, "OwnPathway": 1} and not back.left_out
        assert queries.outline_of_own(queries.my_own(nia)[0]) == whole(step("s1", ids[0], ids[1]))
    with acting(cast.expert) as eva, pytest.raises(NotFound):
        commands.erase(eva, cast.novice.pk)


def _record(row: Any) -> dict[str, Any]:
    fields = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    plain = {name: value for name, value in fields.items() if name not in ("id", "tenant_id")}
    return {"table": type(row).__name__, "id": str(row.pk), "fields": plain}


@pytest.mark.parametrize(
    ("table", "fields"),
    [
        ("PathwayStart", {"choices": []}),
        ("PathwayStart", {"choices": {"chosen": "s1"}}),
        ("PathwayStart", {"choices": {"swaps": {"s1": 7}}}),
        ("OwnPathway", {"structure": "x"}),
        ("OwnPathway", {"structure": {"key": "top", "rule": "all", "parts": [{"key": "s1", "routes": ["x"]}]}}),
        ("OwnPathway", {"choices": {"chosen": [""]}}),
        ("OwnPathway", {"title": "x" * 161}),
    ],
)
def test_a_crafted_archive_brings_no_nonsense(cast: Cast, ids: list[str], table: str, fields: dict[str, Any]) -> None:
    pathway = offered(cast, whole(step("s1", ids[0])))
    with acting(cast.novice) as nia:
        row = commands.start_pathway(nia, pathway_id=pathway.pk)
        record = _record(row if table == "PathwayStart" else commands.copy_pathway(nia, pathway_id=pathway.pk))
        commands.erase(nia, cast.novice.pk)
        record["fields"] |= fields
        back = privacy.bring_back(nia, records=[record])
        assert not back.written and len(back.left_out) == 1


def test_a_version_of_another_pathway_is_left_out(cast: Cast, ids: list[str]) -> None:
    one, two = (offered(cast, whole(step("s1", ids[0])), title=title) for title in ("One", "Two"))
    with acting(cast.novice) as nia:
        record = _record(commands.start_pathway(nia, pathway_id=one.pk))
        other = commands.start_pathway(nia, pathway_id=two.pk)
        record["fields"]["version_id"] = str(other.version_id)
        commands.erase(nia, cast.novice.pk)
        assert not privacy.bring_back(nia, records=[record]).written


def test_erasing_somebody_takes_what_she_started_along(cast: Cast, ids: list[str]) -> None:
    assert rights.ERASE["pathways"] is commands.erase
    pathway = offered(cast, whole(step("s1", ids[0])))
    with acting(cast.novice) as nia:
        commands.start_pathway(nia, pathway_id=pathway.pk)
        commands.erase(nia, cast.novice.pk)
        assert queries.my_starts(nia) == []
    with acting(cast.coordinator) as dana:
        assert queries.get_pathway(dana, pathway.pk).version == 1


def test_bringing_in_makes_drafts_the_same_again_changes_nothing_and_a_try_leaves_nothing(
    cast: Cast, ids: list[str]
) -> None:
    def data(**more: Any) -> PathwayData:
        facts: dict[str, Any] = {"row": 1, "external_id": "p1", "source": "spring", "title": "Talk"}
        return PathwayData(**(facts | {"outline": whole(step("s1", ids[0]))} | more))

    bad = data(row=2, external_id="p2", level_from=4)
    with acting(cast.coordinator) as dana:
        tried = commands.import_pathways(dana, rows=[data(), bad], dry_run=True)
        assert (tried.created, [(one.row, one.field) for one in tried.refused]) == (1, [(2, "level_to")])
        assert queries.list_managed(dana) == []
        assert commands.import_pathways(dana, rows=[data(), bad]).created == 1
        (row,) = queries.list_managed(dana)
        assert (row.state, row.version) == ("draft", 0)
        assert commands.import_pathways(dana, rows=[data()]).unchanged == 1
        commands.offer_pathway(dana, pathway_id=row.pk)
        assert commands.import_pathways(dana, rows=[data()]).unchanged == 1
        changed = data(title="Talk more", outline=whole(step("s1", ids[1])))
        assert commands.import_pathways(dana, rows=[changed], only_new=True).unchanged == 1
        assert commands.import_pathways(dana, rows=[changed]).updated == 1
        row = queries.get_pathway(dana, row.pk)
        assert (row.title, row.version) == ("Talk", 1), "what educators read of it stays, too"
        assert queries.outline_of(dana, row) == whole(step("s1", ids[0])), "what is offered stays"
        assert queries.draft_of(dana, row) == whole(step("s1", ids[1]))


def test_what_lies_in_the_table_and_is_no_outline_leaves_the_page_standing(cast: Cast, ids: list[str]) -> None:
    pathway = offered(cast, whole(step("s1", ids[0])))
    with acting(cast.novice) as nia:
        tables.PathwayVersion.objects.filter(pathway=pathway).update(structure={"rule": "none"})
        assert queries.outline_of(nia, pathway) == outlines.empty()
