"""Kills the process that hands over mail, at any moment, and counts what a mail server got (trust.md A4).

    python -m tools.mail_faults                                    fifty kills, on SQLite
    python -m tools.postgres run -- python -m tools.mail_faults    the same on PostgreSQL
    python -m tools.mail_faults --without claim                    a control: sent first and marked then

A mail server of our own takes each message and waits before it says so: there a kill does most harm. Killed as the
system kills (SIGKILL), the next process goes on with what the database says. Afterwards no Message-ID may have come
twice, no message may be left waiting, and each that never came must stand as "unknown", which nobody resends by
himself: the notice inside Lantern is the truth. Mail cannot come exactly once; Lantern chooses at most once.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import socketserver
import sys
import threading
import time
from collections import Counter
from datetime import timedelta
from typing import Any

from tools import own_installation

WAITS = 0.03
"""Seconds between taking a message and saying so."""
A_BATCH = 3


class Mailbox(socketserver.ThreadingTCPServer):
    """A mail server that keeps the Message-ID of everything it is given."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.got: list[str] = []
        self.more = threading.Condition()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: who is killed in the middle of a sentence leaves a broken line behind."""


class _Conversation(socketserver.StreamRequestHandler):
    server: Mailbox

    def handle(self) -> None:
        self._say("220 here")
        while line := self.rfile.readline():
            verb = line[:4].upper().strip()
            if verb == b"DATA":
                self._say("354 go on")
                self._take()
                time.sleep(WAITS)
            elif verb == b"QUIT":
                self._say("221 bye")
                return
            self._say("250 ok")

    def _take(self) -> None:
        """Read one message to its end and note its id; only then does the server hold it."""
        found = ""
        while (line := self.rfile.readline()) and line.rstrip(b"\r\n") != b".":
            if line.lower().startswith(b"message-id:"):
                found = line.split(b":", 1)[1].strip().decode()
        if line:
            with self.server.more:
                self.server.got.append(found)
                self.server.more.notify_all()

    def _say(self, words: str) -> None:
        try:
            self.wfile.write(f"{words}\r\n".encode())
        except OSError:
            return


def run(kills: int, seed: int, *, claims: bool) -> dict[str, Any]:
    """Queue messages, kill whoever delivers them so many times, deliver the rest, and count."""
    from django.db import connections  # noqa: PLC0415 - the settings are named at run time

    mailbox, chance = Mailbox(), random.Random(seed)  # noqa: S311 moments, not secrets
    queued = _queue(kills * A_BATCH)
    connections.close_all()
    killed = 0
    while killed < kills:
        before = len(mailbox.got)
        child = os.fork()
        if not child:
            _deliver(mailbox, claims=claims)
        killed += _kill_at_some_moment(child, mailbox, before + 1, chance)
        if len(mailbox.got) >= 4 * len(queued):
            break
    _deliver_the_rest(mailbox, claims=claims)
    return _count(queued, mailbox.got, killed)


def _kill_at_some_moment(child: int, mailbox: Mailbox, goal: int, chance: random.Random) -> bool:
    """Kill the child some moments after its first message came; tell whether it was still at work then."""
    with mailbox.more:
        mailbox.more.wait_for(lambda: len(mailbox.got) >= goal, timeout=20)
    time.sleep(chance.uniform(0, 2.5 * WAITS))
    os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def _deliver(mailbox: Mailbox, *, claims: bool) -> None:
    """Hand over what waits, in a process of its own that ends here."""
    from django.conf import settings  # noqa: PLC0415

    from lantern.kernel.mail import deliver_outbox  # noqa: PLC0415

    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = mailbox.server_address[:2]
    settings.EMAIL_USE_TLS, settings.EMAIL_HOST_USER, settings.EMAIL_TIMEOUT = False, "", 20
    (deliver_outbox if claims else _without_claim)()
    os._exit(0)


def _without_claim() -> None:
    """What Lantern does not do: send, and mark then."""
    from lantern import models as tables  # noqa: PLC0415
    from lantern.kernel import mail, tenancy  # noqa: PLC0415

    with tenancy.unscoped("a control of the harness"):
        for message in tables.OutboxMessage.objects.filter(state="waiting").order_by("created_at"):
            mail._send(message)


def _deliver_the_rest(mailbox: Mailbox, *, claims: bool) -> None:
    from lantern.kernel import clock  # noqa: PLC0415

    for minutes in (0, 11):  # after eleven minutes what was claimed and never marked is called unknown
        child = os.fork()
        if not child:
            with clock.standing_at(clock.now() + timedelta(minutes=minutes)):
                _deliver(mailbox, claims=claims)
        os.waitpid(child, 0)


def _queue(messages: int) -> list[str]:
    from lantern import models as tables  # noqa: PLC0415
    from lantern.domain.people import queries as people  # noqa: PLC0415
    from lantern.kernel import mail, tenancy  # noqa: PLC0415
    from lantern.kernel.actor import system  # noqa: PLC0415
    from lantern.kernel.ids import uuid7  # noqa: PLC0415

    with tenancy.unscoped("the harness makes a district"):
        own = uuid7()
        place = tables.Organisation.objects.create(pk=own, tenant_id=own, kind="district", name="Mail district")
    scope = people.tenancy_of(place.pk)
    with tenancy.within(scope):
        return [
            mail.queue_mail(
                system(scope), person_id=None, address="a@example.org", subject="You have an update", body="Look."
            ).message_id
            for _ in range(messages)
        ]


def _count(queued: list[str], got: list[str], killed: int) -> dict[str, Any]:
    from lantern import models as tables  # noqa: PLC0415
    from lantern.kernel import tenancy  # noqa: PLC0415

    with tenancy.unscoped("the harness counts"):
        states = dict(tables.OutboxMessage.objects.values_list("message_id", "state"))
    times = Counter(got)
    wrong = [f"{one} came {many} times" for one, many in times.items() if many > 1]
    wrong += [f"{one} is {states.get(one)}" for one in queued if states.get(one) not in {"sent", "unknown"}]
    wrong += [f"{one} is called sent and never came" for one in queued if states.get(one) == "sent" and not times[one]]
    unknown = sum(state == "unknown" for state in states.values())
    if unknown > killed:
        wrong.append(f"{unknown} are unknown after {killed} kills")
    came = sum(times[one] > 0 for one in queued)
    return {"wrong": wrong, "queued": len(queued), "came": came, "unknown": unknown, "kills": killed}


def main() -> None:
    """Run it from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--without", choices=["claim"], default="", help="a control: this guard is left off")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with own_installation.fresh():
        found = run(given.kills, given.seed, claims=not given.without)
    print(json.dumps(found, indent=2))
    sys.exit(bool(found["wrong"]))


if __name__ == "__main__":
    main()
