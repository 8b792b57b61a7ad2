"""Real catalogues of other people, found out and read whole, and broken ones refused."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from lantern.interop.catalogue.codec import CompetencyLink, Unreadable
from lantern.interop.catalogue.detect import detect_and_read
from lantern.interop.catedu.codec import digcompedu_code, read_catedu
from lantern.interop.ecf.codec import plain_markdown, read_ecf
from lantern.interop.ncce.codec import read_ncce, read_pathways


@pytest.fixture
def catalogues(shared_data: Path) -> Path:
    return shared_data / "catalogues"


def test_the_national_centres_catalogue(catalogues: Path) -> None:
    found = detect_and_read(catalogues / "ncce")
    courses = [record for record in found.records if not record.external_id.startswith("ncce:activity:")]
    assert (found.format, len(courses), found.errors) == ("ncce", 168, ())
    assert Counter(record.modality for record in courses) == {"live_online": 68, "in_person": 67, "self_paced": 33}
    assert Counter(record.kind for record in found.records)["community"] == 54
    assert sum("no course code" in warning for warning in found.warnings) == 2  # 167 codes counting the blank
    day_long = next(record for record in courses if record.minutes == 300)
    assert day_long.grades
    assert day_long.licence == "Open Government Licence v3.0"
    assert all(record.minutes is None or record.minutes <= 1800 for record in courses)
    assert not any("<a" in record.description or "class=" in record.description for record in found.records)


def test_pathways_name_courses_of_the_catalogue(catalogues: Path) -> None:
    data = (catalogues / "ncce/courses.csv").read_bytes()
    pathways = read_pathways((catalogues / "ncce/pathways.json").read_bytes(), data)
    known = {record.external_id for record in read_ncce(data).records}
    assert len(pathways) == 14
    assert {name for pathway in pathways for name in pathway.courses} <= known
    by_code = [name for pathway in pathways for name in pathway.unresolved if "-" not in name]
    assert len(by_code) == 104 - 79


def test_the_aularagon_catalogue(catalogues: Path) -> None:
    found = detect_and_read(catalogues / "catedu")
    assert (found.format, len(found.records), found.errors, found.warnings) == ("catedu", 140, (), ())
    links = [link for record in found.records for link in record.competencies]
    assert len(links) == 1170
    assert Counter(link.level for link in links) == {1: 296, 2: 463, 3: 411}
    assert {record.language for record in found.records} == {"es"}
    twins = [r.external_id for r in found.records if r.title == "HERRAMIENTAS Y HABILIDADES SOCIALES"]
    assert twins == ["catedu:herramientas-y-habilidades-sociales", "catedu:herramientas-y-habilidades-sociales-2"]
    assert (digcompedu_code("6.5"), digcompedu_code("1.5"), digcompedu_code("x")) == ("6.5", None, None)


def test_a_tag_table_that_differs_is_warned_of(catalogues: Path) -> None:
    table = (catalogues / "catedu/course-competence-level.csv").read_bytes().replace(b",1.1,B1\n", b",1.1,C2\n", 1)
    found = read_catedu((catalogues / "catedu/courses.json").read_bytes(), table)
    assert "1 tags only in the table, 1 only in the list" in found.warnings[0]


def test_the_early_career_materials(catalogues: Path) -> None:
    found = detect_and_read(catalogues / "ecf-self-study")
    lessons = [record for record in found.records if record.kind == "module"]
    modules = [record for record in found.records if record.kind == "course"]
    assert (found.format, len(lessons), len(modules), found.errors, found.warnings) == ("ecf", 62, 14, (), ())
    assert Counter(record.minutes for record in lessons) == {40: 36, 45: 26}
    assert sum(record.minutes or 0 for record in modules) == sum(record.minutes or 0 for record in lessons)
    assert sum(bool(record.prerequisites) for record in lessons) == 62 - 14
    assert sum("transcript" in record.access_features for record in lessons) == 36
    role_models = next(record for record in lessons if record.title == "Understanding teachers as role models")
    assert CompetencyLink("ecf", "1.1") in role_models.competencies
    assert CompetencyLink("ecf", "7.h") in role_models.competencies
    assert not any(mark in r.description for r in lessons for mark in ("$End", "$CTA", "$Accordion", "{button", "<h3"))


def test_one_providers_file_alone_is_found_out(catalogues: Path) -> None:
    assert len(detect_and_read(catalogues / "ecf-self-study/ucl.json").records) == 26 + 11


def test_house_marks_become_markdown() -> None:
    source = "$YoutubeVideo[B1](https://youtu.be/x)$EndYoutubeVideo\r\n$Accordion\n$Heading\nNotes\n$EndHeading\n$Content\nHi"
    assert plain_markdown(source) == "[Video: B1](https://youtu.be/x)\n\n### Notes\n\nHi"
    assert (
        plain_markdown("$Figure\n$Alt An arrow $EndAlt $URL\nhttps://x\n$EndURL\n$EndFigure $5 {button}[a](b){/button}")
        == "*An arrow* \n $5 [a](b)"
    )


def test_a_broken_row_of_a_foreign_catalogue_is_refused_alone(catalogues: Path) -> None:
    lines = (catalogues / "ncce/courses.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    rows = [
        "x1,C1,Good one,,,,,,,30,Minutes,live remote,,,w,,,\n",
        "x2,C2,Bad one,,,,,,,ten,Minutes,live remote,,,w,,,\n",
    ]
    rows += ["x3,C3,Odd mode,,,,,,,1,Days,by pigeon,,,w,,,\n", "x4,C4\n"]
    found = read_ncce("".join([lines[0], *rows]).encode())
    assert [record.external_id for record in found.records] == ["ncce:x1"]
    assert [(error.row, error.field) for error in found.errors] == [(3, "minutes"), (4, "kind"), (5, "title")]


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ({"programme": "P", "years": [{"modules": 3}]}, "modules"),
        ({"programme": "P", "years": [3]}, "years"),
        ({"programme": "P", "years": [{"modules": [{"lessons": [{"id": 1}]}]}]}, "parts"),
        ([], "x.json"),
    ],
)
def test_malformed_materials_are_refused(value: object, field: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_ecf({"x.json": json.dumps(value).encode()})
    assert caught.value.field == field


@pytest.mark.parametrize(("name", "content"), [("x.html", b"<html><body>"), ("x.bin", b"\x00\x01"), ("x.json", b"{}")])
def test_what_is_no_catalogue_is_refused(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    for path in (tmp_path / name, tmp_path / "absent.csv", tmp_path):
        with pytest.raises(Unreadable):
            detect_and_read(path)
