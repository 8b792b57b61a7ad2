"""How quickly the audit trail is checked, and what one row costs the act that leaves it."""

from __future__ import annotations

import time
from uuid import uuid4

from django.db import transaction

from lantern.engine import audit_chain
from lantern.kernel import audit, clock, tenancy
from lantern.kernel.actor import system
from lantern.kernel.audit import COLUMNS, Asked, AuditRecord, Outcome, chains
from tests.cast import make_tenant

TARGETS = {"verify: CPU µs a row": 20, "one row: CPU ms": 3}
ROWS = 100_000
ONE_BY_ONE = 300


def main() -> dict[str, float | str]:
    """Write a long chain, check it, and add to it as the gate does."""
    scope = tenancy.Tenancy(own=make_tenant("district", f"Audit {uuid4()}").pk)
    with tenancy.within(scope):
        _fill(scope)
        started = time.process_time()
        (checked,) = [one for one in chains.verify({}) if one.chain == scope.own.hex]
        seconds = time.process_time() - started
        assert checked.verdict.rows == ROWS and checked.verdict.fault is None
        asked, actor = Asked("grow:goals_new", "POST", str(uuid4()), (uuid4(),)), system(scope)
        started = time.process_time()
        for _ in range(ONE_BY_ONE):
            with transaction.atomic():
                audit.record(actor, asked, Outcome.DONE, 303)
        row = (time.process_time() - started) / ONE_BY_ONE
    return {
        "verify: CPU µs a row": seconds / ROWS * 1e6,
        "verify: rows a CPU second": round(ROWS / seconds),
        "one row: CPU ms": row * 1000,
    }


def _fill(scope: tenancy.Tenancy) -> None:
    """Write rows as `record` would, many at a time."""
    before, rows = audit_chain.BEGINNING, []
    for number in range(1, ROWS + 1):
        row = AuditRecord(
            tenant_id=scope.own, sequence=number, at=clock.now(), action="grow:goals_new", method="POST",
            outcome="done", status=303, request_id=str(uuid4()), person_id=uuid4(), objects_named=str(uuid4()),
            private=True,
        )  # fmt: skip
        fields = audit.sealed_fields(scope.own.hex, [getattr(row, name) for name in COLUMNS])
        before = row.seal = audit_chain.seal(before, number, fields)
        rows.append(row)
    AuditRecord.objects.bulk_create(rows, batch_size=1_000)
