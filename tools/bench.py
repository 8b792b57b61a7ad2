"""Runs every tests/benchmarks/bench_*.py; keeps the figures in var/bench.json and docs/developer/benchmarks.md.

A benchmark is a module with

    TARGETS = {"home: CPU ms": 30}      optional: what a figure should stay under
    USES_DATABASE = False               optional: True unless said otherwise
    def main() -> dict[str, float | str]: ...

Those that use the database share one fresh, migrated database and run in the order of their names: on SQLite in a
temporary folder, or on what DATABASE_URL names (`python -m tools.postgres run --durable -- python -m tools.bench`).
A run replaces the figures of its own database only.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
BENCHMARKS = ROOT / "tests" / "benchmarks"
RESULTS = ROOT / "var" / "bench.json"
DOCUMENT = ROOT / "docs" / "developer" / "benchmarks.md"
BEGIN, END = "<!-- figures: written by make bench -->", "<!-- end of figures -->"
PURE = "engine"
COLUMNS = (PURE, "sqlite", "postgresql")

type_of_figure = (int, float, str)
Figure = float | str
Figures = dict[str, dict[str, Figure]]  # benchmark -> figure -> value


class BadBenchmark(Exception):
    """A benchmark module that does not keep to the contract above."""


def load(names: Iterable[str]) -> dict[str, ModuleType]:
    """The chosen benchmark modules by short name (all of them for no names), in the order of their names."""
    found = {path.stem.removeprefix("bench_"): path for path in sorted(BENCHMARKS.glob("bench_*.py"))}
    wanted = list(names) or list(found)
    if unknown := sorted(set(wanted) - found.keys()):
        raise BadBenchmark(f"no benchmark named {', '.join(unknown)}; there are: {', '.join(found) or 'none yet'}")
    return {name: importlib.import_module(f"tests.benchmarks.{found[name].stem}") for name in found if name in wanted}


def set_up_django() -> None:
    """Name the settings and load the tables, before a benchmark is imported."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lantern.config.settings")
    os.environ["LANTERN_DEMO"] = "yes"
    import django  # noqa: PLC0415 - the settings are named above, at run time

    django.setup()


def prepare_database() -> str:
    """Migrate the empty database that the settings name; its vendor."""
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    return connection.vendor


def measure(name: str, module: ModuleType) -> dict[str, Figure]:
    """One benchmark's figures, shown as they come; raises BadBenchmark for an answer that is no table of figures."""
    print(f"{name} ...", flush=True)
    figures = module.main()
    if not isinstance(figures, dict) or not all(
        isinstance(key, str) and isinstance(value, type_of_figure) for key, value in figures.items()
    ):
        raise BadBenchmark(
            f"bench_{name}.main() must return a dict of figures (text -> number or text), got: {figures!r}"
        )
    targets = getattr(module, "TARGETS", {})
    if unknown := sorted(targets.keys() - figures.keys()):
        raise BadBenchmark(f"bench_{name}.TARGETS names figures that main() does not return: {', '.join(unknown)}")
    for figure, value in figures.items():
        target = f"   (target: under {targets[figure]})" if figure in targets else ""
        print(f"    {figure:<44}{show(value)}{target}", flush=True)
    return figures


def merge(
    results: dict[str, object], column: str, measured: Figures, targets: Mapping[str, Mapping[str, float]]
) -> None:
    """Put one column's figures into the results, with the machine they were measured on."""
    columns = results.setdefault("columns", {})
    assert isinstance(columns, dict)  # noqa: S101 - our own file
    kept = columns.setdefault(column, {"figures": {}})
    kept["machine"] = (
        f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    )
    kept["measured"] = datetime.now(UTC).isoformat(timespec="seconds")
    kept["load_average"] = round(os.getloadavg()[0], 1)
    kept["figures"].update(measured)
    all_targets = results.setdefault("targets", {})
    assert isinstance(all_targets, dict)  # noqa: S101
    all_targets.update({name: dict(values) for name, values in targets.items()})


