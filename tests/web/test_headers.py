"""The safety headers stand on every answer there is: every page, file, refusal, redirect, fault (trust.md E1, C7)."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from csp.decorators import csp_replace
from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import URLPattern, path, reverse

from lantern.config import urls as lantern_urls
from lantern.kernel.errors import Conflict, Invalid, Unavailable
from lantern.web.gate import PUBLIC, page
from lantern.web.headers import ContentPolicyMiddleware
from tests.architecture.test_url_table import address, every_pattern
from tests.architecture.url_table import TABLE
from tests.cast import Cast, as_
from tests.things import CANARY, Things, make_things

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "SECURE_HSTS_SECONDS": 31_536_000,
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    "SECURE_SSL_REDIRECT": True,
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "SESSION_COOKIE_NAME": "__Host-session",
    "CSRF_COOKIE_NAME": "__Host-csrf",
    "DEVICE_COOKIE_NAME": "__Host-device",
}


def faults(response: Any, *, personal: bool) -> list[str]:
    """What is missing on an answer."""
    held = response.headers
    policy = {part.split()[0]: part.split()[1:] for part in held.get("Content-Security-Policy", "").split(";") if part}
    if "sandbox" in policy:  # what somebody handed in: nothing in it may do anything
        closed = policy.get("default-src") == ["'none'"]
        policy |= {name: ["'self'"] if closed else [] for name in ("default-src", "script-src", "style-src")}
        policy["object-src"] = ["'none'"] if closed else []
    wanted = {
        "object-src": policy.get("object-src") == ["'none'"],
        "base-uri": policy.get("base-uri") == ["'none'"],
        "frame-ancestors": policy.get("frame-ancestors") == ["'none'"],
        "default-src": policy.get("default-src") == ["'self'"],
        "script-src": policy.get("script-src") == ["'self'"],
        "style-src": policy.get("style-src") == ["'self'"],
        "HSTS": held.get("Strict-Transport-Security", "").startswith("max-age=31536000; includeSubDomains"),
        "nosniff": held.get("X-Content-Type-Options") == "nosniff",
        "referrer": held.get("Referrer-Policy") in ("same-origin", "no-referrer"),
        "opener": held.get("Cross-Origin-Opener-Policy") == "same-origin",
        "resource": held.get("Cross-Origin-Resource-Policy") == "same-origin",
        "frame": held.get("X-Frame-Options") == "DENY",
        "permissions": all(
            f"{name}=()" in held.get("Permissions-Policy", "") for name in ("camera", "microphone", "geolocation")
        ),
        "cache": not personal or held.get("Cache-Control") == "private, no-store",
    }
    return [name for name, right in wanted.items() if not right]


@page(PUBLIC)
def breaks(request: HttpRequest) -> HttpResponse:
    """A fault of ours, with something private in hand."""
    private = CANARY
    raise RuntimeError(f"{private} in a message")


@page(PUBLIC)
def refuses(request: HttpRequest, how: str) -> HttpResponse:
    """What the domain refuses."""
    raise {"409": Conflict, "422": Invalid, "503": Unavailable}[how]("No.")


urlpatterns = [path("breaks", breaks), path("refuses/<str:how>", refuses), *lantern_urls.urlpatterns]
handler400, handler403 = lantern_urls.handler400, lantern_urls.handler403
handler404, handler500 = lantern_urls.handler404, lantern_urls.handler500


@pytest.fixture
def production(settings: Any) -> None:
    for name, value in PRODUCTION.items():
        setattr(settings, name, value)
    settings.WHITENOISE_USE_FINDERS = True


@pytest.fixture
def things(cast: Cast) -> Things:
    return make_things(cast)


def allauth_addresses() -> list[str]:
    """Every address below sign-in, with something in place of each argument."""
    found = []
    for route, pattern in every_pattern(lantern_urls_resolver()):
        if not route.startswith("sign-in/") or not isinstance(pattern, URLPattern):
            continue
        plain = re.sub(r"<[^>]*provider_id>", "district", re.sub(r"<int:\w+>", "1", route))
        found.append("/" + re.sub(r"\(\?P<\w+>[^)]*\)(\+)?|[\^$\\]|<[^>]*>", "x", plain))
    return sorted(set(found))


def lantern_urls_resolver() -> Any:
    from django.urls import get_resolver

    return get_resolver("lantern.config.urls")


def test_every_page_of_the_table_wears_them(cast: Cast, things: Things, production: None) -> None:
    wrong = {}
    for person in (cast.novice, cast.coordinator):
        client = as_(Client(), person)
        for name in TABLE:
            for method in ("get", "post", "put"):
                response = getattr(client, method)(address(name, things.ids), secure=True)
                if response.status_code >= 500 or (found := faults(response, personal=True)):
                    wrong[person.given_name, name, method] = response.status_code, found
    assert wrong == {}


def test_every_page_wears_them_for_whoever_is_not_signed_in(cast: Cast, things: Things, production: None) -> None:
    wrong = {}
    for name in TABLE:
        for method in ("get", "post"):
            response = getattr(Client(), method)(address(name, things.ids), secure=True)
            if found := faults(response, personal=False):
                wrong[name, method] = found
    assert wrong == {}


def test_everything_below_sign_in_wears_them(cast: Cast, production: None) -> None:
    addresses = allauth_addresses()
    assert len(addresses) > 30
    wrong = {}
    for person in (None, cast.novice):
        client = as_(Client(), person) if person else Client()
        for where in sorted(addresses, key=lambda one: "logout" in one):  # signing out comes last
            for method in ("get", "post"):
                response = getattr(client, method)(where, secure=True)
                if response.status_code >= 500 or (found := faults(response, personal=True)):
                    wrong[where, method] = response.status_code, found
    assert wrong == {}


@override_settings(ROOT_URLCONF=__name__)
def test_every_refusal_and_fault_wears_them(cast: Cast, production: None) -> None:
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.force_login(cast.novice.account)  # type: ignore[arg-type]
    answers = {
        301: strict.get("/home/"),  # to HTTPS
        302: Client().get("/home/", secure=True),
        304: strict.get("/home", secure=True),  # the slash is missing
        400: strict.get("/", secure=True, headers={"host": "evil example"}),
        403: strict.post("/start/skip/", secure=True),
        404: strict.get("/nowhere", secure=True),
        405: strict.get(reverse("home:factors"), secure=True),
        409: strict.get("/refuses/409", secure=True),
        422: strict.get("/refuses/422", secure=True),
        500: strict.get("/breaks", secure=True),
        503: strict.get("/refuses/503", secure=True),
    }
    seen = {wanted: response.status_code for wanted, response in answers.items() if wanted != 304}
    assert {wanted for wanted, got in seen.items() if wanted != got} == set()
    wrong = {}
    for wanted, response in answers.items():
        found = faults(response, personal=False)
        if wanted == 301:
            found.remove("HSTS")  # means nothing without TLS, and browsers ignore it there
        if found:
            wrong[wanted] = found
    assert wrong == {}
    assert answers[500].headers["X-Request-ID"] in answers[500].content.decode()
    assert CANARY not in answers[500].content.decode()
    assert "RuntimeError" not in answers[500].content.decode()


def test_a_file_wears_them_and_may_be_kept(production: None, db: None) -> None:
    response = Client().get("/static/ui/css/lantern.css", secure=True)
    assert response.status_code == 200
    assert faults(response, personal=False) == []
    assert "Access-Control-Allow-Origin" not in response.headers
    assert "no-store" not in response.headers["Cache-Control"]


def test_they_would_be_missed(cast: Cast, settings: Any) -> None:
    """The positive control: without the middlewares the same look finds every fault."""
    settings.MIDDLEWARE = settings.MIDDLEWARE[4:]
    found = faults(as_(Client(), cast.novice).get("/home/", secure=True), personal=True)
    assert {"object-src", "HSTS", "nosniff", "referrer", "opener", "resource", "frame", "permissions", "cache"} <= set(
        found
    )


def test_the_policy_is_what_django_csp_writes_and_an_answer_may_have_its_own(rf: Any, settings: Any) -> None:
    def answered(view: Any, middleware: Any = ContentPolicyMiddleware) -> str:
        return str(middleware(view)(rf.get("/")).headers["Content-Security-Policy"])

    plain = answered(lambda request: HttpResponse())
    assert plain == answered(lambda request: HttpResponse(), CSPMiddleware)
    assert "script-src 'self'" in plain and "object-src 'none'" in plain
    own = answered(csp_replace({"img-src": ["https://pictures.example"]})(lambda request: HttpResponse()))
    assert "img-src https://pictures.example" in own and "script-src 'self'" in own
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"default-src": ["'none'"]}}
    assert answered(lambda request: HttpResponse()) == "default-src 'none'"


def test_cookies_are_closed_in_production(cast: Cast, production: None) -> None:
    account = cast.novice.account
    assert account is not None
    account.set_password("a calm lantern on the table")
    account.save()
    client = Client()
    client.get(reverse("account_login"), secure=True)
    client.post(
        reverse("account_login"), {"login": account.email, "password": "a calm lantern on the table"}, secure=True
    )
    assert set(client.cookies) >= {"__Host-session", "__Host-csrf", "__Host-device"}
    for name in ("__Host-session", "__Host-csrf", "__Host-device"):
        cookie = client.cookies[name]
        assert cookie["secure"] is True and cookie["httponly"] is True, name
        assert cookie["samesite"] == "Lax" and cookie["path"] == "/" and not cookie["domain"], name


def test_production_passes_the_deployment_check(tmp_path: Path) -> None:
    surroundings = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("LANTERN_", "DJANGO_", "DATABASE_URL"))
    } | {
        "LANTERN_SECRET_KEY": "k" + "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "LANTERN_SEALING_KEY": "s" + "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "LANTERN_HOSTS": "learning.riverbend.example",
        "LANTERN_DATA": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "lantern.config.settings",
        "PYTHONPATH": str(ROOT / "src"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT, env=surroundings, capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, "no issues" in done.stdout) == (0, True), done.stdout + done.stderr


def test_titles_addresses_and_redirects_hold_nothing_private(cast: Cast, things: Things) -> None:
    """The owner's own pages, where her words stand in the page: never in its title, its address or a redirect."""
    client, held, wrong = as_(Client(), cast.novice), 0, []
    for name, row in TABLE.items():
        for method in row.methods.lower().split():
            where = address(name, things.ids)
            response = getattr(client, method)(where)
            body = b"" if response.streaming else response.content
            held += CANARY.encode() in body
            title = re.search(rb"<title>(.*?)</title>", body, re.DOTALL)
            told = [where, response.headers.get("Location", ""), title[1].decode() if title else ""]
            if any(CANARY in text for text in told):
                wrong.append((name, method, told))
    assert held > 3  # the positive control: her words are in these pages
    assert wrong == []


@pytest.mark.requirement("N4")
def test_every_unsafe_request_without_a_token_is_refused(cast: Cast, things: Things) -> None:
    strict = as_(Client(enforce_csrf_checks=True), cast.coordinator)
    places = [address(name, things.ids) for name in TABLE] + allauth_addresses()
    passed = [
        (method, where)
        for where in places
        for method in ("post", "put", "patch", "delete")
        if getattr(strict, method)(where).status_code not in {403, 404}
    ]
    assert passed == []
