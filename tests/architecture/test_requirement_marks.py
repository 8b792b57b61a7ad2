"""A `requirement` mark names a line that exists: a mistyped id would count as a proof of nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pytest

from tools.requirements import Requirement, read_requirements, render


def unknown_marks(known: Iterable[str], proofs: Mapping[str, Sequence[str]]) -> list[str]:
    """A line for each mark whose id the list does not have, naming the tests that carry it."""
    return [f"{identifier}: {', '.join(proofs[identifier])}" for identifier in sorted(proofs.keys() - set(known))]


def test_every_mark_names_a_line_of_the_list(requirements_list: Path, requirement_proofs: dict[str, list[str]]) -> None:
    known = [requirement.id for requirement in read_requirements(requirements_list)]
    assert unknown_marks(known, requirement_proofs) == []


def test_a_mistyped_mark_is_found() -> None:
    proofs = {"P1.2": ["tests/a.py::test_right"], "P1.22": ["tests/a.py::test_mistyped"]}
    assert unknown_marks(["P1.2"], proofs) == ["P1.22: tests/a.py::test_mistyped"]


def test_the_list_is_read_whole(requirements_list: Path) -> None:
    ids = [requirement.id for requirement in read_requirements(requirements_list)]
    for first_and_last in ("P1.1", "P8.9", "G.3", "A.14", "B.9", "C.14", "D.21", "N1", "N15"):
        assert first_and_last in ids


def test_rows_and_paragraphs_are_lines_and_headings_are_not(tmp_path: Path) -> None:
    path = tmp_path / "requirements.md"
    path.write_text(
        "# List\n| ID | Capability | Sees |\n|---|---|---|\n| P7.10 | Badges | a badge |\nN1. **Will it count?** Yes.\n"
    )
    assert read_requirements(path) == [Requirement("P7.10", "Badges"), Requirement("N1", "Will it count?")]


def test_an_id_defined_twice_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "requirements.md"
    path.write_text("| A.1 | One | |\n| A.1 | Two | |\n")
    with pytest.raises(ValueError, match=r"requirements\.md:2: A\.1 is defined a second time"):
        read_requirements(path)


def test_a_line_without_a_test_says_so() -> None:
    listed = render([Requirement("A.1", "One"), Requirement("A.2", "Two")], {"A.2": ["tests/x.py::test_two"]})
    assert listed.splitlines() == [
        "A.1   One",
        "      no proof yet",
        "A.2   Two",
        "      tests/x.py::test_two",
        "",
        "1 of 2 requirement lines have a proof.",
    ]
