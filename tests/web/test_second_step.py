"""A second step for every role that sees others' data, and what becomes of one that is lost (trust.md E5)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from lantern.domain.notices import queries as notices
from lantern.domain.people import commands as people
from lantern.domain.people.models import Account, Person
from lantern.flows import schedule
from lantern.kernel.errors import Invalid, NotAllowed
from lantern.kernel.sign_in import secret_text
from tests.architecture.test_url_table import address
from tests.architecture.url_table import EVERYBODY, TABLE
from tests.cast import SECRET_OF_THE_APP, Cast, acting, as_, give_second_step, system_of
from tests.things import make_things

SECRET = "a calm lantern on the table"
START = datetime.fromisoformat("2027-02-03T15:00:10+00:00")


@pytest.fixture(autouse=True)
def a_clock(time_machine: Any) -> Any:
    cache.clear()
    time_machine.move_to(START, tick=False)
    return time_machine


def code_of(secret: str) -> str:
    """What an app shows now."""
    return str(format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time()))))


def sign_in(person: Person, secret: str = SECRET) -> Client:
    """Come with the right password, no further."""
    account = person.account
    assert account is not None
    account.set_password(secret)
    account.save()
    client = Client()
    client.post(reverse("account_login"), {"login": account.email, "password": secret})
    return client


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


GUARDED = ("coach", "principal", "coordinator", "official", "operator")


@pytest.mark.requirement("N4")
@pytest.mark.parametrize("role", GUARDED)
def test_who_sees_others_reaches_nothing_before_she_has_one(cast: Cast, role: str) -> None:
    things, client, reached = make_things(cast), sign_in(getattr(cast, role)), []
    assert is_signed_in(client)
    share = list(TABLE.items())[GUARDED.index(role) :: len(GUARDED)]  # together they open every page there is
    assert len(share) > 20
    for name, row in share:
        if row.who == EVERYBODY:
            continue
        got = client.get(address(name, things.ids))
        sent = client.post(address(name, things.ids))
        if (got.headers.get("Location") != reverse("mfa_index") and got.status_code != 403) or sent.status_code != 403:
            reached.append((name, got.status_code, sent.status_code))
    assert reached == []
    page = client.get(reverse("mfa_index")).content.decode()
    assert "One thing before you go on" in page and reverse("account_logout") in page
    for closed in ("usersessions_list", "account_change_password", "socialaccount_connections", "mfa_deactivate_totp"):
        assert client.get(reverse(closed)).status_code == 302
    assert client.get(reverse("home:home"), headers={"hx-request": "true"}).status_code == 403
    client.post(reverse("account_logout"))
    assert not is_signed_in(client)


def test_who_only_learns_here_needs_none(cast: Cast) -> None:
    assert sign_in(cast.novice).get(reverse("home:home")).status_code == 200


def test_the_demonstration_does_not_ask(cast: Cast, settings: Any) -> None:
    """The positive control too: with the guard off, a password alone reaches others' data."""
    client = sign_in(cast.coordinator)
    assert client.get(reverse("manage:people")).status_code == 302
    settings.SECOND_STEP_REQUIRED = False
    assert client.get(reverse("manage:people")).status_code == 200


def test_setting_one_up_opens_everything_at_once(cast: Cast) -> None:
    client = sign_in(cast.coordinator)
    before = client.session.session_key
    page = client.get(reverse("mfa_activate_totp")).content.decode()  # no password again: she has just given it
    letters = re.search(r"<code class=\"codes\">(\w+)</code>", page)
    assert letters is not None
    done = client.post(reverse("mfa_activate_totp"), {"code": code_of(letters[1])}, follow=True)
    assert "Recovery codes" in done.content.decode() and "One thing before" not in done.content.decode()
    assert client.get(reverse("manage:people")).status_code == 200
    assert client.session.session_key != before
    kept = Authenticator.objects.get(user=cast.coordinator.account, type="totp").data["secret"]
    assert letters[1] not in kept and secret_text.decrypt(kept) == letters[1]


