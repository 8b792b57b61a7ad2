"""`lantern audit`: whether the audit trail is whole, its anchor for paper, and what was asked in offices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from lantern.cli import boot, screen

_FAULTS = {
    "missing": "a row is missing",
    "altered": "a row was altered",
    "not_as_anchored": "the row is not the one that was anchored: the chain was written anew up to here or beyond",
    "cut_short": "the chain ends before its anchor: rows were cut off",
}


@click.group(name="audit")
def group() -> None:
    """Check the audit trail, anchor it, or list what was asked in offices.

    One sealed row stands for each act and each refusal; docs/admin/audit.md says what is in it and what to do when it
    is not whole.

    \b
    Examples:
      lantern audit verify --anchor /media/usb/anchors.jsonl
      lantern audit anchor | lpr
      lantern audit list --tenant Riverbend --outcome denied
    """


@group.command()
@click.option(
    "--anchor",
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Compare with the anchors of this file, kept elsewhere, instead of the installation's own.",
)
def verify(path: Path | None) -> int:
    """Go along every chain and name the first row that is not as it was written; exit with 1 when there is one.

    Without any anchor a cut-off or rewritten end cannot be seen.
    """
    boot.django()
    from lantern.kernel.audit import anchors, chains

    chosen = path or anchors.own_file()
    known: Mapping[str, Mapping[int, str]] = {}
    if chosen.is_file():
        try:
            known = anchors.read(chosen)
        except anchors.NotAnAnchor as problem:
            raise click.ClickException(str(problem)) from None
    names, broken = _tenant_names(), 0
    for one in chains.verify(known):
        name, rows = names.get(one.chain, one.chain), screen.plural(one.verdict.rows, "row")
        fault = one.verdict.fault
        if fault is None:
            held = screen.plural(len(known.get(one.chain, {})), "anchor")
            screen.mark("ok", name, f"{rows}, {held}, seal {one.verdict.seal}")
        else:
            broken += 1
            screen.mark("fault", name, f"chain {one.chain}, row {fault.sequence:,}: {_FAULTS[fault.kind]}")
    if not known:
        screen.mark("note", "anchors", "none to compare with, so an end that was cut off or rewritten cannot be seen")
    return 1 if broken else 0


@group.command()
def anchor() -> None:
    """Write the newest seal of each chain into LANTERN_DATA/audit/anchors.jsonl, and print it for paper."""
    boot.django()
    from lantern.kernel.audit import anchors

    for line in anchors.write():
        screen.say(line)


@group.command(name="list")
@click.option("--tenant", metavar="NAME", help="The state, region or district; not needed when there is one.")
@click.option("--action", metavar="PAGE", help="Only this page, such as manage:people_new.")
@click.option("--outcome", type=click.Choice(["done", "repeated", "denied"]), help="Only what came to this.")
@click.option("--person", type=click.UUID, help="Only what this person asked for.")
@click.option("--since", type=click.DateTime(), help="Only from this moment on (UTC).")
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True, help="At most so many rows.")
@click.option("--door", is_flag=True, help="Strangers who were refused, instead of a tenant's rows.")
def listed(door: bool, tenant: str | None, limit: int, **wanted: Any) -> None:
    """List what was asked in offices, newest first: ids and pages only.

    What educators do for themselves is not listed, here as little as on any page; `lantern audit verify` checks it.
    """
    boot.django()
    from lantern.kernel import audit, tenancy

    if door:
        strangers = audit.DoorRecord.objects.filter(account_id=None).order_by("-sequence")
        found = _narrowed(strangers, {**wanted, "person": None})[:limit]
        rows = [(_moment(row.at), row.address, row.times, row.action, row.method, row.status) for row in found]
        screen.table(rows, ("when (UTC)", "address", "times", "page", "method", "status"))
        return
    from lantern.cli.imports import choose_tenant
    from lantern.domain.people import queries
    from lantern.kernel.actor import system

    scope = queries.tenancy_of(choose_tenant(tenant).pk)
    with tenancy.within(scope):
        acts = _narrowed(audit.list_official(system(scope)), wanted)[:limit]
        screen.table(
            [
                (_moment(row.at), row.person_id, row.action, row.method, row.outcome, row.status, row.objects_named)
                for row in acts
            ],
            ("when (UTC)", "person", "page", "method", "outcome", "status", "about"),
        )


def _narrowed(rows: Any, wanted: Mapping[str, Any]) -> Any:
    filters: dict[str, Any] = {}
    if wanted["since"]:
        from datetime import UTC

        filters["at__gte"] = wanted["since"].replace(tzinfo=UTC)
    for option, column in (("action", "action"), ("outcome", "outcome"), ("person", "person_id")):
        if wanted[option]:
            filters[column] = wanted[option]
    return rows.filter(**filters)


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"


def _tenant_names() -> dict[str, str]:
    from lantern.domain.people import queries
    from lantern.kernel.audit import DOOR

    return {DOOR: "the door"} | {tenant.pk.hex: tenant.name for tenant in queries.list_tenants()}


COMMANDS = {"audit": group}
