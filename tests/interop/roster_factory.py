"""Makes OneRoster deliveries of any size: N staff in M schools of one district, the same for the same seed."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from pathlib import Path
from typing import Literal

Version = Literal["1.1", "1.2"]
Rows = list[dict[str, str]]

GIVEN = ("Amara", "Ben", "Chloe", "Dmitri", "Esperanza", "Farid", "Grace", "Hiro", "Ines", "Jamal", "Keiko", "Søren")
FAMILY = ("Abbott", "Baptiste", "Cruz", "Dietrich", "Eze", "Fontaine", "García", "Huang", "Ito", "Jones", "Löwe")
SUBJECTS = ("Mathematics", "Science", "English Language Arts", "Social Studies", "Music", "Spanish")
GRADES = ("KG", *(f"{grade:02}" for grade in range(1, 13)))
CLASSES_PER_TEACHER = 2

HEADERS = {
    "orgs": "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId",
    "academicSessions": "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear",
    "courses": "sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,"
    "subjectCodes",
    "classes": "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,"
    "schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods",
    "enrollments": "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,"
    "beginDate,endDate",
    "roles": "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,"
    "userProfileSourcedId",
}
USERS = {
    "1.1": "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,"
    "middleName,identifier,email,sms,phone,agentSourcedIds,grades,password",
    "1.2": "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,identifier,"
    "email,sms,phone,agentSourcedIds,grades,password,userMasterIdentifier,preferredGivenName,preferredMiddleName,"
    "preferredFamilyName,primaryOrgSourcedId,pronouns",
}
PASSWORD = "sekrit-never-to-be-kept"


def roster_files(
    *, version: Version = "1.1", staff: int = 20, schools: int = 2, students: int = 0, seed: int = 1
) -> dict[str, bytes]:
    """File name -> bytes of one complete (bulk) delivery.

    One person in ten is an administrator and teaches nothing (the first is the district's); every other
    teaches two classes at one school; every twentieth works at a second school too.
    """
    chance = random.Random(seed)
    tables: dict[str, Rows] = {stem: [] for stem in (*HEADERS, "users")}
    tables["orgs"] = [{"sourcedId": "D1", "name": "Harbor Unified", "type": "district", "identifier": "D1"}]
    for number in range(1, schools + 1):
        school = {"sourcedId": f"S{number}", "name": f"Harbor School {number}", "type": "school"}
        tables["orgs"].append({**school, "identifier": f"S{number}", "parentSourcedId": "D1"})
    session = {"sourcedId": "Y26", "title": "2026-27", "type": "schoolYear", "schoolYear": "2027"}
    tables["academicSessions"] = [{**session, "startDate": "2026-08-17", "endDate": "2027-06-05"}]
    for at, subject in enumerate(SUBJECTS):
        tables["courses"].append({"sourcedId": f"C{at}", "title": subject, "courseCode": f"C{at}", "subjects": subject})
    for number in range(staff):
        _add_member(tables, number, schools, chance)
    for number in range(students):
        person = _person(f"P{number}", chance) | {"grades": chance.choice(GRADES)}
        _add_person(tables, person, "student", [f"S{chance.randint(1, schools)}"])
    if version == "1.1":
        _move_roles_inline(tables)
    headers = HEADERS | {"users": USERS[version]}
    files = {f"{stem}.csv": table_bytes(headers[stem], rows) for stem, rows in tables.items()}
    if version == "1.1":
        del files["roles.csv"]
    return files | {"manifest.csv": manifest_bytes(version, {name.removesuffix(".csv"): "bulk" for name in files})}


def write_roster(target: Path, files: dict[str, bytes] | None = None, *, inside: str = "") -> Path:
    """Writes files (the default delivery if none) to a folder, or to a zip where the name ends in .zip.

    `inside` puts them a folder further in.
    """
    files = roster_files() if files is None else files
    if target.suffix == ".zip":
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in files.items():
                archive.writestr(f"{inside}/{name}".removeprefix("/"), data)
        return target
    folder = target / inside
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return target


def table_bytes(header: str, rows: Rows) -> bytes:
    """A CSV file as bytes: the header, then the rows with blanks where a row has no such column."""
    out = io.StringIO()
    writer = csv.DictWriter(out, header.split(","), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def manifest_bytes(version: str, modes: dict[str, str]) -> bytes:
    """A manifest that gives each file stem its mode."""
    lines = ["propertyName,value", "manifest.version,1.0", f"oneroster.version,{version}"]
    lines += [f"file.{stem},{mode}" for stem, mode in sorted(modes.items())]
    return "\r\n".join(lines).encode()


def _add_member(tables: dict[str, Rows], number: int, schools: int, chance: random.Random) -> None:
    person = _person(f"T{number}", chance)
    if number == 0:
        return _add_person(tables, person, "administrator", ["D1"])
    home = chance.randint(1, schools)
    places = [f"S{home}"]
    if number % 20 == 0 and schools > 1:
        places.append(f"S{home % schools + 1}")
    role = "administrator" if number % 10 == 0 else "teacher"
    _add_person(tables, person, role, places)
    for lesson in range(CLASSES_PER_TEACHER if role == "teacher" else 0):
        course, grade = chance.randrange(len(SUBJECTS)), chance.choice(GRADES)
        class_ = {"sourcedId": f"K{number}-{lesson}", "title": f"{SUBJECTS[course]} {grade}", "grades": grade}
        where = {"courseSourcedId": f"C{course}", "schoolSourcedId": places[0], "termSourcedIds": "Y26"}
        tables["classes"].append({**class_, **where, "classType": "scheduled"})
        enrolment = {"sourcedId": f"E{number}-{lesson}", "classSourcedId": class_["sourcedId"], "primary": "true"}
        tables["enrollments"].append(
            {**enrolment, "schoolSourcedId": places[0], "userSourcedId": person["sourcedId"], "role": "teacher"}
        )
    return None


def _add_person(tables: dict[str, Rows], person: dict[str, str], role: str, places: list[str]) -> None:
    tables["users"].append(person)
    for at, place in enumerate(places):
        kind = "secondary" if at else "primary"
        row = {"sourcedId": f"R{len(tables['roles'])}", "userSourcedId": person["sourcedId"], "roleType": kind}
        tables["roles"].append({**row, "role": role, "orgSourcedId": place})


def _person(sourced_id: str, chance: random.Random) -> dict[str, str]:
    return {
        "sourcedId": sourced_id,
        "enabledUser": "true",
        "username": f"user.{sourced_id.lower()}",
        "givenName": chance.choice(GIVEN),
        "familyName": chance.choice(FAMILY),
        "identifier": sourced_id,
        "email": f"{sourced_id.lower()}@harbor.example",
        "phone": "555-0100",
        "password": PASSWORD,
    }


def _move_roles_inline(tables: dict[str, Rows]) -> None:
    """From the 1.2 shape to 1.1: role and organisations stand in users.csv."""
    people = {person["sourcedId"]: person for person in tables["users"]}
    for row in tables.pop("roles"):
        person = people[row["userSourcedId"]]
        person["role"] = row["role"]
        person["orgSourcedIds"] = ",".join(filter(None, (person.get("orgSourcedIds", ""), row["orgSourcedId"])))
    tables["roles"] = []
