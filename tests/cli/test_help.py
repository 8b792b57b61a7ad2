"""Help: every command explains itself, with examples, at once."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest

from lantern.cli import program


def all_commands() -> list[tuple[str, ...]]:
    """Every command and what stands below it."""
    found: list[tuple[str, ...]] = []
    for name in program.COMMANDS:
        command = program.lantern.get_command(click.Context(program.lantern), name)
        found.append((name,))
        if isinstance(command, click.Group):
            found += [(name, below) for below in command.commands]
    return found


@pytest.mark.parametrize("path", all_commands(), ids=" ".join)
def test_help_says_what_it_does_and_names_every_option(lantern, path):
    said = lantern(*path, "--help")
    assert said.code == 0
    assert said.out.startswith(f"Usage: lantern {' '.join(path)}")
    assert len(said.out.splitlines()[2].strip()) > 10
    for line in said.out.splitlines():
        if line.strip().startswith("--"):
            assert len(line.split()) > 1


@pytest.mark.parametrize("name", program.COMMANDS)
def test_the_list_of_commands_agrees_with_each_command(name):
    command = program.lantern.get_command(click.Context(program.lantern), name)
    assert command is not None
    assert (command.help or "").strip().splitlines()[0] == program.COMMANDS[name][1]


def test_help_loads_neither_django_nor_anything_else_that_takes_time():
    told = "import sys; from lantern.cli import program; program.run(['--help']); print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False"


def test_a_command_that_is_not_there_says_so_in_two_lines(lantern):
    said = lantern("frob")
    assert said.code == 2
    assert "No such command 'frob'" in said.err
    assert "Traceback" not in said.err


def test_secret_is_long_enough_for_the_check_and_new_each_time(lantern):
    first, second = lantern("secret").out.strip(), lantern("secret").out.strip()
    assert len(first) >= 50
    assert first != second


def test_version_names_what_a_report_of_a_fault_needs(lantern):
    said = lantern("version")
    assert "Lantern" in said.out
    assert "Django" in said.out


def test_an_error_nobody_foresaw_is_one_line(lantern, monkeypatch):
    def broken() -> None:
        raise RuntimeError("the cupboard\nis bare")

    monkeypatch.delenv("LANTERN_DEBUG", raising=False)
    monkeypatch.setattr("lantern.cli.facts.secret.callback", broken)
    said = lantern("secret")
    assert said.code == 1
    assert said.err == "lantern: RuntimeError: the cupboard is bare (LANTERN_DEBUG=yes shows where)\n"
