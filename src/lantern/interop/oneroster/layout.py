"""Which format a delivery is in, and what its manifest says about each file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from lantern.interop.oneroster.model import Format, Mode, RosterUnreadable
from lantern.interop.oneroster.sds import SDS_1, SDS_2_1
from lantern.interop.oneroster.source import Source
from lantern.interop.oneroster.table import Problems, Sheet, header_of, read_table

MANIFEST = "manifest.csv"
STEMS = ("orgs", "academicSessions", "courses", "classes", "users", "roles", "enrollments")
_MODES: Mapping[str, Mode] = {"bulk": "bulk", "delta": "delta", "absent": "absent"}


@dataclass(frozen=True, slots=True)
class Layout:
    """The format by name, where each kind of row is read from, and in which mode."""

    format: Format
    sheets: Mapping[str, Sheet]
    modes: Mapping[str, Mode]

    @property
    def inline_roles(self) -> bool:
        """Whether the roles stand in users.csv (OneRoster 1.1)."""
        return self.format == "oneroster-1.1"


def _sheet(stem: str, required: tuple[str, ...], *optional: str) -> Sheet:
    names = (*required, *optional, "status", "dateLastModified")
    return Sheet(f"{stem}.csv", {name: name for name in names}, required)


_SHARED = {
    "orgs": _sheet("orgs", ("sourcedId", "name", "type"), "identifier", "parentSourcedId"),
    "academicSessions": _sheet(
        "academicSessions", ("sourcedId", "title", "type", "startDate", "endDate"), "parentSourcedId", "schoolYear"
    ),
    "courses": _sheet("courses", ("sourcedId", "title"), "courseCode", "grades", "subjects"),
    "classes": _sheet(
        "classes",
        ("sourcedId", "title", "schoolSourcedId"),
        *("courseSourcedId", "termSourcedIds", "grades", "subjects"),
    ),
    "users": _sheet(
        "users",
        ("sourcedId", "givenName", "familyName"),
        *("enabledUser", "username", "middleName", "preferredGivenName", "identifier", "email", "grades"),
    ),
    "enrollments": _sheet(
        "enrollments",
        ("sourcedId", "classSourcedId", "userSourcedId", "role"),
        *("primary", "beginDate", "endDate"),
    ),
}
ONEROSTER_1_1: Mapping[str, Sheet] = _SHARED | {
    "roles": Sheet(
        "users.csv",
        {
            "userSourcedId": "sourcedId",
            **{name: name for name in ("role", "orgSourcedIds", "status", "dateLastModified")},
        },
        ("userSourcedId", "role", "orgSourcedIds"),
    ),
}
ONEROSTER_1_2: Mapping[str, Sheet] = _SHARED | {
    "roles": _sheet(
        "roles",
        ("sourcedId", "userSourcedId", "role", "orgSourcedId"),
        *("roleType", "beginDate", "endDate"),
    ),
}


def layout_of(source: Source, problems: Problems) -> Layout:
    """Names the format and settles every file's mode.

    Raises RosterUnreadable for a version that is not known, a manifest that contradicts itself, or a file
    that is promised and not there.
    """
    if MANIFEST in source:
        return _by_manifest(source, problems)
    if "orgs.csv" not in source:
        return _complete(source, "sds-1", SDS_1)
    if "roles.csv" not in source:
        problems.warn(MANIFEST, 0, "", "is missing; every file that is there is taken for the complete set")
        return _complete(source, "oneroster-1.1", ONEROSTER_1_1)
    with source.open("roles.csv") as stream:
        header = header_of("roles.csv", stream)
    if header & {"isprimary", "rolestartdate"} or "sourcedid" not in header:
        return _complete(source, "sds-2.1", SDS_2_1)
    problems.warn(MANIFEST, 0, "", "is missing; every file that is there is taken for the complete set")
    return _complete(source, "oneroster-1.2", ONEROSTER_1_2)


def _complete(source: Source, named: Format, sheets: Mapping[str, Sheet]) -> Layout:
    return Layout(named, sheets, {stem: "bulk" if sheets[stem].file in source else "absent" for stem in STEMS})


def _by_manifest(source: Source, problems: Problems) -> Layout:
    said = _manifest(source, problems)
    named = _version(said.get("oneroster.version", ""), source, problems)
    sheets = dict(ONEROSTER_1_1 if named == "oneroster-1.1" else ONEROSTER_1_2)
    if not any(f"file.{stem}".casefold() in said for stem in STEMS):
        raise RosterUnreadable(MANIFEST, "says of no roster file whether it is bulk, delta or absent")
    modes = {stem: _mode(stem, said, source, problems) for stem in STEMS if sheets[stem].file == f"{stem}.csv"}
    modes.setdefault("roles", modes["users"])
    for stem, mode in modes.items():
        if mode == "delta":
            sheets[stem] = replace(sheets[stem], required=(*sheets[stem].required, "status", "dateLastModified"))
    return Layout(named, sheets, modes)


def _manifest(source: Source, problems: Problems) -> dict[str, str]:
    sheet = Sheet(MANIFEST, {"propertyName": "propertyName", "value": "value"}, ("propertyName", "value"))
    said: dict[str, str] = {}
    with source.open(MANIFEST) as stream:
        for record in read_table(sheet, stream, problems):
            name = record.text("propertyName").casefold()
            if said.setdefault(name, record.text("value")) != record.text("value"):
                raise RosterUnreadable(MANIFEST, f"says two different things of one property (row {record.number})")
    return said


def _version(text: str, source: Source, problems: Problems) -> Format:
    if text == "1.1" or text.startswith("1.1."):
        return "oneroster-1.1"
    if text == "1.2" or text.startswith("1.2."):
        return "oneroster-1.2"
    if text:
        raise RosterUnreadable(MANIFEST, "names a OneRoster version other than 1.1 and 1.2")
    guess: Format = "oneroster-1.2" if "roles.csv" in source else "oneroster-1.1"
    problems.warn(MANIFEST, 0, "oneroster.version", f"is missing; read as {guess}")
    return guess


def _mode(stem: str, said: Mapping[str, str], source: Source, problems: Problems) -> Mode:
    file, word = f"{stem}.csv", said.get(f"file.{stem}".casefold(), "")
    if word.casefold() not in {"", *_MODES}:
        raise RosterUnreadable(MANIFEST, f"gives file.{stem} a value other than bulk, delta and absent")
    mode = _MODES.get(word.casefold(), "absent")
    if mode != "absent" and file not in source:
        raise RosterUnreadable(file, f"is missing, though the manifest says it is {mode}")
    if mode == "absent" and file in source:
        problems.warn(file, 0, "", "is there but the manifest does not include it; left alone")
    return mode
