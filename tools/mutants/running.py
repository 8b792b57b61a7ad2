"""Runs the tests against each mutant in a forked child: Django is set up and the database is built once for a group.

- A first child collects the tests of the group, runs them once as they are, and notes which test meets which line. It
  stays as it is; for each mistake inside a function it forks, changes the code of the live function in the fork, and
  runs the tests that meet the line: those that caught a neighbour and then the quickest first.
- A mistake in what is carried out when a module is loaded gets a child that loads everything anew with the mutated
  module in it, on a copy of the database that the first one built.

Whoever is forked ends at the first test that fails. It may use a few times the processor time of the clean run.
"""

from __future__ import annotations

import ast
import gc
import hashlib
import importlib
import importlib.machinery
import importlib.util
import mmap
import os
import pickle
import resource
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import _lru_cache_wrapper
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import coverage
import pytest

from tools.mutants.operators import Mutant
from tools.mutants.targets import ROOT, SOURCE, Group

SURVIVED, KILLED, BROKEN = 0, 1, 2
NOBODY = -1
LEAST_SECONDS, TIMES_AS_LONG, MOST_MEMORY = 5, 5, 3 << 30
OPTIONS = (
    "-q",
    "-x",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:xdist",
    "-p",
    "no:randomly",
    "--capture=sys",
    "--no-header",
    "--disable-warnings",
)
LOADED_ONCE = (
    "allauth.account", "cryptography.x509", "django.contrib.staticfiles", "django.db.models", "django.forms",
    "django.http", "django.template", "django.test", "django.views.generic", "feedparser", "fido2.server",
    "hypothesis", "markdown_it", "numpy", "rapidfuzz", "requests", "sqlglot", "sqlglot.optimizer",
)  # fmt: skip
"""Packages of others, which no mutant touches: loaded before the forks, so that none of them has to."""
SLOW_OR_ELSEWHERE = "not browser and not slow and not postgres"


class CannotRun(RuntimeError):
    """The tests fail without any mistake, or do not notice that there is none: the figures would mean nothing."""


def survivors(group: Group, made: Sequence[Mutant]) -> set[int]:
    """Return the `id` of each mutant that no test noticed. Raises CannotRun."""
    os.environ["HYPOTHESIS_PROFILE"] = group.examples  # the same examples each time
    os.environ.pop("DATABASE_URL", None)
    os.chdir(ROOT)
    for name in LOADED_ONCE:
        importlib.import_module(name)
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder) / "notes"
        database = _database_of_this_source()
        inside = [(index, each) for index, each in enumerate(made) if not each.site.loading]
        warm = _Warm(group, inside, notes, database)
        code = _in_child(lambda: _pytest(group.arguments(), warm, database))
        if code != SURVIVED:
            raise CannotRun(f"{group.name}: the tests do not pass as they are (ended with {code})")
        left, known = pickle.loads(notes.read_bytes())  # noqa: S301 - written by our own child
        outside = [(index, each) for index, each in enumerate(made) if each.site.loading]
        if outside and _fresh(group, None, known, database) != SURVIVED:
            raise CannotRun(f"{group.name}: the tests do not pass on the copied database")
        for index, each in outside:
            if _fresh(group, each, known, database) == SURVIVED:
                _say(each, survived=True)
                left.add(index)
            else:
                _say(each, survived=False)
    return {id(made[index]) for index in left}


def _say(mutant: Mutant, *, survived: bool) -> None:
    if survived:
        print(f"  survived {mutant.module}:{mutant.site.line} {mutant.name}", file=sys.__stdout__, flush=True)


# ------------------------------------------------------------------------------------------------------------ processes
def _in_child(work: Callable[[], int], seconds: float | None = None) -> int:
    """Run something in a fork and return how it ended; more than `seconds` of processor time counts as killed."""
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if not child:
        code = BROKEN
        try:
            if seconds is not None:
                resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 2))
                resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
                resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
                signal.setitimer(signal.ITIMER_REAL, 20 * seconds)  # for one that waits for ever
            code = work()
        except BaseException as error:
            print(f"{type(error).__name__}: {error}", file=sys.__stderr__)
        finally:
            with suppress(Exception):
                sys.stderr.flush()
                sys.stdout.flush()
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) if not os.WIFSIGNALED(status) else KILLED


