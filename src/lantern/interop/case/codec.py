"""CASE 1.0 and 1.1 packages (CFPackage) to records and back; a spreadsheet is read through `table`.

Foreign identifiers and addresses are kept as published. What CASE has and Lantern does not model is carried through a
round trip; what CASE 1.1 does not allow at its place is moved into `extensions`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from lantern.engine.untrusted import DAMAGED, Unreadable, read_json
from lantern.interop.case.hierarchy import settle
from lantern.interop.case.records import (
    AssociationRecord,
    FrameworkRecord,
    FrameworkUnreadable,
    ItemRecord,
    LevelRecord,
)
from lantern.interop.case.table import framework_from_table, levels_from_table

__all__ = [
    "AssociationRecord",
    "FrameworkRecord",
    "FrameworkUnreadable",
    "ItemRecord",
    "LevelRecord",
    "read_framework",
    "read_levels",
    "write_framework",
]

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_CARRIED_IN_DOCUMENT = frozenset(
    {"frameworkType", "description", "subject", "subjectURI", "statusStartDate", "statusEndDate", "licenseURI"}
)
_CARRIED_IN_ITEM = frozenset(
    {"alternativeLabel", "listEnumeration", "conceptKeywords", "conceptKeywordsURI", "notes", "subjectURI"}
    | {"CFItemTypeURI", "licenseURI", "statusStartDate", "statusEndDate"}
)
_CARRIED_IN_ASSOCIATION = frozenset({"CFAssociationGroupingURI", "notes"})
# Links that only stand on single objects, forbidden inside a package; and spellings read under their modelled name.
_DERIVED = frozenset({"CFDocumentURI", "CFPackageURI", "CFItemAssociationURI", "CFItemAssociations", "caseVersion"})
_LEVELS = "lanternLevels"  # the extension of the document under which the proficiency scale travels
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read_framework(data: bytes, filename: str) -> FrameworkRecord:
    """Read a CASE package, or a CSV framework when the file does not start with a brace.

    Repairs of the hierarchy are in `warnings`; anything else wrong raises `FrameworkUnreadable` with row and field.
    """
    try:
        if data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
            return _package(read_json(data))
        return framework_from_table(data, filename)
    except Unreadable as error:
        raise FrameworkUnreadable(error.reason, error.row, error.field) from error


def read_levels(data: bytes) -> tuple[LevelRecord, ...]:
    """Read a proficiency scale kept in a CSV file of its own (columns order, level, stage)."""
    try:
        return levels_from_table(data)
    except Unreadable as error:
        raise FrameworkUnreadable(error.reason, error.row, error.field) from error


class _Node:
    """One JSON object of the package, read field by field with errors that say where it is."""

    def __init__(self, value: object, place: str, row: int | None, warnings: list[str]) -> None:
        if not isinstance(value, dict):
            raise FrameworkUnreadable("must be an object", row, place)
        self.value: dict[str, object] = value
        self.place, self.row, self.warnings = place, row, warnings
        self.read: set[str] = {"extensions"}

    def fail(self, field: str, reason: str) -> FrameworkUnreadable:
        return FrameworkUnreadable(reason, self.row, f"{self.place}.{field}")

    def get(self, field: str) -> object:
        self.read.add(field)
        return self.value.get(field)

    def text(self, field: str, *, needed: bool = False) -> str:
        value = self.get(field)
        if value is None or value == "":
            if needed:
                raise self.fail(field, "is missing")
            return ""
        if not isinstance(value, str):
            raise self.fail(field, "must be text")
        if DAMAGED.search(value):
            raise self.fail(field, "has a NUL or undecodable character")
        return value

    def uuid(self, field: str) -> str:
        value = self.text(field, needed=True).lower()
        if not _UUID.fullmatch(value):
            raise self.fail(field, f"{value[:60]!r} is not a UUID")
        return value

    def texts(self, *fields: str) -> tuple[str, ...]:
        """Read the first field that is there: a list of texts, or one text with commas (as CASE 1.0 files have it)."""
        found = [value for value in map(self.get, fields) if value not in (None, "", [])]
        if not found:
            return ()
        values = found[0] if isinstance(found[0], list) else str(found[0]).split(",")
        parts = tuple(str(value).strip() for value in values)
        if any(DAMAGED.search(part) for part in parts):
            raise self.fail(fields[0], "has a NUL or undecodable character")
        return tuple(filter(None, parts))

    def moment(self, field: str) -> datetime | None:
        value = self.text(field)
        try:
            moment = datetime.fromisoformat(value) if value else None
        except ValueError:
            place = f"{self.place} {self.row or ''}".strip()
            self.warnings.append(f"{place}: {field} {value[:40]!r} is not a date and was left out")
            return None
        return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment

    def link(self, field: str) -> tuple[str, str, str]:
        """Read a link object, or a bare address, as (identifier, address, title)."""
        value = self.get(field)
        if isinstance(value, str):
            return "", value, ""
        if not isinstance(value, dict):
            raise self.fail(field, "must be a link with title, identifier and uri")
        node = _Node(value, f"{self.place}.{field}", self.row, self.warnings)
        identifier = node.text("identifier")
        lowered = identifier.lower()
        return lowered if _UUID.fullmatch(lowered) else identifier, node.text("uri"), node.text("title")

    def carried(self, allowed: frozenset[str]) -> dict[str, object]:
        return {name: value for name, value in self.value.items() if name in allowed and value is not None}

    def extensions(self, carried: frozenset[str]) -> dict[str, object]:
        """Return the extensions, and with them every field that CASE does not know here."""
        value = self.value.get("extensions")
        known = self.read | carried | _DERIVED
        strange = {name: content for name, content in self.value.items() if name not in known}
        own = value.items() if isinstance(value, dict) else ()
        return strange | {name: content for name, content in own if name != _LEVELS}


def _package(value: object) -> FrameworkRecord:
    warnings: list[str] = []
    package = _Node(value, "CFPackage", None, warnings)
    document = _Node(package.get("CFDocument"), "CFDocument", None, warnings)
    definitions = package.get("CFDefinitions")
    items = tuple(_item(node) for node in _nodes(package, "CFItems", warnings))
    drafts = tuple(_association(node) for node in _nodes(package, "CFAssociations", warnings))
    _refuse_twins(items, drafts)
    identifier, title = document.uuid("identifier"), document.text("title", needed=True)
    if any(item.identifier == identifier for item in items):
        raise document.fail("identifier", "is also the identifier of an item")
    associations, repairs = settle(identifier, title, items, drafts)
    rubrics = package.get("CFRubrics")
    licence_uri, licence_title = _licence(document)
    levels = _levels(document)
    return FrameworkRecord(
        identifier=identifier,
        uri=document.text("uri") or f"urn:uuid:{identifier}",
        title=title,
        creator=document.text("creator"),
        publisher=document.text("publisher"),
        version=document.text("version"),
        language=document.text("language"),
        adoption_status=document.text("adoptionStatus"),
        licence_title=licence_title,
        licence_uri=licence_uri,
        official_source_url=_web_address(document),
        notes=document.text("notes"),
        last_change=document.moment("lastChangeDateTime"),
        items=items,
        associations=associations,
        levels=levels,
        warnings=(*warnings, *repairs),
        extensions=document.extensions(_CARRIED_IN_DOCUMENT),
        carried=document.carried(_CARRIED_IN_DOCUMENT),
        definitions=definitions if isinstance(definitions, dict) else {},
        rubrics=tuple(rubrics) if isinstance(rubrics, list) else (),
    )


def _nodes(package: _Node, field: str, warnings: list[str]) -> Iterator[_Node]:
    value = package.get(field)
    if value is None:
        value = []
    if not isinstance(value, list):
        raise FrameworkUnreadable("must be a list", field=field)
    return (_Node(entry, field, row, warnings) for row, entry in enumerate(value, start=1))


def _item(node: _Node) -> ItemRecord:
    identifier = node.uuid("identifier")
    item_type = node.text("CFItemType")
    if not item_type and node.value.get("CFItemTypeURI") is not None:
        item_type = node.link("CFItemTypeURI")[2]
    return ItemRecord(
        identifier=identifier,
        uri=node.text("uri") or f"urn:uuid:{identifier}",
        human_coding_scheme=node.text("humanCodingScheme"),
        full_statement=node.text("fullStatement", needed=True),
        abbreviated_statement=node.text("abbreviatedStatement"),
        item_type=item_type,
        education_levels=node.texts("educationLevel", "educationalLevel"),
        subjects=node.texts("subject"),
        language=node.text("language"),
        last_change=node.moment("lastChangeDateTime"),
        extensions=node.extensions(_CARRIED_IN_ITEM),
        carried=node.carried(_CARRIED_IN_ITEM),
    )


def _association(node: _Node) -> AssociationRecord:
    identifier = node.uuid("identifier")
    origin, origin_uri, origin_title = node.link("originNodeURI")
    destination, destination_uri, destination_title = node.link("destinationNodeURI")
    for field, end in (("originNodeURI", origin or origin_uri), ("destinationNodeURI", destination or destination_uri)):
        if not end:
            raise node.fail(field, "names nothing")
    targets = {
        field: link["targetType"]
        for field in ("originNodeURI", "destinationNodeURI")
        if isinstance(link := node.value[field], dict) and "targetType" in link
    }
    return AssociationRecord(
        identifier=identifier,
        type=node.text("associationType", needed=True),
        origin=origin or origin_uri,
        destination=destination or destination_uri,
        destination_title=destination_title,
        sequence=_sequence(node),
        uri=node.text("uri") or f"urn:uuid:{identifier}",
        origin_title=origin_title,
        origin_uri=origin_uri,
        destination_uri=destination_uri,
        last_change=node.moment("lastChangeDateTime"),
        extensions=node.extensions(_CARRIED_IN_ASSOCIATION),
        carried=node.carried(_CARRIED_IN_ASSOCIATION) | ({"targetType": targets} if targets else {}),
    )


def _sequence(node: _Node) -> int | None:
    value = node.get("sequenceNumber")
    if value is None or value == "":
        return None
    text = str(value)
    if isinstance(value, bool) or not re.fullmatch(r"-?[0-9]{1,9}", text):
        raise node.fail("sequenceNumber", f"{text[:20]!r} is not a whole number")
    return int(text)


def _refuse_twins(items: tuple[ItemRecord, ...], associations: tuple[AssociationRecord, ...]) -> None:
    lists = {"CFItems": [one.identifier for one in items], "CFAssociations": [one.identifier for one in associations]}
    for place, identifiers in lists.items():
        seen: dict[str, int] = {}
        for row, identifier in enumerate(identifiers, start=1):
            first = seen.setdefault(identifier, row)
            if first != row:
                reason = f"{identifier} was already used in row {first}"
                raise FrameworkUnreadable(reason, row, f"{place}.identifier")


def _licence(document: _Node) -> tuple[str, str]:
    if document.get("licenseURI") is None:
        return "", ""
    _, uri, title = document.link("licenseURI")
    return uri, title


def _levels(document: _Node) -> tuple[LevelRecord, ...]:
    extensions = document.value.get("extensions")
    entries = extensions.get(_LEVELS) if isinstance(extensions, dict) else None
    if not isinstance(entries, list):
        return ()
    nodes = [_Node(entry, _LEVELS, row, document.warnings) for row, entry in enumerate(entries, start=1)]
    return tuple(LevelRecord(n, node.text("code", needed=True), node.text("name")) for n, node in enumerate(nodes, 1))


def _web_address(document: _Node) -> str:
    address = document.text("officialSourceURL")
    if address and not address.lower().startswith(("https://", "http://")):
        document.warnings.append(f"officialSourceURL {address[:80]!r} is not a web address and was left out")
        return ""
    return address


def write_framework(record: FrameworkRecord) -> bytes:
    """Write a CASE 1.1 package with the identifiers and addresses of the record.

    Reading it again gives the same record, but that CASE demands a creator (publisher or title may stand in) and dates.
    """
    levels: list[object] = [{"code": level.code, "name": level.name} for level in record.levels]
    package: dict[str, object] = {
        "CFDocument": _filled(
            record.carried,
            {
                "identifier": record.identifier,
                "uri": record.uri,
                "caseVersion": "1.1",
                "creator": record.creator or record.publisher or record.title,
                "title": record.title,
                "lastChangeDateTime": _stamp(record.last_change),
                "officialSourceURL": record.official_source_url,
                "publisher": record.publisher,
                "language": record.language,
                "version": record.version,
                "adoptionStatus": record.adoption_status,
                "notes": record.notes,
                "extensions": {**record.extensions, **_filled({_LEVELS: levels})},
            },
        ),
        "CFItems": [_item_object(item, record.last_change) for item in record.items],
        "CFAssociations": [_association_object(one, record.last_change) for one in record.associations],
    }
    package |= _filled({"CFDefinitions": record.definitions, "CFRubrics": list(record.rubrics)})
    return json.dumps(package, ensure_ascii=False, separators=(",", ":")).encode()


def _item_object(item: ItemRecord, fallback: datetime | None) -> dict[str, object]:
    return _filled(
        item.carried,
        {
            "identifier": item.identifier,
            "uri": item.uri,
            "fullStatement": item.full_statement,
            "humanCodingScheme": item.human_coding_scheme,
            "abbreviatedStatement": item.abbreviated_statement,
            "CFItemType": item.item_type,
            "educationLevel": list(item.education_levels),
            "subject": list(item.subjects),
            "language": item.language,
            "lastChangeDateTime": _stamp(item.last_change or fallback),
            "extensions": item.extensions,
        },
    )


def _association_object(one: AssociationRecord, fallback: datetime | None) -> dict[str, object]:
    carried = dict(one.carried)
    targets = carried.pop("targetType", {})
    kinds: Mapping[str, object] = targets if isinstance(targets, dict) else {}
    ends = {
        "originNodeURI": (one.origin, one.origin_uri, one.origin_title),
        "destinationNodeURI": (one.destination, one.destination_uri, one.destination_title),
    }
    links: dict[str, object] = {
        field: {"title": title or identifier, "identifier": identifier, "uri": uri or f"urn:uuid:{identifier}"}
        | ({"targetType": kinds[field]} if field in kinds else {})
        for field, (identifier, uri, title) in ends.items()
    }
    return _filled(
        carried,
        {
            "identifier": one.identifier,
            "associationType": one.type,
            "uri": one.uri,
            **links,
            "lastChangeDateTime": _stamp(one.last_change or fallback),
            "sequenceNumber": one.sequence,
            "extensions": one.extensions,
        },
    )


def _filled(*fields: Mapping[str, object]) -> dict[str, object]:
    """Join fields, those that are empty left out."""
    return {name: value for part in fields for name, value in part.items() if value not in (None, "", [], {})}


def _stamp(moment: datetime | None) -> str:
    """Write a moment; CASE requires one on every object, so an unknown one is the start of the Unix epoch."""
    return (moment or _EPOCH).isoformat()