def table(results: Mapping[str, object]) -> str:
    """The figures as Markdown: a row a figure, a column a database, the target beside it and what misses it in bold."""
    columns, targets = results["columns"], results["targets"]
    assert isinstance(columns, dict)  # noqa: S101
    assert isinstance(targets, dict)  # noqa: S101
    present = [column for column in COLUMNS if column in columns]
    lines = [
        f"- {column}: {columns[column]['measured']}, {columns[column]['machine']}, "
        f"load average {columns[column]['load_average']}"
        for column in present
    ]
    lines += ["", f"| benchmark | figure | target | {' | '.join(present)} |", "|---|---|---|" + "---:|" * len(present)]
    rows = {
        (name, figure): None
        for column in present
        for name, figures in columns[column]["figures"].items()
        for figure in figures
    }
    for name, figure in rows:
        target = targets.get(name, {}).get(figure)
        values = (columns[column]["figures"].get(name, {}).get(figure) for column in present)
        cells = (cell(value, target) for value in values)
        lines.append(f"| {name} | {figure} | {'' if target is None else f'< {show(target)}'} | {' | '.join(cells)} |")
    return "\n".join(lines)


def cell(value: Figure | None, target: float | None) -> str:
    if value is None:
        return ""
    missed = target is not None and isinstance(value, int | float) and value >= target
    return f"**{show(value)}**" if missed else show(value)


def show(value: Figure) -> str:
    """Three significant digits below a thousand, whole numbers above."""
    if isinstance(value, str):
        return value
    return f"{value:,.0f}" if abs(value) >= 1000 or float(value).is_integer() else f"{value:.3g}"


def write_document(text: str) -> None:
    """Replace the part between the markers of docs/developer/benchmarks.md, adding both where they are missing."""
    DOCUMENT.parent.mkdir(parents=True, exist_ok=True)
    old = DOCUMENT.read_text(encoding="utf-8") if DOCUMENT.is_file() else "# Benchmarks\n\nRun `make bench`.\n"
    if BEGIN not in old:
        old = f"{old.rstrip()}\n\n{BEGIN}\n{END}\n"
    before, _, rest = old.partition(BEGIN)
    after = rest.partition(END)[2]
    DOCUMENT.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


def run(names: Sequence[str]) -> None:
    """Measure the named benchmarks (all for none) and keep their figures; an unfinished run keeps nothing."""
    set_up_django()
    modules = load(names)
    if not modules:
        raise BadBenchmark(f"no benchmark yet in {BENCHMARKS.relative_to(ROOT)} (bench_*.py)")
    pure = {name for name, module in modules.items() if not getattr(module, "USES_DATABASE", True)}
    column = prepare_database() if modules.keys() - pure else PURE
    measured: dict[str, Figures] = {PURE: {}, column: {}}
    for name, module in modules.items():
        if name in pure and column == "postgresql":
            continue  # measured with SQLite already: no database takes part
        measured[PURE if name in pure else column][name] = measure(name, module)
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {}
    targets = {name: getattr(module, "TARGETS", {}) for name, module in modules.items()}
    for name_of_column, figures in measured.items():
        if figures:
            merge(results, name_of_column, figures, targets)
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    write_document(table(results))
    print(f"Figures kept in {RESULTS.relative_to(ROOT)} and {DOCUMENT.relative_to(ROOT)}.")


def main(argv: Sequence[str] | None = None) -> int:
    """The command line; 1 with a reason when a benchmark does not keep to the contract."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description="Measure and keep the figures.")
    parser.add_argument("benchmark", nargs="*", help="short names, such as pages for bench_pages.py; all when left out")
    names = parser.parse_args(argv).benchmark
    sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
    with tempfile.TemporaryDirectory(prefix="lantern-bench-") as folder:
        os.environ["LANTERN_DATA"] = folder  # never the reader's own data
        try:
            run(names)
        except BadBenchmark as refusal:
            print(refusal, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
