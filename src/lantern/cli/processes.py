"""Web and worker as children of one process: started together, ended together, started again when one falls over.

Children are forked from the process that has loaded Lantern already, so that a start costs one loading, not three.
"""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import FrameType

from lantern.cli import screen

SECONDS_TO_END = 15
FALLS_ALLOWED = 4
"""So often may one child fall over in WITHIN seconds before we give up: a wrong setting does not heal by trying."""
WITHIN = 60.0
_PR_SET_PDEATHSIG = 1
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class CannotServe(Exception):
    """A child did not come up or kept falling over; the message says which."""


class _Stop(Exception):
    """Somebody asked us to end."""


@dataclass
class Child:
    """One program we keep running, in a process group of its own."""

    name: str
    run: Callable[[], None]
    pid: int = 0
    code: int | None = None
    falls: list[float] = field(default_factory=list)

    def start(self) -> None:
        """Fork it; it is told to end should we vanish without a word (Linux)."""
        release_connections()
        sys.stdout.flush()
        sys.stderr.flush()
        parent = os.getpid()
        self.code = None
        self.pid = os.fork()
        if self.pid == 0:
            self._live(parent)

    def _live(self, parent: int) -> None:
        """Be the child: run, and leave without going back up the parent's stack."""
        code = 1
        try:
            os.setsid()
            _die_with(parent)
            for number in _SIGNALS:
                signal.signal(number, signal.SIG_DFL)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            self.run()
            code = 0
        except SystemExit as leaving:
            code = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
        except BaseException as problem:
            screen.error(f"{self.name}: {type(problem).__name__}: {problem}")
        finally:
            with contextlib.suppress(OSError, ValueError):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(code)

    def ended(self) -> int | None:
        """Return its exit code (negative: the signal that ended it), or None while it runs."""
        if self.pid and self.code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.code = os.waitstatus_to_exitcode(status)
        return self.code

    def signal(self, number: int) -> None:
        """Send a signal to it alone: the web server and the worker end their own children in good order."""
        if self.pid and self.ended() is None:
            os.kill(self.pid, number)

    def sweep(self) -> None:
        """End what is left of its process group."""
        if self.pid:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)


def release_connections() -> None:
    """Close every connection to the database: none may be shared between processes."""
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()


def connect_singly() -> None:
    """Let each process of the worker keep one connection of its own, and no pool.

    The worker forks its processes, again and again. A pool would go along with its open connections, and then several
    processes talk on one and the same: each reads what another asked. What is not pooled is closed before a fork, and
    looked at before each job, so that it is made anew after the server was away.
    """
    from django.db import connections

    for alias in connections:
        connections.settings[alias]["OPTIONS"].pop("pool", None)
        connections.settings[alias]["CONN_MAX_AGE"] = 600


def _die_with(parent: int) -> None:
    """Ask the kernel to end this child when its parent is gone."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(1)


@contextlib.contextmanager
def _stopping() -> Iterator[None]:
    """Turn Ctrl-C, TERM and a closed terminal into _Stop."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise _Stop

    before = {number: signal.signal(number, stop) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run_together(
    children: list[Child], ready: Callable[[], bool], on_ready: Callable[[], None], patience: float = 120
) -> int:
    """Run the children until somebody ends us; return the exit code.

    `ready` is asked until it says yes, then `on_ready` is called once. Raises CannotServe when a child keeps falling
    over or nothing is ready in `patience` seconds; every child has ended by then.
    """
    try:
        with _stopping():
            for child in children:
                child.start()
            _wait_until_ready(children, ready, patience)
            on_ready()
            while True:
                _watch(children)
                time.sleep(0.3)
    except (_Stop, KeyboardInterrupt):
        return 0
    finally:
        end(children)


def _wait_until_ready(children: list[Child], ready: Callable[[], bool], patience: float) -> None:
    until = time.monotonic() + patience
    while not ready():
        for child in children:
            if child.ended() is not None:
                raise CannotServe(f"the {child.name} ended at once ({describe(child.ended())}); what it said is above")
        if time.monotonic() > until:
            raise CannotServe(f"nothing answered within {patience:.0f} seconds; what web and worker said is above")
        time.sleep(0.1)


def _watch(children: list[Child]) -> None:
    for child in children:
        code = child.ended()
        if code is None:
            continue
        now = time.monotonic()
        child.falls = [*(fall for fall in child.falls if now - fall < WITHIN), now]
        child.sweep()
        if len(child.falls) >= FALLS_ALLOWED:
            raise CannotServe(f"the {child.name} ended {len(child.falls)} times in a minute ({describe(code)})")
        screen.error(f"the {child.name} ended ({describe(code)}); starting it again")
        child.start()


def end(children: list[Child]) -> None:
    """End all, politely, then for good; a second Ctrl-C meanwhile changes nothing."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in _SIGNALS}
    try:
        for child in children:
            child.signal(signal.SIGTERM)
        until = time.monotonic() + SECONDS_TO_END
        while time.monotonic() < until and any(child.pid and child.ended() is None for child in children):
            time.sleep(0.05)
        for child in children:
            child.sweep()
            while child.pid and child.ended() is None:
                time.sleep(0.02)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def describe(code: int | None) -> str:
    """Return an exit code in words."""
    if code is None:
        return "running"
    if code < 0:
        return f"signal {signal.Signals(-code).name}"
    return f"exit code {code}"


def run_web(host: str, port: int, workers: int = 2, threads: int = 4) -> None:
    """Answer requests until told to end (stack.md: measured); Lantern is loaded once, then forked into workers."""
    from gunicorn.app.wsgiapp import WSGIApplication  # type: ignore[import-untyped]  # it ships no types

    release_connections()
    memory = "/dev/shm"  # noqa: S108 - gunicorn's heartbeat file, which must not wait for a disk
    spot = ["--worker-tmp-dir", memory] if os.path.isdir(memory) and os.access(memory, os.W_OK) else []
    sys.argv = [
        "gunicorn", "lantern.config.wsgi:application", "--preload",
        "--worker-class", "gthread", "--workers", str(workers), "--threads", str(threads),
        "--bind", f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        *spot, "--no-control-socket", "--max-requests", "2000", "--max-requests-jitter", "200",
        "--timeout", "60", "--graceful-timeout", "10", "--keep-alive", "5", "--log-level", "warning",
    ]  # fmt: skip
    WSGIApplication("%(prog)s [OPTIONS] [APP_MODULE]", prog="gunicorn").run()


def run_worker() -> None:
    """Carry out jobs until told to end."""
    from django.core.management import call_command

    release_connections()
    connect_singly()
    call_command("qcluster")
    for process in multiprocessing.active_children():
        process.join()
