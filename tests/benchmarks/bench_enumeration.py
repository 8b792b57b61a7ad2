"""Whether the time of an answer tells who is here (trust.md E7): a wrong password and a forgotten one, for an account
that is known, unknown, for sign-on only, closed, and of somebody who left; taken in turn, with the hasher of an
installation.

What the answers say is compared in tests/web/test_guessing.py.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from lantern import models as tables
from lantern.kernel import tenancy
from lantern.kernel.sign_in.models import LinkAsked, SignInTry
from tests.cast import make_person, make_school, make_tenant

KINDS = ("known", "unknown", "sign-on only", "closed", "left")
ROUNDS = {"wrong password": 40, "forgotten password": 200}
"""Rounds of five: two hundred and a thousand tries."""
TARGETS = {f"{act}: widest distance of medians, %": 5 for act in ROUNDS}


def main() -> dict[str, float | str]:
    """Make one account of each kind; measure both forms."""
    addresses = _accounts()
    acts: dict[str, Callable[[str, int], Any]] = {"wrong password": _sign_in, "forgotten password": _forget}
    figures: dict[str, float | str] = {}
    for name, act in acts.items():
        medians = _in_turn(act, addresses, ROUNDS[name])
        figures |= {f"{name}, {kind}: CPU ms": median for kind, median in medians.items()}
        widest = 100 * (max(medians.values()) / min(medians.values()) - 1)
        figures[f"{name}: widest distance of medians, %"] = widest
    cache.clear()
    LinkAsked.objects.all().delete()
    return figures


def _accounts() -> dict[str, str]:
    """One address of each kind, all in one school."""
    school = make_school(make_tenant("district", "Doors"), "Door School")
    people = {kind: make_person(school, f"{kind.title().replace(' ', '')} Door") for kind in KINDS if kind != "unknown"}
    with tenancy.unscoped("benchmark"):
        for kind in ("known", "closed", "left"):
            account = people[kind].account
            assert account is not None
            account.set_password("a calm lantern on the table")
            account.is_active = kind != "closed"
            account.save()
        tables.Person.objects.filter(pk=people["left"].pk).update(active=False)
    return {kind: people[kind].email if kind in people else "nobody.door@example.org" for kind in KINDS}


def _in_turn(act: Callable[[str, int], Any], addresses: dict[str, str], rounds: int) -> dict[str, float]:
    """The median CPU milliseconds by kind; each round begins with another kind."""
    taken: dict[str, list[float]] = {kind: [] for kind in KINDS}
    number = 0
    for one in range(rounds + 3):
        for place in range(len(KINDS)):
            kind, number = KINDS[(one + place) % len(KINDS)], number + 1
            cache.clear()
            SignInTry.objects.all().delete()
            gc.collect(0)
            begun = time.process_time()
            act(addresses[kind], number)
            taken[kind].append((time.process_time() - begun) * 1000)
    return {kind: statistics.median(times[3:]) for kind, times in taken.items()}


def _sign_in(email: str, number: int) -> None:
    client = Client(SERVER_NAME="localhost", REMOTE_ADDR=f"192.0.2.{number % 250}")
    answer = client.post(reverse("account_login"), {"login": email, "password": f"wrong guess {number}"})
    assert answer.status_code == 200, answer.status_code


def _forget(email: str, number: int) -> None:
    client = Client(SERVER_NAME="localhost", REMOTE_ADDR=f"192.0.2.{number % 250}")
    answer = client.post(reverse("account_reset_password"), {"email": email})
    assert answer.status_code == 302, answer.status_code
