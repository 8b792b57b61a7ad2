"""`lantern demo`: a made-up district on this machine, with one click to be anybody in it."""

from __future__ import annotations

import os
import time

import click

from lantern.cli import address, boot, processes, screen
from lantern.cli.processes import CannotServe, Child

HOST = "127.0.0.1"


@click.command()
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, envvar="PORT", show_default=True, help="Or set PORT."
)
@click.option("--prepare-only", is_flag=True, help="Set up and seed, but start nothing.")
def demo(port: int, prepare_only: bool) -> None:
    """See Lantern with a made-up district, on this machine.

    Makes the database when there is none, fills it with the Riverbend School District, and starts web and worker.
    Nobody there is real, and anybody on this machine may sign in as any of eight of them with one click: never for
    real data. Ctrl-C ends everything. What you do is kept in LANTERN_DATA for the next time.

    \b
    Examples:
      lantern demo
      PORT=8080 LANTERN_DATA=/tmp/look lantern demo
    """
    os.environ["LANTERN_DEMO"] = "yes"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", boot.SETTINGS)
    if not prepare_only:
        address.require_free(HOST, port, "PORT=8080 lantern demo")
    started = time.monotonic()
    boot.django(need_tables=False)
    boot.in_use()
    _prepare()
    if prepare_only:
        return
    _announce_people()
    children = [Child("web", lambda: processes.run_web(HOST, port)), Child("worker", processes.run_worker)]

    def on_ready() -> None:
        screen.say(f"Up after {time.monotonic() - started:.0f} s. Ctrl-C ends it.")
        screen.say(f"Ready: http://{HOST}:{port}")

    try:
        processes.run_together(children, lambda: address.answers(HOST, port), on_ready)
    except CannotServe as problem:
        raise click.ClickException(str(problem)) from None
    screen.say("Ended.")


def _prepare() -> None:
    from lantern.cli.setup import prepare
    from lantern.flows.demo import seed

    for line in prepare():
        screen.say(line)
    if seed.is_seeded():
        screen.say("Demo district: there")
        return
    from lantern.domain.people import queries as people

    if people.list_tenants():
        raise click.ClickException(
            "this database holds an installation that is not the demo; give LANTERN_DATA another folder"
        )
    screen.say("Demo district: writing it (a few seconds) ...")
    counts = seed.seed()
    screen.say("Demo district: " + ", ".join(f"{number} {name}" for name, number in counts.items()))


def _announce_people() -> None:
    from lantern.domain.people import queries as people

    screen.say()
    screen.say("Sign in as one of these, with one click on the first page:")
    screen.table(
        [(one.key, one.name, one.job, one.place) for one in people.demo_people()], ("who", "name", "job", "place")
    )
    screen.say()


COMMANDS = {"demo": demo}
