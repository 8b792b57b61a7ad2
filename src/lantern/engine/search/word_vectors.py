"""WordLlama's word vectors as an embedder, read from the installed package `wordllama` (the extra `semantic`).

Only its two files of data are read; none of its code is imported, for that asks a network for what it misses. A text is
the mean of its pieces' vectors: no model runs, so a query costs a tenth of a millisecond. Text is read in lower case
and without words that name no subject (measured: decision 0053).
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lantern.engine.search.meaning import Embedder, Vectors
from lantern.engine.search.words import STOP_WORDS, fold, split

_PIECES = Path("tokenizers/l2_supercat_tokenizer_config.json")
_VECTORS = Path("weights/l2_supercat_256.safetensors")
_TENSOR = "embedding.weight"


class ExtraUnusable(Exception):
    """The extra `semantic` is installed but cannot be used; the message says which file and why."""


@dataclass(frozen=True, slots=True, eq=False)
class WordVectors:
    """An embedder over a table of vectors, one for each piece that the tokenizer cuts a text into."""

    name: str
    pieces: Any
    table: NDArray[np.float16]

    @property
    def dimensions(self) -> int:
        return int(self.table.shape[1])

    def embed(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            if words := _plain(text):
                # One text at a time: the tokenizer's batches start threads, which a forked worker must not inherit.
                numbers = self.pieces.encode(words, add_special_tokens=False).ids
                rows[row] = self.table[numbers].astype(np.float32).sum(axis=0)
        lengths = np.sqrt((rows**2).sum(axis=1, keepdims=True))
        rows /= np.where(lengths > 0, lengths, np.float32(1))
        return rows


def _plain(text: str) -> str:
    """The words of a text in lower case without those that name no subject; all of them where there are no others."""
    words = [word.lower() for word in split(text)]
    return " ".join([word for word in words if fold(word) not in STOP_WORDS] or words)


@cache
def installed() -> Embedder | None:
    """Return the embedder, or None where the extra is not installed.

    Raises ExtraUnusable where it is, but its files are not what this version reads.
    """
    package = find_spec("wordllama")
    if package is None or package.origin is None or find_spec("tokenizers") is None:
        return None
    folder, name = Path(package.origin).parent, f"wordllama {version('wordllama')}"
    return WordVectors(name, _open_pieces(folder / _PIECES), open_table(folder / _VECTORS))


def _open_pieces(path: Path) -> Any:
    try:
        pieces = import_module("tokenizers").Tokenizer.from_file(str(path))
        pieces.no_padding()
        pieces.no_truncation()
    except Exception as error:  # the tokenizer raises bare Exception for a bad or missing file
        raise ExtraUnusable(f"{path}: {error}") from error
    return pieces


def open_table(path: Path) -> NDArray[np.float16]:
    """Map the vectors of a safetensors file: a length, that much JSON, then the numbers. Raises ExtraUnusable."""
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            told = json.loads(file.read(min(length, 1_000_000)))[_TENSOR]
        kind, shape, (start, end) = told["dtype"], tuple(told["shape"]), told["data_offsets"]
        if kind != "F16" or len(shape) != 2 or end - start != 2 * math.prod(shape):
            raise ValueError(f"{kind} {shape} is not a table of F16")
        return np.asarray(np.memmap(path, dtype="<f2", mode="r", offset=8 + length + start, shape=shape))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ExtraUnusable(f"{path}: {error}") from error
