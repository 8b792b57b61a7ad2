"""File names and byte ranges as they stand in HTTP headers: pure text in, pure text out."""

import re
import unicodedata
from urllib.parse import quote

_MAX_NAME = 100
_RANGE = re.compile(r"bytes=[ \t]*([0-9]{0,18})[ \t]*-[ \t]*([0-9]{0,18})[ \t]*")
_SEVERAL = re.compile(r"bytes=[0-9 \t,-]*,[0-9 \t,-]*")
_NOT_IN_NAMES = frozenset('/\\:*?"<>|')


class RangeNotSatisfiable(Exception):
    """The range asked for lies outside the file; answer 416 with `Content-Range: bytes */size`."""


def safe_name(filename: str, extension: str) -> str:
    """Give `filename` without folders, invisible or direction-changing characters, ending in `extension` (with dot).

    At most 100 characters; a name of which nothing is left becomes "file".
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", filename))[-1]
    visible = "".join(
        "_" if char in _NOT_IN_NAMES else char for char in last if not unicodedata.category(char).startswith("C")
    )
    stem = " ".join(visible.split()).strip(". ")
    if "." in stem:
        stem = stem.rpartition(".")[0].strip(". ")
    return (stem[: _MAX_NAME - len(extension)].strip(". ") or "file") + extension


def content_disposition(filename: str, *, inline: bool = False) -> str:
    """Write a Content-Disposition value (RFC 6266): an ASCII stand-in, and the true name in UTF-8 where they differ."""
    kind = "inline" if inline else "attachment"
    name = "".join(char for char in filename if not unicodedata.category(char).startswith("C")) or "file"
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    plain = re.sub(r'["\\%/;]', "_", plain).strip()
    if not plain or plain.startswith("."):
        plain = "file" + plain
    value = f'{kind}; filename="{plain}"'
    return value if plain == name else f"{value}; filename*=UTF-8''{quote(name, safe='')}"


def range_from_header(header: str | None, size: int) -> tuple[int, int] | None:
    """Read a Range header for a file of `size` bytes into [start, end), end excluded as in Python.

    None means: send the whole file (no header, another unit or nonsense; RFC 9110 lets us ignore them). Raises
    `RangeNotSatisfiable` for a well-formed range outside the file, and for several ranges at once, which no player
    asks.
    """
    if _SEVERAL.fullmatch(header or ""):
        raise RangeNotSatisfiable
    match = _RANGE.fullmatch(header or "")
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if first == "":
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(size, int(last) + 1) if last else size
        if last and int(last) < start:
            return None
    if start >= end:
        raise RangeNotSatisfiable
    return start, end
