"""From a roster's words to Lantern's: kinds of organisation, roles, jobs and grades. Pure.

A file gives no power. The one exception is the principal of a school, who leads it here too; everybody else becomes an
educator, whatever the file calls her, and gets more only by hand (docs/admin/rosters.md shows this table).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from lantern.domain.people.types import GRADES, JobKind, Role

PLAIN = (Role.EDUCATOR, JobKind.OTHER)
AT_SCHOOL: Mapping[str, tuple[Role, JobKind]] = {
    "teacher": (Role.EDUCATOR, JobKind.TEACHER),
    "professor": (Role.EDUCATOR, JobKind.TEACHER),
    "faculty": (Role.EDUCATOR, JobKind.TEACHER),
    "instructor": (Role.EDUCATOR, JobKind.TEACHER),
    "lecturer": (Role.EDUCATOR, JobKind.TEACHER),
    "adjunct": (Role.EDUCATOR, JobKind.TEACHER),
    "substitute": (Role.EDUCATOR, JobKind.TEACHER),
    "aide": (Role.EDUCATOR, JobKind.PARAPROFESSIONAL),
    "paraprofessional": (Role.EDUCATOR, JobKind.PARAPROFESSIONAL),
    "counselor": (Role.EDUCATOR, JobKind.COUNSELLOR),
    "advisor": (Role.EDUCATOR, JobKind.COUNSELLOR),
    "librarian": (Role.EDUCATOR, JobKind.LIBRARIAN),
    "nurse": (Role.EDUCATOR, JobKind.NURSE),
    "coach": (Role.EDUCATOR, JobKind.COACH),
    "principal": (Role.SCHOOL_LEADER, JobKind.SCHOOL_LEADER),
    "administrator": (Role.SCHOOL_LEADER, JobKind.SCHOOL_LEADER),
    "siteadministrator": (Role.SCHOOL_LEADER, JobKind.SCHOOL_LEADER),
    "systemadministrator": (Role.EDUCATOR, JobKind.DISTRICT_STAFF),
    "districtadministrator": (Role.EDUCATOR, JobKind.DISTRICT_STAFF),
    "proctor": PLAIN,
}
"""Role in the file (lower case, without "ext:") -> role and kind of job here. A role that is not here is a plain
educator's.
"""

AT_DISTRICT = frozenset(
    {"administrator", "siteadministrator", "principal", "districtadministrator", "systemadministrator"}
)
"""At the district itself these are district staff without power; a coordinator or operator is made by hand."""

_LEADS = re.compile(r"\b(principal|head ?teacher|headmaster|headmistress|school administrator)\b", re.IGNORECASE)
_JOB_TITLES: tuple[tuple[re.Pattern[str], JobKind], ...] = tuple(
    (re.compile(rf"\b({words})\b", re.IGNORECASE), kind)
    for words, kind in (
        (
            "paraprofessional|paraeducator|teaching assistant|teacher'?s? aide|instructional aide",
            JobKind.PARAPROFESSIONAL,
        ),
        ("counsell?or", JobKind.COUNSELLOR),
        ("librarian|media specialist", JobKind.LIBRARIAN),
        ("nurse", JobKind.NURSE),
        ("instructional coach|literacy coach|mathematics coach|math coach", JobKind.COACH),
    )
)
_GRADE_CODES = {"IT": None, "PR": "PK", "TK": "K", "KG": "K", "13": None}
DEPARTMENT_TYPES = frozenset({"department"})
DISTRICT_TYPES = frozenset({"district", "ministryofeducation", "localeducationagency", "lea"})
ABOVE_TYPES = frozenset({"state", "national", "region", "local"})


def role_and_job(word: str, title: str | None, *, at_district: bool) -> tuple[Role, JobKind]:
    """Return what a role in the file means here.

    "administrator" stands for many jobs in real files: with a title that is not a principal's it gives no power.
    """
    word = word.casefold().removeprefix("ext:")
    role, job = AT_SCHOOL.get(word, PLAIN)
    if at_district and word in AT_DISTRICT:
        role, job = Role.EDUCATOR, JobKind.DISTRICT_STAFF
    if role is Role.SCHOOL_LEADER and word != "principal" and title and not _LEADS.search(title):
        role, job = PLAIN
    if job in {JobKind.OTHER, JobKind.DISTRICT_STAFF} and title:
        job = next((kind for pattern, kind in _JOB_TITLES if pattern.search(title)), job)
    return role, job


def grades_of(codes: Iterable[str]) -> tuple[str, ...]:
    """Return Lantern's grades of CEDS codes ("KG", "01" … "12"), in order; codes without a grade here are left out."""
    found = {_GRADE_CODES.get(code, code.lstrip("0") or code) for code in codes}
    return tuple(grade for grade in GRADES if grade in found)