def _pytest(arguments: Iterable[str], plugin: object, database: Path) -> int:
    if database.exists():
        _copy_instead_of_migrating(database)
    code = pytest.main([*OPTIONS, "-m", SLOW_OR_ELSEWHERE, *arguments], plugins=[plugin])
    return int(code)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the clean run taught: which tests meet which line of which module, and how long each takes."""

    meets: dict[str, dict[int, set[str]]]
    seconds: dict[str, float]

    def of(self, module: str) -> set[str]:
        """Return the tests that meet a module anywhere."""
        return {test for tests in self.meets.get(module, {}).values() for test in tests}


def _fresh(group: Group, mutant: Mutant | None, known: _Known, database: Path) -> int:
    first = known.of(mutant.module) if mutant else set[str]()

    def work() -> int:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        if mutant is not None:
            sys.meta_path.insert(0, _Mutated(mutant, group.modules()[mutant.module]))
        return _pytest(group.arguments(), _Ordered(first, known.seconds), database)

    return _in_child(work, LEAST_SECONDS + TIMES_AS_LONG * sum(known.seconds.values()))


def _database_of_this_source() -> Path:
    """Return where the database is kept that belongs to the tables as they are declared; it is built once for all."""
    digest = hashlib.sha256()
    for pattern in ("migrations/*.py", "kernel/**/*.py", "config/*.py", "domain/*/models.py", "domain/*/types.py"):
        for path in sorted((SOURCE / "lantern").glob(pattern)):
            digest.update(path.read_bytes())
    folder = Path(tempfile.gettempdir()) / f"lantern-mutants-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / digest.hexdigest()[:32]


def _copy_instead_of_migrating(database: Path) -> None:
    """Let the test database be a copy of the one that was built, wherever Django would migrate it."""
    from django.core import management  # noqa: PLC0415 - only in a child

    real = management.call_command

    def instead(name: str, *args: Any, **options: Any) -> Any:
        if name != "migrate":
            return real(name, *args, **options)
        from django.db import connections  # noqa: PLC0415 - needs the settings

        connection = connections[options.get("database", "default")]
        connection.ensure_connection()
        with sqlite3.connect(database) as built:
            built.backup(connection.connection)
        return None

    management.call_command = instead  # type: ignore[assignment]


class _Mutated(importlib.machinery.SourceFileLoader):
    """Loads one module with the mistake in it."""

    def __init__(self, mutant: Mutant, path: Path) -> None:
        super().__init__(mutant.module, str(path))
        self._mutant = mutant

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._mutant.module:
            return None
        return importlib.util.spec_from_file_location(fullname, self.path, loader=self)

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._mutant.tree(), self.path, "exec", dont_inherit=True)


# ---------------------------------------------------------------------------------------------------------- the plugins
class _Ordered:
    """Puts the tests that meet the module first, and the quickest of them before all."""

    def __init__(self, first: set[str], seconds: dict[str, float]) -> None:
        self._first, self._seconds = first, seconds

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items.sort(key=lambda item: (item.nodeid not in self._first, self._seconds.get(item.nodeid, 0)))


class _Warm:
    """Runs the tests once, watching which lines they meet, and then each mutant in a fork of this very process."""

    def __init__(self, group: Group, made: list[tuple[int, Mutant]], notes: Path, database: Path) -> None:
        self._files = {str(path): module for module, path in group.modules().items()}
        self._paths = {module: str(path) for module, path in group.modules().items()}
        self._group = group.name
        self._made, self._notes, self._database = made, notes, database
        self._meets: dict[str, dict[int, set[str]]] = {module: {} for module in self._paths}
        self._seconds: dict[str, float] = {}
        self._told = memoryview(mmap.mmap(-1, 8)).cast("q")
        """Shared with the forks: the number of the test that failed. Who caught a neighbour is tried first."""

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = list(session.items)
        first = next((item for item in items if _needs_database(item)), items[0])
        _passes(first, _Nothing(session))  # builds the database, or copies it
        watch = coverage.Coverage(data_file=None, config_file=False, include=list(self._files))
        watch.start()
        for item, following in zip(items, [*items[1:], None], strict=True):
            watch.switch_context(item.nodeid)
            began = time.process_time()
            if not _passes(item, following or _Nothing(session)):
                raise CannotRun(f"{item.nodeid} fails as it is")
            self._seconds[item.nodeid] = time.process_time() - began
        watch.stop()
        for path, module in self._files.items():
            met = watch.get_data().contexts_by_lineno(path)
            self._meets[module] = {line: set(tests) for line, tests in met.items()}
        print(
            f"{self._group}: {len(items)} tests, {sum(self._seconds.values()):.1f} s as they are; longest "
            + ", ".join(f"{name.rpartition('/')[2]} {took:.1f} s" for name, took in _longest(self._seconds)),
            file=sys.__stdout__,
            flush=True,
        )
        self._keep_database(session.config, needed=_needs_database(first))
        functions = _live_functions(set(self._files))
        gc.collect()
        gc.freeze()
        left = set()
        caught: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        quick = sorted(items, key=lambda item: self._seconds[item.nodeid])
        for index, mutant in self._made:
            lines = mutant.site.lines
            there = self._meets[mutant.module]
            wanted = set[str]().union(*(there.get(line, set()) for line in lines))
            tests = [item for item in quick if item.nodeid in wanted]
            limit = LEAST_SECONDS + TIMES_AS_LONG * sum(self._seconds[item.nodeid] for item in tests)
            killers = caught[mutant.module, mutant.site.function]
            tests.sort(key=lambda item: -killers[item.nodeid])
            self._told[0] = NOBODY
            code = _in_child(lambda m=mutant, t=tests: self._attempt(session, functions, m, t), limit)  # type: ignore[misc]
            if code == KILLED and self._told[0] != NOBODY:
                killers[tests[self._told[0]].nodeid] += 1
            if code == BROKEN:
                raise CannotRun(f"{mutant.module} {mutant.name} could not be tried")
            if code == SURVIVED:
                left.add(index)
                _say(mutant, survived=True)
                if not tests:
                    print("    no test meets it", file=sys.__stdout__, flush=True)
        self._notes.write_bytes(pickle.dumps((left, _Known(self._meets, self._seconds))))
        return True

    def _keep_database(self, config: pytest.Config, *, needed: bool) -> None:
        from django.db import connection  # noqa: PLC0415 - needs the settings
        from pytest_django.plugin import blocking_manager_key  # noqa: PLC0415 - only in a child

        if self._database.exists() or not needed:
            return
        with config.stash[blocking_manager_key].unblock():
            connection.ensure_connection()
            half = self._database.with_suffix(".half")
            with sqlite3.connect(half) as kept:
                connection.connection.backup(kept)
            half.rename(self._database)

    def _attempt(
        self, session: pytest.Session, functions: list[FunctionType], mutant: Mutant, tests: list[pytest.Item]
    ) -> int:
        _put(functions, self._paths[mutant.module], mutant.tree())
        session._setupstate.teardown_exact(tests[0] if tests else None)
        for number, (item, following) in enumerate(zip(tests, [*tests[1:], None], strict=False)):
            if not _passes(item, following or _Nothing(session)):
                self._told[0] = number
                return KILLED
        return SURVIVED


def _needs_database(item: pytest.Item) -> bool:
    return item.get_closest_marker("django_db") is not None or "db" in getattr(item, "fixturenames", ())


def _longest(seconds: dict[str, float]) -> list[tuple[str, float]]:
    return sorted(seconds.items(), key=lambda each: -each[1])[:5]


class _Nothing:
    """Stands for the next test where only what belongs to the whole session is to stay, such as the database."""

    def __init__(self, session: pytest.Session) -> None:
        self._session = session

    def listchain(self) -> list[Any]:
        return [self._session]


def _passes(item: pytest.Item, following: Any) -> bool:
    from _pytest.runner import runtestprotocol  # noqa: PLC0415 - the one place that reaches into pytest

    return not any(report.failed for report in runtestprotocol(item, log=False, nextitem=following))


# --------------------------------------------------------------------------------------------------- changing live code
def _live_functions(files: set[str]) -> list[FunctionType]:
    """Return every function that came from these files, however it is decorated, and forget what caches keep."""
    found = []
    for each in gc.get_objects():
        if type(each) is FunctionType and each.__code__.co_filename in files:
            found.append(each)
        elif type(each) is _lru_cache_wrapper and str(each.__module__).startswith("lantern."):
            each.cache_clear()
    return found


def _put(functions: list[FunctionType], path: str, tree: ast.Module) -> None:
    """Give the live functions of a file the code that the mutated source has."""
    new = {_place(code): code for code in _codes(compile(tree, path, "exec", dont_inherit=True))}
    for function in functions:
        if function.__code__.co_filename == path:
            code = new.get(_place(function.__code__))
            if code is not None and code != function.__code__:
                function.__code__ = code


def _place(code: CodeType) -> tuple[str, int]:
    return code.co_qualname, code.co_firstlineno


def _codes(code: CodeType) -> Iterable[CodeType]:
    yield code
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _codes(each)
