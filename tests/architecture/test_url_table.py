"""Every page against the reviewed table: who gets in, who is refused, and that what is not yours does not exist
(trust.md B1, B2).
"""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, path, reverse

from lantern.config import urls as lantern_urls
from lantern.web.gate import PUBLIC, Rule, rule_of
from tests.architecture.url_table import EVERYBODY, TABLE, Row
from tests.cast import Cast, actor_of, as_
from tests.things import PRIVATE_TO_THE_NOVICE, Things, make_things

ROLES = ("novice", "expert", "para", "coach", "principal", "coordinator", "official", "operator", "outsider")
EXTRA = {"item_kind": "goal", "name": "reading", "kind": "goal", "monday": "2026-11-23", "secret": "guessed"}


def our_pages() -> dict[str, URLPattern]:
    """Every named page of ours, as "area:name"."""
    found: dict[str, URLPattern] = {}
    for resolver in lantern_urls.urlpatterns:
        if isinstance(resolver, URLResolver) and resolver.namespace:
            for pattern in resolver.url_patterns:
                assert isinstance(pattern, URLPattern)
                found[f"{resolver.namespace}:{pattern.name}"] = pattern
    return found


def every_pattern(resolver: URLResolver, prefix: str = "") -> list[tuple[str, URLPattern]]:
    """Every pattern of the installation, allauth's too, with its whole route."""
    found: list[tuple[str, URLPattern]] = []
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        found += every_pattern(pattern, route) if isinstance(pattern, URLResolver) else [(route, pattern)]
    return found


def address(name: str, things: dict[str, UUID]) -> str:
    """The address of a page for the things given."""
    arguments: dict[str, Any] = {}
    wanted = iter(TABLE[name].things)
    for argument in our_pages()[name].pattern.converters:
        arguments[argument] = EXTRA[argument] if argument in EXTRA else things[next(wanted)]
    return reverse(name, kwargs=arguments)


def test_the_table_and_the_house_have_the_same_pages_and_rules() -> None:
    pages = our_pages()
    assert sorted(pages) == sorted(TABLE)
    for name, pattern in pages.items():
        rule, row = rule_of(pattern.callback, pattern.name, ""), TABLE[name]
        assert rule is not None
        assert rule.roles == ({PUBLIC} if row.who == EVERYBODY else row.who), name
        assert rule.methods - {"HEAD"} == set(row.methods.split()), name


def test_every_pattern_has_a_rule() -> None:
    bare = [
        route
        for route, pattern in every_pattern(get_resolver())
        if rule_of(pattern.callback, pattern.name, route) is None
    ]
    assert bare == []


def planted(request: HttpRequest) -> HttpResponse:
    """A view whose author forgot its rule."""
    return HttpResponse("everybody sees this")


def ruled(request: HttpRequest) -> HttpResponse:
    """The same view with a rule: the positive control."""
    return HttpResponse("everybody sees this")


ruled.rule = Rule(frozenset({PUBLIC}), frozenset({"GET"}))  # type: ignore[attr-defined]
urlpatterns = [path("planted", planted), path("ruled", ruled), *lantern_urls.urlpatterns]


@override_settings(ROOT_URLCONF=__name__)
def test_a_view_without_a_rule_is_refused_at_run_time(cast: Cast, client: Client) -> None:
    assert client.get("/planted").status_code == 403
    assert as_(client, cast.operator).get("/planted").status_code == 403
    assert client.get("/ruled").content == b"everybody sees this"


@pytest.fixture
def things(cast: Cast) -> Things:
    """One of everything, the novice's where it can be somebody's."""
    return make_things(cast)


@pytest.mark.requirement("C.14")
def test_each_role_gets_in_where_the_table_says(cast: Cast, things: Things) -> None:
    wrong = []
    for role in ROLES:
        person = getattr(cast, role)
        client, held = as_(Client(), person), actor_of(person).roles
        for name, row in TABLE.items():
            status = client.get(address(name, things.ids)).status_code
            allowed = row.who == EVERYBODY or not (held - row.narrower).isdisjoint(row.who)
            if (status == 403) == allowed or status >= 500:
                wrong.append((role, name, status))
    assert wrong == []


def test_nobody_gets_in_without_signing_in(cast: Cast, things: Things) -> None:
    wrong = []
    for name, row in TABLE.items():
        if row.who == EVERYBODY:
            continue
        where = address(name, things.ids)
        got, posted = Client().get(where), Client().post(where)
        if got.status_code != 302 or "/sign-in/" not in got.headers["Location"] or posted.status_code != 403:
            wrong.append((name, got.status_code, posted.status_code))
    assert wrong == []


def test_the_owner_can_open_her_things(cast: Cast, things: Things) -> None:
    client = as_(Client(), cast.novice)
    missing = [
        name
        for name, row in TABLE.items()
        if _hers(row) and "GET" in row.methods and _status(client, name, things) >= 400
    ]
    assert missing == []


def test_what_is_not_yours_is_the_same_as_what_does_not_exist(cast: Cast, things: Things) -> None:
    differing = []
    for role in ROLES[1:]:
        client = as_(Client(), getattr(cast, role))
        for name, row in TABLE.items():
            if not _hers(row):
                continue
            real, random = address(name, things.ids), address(name, things.ids | _random(row))
            for method in row.methods.split():
                mine, twin = _ask(client, method, real), _ask(client, method, random)
                if mine != twin or (method == "GET" and mine[0] != 404):
                    differing.append((role, name, method, mine[0], twin[0]))
    assert differing == []


def test_another_district_sees_nothing_of_this_one(cast: Cast, things: Things) -> None:
    client = as_(Client(), cast.outsider)
    local = {
        "resource",
        "announcement",
        "initiative",
        "person",
        "membership",
        "organisation",
        "group need",
        "term",
        "import run",
    }
    seen = []
    for name, row in TABLE.items():
        if "GET" in row.methods and row.things and row.things[-1] in local and row.who != EVERYBODY:
            status = _status(client, name, things)
            if status not in {403, 404}:
                seen.append((name, status))
    assert seen == []


def _hers(row: Row) -> bool:
    return bool(row.things) and row.things[-1] in PRIVATE_TO_THE_NOVICE


def _random(row: Row) -> dict[str, UUID]:
    return {row.things[-1]: uuid4()}


def _status(client: Client, name: str, things: Things) -> int:
    return client.get(address(name, things.ids)).status_code


def _ask(client: Client, method: str, where: str) -> tuple[int, str]:
    response = client.get(where) if method == "GET" else client.post(where, {})
    body = re.sub(r'value="[A-Za-z0-9]{64}"|"[A-Za-z0-9]{64}"', "token", response.content.decode(errors="replace"))
    body = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "id", body)
    return response.status_code, body
