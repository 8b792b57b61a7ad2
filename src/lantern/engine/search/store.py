"""Keep generations of the index on disk so that a reader always finds a whole one.

A generation is a folder of .npy arrays and `meta.json` with the length and checksum of each. It is written to a hidden
folder, flushed, and renamed; only then does the pointer file CURRENT change, in one step. A crash anywhere leaves the
generation before in use. The current generation and the one before are kept; who has an older one open keeps
reading it, for the arrays are mapped and a mapped file outlives its name.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lantern.engine.search.index import SearchIndex
from lantern.engine.search.meaning import Embedder, Prints, Vectors, embed_documents
from lantern.engine.search.postings import Postings, build_postings
from lantern.engine.search.types import FieldWeights, IndexInfo, IndexUnreadable, SearchDocument

FORMAT = 1
MAX_ID_LETTERS = 200

_GENERATION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_UNFINISHED = ".unfinished-"
_ARRAYS = tuple(field.name for field in fields(Postings))
_PRINTS, _VECTORS = "prints", "vectors"  # there only where an embedder made them


def build_index(
    documents: Iterable[SearchDocument],
    weights: FieldWeights,
    directory: Path,
    generation: str,
    embedder: Embedder | None = None,
) -> IndexInfo:
    """Index the documents as a new generation and make it the current one; with an embedder, their meanings as well.

    A second build in the same directory waits for the first. Raises ValueError, naming document and field, for ids that
    repeat, are empty, hold NUL or are longer than 200 characters, for no weights or weights below 1, and for a
    generation name that is not a plain file name or is the current one.
    """
    if not _GENERATION.fullmatch(generation):
        raise ValueError(f"generation: {generation!r} is not 1 to 64 letters, digits, dots, dashes or underscores")
    if generation == "CURRENT":
        raise ValueError("generation: CURRENT is the name of the pointer file")
    if not weights:
        raise ValueError("weights: at least one field must be searched")
    for name, weight in weights.items():
        if weight < 1:
            raise ValueError(f"weights: {name} must weigh at least 1, not {weight}")
    ordered = _sorted_documents(documents)
    directory.mkdir(parents=True, exist_ok=True)
    with _only_builder(directory):
        try:
            before = current_generation(directory)
        except IndexUnreadable:  # a new pointer cures it
            before = None
        if before == generation:
            raise ValueError(f"generation: {generation} is already the current one")
        _clear_unfinished(directory)
        meanings = None
        if embedder is not None:
            known = _meanings_of(directory, before, embedder)
            meanings = (embedder.name, *embed_documents(ordered, embedder, known))
        info = _write_generation(directory, generation, ordered, dict(weights), meanings)
        _point_to(directory, generation)
        _prune(directory, keep={generation, before})
    return info


def open_index(directory: Path, embedder: Embedder | None = None) -> SearchIndex | None:
    """The current generation, checked and mapped into memory; None where none was built. It searches meanings as well
    where it holds vectors of this embedder.

    Raises IndexUnreadable, with the file and the reason, where one was built but cannot be trusted.
    """
    while (generation := current_generation(directory)) is not None:
        try:
            return _read_generation(directory / generation, embedder)
        except IndexUnreadable:
            if current_generation(directory) == generation:  # else a builder has moved on and pruned it under our hands
                raise
    return None


def current_generation(directory: Path) -> str | None:
    """The name of the generation in use, None where none was built: one small read, to see whether to open again.

    Raises IndexUnreadable where the pointer file is damaged.
    """
    try:
        name = (directory / "CURRENT").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise IndexUnreadable(f"CURRENT: {error}") from error
    if not _GENERATION.fullmatch(name):
        raise IndexUnreadable(f"CURRENT: {name[:80]!r} is not the name of a generation")
    return name


def _sorted_documents(documents: Iterable[SearchDocument]) -> list[SearchDocument]:
    ordered = sorted(documents, key=lambda document: document.id)
    for before, document in zip([None, *ordered], ordered, strict=False):
        if not document.id or "\0" in document.id or len(document.id) > MAX_ID_LETTERS:
            raise ValueError(f"document {document.id[:40]!r}: id must be 1 to {MAX_ID_LETTERS} characters without NUL")
        if before is not None and before.id == document.id:
            raise ValueError(f"document {document.id!r}: id occurs twice")
    return ordered


@contextmanager
def _only_builder(directory: Path) -> Iterator[None]:
    with open(directory / ".lock", "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write_generation(
    directory: Path,
    generation: str,
    documents: list[SearchDocument],
    weights: dict[str, int],
    meanings: tuple[str, Prints, Vectors] | None,
) -> IndexInfo:
    postings, averages = build_postings(documents, weights)
    arrays: dict[str, NDArray[Any]] = {name: getattr(postings, name) for name in _ARRAYS}
    arrays["ids"] = np.array([document.id for document in documents], dtype=np.str_)
    if meanings is not None:
        arrays[_PRINTS], arrays[_VECTORS] = meanings[1:]
    unfinished = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=directory))
    unfinished.chmod(0o755)
    files = {}
    for name, array in arrays.items():
        path = unfinished / f"{name}.npy"
        with path.open("wb") as file:
            np.save(file, array, allow_pickle=False)
            _flush(file.fileno())
        files[path.name] = [path.stat().st_size, _checksum(path)]
    body = {
        "format": FORMAT,
        "generation": generation,
        "documents": len(documents),
        "weights": weights,
        "averages": averages,
        "files": files,
        "embedder": None if meanings is None else meanings[0],
    }
    _write_text(unfinished / "meta.json", json.dumps({"checksum": _checksum_of(body), "body": body}, indent=1))
    _flush_folder(unfinished)
    finished = directory / generation
    if finished.exists():  # left by a build that was stopped before CURRENT named it
        shutil.rmtree(finished)
    unfinished.rename(finished)
    _flush_folder(directory)
    return _info(body, postings)


def _point_to(directory: Path, generation: str) -> None:
    pointer = directory / f"{_UNFINISHED}CURRENT"
    _write_text(pointer, generation + "\n")
    pointer.replace(directory / "CURRENT")
    _flush_folder(directory)


def _clear_unfinished(directory: Path) -> None:
    """Remove what stopped builds left; the caller is the only builder."""
    for path in directory.glob(f"{_UNFINISHED}*"):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _prune(directory: Path, keep: set[str | None]) -> None:
    """Remove other generations, and nothing that is not one. What cannot be removed now is removed next time."""
    for path in directory.iterdir():
        if path.name not in keep and (path / "meta.json").is_file():
            shutil.rmtree(path, ignore_errors=True)


def _read_generation(folder: Path, embedder: Embedder | None) -> SearchIndex:
    body = _read_meta(folder)
    arrays = {name: _read_array(folder, body, name) for name in _ARRAYS}
    ids, postings = _read_array(folder, body, "ids"), Postings(**arrays)
    vectors = None
    if embedder is not None and body.get("embedder") == embedder.name:
        vectors = _read_array(folder, body, _VECTORS)
    return SearchIndex(_info(body, postings), ids, postings, body["weights"], body["averages"], vectors, embedder)


def _read_array(folder: Path, body: Mapping[str, Any], name: str) -> NDArray[Any]:
    path = folder / f"{name}.npy"
    try:
        size, checksum = body["files"][path.name]
        if path.stat().st_size != size:
            raise IndexUnreadable(f"{path}: {path.stat().st_size} bytes, not {size}")
        if _checksum(path) != checksum:
            raise IndexUnreadable(f"{path}: checksum differs")
        # A plain view of the map: np.memmap objects are slow to slice.
        return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexUnreadable(f"{path}: {error}") from error


def _meanings_of(directory: Path, generation: str | None, embedder: Embedder) -> tuple[Prints, Vectors] | None:
    """What a generation knows of meanings, to embed only what changed; None where another embedder's, or damaged."""
    if generation is None:
        return None
    try:
        body = _read_meta(directory / generation)
        if body.get("embedder") != embedder.name:
            return None
        folder = directory / generation
        return _read_array(folder, body, _PRINTS), _read_array(folder, body, _VECTORS)
    except IndexUnreadable:
        return None


def _read_meta(folder: Path) -> dict[str, Any]:
    path = folder / "meta.json"
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        body, checksum = stored["body"], stored["checksum"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexUnreadable(f"{path}: {error}") from error
    if not isinstance(body, dict) or checksum != _checksum_of(body):
        raise IndexUnreadable(f"{path}: checksum differs")
    if body["format"] != FORMAT:
        raise IndexUnreadable(f"{path}: format {body['format']}, this version reads {FORMAT}; build the index again")
    return body


def _info(body: Mapping[str, Any], postings: Postings) -> IndexInfo:
    return IndexInfo(
        generation=body["generation"],
        documents=body["documents"],
        words=int(postings.words.size),
        languages=tuple(language.decode() for language in postings.languages.tolist()),
        size=sum(size for size, _ in body["files"].values()),
        embedder=body.get("embedder"),
    )


def _checksum(path: Path) -> int:
    checksum = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            checksum = zlib.crc32(block, checksum)
    return checksum


def _checksum_of(body: Mapping[str, Any]) -> int:
    return zlib.crc32(json.dumps(body, sort_keys=True).encode())


def _write_text(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        _flush(file.fileno())


def _flush(descriptor: int) -> None:
    os.fsync(descriptor)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
