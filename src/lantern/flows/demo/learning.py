"""The frameworks, the taxonomy, the aims and the catalogue of the demo district."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

from lantern.domain.calendars import commands as calendars
from lantern.domain.catalog import commands as catalog
from lantern.domain.catalog.types import USUAL_MODALITY, CompetencyRef, ResourceData
from lantern.domain.competencies import commands as competencies
from lantern.domain.competencies.types import IS_CHILD_OF, AssociationData, FrameworkData, ItemData, LevelData
from lantern.domain.credits import commands as credits
from lantern.domain.initiatives import commands as initiatives
from lantern.flows.demo import data_files
from lantern.flows.demo.pathways import prepare_pathways
from lantern.flows.demo.places import World
from lantern.kernel import clock, tenancy
from lantern.kernel.actor import Actor

FRAMEWORKS = {
    "T": ("maple-teachers", "Maple framework for teachers", "framework_teachers", ("teacher", "coach", "librarian")),
    "P": (
        "maple-paraprofessionals",
        "Maple framework for paraprofessionals",
        "framework_paraprofessionals",
        ("paraprofessional",),
    ),
    "C": ("maple-counsellors", "Maple framework for counsellors", "framework_counsellors", ("counsellor", "nurse")),
    "L": (
        "maple-leaders",
        "Maple framework for school leaders",
        "framework_leaders",
        ("school_leader", "district_staff"),
    ),
}
"""Letter in the catalogue's tables -> identifier, title, table, whose it is."""

LEVELS = ("starting", "building", "applying", "leading")
LEVEL_NAMES = ("Starting", "Building", "Applying", "Leading others")
ACCESS = {
    "c": "captions", "t": "transcript", "a": "audio_description", "k": "keyboard", "s": "screen_reader",
    "p": "large_print", "g": "sign_language", "l": "low_bandwidth",
}  # fmt: skip
"""The letters of the column `access`."""

OUTSIDE = {
    "Northfield College": "northfield.example",
    "Corner Desk Press": "cornerdesk.example",
    "Chalk & Current": "chalkandcurrent.example",
}
"""Providers whose things are on their own pages; `.example` leads nowhere, as it should in a demonstration."""

EVIDENCE = {
    "rb-002": "promising", "rb-006": "promising", "rb-007": "rationale", "rb-008": "promising", "rb-031": "moderate",
    "rb-032": "moderate", "rb-035": "rationale", "rb-051": "promising", "ms-001": "promising", "ms-002": "strong",
    "ms-054": "moderate", "ms-055": "strong", "ms-056": "rationale", "ms-024": "none",
}  # fmt: skip
"""What the demonstration says was vetted, by the ids of its tables; nobody has looked at the rest, as in life."""

HOURS = "Professional learning hours"

AIMS = (
    (
        "riverbend",
        "Every voice in mathematics",
        "By spring, every child in grades K to 8 explains their own thinking in mathematics several times a week. "
        "We look at talk, not at test scores, and we share what does not work as openly as what does.",
    ),
    (
        "riverbend",
        "Room for every language",
        "One in five of our children speaks more than one language. We plan so that language is a bridge and not "
        "a gate, in every subject, together with families.",
    ),
    (
        "cedar",
        "Calm starts at Cedar Hill",
        "The first ten minutes of the day belong to arriving: predictable, friendly, and the same in every room.",
    ),
)


def build(world: World) -> None:
    """Write frameworks and the state's part of the catalogue, then the district's aims, rule and part."""
    state, district = world.system("maple"), world.system("riverbend")
    with tenancy.within(state.tenancy):
        for identifier, title, table, jobs in FRAMEWORKS.values():
            framework, _ = competencies.import_framework(state, data=_framework(identifier, title, table))
            for job in jobs:
                assert framework is not None  # noqa: S101 - only a dry run returns none
                competencies.assign_framework(state, job_kind=job, framework_id=framework.pk)
        for row in data_files.rows("terms"):
            catalog.create_term(state, scheme=row["scheme"], code=row["code"], label=row["label"])
        _credit_rule(world)
        _resources(world, "maple", ("resources_state_a", "resources_state_b"), "maple-shared")
    with tenancy.within(district.tenancy):
        year = school_year(clock.today())
        for place, title, summary in AIMS:
            initiatives.create_initiative(
                district,
                organisation_id=world.places[place],
                title=title,
                summary=summary,
                begins_on=date(year, 8, 15),
                ends_on=date(year + 1, 6, 15),
            )
        _school_year(world, district, year)
        _resources(world, "riverbend", ("resources_riverbend",), "riverbend")
        prepare_pathways(district)


def school_year(today: date) -> int:
    """Return the year in which the present school year began; it begins in August."""
    return today.year if today.month >= 8 else today.year - 1


