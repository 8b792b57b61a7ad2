"""The extra `semantic` itself: its files are read where they lie, and what is not there is said."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

from lantern.engine.search import Delta, Embedder, SearchDocument, build_index, open_index, word_vectors
from lantern.engine.search.word_vectors import ExtraUnusable


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    """The real one; the test is skipped, saying so, where the extra is not installed."""
    found = word_vectors.installed()
    if found is None:
        pytest.skip("the extra semantic is not installed (make setup-semantic)")
    return found


COURSES = tuple(
    SearchDocument(str(number), {"title": title}, "en")
    for number, title in enumerate(
        (
            "Managing behaviour", "Fractions on a number line", "Phonics for beginning readers", "Feedback on essays",
            "Singing together", "Robots in class", "Planning a school trip", "First aid",
        )
    )
)  # fmt: skip


def test_pupils_words_find_the_course_that_has_none_of_them(embedder: Embedder, tmp_path: Path) -> None:
    build_index(COURSES, {"title": 1}, tmp_path, "one", embedder)
    index = open_index(tmp_path, embedder)
    assert index is not None
    for query, title in (
        ("music", "Singing together"),
        ("learning to read", "Phonics for beginning readers"),
        ("comments on writing", "Feedback on essays"),
        ("emergency treatment", "First aid"),
    ):
        found = index.search(query)
        assert COURSES[int(found.ids[0])].fields["title"] == title, query
    delta = Delta((SearchDocument("new", {"title": "Caring for a garden"}),))
    assert index.search("growing plants", delta=delta).ids[0] == "new"
    assert index.search("qwrtp zzgh").total == 0


STRANGE = ("", " ", "\0", "🎉🎉", "\ud800", "?!*(", "ß" * 300, "日本語", "the of and", "<s></s><pad>")


@pytest.mark.parametrize("text", STRANGE)
def test_any_text_has_a_vector_and_always_the_same(embedder: Embedder, text: str) -> None:
    first, again = embedder.embed([text]), embedder.embed(["something else", text])[1:]
    assert first.shape == (1, embedder.dimensions) and np.array_equal(first, again)
    assert float(np.linalg.norm(first)) == pytest.approx(1, abs=1e-5) or not first.any()


def test_case_and_words_that_name_no_subject_do_not_matter(embedder: Embedder) -> None:
    loud, plain = embedder.embed(["THE TEACHING OF FRACTIONS", "teaching fractions"])
    assert np.array_equal(loud, plain)
    assert embedder.embed(["of the"]).any(), "alone they are all there is"


def test_without_the_packages_there_is_no_embedder(monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec
    for missing in ("wordllama", "tokenizers"):
        with monkeypatch.context() as patch:
            patch.setattr(word_vectors, "find_spec", lambda name, gone=missing: None if name == gone else real(name))
            assert word_vectors.installed.__wrapped__() is None


def test_files_that_are_not_what_is_read_are_refused_by_name(tmp_path: Path) -> None:
    if importlib.util.find_spec("tokenizers") is not None:
        with pytest.raises(ExtraUnusable, match=r"pieces\.json: "):
            word_vectors._open_pieces(tmp_path / "pieces.json")
    path = tmp_path / "table.safetensors"
    with pytest.raises(ExtraUnusable, match=r"table\.safetensors: .*No such file"):
        word_vectors.open_table(path)
    for kind, shape, end in (("F32", [2, 3], 12), ("F16", [6], 12), ("F16", [2, 3], 11)):
        path.write_bytes(_safetensors({"embedding.weight": {"dtype": kind, "shape": shape, "data_offsets": [0, end]}}))
        with pytest.raises(ExtraUnusable, match="is not a table of F16"):
            word_vectors.open_table(path)
    path.write_bytes(_safetensors({}))
    with pytest.raises(ExtraUnusable, match=r"embedding\.weight"):
        word_vectors.open_table(path)


def test_a_table_is_read_as_it_was_written(tmp_path: Path) -> None:
    path, numbers = tmp_path / "table.safetensors", np.arange(6, dtype="<f2").reshape(2, 3)
    head = {"embedding.weight": {"dtype": "F16", "shape": [2, 3], "data_offsets": [0, 12]}}
    path.write_bytes(_safetensors(head) + numbers.tobytes())
    assert np.array_equal(word_vectors.open_table(path), numbers)


def _safetensors(head: object) -> bytes:
    told = json.dumps(head).encode()
    return len(told).to_bytes(8, "little") + told
