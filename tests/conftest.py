"""What every test may count on: real data beside the repository, reproducible examples, a browser, checked marks.

The network is closed by pytest-socket (see addopts in pyproject.toml); hosts on this machine stay reachable.
"""

from __future__ import annotations

import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from absl import logging as absl_logging
from hypothesis import HealthCheck, settings

from tools.machine import Missing, ensure

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile("here", max_examples=50, deadline=None)
settings.register_profile(
    "ci",
    derandomize=True,
    max_examples=50,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "mutants", derandomize=True, max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("thorough", max_examples=2000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "here"))


def shared_folder() -> Path:
    """The folder that stands beside the repository: real data, and the design with its requirement list."""
    return Path(os.environ.get("LANTERN_SHARED") or ROOT.parent / "shared")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real data sets, read where they lie; the test is skipped, saying so, where they are not there."""
    folder = shared_folder() / "data"
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder} (set LANTERN_SHARED to the folder that holds data/)")
    return folder


@pytest.fixture(scope="session")
def requirements_list() -> Path:
    """The list of requirement lines; the test is skipped, saying so, where it is not there."""
    path = shared_folder() / "design" / "requirements.md"
    if not path.is_file():
        pytest.skip(f"no requirement list at {path} (set LANTERN_SHARED to the folder that holds design/)")
    return path


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium, which calls nobody on its own account."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps an event loop running in the test's thread
    try:
        chromium = ensure("chromium")
    except Missing as missing:
        pytest.fail(f"chromium: {missing}")
    quiet = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    return {**browser_type_launch_args, "executable_path": str(chromium), "args": quiet}


def pytest_configure(config: pytest.Config) -> None:
    """Keep OR-Tools' logging away from what pytest captures.

    It holds the stderr of its import, and closes it when logging is set up anew (each command of the command line does)
    unless that is the process's own: a test that planned would break every test after the next command.
    """
    absl_logging.get_absl_handler().python_handler.stream = sys.__stderr__


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--requirements-report", metavar="PATH", help="write which tests prove which requirement, as JSON")


@pytest.hookimpl(tryfirst=True)  # before -m and -k take tests away
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    proofs = proofs_by_requirement(items)
    config.stash[PROOFS] = proofs
    if report := config.getoption("--requirements-report"):
        Path(report).parent.mkdir(parents=True, exist_ok=True)
        Path(report).write_text(json.dumps(proofs, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    on_postgres = os.environ.get("DATABASE_URL", "").startswith(("postgres://", "postgresql://"))
    wrong, reason = ("sqlite", "true of SQLite only") if on_postgres else ("postgres", "true of PostgreSQL only")
    for item in items:
        if item.get_closest_marker(wrong):
            item.add_marker(pytest.mark.skip(reason=reason))


PROOFS = pytest.StashKey[dict[str, list[str]]]()


def proofs_by_requirement(items: Iterable[pytest.Item]) -> dict[str, list[str]]:
    """Requirement id -> the tests that carry its mark, without the parameters of a parametrised test."""
    proofs: dict[str, dict[str, None]] = defaultdict(dict)
    for item in items:
        for mark in item.iter_markers("requirement"):
            if len(mark.args) != 1 or not isinstance(mark.args[0], str) or mark.kwargs:
                raise pytest.UsageError(f'{item.nodeid}: write @pytest.mark.requirement("P1.2"), one id a mark')
            proofs[mark.args[0]][item.nodeid.partition("[")[0]] = None
    return {identifier: list(tests) for identifier, tests in proofs.items()}


@pytest.fixture(scope="session")
def requirement_proofs(request: pytest.FixtureRequest) -> dict[str, list[str]]:
    """Requirement id -> the collected tests that carry its mark."""
    return request.config.stash[PROOFS]


@pytest.fixture
def cast(db: None) -> Any:
    """Everybody (tests/cast.py)."""
    from tests.cast import assemble

    return assemble()
