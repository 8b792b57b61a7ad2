"""A district's OpenID Connect from the button to home, against an issuer on this machine; and who stays outside."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from lantern.config import env
from lantern.domain.people.models import Account, Person
from lantern.kernel import tenancy
from tests.cast import Cast

LOGIN = "/sign-in/oidc/district/login/"
CALLBACK = f"{LOGIN}callback/"


class Issuer(HTTPServer):
    """Vouches for whoever `says` is."""

    says: dict[str, Any]
    signed: dict[str, Any] | None = {}
    nonce: str = ""  # as it was asked last

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answers(BaseHTTPRequestHandler):
    server: Issuer

    def do_GET(self) -> None:
        here = self.server.address
        endpoints = {f"{name}_endpoint": f"{here}/{name}" for name in ("authorization", "token", "userinfo")}
        facts = {"issuer": here, "jwks_uri": f"{here}/keys", **endpoints}
        self._send(self.server.says if self.path == "/userinfo" else facts)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        given = {"access_token": "opaque", "token_type": "Bearer"}
        if self.server.signed is not None:
            now = int(time.time())
            claims = {"iss": self.server.address, "aud": "lantern", "iat": now, "exp": now + 60}
            claims |= {"sub": self.server.says["sub"], "nonce": self.server.nonce} | self.server.signed
            given["id_token"] = jwt.encode(claims, "k" * 32, algorithm="HS256")
        self._send(given)

    def _send(self, answer: dict[str, Any]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet."""


@pytest.fixture
def issuer(cast: Cast, settings: Any) -> Iterator[Issuer]:
    cache.clear()
    server = Issuer(("127.0.0.1", 0), Answers)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    app: dict[str, Any] = {"provider_id": "district", "name": "Riverbend", "client_id": "lantern", "secret": "quiet"}
    app["settings"] = {"server_url": server.address, "oauth_pkce_enabled": True}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    yield server
    server.shutdown()
    server.server_close()


def press(client: Client, issuer: Issuer) -> str:
    """Press the button; the issuer is asked, with all that ties its answer to this sign-in. Returns the state."""
    onward = client.post(LOGIN).headers["Location"]
    assert onward.startswith(f"{issuer.address}/authorization?")
    asked = parse_qs(urlsplit(onward).query)
    assert asked["code_challenge_method"] == ["S256"]
    issuer.nonce = asked["nonce"][0]
    assert len(issuer.nonce) >= 43
    return asked["state"][0]


def sign_in(client: Client, issuer: Issuer, **says: Any) -> Any:
    """Press the button, let the issuer vouch, come back."""
    issuer.says = {"sub": "1", "email_verified": True, **says}
    return client.get(CALLBACK, {"code": "c", "state": press(client, issuer)})


def without_account(person: Person) -> None:
    """As the roster brings her in: known by her address, with no account yet."""
    with tenancy.unscoped("test"):
        account, person.account = person.account, None
        person.save(update_fields=["account"])
        Account.objects.filter(pk=account.pk).delete()  # type: ignore[union-attr]


def is_in(client: Client) -> bool:
    return client.get(reverse("home:home")).status_code == 200


def test_the_button_is_there_only_where_it_is_set_up(cast: Cast, client: Client, issuer: Issuer, settings: Any) -> None:
    page = client.get(reverse("account_login")).content.decode()
    assert "Continue with Riverbend" in page and LOGIN in page
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}
    assert "Continue with" not in client.get(reverse("account_login")).content.decode()


def test_who_has_an_account_comes_in_by_her_verified_address(cast: Cast, client: Client, issuer: Issuer) -> None:
    answer = sign_in(client, issuer, email=cast.novice.email.upper())
    assert answer.headers["Location"] == reverse("home:home")
    assert is_in(client)


def test_who_only_the_roster_knows_comes_in_on_her_first_day_and_again(
    cast: Cast, client: Client, issuer: Issuer
) -> None:
    without_account(cast.novice)
    sign_in(client, issuer, email=cast.novice.email)
    assert is_in(client)
    again = Client()
    sign_in(again, issuer, email="renamed@example.org")  # the issuer's own number for her counts from then on
    assert is_in(again)
    assert Account.objects.filter(email=cast.novice.email).count() == 1


@pytest.mark.parametrize("why", ["stranger", "unverified", "closed", "left", "two of one address"])
def test_nobody_else_comes_in(cast: Cast, client: Client, issuer: Issuer, why: str) -> None:
    says: dict[str, Any] = {"email": cast.novice.email}
    if why == "stranger":
        says["email"] = "nobody@example.org"
    elif why == "unverified":
        says["email_verified"] = False
    elif why == "closed":
        Account.objects.filter(email=cast.novice.email).update(is_active=False)
    else:
        without_account(cast.novice)
        without_account(cast.expert)
        with tenancy.unscoped("test"):
            if why == "left":
                Person.objects.filter(pk=cast.novice.pk).update(active=False)
            else:
                Person.objects.filter(pk=cast.expert.pk).update(email=cast.novice.email)
    before = Account.objects.count()
    answer = sign_in(client, issuer, **says)
    assert answer.headers["Location"] == reverse("public:unknown_person")
    assert not is_in(client)
    assert Account.objects.count() == before


