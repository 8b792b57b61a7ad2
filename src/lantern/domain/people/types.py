"""The closed lists of people (kinds of organisation, roles, jobs, grades), and what is handed out or taken in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


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


class Motive(StrEnum):
    """What draws somebody to learn (P2.1). Hers alone, and more than one may be true."""

    CREDENTIAL = "credential"
    PEER_RECOGNITION = "peer_recognition"
    OWN_IMPROVEMENT = "own_improvement"
    STUDENT_IMPROVEMENT = "student_improvement"
    MONEY = "money"
    CAREER = "career"


MOTIVE_WORDS: dict[str, str] = {
    Motive.OWN_IMPROVEMENT: "Getting better at my work",
    Motive.STUDENT_IMPROVEMENT: "My students’ progress",
    Motive.CREDENTIAL: "A credential, or hours for my licence",
    Motive.PEER_RECOGNITION: "Learning with colleagues, and what they think of my work",
    Motive.CAREER: "The next step in my career",
    Motive.MONEY: "What it costs me",
}
"""In the order of the page."""

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


ROLE_WORDS: dict[str, str] = {
    Role.EDUCATOR: "Educator",
    Role.COACH: "Coach",
    Role.SCHOOL_LEADER: "School leader",
    Role.COORDINATOR: "Professional learning coordinator",
    Role.OFFICIAL: "State or regional official",
    Role.OPERATOR: "Operator",
}
RESET_REASONS = ("lost", "stolen", "broken", "replaced")
"""Why a second step had to be taken away."""
RESET_CHECKS = ("in-person", "video-call", "by-manager")
"""How the operator made sure that it is she who asks: never by mail or telephone alone."""
MOST_YEARS = 80
"""The most years of experience anybody may have."""
JOB_WORDS: dict[str, str] = {
    JobKind.TEACHER: "Teacher",
    JobKind.PARAPROFESSIONAL: "Paraprofessional",
    JobKind.COUNSELLOR: "Counsellor",
    JobKind.LIBRARIAN: "Librarian",
    JobKind.NURSE: "Nurse",
    JobKind.SCHOOL_LEADER: "Principal or school leader",
    JobKind.COACH: "Coach",
    JobKind.DISTRICT_STAFF: "District staff",
    JobKind.OTHER: "Another job",
}
KIND_WORDS: dict[str, str] = {
    OrganisationKind.STATE: "State",
    OrganisationKind.REGION: "Region or consortium",
    OrganisationKind.DISTRICT: "District",
    OrganisationKind.SCHOOL: "School",
}
DEMO_KEYS = ("novice", "expert", "paraprofessional", "coach", "principal", "coordinator", "official", "operator")
"""Who one can be in the demonstration, in the order of the sign-in page; the `sourced_id` of persons of source "demo".
"""


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """One person the demonstration can be seen as."""

    key: str
    person_id: UUID
    account_id: UUID
    name: str
    job: str
    place: str


@dataclass(frozen=True, slots=True)
class WorkFacts:
    """The work of one person, for the ranking."""

    job_kind: str
    grades_mask: int
    subjects: tuple[str, ...]
    years_experience: int | None


@dataclass(frozen=True, slots=True)
class DistrictView:
    """Directory facts of a district below: no person's name, nothing anybody wrote."""

    id: UUID
    name: str
    kind: str
    parent_name: str
    schools: int
    educators: int


@dataclass(frozen=True, slots=True)
class PlacedPerson:
    """Where one person counts on a day, and what of her is official; `reader` reads released figures herself."""

    person_id: UUID
    organisation_id: UUID
    at_school: bool
    grades: tuple[str, ...]
    job_kind: str
    years: int | None
    reader: bool
    has_account: bool


@dataclass(frozen=True, slots=True)
class OrganisationNode:
    """An organisation in its tree; `people` counts who holds a role there today."""

    id: UUID
    name: str
    kind: str
    active: bool
    own: bool
    people: int
    depth: int


@dataclass(frozen=True, slots=True)
class Act:
    """One official act, as the audit list shows it."""

    at: datetime
    name: str
    words: str
    who: str
    about: str


# ---------------------------------------------------------------------------------------------------------------
# imports


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with one row of a file: `row` counts as a spreadsheet does (header = 1), 0 means the whole file."""

    file: str
    row: int
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import would do (dry run) or did.

    `counts` is {thing: {"created" | "updated" | "unchanged" | "deactivated" | "rejected": number}}; `dropped` counts
    what was left out by design; `refusal` is why nothing was carried out, or "".
    """

    kind: str
    format: str
    dry_run: bool
    counts: dict[str, dict[str, int]]
    errors: tuple[RowProblem, ...] = ()
    errors_unlisted: int = 0
    warnings: tuple[RowProblem, ...] = ()
    dropped: dict[str, int] = field(default_factory=dict)
    refusal: str = ""

    @property
    def outcome(self) -> str:
        """Return "previewed", "refused" or "done"."""
        if self.dry_run:
            return "previewed"
        return "refused" if self.refusal else "done"

    @property
    def changes(self) -> int:
        """Return how many rows of ours would change or did."""
        return sum(number for one in self.counts.values() for what, number in one.items() if what in CHANGES)

    def total(self, what: str) -> int:
        """Return the sum of one count ("created", "rejected" …) over all things."""
        return sum(one.get(what, 0) for one in self.counts.values())


CHANGES = frozenset({"created", "updated", "deactivated"})


@dataclass(frozen=True, slots=True)
class RosterOrganisation:
    """A school as a roster has it; its parent is the district of the tenancy."""

    sourced_id: str
    name: str
    identifier: str


@dataclass(frozen=True, slots=True)
class RosterPerson:
    """A person as a roster has it. None and empty facts say nothing: what is known stays."""

    sourced_id: str
    given_name: str
    family_name: str
    email: str
    active: bool
    job_kind: str | None
    job_title: str
    years_experience: int | None
    grades_mask: int
    subjects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RosterMembership:
    """A role of a person at an organisation (its sourced id; "" is the district itself)."""

    person: str
    organisation: str
    role: str
    primary: bool
    begins_on: date | None
    ends_on: date | None

    @property
    def key(self) -> tuple[str, str, str]:
        """Return what makes it one row: person, organisation, role."""
        return self.person, self.organisation, self.role


@dataclass(frozen=True, slots=True)
class RosterDelivery:
    """Everything one file set says, in Lantern's words.

    `complete` names what is the whole set ("organisations", "people", "roles"): what we hold of this source and miss
    there has left. `spared` are sourced ids by the same names that are not in the delivery only because their row was
    in error. `gone` are sourced ids that a change file says have left; `roles_gone` role keys; `roles_of` persons whose
    roles are all here.
    """

    source: str
    organisations: tuple[RosterOrganisation, ...]
    people: tuple[RosterPerson, ...]
    roles: tuple[RosterMembership, ...]
    complete: frozenset[str]
    spared: dict[str, frozenset[str]] = field(default_factory=dict)
    gone: dict[str, frozenset[str]] = field(default_factory=dict)
    roles_gone: frozenset[tuple[str, str, str]] = frozenset()
    roles_of: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RosterResult:
    """What a delivery changes: counts by thing, problems found beside our own rows, and a refusal or ""."""

    counts: dict[str, dict[str, int]]
    problems: tuple[RowProblem, ...]
    refusal: str
