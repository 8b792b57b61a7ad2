"""Prints every line of the requirement list with the tests that prove it, or that it has none.

python -m tools.requirements              the list is read from $LANTERN_SHARED/design or ../shared/design
python -m tools.requirements --missing    only the lines without a proof
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

IDENTIFIER = re.compile(r"[A-Z]\d*\.\d+|N\d+")
# | P1.2 | capability | what a tester sees |
ROW = re.compile(rf"^\|\s*(?P<id>{IDENTIFIER.pattern})\s*\|\s*(?P<text>[^|]*?)\s*\|")
# N1. **Will it count?** Before registering ...
PARAGRAPH = re.compile(rf"^(?P<id>{IDENTIFIER.pattern})\. \*\*(?P<text>.+?)\.?\*\*")


@dataclass(frozen=True, slots=True)
class Requirement:
    """One line of the list."""

    id: str
    text: str


def read_requirements(path: Path) -> list[Requirement]:
    """Every line of the list in its order; raises ValueError for an id defined twice, or for no line at all."""
    found: dict[str, Requirement] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        match = ROW.match(line) or PARAGRAPH.match(line)
        if match is None:
            continue
        if match["id"] in found:
            raise ValueError(f"{path}:{number}: {match['id']} is defined a second time")
        found[match["id"]] = Requirement(match["id"], match["text"])
    if not found:
        raise ValueError(f"{path}: no requirement line found (a row or paragraph starting with an id such as P1.2)")
    return list(found.values())


def collect_proofs() -> dict[str, list[str]]:
    """Requirement id -> the node ids of the tests marked with it, asked of pytest. Raises RuntimeError."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "proofs.json"
        command = [
            sys.executable,
            "-m",
            "pytest",
            "--collect-only",
            "-qq",
            "-p",
            "no:cacheprovider",
            f"--requirements-report={report}",
        ]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode or not report.is_file():
            raise RuntimeError(f"pytest cannot collect the suite (exit {done.returncode}):\n{done.stdout}{done.stderr}")
        proofs: dict[str, list[str]] = json.loads(report.read_text(encoding="utf-8"))
        return proofs


def render(
    requirements: Sequence[Requirement], proofs: Mapping[str, Sequence[str]], *, only_missing: bool = False
) -> str:
    """The list as plain text: a line a requirement, its proofs under it, and the count at the end."""
    lines = []
    for requirement in requirements:
        tests = proofs.get(requirement.id, ())
        if tests and only_missing:
            continue
        lines.append(f"{requirement.id:<6}{requirement.text}")
        lines.extend(f"      {test}" for test in tests or ["no proof yet"])
    proved = sum(1 for requirement in requirements if proofs.get(requirement.id))
    return "\n".join([*lines, "", f"{proved} of {len(requirements)} requirement lines have a proof."])


def main(argv: Sequence[str] | None = None) -> int:
    """Print the list; 1 when it or the suite cannot be read, or a test names a line that the list does not have."""
    parser = argparse.ArgumentParser(prog="python -m tools.requirements", description="Which test proves what.")
    parser.add_argument("--missing", action="store_true", help="only the lines that have no proof")
    arguments = parser.parse_args(argv)
    shared = Path(os.environ.get("LANTERN_SHARED") or ROOT.parent / "shared")
    try:
        requirements = read_requirements(shared / "design" / "requirements.md")
        proofs = collect_proofs()
    except (OSError, ValueError, RuntimeError) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print(render(requirements, proofs, only_missing=arguments.missing))
    unknown = sorted(proofs.keys() - {requirement.id for requirement in requirements})
    for identifier in unknown:
        print(f"{identifier} is not in the list, yet marked on {', '.join(proofs[identifier])}", file=sys.stderr)
    return int(bool(unknown))


if __name__ == "__main__":
    sys.exit(main())
