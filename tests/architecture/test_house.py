"""The house rules that an import linter cannot say (house.md): own models only, no pages below the pages, few doors,
short files.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "lantern"
NO_PAGES_BELOW = ("django.http", "django.shortcuts", "django.urls", "django.views", "django.forms")
NAMES_THAT_SAY_NOTHING = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "base",
    "manager",
    "service",
    "services",
}

# Each door of the house and the modules that may use it; anything else is a leak in the making.
DOORS: dict[str, set[str]] = {
    "subprocess": {"kernel/files/", "cli/", "config/"},
    "socket": {"kernel/fetch", "cli/"},
    "http.client": {"kernel/fetch", "cli/"},
    "urllib.request": set(),
    "requests": set(),
    "httpx": set(),
    "xml.etree": set(),
    "pickle": set(),
    # Tables and archives of strangers come in by one reader each, and CSV goes out by one writer.
    "csv": {
        "engine/spreadsheet.py",
        "interop/oneroster/table.py",
        "engine/untrusted.py",
        "flows/demo/data_files.py",
    },
    "zipfile": {"interop/oneroster/archive.py", "flows/rights.py", "engine/recommend/collaborative/model.py"},
    "tarfile": {"cli/archive.py"},
    "xml": set(),
    "lxml": set(),
    "defusedxml": {"interop/feeds/codec.py"},
}
CALLS: dict[str, set[str]] = {
    r"\bmark_safe\(": {"kernel/markdown.py", "ui/"},
    r"\.extractall\(|unpack_archive\(|\.extract\(": set(),
    r"csv\.(writer|DictWriter)\(": {"engine/spreadsheet.py"},
    r"\braw\(|\.extra\(|RawSQL": set(),
    r"\bunscoped\(": {
        "kernel/audit/",
        "kernel/scope.py",
        "kernel/database/door.py",
        "kernel/jobs/__init__.py",
        "kernel/mail/__init__.py",
        "kernel/health.py",
        "kernel/sealing/",
        "kernel/upkeep.py",
        "flows/imports.py",
        "domain/calendars/queries/own.py",
        "domain/calendars/queries/plan_address.py",
        "domain/initiatives/commands.py",
        "domain/people/commands/organisations.py",
        "domain/people/commands/persons.py",
        "domain/people/queries/identity.py",
        "domain/people/queries/tenants.py",
        "flows/schedule.py",
    },
    # What opens the append-only tables: changing tables and emptying a database, and nothing that a page or a job does.
    r"\bdoor\.opened\(": {"kernel/database/"},
    # The guard is switched off by tests and benchmarks only.
    r"\bdisarmed\(": {"kernel/database/guard.py"},
}
NAMES_DJANGO_ASKS_FOR = {"kernel/database/sqlite3/base.py", "kernel/database/postgresql/base.py"}


def modules() -> Iterator[tuple[str, ast.Module, str]]:
    """Every module of ours as (path below lantern/, tree, text)."""
    for file in sorted(SOURCE.rglob("*.py")):
        text = file.read_text()
        yield file.relative_to(SOURCE).as_posix(), ast.parse(text), text


def imports(tree: ast.Module) -> Iterator[str]:
    """Every module that a module imports, wherever in it, except for types only."""
    for_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in for_types:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_a_feature_touches_only_its_own_tables() -> None:
    wrong = []
    for path, tree, _ in modules():
        feature = re.match(r"domain/(\w+)/", path)
        if feature:
            for name in imports(tree):
                other = re.match(r"lantern\.domain\.(\w+)\.models", name)
                if other and other[1] != feature[1]:
                    wrong.append((path, name))
    assert wrong == []


def test_nothing_below_the_pages_knows_pages() -> None:
    wrong = [
        (path, name)
        for path, tree, _ in modules()
        if path.startswith(("domain/", "flows/", "kernel/"))
        for name in imports(tree)
        if name.startswith(NO_PAGES_BELOW)
    ]
    assert wrong == []


@pytest.mark.parametrize("door", sorted(DOORS))
def test_few_modules_use_a_dangerous_door(door: str) -> None:
    wrong = {
        path
        for path, tree, _ in modules()
        for name in imports(tree)
        if (name == door or name.startswith(f"{door}.")) and not path.startswith(tuple(DOORS[door]))
    }
    assert wrong == set()


@pytest.mark.parametrize("call", sorted(CALLS))
def test_few_modules_make_a_dangerous_call(call: str) -> None:
    wrong = {path for path, _, text in modules() if re.search(call, text) and not path.startswith(tuple(CALLS[call]))}
    assert wrong == set()


def test_files_have_a_noun_and_an_end() -> None:
    names = [path for path, _, _ in modules() if Path(path).stem in NAMES_THAT_SAY_NOTHING]
    names = [path for path in names if path not in NAMES_DJANGO_ASKS_FOR]
    long = [path for path, _, text in modules() if text.count("\n") > 500 and not path.startswith("migrations/")]
    assert (names, long) == ([], [])


def test_every_module_says_why_it_exists() -> None:
    silent = [path for path, tree, _ in modules() if not ast.get_docstring(tree) and not path.startswith("migrations/")]
    assert silent == []


def test_no_page_is_still_a_promise() -> None:
    promise = re.compile(r"STUB|not built yet|coming soon|lorem ipsum|raise NotImplementedError", re.IGNORECASE)
    pages = [*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html")]
    assert [file.relative_to(SOURCE).as_posix() for file in pages if promise.search(file.read_text())] == []


def test_migrations_import_nothing_of_ours_and_have_names() -> None:
    files = sorted((SOURCE / "migrations").glob("0*.py"))
    assert files
    for file in files:
        assert "_auto_" not in file.name
        assert not [name for name in imports(ast.parse(file.read_text())) if name.startswith("lantern")]
