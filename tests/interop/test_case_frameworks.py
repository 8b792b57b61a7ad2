"""Competency frameworks: the real ones, the round trip, repairs of the hierarchy, and files that mean harm."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lantern.interop.case.codec import (
    FrameworkRecord,
    FrameworkUnreadable,
    LevelRecord,
    read_framework,
    read_levels,
    write_framework,
)
from tests.limits import bounded_work

REAL = {
    "digcompedu/digcompedu": {"Area": 6, "Competence": 22, "Activity": 147},
    "england-teachers-standards/teachers-standards": {"Standard": 8, "Descriptor": 35},
    "england-ccf-2019/ccf": {"Area": 8, "Section": 16, "Group": 57, "Statement": 187},
}
DOCUMENT = "11111111-1111-4111-8111-111111111111"


def ident(number: int) -> str:
    return str(uuid.UUID(int=number))


def package(items: list[dict[str, Any]], associations: list[dict[str, Any]], **document: Any) -> bytes:
    head = {"identifier": DOCUMENT, "uri": f"urn:uuid:{DOCUMENT}", "title": "Sample", "creator": "Us"} | document
    return json.dumps({"CFDocument": head, "CFItems": items, "CFAssociations": associations}).encode()


def item(number: int, **fields: Any) -> dict[str, Any]:
    own = {"identifier": ident(number), "uri": f"https://a.example/{number}", "fullStatement": f"Statement {number}"}
    return own | {"humanCodingScheme": f"S{number}"} | fields


def child(number: int, origin: str, destination: str, kind: str = "isChildOf", **fields: Any) -> dict[str, Any]:
    ends = {
        "originNodeURI": {"title": "o", "identifier": origin, "uri": f"urn:uuid:{origin}"},
        "destinationNodeURI": {"title": "d", "identifier": destination, "uri": f"urn:uuid:{destination}"},
    }
    return {"identifier": ident(10_000 + number), "uri": "urn:x", "associationType": kind} | ends | fields


def tree(record: FrameworkRecord) -> set[tuple[str, str]]:
    """The hierarchy as (child code, parent code) pairs; the document is the empty code."""
    codes = {one.identifier: one.human_coding_scheme for one in record.items} | {record.identifier: ""}
    return {(codes[one.origin], codes[one.destination]) for one in record.associations if one.type == "isChildOf"}


@pytest.mark.parametrize("name", REAL)
def test_real_frameworks_have_their_statements_and_csv_agrees_with_case(name: str, shared_data: Path) -> None:
    folder = shared_data / "frameworks"
    case = read_framework((folder / f"{name}.case.json").read_bytes(), "x.json")
    table = read_framework((folder / f"{name}.csv").read_bytes(), f"{name}.csv")
    assert Counter(one.item_type for one in case.items) == REAL[name]
    assert not case.warnings and not table.warnings
    seen = [[(one.human_coding_scheme, one.full_statement, one.item_type) for one in r.items] for r in (case, table)]
    assert seen[0] == seen[1]
    assert tree(case) == tree(table) and len(tree(case)) == len(case.items)
    assert case.licence_title in {"CC BY 4.0", "Open Government Licence v3.0"}


@pytest.mark.parametrize("name", [*REAL, "opensalt"])
def test_what_is_read_is_written_back_the_same(name: str, shared_data: Path) -> None:
    opensalt = "standards/case-opensalt-sample/opensalt-framework.json"
    path = shared_data / (opensalt if name == "opensalt" else f"frameworks/{name}.case.json")
    first = read_framework(path.read_bytes(), path.name)
    written = write_framework(first)
    assert read_framework(written, "again.json") == first
    assert b"CFDocumentURI" not in written and b"CFPackageURI" not in written  # forbidden inside a 1.1 package


def test_a_case_1_0_file_of_another_product_is_read(shared_data: Path) -> None:
    path = shared_data / "standards/case-opensalt-sample/opensalt-framework.json"
    record = read_framework(path.read_bytes(), path.name)
    assert (len(record.items), len(record.associations)) == (16, 39)
    assert record.items[0].education_levels == ("06",)
    assert Counter(one.type for one in record.associations if one.dangling)["exactMatchOf"] == 16


@pytest.mark.parametrize(("name", "count"), [("CCSS_Math", 703), ("CCSS_ELA", 1084)])
def test_a_table_with_its_own_ids_hangs_together(name: str, count: int, shared_data: Path) -> None:
    record = read_framework((shared_data / f"standards/ccss-asn/{name}.csv").read_bytes(), f"{name}.csv")
    assert len(record.items) == len(record.associations) == count
    assert record.warnings == ("columns not used: list_id, cognitive",)


def test_a_level_table_gives_the_scale_in_order(shared_data: Path) -> None:
    levels = read_levels((shared_data / "frameworks/digcompedu/levels.csv").read_bytes())
    assert len(levels) == 6 and levels[0] == LevelRecord(1, "A1", "Awareness")
    assert [one.code for one in read_levels(b"order,level,stage\n2,B,Later\n1,A,Early\n")] == ["A", "B"]


def test_csv_identifiers_are_stable_and_levels_survive_the_round_trip() -> None:
    data = b"code,statement,parent_code,type,levels\nA,Area,,Area,L1=Start; L2=Lead\nA1,Do it,A,Skill,\n"
    first = read_framework(data, "Our Skills.csv")
    renamed = read_framework(data, "our-skills.csv")  # the name's case and dashes do not matter
    assert (first.identifier, first.items) == (renamed.identifier, renamed.items)
    assert first.items[0].identifier != read_framework(data, "other.csv").items[0].identifier
    assert first.levels == (LevelRecord(1, "L1", "Start"), LevelRecord(2, "L2", "Lead"))
    again = read_framework(write_framework(replace(first, creator="Us")), "x.json")
    assert again.levels == first.levels and tree(again) == tree(first) == {("A", ""), ("A1", "A")}


def test_unknown_extensions_and_unmodelled_fields_survive() -> None:
    odd = item(
        1, extensions={"vendor:x": [1, {"y": None}]}, notes="A note", homemade="kept", statusEndDate="2025-01-01"
    )
    record = read_framework(package([odd], [child(1, ident(1), DOCUMENT)], extensions={"e": 1}), "x.json")
    assert record.items[0].extensions == {"vendor:x": [1, {"y": None}], "homemade": "kept"}
    assert record.items[0].carried == {"notes": "A note", "statusEndDate": "2025-01-01"}
    again = read_framework(write_framework(record), "x.json")
    assert (again.items[0].extensions, again.items[0].carried) == (record.items[0].extensions, record.items[0].carried)
    assert again.extensions == {"e": 1}


def test_target_types_and_foreign_addresses_survive() -> None:
    link = child(1, ident(1), "https://videos.example/7", "exemplar", sequenceNumber="3")
    link["destinationNodeURI"] |= {"uri": "https://videos.example/7", "targetType": "Video"}
    data = package([item(1)], [child(2, ident(1), DOCUMENT), link])
    record = read_framework(data, "x.json")
    exemplar = next(one for one in record.associations if one.type == "exemplar")
    assert exemplar.dangling and exemplar.sequence == 3 and exemplar.destination_uri == "https://videos.example/7"
    written = json.loads(write_framework(record))
    kinds = [one["destinationNodeURI"].get("targetType") for one in written["CFAssociations"]]
    assert kinds.count("Video") == 1


def test_an_item_may_have_two_parents() -> None:
    links = [child(1, ident(1), DOCUMENT), child(2, ident(2), DOCUMENT), child(3, ident(3), ident(1))]
    record = read_framework(package([item(1), item(2), item(3)], [*links, child(4, ident(3), ident(2))]), "x.json")
    assert tree(record) == {("S1", ""), ("S2", ""), ("S3", "S1"), ("S3", "S2")} and not record.warnings


def test_circles_are_broken_and_named() -> None:
    links = [child(1, ident(1), ident(2)), child(2, ident(2), ident(3)), child(3, ident(3), ident(1))]
    record = read_framework(package([item(1), item(2), item(3)], [*links, child(4, ident(3), ident(3))]), "x.json")
    assert tree(record) == {("S1", "S2"), ("S2", "S3"), ("S3", "")}
    assert len([one for one in record.warnings if "circle" in one and "S3" in one]) == 2


def test_orphans_and_missing_parents_are_attached_to_the_document() -> None:
    elsewhere = child(1, ident(2), ident(999))
    record = read_framework(package([item(1), item(2)], [elsewhere]), "x.json")
    assert {one.origin for one in record.associations if one.destination == DOCUMENT} == {ident(1), ident(2)}
    assert [one.dangling for one in record.associations] == [True, False, False]
    assert any(ident(999) in one for one in record.warnings)
    assert record == read_framework(package([item(1), item(2)], [elsewhere]), "x.json")  # made-up ids are stable


def test_a_chain_of_twenty_thousand_items_is_quick_and_does_not_recurse() -> None:
    items = [item(number) for number in range(1, 20_001)]
    links = [child(n, ident(n), ident(n - 1) if n > 1 else DOCUMENT) for n in range(1, 20_001)]
    data = package(items, links)
    with bounded_work(60):
        record = read_framework(data, "x.json")
        written = write_framework(record)
    assert len(record.items) == 20_000 and not record.warnings and len(written) > 5_000_000


BAD_PACKAGES: list[tuple[str, bytes, str, int | None, str | None]] = [
    ("not json", b'{"CFDocument": ', "not JSON", 1, None),
    ("a list", b"[]", "must be an object", None, "CFPackage"),
    ("no document", b'{"CFItems": []}', "must be an object", None, "CFDocument"),
    ("no title", package([], [], title=""), "is missing", None, "CFDocument.title"),
    ("items no list", b'{"CFDocument": {}, "CFItems": 7}', "must be a list", None, "CFItems"),
    ("identifier", package([item(1), item(2, identifier="7")], []), "not a UUID", 2, "CFItems.identifier"),
    ("statement", package([item(1, fullStatement=None)], []), "is missing", 1, "CFItems.fullStatement"),
    ("number as text", package([item(1, fullStatement=5)], []), "must be text", 1, "CFItems.fullStatement"),
    ("twins", package([item(1), item(1)], []), "already used in row 1", 2, "CFItems.identifier"),
    ("NUL", package([item(1, fullStatement="a\x00b")], []), "NUL", 1, "CFItems.fullStatement"),
    ("half a pair", package([item(1, fullStatement="a\ud800")], []), "NUL", 1, "CFItems.fullStatement"),
    ("sequence", package([], [child(1, "a", "b", sequenceNumber="x")]), "whole", 1, "CFAssociations.sequenceNumber"),
    ("end", package([], [child(1, "", "x") | {"originNodeURI": {}}]), "nothing", 1, "CFAssociations.originNodeURI"),
    ("NaN", b'{"CFDocument": NaN}', "not a JSON number", None, None),
    ("huge integer", b'{"a": ' + b"9" * 10_000 + b"}", "not JSON", None, None),
    ("nesting", b'{"CFDocument": ' + b"[" * 20_000 + b"]" * 20_000 + b"}", "nested", None, None),
    ("quiet nesting", b'{"x": ' + b"[" * 200 + b"]" * 200 + b"}", "nested", None, None),
    ("size", b"{" + b" " * (50 * 1024 * 1024), "at most", None, None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "reason", "row", "field"), [case[1:] for case in BAD_PACKAGES], ids=[c[0] for c in BAD_PACKAGES]
)
def test_a_bad_package_is_refused_with_place_and_reason(
    data: bytes, reason: str, row: int | None, field: str | None
) -> None:
    with bounded_work(60):
        with pytest.raises(FrameworkUnreadable, match=reason) as caught:
            read_framework(data, "x.json")
        assert (caught.value.row, caught.value.field) == (row, field)


BAD_TABLES: list[tuple[str, bytes, str, int | None, str | None]] = [
    ("empty", b"", "empty", None, None),
    ("no statement column", b"code,title\nA,B\n", "missing", 1, "statement"),
    ("no rows", b"code,statement\n", "no row", None, None),
    ("no code", b"code,statement\nA,x\n,y\n", "code", 3, "code"),
    ("no text", b"code,statement\nA,x\nB,\n", "statement", 3, "statement"),
    ("twins", b"code,statement\nA,x\n\nA,y\n", "row 2", 4, "code"),
    ("header twice", b"code,Statement,statement\nA,x,y\n", "twice", 1, "statement"),
    ("two million commas", b"code,statement" + b"," * 1_000_000 + b"\n", "columns", 1, None),
    ("NUL", b"code,statement\nA,x\x00y\n", "NUL", 2, None),
    ("open quote", b'code,statement\nA,"x\nB,y\n', "never closes", 2, None),
    ("too many cells", b"code,statement\nA,x,y,z\n", "4 cells", 2, None),
    ("sequence", b"code,statement,sequence\nA,x,first\n", "whole number", 2, "sequence"),
    ("levels", b"code,statement,levels\nA,x,=Start\n", "write levels", 2, "levels"),
]


@pytest.mark.parametrize(
    ("data", "reason", "row", "field"), [case[1:] for case in BAD_TABLES], ids=[c[0] for c in BAD_TABLES]
)
def test_a_bad_table_is_refused_with_place_and_reason(
    data: bytes, reason: str, row: int | None, field: str | None
) -> None:
    with pytest.raises(FrameworkUnreadable, match=reason) as caught:
        read_framework(data, "x.csv")
    assert (caught.value.row, caught.value.field) == (row, field)


def test_an_unknown_parent_in_a_table_is_warned_of_by_row() -> None:
    record = read_framework(b"code,statement,parent_code\nA,x,\nB,y,Z\n", "x.csv")
    assert "row 3: parent Z is in no row" in record.warnings and tree(record) == {("A", ""), ("B", "")}


def test_a_script_as_official_source_is_left_out() -> None:
    record = read_framework(package([], [], officialSourceURL="javascript:alert(1)"), "x.json")
    assert record.official_source_url == "" and "officialSourceURL" in record.warnings[0]
