"""Reads a district's roster files: OneRoster CSV 1.1 and 1.2, Microsoft SDS v2.1 and v1.

Pure: files in, frozen rows and a report out; what to do with them is the sync's business. Staff only: a
student's row is counted and let go before any cell of it is kept.

References are followed in the order orgs, classes, roles, people, enrolments. A row whose reference cannot
be resolved is refused by itself, with its number; the rest loads. References into a file that is delta or
absent may also point at what the caller already has (`known_*`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from lantern.interop.oneroster.layout import Layout, layout_of
from lantern.interop.oneroster.model import (
    ClassRow,
    CourseRow,
    EnrolmentRow,
    Mode,
    OrgRow,
    PersonRow,
    RoleRow,
    Roster,
    RosterUnreadable,
    RowError,
    SessionRow,
)
from lantern.interop.oneroster.profile import PROFILE, PROFILE_SHEET, Profile, profile_of
from lantern.interop.oneroster.source import Source, open_source
from lantern.interop.oneroster.table import BadCell, Problems, Record, count_rows, read_table

T = TypeVar("T")

ROLE_WORDS = (
    *("administrator", "aide", "counselor", "districtAdministrator", "guardian", "parent", "principal"),
    *("proctor", "relative", "siteAdministrator", "student", "systemAdministrator", "teacher"),
)
_SPELLING = {word.casefold(): word for word in ROLE_WORDS}
_LEFT_OUT = {"student": "students", "parent": "parents", "guardian": "parents", "relative": "parents"}
_NOT_TEACHING = frozenset({"administrator", "proctor"})
_UNWANTED = {
    "demographics.csv": "demographics",
    "userProfiles.csv": "user_profiles",
    "relationships.csv": "relationships",
    "userFlags.csv": "user_flags",
    "results.csv": "results",
    "Student.csv": "students",
    "StudentEnrollment.csv": "student_enrolments",
    "GuardianRelationship.csv": "relationships",
    "User.csv": "parents",
}
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
_GRADE_ORDER = {code: at for at, code in enumerate(("IT", "PR", "PK", "TK", "KG", *(f"{n:02}" for n in range(1, 14))))}
_REPEATED = "repeats an id that an earlier row of this file has"


def read_roster(
    path: Path,
    *,
    include_students: bool = False,
    known_orgs: frozenset[str] = frozenset(),
    known_people: frozenset[str] = frozenset(),
    known_classes: frozenset[str] = frozenset(),
) -> Roster:
    """Reads the one roster in a folder or zip; the format is detected and named.

    `known_*` are the source's ids already held; pass them always, they are used for files that are delta or
    absent only. Raises RosterUnreadable where nothing of the delivery may be used; everything smaller is in
    `errors` and `warnings`. `include_students` keeps students' person and role rows (never their classes).
    """
    problems = Problems()
    with open_source(path) as source:
        layout = layout_of(source, problems)
        known = {"orgs": known_orgs, "users": known_people, "classes": known_classes}
        return _Reading(source, layout, problems, known, include_students).roster()


@dataclass(slots=True)
class _Reading:
    """One delivery while it is being read: what has been accepted so far, by stem."""

    source: Source
    layout: Layout
    problems: Problems
    known: Mapping[str, frozenset[str]]
    include_students: bool
    seen: dict[str, set[object]] = field(default_factory=dict)
    refused: dict[str, set[str]] = field(default_factory=dict)
    dropped: Counter[str] = field(default_factory=Counter)
    staff: set[str] = field(default_factory=set)
    left_out: dict[str, str] = field(default_factory=dict)

    def roster(self) -> Roster:
        orgs = self._orgs()
        sessions = tuple(self._each("academicSessions", self._session))
        courses = {row.sourced_id: row for row in self._each("courses", self._course)}
        classes = {row.sourced_id: row for row in self._each("classes", lambda r, m: self._class(r, m, orgs))}
        found = [row for rows in self._each("roles", lambda r, m: self._roles(r, m, orgs)) for row in rows]
        placed = {role.person_sourced_id for _, role in found}
        profiles = self._profiles()
        people = {
            row.sourced_id: row
            for row in self._each("users", lambda r, m: self._person(r, m, placed, profiles.get(r.text("sourcedId"))))
        }
        roles = tuple(self._settled_roles(found, people))
        enrolments = tuple(self._each("enrollments", lambda r, m: self._enrolment(r, m, people, classes)))
        self._count_unwanted()
        return Roster(
            format=self.layout.format,
            modes=MappingProxyType(dict(self.layout.modes)),
            orgs=tuple(orgs.values()),
            sessions=sessions,
            courses=tuple(courses.values()),
            classes=tuple(classes.values()),
            people=tuple(self._with_taught(people, enrolments, classes, courses)),
            roles=roles,
            enrolments=enrolments,
            errors=_in_order(self.problems.errors),
            errors_unlisted=self.problems.unlisted(),
            warnings=_in_order(self.problems.warnings),
            refused=MappingProxyType(self._refused_ids()),
            unread_rows=MappingProxyType(self.problems.unread_by_file()),
            dropped=MappingProxyType({name: count for name, count in sorted(self.dropped.items()) if count}),
        )

    def _each(self, stem: str, build: Callable[[Record, Mode], T | None]) -> Iterator[T]:
        """What `build` makes of each row; None is a row let go, BadCell a row refused."""
        mode, sheet = self.layout.modes[stem], self.layout.sheets[stem]
        if mode == "absent":
            return
        with self.source.open(sheet.file) as stream:
            for record in read_table(sheet, stream, self.problems):
                try:
                    built = build(record, mode)
                except BadCell as bad:
                    self._refuse(stem, record, bad)
                else:
                    if built is not None:
                        yield built

    def _refuse(self, stem: str, record: Record, bad: BadCell) -> None:
        self.problems.refuse(record.sheet.file, record.number, bad.column, bad.reason)
        if sourced_id := record.text("userSourcedId") or record.text("sourcedId"):
            self.refused.setdefault(stem, set()).add(sourced_id)

    def _first(self, stem: str, record: Record, column: str, key: object = None) -> bool:
        """True for the first row of its id; a repeated one is an error, or False where repeating is the format."""
        if record.sheet.distinct and not record.text(column):
            return False
        key = key or record.sourced_id(column)
        seen = self.seen.setdefault(stem, set())
        if key in seen and not record.sheet.distinct:
            raise record.bad(column, _REPEATED)
        fresh = key not in seen
        seen.add(key)
        return fresh

    def _resolves(self, stem: str, sourced_id: str, here: Container[str]) -> bool:
        return sourced_id in here or (self.layout.modes[stem] != "bulk" and sourced_id in self.known[stem])

    def _orgs(self) -> dict[str, OrgRow]:
        """Organisations whose parents lead to a root, or to one that is known."""
        found = {row.sourced_id: (record, row) for record, row in self._each("orgs", self._org)}
        parents = {id_: row.parent_sourced_id for id_, (_, row) in found.items() if row.status == "active"}
        outside = frozenset() if self.layout.modes["orgs"] == "bulk" else self.known["orgs"]
        verdicts = _judge_parents({id_: parents.get(id_, "") for id_ in found}, outside)
        for id_, reason in verdicts.items():
            if reason:
                record = found[id_][0]
                self._refuse("orgs", record, record.bad("parentSourcedId", reason))
        return {id_: row for id_, (_, row) in found.items() if not verdicts[id_]}

    def _org(self, record: Record, mode: Mode) -> tuple[Record, OrgRow] | None:
        if not self._first("orgs", record, "sourcedId"):
            return None
        status = record.status(mode)
        need = record.need if status == "active" else record.text
        return record, OrgRow(
            sourced_id=record.text("sourcedId"),
            name=need("name"),
            type=need("type"),
            identifier=record.text("identifier"),
            parent_sourced_id=record.text("parentSourcedId"),
            status=status,
        )

    def _session(self, record: Record, mode: Mode) -> SessionRow | None:
        if not self._first("academicSessions", record, "sourcedId"):
            return None
        begin, end = record.span("startDate", "endDate")
        return SessionRow(
            sourced_id=record.text("sourcedId"),
            title=record.text("title"),
            type=record.text("type"),
            start=begin,
            end=end,
            parent_sourced_id=record.text("parentSourcedId"),
            school_year=record.text("schoolYear"),
            status=record.status(mode),
        )

    def _course(self, record: Record, mode: Mode) -> CourseRow | None:
        if not self._first("courses", record, "sourcedId"):
            return None
        return CourseRow(
            sourced_id=record.text("sourcedId"),
            title=record.text("title"),
            code=record.text("courseCode"),
            grades=record.grades("grades"),
            subjects=record.items("subjects"),
            status=record.status(mode),
        )

    def _class(self, record: Record, mode: Mode, orgs: Container[str]) -> ClassRow | None:
        if not self._first("classes", record, "sourcedId"):
            return None
        status = record.status(mode)
        school = record.text("schoolSourcedId")
        if status == "active" and not self._resolves("orgs", record.need("schoolSourcedId"), orgs):
            raise record.bad("schoolSourcedId", "names an organisation that is not in the orgs file, or was refused")
        return ClassRow(
            sourced_id=record.text("sourcedId"),
            title=record.text("title"),
            school_sourced_id=school,
            course_sourced_id=record.text("courseSourcedId"),
            session_sourced_ids=record.items("termSourcedIds"),
            grades=record.grades("grades"),
            subjects=record.items("subjects"),
            status=status,
        )

    def _kept(self, group: str | None) -> bool:
        return group is None or (group == "students" and self.include_students)

    def _roles(self, record: Record, mode: Mode, orgs: Container[str]) -> list[tuple[Record, RoleRow]] | None:
        """The roles of one row; several where OneRoster 1.1 lists several organisations."""
        person, role = record.text("userSourcedId"), _role(record)
        if not self._kept(group := _group(role)):
            self.left_out.setdefault(person, group or "")
            return None
        inline = self.layout.inline_roles
        if inline and not role and record.status(mode) == "tobedeleted":
            return None
        record.need("role")
        person = record.sourced_id("userSourcedId")
        first = person not in self.staff
        self.staff.add(person)
        column = "orgSourcedIds" if inline else "orgSourcedId"
        places = record.items(column) if inline else (record.text(column),)
        key = person if inline else record.text("sourcedId") or (person, *places, role)
        self._first("roles", record, _id_column(record), key)
        status = record.status(mode)
        if status == "active":
            record.need(column)
        begin, end = record.span("beginDate", "endDate")
        rows: list[tuple[Record, RoleRow]] = []
        for place in filter(None, places):
            if self._resolves("orgs", place, orgs):
                primary = _primary(record, default=first and not rows)
                row = RoleRow(person, place, role, primary, begin, end, record.text("sourcedId"), status)
                rows.append((record, row))
            else:
                reason = "names an organisation that is not in the orgs file, or was refused"
                self._refuse("roles", record, record.bad(column, reason))
        return rows

    def _person(self, record: Record, mode: Mode, placed: Container[str], profile: Profile | None) -> PersonRow | None:
        sourced_id = record.sourced_id("sourcedId")
        if not self._on_staff(sourced_id, mode) or not self._first("users", record, "sourcedId"):
            return None
        status = record.status(mode)
        known = self._resolves("users", sourced_id, ()) and not self.layout.inline_roles
        if status == "active" and sourced_id in self.staff and sourced_id not in placed and not known:
            self.refused.setdefault("users", set()).add(sourced_id)
            if record.sheet.file == self.layout.sheets["roles"].file:
                return None  # this very row was reported when the roles were read
            raise record.bad("sourcedId", "belongs to a person none of whose roles could be read")
        if status == "active" and not (record.text("givenName") or record.text("familyName")):
            raise record.bad("familyName", "is blank, and so is the given name")
        profile = profile or Profile()
        return PersonRow(
            sourced_id=sourced_id,
            given_name=record.text("givenName"),
            family_name=record.text("familyName"),
            middle_name=record.text("middleName"),
            preferred_given_name=record.text("preferredGivenName"),
            email=self._email(record),
            username=record.text("username"),
            identifier=record.text("identifier"),
            enabled=record.flag("enabledUser", default=True),
            status=status,
            grades=profile.grades or record.grades("grades"),
            subjects=profile.subjects,
            years_experience=profile.years,
            position_title=profile.title or record.text("positionTitle") or None,
        )

    def _on_staff(self, sourced_id: str, mode: Mode) -> bool:
        """Whether a person's row may be read at all; counts the others."""
        if sourced_id in self.staff:
            return True
        if sourced_id in self.known["users"] and "bulk" not in {mode, self.layout.modes["roles"]}:
            return True
        if group := self.left_out.get(sourced_id):
            self.dropped[group] += 1
        elif not self.layout.inline_roles:
            self.dropped["people_without_role"] += 1
        return False

    def _email(self, record: Record) -> str:
        email = record.text("email")
        if not email and self.layout.format.startswith("sds"):
            email = record.text("username") if "@" in record.text("username") else ""  # the sign-in name is an address
        if email and not _ADDRESS.fullmatch(email):
            column = record.column("email")
            self.problems.warn(record.sheet.file, record.number, column, "is no e-mail address; left out")
            return ""
        return email

    def _settled_roles(self, found: Iterable[tuple[Record, RoleRow]], people: Container[str]) -> Iterator[RoleRow]:
        for record, role in found:
            if self._resolves("users", role.person_sourced_id, people):
                yield role
            elif not self.layout.inline_roles:
                reason = "names a person who is not in the users file, or was refused"
                self._refuse("roles", record, record.bad("userSourcedId", reason))

    def _enrolment(
        self, record: Record, mode: Mode, people: Container[str], classes: Container[str]
    ) -> EnrolmentRow | None:
        role = _role(record)
        if _group(role) is not None:
            self.dropped["student_enrolments"] += 1
            return None
        person, class_ = record.text("userSourcedId"), record.text("classSourcedId")
        key = record.text("sourcedId") or (person, class_, role)
        self._first("enrollments", record, _id_column(record), key)
        status = record.status(mode)
        record.need("role")
        if not self._resolves("users", record.need("userSourcedId"), people):
            raise record.bad("userSourcedId", "names a person who is not on the staff in this roster, or was refused")
        if not self._resolves("classes", record.need("classSourcedId"), classes):
            raise record.bad("classSourcedId", "names a class that is not in the classes file, or was refused")
        begin, end = record.span("beginDate", "endDate")
        primary = record.flag("primary", default=False)
        return EnrolmentRow(person, class_, role, primary, begin, end, record.text("sourcedId"), status)

    def _profiles(self) -> dict[str, Profile]:
        """The extra facts of staff-profile.csv, by person; an optional file, so its faults never stop the roster."""
        profiles: dict[str, Profile] = {}
        strangers = 0
        if self.source.profile is None:
            return profiles
        try:
            with self.source.open(PROFILE) as stream:
                for record in read_table(PROFILE_SHEET, stream, self.problems):
                    try:
                        if record.text("sourcedId") not in self.staff | self.known["users"]:
                            strangers += 1
                        elif self._first("profile", record, "sourcedId"):
                            profiles[record.text("sourcedId")] = profile_of(record)
                    except BadCell as bad:
                        self.problems.refuse(PROFILE, record.number, bad.column, bad.reason)
        except RosterUnreadable as unreadable:
            self.problems.warn(PROFILE, 0, "", f"is not used: it {unreadable.reason}")
        if strangers:
            self.problems.warn(PROFILE, 0, "sourcedId", f"names {strangers:,} people who are not staff in this roster")
        return profiles

    def _with_taught(
        self,
        people: Mapping[str, PersonRow],
        enrolments: Iterable[EnrolmentRow],
        classes: Mapping[str, ClassRow],
        courses: Mapping[str, CourseRow],
    ) -> Iterator[PersonRow]:
        """Fills blank grades and subjects from what a person teaches, where the enrolments are complete."""
        grades: dict[str, dict[str, None]] = {}
        subjects: dict[str, dict[str, None]] = {}
        for row in enrolments if self.layout.modes["enrollments"] == "bulk" else ():
            class_ = classes.get(row.class_sourced_id)
            if class_ is None or row.role in _NOT_TEACHING or "tobedeleted" in (row.status, class_.status):
                continue
            course = courses.get(class_.course_sourced_id)
            taught = class_.grades or (course.grades if course else ())
            grades.setdefault(row.person_sourced_id, {}).update(dict.fromkeys(taught))
            taught = class_.subjects or (course.subjects if course else ())
            subjects.setdefault(row.person_sourced_id, {}).update(dict.fromkeys(taught))
        for id_, person in people.items():
            in_order = sorted(grades.get(id_, ()), key=lambda code: (_GRADE_ORDER.get(code, 99), code))
            yield replace(
                person,
                grades=person.grades or tuple(in_order),
                subjects=person.subjects or tuple(sorted(subjects.get(id_, ()))),
            )

    def _count_unwanted(self) -> None:
        for file, name in _UNWANTED.items():
            if file in self.source:
                with self.source.open(file) as stream:
                    self.dropped[name] += count_rows(file, stream)

    def _refused_ids(self) -> dict[str, frozenset[str]]:
        """By stem; of people only such as are staff, here or by what the caller knows."""
        staff = self.staff | self.known["users"]
        of_people = {"users", "roles", "enrollments"}
        return {stem: frozenset(ids & staff if stem in of_people else ids) for stem, ids in self.refused.items()}


