"""Between a CASE record and a framework in Lantern's words; what Lantern does not model travels in `extra`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from lantern.domain.competencies.types import AssociationData, FrameworkData, ItemData, LevelData
from lantern.interop.case.records import AssociationRecord, FrameworkRecord, ItemRecord, LevelRecord

_END = "statusEndDate"


def from_record(record: FrameworkRecord) -> FrameworkData:
    """Return what Lantern stores of a CASE framework; nothing of it is lost."""
    return FrameworkData(
        identifier=record.identifier,
        title=record.title,
        version=record.version,
        uri=record.uri,
        creator=record.creator,
        publisher=record.publisher,
        language=record.language or "en",
        adoption_status=record.adoption_status,
        licence_title=record.licence_title,
        licence_uri=record.licence_uri,
        source_url=record.official_source_url,
        notes=record.notes,
        items=tuple(_item(one) for one in record.items),
        associations=tuple(_association(one) for one in record.associations),
        levels=tuple(LevelData(one.position, one.code, one.name) for one in record.levels),
        extra=_filled(
            carried=record.carried,
            extensions=record.extensions,
            definitions=record.definitions,
            rubrics=list(record.rubrics),
            last_change=_moment(record.last_change),
            language_unsaid=not record.language,
        ),
    )


def _item(one: ItemRecord) -> ItemData:
    return ItemData(
        identifier=one.identifier,
        statement=one.full_statement,
        code=one.human_coding_scheme,
        abbreviated=one.abbreviated_statement,
        item_type=one.item_type,
        uri=one.uri,
        ended_on=_day(one.carried.get(_END)),
        extra=_filled(
            education_levels=list(one.education_levels),
            subjects=list(one.subjects),
            language=one.language,
            last_change=_moment(one.last_change),
            extensions=one.extensions,
            carried=one.carried,
        ),
    )


def _association(one: AssociationRecord) -> AssociationData:
    return AssociationData(
        identifier=one.identifier,
        kind=one.type,
        origin=one.origin,
        destination=one.destination,
        destination_title=one.destination_title[:300],
        sequence=one.sequence,
        extra=_filled(
            uri=one.uri,
            origin_title=one.origin_title,
            origin_uri=one.origin_uri,
            destination_uri=one.destination_uri,
            last_change=_moment(one.last_change),
            extensions=one.extensions,
            carried=one.carried,
        ),
    )


def to_record(data: FrameworkData) -> FrameworkRecord:
    """Return the CASE record of a stored framework; a competency that ended says so by its end date."""
    extra = data.extra
    return FrameworkRecord(
        identifier=data.identifier,
        uri=data.uri,
        title=data.title,
        creator=data.creator,
        publisher=data.publisher,
        version=data.version,
        language="" if extra.get("language_unsaid") else data.language,
        adoption_status=data.adoption_status,
        licence_title=data.licence_title,
        licence_uri=data.licence_uri,
        official_source_url=data.source_url,
        notes=data.notes,
        last_change=_read_moment(extra),
        items=tuple(_item_record(one) for one in data.items),
        associations=tuple(_association_record(one) for one in data.associations),
        levels=tuple(LevelRecord(one.position, one.code, one.name) for one in data.levels),
        extensions=extra.get("extensions", {}),
        carried=extra.get("carried", {}),
        definitions=extra.get("definitions", {}),
        rubrics=tuple(extra.get("rubrics", ())),
    )


def _item_record(one: ItemData) -> ItemRecord:
    ended = {_END: one.ended_on.isoformat()} if one.ended_on else {}
    return ItemRecord(
        identifier=one.identifier,
        uri=one.uri,
        human_coding_scheme=one.code,
        full_statement=one.statement,
        abbreviated_statement=one.abbreviated,
        item_type=one.item_type,
        education_levels=tuple(one.extra.get("education_levels", ())),
        subjects=tuple(one.extra.get("subjects", ())),
        language=one.extra.get("language", ""),
        last_change=_read_moment(one.extra),
        extensions=one.extra.get("extensions", {}),
        carried={**ended, **one.extra.get("carried", {})},
    )


def _association_record(one: AssociationData) -> AssociationRecord:
    return AssociationRecord(
        identifier=one.identifier,
        type=one.kind,
        origin=one.origin,
        destination=one.destination,
        destination_title=one.destination_title,
        sequence=one.sequence,
        uri=one.extra.get("uri", ""),
        origin_title=one.extra.get("origin_title", ""),
        origin_uri=one.extra.get("origin_uri", ""),
        destination_uri=one.extra.get("destination_uri", ""),
        last_change=_read_moment(one.extra),
        extensions=one.extra.get("extensions", {}),
        carried=one.extra.get("carried", {}),
    )


def _filled(**fields: Any) -> dict[str, Any]:
    return {
        name: dict(value) if isinstance(value, Mapping) else value
        for name, value in fields.items()
        if value not in (None, "", False, [], {})
    }


def _moment(value: datetime | None) -> str:
    return value.isoformat() if value else ""


def _read_moment(extra: Mapping[str, Any]) -> datetime | None:
    written = extra.get("last_change")
    return datetime.fromisoformat(written) if written else None


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10]) if value else None
    except ValueError:
        return None