def test_the_browser_may_go_on_to_the_issuer() -> None:
    assert env.origins("https://sso.riverbend.example:8443/realm/staff") == ["https://sso.riverbend.example:8443"]
    assert env.origins("") == []


def opens_others_data(client: Client) -> bool:
    return client.get(reverse("manage:people")).status_code == 200


@pytest.mark.parametrize(
    ("setting", "methods", "enough"),
    [
        ("own", ["pwd", "mfa"], False),
        ("claimed", ["pwd", "mfa"], True),
        ("claimed", ["hwk"], True),
        ("claimed", ["pwd"], False),
        ("claimed", None, False),
        ("claimed", "mfa", False),  # must be a list (RFC 8176)
        ("trusted", None, True),
    ],
)
def test_whether_the_districts_sign_on_stands_for_a_second_step(
    cast: Cast, client: Client, issuer: Issuer, settings: Any, setting: str, methods: Any, enough: bool
) -> None:
    settings.OIDC_SECOND_STEP = setting
    issuer.signed = {"sub": "1"} | ({"amr": methods} if methods is not None else {})
    sign_in(client, issuer, email=cast.coordinator.email)
    assert is_in(client) == enough
    assert opens_others_data(client) == enough
    if not enough:
        assert client.get(reverse("home:home")).headers["Location"] == reverse("mfa_index")


def test_who_is_vouched_for_is_not_vouched_for_with_a_password(
    cast: Cast, client: Client, issuer: Issuer, settings: Any
) -> None:
    settings.OIDC_SECOND_STEP = "trusted"
    sign_in(client, issuer, email=cast.coordinator.email)
    assert opens_others_data(client)
    account = cast.coordinator.account
    assert account is not None
    account.set_password("a calm lantern on the table")
    account.save()
    other = Client()
    other.post(reverse("account_login"), {"login": account.email, "password": "a calm lantern on the table"})
    assert not opens_others_data(other)


@pytest.mark.parametrize("forged", [{"aud": "another"}, {"iss": "https://evil.example"}, {"exp": 1}])
def test_a_token_for_somebody_else_or_from_elsewhere_opens_nothing(
    cast: Cast, client: Client, issuer: Issuer, forged: dict[str, Any]
) -> None:
    issuer.signed = {"sub": "1", **forged}
    sign_in(client, issuer, email=cast.novice.email)
    assert not is_in(client)
    issuer.signed = {"sub": "1"}  # the positive control
    sign_in(client, issuer, email=cast.novice.email)
    assert is_in(client)


def test_an_answer_that_nobody_asked_for_or_that_comes_twice_opens_nothing(
    cast: Cast, client: Client, issuer: Issuer
) -> None:
    issuer.says = {"sub": "1", "email_verified": True, "email": cast.novice.email}
    client.get(CALLBACK, {"code": "c", "state": "made-up"})
    assert not is_in(client)
    state = press(client, issuer)
    stranger = Client()
    stranger.get(CALLBACK, {"code": "c", "state": state})
    assert not is_in(stranger)
    client.get(CALLBACK, {"code": "c", "state": state})
    assert is_in(client)
    client.post(reverse("account_logout"))
    client.get(CALLBACK, {"code": "c", "state": state})
    assert not is_in(client)


@pytest.mark.parametrize(
    "signed",
    [{"nonce": "of another sign-in"}, {"nonce": None}, {"sub": "2"}, None],
    ids=["another nonce", "no nonce", "two people", "no token"],
)
def test_a_token_of_another_sign_in_or_person_opens_nothing(
    cast: Cast, client: Client, issuer: Issuer, signed: dict[str, Any] | None
) -> None:
    issuer.signed = signed
    sign_in(client, issuer, email=cast.novice.email)
    assert not is_in(client)
    issuer.signed = {}  # the positive control
    sign_in(client, issuer, email=cast.novice.email)
    assert is_in(client)


def test_each_sign_in_has_a_nonce_of_its_own_that_no_address_can_choose(client: Client, issuer: Issuer) -> None:
    seen = set()
    for _ in range(3):
        press(client, issuer)
        seen.add(issuer.nonce)
    assert len(seen) == 3
    onward = client.post(f"{LOGIN}?auth_params=nonce%3Dmine").headers["Location"]
    assert parse_qs(urlsplit(onward).query)["nonce"] != ["mine"]
