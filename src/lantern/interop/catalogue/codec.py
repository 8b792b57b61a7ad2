"""Lantern's own catalogue format (docs/admin/catalogue-format.md), and the gate every catalogue's rows come in by.

A bad row is refused with its number, field and reason; the good rows beside it are kept. Whether an installation knows
a subject, topic or competency is not decided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from lantern.engine.untrusted import Unreadable, column_key, read_json, read_table
from lantern.interop.catalogue.fields import FieldProblem
from lantern.interop.catalogue.records import CatalogueRecord, CompetencyLink, build_record
from lantern.interop.pathways.codec import PathwayRecord

__all__ = [
    "CatalogueFile",
    "CatalogueRecord",
    "CompetencyLink",
    "FieldProblem",
    "RowError",
    "Unreadable",
    "build_record",
    "collect",
    "read_catalogue",
]

MAX_ROWS = 200_000
JSON_FORMAT = "lantern-catalogue"

# The columns a file may have, by their key; competency levels and lists are written inside a cell.
COLUMNS: Mapping[str, str] = {
    column_key(name): name for name in (*CatalogueRecord.__slots__, "cost") if name != "cost_cents"
} | {"license": "licence"}


@dataclass(frozen=True, slots=True)
class RowError:
    """Why one row was refused: its number in a spreadsheet (in JSON, its place in the list), the field, the reason."""

    row: int
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class CatalogueFile:
    """What a catalogue file held: the good records and their row numbers, the refused rows, what else to know, the
    format, and the sequences that it has of its records.
    """

    records: tuple[CatalogueRecord, ...]
    errors: tuple[RowError, ...]
    warnings: tuple[str, ...]
    format: str
    numbers: tuple[int, ...] = ()
    pathways: tuple[PathwayRecord, ...] = ()


def read_catalogue(data: bytes, filename: str) -> CatalogueFile:
    """Read Lantern's own catalogue, JSON when it starts with a brace or bracket and else CSV.

    `filename` becomes the source of rows that name none. Raises `Unreadable` when the file as a whole cannot be read.
    """
    if data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        return _read_json(data, filename)
    return _read_csv(data, filename)


def _read_csv(data: bytes, filename: str) -> CatalogueFile:
    table = read_table(data)
    columns = {key: COLUMNS[key] for key in table.columns if key in COLUMNS}
    for needed in ("external_id", "title", "kind"):
        if needed not in columns.values():
            raise Unreadable(f"the column {needed} is missing", row=1, field=needed)
    if len(set(columns.values())) < len(columns):
        raise Unreadable("the column appears twice", row=1, field="licence")
    if len(table.rows) > MAX_ROWS:
        raise Unreadable(f"{len(table.rows):,} rows; at most {MAX_ROWS:,} are read")
    unknown = [name for key, name in table.columns.items() if key not in COLUMNS]
    warnings = (*table.warnings, *((f"columns not known: {', '.join(unknown)}",) if unknown else ()))
    broken = [RowError(row.number, "row", row.problem) for row in table.rows if row.problem]
    sound = (row for row in table.rows if not row.problem)
    rows = ((row.number, {name: row.cells.get(key, "") for key, name in columns.items()}) for row in sound)
    return collect(rows, "lantern-csv", source=filename, warnings=warnings, errors=broken)


def _read_json(data: bytes, filename: str) -> CatalogueFile:
    value = read_json(data)
    entries = value.get("resources") if isinstance(value, dict) else value
    if isinstance(value, dict) and (value.get("format"), value.get("version")) != (JSON_FORMAT, 1):
        raise Unreadable(f'needs "format": "{JSON_FORMAT}" and "version": 1', field="format")
    if not isinstance(entries, list) or len(entries) > MAX_ROWS:
        raise Unreadable(f"needs a list of at most {MAX_ROWS:,} resources", field="resources")
    errors: list[RowError] = []
    unknown: dict[str, None] = {}
    rows: list[tuple[int, Mapping[str, object]]] = []
    for number, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict):
            errors.append(RowError(number, "row", "must be an object"))
            continue
        unknown |= dict.fromkeys(name for name in entry if column_key(name) not in COLUMNS)
        rows.append((number, {COLUMNS[key]: entry[name] for name in entry if (key := column_key(name)) in COLUMNS}))
    warnings = (f"fields not known: {', '.join(map(ascii, list(unknown)[:20]))}",) if unknown else ()
    return collect(rows, "lantern-json", source=filename, warnings=warnings, errors=errors)


def collect(
    rows: Iterable[tuple[int, Mapping[str, object]]],
    format_name: str,
    *,
    source: str,
    warnings: Iterable[str] = (),
    errors: Iterable[RowError] = (),
) -> CatalogueFile:
    """Build records from numbered rows of raw fields, refusing each bad row, and each that repeats an external_id."""
    records: list[CatalogueRecord] = []
    numbers: list[int] = []
    refused = list(errors)
    seen: dict[str, int] = {}
    for number, raw in rows:
        try:
            record = build_record(raw)
        except FieldProblem as problem:
            refused.append(RowError(number, problem.field, problem.reason))
            continue
        first = seen.setdefault(record.external_id, number)
        if first != number:
            refused.append(RowError(number, "external_id", f"{record.external_id} was already used in row {first}"))
            continue
        records.append(record if record.source else replace(record, source=source))
        numbers.append(number)
    refused.sort(key=lambda error: error.row)
    return CatalogueFile(
        tuple(records), tuple(refused), (*warnings, *_loose_ends(records)), format_name, tuple(numbers)
    )


def _loose_ends(records: list[CatalogueRecord]) -> Iterator[str]:
    known = {record.external_id for record in records}
    for record in records:
        missing = [name for name in record.prerequisites if name not in known]
        if missing:
            yield f"{record.external_id}: prerequisites not in this file: {', '.join(missing)}"
