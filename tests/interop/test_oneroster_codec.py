"""What a roster delivery means: modes, references, roles, what is dropped, and the real files."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from pathlib import Path

import pytest

from lantern.interop.oneroster import Roster, RosterUnreadable, read_roster
from tests.interop.roster_factory import (
    HEADERS,
    PASSWORD,
    USERS,
    Version,
    manifest_bytes,
    roster_files,
    table_bytes,
    write_roster,
)

STAMP = {"dateLastModified": "2026-11-20T08:00:00.000Z"}


def read(
    folder: Path,
    files: dict[str, bytes],
    known_orgs: frozenset[str] = frozenset(),
    known_people: frozenset[str] = frozenset(),
) -> Roster:
    return read_roster(write_roster(folder, files), known_orgs=known_orgs, known_people=known_people)


def with_rows(files: dict[str, bytes], file: str, *lines: str) -> dict[str, bytes]:
    return files | {file: files[file] + "".join(f"{line}\r\n" for line in lines).encode()}


def problems(roster: Roster) -> list[tuple[str, int, str]]:
    return [(error.file, error.row, error.field) for error in roster.errors]


def delta(version: Version, **rows: list[dict[str, str]]) -> dict[str, bytes]:
    """A delivery that holds changes only, in the files named."""
    headers = HEADERS | {"users": USERS[version]}
    files = {f"{stem}.csv": table_bytes(headers[stem], table) for stem, table in rows.items()}
    return files | {"manifest.csv": manifest_bytes(version, dict.fromkeys(rows, "delta"))}


# ------------------------------------------------------------------------------------------------------ real files


def test_grand_bend_is_read_whole(shared_data: Path) -> None:
    roster = read_roster(shared_data / "rosters/ed-fi-grand-bend/oneroster-1.1-csv")
    assert roster.format == "oneroster-1.1"
    assert Counter(role.role for role in roster.roles) == {"teacher": 55, "administrator": 13}
    assert (len(roster.orgs), len(roster.sessions), len(roster.courses), len(roster.classes)) == (4, 6, 82, 520)
    assert (len(roster.people), len(roster.enrolments)) == (68, 528)
    assert roster.dropped == {"students": 960}
    assert (roster.errors, roster.warnings) == ((), ())


def test_grand_bend_profile_is_found_in_the_parent_folder(shared_data: Path) -> None:
    roster = read_roster(shared_data / "rosters/ed-fi-grand-bend/oneroster-1.1-csv")
    people = {person.sourced_id: person for person in roster.people}
    assert (people["T207264"].years_experience, people["T207264"].position_title) == (34, "Middle School Principal")
    assert people["T207282"].grades == ("09", "10", "11", "12")
    assert sum(person.years_experience is not None for person in roster.people) >= 60
    assert all(person.subjects for person in roster.people if "teacher" in (person.position_title or ""))


def test_small_sample_is_read_whole(shared_data: Path) -> None:
    roster = read_roster(shared_data / "rosters/oneroster-1.1-small")
    assert roster.format == "oneroster-1.1"
    assert [person.family_name for person in roster.people] == ["Christian", "Preston"]
    assert (len(roster.orgs), len(roster.classes), len(roster.enrolments)) == (2, 2, 4)
    assert roster.people[1].grades == ("09",)  # from the classes taught: there is no profile
    assert roster.dropped == {"students": 8, "demographics": 8, "student_enrolments": 20}
    assert roster.errors == ()


def test_sds_2_1_is_read_whole(shared_data: Path) -> None:
    roster = read_roster(shared_data / "rosters/sds-v2.1-csv")
    assert roster.format == "sds-2.1"
    assert [(role.person_sourced_id, role.org_sourced_id, role.role, role.primary) for role in roster.roles] == [
        ("114006", "110002", "professor", True),
        ("114007", "110004", "teacher", True),
        ("114007", "110003", "teacher", False),
    ]
    assert roster.people[0].email == "jjonzer@classrmtest31.org"  # the sign-in name is an address
    assert (len(roster.orgs), len(roster.classes), len(roster.enrolments)) == (4, 2, 2)
    assert (roster.dropped["students"], roster.dropped["people_without_role"]) == (4, 2)
    assert (roster.errors, roster.warnings) == ((), ())


def test_sds_1_is_read_whole(shared_data: Path) -> None:
    roster = read_roster(shared_data / "rosters/sds-v1-100-users")
    assert roster.format == "sds-1"
    assert (len(roster.orgs), len(roster.people), len(roster.roles), len(roster.classes)) == (2, 12, 12, 28)
    assert (len(roster.sessions), len(roster.courses), len(roster.enrolments)) == (1, 28, 28)
    assert str(roster.sessions[0].start) == "2017-07-01"
    assert roster.dropped == {"students": 86, "student_enrolments": 602}
    assert (roster.errors, roster.warnings) == ((), ())


# ------------------------------------------------------------------------------------- what comes in, what stays out


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@pytest.mark.parametrize("shape", ["roster", "roster.zip"])
@pytest.mark.parametrize("inside", ["", "Export 2026", "Export/OneRoster"])
def test_every_shape_of_delivery_gives_the_same_roster(
    tmp_path: Path, version: Version, shape: str, inside: str
) -> None:
    files = roster_files(version=version, staff=40, schools=3, students=15)
    roster = read_roster(write_roster(tmp_path / shape, files, inside=inside))
    assert roster.format == f"oneroster-{version}"
    assert (len(roster.people), len(roster.orgs), roster.dropped["students"]) == (40, 4, 15)
    assert len(roster.roles) == 41  # number 20 works at two schools
    assert [role.primary for role in roster.roles if role.person_sourced_id == "T20"] == [True, False]
    assert (roster.errors, roster.warnings) == ((), ())


def test_versions_1_1_and_1_2_of_one_district_read_the_same(tmp_path: Path) -> None:
    old = read(tmp_path / "old", roster_files(version="1.1", staff=60, schools=4))
    new = read(tmp_path / "new", roster_files(version="1.2", staff=60, schools=4))
    assert (old.people, old.orgs, old.classes, old.enrolments) == (new.people, new.orgs, new.classes, new.enrolments)
    assert {asdict(role)["person_sourced_id"] for role in old.roles} == {role.person_sourced_id for role in new.roles}


def test_no_password_student_or_demographic_leaves_the_reader(tmp_path: Path) -> None:
    files = roster_files(staff=5, students=5)
    files["demographics.csv"] = b"sourcedId,birthDate,sex\r\nP1,2012-02-03,female\r\n"
    broken = f"T9,,,{PASSWORD},S1,teacher,u,{PASSWORD},{PASSWORD},,,,{PASSWORD},,,,,{PASSWORD}"
    roster = read(tmp_path, with_rows(files, "users.csv", broken, f"{broken},{PASSWORD}"))
    assert len(roster.errors) == 2
    text = repr(roster)
    assert PASSWORD not in text.replace("given_name='" + PASSWORD, "")
    assert "2012-02-03" not in text
    assert "'P1'" not in text
    assert roster.dropped == {"students": 5, "demographics": 1}


def test_students_come_only_when_asked_for(tmp_path: Path) -> None:
    path = write_roster(tmp_path / "r.zip", roster_files(version="1.2", staff=3, students=4))
    assert len(read_roster(path).people) == 3
    roster = read_roster(path, include_students=True)
    assert Counter(role.role for role in roster.roles) == {"student": 4, "teacher": 2, "administrator": 1}


def test_a_teacher_who_is_also_a_parent_is_staff(tmp_path: Path) -> None:
    files = with_rows(roster_files(version="1.2", staff=3), "roles.csv", "R90,,,T1,secondary,parent,,,S1,")
    roster = read(tmp_path, files)
    assert {person.sourced_id for person in roster.people} == {"T0", "T1", "T2"}
    assert "parent" not in {role.role for role in roster.roles}


@pytest.mark.parametrize(
    ("word", "kept"),
    [
        ("aide", "aide"),
        ("siteadministrator", "siteAdministrator"),
        ("DistrictAdministrator", "districtAdministrator"),
        ("proctor", "proctor"),
        ("principal", "principal"),
        ("counselor", "counselor"),
        ("ext:instructionalCoach", "ext:instructionalCoach"),
        ("Parent", None),
        ("guardian", None),
        ("relative", None),
        ("ext:student", None),
    ],
)
def test_role_words_are_kept_as_text_and_only_staff_come_in(tmp_path: Path, word: str, kept: str | None) -> None:
    line = f"X1,,,true,S1,{word},x1,,Ann,Other,,,,,,,,"
    roster = read(tmp_path, with_rows(roster_files(staff=2), "users.csv", line))
    assert [role.role for role in roster.roles if role.person_sourced_id == "X1"] == ([kept] if kept else [])
    assert ("X1" in {person.sourced_id for person in roster.people}) is bool(kept)
    assert roster.errors == ()


def test_facts_of_the_profile_win_over_the_classes_taught(tmp_path: Path) -> None:
    files = roster_files(staff=3)
    plain = {person.sourced_id: person for person in read(tmp_path / "plain", files).people}
    assert plain["T1"].grades and plain["T1"].subjects
    files["staff-profile.csv"] = (
        b"sourcedId,position_title,grades,subjects,years_experience\r\n"
        b'T1,Reading Coach,"k,1,9",Reading; Writing,12.50\r\nT2,,,,ninety\r\nGHOST,,,,3\r\n'
    )
    roster = read(tmp_path / "profiled", files)
    person = {person.sourced_id: person for person in roster.people}["T1"]
    assert (person.grades, person.subjects) == (("KG", "01", "09"), ("Reading", "Writing"))
    assert (person.years_experience, person.position_title) == (12, "Reading Coach")
    assert problems(roster) == [("staff-profile.csv", 3, "years_experience")]
    assert [warning.field for warning in roster.warnings] == ["sourcedId"]
    assert len(roster.people) == 3


# ----------------------------------------------------------------------------------------------------------- modes


def test_absent_means_left_alone_and_an_empty_bulk_file_means_the_empty_set(tmp_path: Path) -> None:
    files = roster_files(staff=3)
    files["enrollments.csv"] = table_bytes(HEADERS["enrollments"], [])
    del files["courses.csv"]
    stems = ["orgs", "academicSessions", "classes", "users", "enrollments"]
    files["manifest.csv"] = manifest_bytes("1.1", {**dict.fromkeys(stems, "bulk"), "courses": "absent"})
    roster = read(tmp_path, files)
    assert (roster.modes["courses"], roster.modes["enrollments"]) == ("absent", "bulk")
    assert (roster.courses, roster.enrolments, roster.errors) == ((), (), ())


def test_a_file_the_manifest_calls_absent_is_not_read(tmp_path: Path) -> None:
    files = roster_files(staff=3)
    modes = {"orgs": "bulk", "users": "bulk", "classes": "absent"}
    roster = read(tmp_path, files | {"manifest.csv": manifest_bytes("1.1", modes)})
    assert (roster.classes, roster.enrolments) == ((), ())
    assert {warning.file for warning in roster.warnings} >= {"classes.csv", "enrollments.csv"}


def test_without_a_manifest_everything_is_the_complete_set_with_a_warning(tmp_path: Path) -> None:
    files = roster_files(version="1.2", staff=3)
    del files["manifest.csv"]
    roster = read(tmp_path, files)
    assert (roster.format, set(roster.modes.values())) == ("oneroster-1.2", {"bulk"})
    assert [(warning.file, warning.row) for warning in roster.warnings] == [("manifest.csv", 0)]


def test_a_promised_file_that_is_missing_stops_the_delivery(tmp_path: Path) -> None:
    files = roster_files(staff=3)
    del files["users.csv"]
    with pytest.raises(RosterUnreadable, match=r"^users\.csv: is missing, though the manifest says it is bulk"):
        read(tmp_path, files)


def test_delta_rows_need_status_and_date_and_may_point_at_what_is_known(tmp_path: Path) -> None:
    person = {"role": "teacher", "orgSourcedIds": "S7", "givenName": "Ann", "familyName": "Lee"}
    rows = [
        {**person, "sourcedId": "A1", "status": "active", **STAMP},
        {**person, "sourcedId": "A2", **STAMP},
        {**person, "sourcedId": "A3", "status": "active"},
        {**person, "sourcedId": "A4", "status": "active", **STAMP, "orgSourcedIds": "NOWHERE"},
        {**person, "sourcedId": "A5", "status": "inactive", **STAMP},
        {"sourcedId": "A6", "status": "tobedeleted", **STAMP},
        {**person, "sourcedId": "A7", "status": "active", "dateLastModified": "yesterday"},
    ]
    known = frozenset({"A6", "OLD"})
    roster = read(tmp_path, delta("1.1", users=rows), known_orgs=frozenset({"S7"}), known_people=known)
    assert roster.modes["users"] == roster.modes["roles"] == "delta"
    assert roster.modes["orgs"] == "absent"
    assert [(row.sourced_id, row.status) for row in roster.people] == [
        ("A1", "active"),
        ("A5", "tobedeleted"),
        ("A6", "tobedeleted"),
    ]
    assert problems(roster) == [
        ("users.csv", 3, "status"),
        ("users.csv", 4, "dateLastModified"),
        ("users.csv", 5, "orgSourcedIds"),
        ("users.csv", 8, "dateLastModified"),
    ]
    assert roster.refused["roles"] >= {"A2", "A3", "A4"}


def test_known_ids_do_not_excuse_an_orphan_in_a_complete_file(tmp_path: Path) -> None:
    line = "X1,,,true,S7,teacher,x1,,Ann,Other,,,,,,,,"
    roster = read(tmp_path, with_rows(roster_files(staff=2), "users.csv", line), known_orgs=frozenset({"S7"}))
    assert problems(roster) == [("users.csv", 4, "orgSourcedIds")]
    assert roster.refused["users"] == {"X1"}


def test_modes_may_be_mixed_in_one_delivery(tmp_path: Path) -> None:
    files = roster_files(version="1.2", staff=4)
    modes = dict.fromkeys(["orgs", "users", "roles", "classes", "courses", "academicSessions"], "bulk")
    row = {"sourcedId": "E9", "classSourcedId": "K1-0", "userSourcedId": "T2", "role": "teacher", "status": "active"}
    files["enrollments.csv"] = table_bytes(HEADERS["enrollments"], [{**row, **STAMP}])
    roster = read(tmp_path, files | {"manifest.csv": manifest_bytes("1.2", {**modes, "enrollments": "delta"})})
    assert [row.sourced_id for row in roster.enrolments] == ["E9"]
    assert {person.subjects for person in roster.people} == {
        ()
    }  # a part of the enrolments does not tell who teaches what
    assert roster.errors == ()


# ------------------------------------------------------------------------------------------------- orphans, doubles


def test_orphans_are_refused_one_by_one_and_the_rest_loads(tmp_path: Path) -> None:
    files = roster_files(version="1.2", staff=4, schools=1)  # orgs: rows 2-3; users: 2-5; roles: 2-5
    files = with_rows(files, "orgs.csv", "S9,,,Lost School,school,S9,NOWHERE", "S10,,,Annexe,school,S10,S9")
    files = with_rows(files, "orgs.csv", "L1,,,Loop one,school,,L2", "L2,,,Loop two,school,,L1", "L3,,,Tail,school,,L1")
    files = with_rows(files, "roles.csv", "R8,,,T1,secondary,teacher,,,S10,", "R9,,,GHOST,primary,teacher,,,S1,")
    files = with_rows(files, "classes.csv", "K9,,,Chess,,,,,,S9,Y26,,,")
    last = files["enrollments.csv"].count(b"\n")
    files = with_rows(files, "enrollments.csv", "E8,,,K9,S9,T1,teacher,,,", "E9,,,K1-0,S1,GHOST,teacher,,,")
    roster = read(tmp_path, files)
    assert problems(roster) == [
        ("classes.csv", files["classes.csv"].count(b"\n"), "schoolSourcedId"),
        ("enrollments.csv", last + 1, "classSourcedId"),
        ("enrollments.csv", last + 2, "userSourcedId"),
        *(("orgs.csv", row, "parentSourcedId") for row in (4, 5, 6, 7, 8)),
        ("roles.csv", 6, "orgSourcedId"),
        ("roles.csv", 7, "userSourcedId"),
    ]
    assert (len(roster.orgs), len(roster.people), len(roster.roles)) == (2, 4, 4)
    assert {error.reason for error in roster.errors if error.file == "orgs.csv"} == {
        "names an organisation that is not in the orgs file",
        "names a parent that was itself refused",
        "closes a circle of parents",
    }
    assert roster.refused["orgs"] == {"S9", "S10", "L1", "L2", "L3"}


def test_a_person_with_one_good_and_one_unknown_school_keeps_the_good_one(tmp_path: Path) -> None:
    line = 'X1,,,true,"S1, S99",teacher,x1,,Ann,Other,,,,,,,,'
    roster = read(tmp_path, with_rows(roster_files(staff=2), "users.csv", line))
    assert [role.org_sourced_id for role in roster.roles if role.person_sourced_id == "X1"] == ["S1"]
    assert problems(roster) == [("users.csv", 4, "orgSourcedIds")]


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@pytest.mark.parametrize("file", ["orgs.csv", "users.csv", "classes.csv", "enrollments.csv", "courses.csv"])
def test_the_second_row_of_an_id_is_an_error(tmp_path: Path, version: Version, file: str) -> None:
    files = roster_files(version=version, staff=3)
    again = files[file].splitlines()[-1].decode()
    roster = read(tmp_path, with_rows(files, file, again))
    assert problems(roster) == [(file, files[file].count(b"\n") + 1, "sourcedId")]
    assert len(roster.people) == 3


def test_a_thousand_parents_deep_is_no_trouble(tmp_path: Path) -> None:
    chain = [f"N{n},,,Level {n},school,,N{n + 1}" for n in range(5_000)] + ["N5000,,,Top,district,,"]
    roster = read(tmp_path, with_rows(roster_files(staff=2), "orgs.csv", *chain))
    assert (len(roster.orgs), roster.errors) == (3 + 5_001, ())


def test_an_sds_1_teacher_of_two_schools_has_two_rows(tmp_path: Path) -> None:
    header = "SIS ID,School SIS ID,First Name,Last Name,Username,Password,Status"
    files = {
        "School.csv": b"SIS ID,Name\r\n1,North\r\n2,South\r\n",
        "Teacher.csv": f"{header}\r\n7,1,Ann,Lee,alee@x.example,pw,Active\r\n7,2,Ann,Lee,alee@x.example,pw,Active\r\n"
        "7,2,Ann,Lee,alee@x.example,pw,Active\r\n8,9,Bo,Ray,bray,pw,Active\r\n".encode(),
    }
    roster = read(tmp_path, files)
    assert [(role.org_sourced_id, role.primary) for role in roster.roles] == [("1", True), ("2", False)]
    assert [person.email for person in roster.people] == ["alee@x.example"]
    assert problems(roster) == [("Teacher.csv", 4, "SIS ID"), ("Teacher.csv", 5, "School SIS ID")]


def test_nothing_that_could_be_a_roster_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(RosterUnreadable, match="holds no roster"):
        read(tmp_path / "empty", {"notes.csv": b"a\r\n"})
    with pytest.raises(RosterUnreadable, match="neither a folder nor a file"):
        read_roster(tmp_path / "nowhere")
    (tmp_path / "fake.zip").write_bytes(b"PK nonsense")
    with pytest.raises(RosterUnreadable, match=r"fake\.zip: is not a zip file"):
        read_roster(tmp_path / "fake.zip")
    write_roster(tmp_path / "two", roster_files(staff=1), inside="a")
    write_roster(tmp_path / "two", roster_files(staff=1), inside="b")
    with pytest.raises(RosterUnreadable, match="more than one roster"):
        read_roster(tmp_path / "two")
    newer = roster_files(staff=1) | {"manifest.csv": manifest_bytes("2.0", {"users": "bulk"})}
    with pytest.raises(RosterUnreadable, match="a OneRoster version other than"):
        read(tmp_path / "newer", newer)


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    folder = write_roster(tmp_path / "r", roster_files(staff=2))
    (tmp_path / "elsewhere.csv").write_bytes((folder / "users.csv").read_bytes())
    (folder / "users.csv").unlink()
    (folder / "users.csv").symlink_to(tmp_path / "elsewhere.csv")
    with pytest.raises(RosterUnreadable, match=r"users\.csv: is missing"):
        read_roster(folder)