def test_a_role_binds_from_the_next_request(cast: Cast) -> None:
    client = sign_in(cast.novice)
    assert client.get(reverse("home:home")).status_code == 200
    with acting(cast.operator) as olga:
        people.grant_role(olga, person_id=cast.novice.pk, organisation_id=cast.school.pk, role="coach")
    assert client.get(reverse("home:home")).headers["Location"] == reverse("mfa_index")


def test_a_session_from_before_she_had_one_is_asked_to_sign_in_with_it(cast: Cast) -> None:
    client = sign_in(cast.coordinator)
    give_second_step(cast.coordinator)  # on another device
    assert reverse("account_login") in client.get(reverse("manage:people")).headers["Location"]
    assert not is_signed_in(client)


def test_a_password_alone_opens_nothing_where_there_is_one(cast: Cast) -> None:
    give_second_step(cast.coordinator)
    client = sign_in(cast.coordinator)
    assert not is_signed_in(client)
    assert client.get(reverse("manage:people")).headers["Location"].startswith(reverse("account_login"))
    client.post(reverse("mfa_authenticate"), {"code": code_of(SECRET_OF_THE_APP)})
    assert client.get(reverse("manage:people")).status_code == 200


def test_a_code_works_once(cast: Cast, a_clock: Any) -> None:
    give_second_step(cast.coordinator)
    code = code_of(SECRET_OF_THE_APP)
    first, second = sign_in(cast.coordinator), sign_in(cast.coordinator)
    first.post(reverse("mfa_authenticate"), {"code": code})
    again = second.post(reverse("mfa_authenticate"), {"code": code})
    assert is_signed_in(first) and not is_signed_in(second)
    assert "was used before" in again.content.decode()
    a_clock.move_to(START + timedelta(seconds=30), tick=False)
    second.post(reverse("mfa_authenticate"), {"code": code})  # of the half minute before
    assert not is_signed_in(second)
    second.post(reverse("mfa_authenticate"), {"code": code_of(SECRET_OF_THE_APP)})
    assert is_signed_in(second)


def test_codes_cannot_be_guessed(cast: Cast) -> None:
    give_second_step(cast.coordinator)
    client, right = sign_in(cast.coordinator), code_of(SECRET_OF_THE_APP)
    for number in range(10):
        client.post(reverse("mfa_authenticate"), {"code": f"{(int(right) + 1 + number) % 1_000_000:06}"})
    client.post(reverse("mfa_authenticate"), {"code": right})
    assert not is_signed_in(client)


def test_a_recovery_code_works_once_and_is_stored_unreadable(cast: Cast) -> None:
    give_second_step(cast.coordinator)
    codes = RecoveryCodes.activate(cast.coordinator.account).generate_codes()
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator WHERE type = 'recovery_codes'")
        kept = str(cursor.fetchone()[0])
    assert "f1:" in kept and not any(code in kept for code in codes)
    first, second = sign_in(cast.coordinator), sign_in(cast.coordinator)
    first.post(reverse("mfa_authenticate"), {"code": codes[0]})
    second.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert is_signed_in(first) and not is_signed_in(second)


def test_a_new_password_does_not_go_around_it(cast: Cast) -> None:
    give_second_step(cast.coordinator)
    client = Client()
    client.post(reverse("account_reset_password"), {"email": cast.coordinator.email})
    schedule.carry_out("mail")
    link = re.search(r"http://testserver(\S+)", str(mail.outbox[-1].body))
    assert link is not None
    form = client.get(link[1], follow=True)
    short = "kwpf-geese"  # enough beside a second step
    client.post(form.request["PATH_INFO"], {"password1": short, "password2": short})
    assert not is_signed_in(client)
    client.post(reverse("account_login"), {"login": cast.coordinator.email, "password": short})
    assert not is_signed_in(client)
    assert client.get(reverse("manage:people")).status_code == 302
    client.post(reverse("mfa_authenticate"), {"code": code_of(SECRET_OF_THE_APP)})
    assert client.get(reverse("manage:people")).status_code == 200


