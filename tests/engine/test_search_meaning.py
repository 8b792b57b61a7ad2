"""Search by meaning: what shares no word with the query is found, and without an embedder nothing is different."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from lantern.engine.search import Delta, IndexUnreadable, SearchDocument, SearchIndex, build_index, meaning, open_index
from lantern.engine.search.meaning import Vectors, fuse

WEIGHTS = {"title": 4, "summary": 1}
MEANINGS = (
    {"arithmetic", "fractions", "numbers", "mathematics"},
    {"behaviour", "calm", "routines", "fidgeting"},
    {"reading", "phonics", "literacy"},
    {"robots", "programming", "python"},
)


class FewWords:
    """An embedder that knows four meanings and a few words of each."""

    def __init__(self, name: str = "few words 1") -> None:
        self.name = name
        self.dimensions = len(MEANINGS)
        self.read: list[str] = []

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.read += texts
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            words = text.lower().replace(".", " ").split()
            rows[row] = [sum(word in known for word in words) for known in MEANINGS]
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return (rows / np.where(lengths > 0, lengths, 1)).astype(np.float32)


def document(id: str, title: str, summary: str = "") -> SearchDocument:
    return SearchDocument(id, {"title": title, "summary": summary})


COURSES = (
    document("fractions", "Fractions that make sense", "With number lines"),
    document("calm", "Calm classrooms", "Routines from the first day"),
    document("routines", "Morning routines"),
    document("phonics", "Phonics from day one", "First steps in reading"),
    document("robots", "Small robots", "Programming with Python"),
    document("choir", "Singing together"),
)


def opened(
    directory: Path, documents: Sequence[SearchDocument] = COURSES, embedder: FewWords | None = None
) -> SearchIndex:
    embedder = embedder or FewWords()
    build_index(documents, WEIGHTS, directory, "one", embedder)
    index = open_index(directory, embedder)
    assert index is not None
    return index


@pytest.fixture(scope="module")
def courses(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    return opened(tmp_path_factory.mktemp("meaning"))


def ids(index: SearchIndex, query: str, delta: Delta | None = None) -> list[str]:
    return [hit.id for hit in index.search(query, None, delta).hits]


def test_what_shares_no_word_with_the_query_is_found(courses: SearchIndex) -> None:
    assert ids(courses, "arithmetic ") == ["fractions"]
    assert ids(courses, "fidgeting ") == ["calm", "routines"]
    found = courses.search("arithmetic ", None)
    assert found.unmatched == ("arithmetic",)
    assert courses.all_ids()[found.alike].tolist() == ["fractions"]


def test_what_holds_the_words_comes_before_what_is_only_alike(courses: SearchIndex) -> None:
    found = courses.search("routines ", None)
    assert set(found.ids.tolist()) == {"routines", "calm"}
    assert found.alike.size == 0, "both hold the word"
    mixed = courses.search("calm singing ", None)
    assert set(mixed.ids[:2].tolist()) == {"calm", "choir"} and mixed.ids[2] == "routines"
    assert courses.all_ids()[mixed.alike].tolist() == ["routines"]


def test_meaning_decides_between_what_holds_the_same_words(tmp_path: Path) -> None:
    both = (document("a", "Lines of text"), document("b", "Lines of numbers"), document("c", "Poetry"))
    index = opened(tmp_path, both)
    assert ids(index, "lines arithmetic ") == ["b", "a"]
    assert [hit.id for hit in index.search("lines arithmetic ", only_words=True).hits] == ["a", "b"]


def test_a_slip_is_corrected_before_the_meaning_is_looked_for(courses: SearchIndex) -> None:
    found = courses.search("phonisc ", None)
    assert (found.corrected, found.ids.tolist()) == ("phonics", ["phonics"])
    assert ids(courses, "rotines ") == ["routines", "calm"]


@pytest.mark.parametrize("query", ["arithmetic", "calm singing", "routines", "phonisc", "robots", "xyzzy", "", "the"])
def test_without_an_embedder_results_are_those_of_the_words(tmp_path: Path, courses: SearchIndex, query: str) -> None:
    build_index(COURSES, WEIGHTS, tmp_path / "plain", "one")
    plain = open_index(tmp_path / "plain", FewWords())
    build_index(COURSES, WEIGHTS, tmp_path / "with", "one", FewWords())
    read_without = open_index(tmp_path / "with")
    assert plain is not None and read_without is not None
    assert (plain.info.embedder, read_without.info.embedder) == (None, "few words 1")
    by_words = plain.search(query, None).hits
    assert read_without.search(query, None).hits == by_words
    assert courses.search(query, None, only_words=True).hits == by_words


def test_where_nothing_is_near_the_words_alone_decide(courses: SearchIndex) -> None:
    for query in ("singing", "together singing", "xyzzy"):
        assert courses.search(query, None).hits == courses.search(query, None, only_words=True).hits


def test_a_word_that_means_something_is_not_taken_for_a_slip(tmp_path: Path) -> None:
    """No resource says "numbers", and one word is near in letters, but another resource is near in meaning."""
    shelf = (document("lumber", "Lumber yards"), document("fractions", "Fractions that make sense"))
    index = opened(tmp_path, shelf, FewWords())
    assert index.search("numbers ", only_words=True).corrected == "lumber"
    found = index.search("numbers ")
    assert (found.corrected, found.unmatched, found.ids.tolist()) == (None, ("numbers",), ["fractions"])


def test_what_is_left_out_is_left_out_by_meaning_too(courses: SearchIndex) -> None:
    assert courses.search("fidgeting ", None, exclude=["calm"]).ids.tolist() == ["routines"]


def test_what_changed_since_the_build_is_found_by_its_new_meaning(courses: SearchIndex) -> None:
    changed = (document("new", "Mathematics outdoors"), document("choir", "Numbers in song"))
    delta = Delta(changed, frozenset({"fractions"}))
    found = courses.search("arithmetic ", None, delta)
    assert found.ids.tolist() == ["choir", "new"]
    assert sorted(courses.all_ids(delta)[found.alike].tolist()) == ["choir", "new"]
    assert ids(courses, "arithmetic ") == ["fractions"], "the index itself is as before"


def test_a_delta_scores_as_a_rebuild_does_where_nothing_changed(courses: SearchIndex) -> None:
    for query in ("arithmetic ", "calm singing ", "routines"):
        assert courses.search(query, None, Delta(COURSES[:3])).hits == courses.search(query, None).hits


def test_only_the_nearest_few_are_found_by_meaning_alone(tmp_path: Path) -> None:
    alike = tuple(document(f"{number:03}", "Robots " + "on wheels " * number) for number in range(60))
    other = tuple(document(f"x{number:03}", f"Choir {number} reading") for number in range(30))
    index = opened(tmp_path, (*alike, *other), near := FewWords())
    assert near.read[0].startswith("Robots")
    found = index.search("reading robots programming ", None)
    assert found.total == 90, "all hold one of the words"
    assert index.search("python ", None).total == 60, "as near as the twentieth"
    shades = tuple(document(f"{n:03}", "robots " * (n + 1) + "reading " * (60 - n)) for n in range(60))
    graded = opened(tmp_path / "shades", shades)
    assert graded.search("python ", None).total == meaning.MOST_ALIKE
    assert graded.search("python ", None).ids[0] == "059"


def test_one_thing_alone_and_things_equally_near_are_found(tmp_path: Path) -> None:
    assert ids(opened(tmp_path / "one", (document("a", "Reading"),)), "literacy ") == ["a"]
    two = (document("b", "Reading"), document("a", "Phonics"))
    assert ids(opened(tmp_path / "two", two), "literacy ") == ["a", "b"]
    assert ids(opened(tmp_path / "none", ()), "literacy ") == []
    assert ids(opened(tmp_path / "later", ()), "literacy ", Delta((document("a", "Reading"),))) == ["a"]


def test_the_score_is_the_convex_sum_of_both() -> None:
    words = [np.array([4, 2, 0, 0], dtype=np.float32), np.array([0], dtype=np.float32)]
    near = [np.array([0.2, 0.8, 0.5, 0.1], dtype=np.float32), np.array([-np.inf], dtype=np.float32)]
    first, second = fuse(words, near)
    w, middle = meaning.WEIGHT, 0.35
    wanted = [1 - w, (1 - w) * 0.5 + w, w * (0.5 - middle) / (0.8 - middle), 0]
    assert first == pytest.approx(wanted, abs=1e-6)
    assert second.tolist() == [0], "what no longer counts is not found"


def test_a_build_reads_only_what_changed_since_the_one_before(tmp_path: Path) -> None:
    embedder = FewWords()
    build_index(COURSES, WEIGHTS, tmp_path, "one", embedder)
    assert len(embedder.read) == len(COURSES)
    embedder.read.clear()
    build_index((*COURSES[1:], document("new", "Numbers")), WEIGHTS, tmp_path, "two", embedder)
    assert embedder.read == ["Numbers"]
    index = open_index(tmp_path, embedder)
    assert index is not None
    assert ids(index, "arithmetic ") == ["new"] and ids(index, "fidgeting ") == ["calm", "routines"]


def test_vectors_of_another_embedder_are_neither_used_nor_kept(tmp_path: Path) -> None:
    build_index(COURSES, WEIGHTS, tmp_path, "one", FewWords("few words 1"))
    later = FewWords("few words 2")
    index = open_index(tmp_path, later)
    assert index is not None and ids(index, "arithmetic ") == []
    build_index(COURSES, WEIGHTS, tmp_path, "two", later)
    assert len(later.read) == len(COURSES)
    index = open_index(tmp_path, later)
    assert index is not None and ids(index, "arithmetic ") == ["fractions"]


def test_damaged_vectors_are_refused_and_made_anew(tmp_path: Path) -> None:
    opened(tmp_path)
    (tmp_path / "one" / "vectors.npy").write_bytes(b"damaged")
    with pytest.raises(IndexUnreadable, match=r"vectors\.npy: 7 bytes, not"):
        open_index(tmp_path, FewWords())
    assert open_index(tmp_path) is not None, "the words can still be searched"
    embedder = FewWords()
    build_index(COURSES, WEIGHTS, tmp_path, "two", embedder)
    assert len(embedder.read) == len(COURSES)
    index = open_index(tmp_path, embedder)
    assert index is not None and ids(index, "arithmetic ") == ["fractions"]
