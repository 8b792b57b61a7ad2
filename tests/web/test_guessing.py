"""Guessing passwords, and finding out who is here (trust.md E6, E7). Hashing is counted, never timed."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from lantern.domain.people.models import Account, Person
from lantern.flows import schedule
from lantern.kernel import clock, tenancy
from lantern.kernel.sign_in import tries
from lantern.kernel.sign_in.models import LinkAsked, SignInTry
from tests.cast import Cast

SECRET = "a calm lantern on the table"
LOGIN = "/sign-in/login/"


class Hashing:
    """How often a password was hashed."""

    times = 0


@pytest.fixture
def hashing(monkeypatch: pytest.MonkeyPatch) -> Hashing:
    counted, real = Hashing(), MD5PasswordHasher.encode

    def encode(self: Any, password: str, salt: str) -> str:
        counted.times += 1
        return real(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", encode)
    return counted


@pytest.fixture
def account(cast: Cast) -> Account:
    cache.clear()
    found = cast.novice.account
    assert found is not None
    found.set_password(SECRET)
    found.save()
    return found


def attempt(client: Client, email: str, password: str, address: str = "198.51.100.7") -> bool:
    """Try to sign in from an address; tell whether that worked."""
    client.post(LOGIN, {"login": email, "password": password}, REMOTE_ADDR=address)
    return "_auth_user_id" in client.session


def addresses(number: int) -> list[str]:
    return [f"203.0.{place // 250}.{place % 250}" for place in range(number)]


@pytest.mark.requirement("N4")
def test_guesses_from_anywhere_are_ten_an_hour(account: Account, hashing: Hashing) -> None:
    for number, address in enumerate(addresses(30)):
        assert not attempt(Client(), account.email, f"guess number {number}", address)
    assert hashing.times == 10
    assert not attempt(Client(), account.email, SECRET, "192.0.2.1")  # from a device that nobody knows
    with time_machine.travel(clock.now() + timedelta(minutes=61), tick=True):
        assert attempt(Client(), account.email, SECRET, "192.0.2.1")


def test_the_owner_is_never_locked_out_of_a_device_she_used(account: Account) -> None:
    hers = Client()
    assert attempt(hers, account.email, SECRET)
    hers.post(reverse("account_logout"))
    for number, address in enumerate(addresses(12)):
        attempt(Client(), account.email, f"guess {number}", address)
    stranger = Client()
    assert not attempt(stranger, account.email, SECRET)  # the positive control: the limit holds
    assert attempt(hers, account.email, SECRET)


def test_a_known_device_has_ten_tries_of_its_own_and_a_forged_one_none(account: Account, hashing: Hashing) -> None:
    hers = Client()
    attempt(hers, account.email, SECRET)
    hers.post(reverse("account_logout"))
    before = hashing.times
    for number in range(15):
        attempt(hers, account.email, f"guess {number}")
    assert hashing.times - before == 10
    forged = Client()
    forged.cookies["device"] = hers.cookies["device"].value[:-2] + "xx"
    assert attempt(forged, account.email, SECRET)  # counted with everybody else, who have tried nothing yet
    other = Client()
    other.cookies["device"] = hers.cookies["device"].value
    before = hashing.times
    for number in range(15):
        attempt(other, "expert@example.org", f"guess {number}", f"192.0.2.{number}")
    assert hashing.times - before == 10  # a device is known for its own account only


def test_who_chooses_a_new_password_gets_in_although_somebody_guesses(account: Account) -> None:
    for number, address in enumerate(addresses(12)):
        attempt(Client(), account.email, f"guess {number}", address)
    hers = Client()
    hers.post(reverse("account_reset_password"), {"email": account.email})
    schedule.carry_out("mail")
    link = re.search(r"http://testserver(\S+)", str(mail.outbox[-1].body))
    assert link is not None
    form = hers.get(link[1], follow=True)
    renewed = "seven geese knit vowels"
    hers.post(form.request["PATH_INFO"], {"password1": renewed, "password2": renewed})
    assert attempt(hers, account.email, renewed)


def test_a_thousand_guesses_are_ten_and_one_password_on_a_thousand_accounts_is_twenty(db: None) -> None:
    """Below the page, where nothing but the counting costs time: rotating addresses, then rotating accounts."""
    guesses = [tries.begin("nia@example.org", f"guess {n}", where) for n, where in enumerate(addresses(1000))]
    assert sum(one is not None for one in guesses) == 10
    spray = [tries.begin(f"{n}@example.org", "Riverbend-2026", where) for n, where in enumerate(addresses(1000))]
    assert sum(one is not None for one in spray) == 20


def test_one_password_on_many_accounts_is_tried_twenty_times_an_hour(account: Account, hashing: Hashing) -> None:
    for number, address in enumerate(addresses(40)):
        attempt(Client(), f"educator{number}@example.org", "Riverbend-2026-autumn", address)
    assert hashing.times == tries.PER_PASSWORD
    assert attempt(Client(), account.email, SECRET, "192.0.2.1")  # another password is not held up


def test_one_address_has_a_hundred_tries_an_hour_and_known_devices_are_not_counted_in(db: None) -> None:
    guesses = [tries.begin(f"{n}@example.org", f"guess {n}", "198.51.100.7") for n in range(120)]
    assert sum(one is not None for one in guesses) == 100
    assert tries.begin("nia@example.org", "hers", "198.51.100.7") is None
    assert tries.begin("nia@example.org", "hers", "198.51.100.7", device="known here") is not None


def test_a_right_password_uses_up_nothing(account: Account) -> None:
    for _ in range(15):
        assert attempt(Client(), account.email, SECRET)
    assert SignInTry.objects.count() == 0


def test_the_count_is_in_the_database_and_names_nobody(account: Account) -> None:
    attempt(Client(), account.email, "my private guess")
    cache.clear()  # a restart
    row = SignInTry.objects.get()
    kept = " ".join(str(getattr(row, field.name)) for field in row._meta.fields)
    assert account.email not in kept and "private" not in kept and "198.51" not in kept
    assert len(row.password_key) == 6
    SignInTry.objects.update(at=clock.now() - timedelta(days=2))
    schedule.carry_out("housekeeping")
    assert SignInTry.objects.count() == 0


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_hosts_at_once_evaluate_ten_together() -> None:
    """Threads with connections of their own, as two hosts have."""
    taken: list[Any] = []

    def host(number: int) -> None:
        try:
            taken.extend(tries.begin("nia@example.org", f"guess {number} {n}", f"192.0.2.{number}") for n in range(8))
        finally:
            connection.close()

    threads = [threading.Thread(target=host, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 32
    assert sum(one is not None for one in taken) == 10


# ------------------------------------------------------------------------------------------------- who is here (E7)


def alike(response: Any, email: str) -> tuple[int, str]:
    """An answer without what differs by itself: the form's token, and the address that was typed."""
    body = re.sub(r"[A-Za-z0-9]{64}", "token", response.content.decode())
    body = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "id", body)
    return response.status_code, body.replace(email, "ADDRESS")