def _school_year(world: World, district: Actor, year: int) -> None:
    """Set two terms, of which the weeks between are off, and the days off and staff days within them."""
    place = world.places["riverbend"]
    for kind, name, begins_on, ends_on in (
        ("term", "Fall term", date(year, 8, 17), date(year, 12, 18)),
        ("term", "Spring term", date(year + 1, 1, 4), date(year + 1, 6, 11)),
        ("staff_day", "Staff day", date(year, 10, 9), date(year, 10, 9)),
        ("holiday", "Thanksgiving", date(year, 11, 26), date(year, 11, 27)),
        ("holiday", "Spring break", date(year + 1, 3, 22), date(year + 1, 3, 26)),
    ):
        calendars.add_school_time(
            district, organisation_id=place, kind=kind, name=name, begins_on=begins_on, ends_on=ends_on
        )


def _credit_rule(world: World) -> None:
    actor = world.system("riverbend")
    with tenancy.within(actor.tenancy):
        credits.set_rule(
            actor,
            name="Riverbend hours",
            credit_type=HOURS,
            effective_from=date(clock.today().year - 4, 1, 1),
            minutes_per_hour=60,
            step_minutes=15,
            most_minutes=2400,
            outside_needs_evidence=True,
        )


def _framework(identifier: str, title: str, table: str) -> FrameworkData:
    rows = data_files.rows(table)
    ids = {
        row["code"]: str(uuid5(NAMESPACE_URL, f"https://lantern.example/{identifier}/{row['code']}")) for row in rows
    }
    return FrameworkData(
        identifier=identifier,
        title=title,
        version="1",
        creator="State of Maple (a demonstration)",
        publisher="State of Maple",
        adoption_status="Adopted",
        licence_title="Written for Lantern's demonstration",
        notes="A starter framework of Lantern's own writing. Take it, change it, or bring your own.",
        items=tuple(
            ItemData(
                identifier=ids[row["code"]],
                statement=row["statement"],
                code=row["code"],
                abbreviated=row["name"],
                item_type="Competency" if "." in row["code"] else "Area",
                extra={"levels": {str(n): row[name] for n, name in enumerate(LEVELS, 1)}} if row["starting"] else {},
            )
            for row in rows
        ),
        associations=tuple(
            AssociationData(
                identifier=str(uuid5(NAMESPACE_URL, f"{ids[row['code']]} child")),
                kind=IS_CHILD_OF,
                origin=ids[row["code"]],
                destination=ids.get(row["code"].rpartition(".")[0], identifier),
                sequence=number,
            )
            for number, row in enumerate(rows, 1)
        ),
        levels=tuple(LevelData(number, str(number), name) for number, name in enumerate(LEVEL_NAMES, 1)),
    )


def _resources(world: World, place: str, tables: tuple[str, ...], source: str) -> None:
    actor = world.system(place)
    rows = [row for table in tables for row in data_files.rows(table)]
    counts = catalog.import_resources(
        actor, rows=[_resource(number, row, source) for number, row in enumerate(rows, 2)], source=source
    )
    if counts.refused or counts.warnings:
        raise ValueError(f"The demo catalogue does not fit: {(*counts.refused, *counts.warnings)[:3]}")


def _resource(number: int, row: dict[str, str], source: str) -> ResourceData:
    provider = row["provider"] or "Riverbend learning team"
    spanish = row["language"] == "es"
    url = f"https://{OUTSIDE[provider]}/{row['id']}" if provider in OUTSIDE else ""
    cost = Decimal(row["cost"] or 0)
    return ResourceData(
        row=number,
        external_id=row["id"],
        source=source,
        kind=row["kind"],
        modality=row["modality"] or USUAL_MODALITY.get(row["kind"], "self_paced"),
        title=row["title"],
        summary=row["summary"],
        description=f"{row['summary']}\n\n**{'Qué hará usted' if spanish else 'What you do'}.** {row['doing']}",
        url=url,
        minutes=int(row["minutes"]),
        level=int(row["level"]),
        grades=data_files.grades(row["grades"]),
        subjects=data_files.parts(row["subjects"]),
        topics=data_files.parts(row["topics"]),
        competencies=tuple(_reference(part) for part in data_files.parts(row["competencies"])),
        language=row["language"],
        cost_cents=int(cost * 100),
        currency="USD",
        provider=provider,
        access_features=tuple(ACCESS[letter] for letter in row["access"]),
        credit_type=HOURS,
        credit_minutes=int(row["minutes"]),
        prerequisites=data_files.parts(row["requires"]),
        evidence_tier=EVIDENCE.get(row["id"], ""),
        published_on=clock.today() - timedelta(days=20 + number * 3),
        licence="Written for Lantern's demonstration",
    )


def _reference(text: str) -> CompetencyRef:
    letter, _, rest = text.partition(":")
    code, _, level = rest.partition("@")
    return CompetencyRef(FRAMEWORKS[letter][0], code, int(level) if level else None)
