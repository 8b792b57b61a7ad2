"""How the command line speaks: plain lines, errors on stderr, a progress line only where somebody watches."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

MARKS = {"ok": ("ok", "green"), "note": ("note", "yellow"), "fault": ("FAULT", "red")}


def say(line: str = "") -> None:
    """Print a line at once, also into a pipe."""
    click.echo(line)
    sys.stdout.flush()


def error(line: str) -> None:
    """Print what went wrong, on stderr."""
    click.secho(f"lantern: {line}", fg="red", err=True)


def mark(state: str, name: str, words: str) -> None:
    """Print one line of a check; `state` is ok, note or fault."""
    word, colour = MARKS[state]
    click.echo(f"{click.style(f'{word:5}', fg=colour)}  {name:<12} {words}")


def table(rows: Sequence[Sequence[object]], head: Sequence[str]) -> None:
    """Print rows under a head; numbers stand to the right."""
    lines = [[str(cell) for cell in row] for row in (head, *rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    numbers = [bool(rows) and all(line[column].isdigit() for line in lines[1:]) for column in range(len(head))]
    for line in lines:
        cells = [
            cell.rjust(width) if number else cell.ljust(width)
            for cell, width, number in zip(line, widths, numbers, strict=True)
        ]
        say("  " + "  ".join(cells).rstrip())


def plural(number: int, one: str, many: str = "") -> str:
    """Return "1 row", "2 rows"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


class ProgressLine:
    """Shows "1,200 of 5,000 read" over and over on one line; silent in a pipe. Call it `(done, total, message)`."""

    def __init__(self) -> None:
        self._watched = sys.stderr.isatty()
        self._shown = ""

    def __call__(self, done: int, total: int, message: str = "") -> None:
        """Show how far it is."""
        line = f"{done:,} of {total:,} {message}".rstrip() if total else message
        if self._watched and line != self._shown:
            click.echo(f"\r\033[K{line}", nl=False, err=True)
            self._shown = line

    def clear(self) -> None:
        """Leave no half line behind."""
        if self._shown:
            click.echo("\r\033[K", nl=False, err=True)
            self._shown = ""
