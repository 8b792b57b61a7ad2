"""`lantern tenants` and `lantern create-tenant`: whose installation this is."""

from __future__ import annotations

import click

from lantern.cli import boot, screen


@click.command()
def tenants() -> None:
    """List the states, regions and districts that live here.

    With the id of each, for commands that must not mistake one for another.
    """
    boot.django()
    from lantern.domain.people import queries as people

    found = people.list_tenants()
    if not found:
        screen.say("None yet. See: lantern create-tenant --help")
        return
    by_id = {tenant.pk: tenant for tenant in found}
    rows = [
        (one.kind, one.name, by_id[one.parent_id].name if one.parent_id in by_id else "", str(one.pk)) for one in found
    ]
    screen.table(rows, ("kind", "name", "below", "id"))


@click.command("create-tenant")
@click.argument("kind", type=click.Choice(["state", "region", "district"]))
@click.argument("name")
@click.option("--below", metavar="NAME", help="The state or region it belongs to: name, identifier or id.")
@click.option("--identifier", default="", help="Its official number, such as an NCES id.")
def create_tenant(kind: str, name: str, below: str | None, identifier: str) -> None:
    """Add a state, a region or a district.

    Each is a tenant of its own: nobody sees the people of another. What a state or region publishes (frameworks,
    resources, aims, rules) is there for those below it. Schools come with the roster, or are added in `manage`.

    \b
    Examples:
      lantern create-tenant district "Riverbend School District"
      lantern create-tenant region "River Valley" --below "State of Maple"
    """
    boot.django()
    from lantern.domain.people import commands, queries

    parent = queries.find_tenant(below) if below else None
    if any(one.name.casefold() == name.strip().casefold() and one.kind == kind for one in queries.list_tenants()):
        raise click.ClickException(f"there is a {kind} called {name!r} already")
    tenant = commands.create_tenant(kind, name, parent.pk if parent else None, identifier)
    screen.say(f"{tenant.name} is here: {tenant.pk}")
    screen.say(f'Next: lantern createuser --role operator --tenant "{tenant.name}"')


COMMANDS = {"tenants": tenants, "create-tenant": create_tenant}
