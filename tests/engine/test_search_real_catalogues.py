"""Real catalogues in two languages: a title with one slip in one word still finds its course."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path

import pytest

from lantern.engine.search import SearchDocument, SearchIndex, build_index, open_index
from lantern.flows import demo
from tests.benchmarks.bench_search_quality import with_one_slip


@pytest.fixture(scope="module")
def courses(shared_data: Path) -> list[SearchDocument]:
    english, spanish = (shared_data / "catalogues" / name for name in ("ncce/courses.csv", "catedu/courses.json"))
    for path in (english, spanish):
        if not path.is_file():
            pytest.skip(f"no catalogue at {path}")
    with english.open(encoding="utf-8-sig", newline="") as file:
        read = [(row["title"], row["summary"], "en") for row in csv.DictReader(file)]
    read += [(row["Curso"], row["Descripción"], "es") for row in json.loads(spanish.read_text(encoding="utf-8"))]
    return [
        SearchDocument(f"{number:04}", {"title": title, "summary": text or ""}, language)
        for number, (title, text, language) in enumerate(read)
    ]


@pytest.fixture(scope="module")
def index(courses: list[SearchDocument], tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    directory = tmp_path_factory.mktemp("real")
    build_index(courses, {"title": 4, "summary": 1}, directory, "real")
    opened = open_index(directory)
    assert opened is not None
    return opened


def found_in_ten(index: SearchIndex, asked: list[tuple[str, str]]) -> float:
    return sum(id in index.search(query, 10).ids.tolist() for id, query in asked) / len(asked)


def test_every_title_finds_its_course(index: SearchIndex, courses: list[SearchDocument]) -> None:
    assert found_in_ten(index, [(course.id, course.fields["title"]) for course in courses]) >= 0.99


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_title_with_a_slip_finds_its_course(index: SearchIndex, courses: list[SearchDocument], seed: int) -> None:
    rng = random.Random(seed)
    slips = [(course.id, with_one_slip(course.fields["title"], rng)) for course in courses]
    asked = [(id, query) for id, query in slips if query is not None]
    assert len(asked) > 290
    assert found_in_ten(index, asked) >= 0.98


def test_a_slip_in_a_word_typed_alone_is_mostly_understood(index: SearchIndex, courses: list[SearchDocument]) -> None:
    """Without the rest of the title to help: the word meant is among what is found."""
    rng = random.Random(4)
    asked = []
    for course in courses:
        words = [word for word in course.fields["title"].split() if len(word) >= 6 and word.isalpha()]
        if words and (slip := with_one_slip(rng.choice(words), rng)):
            asked.append((course.id, slip))
    assert sum(id in index.search(query, None).ids.tolist() for id, query in asked) / len(asked) >= 0.9


def test_spanish_titles_are_found_without_their_accents(index: SearchIndex, courses: list[SearchDocument]) -> None:
    plain = str.maketrans("áéíóúüñÁÉÍÓÚÜÑ", "aeiouunAEIOUUN")
    for course in courses:
        if course.language == "es":
            title = course.fields["title"]
            assert index.search(title.translate(plain), 10).hits == index.search(title, 10).hits


def test_a_title_of_the_demo_with_a_slip_finds_its_resource(tmp_path: Path) -> None:
    """On what the repository itself ships, so that it is proved everywhere: each resource with three slips."""
    data = Path(demo.__file__).parent / "data"
    documents = []
    for path in sorted(data.glob("resources_*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file, delimiter="|")
            documents += [
                SearchDocument(row["id"], {"title": row["title"], "summary": row["summary"]}, row["language"] or "en")
                for row in rows
            ]
    build_index(documents, {"title": 6, "summary": 2}, tmp_path, "demo")
    index = open_index(tmp_path)
    assert index is not None
    rng = random.Random(5)
    asked = [(one.id, with_one_slip(one.fields["title"], rng)) for one in documents for _ in range(3)]
    slips = [(id, query) for id, query in asked if query is not None]
    assert len(slips) > 400
    assert found_in_ten(index, slips) >= 0.98
