"""Each unsafe request that succeeded and each refusal leaves exactly one audit row, which holds no word that anybody
wrote (trust.md F1).
"""

from __future__ import annotations

import json
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from lantern.flows import schedule
from lantern.kernel import audit, tenancy
from lantern.kernel.audit import chains
from lantern.kernel.audit.models import AuditRecord, DoorRecord
from tests.architecture.acts import PASSWORD, acts
from tests.architecture.database_state import state, taken_back
from tests.architecture.test_url_table import address
from tests.architecture.url_table import TABLE
from tests.cast import Cast, as_
from tests.things import CANARY, Things, make_things


@pytest.fixture(autouse=True)
def a_wednesday(time_machine: Any, settings: Any, tmp_path: Any) -> None:
    """A day in the week that the table's addresses name, and folders of one's own."""
    time_machine.move_to(datetime(2026, 11, 25, 15, 0, tzinfo=UTC), tick=True)
    settings.LANTERN_FILES, settings.LANTERN_UPLOADS = tmp_path / "files", tmp_path / "uploads"


@pytest.fixture
def things(cast: Cast) -> Things:
    """One of everything."""
    return make_things(cast)


def rows() -> list[AuditRecord | DoorRecord]:
    """The whole trail."""
    with tenancy.unscoped("test"):
        return [*AuditRecord.objects.order_by("tenant_id", "sequence"), *DoorRecord.objects.order_by("sequence")]


def as_text(found: list[Any]) -> str:
    """Every column of rows as the database has it."""
    return json.dumps([{name: str(value) for name, value in vars(row).items()} for row in found])


class Trail:
    """Tells which rows came since it was asked last."""

    def __init__(self) -> None:
        self.ends: dict[str, int] = {}
        self.new()

    def new(self) -> list[Any]:
        found: list[Any] = []
        for head in chains.heads():
            end = self.ends.get(head.chain, 0)
            if head.sequence > end:
                with tenancy.unscoped("test"):
                    found += chains._rows(head.chain).filter(sequence__gt=end).order_by("sequence")
            self.ends[head.chain] = head.sequence
        return found


def test_each_act_that_succeeds_leaves_one_row_without_a_word_of_it(cast: Cast, things: Things) -> None:
    """Enumerated over every page that takes a POST, each with a good form whose texts hold the canary."""
    wrong: list[Any] = []
    texts = ""
    for name, act in acts(cast, things).items():
        with taken_back():
            client, seen = act.client(), Trail()
            response = act.send(client)
            found = seen.new()
            assert [one for one in chains.verify({}) if one.verdict.fault] == []
            texts += as_text(found)
        if response.status_code >= 400 or len(found) != 1:
            wrong.append((name, response.status_code, found))
            continue
        (row,) = found
        objects = {str(act.ids[one]) for one in TABLE[name].things}
        assert (row.action, row.method, row.outcome, row.status) == (name, "POST", "done", response.status_code)
        assert row.request_id == response.headers["X-Request-ID"]
        if isinstance(row, DoorRecord):
            assert name.startswith("public:") and row.account_id
        else:
            assert act.who is not None
            assert (row.person_id, row.tenant_id) == (act.who.pk, act.who.tenant_id)
            assert set(row.objects_named.split()) == objects
            assert row.private is not name.startswith(("manage:", "lead:"))
    assert wrong == []
    assert CANARY not in texts and "Nia" not in texts and "@" not in texts


def test_each_refusal_leaves_one_row(cast: Cast, things: Things) -> None:
    """Every page with every method it takes, for four roles: 403 and 404 leave one row, no other answer leaves any."""
    seen, wrong = Trail(), []
    refused = 0
    for role in ("novice", "principal", "operator", "outsider"):
        client = as_(Client(), getattr(cast, role))
        for name, row in TABLE.items():
            ids = things.ids | ({row.things[-1]: uuid4()} if row.things else {})
            for method in row.methods.split():
                where = address(name, ids)
                seen.new()
                status = (client.get(where) if method == "GET" else client.post(where, {"note": CANARY})).status_code
                found = seen.new()
                is_refusal = status in {403, 404}
                refused += is_refusal
                wanted = 1 if is_refusal or (method == "POST" and status < 400) else 0
                at_door = name in {"public:sign_in", "public:demo_sign_in"}
                denied = [one.outcome for one in found] == ["denied"]
                if not at_door and (len(found) != wanted or (is_refusal and not denied)):
                    wrong.append((role, name, method, status, found))
    assert wrong == []
    assert refused > 150, "the table refuses nobody any more, so this test shows nothing"
    assert CANARY not in as_text(rows())


def test_a_form_without_a_good_token_is_a_refusal(cast: Cast, things: Things) -> None:
    seen = Trail()
    client = as_(Client(enforce_csrf_checks=True), cast.novice)
    assert client.post(reverse("grow:goals_new"), {"title": CANARY}).status_code == 403
    (row,) = seen.new()
    assert (row.outcome, row.person_id, row.action) == ("denied", cast.novice.pk, "grow:goals_new")


def test_no_unsafe_method_of_any_page_works_without_a_token(cast: Cast, things: Things) -> None:
    """trust.md E3: each unsafe method of each URL answers 403 without a CSRF token, and changes nothing."""
    client = as_(Client(enforce_csrf_checks=True), cast.operator)
    before, wrong = state(without=AUDIT), []
    for name in TABLE:
        where = address(name, things.ids)
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            if client.generic(method, where, "title=x", "application/x-www-form-urlencoded").status_code != 403:
                wrong.append((name, method))
    assert wrong == []
    assert state(without=AUDIT) == before


