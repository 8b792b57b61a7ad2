"""Carries a roster into Lantern: reads it, says it in Lantern's words, and lets `people` compare and write (interop.md
3.4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from lantern.domain.people import commands as people
from lantern.domain.people import queries as people_queries
from lantern.domain.people.types import (
    ImportReport,
    JobKind,
    RosterDelivery,
    RosterMembership,
    RosterPerson,
    RosterResult,
    RowProblem,
    grades_to_mask,
)
from lantern.flows import imports
from lantern.interop.oneroster.codec import read_roster
from lantern.interop.oneroster.mapping import grades_of, role_and_job
from lantern.interop.oneroster.model import PersonRow, RoleRow, Roster, RosterUnreadable, RowError
from lantern.interop.oneroster.places import OtherDistrict, Places, settle_places
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid

Progress = Callable[[int, int, str], None]
SOURCE = "roster"
ALLOWED_SHARE = 0.2
_STEMS = {"organisations": "orgs", "people": "users", "roles": "roles"}
_READ = {"orgs.csv", "users.csv", "roles.csv", "School.csv", "Teacher.csv"}


def run_roster_import(
    actor: Actor,
    path: Path,
    *,
    dry_run: bool = False,
    most_removed: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Read the roster at `path` (folder or zip) and import it into the actor's district, all or nothing.

    `most_removed` allows that more than a fifth of what this source brought ends. Raises Invalid when the delivery
    cannot be read or is of another district, NotAllowed for who does not manage the district. What is wrong with
    single rows is in the report.
    """
    known = people_queries.known_to_roster(actor, SOURCE)
    if progress:
        progress(0, 4, "Reading the files")
    try:
        roster = read_roster(path, known_orgs=known.organisations, known_people=known.people)
    except RosterUnreadable as unreadable:
        raise Invalid({unreadable.file: unreadable.reason}) from None
    return import_roster(
        actor, roster, dry_run=dry_run, allow_share=1.0 if most_removed else ALLOWED_SHARE, progress=progress
    )


def import_roster(
    actor: Actor,
    roster: Roster,
    *,
    dry_run: bool,
    allow_share: float = ALLOWED_SHARE,
    progress: Progress | None = None,
) -> ImportReport:
    """Import a roster that was read. Its district must be the actor's (by id, identifier or name), else Invalid."""
    known = people_queries.known_to_roster(actor, SOURCE)
    mine = (known.district_sourced_id, known.district_identifier, known.district_name)
    try:
        places = settle_places(roster.orgs, mine, known.organisations)
    except OtherDistrict as other:
        raise Invalid(
            f"This roster is of “{other}”, and you act for “{known.district_name}”. If they are one, give the "
            "district that name or the identifier of the roster first."
        ) from None
    delivery, problems = _delivery(roster, places)
    result = people.apply_roster(actor, delivery=delivery, dry_run=dry_run, allow_share=allow_share, progress=progress)
    return _report(roster, result, [*places.problems, *problems], dry_run)


def _delivery(roster: Roster, places: Places) -> tuple[RosterDelivery, list[RowProblem]]:
    """Say a roster in Lantern's words; rows that do not fit are left out, each with its problem."""
    titles = {person.sourced_id: person.position_title for person in roster.people}
    roles: list[RosterMembership] = []
    jobs: dict[str, JobKind] = {}
    gone: set[tuple[str, str, str]] = set()
    unplaced: set[str] = set()
    for row in roster.roles:
        place = places.counts_as.get(row.org_sourced_id)
        if place is None:
            unplaced.add(row.person_sourced_id)
            continue
        role, job = role_and_job(row.role, titles.get(row.person_sourced_id), at_district=place == "")
        if row.status == "tobedeleted":
            gone.add((row.person_sourced_id, place, role))
            continue
        if row.primary or row.person_sourced_id not in jobs:
            jobs[row.person_sourced_id] = job
        roles.append(_membership(row, place, role))
    people_rows, problems, bad = _people(roster.people, jobs)
    unplaced -= {role.person for role in roles}
    problems += [
        RowProblem("orgs.csv", 0, "orgSourcedId", f"{person}: has no role at a school or office of this district")
        for person in sorted(unplaced)
    ]
    spared = roster.refused.get("users", frozenset()) | roster.refused.get("roles", frozenset()) | bad | unplaced
    inline = roster.format == "oneroster-1.1"
    delivery = RosterDelivery(
        source=SOURCE,
        organisations=tuple(places.schools),
        people=tuple(row for row in people_rows if row.sourced_id not in unplaced),
        roles=tuple(role for role in roles if role.person not in bad),
        complete=_complete(roster),
        spared={
            "organisations": roster.refused.get("orgs", frozenset()) | places.refused,
            "people": spared,
            "roles": spared,
        },
        gone={
            "organisations": frozenset(places.gone),
            "people": frozenset(row.sourced_id for row in roster.people if row.status == "tobedeleted"),
        },
        roles_gone=frozenset(gone),
        roles_of=frozenset(row.sourced_id for row in people_rows) if inline else frozenset(),
    )
    return delivery, problems


