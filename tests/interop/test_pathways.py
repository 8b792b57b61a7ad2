"""Pathways as files: out and in again as they were, refused by place and reason, and those of real catalogues."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lantern import models as tables
from lantern.domain.pathways import commands, queries
from lantern.domain.pathways.types import PathwayData
from lantern.engine.pathway import outline as outlines
from lantern.engine.pathway.outline import Entry, LevelFirst, Practice, Section
from lantern.engine.pathway.structure import Rule
from lantern.interop.catalogue.detect import detect_and_read
from lantern.interop.catalogue.sync import run_catalogue_import
from lantern.interop.ecf.pathways import pathways_of
from lantern.interop.pathways.codec import Unreadable, read_pathways_file, write_pathways_file
from lantern.interop.pathways.sync import run_pathway_import, write_pathways
from lantern.kernel.errors import NotAllowed
from tests.cast import Cast, acting, as_, competencies_of
from tests.offers import offers


def file_of(*pathways: dict[str, Any], **more: Any) -> bytes:
    """A file of these pathways."""
    return json.dumps({"format": "lantern-pathways", "version": 1, "pathways": list(pathways)} | more).encode()


def pathway(**more: Any) -> dict[str, Any]:
    """A pathway of one step."""
    step = {"key": "s1", "routes": [{"title": "Your first number talk"}], "outcome": "So", "prior": ""}
    outline = {"key": "top", "rule": "all in order", "parts": [step]}
    return {"id": "p1", "title": "Into talk", "outline": outline} | more


def with_step(**more: Any) -> dict[str, Any]:
    """A pathway whose step says something else."""
    given = pathway()
    given["outline"]["parts"][0] |= more
    return given


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not JSON"),
        (b"[]", "format"),
        (b'{"format": "lantern-catalogue"}', "lantern-pathways"),
        (file_of(version=2), "version 1"),
        (file_of(pathways={}), "list of at most"),
        (b'{"format": "lantern-pathways", "version": 1, "pathways": ' + b"[" * 100 + b"]" * 100 + b"}", "nested"),
    ],
)
def test_a_file_that_is_none_is_refused_whole(data: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        read_pathways_file(data)


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        (pathway(id=""), "id", "empty"),
        (pathway(title=7), "title", "text"),
        (pathway(who="me"), "who", "not known"),
        (pathway(job_kinds="teacher"), "job_kinds", "list"),
        (pathway(level_from="1"), "level_from", "whole number"),
        (pathway(outline=None), "outline top", "neither"),
        (pathway(id="p0"), "id", "pathway 1 of this file"),
        (with_step(routes=[{}]), "outline top.1", "source and id"),
        (with_step(routes=["x"]), "outline top.1", "source and id"),
        (with_step(routes=[]), "outline top.1", "routes is a list"),
        (with_step(check={"framework": "T"}), "outline top.1", "framework and code"),
        (with_step(levels=[{"framework": "T", "code": "A.1", "level": 9}]), "outline top.1", "1 to 4"),
        (with_step(practice={"after": "s1", "weeks": 0}), "outline top.1", "weeks"),
        (with_step(minutes="long"), "outline top.1", "whole number"),
        (pathway(outline={"key": "top", "rule": ["any"], "parts": []}), "outline top", "rule is one of"),
        (pathway(title="x\ud800"), "title", "no text"),
        (pathway(source="a\x00b"), "source", "no text"),
        (with_step(outcome="x\ud800"), "outline top.1", "no text"),
        (with_step(routes=[{"title": "a\x00b"}]), "outline top.1", "source and id"),
        (with_step(check={"framework": "a\x00b", "code": "1"}), "outline top.1", "framework and code"),
        (with_step(routes=[{"id": str(n)} for n in range(6000)]), "outline top.1", "at most 12"),
        (pathway(**{"who\ud800": 1}), "who?", "not known"),
    ],
)
def test_a_pathway_that_does_not_fit_is_refused_by_place_and_the_others_stand(
    wrong: dict[str, Any], field: str, words: str
) -> None:
    read = read_pathways_file(file_of(pathway(id="p0"), wrong))
    assert [one.id for one in read.records] == ["p0"]
    ((number, where, why),) = [(one.number, one.field, one.reason) for one in read.errors]
    assert (number, where) == (2, field) and words in why


def test_the_whole_has_one_key_whatever_a_file_calls_it() -> None:
    read = read_pathways_file(file_of(pathway(outline={"key": "g0", "rule": "all", "parts": []})))
    assert [one.outline.key for one in read.records] == ["top"]


def test_two_of_one_name_and_a_name_that_is_too_long_refuse_themselves_only(cast: Cast) -> None:
    rows = [
        PathwayData(1, "x", "ecf", "One", outlines.empty()),
        PathwayData(2, "x", "ecf", "Two", outlines.empty()),
        PathwayData(3, "x" * 250, "ecf", "Three", outlines.empty()),
        PathwayData(4, "y", "ecf", "Four\ud800", outlines.empty()),
    ]
    with acting(cast.coordinator) as dana:
        found = commands.import_pathways(dana, rows=rows, only_new=True)
    assert found.created == 1
    assert [(one.row, one.field) for one in found.refused] == [(2, "id"), (3, "id"), (4, "title")]


def test_a_file_does_not_change_at_once_what_educators_read_of_an_offered_one(cast: Cast, tmp_path: Path) -> None:
    pk = str(offers(cast)["Anything goes"].pk)
    step = {"key": "s1", "routes": [{"lantern": pk}], "outcome": "So", "prior": ""}
    whole, path = {"key": "top", "rule": "all", "parts": [step]}, tmp_path / "p.json"
    for title, kinds in (("Before", ["teacher"]), ("First", ["teacher", "teacher"]), ("Second", [])):
        path.write_bytes(file_of(pathway(title=title, job_kinds=kinds, outline=whole)))
        with acting(cast.coordinator) as dana:
            said = run_pathway_import(dana, path).counts["pathways"]
            (row,) = queries.list_managed(dana)
            assert said["created" if title == "Before" else "updated" if title == "First" else "unchanged"] == 1
            assert (row.title, row.job_kinds) == ("Before" if title == "Before" else "First", ["teacher"])
            if title == "First":
                assert run_pathway_import(dana, path).counts["pathways"]["unchanged"] == 1
                commands.offer_pathway(dana, pathway_id=row.pk)


def test_a_lesson_at_an_odd_position_stands_in_its_place(cast: Cast) -> None:
    lessons = [{"id": "b", "title": "B", "position": "2"}, {"id": "a", "title": "A", "position": "1.5"}, {"id": "c"}]
    module = {"title": "M", "lessons": lessons}
    data = json.dumps({"programme": "P", "years": [{"year": 1, "modules": [module]}]}).encode()
    catalogue: Any = SimpleNamespace(records=[SimpleNamespace(external_id=f"ecf:{one}") for one in "abc"])
    (found,) = pathways_of({"p": data}, catalogue)
    assert [one.id for one in found.resources.values()] == ["ecf:c", "ecf:a", "ecf:b"]


def test_what_is_written_is_read_again_as_it_was() -> None:
    given = with_step(
        routes=[{"source": "spring", "id": "a-1"}, {"title": "Other"}],
        levels=[{"framework": "T", "code": "A.1", "level": 2}],
        check={"framework": "T", "code": "A.2"},
        practice={"after": "s1", "weeks": 2, "in_class": True},
    )
    read = read_pathways_file(file_of(given, pathway(id="p2", source="spring", job_kinds=["teacher"], level_to=3)))
    assert not read.errors
    assert read_pathways_file(write_pathways_file(read.records)) == read


@pytest.fixture
def written(cast: Cast) -> Any:
    """A pathway that says everything, offered, with a change in its draft."""
    made = offers(cast)
    talks = competencies_of(cast.framework)[2]
    ids = {title: str(row.pk) for title, row in made.items()}
    choice = Section(
        "g1",
        Rule.ANY,
        (Entry("s2", (ids["Feedback in a minute"],), "Two", ""), Entry("s3", (ids["Feedback circle"],), "Three", "")),
        1,
        "Ways",
    )
    first = Entry(
        "s1",
        (ids["Your first number talk"], ids["Number talks on the way home"]),
        "One",
        "A class of your own",
        30,
        (LevelFirst(str(talks.pk), 1),),
        check=str(talks.pk),
    )
    last = Entry("s4", (ids["Anything goes"],), "Four", "", practice=Practice("s1", 3, True), counts_before=False)
    with acting(cast.coordinator) as dana:
        row = commands.create_pathway(
            dana,
            title="Into talk",
            summary="Step by step",
            job_kinds=["teacher"],
            level_to=3,
            outline=Section("top", Rule.IN_ORDER, (first, choice, last)),
        )
        commands.offer_pathway(dana, pathway_id=row.pk)
        return commands.save_draft(dana, pathway_id=row.pk, change=lambda top: outlines.moved(top, "s4", "up"))


def test_out_and_in_again_gives_the_same(cast: Cast, written: Any, tmp_path: Path) -> None:
    with acting(cast.coordinator) as dana:
        data = write_pathways(dana)
        path = tmp_path / "pathways.json"
        path.write_bytes(data)
        same = run_pathway_import(dana, path)
        assert same.counts["pathways"] == {"created": 0, "updated": 0, "unchanged": 1, "rejected": 0}
        draft = queries.draft_of(dana, queries.get_pathway(dana, written.pk))
        tables.Pathway.objects.all().delete()
        tried = run_pathway_import(dana, path, dry_run=True)
        assert tried.counts["pathways"]["created"] == 1 and queries.list_managed(dana) == []
        report = run_pathway_import(dana, path)
        assert report.counts["pathways"]["created"] == 1 and not report.errors
        (row,) = queries.list_managed(dana)
        assert queries.draft_of(dana, row) == draft
        assert (row.title, row.summary, row.job_kinds, row.level_to) == ("Into talk", "Step by step", ["teacher"], 3)
        assert row.state == "draft" and write_pathways(dana) == data
        commands.offer_pathway(dana, pathway_id=row.pk)


def test_names_that_are_not_here_are_refused_by_place_and_nothing_is_half_done(
    cast: Cast, tmp_path: Path
) -> None:
    made = offers(cast)
    with acting(cast.coordinator) as dana:
        tables.Resource.objects.create(
            title="Anything goes", kind="video", modality="self_paced", created_at=made["Anything goes"].created_at,
            updated_at=made["Anything goes"].updated_at,
        )  # fmt: skip
        path = tmp_path / "pathways.json"
        path.write_bytes(
            file_of(
                pathway(id="good"),
                with_step(routes=[{"source": "spring", "id": "a-9"}]),
                with_step(routes=[{"title": "Nowhere"}]) | {"id": "p2"},
                with_step(routes=[{"title": "Anything goes"}]) | {"id": "p3"},
                with_step(check={"framework": "No such", "code": "A.1"}) | {"id": "p4"},
                pathway(id="p5", job_kinds=["wizard"]),
                pathway(id="p6", title=""),
            )
        )
        report = run_pathway_import(dana, path)
        assert report.counts["pathways"] == {"created": 1, "updated": 0, "unchanged": 0, "rejected": 6}
        told = {problem.row: (problem.field, problem.reason) for problem in report.errors}
        assert told[2] == ("outline s1", "There is no spring a-9 in the catalog here.")
        assert told[3] == ("outline s1", "Nothing in the catalog here is called “Nowhere”.")
        assert "2 things in the catalog are called “Anything goes”" in told[4][1]
        assert told[5][1] == "There is no A.1 in a framework called No such here."
        assert told[6] == ("job_kinds", "Choose from the kinds of work.") and told[7][0] == "title"
        assert [row.external_id for row in queries.list_managed(dana)] == ["good"]
        path.write_bytes(b"{")
        assert run_pathway_import(dana, path).refusal
    with acting(cast.novice) as nia, pytest.raises(NotAllowed):
        write_pathways(nia)


def test_coordinators_download_the_file_and_nobody_else(cast: Cast, client: Client, written: Any) -> None:
    answer = as_(client, cast.coordinator).get(reverse("pathway_files:export"))
    assert answer.status_code == 200 and "pathways.json" in answer["Content-Disposition"]
    assert [one.title for one in read_pathways_file(answer.content).records] == ["Into talk"]
    assert as_(Client(), cast.novice).get(reverse("pathway_files:export")).status_code == 403


# ---------------------------------------------------------------------------------------------------- real catalogues


@pytest.fixture
def catalogues(shared_data: Path) -> Path:
    """Other people's catalogues."""
    return shared_data / "catalogues"


