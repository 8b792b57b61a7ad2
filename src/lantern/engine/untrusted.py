"""Decoding of files from strangers: text, tables, JSON and HTML, within limits and without recursion.

Every reader here runs in time linear in its input and refuses rather than guesses; none knows what the file means.
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_BYTES = 50 * 1024 * 1024
MAX_COLUMNS = 512
MAX_CELL = 131_072
MAX_JSON_DEPTH = 64

DAMAGED = re.compile("[\x00\ud800-\udfff\ufffd]")
"""Characters no honest text holds: NUL, half a surrogate pair, or the mark of bytes that could not be decoded."""


class Unreadable(ValueError):
    """A file that cannot be read at all; `row` (1 is the header) and `field` say where, when it is known."""

    def __init__(self, reason: str, row: int | None = None, field: str | None = None) -> None:
        place = ", ".join(part for part in (f"row {row}" if row else "", field or "") if part)
        super().__init__(f"{place}: {reason}" if place else reason)
        self.reason, self.row, self.field = reason, row, field


@dataclass(frozen=True, slots=True)
class Text:
    """Decoded text and what had to be assumed to decode it."""

    content: str
    warnings: tuple[str, ...] = ()


def decode(data: bytes) -> Text:
    """Decode UTF-8, UTF-16 (with its mark) or Windows-1252, line by line where a file mixes them.

    Bytes that are none of these become U+FFFD, which `DAMAGED` finds. Raises `Unreadable` over 50 MB.
    """
    if len(data) > MAX_BYTES:
        raise Unreadable(f"the file is {len(data):,} bytes; at most {MAX_BYTES:,} are read")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return Text(data.decode("utf-16", "replace"))
    try:
        return Text(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        pass
    lines: list[str] = []
    first_odd = 0
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        try:
            lines.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            lines.append(line.decode("cp1252", "replace"))
            first_odd = first_odd or number
    return Text("\n".join(lines), (f"line {first_odd}: not UTF-8; read as Windows-1252",))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: its number as a spreadsheet shows it, its cells by column key, and what is wrong with it."""

    number: int
    cells: dict[str, str]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table's column keys, the headers as written, and its rows."""

    columns: dict[str, str]
    rows: tuple[Row, ...]
    warnings: tuple[str, ...]


def column_key(header: str) -> str:
    """Reduce a header to letters and digits in lower case, so "Is Child Of" and "is_child_of" are one."""
    return re.sub(r"[\W_]+", "", header.casefold())


def read_table(data: bytes) -> Table:
    """Read CSV (comma, semicolon or tab) with a header row; blank lines are skipped but counted.

    A row with a damaged character or more cells than the header carries its `problem`; a header that repeats or is too
    wide, and quoting that never closes, raise `Unreadable` with the row.
    """
    text = decode(data)
    lines = _csv_lines(text.content)
    number, header = next(lines, (1, []))
    while header and not any(cell.strip() for cell in header):
        number, header = next(lines, (1, []))
    if not header:
        raise Unreadable("the file is empty")
    if len(header) > MAX_COLUMNS:
        raise Unreadable(f"{len(header):,} columns; at most {MAX_COLUMNS} are read", row=number)
    keys, columns, warnings = _header_keys(header, number)
    rows = tuple(_row(number, cells, keys) for number, cells in lines if any(cell.strip() for cell in cells))
    return Table(columns, rows, text.warnings + warnings)


def _csv_lines(content: str) -> Iterator[tuple[int, list[str]]]:
    first = content[:65536].split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            reason = f"a quoted cell is malformed, never closes, or is longer than {MAX_CELL:,} characters ({error})"
            raise Unreadable(reason, row=number) from error
        yield number, cells


def _header_keys(header: list[str], number: int) -> tuple[list[str], dict[str, str], tuple[str, ...]]:
    keys = [column_key(name) for name in header]
    columns: dict[str, str] = {}
    for key, name in zip(keys, header, strict=True):
        if DAMAGED.search(name):
            raise Unreadable("a column name has a damaged character", row=number, field=ascii(name))
        if key and key in columns:
            raise Unreadable("the column appears twice", row=number, field=name.strip())
        if key:
            columns[key] = name.strip()
    unnamed = keys.count("")
    warnings = (f"row {number}: {unnamed} columns without a name were ignored",) if unnamed else ()
    return keys, columns, warnings


def _row(number: int, cells: list[str], keys: list[str]) -> Row:
    padded = cells + [""] * (len(keys) - len(cells))
    named = {key: cell.strip() for key, cell in zip(keys, padded, strict=False) if key}
    if any(cell.strip() for cell in cells[len(keys) :]):
        return Row(number, named, f"{len(cells)} cells where the header has {len(keys)}")
    damaged = next((key for key, cell in named.items() if DAMAGED.search(cell)), None)
    return Row(number, named, f"column {damaged} has a NUL or undecodable character" if damaged else "")