def _complete(roster: Roster) -> frozenset[str]:
    """Return what is a whole set: sent in bulk, and no row of its file so broken that nobody can tell whose it is."""
    bulk = {thing for thing, stem in _STEMS.items() if roster.modes.get(stem) == "bulk"}
    return frozenset() if _READ & roster.unread_rows.keys() else frozenset(bulk)


def _people(
    rows: Iterable[PersonRow], jobs: dict[str, JobKind]
) -> tuple[list[RosterPerson], list[RowProblem], frozenset[str]]:
    found: list[RosterPerson] = []
    problems: list[RowProblem] = []
    bad: set[str] = set()
    for row in rows:
        if row.status == "tobedeleted":
            continue
        given = " ".join((row.preferred_given_name or row.given_name).split())
        family = " ".join(row.family_name.split())
        if len(given) > 80 or len(family) > 80:
            problems.append(RowProblem("users.csv", 0, "familyName", f"{row.sourced_id}: is longer than 80 characters"))
            bad.add(row.sourced_id)
            continue
        found.append(
            RosterPerson(
                sourced_id=row.sourced_id,
                given_name=given,
                family_name=family,
                email=row.email.lower() if len(row.email) <= 254 else "",
                active=row.enabled,
                job_kind=jobs.get(row.sourced_id),
                job_title=" ".join((row.position_title or "").split())[:120],
                years_experience=row.years_experience,
                grades_mask=grades_to_mask(grades_of(row.grades)),
                subjects=tuple(subject[:80] for subject in row.subjects[:30]),
            )
        )
    return found, problems, frozenset(bad)


def _membership(row: RoleRow, place: str, role: str) -> RosterMembership:
    begin, end = row.begin, row.end
    if begin and end and end < begin:
        begin = None
    return RosterMembership(row.person_sourced_id, place, str(role), row.primary, begin, end)


def _report(roster: Roster, result: RosterResult, problems: list[RowProblem], dry_run: bool) -> ImportReport:
    errors = [_problem(error) for error in roster.errors if not _is_about_unheld_classes(error, roster)]
    counts = {thing: dict(one) for thing, one in result.counts.items()}
    for thing, stem in _STEMS.items():
        own = sum(1 for problem in problems if problem.file == f"{stem}.csv")
        rejected = counts[thing].get("rejected", 0) + len(roster.refused.get(stem, ())) + own
        if rejected:
            counts[thing]["rejected"] = rejected
    return ImportReport(
        kind="roster",
        format=roster.format,
        dry_run=dry_run,
        counts=counts,
        errors=(*errors, *problems, *result.problems),
        errors_unlisted=roster.errors_unlisted,
        warnings=tuple(_problem(warning) for warning in roster.warnings),
        dropped=dict(roster.dropped),
        refusal=result.refusal,
    )


def _is_about_unheld_classes(error: RowError, roster: Roster) -> bool:
    """Tell whether a change file only names a class that we do not keep."""
    return error.file == "enrollments.csv" and roster.modes.get("enrollments") != "bulk"


def _problem(error: RowError) -> RowProblem:
    return RowProblem(error.file, error.row, error.field, error.reason)


imports.offer("roster", "People and schools (OneRoster or School Data Sync)", run_roster_import, (".zip",))
