"""Frameworks written as a spreadsheet (docs/admin/framework-format.md), under the headers people give its columns."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath

from lantern.engine.untrusted import Row, Table, read_table
from lantern.interop.case.hierarchy import settle
from lantern.interop.case.records import (
    IS_CHILD_OF,
    AssociationRecord,
    FrameworkRecord,
    FrameworkUnreadable,
    ItemRecord,
    LevelRecord,
)

NAMESPACE = uuid.UUID("6f3c1e5a-52a5-5d3e-8a39-0d9f4d6f7c21")
"""Under which a CSV framework's identifier is made from its file name, and its items' from that and their code."""

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "humancodingscheme"),
    "statement": ("statement", "fullstatement"),
    "parent": ("parentcode", "parent", "ischildof"),
    "type": ("type", "itemtype", "cfitemtype", "label"),
    "short": ("abbreviatedstatement", "short"),
    "grades": ("grades", "educationlevel", "educationlevels"),
    "language": ("language",),
    "levels": ("levels",),
    "id": ("id", "identifier"),
    "sequence": ("sequencenumber", "sequence"),
}


@dataclass(frozen=True, slots=True)
class _Line:
    row: int
    item: ItemRecord
    parent: str
    sequence: int | None


def framework_from_table(data: bytes, filename: str) -> FrameworkRecord:
    """Read a framework from CSV; identifiers come from the file name and codes, so the same give the same again."""
    table = read_table(data)
    columns = {name: key for name, keys in _COLUMNS.items() for key in keys if key in table.columns}
    for needed in ("code", "statement"):
        if needed not in columns:
            raise FrameworkUnreadable(f"the column {needed} is missing", row=1, field=needed)
    title = re.sub(r"[\W_]+", " ", PurePath(filename).stem).strip() or "Framework"
    document = uuid.uuid5(NAMESPACE, title.casefold())
    lines, references = _lines(table, columns, document)
    if not lines:
        raise FrameworkUnreadable("no row below the header")
    items = tuple(line.item for line in lines)
    drafts, stray = _parent_links(lines, references, document, title, by_id="id" in columns)
    associations, warnings = settle(str(document), title, items, drafts)
    unknown = [name for key, name in table.columns.items() if key not in columns.values()]
    ignored = (f"columns not used: {', '.join(unknown)}",) if unknown else ()
    return FrameworkRecord(
        identifier=str(document),
        uri=document.urn,
        title=title[:1].upper() + title[1:],
        language=next((item.language for item in items if item.language), ""),
        items=items,
        associations=associations,
        levels=_inline_levels(table, columns),
        warnings=(*table.warnings, *ignored, *stray, *warnings),
    )


def levels_from_table(data: bytes) -> tuple[LevelRecord, ...]:
    """Read a proficiency scale: columns `order` (or `position`), `level` (or `code`) and `stage` (or `name`)."""
    table = read_table(data)
    position, code, name = (
        next((key for key in keys if key in table.columns), "")
        for keys in (("order", "position"), ("level", "code"), ("stage", "name"))
    )
    if not (position and code and name):
        raise FrameworkUnreadable("a level table needs the columns order, level and stage", row=1)
    levels: dict[int, LevelRecord] = {}
    for row in table.rows:
        _sound(row)
        number = row.cells.get(position, "")
        if not number.isdecimal() or int(number) in levels or not row.cells.get(code):
            reason = "needs a code, and a whole number no other level has"
            raise FrameworkUnreadable(reason, row=row.number, field=position)
        levels[int(number)] = LevelRecord(int(number), row.cells[code], row.cells.get(name, ""))
    return tuple(levels[number] for number in sorted(levels))


def _sound(row: Row) -> None:
    if row.problem:
        raise FrameworkUnreadable(row.problem, row=row.number)


def _lines(table: Table, columns: Mapping[str, str], document: uuid.UUID) -> tuple[list[_Line], dict[str, str]]:
    """Return the lines, and the identifier that each id, or else each code, stands for."""
    lines: list[_Line] = []
    seen: dict[str, int] = {}
    ids: dict[str, str] = {}
    codes: dict[str, str] = {}
    for row in table.rows:
        _sound(row)
        cell = {name: row.cells.get(key, "") for name, key in columns.items()}
        own = cell.get("id") or cell["code"]
        if not own:
            raise FrameworkUnreadable("every row needs a code", row=row.number, field="code")
        if not cell["statement"]:
            raise FrameworkUnreadable("every row needs a statement", row=row.number, field="statement")
        if own in seen:
            raise FrameworkUnreadable(f"{own} was already used in row {seen[own]}", row=row.number, field="code")
        seen[own] = row.number
        line = _line(row.number, cell, own, document)
        ids[own] = line.item.identifier
        codes.setdefault(cell["code"], line.item.identifier)
        lines.append(line)
    return lines, codes | ids


def _line(row: int, cell: Mapping[str, str], own: str, document: uuid.UUID) -> _Line:
    sequence = cell.get("sequence", "")
    if sequence and not sequence.isdecimal():
        raise FrameworkUnreadable(f"{sequence!r} is not a whole number", row=row, field="sequence")
    try:
        identifier = uuid.UUID(own)
    except ValueError:
        identifier = uuid.uuid5(document, own)
    item = ItemRecord(
        identifier=str(identifier),
        uri=identifier.urn,
        human_coding_scheme=cell["code"],
        full_statement=cell["statement"],
        abbreviated_statement=cell.get("short", ""),
        item_type=cell.get("type", ""),
        education_levels=tuple(re.split(r"[\s,;|]+", cell["grades"])) if cell.get("grades") else (),
        language=cell.get("language", ""),
    )
    return _Line(row, item, cell.get("parent", ""), int(sequence) if sequence else None)


def _parent_links(
    lines: list[_Line], references: Mapping[str, str], document: uuid.UUID, title: str, *, by_id: bool
) -> tuple[list[AssociationRecord], tuple[str, ...]]:
    """Return one isChildOf a line, in file order among siblings, and a warning for each parent no row has."""
    unknown = {line.parent for line in lines if line.parent and line.parent not in references}
    # A table with its own ids may name the document as the parent of its top rows: the one id that no row has.
    root = unknown.pop() if by_id and len(unknown) == 1 else ""
    links: list[AssociationRecord] = []
    warnings: list[str] = []
    siblings: dict[str, int] = {}
    for line in lines:
        at_top = not line.parent or line.parent == root
        parent = str(document) if at_top else references.get(line.parent, "")
        if not parent:
            warnings.append(f"row {line.row}: parent {line.parent} is in no row")
            continue
        siblings[parent] = siblings.get(parent, 0) + 1
        identifier = uuid.uuid5(document, f"{IS_CHILD_OF} {line.item.identifier} {parent}")
        links.append(
            AssociationRecord(
                identifier=str(identifier),
                type=IS_CHILD_OF,
                origin=line.item.identifier,
                destination=parent,
                destination_title=title if at_top else line.parent,
                sequence=line.sequence if line.sequence is not None else siblings[parent],
                uri=identifier.urn,
                origin_title=line.item.human_coding_scheme or line.item.full_statement[:80],
                origin_uri=line.item.uri,
                destination_uri=uuid.UUID(parent).urn,
            )
        )
    return links, tuple(warnings)


def _inline_levels(table: Table, columns: Mapping[str, str]) -> tuple[LevelRecord, ...]:
    """Read the scale from the first row that fills the column levels: `A1=Awareness; A2=Exploration`."""
    key = columns.get("levels", "")
    row = next((row for row in table.rows if row.cells.get(key)), None)
    if row is None:
        return ()
    levels: list[LevelRecord] = []
    for position, part in enumerate(filter(str.strip, row.cells[key].split(";")), start=1):
        code, _, name = part.partition("=")
        if not code.strip():
            raise FrameworkUnreadable("write levels as A1=Awareness; A2=Exploration", row=row.number, field="levels")
        levels.append(LevelRecord(position, code.strip(), name.strip()))
    return tuple(levels)