def read_json(data: bytes) -> object:
    """Parse JSON of at most 50 MB and 64 levels; NaN and Infinity, and anything malformed, raise `Unreadable`."""
    text = decode(data)
    try:
        value: object = json.loads(text.content, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise Unreadable(f"the JSON is nested more than {MAX_JSON_DEPTH} levels deep") from error
    except json.JSONDecodeError as error:
        raise Unreadable(f"not JSON: {error.msg}", row=error.lineno) from error
    except ValueError as error:  # an integer of thousands of digits, or a constant JSON does not have
        raise Unreadable(f"not JSON: {error}") from error
    _refuse_depth(value)
    return value


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not a JSON number")


def _refuse_depth(value: object) -> None:
    level: list[object] = [value]
    for _ in range(MAX_JSON_DEPTH):
        level = [child for node in level for child in _children(node)]
        if not level:
            return
    raise Unreadable(f"the JSON is nested more than {MAX_JSON_DEPTH} levels deep")


def _children(node: object) -> Iterator[object]:
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return (child for child in children if isinstance(child, dict | list))


# No alternative looks further than the next angle bracket, so a hostile file costs no more than its length.
_TAG = re.compile(r"<!--|-->|<!\[CDATA\[|\]\]>|<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s[^<>]*)?)/?>")
_HREF = re.compile(r"""\bhref\s*=\s*["']?(https?://[^\s"'<>()]+)""", re.IGNORECASE)
_SILENT = frozenset({"script", "style", "template", "iframe", "object", "noscript", "svg", "textarea", "select"})
_BLOCKS = frozenset({"p", "div", "ul", "ol", "table", "blockquote", "section", "article", "figure", "pre", "header"})
_INLINE = frozenset({"strong", "b", "em", "i", "a", "span", "sup", "sub", "code", "abbr", "u"})
_MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*"}


def is_words(value: object) -> bool:
    """Tell whether JSON is a list of words, as a form would keep them: at most 500 of at most 500 characters."""
    return (
        isinstance(value, list)
        and len(value) <= 500
        and all(isinstance(word, str) and len(word) <= 500 for word in value)
    )


def looks_like_html(text: str) -> bool:
    """Say whether the text holds at least one HTML tag."""
    return any(match.group(2) for match in _TAG.finditer(text))


def html_to_markdown(source: str) -> str:
    """Turn HTML into Markdown without any tag in it: scripts vanish, web links stay links, `<` becomes `&lt;`."""
    return _tidy(html.unescape(_flatten(source, markdown=True)).replace("<", "&lt;"))


def html_to_text(source: str) -> str:
    """Turn HTML into plain text on one line, scripts dropped and entities resolved."""
    return " ".join(html.unescape(_flatten(source, markdown=False)).split())


def _flatten(source: str, *, markdown: bool) -> str:
    out: list[str] = []
    silent = ""  # the element or comment whose content is being dropped
    links: list[str] = []
    position = 0
    for match in _TAG.finditer(source):
        if not silent:
            out.append(source[position : match.start()])
        position = match.end()
        closing, name = bool(match.group(1)), (match.group(2) or match.group(0)).lower()
        if silent:
            silent = "" if (closing and name == silent) or (name == "-->" and silent == "<!--") else silent
        elif name in _SILENT or name == "<!--":
            silent = "" if closing else name
        elif name == "-->":
            out.append(name)
        elif name == "a" and markdown:
            out.append(_link_mark(closing, match.group(3) or "", links))
        else:
            out.append(_mark(name, closing) if markdown else "" if name in _INLINE else " ")
    out.append("" if silent else source[position:])
    out.extend(reversed(links) if markdown else ())
    return "".join(out)


def _link_mark(closing: bool, attributes: str, links: list[str]) -> str:
    if closing:
        return links.pop() if links else ""
    found = _HREF.search(attributes)
    links.append(f"]({html.unescape(found.group(1))})" if found else "")
    return "[" if found else ""


def _mark(name: str, closing: bool) -> str:
    if name in _MARKS:
        return _MARKS[name]
    if name == "br":
        return "\n"
    if name == "li":
        return "" if closing else "\n- "
    if len(name) == 2 and name[0] == "h" and name[1].isdigit():
        return "\n\n" if closing else f"\n\n{'#' * min(max(int(name[1]), 2), 6)} "
    if name in {"td", "th", "tr"}:
        return " " if name != "tr" else "\n"
    return "\n\n" if name in _BLOCKS else ""


def _tidy(text: str) -> str:
    """Trim line ends, drop control characters and leave at most one blank line between paragraphs."""
    lines = [line.rstrip() for line in re.sub(r"[\x00-\x08\x0b-\x1f\x7f\u200b\ufeff]", "", text).splitlines()]
    # An item's text may start on the line after its mark, indented as the HTML was.
    joined = re.sub(r"^-\s*\n+\s*(?=\S)", "- ", "\n".join(lines), flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", joined).strip()
