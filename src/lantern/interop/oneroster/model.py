"""The rows a roster is read into, shaped like OneRoster 1.2 whatever the files looked like.

There is no place here for a password, a demographic fact, a telephone number or a student's score: what
has no field cannot leak. Ids are the source's own, opaque and case-sensitive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

Format = Literal["oneroster-1.1", "oneroster-1.2", "sds-2.1", "sds-1"]
Mode = Literal["bulk", "delta", "absent"]
Status = Literal["active", "tobedeleted"]


class RosterUnreadable(Exception):
    """A file (or the whole delivery) that cannot be read; nothing of the delivery may be used."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(f"{file}: {reason}")
        self.file = file
        self.reason = reason


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with one row: `row` counts as a spreadsheet does (header = 1); 0 means the whole file.

    `reason` is plain words about the rule that was broken and never repeats what a cell holds.
    """

    file: str
    row: int
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class OrgRow:
    """A district, school, department or other organisation."""

    sourced_id: str
    name: str
    type: str
    identifier: str
    parent_sourced_id: str
    status: Status


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A school year, term or grading period; `end` is exclusive in OneRoster."""

    sourced_id: str
    title: str
    type: str
    start: date | None
    end: date | None
    parent_sourced_id: str
    school_year: str
    status: Status


@dataclass(frozen=True, slots=True)
class CourseRow:
    """A course of study that classes are given of."""

    sourced_id: str
    title: str
    code: str
    grades: tuple[str, ...]
    subjects: tuple[str, ...]
    status: Status


@dataclass(frozen=True, slots=True)
class ClassRow:
    """A class (section) at one school."""

    sourced_id: str
    title: str
    school_sourced_id: str
    course_sourced_id: str
    session_sourced_ids: tuple[str, ...]
    grades: tuple[str, ...]
    subjects: tuple[str, ...]
    status: Status


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person on the staff (or a student, where the caller asked for students).

    `grades` are CEDS codes ("KG", "01" … "12") where the source's text can be read as such. `grades` and
    `subjects` come from the staff profile, else from users.csv, else from the classes the person teaches.
    """

    sourced_id: str
    given_name: str
    family_name: str
    middle_name: str
    preferred_given_name: str
    email: str
    username: str
    identifier: str
    enabled: bool
    status: Status
    grades: tuple[str, ...]
    subjects: tuple[str, ...]
    years_experience: int | None
    position_title: str | None


@dataclass(frozen=True, slots=True)
class RoleRow:
    """What a person is at an organisation; `sourced_id` is "" where the format gives roles none."""

    person_sourced_id: str
    org_sourced_id: str
    role: str
    primary: bool
    begin: date | None
    end: date | None
    sourced_id: str
    status: Status


@dataclass(frozen=True, slots=True)
class EnrolmentRow:
    """A member of staff's part in a class; students' enrolments are never read."""

    person_sourced_id: str
    class_sourced_id: str
    role: str
    primary: bool
    begin: date | None
    end: date | None
    sourced_id: str
    status: Status


@dataclass(frozen=True, slots=True)
class Roster:
    """One delivery, read.

    `modes` has every OneRoster file stem ("orgs", "users", "roles", …): "bulk" rows are the complete set,
    "delta" rows are changes, "absent" means leave what you have alone. In OneRoster 1.1 the roles stand in
    users.csv, so a person's roles here are all of that person's roles even under delta.

    `refused` names, by stem, the sourced ids of rows that were present but in error (for users, roles and
    enrollments: of the staff concerned, or of people the caller knows), and `unread_rows` counts, by file,
    rows too broken to identify. Neither may be taken for a row that is missing from a bulk file.
    `errors_unlisted` counts rows in error beyond those in `errors`; `dropped` counts what was left out by design.
    """

    format: Format
    modes: Mapping[str, Mode]
    orgs: tuple[OrgRow, ...]
    sessions: tuple[SessionRow, ...]
    courses: tuple[CourseRow, ...]
    classes: tuple[ClassRow, ...]
    people: tuple[PersonRow, ...]
    roles: tuple[RoleRow, ...]
    enrolments: tuple[EnrolmentRow, ...]
    errors: tuple[RowError, ...]
    errors_unlisted: int
    warnings: tuple[RowError, ...]
    refused: Mapping[str, frozenset[str]]
    unread_rows: Mapping[str, int]
    dropped: Mapping[str, int]