@pytest.mark.requirement("C.8")
def test_the_national_centres_pathways_are_read_with_two_formats_of_one_course_as_one_step(catalogues: Path) -> None:
    found = detect_and_read(catalogues / "ncce").pathways
    assert len(found) == 14
    steps = {one.id: outlines.entries(one.outline) for one in found}
    assert {id.removeprefix("ncce:pathway:"): len(entries) for id, entries in steps.items()} == {
        "advanced-gcse-computer-science": 8, "prepare-to-teach-gcse-computer-science": 12,
        "new-to-algorithms-and-programming": 8, "new-to-computing": 9, "new-to-computer-systems": 8,
        "developing-in-the-classroom": 7, "specialising-or-leading": 9, "specialising-or-leading-2": 10,
        "developing-in-the-classroom-2": 7, "curriculum-leadership": 17, "supporting-other-teachers": 16,
        "championing-diversity-and-inclusion": 16, "raising-student-attainment": 18, "developing-teachers": 11,
    }  # fmt: skip
    assert sum(len(entry.routes) == 2 for entries in steps.values() for entry in entries) > 10
    assert all(entry.outcome for entries in steps.values() for entry in entries if entry.key.startswith("s"))


def test_the_early_career_sequences_are_years_of_modules_of_lessons(catalogues: Path) -> None:
    found = detect_and_read(catalogues / "ecf-self-study").pathways
    assert [(one.title, len(outlines.entries(one.outline))) for one in found] == [
        ("Early Career Framework: Ambition Institute", 36), ("Early Career Framework: UCL", 26),
    ]  # fmt: skip
    ucl = found[1].outline
    assert [(year.name, len(year.parts)) for year in ucl.parts if isinstance(year, Section)] == [
        ("Year 1", 6), ("Year 2", 5),
    ]  # fmt: skip
    modules = [one for one in outlines.walk(ucl) if isinstance(one, Section) and len(one.parts) == 4]
    assert [len(one.parts) for one in modules] == [4] * 5
    first, second = modules[0].parts[:2]
    assert isinstance(first, Entry) and isinstance(second, Entry)
    assert first.prior is None and second.prior == "The lesson before it: Understanding teachers as role models"


