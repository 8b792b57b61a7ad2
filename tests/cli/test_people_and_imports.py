"""Tenants, people and imports from the command line, on the test database."""

from __future__ import annotations

import io

import pytest

from lantern.domain.people import queries as people
from lantern.kernel import tenancy
from lantern.kernel.actor import system
from tests import cast

pytestmark = pytest.mark.django_db

GOOD = "a quiet morning by the river"
CATALOGUE = "external_id,title,kind,minutes\nA-1,Number talks,course,45\nA-2,,video,10\nA-3,Wait time,video,soon\n"


@pytest.fixture
def district():
    return cast.make_tenant("district", "Riverbend")


def test_tenants_can_be_made_one_below_the_other_and_listed(lantern):
    assert lantern("create-tenant", "state", "Maple").code == 0
    assert lantern("create-tenant", "district", "Riverbend", "--below", "maple").code == 0
    listed = lantern("tenants").out
    assert "Riverbend  Maple" in listed


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("district", "Riverbend", "--below", "Atlantis"), "Atlantis"),
        (("state", "Upside", "--below", "Riverbend"), "cannot stand below"),
        (("district", "  "), "name"),
        (("district", "riverbend"), "already"),
    ],
)
def test_a_tenant_that_cannot_be_is_refused_in_one_line(lantern, district, arguments, reason):
    said = lantern("create-tenant", *arguments)
    assert said.code == 1
    assert reason in said.err
    assert len(people.list_tenants()) == 1


def add_user(lantern, monkeypatch, password, *more):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    return lantern(
        "createuser", "--email", "O.Frey@riverbend.example", "--name", "Olga Frey", "--password-stdin", *more
    )


def test_the_first_operator_can_sign_in_and_manages_the_district(lantern, district, monkeypatch):
    assert add_user(lantern, monkeypatch, GOOD, "--role", "operator").code == 0
    account = people.find_account("o.frey@riverbend.example")
    assert account is not None
    assert account.check_password(GOOD)
    actor = people.actor_for_account(account)
    assert actor is not None
    assert actor.has_over(district.pk, "operator")


@pytest.mark.parametrize(("password", "reason"), [("short", "15"), ("1q2w3e4r5t6y7u8i9o0p", "well-known"), ("", "15")])
def test_a_weak_password_is_refused_and_nobody_is_added(lantern, district, monkeypatch, password, reason):
    said = add_user(lantern, monkeypatch, password)
    assert said.code == 1
    assert "too weak" in said.err
    assert reason in said.err
    assert people.find_account("o.frey@riverbend.example") is None


def test_the_same_person_twice_is_refused(lantern, district, monkeypatch):
    add_user(lantern, monkeypatch, GOOD)
    said = add_user(lantern, monkeypatch, GOOD)
    assert said.code == 1
    assert "already" in said.err


def test_without_a_password_nobody_can_guess_one(lantern, district):
    said = lantern("createuser", "--email", "p@riverbend.example", "--name", "Pat Lee", "--no-password")
    assert said.code == 0
    account = people.find_account("p@riverbend.example")
    assert account is not None
    assert not account.has_usable_password()


def test_a_school_that_is_not_there_is_refused_with_those_that_are(lantern, district):
    cast.make_school(district, "Alder School")
    said = lantern(
        "createuser", "--email", "p@riverbend.example", "--name", "Pat Lee", "--no-password", "--school", "Elm"
    )
    assert said.code == 1
    assert '"Alder School"' in said.err


def test_with_several_tenants_one_has_to_be_named(lantern, district, tmp_path):
    cast.make_tenant("district", "Faraway")
    (tmp_path / "c.csv").write_text(CATALOGUE)
    said = lantern("import", "catalog", tmp_path / "c.csv", "--dry-run")
    assert said.code == 2
    assert '"Faraway", "Riverbend"' in said.err


def titles(district):
    from lantern.domain.catalog import queries as catalog

    actor = system(people.tenancy_of(district.pk))
    with tenancy.within(actor.tenancy):
        return [row.title for row in catalog.list_managed(actor)]


def test_an_import_reports_bad_rows_and_takes_the_others(lantern, district, tmp_path):
    (tmp_path / "c.csv").write_text(CATALOGUE)
    said = lantern("import", "catalog", tmp_path / "c.csv", "--yes", "--errors", tmp_path / "errors.csv")
    assert said.code == 1
    assert "row 3, title: is missing" in said.out
    assert titles(district) == ["Number talks"]
    rows = (tmp_path / "errors.csv").read_text().splitlines()
    assert rows[0] == '"severity","file","row","field","reason"'
    assert len([row for row in rows if row.startswith('"error"')]) == 2
    assert lantern("import", "catalog", tmp_path / "c.csv", "--yes", "--allow-rejected").code == 0


def test_a_dry_run_changes_nothing(lantern, district, tmp_path):
    (tmp_path / "c.csv").write_text(CATALOGUE)
    said = lantern("import", "catalog", tmp_path / "c.csv", "--dry-run")
    assert "nothing was changed" in said.out
    assert titles(district) == []


def test_nobody_there_to_ask_means_yes_has_to_be_said(lantern, district, tmp_path, monkeypatch):
    (tmp_path / "c.csv").write_text(CATALOGUE)
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    said = lantern("import", "catalog", tmp_path / "c.csv")
    assert said.code == 2
    assert "--yes" in said.err
    assert titles(district) == []


@pytest.mark.parametrize("kind", ["roster", "framework", "catalog"])
@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"nothing,known\n1,2\n"])
def test_a_file_of_something_else_is_one_clear_error(lantern, district, tmp_path, kind, content):
    (tmp_path / "thing.csv").write_bytes(content)
    said = lantern("import", kind, tmp_path / "thing.csv", "--yes")
    assert said.code == 1
    assert said.err.startswith("lantern: ")
    assert "Traceback" not in said.err


def test_a_file_that_is_not_there_is_called_wrongly(lantern, district, tmp_path):
    said = lantern("import", "roster", tmp_path / "gone.zip")
    assert said.code == 2
    assert "gone.zip" in said.err


def test_a_problem_that_a_spreadsheet_would_run_is_written_as_text(lantern, district, tmp_path):
    """The file's own words come back in the list of problems: an id such as =1+1 is text there, not a formula."""
    table = "external_id,title,kind\n=1+1,One,video\n=1+1,Two,video\n"
    (tmp_path / "thing.csv").write_text(table)
    lantern("import", "catalog", tmp_path / "thing.csv", "--dry-run", "--errors", tmp_path / "problems.csv")
    written = (tmp_path / "problems.csv").read_text()
    assert "\"'=1+1 was already used in row 2\"" in written
    assert written.startswith('"severity","file","row","field","reason"')
