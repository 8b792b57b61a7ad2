"""All commands by name, found only when asked for, and every error as one clear line."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from lantern import __version__
from lantern.cli import screen
from lantern.kernel import doors

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("lantern.cli.demo", "See Lantern with a made-up district, on this machine."),
    "setup": ("lantern.cli.setup", "Bring database, static files and schedules up to date."),
    "serve": ("lantern.cli.serve", "Answer requests, for real."),
    "worker": ("lantern.cli.serve", "Carry out jobs: imports, mail, suggestions."),
    "check": ("lantern.cli.check", "Say whether everything is in order."),
    "import": ("lantern.cli.imports", "Bring in a roster, framework, catalogue, bank of questions or pathways."),
    "tenants": ("lantern.cli.tenants", "List the states, regions and districts that live here."),
    "create-tenant": ("lantern.cli.tenants", "Add a state, a region or a district."),
    "createuser": ("lantern.cli.accounts", "Add a person who can sign in."),
    "account": ("lantern.cli.accounts", "Help somebody who cannot sign in."),
    "backup": ("lantern.cli.backup", "Copy database and files into one archive, while Lantern runs."),
    "restore": ("lantern.cli.restore", "Bring a backup into an empty place."),
    "rewrap": ("lantern.cli.sealing", "Put everybody's keys under a new LANTERN_SEALING_KEY."),
    "audit": ("lantern.cli.audit", "Check the audit trail, anchor it, or list what was asked in offices."),
    "secret": ("lantern.cli.facts", "Print a new secret key."),
    "version": ("lantern.cli.facts", "Say which Lantern this is."),
}
"""Name -> where it is, and the line that `lantern --help` shows; a test compares the line with the command's own."""

_NOTHING: tuple[tuple[str, ...], str] = (("public",), "nobody: it says nothing that is stored")
_OPERATOR = "whoever runs the installation, on the machine itself"
READS: dict[str, tuple[tuple[str, ...], str]] = {
    "demo": _NOTHING,
    "setup": _NOTHING,
    "serve": _NOTHING,
    "worker": _NOTHING,
    "check": (("official", "public"), f"{_OPERATOR}: counts, no names"),
    "import": (("official", "public"), f"{_OPERATOR}: counts and refused rows of the file given"),
    "tenants": (("public",), _OPERATOR),
    "create-tenant": (("public",), _OPERATOR),
    "createuser": (("official", "public"), _OPERATOR),
    "account": (("official", "public"), f"{_OPERATOR}: that a second step is gone, and the person is told"),
    "backup": (
        ("private", "consented", "team", "official", "aggregate", "public"),
        f"{_OPERATOR}, in one archive that is as private as the database",
    ),
    "restore": (
        ("private", "consented", "team", "official", "aggregate", "public"),
        f"{_OPERATOR}: counts, no names",
    ),
    "rewrap": (("official",), f"{_OPERATOR}: a count"),
    "audit": (("official", "private"), f"{_OPERATOR}: ids and names of acts, no words; private acts only as hashes"),
    "secret": _NOTHING,
    "version": _NOTHING,
}
"""Name -> the classes of data a command reads, and whom what it says reaches; a command that is not here is shut."""

for _name, (_classes, _whom) in READS.items():
    doors.declare("command", _name, reads=_classes, reaches=_whom)

EPILOG = """\b
Examples:
  lantern demo                              a made-up district at http://127.0.0.1:8000
  lantern setup && lantern serve            a first start, or the start after an upgrade
  lantern import roster staff.zip --dry-run what a roster would change
  lantern backup /backups/lantern.tar.gz    everything, in one file

Settings come from the environment (docs/admin/settings.md). LANTERN_DATA is where everything is kept.
`lantern COMMAND --help` explains a command."""


class Commands(click.Group):
    """Knows its commands by name and imports one only to run it or to explain it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return all names in the order of COMMANDS."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return the command; None when there is no such name."""
        if cmd_name not in COMMANDS:
            return None
        doors.door_of("command", cmd_name)
        module = import_module(COMMANDS[cmd_name][0])
        command: click.Command = module.COMMANDS[cmd_name]
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(
    cls=Commands, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
@click.version_option(__version__, prog_name="Lantern", message="%(prog)s %(version)s")
def lantern() -> None:
    """Lantern: professional learning that each educator steers."""


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 refused or failed, 2 called wrongly. Shows no traceback.

    With LANTERN_DEBUG set, an error nobody foresaw is raised with its traceback instead.
    """
    try:
        outcome = lantern.main(
            args=None if arguments is None else list(arguments), prog_name="lantern", standalone_mode=False
        )
    except click.exceptions.Abort:
        screen.error("stopped; nothing more was done")
        return 130
    except click.ClickException as wrong:
        return _refused(wrong)
    except KeyboardInterrupt:
        return 130
    except Exception as problem:
        if os.environ.get("LANTERN_DEBUG"):
            raise
        screen.error(_in_one_line(problem))
        return 1
    return outcome if isinstance(outcome, int) else 0


def _refused(wrong: click.ClickException) -> int:
    context = getattr(wrong, "ctx", None)
    screen.error(wrong.format_message())
    if wrong.exit_code == 2 and context is not None:
        click.echo(f"Try '{context.command_path} --help'.", err=True)
    return wrong.exit_code


def _in_one_line(problem: Exception) -> str:
    """Say what went wrong; what we foresaw needs no class name."""
    words = " ".join(str(problem).split())
    if isinstance(problem, OSError) and problem.strerror:
        return f"{problem.filename or 'the system'}: {problem.strerror}"
    if any(kind.__name__ in {"LanternError", "BadSetting", "ImproperlyConfigured"} for kind in type(problem).__mro__):
        return words
    return f"{type(problem).__name__}: {words} (LANTERN_DEBUG=yes shows where)"


if __name__ == "__main__":
    sys.exit(run())