def _judge_parents(parents: Mapping[str, str], outside: Container[str]) -> dict[str, str]:
    """For each id why it cannot stand ("" where it can): its parents must end at a root or `outside`."""
    orphaned = "names a parent that was itself refused"
    verdicts: dict[str, str] = {}
    for start in parents:
        trail: dict[str, None] = {}
        at = start
        while at not in verdicts and at not in trail and parents[at] in parents:
            trail[at] = None
            at = parents[at]
        if at in trail:
            path = list(trail)
            verdicts |= dict.fromkeys(path[path.index(at) :], "closes a circle of parents")
        elif at not in verdicts:
            parent = parents[at]
            stands = not parent or parent in outside
            verdicts[at] = "" if stands else "names an organisation that is not in the orgs file"
        follows = orphaned if verdicts[at] else ""
        verdicts |= {id_: follows for id_ in trail if id_ not in verdicts}
    return verdicts


def _role(record: Record) -> str:
    """The role in OneRoster's spelling where it is one of its words, else as the source has it."""
    text = record.text("role")
    return _SPELLING.get(text.casefold(), text)


def _group(role: str) -> str | None:
    """The name under which people of this role are left out; None for staff."""
    return _LEFT_OUT.get(role.casefold().removeprefix("ext:"))


def _id_column(record: Record) -> str:
    """The column that tells rows of roles and enrolments apart; the person's where rows have no id of their own."""
    return "sourcedId" if "sourcedId" in record.sheet.columns else "userSourcedId"


def _primary(record: Record, default: bool) -> bool:
    kind = record.text("roleType").casefold()
    if kind not in {"", "primary", "secondary"}:
        raise record.bad("roleType", "is neither primary nor secondary")
    return kind == "primary" if kind else record.flag("primary", default)


def _in_order(problems: Iterable[RowError]) -> tuple[RowError, ...]:
    return tuple(sorted(problems, key=lambda problem: (problem.file, problem.row, problem.field)))
