"""What somebody who searches may rely on: the right things first, whatever they mistype, and never a crash."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantern.engine.search import Delta, SearchDocument, SearchIndex, build_index, fold, open_index

WEIGHTS = {"title": 4, "tags": 3, "summary": 1}


def document(id: str, title: str, summary: str = "", tags: str = "", language: str = "en") -> SearchDocument:
    return SearchDocument(id, {"title": title, "summary": summary, "tags": tags}, language)


COURSES = (
    document("loops", "Teaching loops in Python", "Ideas for teaching repetition to beginners", "programming"),
    document("robots", "Robotics in the primary classroom", "Build and program small robots", "computing, making"),
    document("reading", "Guided reading groups", "How to run reading groups in a mixed classroom", "literacy"),
    document("behaviour", "Calm classrooms", "Routines for managing behaviour in the classroom", "wellbeing"),
    document("fractions", "Fractions that make sense", "Manipulatives and number lines for fractions", "mathematics"),
    document("assessment", "Assessment for learning", "Feedback that moves mathematics learners on", "feedback"),
    document("robotica", "Robótica y educación infantil", "Programación de robots en el aula", "tecnología", "es"),
    document("lectura", "Fomento de la lectura", "Bibliotecas escolares y comprensión lectora", "lengua", "es"),
)


def index_of(documents: tuple[SearchDocument, ...], directory: Path, weights: dict[str, int] = WEIGHTS) -> SearchIndex:
    build_index(documents, weights, directory, "one")
    index = open_index(directory)
    assert index is not None
    return index


@pytest.fixture(scope="module")
def courses(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    return index_of(COURSES, tmp_path_factory.mktemp("courses"))


def ids(index: SearchIndex, query: str, delta: Delta | None = None, limit: int | None = None) -> list[str]:
    return [hit.id for hit in index.search(query, limit, delta).hits]


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("python loops", "loops"),
        ("managing behaviour", "behaviour"),
        ("feedback", "assessment"),
        ("fraction", "fractions"),  # another form of the word
        ("teach repetition", "loops"),
        ("LITERACY", "reading"),  # a tag, in capitals
        ("comprensión", "lectura"),
        ("biblioteca", "lectura"),  # a form of bibliotecas, by the Spanish stemmer
    ],
)
def test_the_course_that_is_meant_comes_first(courses: SearchIndex, query: str, best: str) -> None:
    assert ids(courses, query)[0] == best


def test_all_documents_with_any_word_are_found_and_the_limit_keeps_the_best(courses: SearchIndex) -> None:
    everything = courses.search("classroom robots", limit=None)
    assert set(everything.ids.tolist()) == {"robots", "behaviour", "reading", "robotica"}
    assert everything.total == 4
    some = courses.search("classroom robots", limit=2)
    assert some.hits == everything.hits[:2]
    assert some.total == 4


def test_a_word_in_a_heavier_field_weighs_more(tmp_path: Path) -> None:
    both = (document("a", "Poetry", "drama"), document("b", "Drama", "poetry"))
    by_title = index_of(both, tmp_path / "title")
    assert ids(by_title, "drama") == ["b", "a"]
    by_summary = index_of(both, tmp_path / "summary", {"title": 1, "summary": 4})
    assert ids(by_summary, "drama") == ["a", "b"]


def test_a_field_without_a_weight_is_not_searched(tmp_path: Path) -> None:
    assert ids(index_of(COURSES, tmp_path, {"title": 1}), "manipulatives") == []


def test_words_that_name_no_subject_do_not_bring_everything(courses: SearchIndex) -> None:
    assert ids(courses, "the fractions in a") == ["fractions"]
    assert "behaviour" in ids(courses, "the")  # alone they are all there is to look for


@pytest.mark.parametrize(
    ("query", "corrected", "best"),
    [
        ("robtics", "robotics", "robots"),  # a letter lost
        ("fracctions", "fractions", "fractions"),  # a letter too many
        ("litaracy", "literacy", "reading"),  # a wrong letter
        ("asessmnet today", "assessment today", "assessment"),  # two slips, one a transposition
        ("behavoiur", "behaviour", "behaviour"),  # a transposition
        ("tecnolgía infantil", "tecnología infantil", "robotica"),  # given back with its accent
    ],
)
def test_a_mistyped_word_is_found_and_the_correction_told(
    courses: SearchIndex, query: str, corrected: str, best: str
) -> None:
    result = courses.search(query)
    assert (result.corrected, result.hits[0].id) == (corrected, best)


def test_the_nearest_word_is_chosen_before_the_frequent_one_and_then_the_frequent_one(tmp_path: Path) -> None:
    words = ["planning", "planting", "planting", "plants"]
    index = index_of(tuple(document(str(n), word) for n, word in enumerate(words)), tmp_path)
    assert index.search("plannimg").corrected == "planning"
    assert index.search("planxing").corrected == "planting"


def test_a_known_word_is_never_corrected(courses: SearchIndex) -> None:
    result = courses.search("Robots reading")
    assert result.corrected is None
    assert {"robots", "reading", "robotica"} <= set(result.ids.tolist())


def test_short_and_unknown_words_are_left_alone_and_named(courses: SearchIndex) -> None:
    result = courses.search("qq xylophones fractions")
    assert (result.corrected, result.unmatched) == (None, ("qq", "xylophones"))
    assert [hit.id for hit in result.hits] == ["fractions"]


def test_a_slip_in_a_word_that_names_no_subject_brings_nothing_more(courses: SearchIndex) -> None:
    result = courses.search("teh fractions")
    assert [hit.id for hit in result.hits] == ["fractions"]


def test_the_last_word_may_be_half_typed(courses: SearchIndex) -> None:
    assert ids(courses, "manip") == ["fractions"]
    assert courses.search("manip").corrected is None
    assert courses.search("manip ").unmatched == ("manip",)  # a space ends the word
    assert ids(courses, "running guided rea") == ids(courses, "running guided reading")


def test_a_slip_is_taken_for_a_half_typed_word_only_if_that_is_the_likelier(tmp_path: Path) -> None:
    def index(slips: int, completions: int) -> SearchIndex:
        english = [document(f"en{n}", "Profession") for n in range(slips)]
        spanish = [document(f"es{n}", "Profesionalizar", language="es") for n in range(completions)]
        return index_of((*english, *spanish), tmp_path / f"{slips}{completions}")

    assert index(2, 1).search("profesion").corrected == "profession"
    assert ids(index(1, 2), "profesion") == ["es0", "es1"]


@pytest.mark.parametrize("query", ["educación", "educacion", "EDUCACIÓN", "educacio\u0301n", "educaciones"])
def test_accents_case_and_composition_do_not_matter(courses: SearchIndex, query: str) -> None:
    assert ids(courses, query) == ["robotica"]


def test_documents_without_accents_are_found_with_them(tmp_path: Path) -> None:
    assert ids(index_of((document("a", "Programacion", language="es-MX"),), tmp_path), "programación") == ["a"]


def test_a_language_without_a_stemmer_is_found_by_its_words(tmp_path: Path) -> None:
    index = index_of(
        (document("cy", "Dysgu gydag eraill", language="cy"), document("no", "Tag", language="?")), tmp_path
    )
    assert ids(index, "dysgu") == ["cy"]
    assert ids(index, "tag") == ["no"]
    assert index.info.languages == ("cy", "und")


def test_matched_terms_are_the_folded_words_to_highlight(courses: SearchIndex) -> None:
    assert courses.search("Guiding reading").matched_terms == ("guided", "reading")
    assert courses.search("educación").matched_terms == (fold("educación"),)


def test_excluded_documents_are_left_out_and_the_others_keep_their_scores(courses: SearchIndex) -> None:
    every = courses.search("classroom")
    some = courses.search("classroom", exclude={"robots", "nobody"})
    assert some.hits == tuple(hit for hit in every.hits if hit.id != "robots")
    assert some.total == every.total - 1


def test_equal_documents_come_in_the_order_of_their_ids_even_when_cut_or_changed(tmp_path: Path) -> None:
    twins = [document(id, "Same title") for id in ("d", "b", "a", "c", "é", "Z")]
    index = index_of(tuple(twins), tmp_path)
    in_order = ["Z", "a", "b", "c", "d", "é"]
    assert ids(index, "title") == in_order
    assert ids(index, "title", limit=3) == in_order[:3]
    delta = Delta((document("b", "Same title"), document("aa", "Same title")), frozenset({"c"}))
    assert ids(index, "title", delta) == ["Z", "a", "aa", "b", "d", "é"]
    assert ids(index, "title", delta, limit=4) == ["Z", "a", "aa", "b"]


def test_the_order_of_the_query_and_of_the_documents_change_nothing(tmp_path: Path, courses: SearchIndex) -> None:
    backwards = index_of(COURSES[::-1], tmp_path)
    for query in ("classroom robots reading", "reading robots classroom"):
        assert backwards.search(query).hits == courses.search("classroom robots reading").hits


def test_a_delta_adds_changes_and_removes(courses: SearchIndex) -> None:
    delta = Delta(
        changed=(document("loops", "Teaching recursion"), document("drones", "Drones for geography")),
        removed=frozenset({"reading", "never-there"}),
    )
    assert ids(courses, "drones", delta) == ["drones"]
    assert ids(courses, "recursion", delta) == ["loops"]
    assert ids(courses, "loops", delta) == []
    assert ids(courses, "python", delta) == []
    assert ids(courses, "reading", delta) == []
    assert courses.search("recurzion", delta=delta).corrected == "recursion"  # new words are spelt too
    assert courses.search("lopps", delta=delta).corrected is None  # words that are gone are not offered
    assert ids(courses, "python") == ["loops"]  # and the index itself is as before


def test_a_changed_document_scores_as_it_did_when_its_text_is_the_same(courses: SearchIndex) -> None:
    same = Delta(COURSES[:3])
    for query in ("teaching loops", "robots classroom reading", "guided"):
        assert courses.search(query, delta=same).hits == courses.search(query).hits


def test_removal_wins_and_the_later_change_counts(courses: SearchIndex) -> None:
    twice = Delta((document("x", "Chess"), document("x", "Violin"), document("y", "Choir")), frozenset({"y"}))
    assert ids(courses, "chess violin choir", twice) == ["x"]
    assert ids(courses, "chess", twice) == []


WORDS = st.sampled_from(
    ["plan", "plans", "planning", "plane", "read", "reading", "ready", "educación", "robot", "robt"]
)
TEXTS = st.lists(WORDS, max_size=5).map(" ".join)
SMALL = st.builds(document, st.sampled_from("abcdef"), TEXTS, TEXTS, language=st.sampled_from(["en", "es"]))
CORPORA = st.lists(SMALL, max_size=6, unique_by=lambda one: one.id)
QUERIES = st.lists(WORDS | st.sampled_from(["plam", "raeding", "educacion", "rob", "the"]), min_size=1, max_size=3)


@given(CORPORA, CORPORA, st.frozensets(st.sampled_from("abcdef"), max_size=3), QUERIES.map(" ".join))
def test_a_delta_finds_what_a_rebuild_finds(
    tmp_path_factory: pytest.TempPathFactory,
    before: list[SearchDocument],
    changed: list[SearchDocument],
    removed: frozenset[str],
    query: str,
) -> None:
    directory = tmp_path_factory.mktemp("delta")
    index = index_of(tuple(before), directory / "before")
    now = {one.id: one for one in (*before, *changed) if one.id not in removed}
    rebuilt = index_of(tuple(now.values()), directory / "after")
    by_delta = index.search(query, None, Delta(tuple(changed), removed))
    by_rebuild = rebuilt.search(query, None)
    assert sorted(by_delta.ids.tolist()) == sorted(by_rebuild.ids.tolist())
    for told in ("total", "corrected", "matched_terms", "unmatched"):
        assert getattr(by_delta, told) == getattr(by_rebuild, told)


@given(CORPORA, QUERIES.map(" ".join))
def test_a_delta_over_nothing_ranks_as_a_rebuild_does_where_lengths_are_alike(
    tmp_path_factory: pytest.TempPathFactory, documents: list[SearchDocument], query: str
) -> None:
    """With every document replaced by itself the average lengths agree, and so must every score."""
    index = index_of(tuple(documents), tmp_path_factory.mktemp("same"))
    assert index.search(query, None, Delta(tuple(documents))).hits == index.search(query, None).hits


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        "\0",
        "🎉🎉",
        "\ud800",
        "?!*(",
        "a" * 10_000,
        "robots " * 5_000,
        "ß" * 300,
        "İ ﬃ ½ ﷺ",
        "日本語",
        "\ufc5e",
        "%_'\";--",
    ],
)
def test_no_query_is_too_strange(courses: SearchIndex, query: str) -> None:
    for delta in (None, Delta((document("new", query),))):
        result = courses.search(query, delta=delta)
        assert len(result.hits) == min(result.total, 20)
        assert all(hit.score > 0 for hit in result.hits)


@given(st.text(max_size=60), st.text(max_size=20))
def test_any_text_is_found_again_by_itself_or_says_why_not(
    tmp_path_factory: pytest.TempPathFactory, title: str, language: str
) -> None:
    index = index_of((document("a", title, language=language),), tmp_path_factory.mktemp("any"))
    result = index.search(title)
    assert bool(result.hits) == bool(result.matched_terms)
    if any(fold(word) for word in title.split() if word.isalnum()):
        assert result.corrected is None


def test_a_long_query_is_read_no_further_than_its_first_words(courses: SearchIndex) -> None:
    assert ids(courses, "zzzz " * 32 + "fractions") == []
    assert ids(courses, "zzzz " * 31 + "fractions") == ["fractions"]


def test_an_index_of_nothing_finds_nothing_until_something_is_added(tmp_path: Path) -> None:
    index = index_of((), tmp_path)
    assert index.search("robots").hits == ()
    assert ids(index, "robts", Delta((document("a", "Robots"),))) == ["a"]


def test_documents_without_a_word_are_kept_and_never_found(tmp_path: Path) -> None:
    index = index_of((document("a", ""), SearchDocument("b", {}), document("c", "Chess")), tmp_path)
    assert index.info.documents == 3
    assert ids(index, "chess") == ["c"]


def test_a_limit_below_one_is_refused(courses: SearchIndex) -> None:
    with pytest.raises(ValueError, match="limit: must be at least 1, not 0"):
        courses.search("robots", limit=0)


def test_results_and_documents_are_values(courses: SearchIndex) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        courses.search("robots").total = 0  # type: ignore[misc]
