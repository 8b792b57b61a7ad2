"""The audit trail in the database: dense chains, tampering that shows, anchors kept elsewhere (trust.md F2)."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core import mail
from django.db import connection, transaction

from lantern.engine import audit_chain
from lantern.flows import schedule
from lantern.kernel import audit, clock, tenancy
from lantern.kernel.actor import system
from lantern.kernel.audit import Asked, Outcome, anchors, chains
from lantern.kernel.audit.models import AuditRecord, DoorRecord
from lantern.kernel.database import guard
from tests.cast import Cast, acting, make_tenant

TAMPERED = 40
"""Databases tampered with in each way."""
ROWS = 50
TABLES = {"lantern_auditrecord": ROWS, "lantern_doorrecord": ROWS}


def fill(tenant_id: UUID, rows: int = ROWS) -> None:
    """Write some rows for a tenant and as many at the door."""
    scope = tenancy.Tenancy(own=tenant_id)
    begin = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
    with tenancy.within(scope), transaction.atomic():
        for number in range(rows):
            asked = Asked(f"grow:page_{number % 7}", "POST", str(uuid4()), (uuid4(),), private=bool(number % 2))
            with clock.standing_at(begin + timedelta(seconds=number)):
                audit.record(system(scope), asked, Outcome.DONE, 303)
                audit.record_at_door(asked, Outcome.DENIED, 403, account_id=uuid4())


@pytest.fixture
def tenant(db: None) -> UUID:
    """A district with a trail."""
    made = make_tenant("district", "Riverbend").pk
    fill(made)
    return made


def faults(known: Any = None) -> list[chains.Checked]:
    """The chains that are not whole."""
    return [one for one in chains.verify(known or {}) if one.verdict.fault]


def anchored() -> dict[str, dict[int, str]]:
    """Today's anchor, as another machine would have it."""
    return {head.chain: {head.sequence: head.seal} for head in chains.heads()}


@contextmanager
def as_superuser(table: str) -> Iterator[Any]:
    """A cursor of somebody who may do anything to a table, whatever guards it; all is undone at the end."""
    place = transaction.savepoint()
    with guard.disarmed(), tenancy.unscoped("test"), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP TRIGGER "{name}"')
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what is still to be checked holds up the next statement
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        yield cursor
    transaction.savepoint_rollback(place)


def edit(cursor: Any, table: str, chance: random.Random) -> None:
    """Change one value of one row."""
    columns = {
        "action": "action || 'x'", "method": "'GET'", "outcome": "'repeated'", "status": "status + 1",
        "request_id": "''", "seal": "'" + "f" * 64 + "'", "sequence": "sequence + 1000",
        "at": f"(SELECT max(at) FROM {table})",  # noqa: S608
    }  # fmt: skip
    column = chance.choice(sorted(columns))
    row = chance.randrange(1, ROWS)
    cursor.execute(f"UPDATE {table} SET {column} = {columns[column]} WHERE sequence = %s", [row])  # noqa: S608
    assert cursor.rowcount == 1


def delete(cursor: Any, table: str, chance: random.Random) -> None:
    """Take one row out of the middle, and close the gap half of the time."""
    row = chance.randrange(1, ROWS)
    cursor.execute(f"DELETE FROM {table} WHERE sequence = %s", [row])  # noqa: S608
    if chance.random() < 0.5:
        for number in range(row + 1, ROWS + 1):
            cursor.execute(f"UPDATE {table} SET sequence = %s WHERE sequence = %s", [number - 1, number])  # noqa: S608


def swap(cursor: Any, table: str, chance: random.Random) -> None:
    """Let two rows change places."""
    one, other = chance.sample(range(1, ROWS + 1), 2)
    for before, after in ((one, 0), (other, one), (0, other)):
        cursor.execute(f"UPDATE {table} SET sequence = %s WHERE sequence = %s", [after, before])  # noqa: S608


def truncate(cursor: Any, table: str, chance: random.Random) -> None:
    """Cut the end off."""
    cursor.execute(f"DELETE FROM {table} WHERE sequence >= %s", [chance.randrange(1, ROWS + 1)])  # noqa: S608


def rewrite_tail(cursor: Any, table: str, chance: random.Random) -> None:
    """Change one row and seal it and all that follow anew, as who has read this program would."""
    first = chance.randrange(1, ROWS + 1)
    cursor.execute(f"UPDATE {table} SET status = 200 WHERE sequence = %s", [first])  # noqa: S608
    chain = next(name for name in chains.names() if (name == audit.DOOR) == (table == "lantern_doorrecord"))
    with tenancy.unscoped("test"):
        before = audit_chain.BEGINNING
        for number, sealed, fields in list(chains._sealed(chain)):
            before = audit_chain.seal(before, number, fields) if number >= first else sealed
            cursor.execute(f"UPDATE {table} SET seal = %s WHERE sequence = %s", [before, number])  # noqa: S608


SEEN_BY_THE_CHAIN = (edit, delete, swap)
SEEN_BY_AN_ANCHOR = (truncate, rewrite_tail)


