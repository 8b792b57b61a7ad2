"""A person's rights over what is tied to her: take all of it along, bring it back, and have it erased (trust.md C6)."""

from __future__ import annotations

import json
import math
import os
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import IO, Any, NoReturn
from uuid import UUID

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from lantern.domain.announcements import commands as announcements
from lantern.domain.assessments import commands as assessments
from lantern.domain.calendars import commands as calendars
from lantern.domain.catalog import commands as catalog
from lantern.domain.coaching import commands as coaching
from lantern.domain.competencies import commands as competencies
from lantern.domain.courses import commands as courses
from lantern.domain.credits import commands as credits
from lantern.domain.evidence import commands as evidence
from lantern.domain.goals import commands as goals
from lantern.domain.initiatives import commands as initiatives
from lantern.domain.insights import commands as insights
from lantern.domain.joint_plans import commands as joint_plans
from lantern.domain.needs import commands as needs
from lantern.domain.notices import commands as notices
from lantern.domain.pathways import commands as pathways
from lantern.domain.people import commands as people
from lantern.domain.people import queries as directory
from lantern.domain.plans import commands as plans
from lantern.domain.privacy import commands as privacy
from lantern.domain.privacy import policy
from lantern.domain.privacy import queries as privacy_queries
from lantern.domain.privacy.commands import BroughtBack
from lantern.domain.recommendations import commands as recommendations
from lantern.domain.results import commands as results
from lantern.flows.export import everything_about_me
from lantern.kernel import clock, doors, events, files, idempotency, jobs, mail, tenancy
from lantern.kernel.actor import Actor, system
from lantern.kernel.errors import Invalid, NotFound
from lantern.kernel.files import keeping

READABLE, RECORDS, READ_ME = "lantern.json", "records.jsonl", "READ-ME.txt"
LARGEST_ARCHIVE = 500_000_000
LARGEST_RECORDS = 50_000_000
MOST_FILES = 2_000

_READ_ME = """\
This is everything that Lantern keeps about you, made on {day}.

lantern.json    the same as words: feature by feature, as the pages show it
records.jsonl   every row that is tied to you, one a line, whole: its table, its class (who may see it), its fields
files/          your files, each named by the id of its row in StoredFile

You can bring it back: on the page "Your data" of any Lantern installation, choose this archive. What is yours alone
(needs, goals, plan, reflections, files) is written again; official records and what others wrote are not, and what you
shared is not shared again. Left out on purpose: {secrets}.
"""

doors.declare(
    "export",
    "account:archive",
    reads=("private", "consented", "team", "official", "public"),
    reaches="the person herself",
)

ERASE: Mapping[str, Callable[[Actor, UUID], dict[str, int]]] = {
    "announcements": announcements.erase,
    "assessments": assessments.erase,
    "calendars": calendars.erase,
    "catalog": catalog.erase,
    "coaching": coaching.erase,
    "joint_plans": joint_plans.erase,
    "competencies": competencies.erase,
    "evidence": evidence.erase,
    "plans": plans.erase,
    "courses": courses.erase,
    "credits": credits.erase,
    "results": results.erase,
    "goals": goals.erase,
    "initiatives": initiatives.erase,
    "pathways": pathways.erase,
    "insights": insights.erase,
    "needs": needs.erase,
    "notices": notices.erase,
    "recommendations": recommendations.erase,
    "privacy": privacy.erase,
    "people": people.erase,
}
"""Every feature of the domain, in an order in which its rows can go; a test compares the names with the folders."""


def write_archive(actor: Actor, target: IO[bytes]) -> None:
    """Write everything tied to the actor as a zip into `target`: words, every row whole, and her files.

    Raises NotAllowed for the system.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        readable = json.dumps(everything_about_me(actor), cls=DjangoJSONEncoder, indent=2, ensure_ascii=False)
        archive.writestr(READABLE, readable)
        with archive.open(RECORDS, "w") as lines:
            for record in privacy_queries.records_of(actor):
                lines.write(json.dumps(asdict(record), ensure_ascii=False).encode() + b"\n")
        secrets = "; ".join(f"{table}.{name} ({why})" for (table, name), why in privacy_queries.SECRETS.items())
        archive.writestr(READ_ME, _READ_ME.format(day=f"{clock.today():%-d %B %Y}", secrets=secrets))
        for file_id, key in files.keys_of(policy.acting_person(actor)):
            with archive.open(f"files/{file_id}", "w") as kept:
                for chunk in files.open_range(key):
                    kept.write(chunk)


def read_archive(actor: Actor, source: IO[bytes]) -> BroughtBack:
    """Bring what is in an archive back, as the actor's own; rows that are there already stay as they are.

    Each file is decoded and written anew like any upload. All or nothing but for single rows that do not hold here,
    which are named. Raises Invalid for a file that is no such archive.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            records = list(_records(archive))
            placed = _placed_files(archive, records)
    except (zipfile.BadZipFile, KeyError, ValueError, RuntimeError, NotImplementedError, EOFError, OSError) as problem:
        raise Invalid({"archive": f"This is not an archive of Lantern that can be read: {_short(problem)}"}) from None
    try:
        with transaction.atomic():
            me = policy.acting_person(actor)
            replaced = {file_id: {"key": files.store(one, me)} for file_id, one in placed.items()}
            result = privacy.bring_back(actor, records=records, replaced=replaced)
            if files.recount(me) > keeping.most_bytes():
                raise Invalid({"archive": "Its files and those that are here do not fit into the room you have."})
            return result
    finally:
        for one in placed.values():
            files.discard(one)


