"""The front door: signing in and out, a forgotten password, the second step, the demonstration's people, health."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from lantern.domain.people.models import Person
from lantern.domain.people.types import DEMO_KEYS
from lantern.flows import schedule
from lantern.kernel import tenancy
from lantern.kernel.jobs.models import Job
from tests.cast import Cast, as_

SECRET = "a calm lantern on the table"


@pytest.fixture(autouse=True)
def no_memory_of_earlier_tries() -> None:
    cache.clear()


@pytest.fixture
def novice(cast: Cast) -> Cast:
    account = cast.novice.account
    assert account is not None
    account.set_password(SECRET)
    account.save()
    return cast


@pytest.fixture
def demo(cast: Cast, settings: Any) -> Cast:
    settings.SECOND_STEP_REQUIRED = False  # as in every demonstration
    with tenancy.unscoped("test"):
        Person.objects.filter(pk=cast.novice.pk).update(source="demo", sourced_id="novice")
        Person.objects.filter(pk=cast.operator.pk).update(source="demo", sourced_id="operator")
        Person.objects.filter(pk=cast.expert.pk).update(source="demo", sourced_id="somebody-else")
    return cast


def text(response: Any) -> str:
    return str(response.content.decode())


def sign_in(client: Client, address: str, secret: str = SECRET) -> Any:
    return client.post(reverse("account_login"), {"login": address, "password": secret})


def test_the_front_page_leads_in_and_home(cast: Cast, client: Client) -> None:
    page = text(client.get("/"))
    assert reverse("account_login") in page
    assert as_(client, cast.novice).get("/").headers["Location"] == reverse("home:home")


def test_a_password_lets_in_and_out_and_back_to_where_one_wanted(novice: Cast, client: Client) -> None:
    wanted = client.get(reverse("manage:people"))
    assert wanted.headers["Location"] == f"{reverse('account_login')}?next=/manage/people/"
    assert 'value="/manage/people/"' in text(client.get(wanted.headers["Location"]))
    assert sign_in(client, novice.novice.email.upper()).headers["Location"] == reverse("home:home")
    assert client.get(reverse("account_logout")).status_code == 200
    client.post(reverse("account_logout"))
    assert client.get(reverse("manage:people")).status_code == 302


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(novice: Cast, client: Client) -> None:
    answers = [sign_in(client, novice.novice.email, "wrong"), sign_in(client, "nobody@example.org", "wrong")]
    assert [answer.status_code for answer in answers] == [200, 200]
    errors = [re.findall(r'class="ui-alert-title">.*?</ul>', text(answer), re.DOTALL) for answer in answers]
    assert errors[0] == errors[1] != []


def test_guessing_is_slowed_down(novice: Cast, client: Client) -> None:
    for _ in range(11):
        sign_in(client, novice.novice.email, "wrong")
    sign_in(client, novice.novice.email)
    assert "_auth_user_id" not in client.session


def test_who_left_or_has_a_closed_account_does_not_get_in(novice: Cast, client: Client) -> None:
    with tenancy.unscoped("test"):
        Person.objects.filter(pk=novice.novice.pk).update(active=False)
    sign_in(client, novice.novice.email)
    answer = client.get(reverse("manage:people"))
    assert answer.status_code == 403
    assert "not tied to a school or district" in text(answer)


def test_a_forgotten_password_is_renewed_by_mail(
    novice: Cast, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    for address in (novice.novice.email, "nobody@example.org"):
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(reverse("account_reset_password"), {"email": address}, follow=True)
        assert "Look at your mail" in text(answer)
    assert schedule.carry_out("mail") == "1 sent"
    link = re.search(r"http://testserver(/sign-in/password/reset/key/\S+)", str(mail.outbox[0].body))
    assert link is not None
    form = client.get(link[1], follow=True)
    short = client.post(form.request["PATH_INFO"], {"password1": "short", "password2": "short"})
    assert "at least 15 characters" in text(short)
    renewed = "another calm lantern here"
    client.post(form.request["PATH_INFO"], {"password1": renewed, "password2": renewed})
    assert sign_in(Client(), novice.novice.email, renewed).status_code == 302


def test_nobody_signs_up_alone(client: Client, db: None) -> None:
    assert "Your district adds you" in text(client.get(reverse("account_signup")))
    client.post(reverse("account_signup"), {"email": "me@example.org", "password1": SECRET})
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "name",
    [
        "account_login", "account_reset_password", "account_reset_password_done", "account_logout", "account_inactive",
        "account_change_password", "mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_list_webauthn",
        "mfa_generate_recovery_codes", "usersessions_list", "account_reauthenticate", "public:unknown_person",
        "socialaccount_login_cancelled", "socialaccount_login_error", "account_email",
    ],
)  # fmt: skip
def test_every_sign_in_page_wears_the_house(novice: Cast, client: Client, name: str) -> None:
    public = name in {
        "account_login", "account_reset_password", "account_reset_password_done", "account_inactive",
        "public:unknown_person", "socialaccount_login_cancelled", "socialaccount_login_error",
    }  # fmt: skip
    if not public:
        sign_in(client, novice.novice.email)
        client.post(reverse("account_reauthenticate"), {"password": SECRET})
    answer = client.get(reverse(name), follow=True)
    page = text(answer)
    assert answer.status_code in {200, 401}
    assert "ui/css/lantern.css" in page
    assert not re.search(r"<script(?![^>]*(src=|application/json))", page)
    assert " style=" not in page
    assert name.startswith("public") or "no-store" in answer.headers["Cache-Control"]


def test_a_code_from_an_app_becomes_the_second_step(novice: Cast, client: Client) -> None:
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    def code(secret: str) -> str:
        return str(format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time()))))

    sign_in(client, novice.novice.email)
    client.post(reverse("account_reauthenticate"), {"password": SECRET})
    page = text(client.get(reverse("mfa_activate_totp"), follow=True))
    letters = re.search(r'Letters: <code class="codes">(\w+)</code>', page)
    assert letters is not None
    done = client.post(reverse("mfa_activate_totp"), {"code": code(letters[1])}, follow=True)
    assert "Recovery codes" in text(done)
    for name in ("mfa_index", "mfa_deactivate_totp", "mfa_view_recovery_codes"):
        assert client.get(reverse(name), follow=True).status_code == 200
    other = Client()
    step = sign_in(other, novice.novice.email)
    assert step.headers["Location"] == reverse("mfa_authenticate")
    assert "One more step" in text(other.get(step.headers["Location"]))
    assert other.get(reverse("manage:people")).status_code == 302
    cache.clear()  # a code is taken once; the same half minute needs it again here
    other.post(reverse("mfa_authenticate"), {"code": code(letters[1])})
    assert "_auth_user_id" in other.session


def test_the_demonstration_lets_in_with_one_click(demo: Cast, client: Client) -> None:
    for page in (text(client.get(reverse("account_login"))), text(client.get("/"))):
        assert "Nia Young" in page
        assert page.index("Nia Young") < page.index("Olga Frey")
        assert "Elena Ruiz" not in page
    answer = client.post(reverse("public:demo_sign_in"), {"person": "operator", "next": "/manage/people/"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/manage/people/")
    assert client.get("/manage/people/").status_code == 200
    for wrong in ("", "somebody-else", "coach", str(demo.novice.pk)):
        assert client.post(reverse("public:demo_sign_in"), {"person": wrong}).status_code == 404
    outward = client.post(reverse("public:demo_sign_in"), {"person": "novice", "next": "//elsewhere.example"})
    assert outward.headers["Location"] == reverse("home:home")


def test_outside_the_demonstration_that_door_does_not_exist(demo: Cast, client: Client, settings: Any) -> None:
    settings.DEMO = False
    assert client.post(reverse("public:demo_sign_in"), {"person": "novice"}).status_code == 404
    assert "Nia Young" not in text(client.get(reverse("account_login")))
    assert "Nia Young" not in text(client.get("/"))
    assert "_auth_user_id" not in client.session


def test_the_keys_of_the_demonstration_are_the_roles_of_the_product() -> None:
    assert len(DEMO_KEYS) == len(set(DEMO_KEYS)) == 8


def test_health_tells_whether_pages_work_and_nothing_about_anybody(cast: Cast, client: Client, settings: Any) -> None:
    answer = client.get(reverse("public:health"))
    assert answer.status_code == 200
    found = answer.json()
    assert set(found) == {"ok", "database", "migrations", "worker", "jobs_stuck", "disk_free", "disk_enough"}
    assert found["ok"] is found["database"] is found["migrations"] is True
    assert found["worker"] is False
    with tenancy.unscoped("test"):
        assert Job.objects.count() == 0
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'lantern'")
    sick = client.get(reverse("public:health"))
    assert (sick.status_code, sick.json()["migrations"]) == (503, False)
