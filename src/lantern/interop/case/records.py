"""What a competency framework is once read: plain frozen records, whatever format it came in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

IS_CHILD_OF = "isChildOf"


class FrameworkUnreadable(ValueError):
    """A framework file that cannot be read; `row` (in a spreadsheet, or place in a CASE list) and `field` say where."""

    def __init__(self, reason: str, row: int | None = None, field: str | None = None) -> None:
        place = ", ".join(part for part in (f"row {row}" if row else "", field or "") if part)
        super().__init__(f"{place}: {reason}" if place else reason)
        self.reason, self.row, self.field = reason, row, field


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """One CFItem. `extensions` and `carried` (CASE fields Lantern does not model) come back unchanged on export."""

    identifier: str
    uri: str
    human_coding_scheme: str
    full_statement: str
    abbreviated_statement: str = ""
    item_type: str = ""
    education_levels: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    language: str = ""
    last_change: datetime | None = None
    extensions: Mapping[str, object] = field(default_factory=dict)
    carried: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AssociationRecord:
    """One CFAssociation from `origin` to `destination`, both identifiers; for isChildOf the child is the origin.

    `dangling` says that an end is neither an item nor the document of this package: keep it, resolve it later.
    """

    identifier: str
    type: str
    origin: str
    destination: str
    destination_title: str = ""
    sequence: int | None = None
    dangling: bool = False
    uri: str = ""
    origin_title: str = ""
    origin_uri: str = ""
    destination_uri: str = ""
    last_change: datetime | None = None
    extensions: Mapping[str, object] = field(default_factory=dict)
    carried: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LevelRecord:
    """One step of a framework's proficiency scale; `position` starts at 1."""

    position: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class FrameworkRecord:
    """A whole framework.

    Its isChildOf associations that do not dangle form no cycle, and by them every item reaches the document.
    """

    identifier: str
    uri: str
    title: str
    creator: str = ""
    publisher: str = ""
    version: str = ""
    language: str = ""
    adoption_status: str = ""
    licence_title: str = ""
    licence_uri: str = ""
    official_source_url: str = ""
    notes: str = ""
    last_change: datetime | None = None
    items: tuple[ItemRecord, ...] = ()
    associations: tuple[AssociationRecord, ...] = ()
    levels: tuple[LevelRecord, ...] = ()
    warnings: tuple[str, ...] = ()
    extensions: Mapping[str, object] = field(default_factory=dict)
    carried: Mapping[str, object] = field(default_factory=dict)
    definitions: Mapping[str, object] = field(default_factory=dict)
    rubrics: tuple[object, ...] = ()
