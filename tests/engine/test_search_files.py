"""The files of the index: whole or refused, never half; the generation before survives any crash."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lantern.engine.search import IndexUnreadable, SearchDocument, build_index, current_generation, open_index

WEIGHTS = {"title": 2}
SOURCE = Path(__file__).parents[2] / "src"


def build(directory: Path, generation: str, *titles: str) -> None:
    build_index(
        [SearchDocument(f"{n}", {"title": title}) for n, title in enumerate(titles)], WEIGHTS, directory, generation
    )


def finds(directory: Path, query: str) -> int:
    index = open_index(directory)
    assert index is not None
    return index.search(query).total


def names(directory: Path) -> set[str]:
    return {path.name for path in directory.iterdir() if not path.name.startswith(".lock")}


def test_where_nothing_was_built_there_is_no_index(tmp_path: Path) -> None:
    assert open_index(tmp_path) is None
    assert open_index(tmp_path / "missing") is None
    assert current_generation(tmp_path) is None


def test_what_was_built_is_described_and_opened(tmp_path: Path) -> None:
    documents = [SearchDocument("1", {"title": "Chess clubs"}), SearchDocument("2", {"title": "Ajedrez"}, "es")]
    info = build_index(iter(documents), WEIGHTS, tmp_path / "deep" / "er", "g-1")
    assert (info.generation, info.documents, info.words, info.languages) == ("g-1", 2, 3, ("en", "es"))
    index = open_index(tmp_path / "deep" / "er")
    assert index is not None
    assert index.info == info
    assert current_generation(tmp_path / "deep" / "er") == info.generation


def test_the_current_generation_and_the_one_before_are_kept(tmp_path: Path) -> None:
    build(tmp_path, "c", "Chess")
    build(tmp_path, "a", "Violin")
    (tmp_path / "notes").mkdir()  # not ours: never removed
    opened = open_index(tmp_path)
    build(tmp_path, "b", "Choir")
    assert names(tmp_path) == {"CURRENT", "a", "b", "notes"}
    build(tmp_path, "d", "Drama")
    assert names(tmp_path) == {"CURRENT", "b", "d", "notes"}
    assert finds(tmp_path, "drama") == 1
    assert opened is not None
    assert opened.search("violin").total == 1  # its files are gone, its pages are not


def test_a_crash_at_any_step_leaves_a_whole_generation_in_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = 0
    for step in itertools.count(1):
        directory = tmp_path / str(step)
        build(directory, "one", "Chess")
        with monkeypatch.context() as patch:
            crash_at(step, patch)
            try:
                build(directory, "two", "Violin")
            except OSError:
                pass
            else:
                break
        if finds(directory, "chess"):
            kept += 1
            build(directory, "two", "Violin")  # the job tries again, under the same name
        assert finds(directory, "violin") == 1
        assert names(directory) == {"CURRENT", "one", "two"}
    assert kept == step - 2  # only the very last flush comes after the new generation is in use


def crash_at(step: int, patch: pytest.MonkeyPatch) -> None:
    """Let the disk fail the given time that something would become durable or visible."""
    steps = itertools.count(1)

    def failing(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **keywords: Any) -> Any:
            if next(steps) == step:
                raise OSError("the disk is full")
            return real(*args, **keywords)

        return call

    for name in ("fsync", "rename", "replace"):
        patch.setattr(os, name, failing(getattr(os, name)))


def test_a_killed_build_leaves_nothing_behind_once_another_has_run(tmp_path: Path) -> None:
    build(tmp_path, "one", "Chess")
    (tmp_path / ".unfinished-killed").mkdir()
    (tmp_path / ".unfinished-killed" / "ids.npy").write_bytes(b"half")
    (tmp_path / ".unfinished-CURRENT").write_text("two")
    assert finds(tmp_path, "chess") == 1
    build(tmp_path, "two", "Violin")
    assert names(tmp_path) == {"CURRENT", "one", "two"}


def test_a_reader_overtaken_by_builders_opens_the_newest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(tmp_path, "one", "Chess")
    load = np.load

    def overtaken(*args: Any, **keywords: Any) -> Any:
        monkeypatch.setattr(np, "load", load)
        build(tmp_path, "two", "Violin")
        build(tmp_path, "three", "Choir")  # removes what is being read
        return load(*args, **keywords)

    monkeypatch.setattr(np, "load", overtaken)
    assert finds(tmp_path, "choir") == 1


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-2] ^= 1
    path.write_bytes(content)


def _old_format(path: Path) -> None:
    body = json.loads(path.read_text())["body"] | {"format": 0}
    checksum = zlib.crc32(json.dumps(body, sort_keys=True).encode())
    path.write_text(json.dumps({"checksum": checksum, "body": body}))


def _other_average(path: Path) -> None:
    stored = json.loads(path.read_text())
    stored["body"]["averages"]["title"] = 1e9
    path.write_text(json.dumps(stored))


@pytest.mark.parametrize(
    ("file", "damage", "reason"),
    [
        ("one/docs.npy", _cut, r"docs\.npy: \d+ bytes, not \d+"),
        ("one/weights.npy", _flip, r"weights\.npy: checksum differs"),
        ("one/ids.npy", Path.unlink, r"ids\.npy: .*No such file"),
        ("one/meta.json", Path.unlink, r"meta\.json: .*No such file"),
        ("one/meta.json", _cut, r"meta\.json: "),
        ("one/meta.json", lambda path: path.write_text("[]"), r"meta\.json: "),
        ("one/meta.json", _other_average, r"meta\.json: checksum differs"),
        ("one/meta.json", _old_format, r"meta\.json: format 0, this version reads 1; build the index again"),
        ("CURRENT", lambda path: path.write_text("../elsewhere"), r"CURRENT: '\.\./elsewhere' is not the name"),
        ("CURRENT", lambda path: path.write_bytes(b"\xff\xfe"), r"CURRENT: "),
        ("CURRENT", lambda path: path.write_text("gone"), r"gone/meta\.json: .*No such file"),
    ],
)
def test_a_damaged_index_is_refused_with_file_and_reason_and_cured_by_a_build(
    tmp_path: Path, file: str, damage: Callable[[Path], object], reason: str
) -> None:
    build(tmp_path, "one", "Chess", "Chess clubs")
    damage(tmp_path / file)
    with pytest.raises(IndexUnreadable, match=reason):
        open_index(tmp_path)
    build(tmp_path, "two", "Chess")
    assert finds(tmp_path, "chess") == 1


@pytest.mark.parametrize(
    ("ids", "weights", "generation", "reason"),
    [
        (["a", "b", "a"], WEIGHTS, "g", "document 'a': id occurs twice"),
        (["", "b"], WEIGHTS, "g", "document '': id must be 1 to 200 characters"),
        (["a\0"], WEIGHTS, "g", "without NUL"),
        (["a" * 201], WEIGHTS, "g", "id must be 1 to 200 characters"),
        (["a"], {}, "g", "weights: at least one field"),
        (["a"], {"title": 0}, "g", "weights: title must weigh at least 1, not 0"),
        (["a"], WEIGHTS, "../g", "generation: '../g' is not"),
        (["a"], WEIGHTS, "", "generation: '' is not"),
        (["a"], WEIGHTS, "CURRENT", "generation: CURRENT is the name of the pointer file"),
        (["a"], WEIGHTS, "one", "generation: one is already the current one"),
    ],
)
def test_what_cannot_be_built_is_refused_and_nothing_changes(
    tmp_path: Path, ids: list[str], weights: dict[str, int], generation: str, reason: str
) -> None:
    build(tmp_path, "one", "Chess")
    with pytest.raises(ValueError, match=reason):
        build_index([SearchDocument(id, {"title": "Violin"}) for id in ids], weights, tmp_path, generation)
    assert names(tmp_path) == {"CURRENT", "one"}
    assert finds(tmp_path, "chess") == 1


def test_the_same_documents_give_the_same_bytes_in_any_process(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from lantern.engine.search import *;"
        "words = 'planning plans reading robots robótica educación'.split();"
        "build_index([SearchDocument(str(n), {'title': ' '.join(words[n:]), 'tags': words[n]}, 'es' if n % 2 else 'en')"
        " for n in range(6)], {'title': 4, 'tags': 3}, Path(sys.argv[1]), 'g')"
    )
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(SOURCE)}
        subprocess.run([sys.executable, "-c", program, str(tmp_path / seed)], env=environment, check=True)
    for path in (tmp_path / "1" / "g").iterdir():
        assert path.read_bytes() == (tmp_path / "2" / "g" / path.name).read_bytes(), path.name