@pytest.fixture
def kinds(cast: Cast, account: Account) -> dict[str, str]:
    """One address of each kind."""
    with tenancy.unscoped("test"):
        Person.objects.filter(pk=cast.para.pk).update(active=False)
    Account.objects.filter(pk=cast.coach.account_id).update(is_active=False)
    Account.objects.filter(pk=cast.principal.account_id).update(password="pbkdf2_sha256$1000$salt$b2xk")
    return {
        "known": account.email,
        "unknown": "nobody@example.org",
        "sign-on only": cast.expert.email,
        "left": cast.para.email,
        "closed": cast.coach.email,
        "old hash": cast.principal.email,
    }


def test_a_wrong_password_is_answered_alike_for_everybody(kinds: dict[str, str], hashing: Hashing) -> None:
    answers, work = {}, {}
    for kind, email in kinds.items():
        before = hashing.times
        answers[kind] = alike(Client().post(LOGIN, {"login": email, "password": f"wrong {kind} guess"}), email)
        work[kind] = hashing.times - before
    assert len(set(answers.values())) == 1
    assert set(work.values()) == {1}


def test_a_forgotten_password_is_answered_alike_for_everybody(kinds: dict[str, str]) -> None:
    answers, work = set(), set()
    for email in kinds.values():
        client = Client()
        with CaptureQueries() as asked:
            answer = client.post(reverse("account_reset_password"), {"email": email})
        shown = client.get(answer.headers["Location"])
        answers.add((answer.status_code, answer.headers["Location"], alike(shown, email)))
        work.add(len(asked.shapes))
    assert len(answers) == 1
    assert len(work) == 1
    assert LinkAsked.objects.count() == len(kinds)
    assert mail.outbox == []
    schedule.carry_out("mail")
    assert LinkAsked.objects.count() == 0
    assert sorted(message.to[0] for message in mail.outbox) == sorted(
        kinds[kind] for kind in ("known", "sign-on only", "old hash")
    )


class CaptureQueries:
    """The statements of a block, without their values."""

    def __enter__(self) -> CaptureQueries:
        from django.test.utils import CaptureQueriesContext

        self._context = CaptureQueriesContext(connection)
        self._context.__enter__()
        self.shapes: list[str] = []
        return self

    def __exit__(self, *problem: Any) -> None:
        self._context.__exit__(*problem)
        self.shapes = [query["sql"].split(" ")[0] for query in self._context.captured_queries]


def test_signing_up_is_closed_for_everybody_alike(kinds: dict[str, str]) -> None:
    answers = {
        alike(Client().post(reverse("account_signup"), {"email": email, "password1": SECRET}), email)
        for email in kinds.values()
    }
    assert len(answers) == 1
    assert "Your district adds you" in answers.pop()[1]
    shown = Client().get(reverse("account_signup"))
    assert shown.status_code == 200 and reverse("account_login") in shown.content.decode()


def test_who_is_signed_in_cannot_ask_by_changing_her_address(kinds: dict[str, str], account: Account) -> None:
    """allauth's page of addresses: an address that somebody has and one that nobody has are answered alike."""
    answers = {}
    for kind in ("unknown", "sign-on only", "closed", "left"):
        client = Client()
        assert attempt(client, account.email, SECRET)
        sent = client.post(reverse("account_email"), {"action_add": "", "email": kinds[kind]})
        answers[kind] = (alike(sent, kinds[kind]), alike(client.get(reverse("account_email")), kinds[kind]))
    assert len(set(answers.values())) == 1, answers


def test_a_link_that_is_wrong_is_answered_alike_for_everybody(cast: Cast, account: Account) -> None:
    from allauth.account.utils import user_pk_to_url_str

    answers = set()
    for who in (user_pk_to_url_str(account), "0" * len(user_pk_to_url_str(account))):
        shown = Client().get(f"/sign-in/password/reset/key/{who}-abc-def/")
        answers.add(alike(shown, who))
    assert len(answers) == 1
    assert "does not work any more" in answers.pop()[1]


def test_a_thousand_links_for_one_address_are_five_an_hour(account: Account) -> None:
    for address in addresses(30):
        Client().post(reverse("account_reset_password"), {"email": account.email}, REMOTE_ADDR=address)
    assert LinkAsked.objects.count() == 5
