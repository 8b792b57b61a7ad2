"""Which organisation of a roster is which of ours: the district, its schools, and departments that count as their
school. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lantern.domain.people.types import RosterOrganisation, RowProblem
from lantern.interop.oneroster.mapping import ABOVE_TYPES, DEPARTMENT_TYPES, DISTRICT_TYPES
from lantern.interop.oneroster.model import OrgRow

LONGEST_NAME = 200
LONGEST_IDENTIFIER = 80


class OtherDistrict(Exception):
    """The roster is of another district than the one acted for."""


@dataclass(slots=True)
class Places:
    """The organisations of a delivery: schools to keep, and for each sourced id the school it counts as ("" the
    district).
    """

    schools: list[RosterOrganisation] = field(default_factory=list)
    counts_as: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    problems: list[RowProblem] = field(default_factory=list)


def settle_places(orgs: tuple[OrgRow, ...], district: tuple[str, str, str], known: frozenset[str]) -> Places:
    """Sort the organisations of a roster; `district` is ours as (sourced id or "", identifier or "", name).

    Raises OtherDistrict when the file names districts and none is ours.
    """
    rows = {org.sourced_id: org for org in orgs}
    ours = _our_district([org for org in orgs if _type(org) in DISTRICT_TYPES and org.status == "active"], district)
    places = Places(counts_as={sourced_id: sourced_id for sourced_id in known})
    if ours:
        places.counts_as[ours] = ""
    for org in orgs:
        if org.status == "tobedeleted":
            places.gone.add(org.sourced_id)
        elif _is_school(org):
            _take(org, [rows[above] for above in _above(org, rows)], ours, places)
    for org in orgs:
        if org.status == "active" and _type(org) in DEPARTMENT_TYPES:
            home = next((above for above in _above(org, rows) if above in places.counts_as), None)
            if home is not None:
                places.counts_as[org.sourced_id] = places.counts_as[home]
    return places


def _take(org: OrgRow, above: list[OrgRow], ours: str | None, places: Places) -> None:
    reason = ""
    if any(one.sourced_id != ours and _type(one) in DISTRICT_TYPES for one in above):
        reason = "belongs to another district of this file"
    elif len(org.name) > LONGEST_NAME:
        reason = f"has a name longer than {LONGEST_NAME} characters"
    if reason:
        places.problems.append(RowProblem("orgs.csv", 0, "sourcedId", f"{org.sourced_id}: {reason}"))
        places.refused.add(org.sourced_id)
        return
    identifier = org.identifier if len(org.identifier) <= LONGEST_IDENTIFIER else ""
    places.schools.append(RosterOrganisation(org.sourced_id, " ".join(org.name.split()), identifier))
    places.counts_as[org.sourced_id] = org.sourced_id


def _our_district(districts: list[OrgRow], mine: tuple[str, str, str]) -> str | None:
    sourced_id, identifier, name = mine
    if not districts:
        return sourced_id or None
    by_rule = (
        lambda org: bool(sourced_id) and org.sourced_id == sourced_id,
        lambda org: bool(identifier) and identifier in {org.identifier, org.sourced_id},
        lambda org: org.name.strip().casefold() == name.strip().casefold(),
    )
    for rule in by_rule:
        for org in districts:
            if rule(org):
                return org.sourced_id
    raise OtherDistrict(districts[0].name)


def _is_school(org: OrgRow) -> bool:
    return _type(org) not in DISTRICT_TYPES | DEPARTMENT_TYPES | ABOVE_TYPES


def _above(org: OrgRow, rows: Mapping[str, OrgRow]) -> list[str]:
    """Return the sourced ids of the organisations above, nearest first, as far as the file names them."""
    line: list[str] = []
    step = org.parent_sourced_id
    while step and step in rows and step not in line:
        line.append(step)
        step = rows[step].parent_sourced_id
    return line


def _type(org: OrgRow) -> str:
    return org.type.casefold().removeprefix("ext:")