AUDIT = {"lantern_auditrecord", "lantern_doorrecord", "lantern_doortally"}


def test_a_repeat_is_told_apart_from_the_act_itself(cast: Cast, things: Things) -> None:
    seen = Trail()
    client = as_(Client(), cast.novice)
    for _ in range(2):
        key = {"theme": "dark", "idempotency_key": "0123456789abcdef"}
        assert client.post(reverse("account:comfort"), key).status_code == 303
    assert [row.outcome for row in seen.new()] == ["done", "repeated"]


def test_signing_in_and_out_and_failing_to_stand_at_the_door(cast: Cast) -> None:
    account = cast.novice.account
    assert account is not None
    account.set_password(PASSWORD)
    account.save()
    seen, client = Trail(), Client()
    wrong = client.post(reverse("account_login"), {"login": account.email, "password": f"{CANARY}"})
    assert wrong.status_code == 200
    client.post(reverse("account_login"), {"login": account.email, "password": PASSWORD})
    client.post(reverse("account_logout"))
    found = seen.new()
    assert [(row.action, row.outcome, row.account_id) for row in found] == [
        ("public:sign_in", "denied", None),
        ("public:sign_in", "done", account.pk),
        ("account_logout", "done", account.pk),
    ]
    text = as_text(found)
    assert "127.0.0.1" not in text and account.email not in text and CANARY not in text
    assert len(found[0].address) == 16


def test_a_stranger_cannot_fill_the_disk(cast: Cast, time_machine: Any) -> None:
    """A thousand refusals of one address are two rows; addresses that lead nowhere are none."""
    from lantern.kernel.audit import strangers

    seen, client = Trail(), Client()
    for _ in range(40):
        assert client.post(reverse("grow:goals_new")).status_code == 403
        assert client.get(f"/{uuid4()}").status_code == 404
    (first,) = seen.new()
    assert (first.outcome, first.times, first.action) == ("denied", 1, "grow:goals_new")
    assert strangers.settle() == 0, "the hour is not over"
    time_machine.shift(7200)
    assert strangers.settle() == 1
    (rest,) = seen.new()
    assert (rest.times, rest.address) == (39, first.address)
    assert strangers.settle() == 0


def test_many_strangers_are_counted_together_at_last(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from lantern.kernel.audit import strangers

    monkeypatch.setattr(strangers, "MOST_ADDRESSES", 3)
    seen = Trail()
    for number in range(10):
        Client(REMOTE_ADDR=f"192.0.2.{number}").post(reverse("grow:goals_new"))
    assert len({row.address for row in seen.new()}) == 4


def test_an_address_is_kept_for_a_day_and_as_a_hash_only(time_machine: Any) -> None:
    from lantern.kernel.audit.strangers import hashed

    today = hashed("192.0.2.7")
    assert today == hashed("192.0.2.7") != hashed("192.0.2.8")
    assert hashed("2001:db8::1") == hashed("2001:db8::ffff:1") != hashed("2001:db8:0:1::1")
    time_machine.shift(86_400)
    assert hashed("192.0.2.7") != today
    assert hashed("unknown") == ""


def test_a_page_that_is_read_costs_no_row_and_an_act_costs_three_statements(cast: Cast, things: Things) -> None:
    from django.test.utils import CaptureQueriesContext

    client = as_(Client(), cast.novice)
    seen = Trail()
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("grow:goals"))
        client.post(reverse("account:comfort"), {"theme": "dark"})
    told = [one["sql"] for one in asked.captured_queries if "audit" in one["sql"] or "advisory" in one["sql"]]
    assert len(told) == (3 if connection.vendor == "postgresql" else 2)
    assert len(seen.new()) == 1


def test_a_mail_about_signing_in_goes_out_only_once_its_act_is_kept(cast: Cast) -> None:
    from django.core import mail

    for keeping, mails in ((taken_back, 0), (nullcontext, 1)):
        with keeping():
            Client().post(reverse("account_reset_password"), {"email": cast.novice.email})
        schedule.carry_out("mail")
        assert len(mail.outbox) == mails


def test_who_may_read_what(cast: Cast, things: Things) -> None:
    """Officials see official rows; what one does for oneself, and where one was refused there, only oneself."""
    nia, olga, paul = (as_(Client(), who) for who in (cast.novice, cast.operator, cast.principal))
    nia.post(reverse("account:comfort"), {"theme": "dark"})
    paul.get(reverse("grow:goal", args=[things.ids["goal"]]))
    nia.get(reverse("manage:people"))
    olga.post(reverse("manage:terms"), {"scheme": "topic", "label": "Talk"})
    from tests.cast import acting

    with acting(cast.operator) as actor:
        shown = [(row.person_id, row.action, row.outcome) for row in audit.list_official(actor)]
    assert shown == [
        (cast.operator.pk, "manage:terms", "done"),
        (cast.novice.pk, "manage:people", "denied"),
    ]
    with acting(cast.novice) as actor:
        mine = [row.action for row in audit.my_trail(actor)]
    assert mine == ["manage:people", "account:comfort"]
    with acting(cast.outsider) as actor:
        assert not audit.list_official(actor).exists()
