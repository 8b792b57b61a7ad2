"""`lantern createuser`, the first operator and anybody else one would rather add from here; `lantern account`, what is
put right for somebody who cannot sign in.
"""

from __future__ import annotations

import sys
from typing import Any, cast

import click

from lantern.cli import boot, screen
from lantern.cli.imports import choose_tenant

ROLES = ("educator", "coach", "school_leader", "coordinator", "official", "operator")
JOBS = (
    "teacher", "paraprofessional", "counsellor", "librarian", "nurse", "school_leader", "coach", "district_staff",
    "other",
)  # fmt: skip


@click.command()
@click.option("--email", prompt="E-mail", help="What the person signs in with.")
@click.option("--name", prompt="Name", help='Given and family name, as in "Elena Marsh".')
@click.option("--role", type=click.Choice(ROLES), default="educator", show_default=True, help="What the person may do.")
@click.option(
    "--job", type=click.Choice(JOBS), default=None, help="What the person does; decides the competency framework."
)
@click.option("--tenant", metavar="NAME", help="The state, region or district; not needed when there is one.")
@click.option("--school", metavar="NAME", help="A school of the district, instead of the district itself.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
@click.option(
    "--no-password",
    is_flag=True,
    help="Set none: the person asks for a link on the sign-in page, or uses single sign-on.",
)
def createuser(password_stdin: bool, no_password: bool, **facts: Any) -> None:
    """Add a person who can sign in.

    Asks for a password twice; one that is short, common or close to the name is refused with the reason.

    \b
    Examples:
      lantern createuser --role operator --email o.frey@riverbend.example --name "Olga Frey"
      lantern createuser --email p.lee@riverbend.example --name "Pat Lee" --job paraprofessional --no-password
    """
    if password_stdin and no_password:
        raise click.UsageError("--password-stdin and --no-password exclude each other")
    boot.django()
    from django.db import transaction

    from lantern.domain.people import commands, queries
    from lantern.kernel import tenancy
    from lantern.kernel.actor import system

    scope = queries.tenancy_of(choose_tenant(facts["tenant"]).pk)
    actor = system(scope)
    with tenancy.within(scope):
        place = _place(actor, facts["school"])
        password = None if no_password else _password(facts["email"], facts["name"], password_stdin)
        given, _, family = facts["name"].strip().rpartition(" ")
        with transaction.atomic():
            person = commands.create_person(
                actor,
                given_name=given,
                family_name=family,
                email=facts["email"],
                job_kind=facts["job"] or _usual_job(facts["role"]),
                organisation_id=place,
                role=facts["role"],
            )
            commands.create_account(actor, person_id=person.pk, email=facts["email"], password=password)
    screen.say(f"{person.full_name} may sign in with {person.email} as {facts['role'].replace('_', ' ')}.")
    if facts["role"] != "educator":
        screen.say("This role needs a second step: signing in leads to setting one up.")
    if no_password:
        screen.say("No password is set. She can ask for a link on the sign-in page, or use single sign-on.")


def _usual_job(role: str) -> str:
    return {"educator": "teacher", "coach": "coach", "school_leader": "school_leader"}.get(role, "district_staff")


def _place(actor: Any, school: str | None) -> Any:
    """Return the id of the school named, or of the tenant. Raises ClickException."""
    from lantern.domain.people import queries

    if not school:
        return actor.tenancy.own
    wanted = school.strip().casefold()
    nodes = [node for node in queries.list_organisations(actor) if node.own and node.kind == "school"]
    found = [node.id for node in nodes if wanted in {node.name.casefold(), str(node.id)}]
    if len(found) != 1:
        names = ", ".join(f'"{node.name}"' for node in nodes) or "none yet"
        raise click.ClickException(f"no school is called {school!r}; the schools here: {names}")
    return found[0]


def _password(email: str, name: str, from_stdin: bool) -> str:
    """Return a password that passes the rules; asks again where somebody can answer. Raises ClickException."""
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
        reasons = weaknesses(password, email, name)
        if reasons:
            raise click.ClickException(f"this password is too weak: {' '.join(reasons)}")
        return password
    while True:
        password = click.prompt("Password", hide_input=True, confirmation_prompt="Once more")
        reasons = weaknesses(password, email, name)
        if not reasons:
            return str(password)
        screen.error(f"this password is too weak: {' '.join(reasons)}")


def weaknesses(password: str, email: str, name: str) -> list[str]:
    """Return why a password is refused, in words; nothing when it is good."""
    from types import SimpleNamespace

    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    given, _, family = name.rpartition(" ")
    person = SimpleNamespace(email=email, first_name=given, last_name=family, username=name)
    try:
        validate_password(password, cast("Any", person))
    except ValidationError as refused:
        return list(refused.messages)
    return []


@click.group()
def account() -> None:
    """Help somebody who cannot sign in."""


REASONS = ("lost", "stolen", "broken", "replaced")
CHECKS = ("in-person", "video-call", "by-manager")


@account.command("reset-second-step")
@click.argument("email")
@click.option("--reason", type=click.Choice(REASONS), required=True, help="What became of it.")
@click.option("--checked", type=click.Choice(CHECKS), required=True, help="How you made sure that it is she who asks.")
def reset_second_step(email: str, reason: str, checked: str) -> None:
    """Take a lost second step away, so that its owner can set up another.

    Ends all her sessions, and tells her by a notice and a mail. A password shorter than 15 characters stops working;
    she asks for a new one on the sign-in page. It is written into the list of official acts, with both words you give.
    Never do it on a mail or a telephone call alone (docs/admin/sign-in.md).

    \b
    Examples:
      lantern account reset-second-step o.frey@riverbend.example --reason lost --checked in-person
    """
    boot.django()
    from django.db import transaction

    from lantern.domain.people import commands, queries
    from lantern.kernel import tenancy
    from lantern.kernel.actor import system

    found = queries.find_account(email)
    persons = queries.persons_of_account(found.pk) if found else []
    if not persons:
        raise click.ClickException(f"nobody here signs in with {email}")
    removed = ended = 0
    with transaction.atomic():
        for person_id, tenant_id in persons:
            scope = queries.tenancy_of(tenant_id)
            with tenancy.within(scope):
                counts = commands.reset_second_step(system(scope), person_id=person_id, reason=reason, checked=checked)
            removed, ended = removed + counts[0], ended + counts[1]
    screen.say(f"{screen.plural(removed, 'second step')} taken away, {screen.plural(ended, 'session')} ended.")
    screen.say("She is told by a notice and a mail, and sets up a new one when she signs in.")


COMMANDS = {"createuser": createuser, "account": account}
