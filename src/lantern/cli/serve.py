"""`lantern serve`: the web server of a real installation, alone or with its worker."""

from __future__ import annotations

import click

from lantern.cli import address, boot, processes, screen
from lantern.cli.processes import CannotServe, Child


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 for all.")
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, envvar="PORT", show_default=True, help="Or set PORT."
)
@click.option(
    "--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes; about one for each core."
)
@click.option("--threads", type=click.IntRange(1, 64), default=4, show_default=True, help="Threads in each process.")
@click.option("--with-worker", is_flag=True, help="Carry out jobs too, instead of by `lantern worker` on its own.")
def serve(host: str, port: int, workers: int, threads: int, with_worker: bool) -> None:
    """Answer requests, for real.

    Refuses to start with an unsafe setting or with a database that `lantern setup` has not brought up to date. Put a
    proxy that speaks HTTPS in front and set LANTERN_BEHIND_PROXY=yes (docs/admin/install.md).

    \b
    Examples:
      lantern serve                        web only; start `lantern worker` beside it
      lantern serve --with-worker          both, for a small installation
      lantern serve --host 0.0.0.0 --port 80 --workers 4
    """
    address.require_free(host, port, "--port 8080")
    boot.django()
    refuse_what_is_unsafe()
    boot.in_use()
    if not with_worker:
        screen.say(f"Serving on {host}:{port}")
        processes.run_web(host, port, workers, threads)
        return
    web = Child("web", lambda: processes.run_web(host, port, workers, threads))
    children = [web, Child("worker", processes.run_worker)]
    near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - a comparison
    try:
        processes.run_together(
            children,
            lambda: address.answers(near, port, _own_name()),
            lambda: screen.say(f"Ready: http://{near}:{port}"),
        )
    except CannotServe as problem:
        raise click.ClickException(str(problem)) from None


def _own_name() -> str:
    """Return a host name that this installation answers to."""
    from django.conf import settings

    return next((name for name in settings.ALLOWED_HOSTS if name and name[0] not in "*."), "localhost")


@click.command()
def worker() -> None:
    """Carry out jobs: imports, mail, suggestions.

    Without one, what was asked for waits. Several may run, on one host or more. It ends after the job in hand on TERM
    or Ctrl-C.

    \b
    Examples:
      lantern worker
      LANTERN_WORKERS=4 lantern worker     four jobs at a time
    """
    boot.django()
    refuse_what_is_unsafe()
    boot.in_use()
    screen.say("Waiting for jobs")
    processes.run_worker()


def refuse_what_is_unsafe() -> None:
    """Raise ClickException with every error that Django's and our own checks find."""
    from django.core import checks

    errors = [message for message in checks.run_checks(databases=["default"]) if message.level >= checks.ERROR]
    if errors:
        lines = [f"  {message.msg} {message.hint or ''}".rstrip() for message in errors]
        raise click.ClickException("this start is not safe:\n" + "\n".join(lines))


COMMANDS = {"serve": serve, "worker": worker}
