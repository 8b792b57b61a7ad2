"""A roster carried into Lantern: real files with their counts, repeats, leavers, and what a file may never do."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from lantern.domain.people import commands, queries
from lantern.domain.people.models import Account, Membership, Organisation, Person
from lantern.domain.people.types import ImportReport
from lantern.interop.oneroster.mapping import grades_of, role_and_job
from lantern.interop.oneroster.sync import run_roster_import
from lantern.kernel import clock, tenancy
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid, NotAllowed
from lantern.kernel.events.models import EventRecord
from tests.cast import Cast, acting, make_tenant, system_of
from tests.interop.roster_factory import manifest_bytes, roster_files, write_roster


@contextmanager
def district(name: str) -> Iterator[Actor]:
    actor = system_of(make_tenant("district", name))
    with tenancy.within(actor.tenancy):
        yield actor


def changed(report: ImportReport) -> dict[str, dict[str, int]]:
    return {thing: one for thing, one in report.counts.items() if set(one) - {"unchanged"}}


def rows_of(files: dict[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[name].decode())))


def bytes_of(rows: list[dict[str, str]], header: list[str] | None = None) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, header or list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def snapshot() -> list[object]:
    return [
        sorted(Organisation.objects.values_list("sourced_id", "name", "active", "identifier")),
        sorted(Person.objects.values_list("sourced_id", "given_name", "job_kind", "active", "grades_mask"), key=str),
        sorted(Membership.objects.values_list("person__sourced_id", "organisation__name", "role", "ends_on"), key=str),
    ]


# ---------------------------------------------------------------------------------------------------------- real files


@pytest.mark.django_db
def test_the_real_district_comes_in_whole_and_only_once(shared_data: Path) -> None:
    path = shared_data / "rosters/ed-fi-grand-bend/oneroster-1.1-csv"
    with district("Grand Bend ISD") as actor:
        preview = run_roster_import(actor, path, dry_run=True)
        assert Person.objects.count() == 0
        assert preview.outcome == "previewed"
        report = run_roster_import(actor, path)
        assert report.outcome == "done"
        assert report.format == "oneroster-1.1"
        assert preview.counts == report.counts
        assert report.counts == {
            "organisations": {"created": 3},
            "people": {"created": 68},
            "roles": {"created": 68},
        }
        assert report.dropped == {"students": 960}
        assert report.errors == ()
        assert Account.objects.count() == 0
        before = snapshot()
        again = run_roster_import(actor, path)
        assert again.changes == 0
        assert again.counts["people"] == {"unchanged": 68}
        assert snapshot() == before
        assert EventRecord.objects.filter(name="RosterImported").count() == 1


@pytest.mark.django_db
def test_the_real_profile_facts_and_roles_arrive_and_give_no_more_power_than_a_principals(shared_data: Path) -> None:
    with district("Grand Bend ISD") as actor:
        run_roster_import(actor, shared_data / "rosters/ed-fi-grand-bend/oneroster-1.1-csv")
        leaders = Membership.objects.filter(role="school_leader").values_list("person__job_title", flat=True)
        assert sorted(leaders) == [
            "Elementary School Administrator",
            "Elementary School Principal",
            "High School Principal",
            "High School School Administrator",
            "Middle School Principal",
            "Middle School School Administrator",
        ]
        assert set(Membership.objects.values_list("role", flat=True)) == {"educator", "school_leader"}
        superintendent = Person.objects.get(job_title="Superintendent")
        assert superintendent.job_kind == "district_staff"
        assert superintendent.memberships.get().organisation_id == actor.tenancy.own
        assert Person.objects.get(job_title="High School Counselor").job_kind == "counsellor"
        first_grade = Person.objects.filter(job_title="1st Grade teacher").first()
        assert first_grade is not None
        assert first_grade.grades == ("1",)
        assert first_grade.subjects
        assert first_grade.years_experience is not None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("folder", "name", "counts", "dropped"),
    [
        (
            "oneroster-1.1-small",
            "Grand Bend ISD",
            {"organisations": {"created": 1}, "people": {"created": 2}, "roles": {"created": 2}},
            {"students": 8, "student_enrolments": 20, "demographics": 8},
        ),
        (
            "sds-v1-100-users",
            "Contoso",
            {"organisations": {"created": 2}, "people": {"created": 12}, "roles": {"created": 12}},
            {"students": 86, "student_enrolments": 602},
        ),
        (
            "sds-v2.1-csv",
            "Ministry of TwoDotOne",
            {"organisations": {"created": 2}, "people": {"created": 2}, "roles": {"created": 3}},
            {"students": 4, "people_without_role": 2, "demographics": 6},
        ),
    ],
)
def test_every_real_format_has_its_counts(
    shared_data: Path, folder: str, name: str, counts: dict[str, dict[str, int]], dropped: dict[str, int]
) -> None:
    with district(name) as actor:
        report = run_roster_import(actor, shared_data / "rosters" / folder)
        assert report.counts == counts
        assert dropped.items() <= report.dropped.items()
        assert run_roster_import(actor, shared_data / "rosters" / folder).changes == 0


# ------------------------------------------------------------------------------------------------- leavers and movers


@pytest.mark.django_db
@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_who_is_missing_from_a_whole_set_has_left_and_comes_back(tmp_path: Path, version: str) -> None:
    files = roster_files(version=version, staff=30, schools=3)  # type: ignore[arg-type]  # one of the two
    smaller = dict(files)
    kept = [row for row in rows_of(files, "users.csv") if row["sourcedId"] != "T7"]
    smaller["users.csv"] = bytes_of(kept)
    if version == "1.2":
        smaller["roles.csv"] = bytes_of([row for row in rows_of(files, "roles.csv") if row["userSourcedId"] != "T7"])
    smaller["enrollments.csv"] = bytes_of(
        [row for row in rows_of(files, "enrollments.csv") if row["userSourcedId"] != "T7"]
    )
    with district("Harbor Unified") as actor:
        run_roster_import(actor, write_roster(tmp_path / "a.zip", files))
        report = run_roster_import(actor, write_roster(tmp_path / "b.zip", smaller))
        assert changed(report) == {"people": {"unchanged": 29, "deactivated": 1}}
        left = Person.objects.get(sourced_id="T7")
        assert (left.active, left.ended_on) == (False, clock.today())
        assert left.memberships.get().ends_on == clock.today() - timedelta(days=1)
        assert run_roster_import(actor, write_roster(tmp_path / "b.zip", smaller)).changes == 0
        back = run_roster_import(actor, write_roster(tmp_path / "a.zip", files))
        assert back.counts["people"] == {"unchanged": 29, "updated": 1}
        left.refresh_from_db()
        assert (left.active, left.ended_on) == (True, None)
        assert left.memberships.get().ends_on is None


@pytest.mark.django_db
def test_too_many_leavers_are_refused_with_their_number_unless_allowed(tmp_path: Path) -> None:
    files = roster_files(version="1.1", staff=20)
    half = files | {"users.csv": bytes_of(rows_of(files, "users.csv")[:10])}
    with district("Harbor Unified") as actor:
        run_roster_import(actor, write_roster(tmp_path / "a.zip", files))
        before = snapshot()
        cut = write_roster(tmp_path / "half.zip", half)
        for dry_run in (True, False):
            report = run_roster_import(actor, cut, dry_run=dry_run)
            assert "10 of 20 people (50 %) would end" in report.refusal
            assert report.counts["people"]["deactivated"] == 10
            assert snapshot() == before
        assert report.outcome == "refused"
        assert run_roster_import(actor, cut, most_removed=True).outcome == "done"
        assert Person.objects.filter(active=True).count() == 10


@pytest.mark.django_db
def test_a_header_without_rows_is_an_empty_set_and_refused(tmp_path: Path) -> None:
    files = roster_files(version="1.2", staff=10)
    header = files["users.csv"].splitlines(keepends=True)[0]
    empty = files | {"users.csv": header, "roles.csv": files["roles.csv"].splitlines(keepends=True)[0]}
    with district("Harbor Unified") as actor:
        run_roster_import(actor, write_roster(tmp_path / "a.zip", files))
        assert "10 of 10 people" in run_roster_import(actor, write_roster(tmp_path / "b.zip", empty)).refusal
        assert Person.objects.filter(active=True).count() == 10


@pytest.mark.django_db
def test_a_file_that_is_absent_leaves_alone_and_a_change_file_removes_only_what_it_names(tmp_path: Path) -> None:
    files = roster_files(version="1.2", staff=20)
    with district("Harbor Unified") as actor:
        run_roster_import(actor, write_roster(tmp_path / "a.zip", files))
        stamp = {"status": "active", "dateLastModified": "2026-11-01T00:00:00Z"}
        people = rows_of(files, "users.csv")
        change = [people[3] | stamp | {"givenName": "Renamed"}, people[4] | stamp | {"status": "tobedeleted"}]
        delta = {
            "users.csv": bytes_of(change),
            "manifest.csv": manifest_bytes("1.2", {"users": "delta"} | dict.fromkeys(("orgs", "roles"), "absent")),
        }
        report = run_roster_import(actor, write_roster(tmp_path / "b.zip", delta))
        assert report.errors == ()
        assert changed(report) == {"people": {"updated": 1, "deactivated": 1}}
        assert Person.objects.get(sourced_id="T3").given_name == "Renamed"
        assert not Person.objects.get(sourced_id="T4").active
        assert Membership.objects.filter(ends_on=None).count() == Membership.objects.count() - 1
        assert run_roster_import(actor, write_roster(tmp_path / "b.zip", delta)).changes == 0


@pytest.mark.django_db
def test_several_schools_and_roles_each_and_a_move_ends_only_the_old_role(tmp_path: Path) -> None:
    files = roster_files(version="1.2", staff=20, schools=3)
    people = rows_of(files, "roles.csv")
    extra = people[1] | {"sourcedId": "R-extra", "orgSourcedId": "D1", "roleType": "secondary", "role": "administrator"}
    with district("Harbor Unified") as actor:
        run_roster_import(actor, write_roster(tmp_path / "a.zip", files | {"roles.csv": bytes_of([*people, extra])}))
        person = Person.objects.get(sourced_id=extra["userSourcedId"])
        assert person.memberships.count() == 2
        assert person.memberships.filter(primary=True).count() == 1
        old = people[1]["orgSourcedId"]
        moved = [row | {"orgSourcedId": "S1" if old != "S1" else "S2"} if row is people[1] else row for row in people]
        report = run_roster_import(actor, write_roster(tmp_path / "b.zip", files | {"roles.csv": bytes_of(moved)}))
        assert report.refusal == ""
        assert report.counts["roles"]["created"] == 1
        assert report.counts["roles"]["deactivated"] == 2
        assert "deactivated" not in report.counts["people"]


@pytest.mark.django_db
def test_orphans_are_refused_one_by_one_and_nobody_leaves_for_a_fault_of_the_file(tmp_path: Path) -> None:
    files = roster_files(version="1.1", staff=20)
    with district("Harbor Unified") as actor:
        run_roster_import(actor, write_roster(tmp_path / "a.zip", files))
        rows = rows_of(files, "users.csv")
        rows[2]["orgSourcedIds"] = "nowhere"
        rows[3]["enabledUser"] = "perhaps"
        report = run_roster_import(actor, write_roster(tmp_path / "b.zip", files | {"users.csv": bytes_of(rows)}))
        assert [(error.file, error.row, error.field) for error in report.errors if error.file == "users.csv"] == [
            ("users.csv", 4, "orgSourcedIds"),
            ("users.csv", 5, "enabledUser"),
        ]
        assert report.counts["people"]["rejected"] == 2
        assert report.changes == 0
        assert Person.objects.filter(active=True).count() == 20


# -------------------------------------------------------------------------------------------------- what is not touched


def test_people_added_by_hand_and_what_she_put_right_herself_stay(cast: Cast, tmp_path: Path) -> None:
    with tenancy.unscoped("test"):
        Organisation.objects.filter(pk=cast.district.pk).update(identifier="D1")
    path = write_roster(tmp_path / "a.zip", roster_files(version="1.1", staff=20))
    with acting(cast.operator) as actor:
        before = set(Person.objects.values_list("pk", "given_name", "active"))
        run_roster_import(actor, path)
        assert before <= set(Person.objects.values_list("pk", "given_name", "active"))
        teacher = Person.objects.get(sourced_id="T5")
        commands.grant_role(actor, person_id=teacher.pk, organisation_id=cast.school.pk, role="coach")
    me = queries.actor_for(teacher.pk, teacher.tenant_id)
    with tenancy.within(me.tenancy):
        commands.finish_start(me, grades=["PK"], job_kind="librarian")
    with acting(cast.operator) as actor:
        assert run_roster_import(actor, path).changes == 0
        teacher.refresh_from_db()
        assert (teacher.grades, teacher.job_kind) == (("PK",), "librarian")
        assert teacher.memberships.filter(role="coach", ends_on=None).exists()


def test_a_role_ended_by_hand_is_not_brought_back(cast: Cast, tmp_path: Path) -> None:
    with tenancy.unscoped("test"):
        Organisation.objects.filter(pk=cast.district.pk).update(identifier="D1")
    path = write_roster(tmp_path / "a.zip", roster_files(version="1.1", staff=20))
    with acting(cast.operator) as actor:
        run_roster_import(actor, path)
        leader = Membership.objects.filter(role="school_leader", source="roster").first()
        assert leader is not None
    with acting(cast.operator) as actor:
        commands.end_role(actor, membership_id=leader.pk)
        assert run_roster_import(actor, path).changes == 0
        leader.refresh_from_db()
        assert leader.ends_on is not None


def test_a_person_with_the_address_of_somebody_added_by_hand_is_refused(cast: Cast, tmp_path: Path) -> None:
    with tenancy.unscoped("test"):
        Organisation.objects.filter(pk=cast.district.pk).update(identifier="D1")
        Person.objects.filter(pk=cast.novice.pk).update(email="T5@harbor.example")
    with acting(cast.operator) as actor:
        report = run_roster_import(actor, write_roster(tmp_path / "a.zip", roster_files(version="1.1", staff=20)))
        assert report.counts["people"] == {"created": 19, "rejected": 1}
        assert [error.reason for error in report.errors] == [
            "T5 has the address of somebody who was added by hand; end that entry first"
        ]


def test_a_school_added_by_hand_is_taken_over_not_doubled(cast: Cast, tmp_path: Path) -> None:
    with tenancy.unscoped("test"):
        Organisation.objects.filter(pk=cast.district.pk).update(identifier="D1")
        Organisation.objects.filter(pk=cast.school.pk).update(name="Harbor School 1")
    with acting(cast.operator) as actor:
        report = run_roster_import(actor, write_roster(tmp_path / "a.zip", roster_files(version="1.1")))
        assert report.counts["organisations"] == {"updated": 1, "created": 1}
        assert queries.get_organisation(actor, cast.school.pk).sourced_id == "S1"


def test_a_roster_of_another_district_is_refused_whole(cast: Cast, tmp_path: Path) -> None:
    with acting(cast.operator) as actor:
        with pytest.raises(Invalid, match="Harbor Unified"):
            run_roster_import(actor, write_roster(tmp_path / "a.zip"))
        assert not Person.objects.filter(source="roster").exists()


@pytest.mark.parametrize("who", ["novice", "principal", "coach", "official"])
def test_rosters_are_for_operators_and_coordinators_of_a_district(cast: Cast, tmp_path: Path, who: str) -> None:
    with acting(getattr(cast, who)) as actor, pytest.raises(NotAllowed):
        run_roster_import(actor, write_roster(tmp_path / "a.zip"))


@pytest.mark.django_db
def test_a_file_that_cannot_be_read_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"no zip")
    with district("Harbor Unified") as actor:
        for path in (tmp_path / "a.zip", tmp_path / "nothing"):
            with pytest.raises(Invalid):
                run_roster_import(actor, path)
        assert Person.objects.count() == 0


@pytest.mark.parametrize(
    ("word", "title", "at_district", "meant"),
    [
        ("teacher", None, False, ("educator", "teacher")),
        ("aide", None, False, ("educator", "paraprofessional")),
        ("principal", None, False, ("school_leader", "school_leader")),
        ("administrator", None, False, ("school_leader", "school_leader")),
        ("administrator", "School Clerk", False, ("educator", "other")),
        ("administrator", None, True, ("educator", "district_staff")),
        ("districtAdministrator", None, True, ("educator", "district_staff")),
        ("systemAdministrator", None, False, ("educator", "district_staff")),
        ("ext:operator", None, True, ("educator", "other")),
        ("administrator", "School nurse", False, ("educator", "nurse")),
    ],
)
def test_a_file_gives_no_power_but_a_principals(
    word: str, title: str | None, at_district: bool, meant: tuple[str, str]
) -> None:
    assert role_and_job(word, title, at_district=at_district) == meant


def test_grades_are_read_in_order() -> None:
    assert grades_of(("12", "KG", "PR", "01", "IT", "PS1")) == ("PK", "K", "1", "12")


@pytest.mark.slow
@pytest.mark.django_db
def test_five_thousand_people_come_in_once(tmp_path: Path) -> None:
    path = write_roster(tmp_path / "a.zip", roster_files(version="1.2", staff=5_000, schools=60))
    with district("Harbor Unified") as actor:
        told: list[str] = []
        report = run_roster_import(actor, path, progress=lambda done, total, words: told.append(words))
        assert report.counts["people"] == {"created": 5_000}
        assert told[0] == "Reading the files"
        assert told[-1] == "Finished"
        assert run_roster_import(actor, path).changes == 0