def _records(archive: zipfile.ZipFile) -> Iterator[dict[str, Any]]:
    if archive.getinfo(RECORDS).file_size > LARGEST_RECORDS:
        raise ValueError("its records are too large")
    with archive.open(RECORDS) as lines:
        for number, line in enumerate(lines, start=1):
            if number > privacy.MOST_RECORDS:
                raise ValueError(f"more than {privacy.MOST_RECORDS:,} records")
            try:
                record = json.loads(line, parse_constant=_no_number, parse_float=_finite)
            except (json.JSONDecodeError, RecursionError):
                raise ValueError(f"line {number} of {RECORDS} is no record") from None
            if not isinstance(record, dict) or not isinstance(record.get("fields"), dict):
                raise ValueError(f"line {number} of {RECORDS} is no record")
            yield record


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{RECORDS} holds {word}, which is no number")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        _no_number(digits[:20])
    return number


def _placed_files(archive: zipfile.ZipFile, records: list[dict[str, Any]]) -> dict[str, files.Ingested]:
    """Take in the file of each StoredFile record that has one; what is refused is left out, its row with it."""
    wanted = [record for record in records if record.get("table") == "StoredFile"][:MOST_FILES]
    names = set(archive.namelist())
    placed: dict[str, files.Ingested] = {}
    total = 0
    for record in wanted:
        name = f"files/{record.get('id')}"
        if name not in names:
            continue
        total += archive.getinfo(name).file_size
        if total > LARGEST_ARCHIVE:
            raise ValueError("its files are too large")
        try:
            content = BytesIO(archive.read(name))
            filename = str(record["fields"].get("name", "file"))
            placed[str(record["id"])] = files.ingest(content, filename, allowed=files.ALL_TYPES)
        except files.FileRefused:
            continue
    return placed


def _short(problem: Exception) -> str:
    return str(problem).strip("'\"")[:160] or type(problem).__name__


def erase_me(actor: Actor) -> dict[str, int]:
    """Erase everything of the actor's, at once and for good, but what must be kept; return what went, by name."""
    me = policy.acting_person(actor)
    return erase_person(actor, me)


@transaction.atomic
def erase_person(actor: Actor, person_id: UUID) -> dict[str, int]:
    """Erase a person's rows, files, mail and sessions, and note that it was done; repeating it erases nothing more.

    For the person herself, or for Lantern when a restored backup is older than an erasure. Raises NotFound.
    """
    policy.allow_erasure(actor, person_id)
    counts: dict[str, int] = {}
    for erase in ERASE.values():
        counts |= erase(actor, person_id)
    counts |= {
        "files": keeping.erase_files(person_id),
        "forms": idempotency.forget(person_id),
        "mails": mail.forget(person_id),
        "jobs without name": jobs.forget(person_id),
    }
    privacy.note_erasure(actor, person_id=person_id)
    counts["events without name"] = events.forget(person_id)  # last: this act is one of them
    transaction.on_commit(lambda: _write_down(actor.tenancy.own, person_id))
    return counts


def tombstones() -> Path:
    """Return the file that outlives the database: whom to forget again after an older backup was restored."""
    return Path(settings.LANTERN_DATA) / "erasures.jsonl"


def _write_down(tenant_id: UUID, person_id: UUID) -> None:
    line = json.dumps({"tenant": str(tenant_id), "person": str(person_id), "at": clock.now().isoformat()})
    with tombstones().open("a", encoding="utf-8") as handle:
        handle.write(line + "\n")
        handle.flush()
        os.fsync(handle.fileno())


def forget_again(lines: str) -> int:
    """Erase everybody of a list of erasures who is there again, and return how many; for a restored backup.

    Raises Invalid with the line that is no erasure.
    """
    erased = 0
    for number, line in enumerate(lines.splitlines(), start=1):
        try:
            told = json.loads(line)
            tenant_id, person_id = UUID(told["tenant"]), UUID(told["person"])
        except (json.JSONDecodeError, KeyError, TypeError, ValueError):
            raise Invalid(f"Line {number} of the list of erasures cannot be read.") from None
        erased += _forget_one(tenant_id, person_id)
    return erased


def _forget_one(tenant_id: UUID, person_id: UUID) -> int:
    try:
        scope = directory.tenancy_of(tenant_id)
    except NotFound:
        return 0
    with tenancy.within(scope):
        actor = system(scope)
        if privacy_queries.is_erased(actor, person_id) or not policy.was_here(person_id):
            return 0
        erase_person(actor, person_id)
    return 1