@pytest.mark.slow
def test_real_catalogues_bring_their_pathways_in_as_drafts_once(cast: Cast, catalogues: Path) -> None:
    with acting(cast.coordinator) as dana:
        for folder, pathways, steps in (("ncce", 14, 156), ("ecf-self-study", 2, 62)):
            tried = run_catalogue_import(dana, catalogues / folder, dry_run=True)
            assert tried.counts["pathways"] == {"created": pathways, "unchanged": 0, "rejected": 0}
            report = run_catalogue_import(dana, catalogues / folder)
            assert report.counts["pathways"] == {"created": pathways, "unchanged": 0, "rejected": 0}
            again = run_catalogue_import(dana, catalogues / folder)
            assert again.counts["pathways"] == {"created": 0, "unchanged": pathways, "rejected": 0}
            source = "ncce" if folder == "ncce" else "ecf"
            rows = [row for row in queries.list_managed(dana) if row.source == source]
            drafts = [queries.draft_of(dana, row) for row in rows]
            assert sum(len(outlines.entries(draft)) for draft in drafts) == steps
            assert {row.state for row in rows} == {"draft"}
            for draft in drafts:
                said = {one.words for one in queries.faults_of(dana, draft)}
                unsaid = ("Say what it leads to.", "Say what one should know before it", "Say how long")
                assert all(words.startswith(unsaid) for words in said), "only what nobody said is missing"
