"""Which modules are mutated, and the test files that belong to them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"


@dataclass(frozen=True, slots=True)
class Group:
    """Modules that are tried together, against the same prepared database and the same tests."""

    name: str
    files: tuple[str, ...]
    """Below src/lantern; a pattern may name several."""
    tests: tuple[str, ...]
    """Files below tests/; which tests of them a mutant meets is found out by watching them run once."""

    leave_out: str = ""
    """What `pytest -k` leaves out: a test that takes too long to meet each survivor."""

    examples: str = "mutants"
    """The profile of hypothesis (tests/conftest.py): pure code can afford more than ten."""

    def modules(self) -> dict[str, Path]:
        """Return the files by the names of their modules."""
        found = sorted({path for pattern in self.files for path in (SOURCE / "lantern").glob(pattern)})
        return {_module(path): path for path in found}

    def arguments(self) -> list[str]:
        """Return the test files as pytest takes them."""
        files = [str(path.relative_to(ROOT)) for each in self.tests for path in sorted((ROOT / "tests").glob(each))]
        return [*files, "-k", f"not ({self.leave_out})"] if self.leave_out else files


def _module(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


PRIVACY_TESTS = ("domain/test_privacy_*.py", "flows/test_sharing.py", "architecture/test_commands_are_whole.py")
POLICIES = (
    "domain/test_policies.py",
    "domain/test_announcements_commands.py",
    "domain/test_calendars.py",
    "domain/test_catalog_commands.py",
    "domain/test_coaching_*.py",
    "domain/test_initiatives_aims.py",
    "domain/test_competencies_frameworks.py",
)
RANDOM_WORLDS = "test_they_agree_in_random_worlds_of_shares"

GROUPS = (
    Group("policy", ("domain/privacy/policy.py",), PRIVACY_TESTS, RANDOM_WORLDS),
    Group(
        "consent",
        (
            "domain/privacy/commands/sharing.py",
            "domain/privacy/commands/looking.py",
            "domain/privacy/commands/purposes.py",
            "domain/privacy/commands/emergency.py",
            "domain/privacy/queries/sharing.py",
            "flows/sharing.py",
            "flows/emergency_access.py",
        ),
        (*PRIVACY_TESTS, "flows/test_consent_wording.py"),
        "test_they_agree or test_every_cell",
    ),
    Group("release", ("engine/release/*.py",), ("engine/test_release_[abst]*.py",), examples="ci"),
    Group(
        "insights",
        (
            "domain/insights/policy.py",
            "domain/insights/commands.py",
            "domain/insights/queries.py",
            "domain/insights/types.py",
            "flows/releases.py",
        ),
        ("flows/test_releases.py", "web/test_lead_insights.py"),
    ),
    Group("features", ("domain/[!ip]*/policy.py", "domain/initiatives/policy.py", "domain/p[el]*/policy.py"), POLICIES),
    Group(
        "rights",
        (
            "domain/privacy/commands/forgetting.py",
            "domain/privacy/commands/personal.py",
            "domain/privacy/commands/restoring.py",
            "domain/privacy/queries/records.py",
        ),
        ("flows/test_rights.py", "domain/test_privacy_shares.py"),
    ),
)
"""In the order of importance."""