def found_of(tamper: Callable[..., None], table: str, known: Any) -> int:
    """How many of the tampered databases are found out."""
    found = 0
    for number in range(TAMPERED):
        with as_superuser(table) as cursor:
            tamper(cursor, table, random.Random(f"{tamper.__name__} {number}"))
            found += len(faults(known)) == 1
    return found


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("tamper", SEEN_BY_THE_CHAIN + SEEN_BY_AN_ANCHOR, ids=lambda tamper: tamper.__name__)
def test_every_tampered_database_is_found_with_an_anchor(tenant: UUID, tamper: Any, table: str) -> None:
    assert faults(anchored()) == []
    assert found_of(tamper, table, anchored()) == TAMPERED


@pytest.mark.parametrize("tamper", SEEN_BY_THE_CHAIN, ids=lambda tamper: tamper.__name__)
def test_what_changes_the_middle_is_found_without_one(tenant: UUID, tamper: Any) -> None:
    assert found_of(tamper, "lantern_auditrecord", {}) == TAMPERED


@pytest.mark.parametrize("tamper", SEEN_BY_AN_ANCHOR, ids=lambda tamper: tamper.__name__)
def test_without_an_anchor_the_end_can_be_cut_or_rewritten_unseen(tenant: UUID, tamper: Any) -> None:
    """The positive control of the anchor."""
    assert found_of(tamper, "lantern_auditrecord", {}) == 0


def test_a_chain_that_is_gone_altogether_is_found(tenant: UUID) -> None:
    known = anchored()
    with as_superuser("lantern_auditrecord") as cursor:
        cursor.execute("DELETE FROM lantern_auditrecord")
        (gone,) = faults(known)
    assert gone.chain == tenant.hex and gone.verdict.rows == 0


def test_a_row_moved_into_another_tenants_chain_is_found(tenant: UUID) -> None:
    other = make_tenant("district", "Faraway").pk
    fill(other, 3)
    known = anchored()
    with as_superuser("lantern_auditrecord") as cursor, tenancy.unscoped("test"):
        moved = AuditRecord.objects.filter(tenant_id=tenant).order_by("-sequence")[0]
        kind = connection.ops.adapt_unknown_value if connection.vendor == "postgresql" else (lambda one: one.hex)
        cursor.execute(
            "UPDATE lantern_auditrecord SET tenant_id = %s, sequence = 4 WHERE id = %s", [kind(other), kind(moved.pk)]
        )
        assert {one.chain for one in faults(known)} == {tenant.hex, other.hex}


@pytest.mark.django_db(transaction=True)
def test_a_row_is_written_in_a_transaction_or_not_at_all() -> None:
    scope = tenancy.Tenancy(own=make_tenant("district", "Riverbend").pk)
    with tenancy.within(scope), pytest.raises(RuntimeError, match="inside the transaction"):
        audit.record(system(scope), Asked("a", "POST", ""), Outcome.DONE, 303)


def test_anchors_are_added_to_a_file_and_mailed_to_each_address(tenant: UUID, settings: Any, tmp_path: Path) -> None:
    settings.LANTERN_AUDIT, settings.LANTERN_AUDIT_MAIL = tmp_path / "audit", ["a@example.org", "b@example.org"]
    assert "2 chains anchored, 2 mailed" in schedule.carry_out("audit")
    fill(tenant, 1)
    schedule.carry_out("audit")
    known = anchors.read(anchors.own_file())
    assert {chain: sorted(found) for chain, found in known.items()} == {
        "door": [ROWS, ROWS + 1], tenant.hex: [ROWS, ROWS + 1]
    }  # fmt: skip
    assert faults(known) == []
    assert anchors.own_file().stat().st_mode & 0o077 == 0
    assert [message.to for message in mail.outbox] == [["a@example.org"], ["b@example.org"]] * 2
    saved = tmp_path / "saved.eml"
    saved.write_text(mail.outbox[0].message().as_string())
    assert anchors.read(saved) == {chain: {ROWS: found[ROWS]} for chain, found in known.items()}


def test_a_file_that_is_no_anchor_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "x").write_text('{"chain": "door"}\n')
    with pytest.raises(anchors.NotAnAnchor, match="line 1"):
        anchors.read(tmp_path / "x")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_rows_written_at_the_same_time_stay_in_one_dense_chain() -> None:
    """Eight threads, ten acts each, in one tenant: without the turn two would take the same number."""
    scope = tenancy.Tenancy(own=make_tenant("district", "Riverbend").pk)
    problems: list[Exception] = []

    def act() -> None:
        try:
            for _ in range(10):
                with tenancy.within(scope), transaction.atomic():
                    audit.record(system(scope), Asked("grow:goals_new", "POST", ""), Outcome.DONE, 303)
                    audit.record_at_door(Asked("public:sign_in", "POST", ""), Outcome.DONE, 302)
        except Exception as problem:
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=act) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert [one.verdict.rows for one in chains.verify({})] == [80, 80]
    assert faults() == []


def test_a_persons_id_stays_when_she_is_forgotten_and_the_chain_stays_whole(cast: Cast) -> None:
    from lantern.domain.people import commands as people

    with acting(cast.novice) as nia, transaction.atomic():
        audit.record(nia, Asked("grow:goals_new", "POST", ""), Outcome.DONE, 303)
        people.erase(nia, cast.novice.pk)
    with tenancy.unscoped("test"):
        assert AuditRecord.objects.get().person_id == cast.novice.pk
    assert faults() == []
    assert not DoorRecord.objects.exists()