@pytest.mark.parametrize("why", ["role", "short password", "neither", "another one"])
def test_the_last_one_stays_while_it_is_needed(cast: Cast, why: str) -> None:
    person = cast.coordinator if why in {"role", "another one"} else cast.novice
    give_second_step(person)
    if why == "another one":
        Authenticator.objects.create(user=person.account, type="webauthn", data={})
    Account.objects.filter(pk=person.account_id).update(short_password=why == "short password")
    client = as_(Client(), person)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "mfa", "type": "totp", "at": START.timestamp(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(person.account_id)
    session.save()
    answer = client.post(reverse("mfa_deactivate_totp"))
    stays = why in {"role", "short password"}
    assert Authenticator.objects.filter(user=person.account, type="totp").exists() == stays
    assert ("You need a second step" in answer.content.decode()) == stays


# --------------------------------------------------------------------------------------------------------- at rest


def test_secrets_are_opened_by_this_key_or_the_one_before(settings: Any) -> None:
    kept = secret_text.encrypt("JBSWY3DP")
    assert "JBSWY3DP" not in kept and secret_text.encrypt("JBSWY3DP") != kept
    old = settings.SECRET_KEY
    settings.SECRET_KEY = "another key " * 6
    with pytest.raises(secret_text.Unreadable):
        secret_text.decrypt(kept)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert secret_text.decrypt(kept) == "JBSWY3DP"


def test_a_secret_that_no_key_opens_lets_nobody_in_and_breaks_nothing(cast: Cast, settings: Any) -> None:
    give_second_step(cast.coordinator)
    Authenticator.objects.update(data={"secret": secret_text.encrypt(SECRET_OF_THE_APP)})
    settings.SECRET_KEY = "another key " * 6
    client = sign_in(cast.coordinator)
    answer = client.post(reverse("mfa_authenticate"), {"code": code_of(SECRET_OF_THE_APP)})
    assert answer.status_code == 200 and not is_signed_in(client)


# ------------------------------------------------------------------------------------------------------------ lost


def reset(cast: Cast, person: Person, **words: str) -> tuple[int, int]:
    from lantern.kernel import tenancy

    said = {"reason": "lost", "checked": "in-person"} | words
    actor = system_of(cast.district)
    with tenancy.within(actor.tenancy):
        return people.reset_second_step(actor, person_id=person.pk, **said)


def test_the_operator_takes_a_lost_one_away_and_she_is_told(cast: Cast) -> None:
    give_second_step(cast.coordinator)
    client = sign_in(cast.coordinator)
    client.post(reverse("mfa_authenticate"), {"code": code_of(SECRET_OF_THE_APP)})
    assert reset(cast, cast.coordinator) == (1, 1)
    assert not is_signed_in(client)
    assert client.get(reverse("manage:people")).headers["Location"].startswith(reverse("account_login"))
    with acting(cast.coordinator) as dana:
        assert [notice.kind for notice in notices.my_notices(dana)] == ["second_step_reset"]
    schedule.carry_out("mail")
    told = [message for message in mail.outbox if message.to == [cast.coordinator.email]]
    assert "Your second step for Lantern was taken away" in [message.subject for message in told]
    again = sign_in(cast.coordinator)
    assert again.get(reverse("manage:people")).headers["Location"] == reverse("mfa_index")
    olga = as_(Client(), cast.operator).get(reverse("manage:audit")).content.decode()
    assert "took away a second step" in olga and "Dana Reed, lost, in-person" in olga


def test_a_short_password_ends_with_it(cast: Cast) -> None:
    give_second_step(cast.novice)
    sign_in(cast.novice, "kwpf-geese")
    Account.objects.filter(pk=cast.novice.account_id).update(short_password=True)
    reset(cast, cast.novice)
    account = Account.objects.get(pk=cast.novice.account_id)
    assert not account.has_usable_password() and not account.short_password


def test_nobody_but_the_operator_of_the_installation_takes_one_away(cast: Cast) -> None:
    give_second_step(cast.coordinator)
    with acting(cast.operator) as olga, pytest.raises(NotAllowed):
        people.reset_second_step(olga, person_id=cast.coordinator.pk, reason="lost", checked="in-person")
    with pytest.raises(Invalid):
        reset(cast, cast.coordinator, reason="because")
    with pytest.raises(Invalid):
        reset(cast, cast.coordinator, checked="by-mail")
    assert Authenticator.objects.filter(user=cast.coordinator.account).exists()
