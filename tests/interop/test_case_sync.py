"""Frameworks from file to rows and back: the real ones, twice, changed, too big for a quiet day, and refused."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from lantern.domain.competencies import queries
from lantern.domain.competencies.models import Association, Competency, Framework
from lantern.interop.case.codec import read_framework
from lantern.interop.case.sync import run_framework_import, write_case_package
from lantern.kernel.errors import NotAllowed, NotFound
from tests.cast import Cast, acting

REAL = {
    "digcompedu/digcompedu": (175, 22, {"Competence"}, "CC BY 4.0"),
    "england-teachers-standards/teachers-standards": (43, 8, {"Standard"}, "Open Government Licence v3.0"),
    "england-ccf-2019/ccf": (268, 8, {"Area"}, "Open Government Licence v3.0"),
}
DOCUMENT = "11111111-1111-4111-8111-111111111111"


def ident(number: int) -> str:
    return str(uuid.UUID(int=number))


def package(path: Path, parents: Mapping[int, tuple[int, ...]], *, skip: tuple[int, ...] = (), **document: Any) -> Path:
    """A CASE package of items 1.. with the parents named (0: the document)."""
    items = [
        {"identifier": ident(n), "uri": f"urn:x:{n}", "fullStatement": f"Statement {n}.", "humanCodingScheme": f"S{n}"}
        for n in parents
        if n not in skip
    ]
    ties = [
        {
            "identifier": ident(100_000 + n * 10 + place),
            "uri": "urn:x",
            "associationType": "isChildOf",
            "originNodeURI": {"title": "o", "identifier": ident(n), "uri": "urn:x"},
            "destinationNodeURI": {"title": "d", "identifier": ident(p) if p else DOCUMENT, "uri": "urn:x"},
            "sequenceNumber": n,
        }
        for n, above in parents.items()
        if n not in skip
        for place, p in enumerate(above)
    ]
    head = {"identifier": DOCUMENT, "uri": f"urn:uuid:{DOCUMENT}", "title": "Ours", "creator": "Us"} | document
    path.write_text(json.dumps({"CFDocument": head, "CFItems": items, "CFAssociations": ties}))
    return path


@pytest.mark.requirement("C.5")
@pytest.mark.parametrize("name", REAL)
def test_a_real_framework_arrives_whole_and_the_same_file_changes_nothing(
    name: str, cast: Cast, shared_data: Path
) -> None:
    total, choices, kinds, licence = REAL[name]
    path = shared_data / f"frameworks/{name}.case.json"
    with acting(cast.official) as actor:
        tried = run_framework_import(actor, path, dry_run=True)
        assert tried.outcome == "previewed" and tried.counts["competencies"]["created"] == total
        assert not Framework.objects.filter(licence_title=licence, uri__startswith="urn").exists()
        report = run_framework_import(actor, path)
        assert (report.outcome, report.counts["competencies"]["created"]) == ("done", total)
        framework = Framework.objects.get(identifier=read_framework(path.read_bytes(), "x.json").identifier)
        chosen = list(queries.list_competencies(actor, framework.pk, selectable_only=True))
        assert len(chosen) == choices and {one.item_type for one in chosen} == kinds
        assert framework.licence_title == licence
        before = list(Competency.objects.order_by("pk").values())
        again = run_framework_import(actor, path)
        assert again.changes == 0 and again.counts["competencies"]["unchanged"] == total
        assert list(Competency.objects.order_by("pk").values()) == before
    with acting(cast.novice) as actor:
        assert queries.get_framework(actor, framework.pk) == framework


def test_the_tree_keeps_the_published_order(cast: Cast, shared_data: Path) -> None:
    path = shared_data / "frameworks/digcompedu/digcompedu.case.json"
    levels = shared_data / "frameworks/digcompedu/levels.csv"
    with acting(cast.official) as actor:
        run_framework_import(actor, path, levels=levels)
        framework = next(one for one in queries.frameworks_for(actor) if "DigCompEdu" in one.title)
        tree = queries.tree(actor, framework.pk)
        assert [node.competency.code for node in tree] == ["1", "2", "3", "4", "5", "6"]
        assert [node.competency.code for node in tree[0].children] == ["1.1", "1.2", "1.3", "1.4"]
        assert tree[0].children[0].children[0].competency.depth == 2
        assert [one["code"] for one in framework.levels] == ["A1", "A2", "B1", "B2", "C1", "C2"]
        found = queries.find_by_code(actor, "DigCompEdu", "4.1")
        assert found is not None and "ssessment" in found.name


@pytest.mark.parametrize("name", REAL)
def test_what_was_stored_is_written_as_the_case_package_it_came_from(name: str, cast: Cast, shared_data: Path) -> None:
    data = (shared_data / f"frameworks/{name}.case.json").read_bytes()
    first = read_framework(data, "x.json")
    with acting(cast.official) as actor:
        run_framework_import(actor, shared_data / f"frameworks/{name}.case.json")
        framework = Framework.objects.get(identifier=first.identifier)
        again = read_framework(write_case_package(actor, framework.pk), "x.json")
    assert {one.identifier: one for one in again.items} == {one.identifier: one for one in first.items}
    assert set(map(repr, again.associations)) == set(map(repr, first.associations))
    assert (again.title, again.version, again.licence_title, again.levels) == (
        first.title,
        first.version,
        first.licence_title,
        first.levels,
    )
    assert again.definitions == first.definitions


def test_a_spreadsheet_is_named_by_its_owner_not_by_where_it_lies(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "f00ba4.csv"
    path.write_text("code,statement,parent_code,type\nA,Area,,Area\nA1,Do it,A,Skill\nA2,Do more,A,Skill\n")
    with acting(cast.coordinator) as actor:
        assert run_framework_import(actor, path, filename="Our skills.csv").format == "framework-csv"
        again = run_framework_import(actor, path, filename="Our skills.csv")
        assert again.changes == 0
        framework = Framework.objects.get(title="Our skills")
        assert [one.code for one in queries.list_competencies(actor, framework.pk, selectable_only=True)] == [
            "A1",
            "A2",
        ]


def test_what_vanished_is_ended_and_what_comes_back_is_open_again(cast: Cast, tmp_path: Path) -> None:
    parents = {1: (0,), 2: (1,), 3: (1,), 4: (0,)}
    whole = package(tmp_path / "a.json", parents)
    with acting(cast.official) as actor:
        run_framework_import(actor, whole)
        kept = Competency.objects.get(code="S3")
        report = run_framework_import(actor, package(tmp_path / "b.json", parents, skip=(3,)))
        assert report.counts["competencies"] == {"created": 0, "updated": 1, "unchanged": 2, "deactivated": 1}
        kept.refresh_from_db()
        assert kept.ended_on is not None and kept.parent is not None
        assert queries.get_competency(actor, kept.pk) == kept
        framework = queries.get_framework(actor, kept.framework_id)
        assert kept not in queries.list_competencies(actor, framework.pk)
        written = read_framework(write_case_package(actor, framework.pk), "x.json")
        assert not written.warnings
        assert [one.carried for one in written.items if one.identifier == ident(3)] == [
            {"statusEndDate": kept.ended_on.isoformat()}
        ]
        run_framework_import(actor, whole)
        kept.refresh_from_db()
        assert kept.ended_on is None


def test_another_version_stands_beside_the_first(cast: Cast, tmp_path: Path) -> None:
    with acting(cast.official) as actor:
        run_framework_import(actor, package(tmp_path / "a.json", {1: (0,)}, version="1"))
        run_framework_import(actor, package(tmp_path / "b.json", {1: (0,), 2: (0,)}, version="2"))
        found = Framework.objects.filter(identifier=DOCUMENT).order_by("version")
        assert [one.competencies.count() for one in found] == [1, 2]


def test_several_parents_are_kept_the_first_one_places_and_circles_are_told(cast: Cast, tmp_path: Path) -> None:
    path = package(tmp_path / "a.json", {1: (0,), 2: (0,), 3: (1, 2), 4: (5,), 5: (4,)})
    with acting(cast.official) as actor:
        report = run_framework_import(actor, path)
        assert any("circle" in one.reason for one in report.warnings)
        both = Competency.objects.get(code="S3")
        standing = queries.standing(actor, queries.get_competency(actor, both.pk))
        assert [one.code for one in standing.above] == ["S1"] and [one.code for one in standing.also_under] == ["S2"]
        assert Association.objects.filter(origin=ident(3), kind="isChildOf").count() == 2
        assert Competency.objects.filter(framework=both.framework, position__gt=0).count() == 5


def test_a_bad_file_changes_nothing_and_says_where_it_is_bad(cast: Cast, tmp_path: Path) -> None:
    broken, long = tmp_path / "broken.csv", tmp_path / "long.csv"
    broken.write_text("code,statement\nA,x\nB,\n")
    long.write_text("code,statement\nA,x\n" + "B" * 70 + ",y\n")
    with acting(cast.official) as actor:
        before = Framework.objects.count()
        for _ in range(2):
            report = run_framework_import(actor, broken)
            assert report.outcome == "refused"
            assert [(one.row, one.field) for one in report.errors] == [(3, "statement")]
            report = run_framework_import(actor, long)
            assert [(one.row, one.field) for one in report.errors] == [(2, "code")]
            assert "60 can be kept" in report.errors[0].reason
        assert run_framework_import(actor, tmp_path / "none.json").errors[0].reason == "there is no such file"
        assert Framework.objects.count() == before


def test_only_those_who_run_the_tenant_bring_frameworks_in(cast: Cast, tmp_path: Path) -> None:
    path = package(tmp_path / "a.json", {1: (0,)})
    for person in (cast.novice, cast.coach, cast.principal):
        with acting(person) as actor, pytest.raises(NotAllowed):
            run_framework_import(actor, path)
    with acting(cast.coordinator) as actor:
        run_framework_import(actor, path)
        framework = Framework.objects.get(identifier=DOCUMENT)
    with acting(cast.outsider) as actor:
        assert DOCUMENT not in {one.identifier for one in queries.frameworks_for(actor)}
        with pytest.raises(NotFound):
            write_case_package(actor, framework.pk)


@pytest.mark.slow
def test_twenty_thousand_items_are_stored_and_moved(cast: Cast, tmp_path: Path) -> None:
    parents: dict[int, tuple[int, ...]] = {n: (n // 20,) for n in range(1, 20_001)}
    path = package(tmp_path / "big.json", parents)
    with acting(cast.official) as actor:
        report = run_framework_import(actor, path)
        assert report.counts["competencies"]["created"] == 20_000
        assert run_framework_import(actor, path).changes == 0
        moved = run_framework_import(actor, package(tmp_path / "moved.json", parents, skip=(20_000,)))
        assert moved.counts["competencies"]["deactivated"] == 1
