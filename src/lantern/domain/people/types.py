"""The closed lists of people: kinds of organisation, roles, kinds of job, grades."""

from enum import StrEnum


class OrganisationKind(StrEnum):
    """From the top down; a parent is always of an earlier kind."""

    STATE = "state"
    REGION = "region"
    DISTRICT = "district"
    SCHOOL = "school"


TENANT_KINDS = frozenset({OrganisationKind.STATE, OrganisationKind.REGION, OrganisationKind.DISTRICT})
"""The kinds that are tenants of their own; a school belongs to its district's tenant."""


class Role(StrEnum):
    """What a person may do at an organisation. `educator` is every learner; the rest adds a duty."""

    EDUCATOR = "educator"
    COACH = "coach"
    SCHOOL_LEADER = "school_leader"
    COORDINATOR = "coordinator"
    OFFICIAL = "official"
    OPERATOR = "operator"


class JobKind(StrEnum):
    """What a person does for a living; decides which competency framework is hers (C.5)."""

    TEACHER = "teacher"
    PARAPROFESSIONAL = "paraprofessional"
    COUNSELLOR = "counsellor"
    LIBRARIAN = "librarian"
    NURSE = "nurse"
    SCHOOL_LEADER = "school_leader"
    COACH = "coach"
    DISTRICT_STAFF = "district_staff"
    OTHER = "other"


GRADES: tuple[str, ...] = ("PK", "K", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12")
"""Grades in order; a set of grades is stored as a bit mask over this tuple."""


def grades_to_mask(grades: object) -> int:
    """Return the bit mask of an iterable of grades; unknown ones raise ValueError."""
    mask = 0
    for grade in grades:  # type: ignore[attr-defined]  # any iterable of str; forms and codecs hand over tuples and lists
        mask |= 1 << GRADES.index(grade)
    return mask


def mask_to_grades(mask: int) -> tuple[str, ...]:
    """Return the grades of a bit mask, in order."""
    return tuple(grade for position, grade in enumerate(GRADES) if mask >> position & 1)
