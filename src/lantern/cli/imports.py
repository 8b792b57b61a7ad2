"""`lantern import`: rosters, frameworks, catalogues and banks of questions, by the same code as the pages use."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from lantern.cli import boot, screen
from lantern.engine.spreadsheet import write_csv

SHOWN = 20
_DONE_IN_WORDS = ("created", "updated", "unchanged", "deactivated", "rejected")


@click.group(name="import", invoke_without_command=False)
def group() -> None:
    """Bring in a roster, framework, catalogue, bank of questions or pathways.

    Every row is checked; a row in error is reported with its number, field and reason, and the rows beside it are not
    affected. The same file twice changes nothing.

    \b
    Examples:
      lantern import roster staff.zip --tenant "Riverbend School District" --dry-run
      lantern import framework teachers.json --tenant "State of Maple" --yes
      lantern import catalog spring.csv --errors problems.csv
      lantern import items questions.csv --dry-run
      lantern import pathways pathways.json
    """


def _options(command: Callable[..., int]) -> Callable[..., int]:
    """Add what all imports take."""
    decorators: list[Callable[[Any], Any]] = [
        click.argument("path", type=click.Path(exists=True, path_type=Path)),
        click.option(
            "--tenant",
            "--district",
            metavar="NAME",
            help="Name, identifier or id of the state, region or district it is for.",
        ),
        click.option("--dry-run", is_flag=True, help="Only say what would change."),
        click.option("--yes", is_flag=True, help="Carry it out without asking."),
        click.option(
            "--errors",
            type=click.Path(dir_okay=False, path_type=Path),
            help="Write every problem into this CSV file.",
        ),
        click.option("--allow-rejected", is_flag=True, help="Exit with 0 although rows were rejected."),
    ]
    for decorate in reversed(decorators):
        command = decorate(command)
    return command


@group.command()
@_options
@click.option(
    "--allow-many", is_flag=True, help="Carry it out although many people would leave (the guard against half a file)."
)
def roster(path: Path, allow_many: bool, **options: Any) -> int:
    """Read people, schools and roles.

    PATH is a OneRoster 1.1 or 1.2 CSV zip or folder, or a plain table of staff. Students are left out.
    """
    return _import("roster", path, options, {"most_removed": True} if allow_many else {})


@group.command()
@_options
@click.option("--levels", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A CSV with its scale.")
def framework(path: Path, levels: Path | None, **options: Any) -> int:
    """Read a competency framework.

    PATH is a CASE 1.0 or 1.1 package (JSON) or a CSV table (docs/admin/framework-format.md).
    """
    return _import("framework", path, options, {"levels": levels} if levels else {})


@group.command()
@_options
@click.option(
    "--create-terms/--refuse-terms", default=None, help="Whether unknown topics and subjects become terms here."
)
def catalog(path: Path, create_terms: bool | None, **options: Any) -> int:
    """Read a catalogue of things to learn from.

    PATH is CSV or JSON (docs/admin/catalogue-format.md), or one of the known catalogues and feeds.
    """
    return _import("catalog", path, options, {} if create_terms is None else {"create_terms": create_terms})


@group.command()
@_options
@click.option("--publish", is_flag=True, help="Take new questions into use at once; else they are drafts.")
def items(path: Path, publish: bool, **options: Any) -> int:
    """Read a bank of questions for checks.

    PATH is a CSV table (docs/admin/item-format.md): one question a row, with its competency, answers and level.
    """
    return _import("items", path, options, {"publish": True} if publish else {})


@group.command()
@_options
def pathways(path: Path, **options: Any) -> int:
    """Read pathways, which come in as drafts.

    PATH is a JSON file (docs/admin/pathway-format.md), such as one that was exported from Manage, Pathways.
    """
    return _import("pathways", path, options, {})


def _import(kind: str, path: Path, options: dict[str, Any], extra: dict[str, Any]) -> int:
    boot.django()
    from lantern.domain.people import queries as people
    from lantern.kernel import tenancy
    from lantern.kernel.actor import system

    scope = people.tenancy_of(choose_tenant(options["tenant"]).pk)
    with tenancy.within(scope):
        work = _Work(kind, path, system(scope), extra)
        if options["dry_run"]:
            report = work.run(dry_run=True)
        else:
            if not options["yes"]:
                _ask(work)
            report = work.run(dry_run=False)
    show(report)
    if options["errors"]:
        _write_problems(report, options["errors"])
    if report.refusal:
        return 1
    return 1 if report.errors and not options["allow_rejected"] else 0


class _Work:
    """One import that can be previewed and carried out."""

    def __init__(self, kind: str, path: Path, actor: Any, choices: dict[str, Any]) -> None:
        self._kind, self._path, self._actor, self._choices = kind, path, actor, choices

    def run(self, *, dry_run: bool) -> Any:
        """Preview it or carry it out, showing how far it is; a run is recorded as one from `manage` would be."""
        from lantern.flows import imports

        progress = screen.ProgressLine()
        try:
            return imports.record(
                self._actor, kind=self._kind, path=self._path, dry_run=dry_run, progress=progress, **self._choices
            )
        except (ValueError, OSError) as problem:
            raise click.ClickException(f"{self._path}: {boot.first_line(problem)}") from None
        finally:
            progress.clear()


def _ask(work: _Work) -> None:
    """Show what would change and ask; a pipe that nobody watches needs --yes."""
    if not sys.stdin.isatty():
        raise click.UsageError("nobody is here to ask: add --yes to carry it out, or --dry-run to look")
    show(work.run(dry_run=True))
    click.confirm("Carry this out?", abort=True)


def choose_tenant(text: str | None) -> Any:
    """Return the tenant named, or the only one there is. Raises ClickException that lists them."""
    from lantern.domain.people import queries as people

    tenants = people.list_tenants()
    if text:
        return people.find_tenant(text)
    if len(tenants) == 1:
        return tenants[0]
    if not tenants:
        raise click.ClickException("there is no state, region or district yet; see: lantern create-tenant --help")
    names = ", ".join(f'"{tenant.name}"' for tenant in tenants)
    raise click.UsageError(f"say which one it is for with --tenant: {names}")


def show(report: Any) -> None:
    """Print the counts, the first problems and the outcome."""
    if report.counts:
        columns = [name for name in _DONE_IN_WORDS if any(name in counts for counts in report.counts.values())]
        rows = [[thing, *(counts.get(name, 0) for name in columns)] for thing, counts in report.counts.items()]
        screen.table(rows, (report.format or report.kind, *columns))
    for name, count in report.dropped.items():
        screen.say(f"  left out: {count:,} {name}")
    for title, problems in (("Problems", report.errors), ("Notes", report.warnings)):
        if problems:
            screen.say(f"{title}:")
        for problem in problems[:SHOWN]:
            screen.say(f"  {in_words(problem)}")
        if len(problems) > SHOWN:
            screen.say(f"  and {len(problems) - SHOWN:,} more; --errors FILE writes them all")
    if report.errors_unlisted:
        screen.say(f"  {report.errors_unlisted:,} further problems were not kept")
    if report.refusal:
        screen.error(f"nothing was changed: {report.refusal}")
    elif report.dry_run:
        screen.say("This was a dry run: nothing was changed.")
    else:
        screen.say("Done.")


def in_words(problem: Any) -> str:
    """Return "users.csv, row 12, email: is missing"."""
    place = [problem.file, f"row {problem.row}" if problem.row else "", problem.field]
    return ": ".join(part for part in (", ".join(one for one in place if one), problem.reason) if part)


def _write_problems(report: Any, path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as handle:
        write_csv(
            handle,
            ("severity", "file", "row", "field", "reason"),
            (
                (severity, one.file, one.row or None, one.field, one.reason)
                for severity, problems in (("error", report.errors), ("note", report.warnings))
                for one in problems
            ),
        )
    screen.say(f"{screen.plural(len(report.errors) + len(report.warnings), 'problem')} written to {path}")


COMMANDS = {"import": group}
