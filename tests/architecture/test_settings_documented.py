"""Every environment variable that Lantern reads is on the page for operators, and the page names no other."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READERS = {"text", "flag", "number", "words", "choice", "origin"}


def read_by_settings() -> set[str]:
    """Every name given to a reader of config/env.py in settings.py."""
    tree = ast.parse((ROOT / "src/lantern/config/settings.py").read_text())
    return {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "env"
        and node.func.attr in READERS
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def on_the_page() -> set[str]:
    """Every variable that has a row in a table of settings.md."""
    return set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs/admin/settings.md").read_text(), re.MULTILINE))


def test_every_variable_is_on_the_page_and_nothing_else_is():
    assert len(read_by_settings()) > 15, "the readers are not recognised any more"
    assert read_by_settings() == on_the_page()


def test_nothing_outside_the_settings_reads_the_environment():
    allowed = {
        "config/env.py": "the reader itself",
        "config/settings_test.py": "sets up the tests",
        "config/wsgi.py": "names the settings module",
        "cli/boot.py": "names the settings module",
        "cli/demo.py": "switches the demo on",
        "cli/program.py": "shows tracebacks in debug mode, before there are settings",
        "cli/database.py": "hands the environment on to pg_dump",
    }
    package = ROOT / "src/lantern"
    found = {
        str(path.relative_to(package))
        for path in package.rglob("*.py")
        if re.search(r"os\.environ|os\.getenv", path.read_text())
    }
    assert found <= set(allowed), found - set(allowed)
