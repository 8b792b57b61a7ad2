"""A private PostgreSQL in a temporary folder: started for one command, on a Unix socket only, and gone afterwards.

    python -m tools.postgres run -- pytest                 DATABASE_URL is set for the command
    python -m tools.postgres run --durable -- COMMAND      with fsync on, where what reaches the disk matters
    python -m tools.postgres run --two-roles -- COMMAND    the program's role, and LANTERN_OWNER_URL for the owner's

The command connects as `lantern_owner`, which owns its tables, may create databases (the suite does), and is bound by
row-level security like everybody else: nothing runs as the superuser, whom no policy binds (decision 0023).

The server dies with this process, however that ends (Ctrl-C, kill, kill -9); a folder that a kill -9 left behind is
removed by the next start. PostgreSQL refuses to run as root, so for root it runs as `postgres` or `nobody`.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import quote

import psycopg

from tools.machine import Missing, ensure
from tools.small_disk import small_disk, unmount

SUPERUSER = "postgres"
OWNER, APP, REPORTS = "lantern_owner", "lantern_app", "lantern_reports"
DATABASE = "lantern"
PREFIX = "lantern-postgres-"
SECONDS_TO_START = 60
SECONDS_TO_STOP = 20
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)
PLACE = Path("/tmp" if Path("/tmp").is_dir() else tempfile.gettempdir())  # noqa: S108 - a socket path is short

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_min_messages": "warning",
}
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class CannotStart(Exception):
    """The server did not come up; the message holds what it said."""


@dataclass(slots=True)
class Cluster:
    """A server with one empty database; `crash` and `launch` make it go down and come up again."""

    programs: Path
    socket: Path
    account: Account
    settings: dict[str, str]
    database: str = DATABASE
    server: subprocess.Popen[bytes] | None = None

    def launch(self) -> None:
        """Start the server as a child that dies with us; it answers a little later."""
        self.server = start(self.programs, self.socket, self.account, self.settings)

    def crash(self) -> None:
        """End it as `pg_ctl stop -m immediate` does: at once, nothing is written out, nobody is told goodbye."""
        if self.server is not None:
            self.server.send_signal(signal.SIGQUIT)
            self.server.wait()

    def connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        """Connect to the database as the superuser, whom no policy binds. Raises psycopg.OperationalError."""
        return psycopg.connect(host=str(self.socket), user=SUPERUSER, dbname=self.database, autocommit=True)

    @property
    def url(self) -> str:
        """What DATABASE_URL should be where one role does both."""
        return self.url_of(OWNER)

    def url_of(self, role: str) -> str:
        """The address of the database for a role; nobody needs a password on this socket."""
        return f"postgres://{role}@/{self.database}?host={quote(str(self.socket))}"


@dataclass(frozen=True, slots=True)
class Account:
    """Who the server runs as; None throughout means: who we are."""

    uid: int | None = None
    gid: int | None = None

    @property
    def groups(self) -> list[int] | None:
        return None if self.uid is None else []

    @classmethod
    def unprivileged(cls) -> Account:
        """Us, or for root an account that is nobody special; raises CannotStart when there is none to drop to."""
        if os.geteuid() != 0:
            return cls()
        for name in ("postgres", "nobody"):
            with contextlib.suppress(KeyError):
                found = pwd.getpwnam(name)
                return cls(found.pw_uid, found.pw_gid)
        raise CannotStart(
            "PostgreSQL refuses to run as root, and there is no account `postgres` or `nobody` to drop to"
        )


@contextlib.contextmanager
def private_cluster(
    *, durable: bool = False, settings: dict[str, str] | None = None, megabytes: int | None = None
) -> Iterator[Cluster]:
    """A fresh server for the length of the block, on a disk of its own where a size is given.

    Raises CannotStart, Missing when PostgreSQL is not to be had, CannotMount.
    """
    programs = ensure("postgresql")
    remove_left_behind()
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=PLACE))
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        if megabytes is not None:
            stack.enter_context(small_disk(folder, megabytes))
        account = Account.unprivileged()
        if account.uid is not None:
            shutil.chown(folder, account.uid, account.gid)
        cluster = Cluster(programs, folder, account, SETTINGS | ({} if durable else NOT_DURABLE) | (settings or {}))
        make(programs, folder, account)
        cluster.launch()
        try:
            create_database(cluster)
            yield cluster
        finally:
            if cluster.server is not None:
                stop(cluster.server)


def make(programs: Path, folder: Path, account: Account) -> None:
    """Make the cluster's files in a folder."""
    made = subprocess.run(
        [
            programs / "initdb",
            "--pgdata",
            folder / "data",
            "--username",
            SUPERUSER,
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
            "--no-instructions",
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        user=account.uid,
        group=account.gid,
        extra_groups=account.groups,
    )
    if made.returncode:
        raise CannotStart(f"initdb failed:\n{made.stderr or made.stdout}")


def start(programs: Path, folder: Path, account: Account, settings: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start the server of a cluster that was made, as a child that dies with us."""
    flags = [f"--{name}={value}" for name, value in settings.items()]
    with (folder / "log").open("ab") as output:
        return subprocess.Popen(
            [programs / "postgres", "-D", folder / "data", "-k", folder, *flags],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C reaches the tests, not the server under them
            preexec_fn=die_with_parent,  # noqa: PLW1509 - one call into a library that is loaded, no lock, no import
            user=account.uid,
            group=account.gid,
            extra_groups=account.groups,
        )


def die_with_parent() -> None:
    """In the child, once it is the unprivileged user: ask the kernel for a fast shutdown when the parent ends."""
    if sys.platform == "linux":
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def create_database(cluster: Cluster) -> None:
    """Wait until the server answers, then create the roles and the empty database."""
    folder, server = cluster.socket, cluster.server
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            with psycopg.connect(host=str(folder), user=SUPERUSER, dbname="postgres", autocommit=True) as connection:
                connection.execute(f"CREATE ROLE {OWNER} LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS")
                connection.execute(f"CREATE ROLE {APP} LOGIN NOSUPERUSER NOBYPASSRLS")
                connection.execute(f"CREATE ROLE {REPORTS} NOLOGIN NOSUPERUSER NOBYPASSRLS")
                connection.execute(f"GRANT {APP}, {REPORTS} TO {OWNER}")
                connection.execute(f"GRANT {REPORTS} TO {APP}")
                connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
                return
        except psycopg.OperationalError as refusal:
            if server is None or server.poll() is not None or time.monotonic() > deadline:
                said = (folder / "log").read_text(encoding="utf-8", errors="replace")
                raise CannotStart(f"the server did not come up: {refusal}\n{said}") from refusal
            time.sleep(0.05)


def stop(server: subprocess.Popen[bytes]) -> None:
    """Fast shutdown; nothing here is worth waiting for longer than that takes."""
    server.send_signal(signal.SIGINT)
    try:
        server.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)
        server.wait()


def remove_left_behind() -> None:
    """Remove the folders of earlier runs whose process is gone (only a kill -9 leaves one)."""
    for folder in PLACE.glob(f"{PREFIX}*"):
        owner = folder.name.removeprefix(PREFIX).partition("-")[0]
        if owner.isdigit() and not Path(f"/proc/{owner}").exists() and sys.platform == "linux":
            unmount(folder)
            shutil.rmtree(folder, ignore_errors=True)


def run(command: Sequence[str], *, durable: bool, two_roles: bool = False) -> int:
    """Run `command` with DATABASE_URL naming a private server; its exit code is ours."""
    with private_cluster(durable=durable) as cluster:
        environment = os.environ | {"DATABASE_URL": cluster.url}
        if two_roles:
            environment |= {"DATABASE_URL": cluster.url_of(APP), "LANTERN_OWNER_URL": cluster.url_of(OWNER)}
        child = subprocess.Popen(command, env=environment, preexec_fn=die_with_parent)  # noqa: PLW1509 - as above
        try:
            return child.wait()
        except KeyboardInterrupt:  # the terminal has told the child too: let it close before its server goes
            with contextlib.suppress(subprocess.TimeoutExpired):
                return child.wait(SECONDS_TO_STOP)
            raise
        finally:
            if child.poll() is None:
                child.terminate()
                child.wait()


def end_on_terminate(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def main(argv: Sequence[str] | None = None) -> int:
    """The command line; see the module's docstring."""
    parser = argparse.ArgumentParser(prog="python -m tools.postgres", description="Run beside a private PostgreSQL.")
    parser.add_argument("verb", choices=["run"])
    parser.add_argument("--durable", action="store_true", help="keep fsync on")
    parser.add_argument("--two-roles", action="store_true", help="one role for the program, another owns the tables")
    parser.add_argument("command", nargs="+", metavar="-- COMMAND")
    arguments = parser.parse_args(argv)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end_on_terminate)
    try:
        return run(arguments.command, durable=arguments.durable, two_roles=arguments.two_roles)
    except (CannotStart, Missing) as refusal:
        print(f"PostgreSQL: {refusal}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
