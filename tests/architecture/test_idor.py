"""Ids that are somebody else's, in every place where an id can stand: addresses, fields of forms, files' keys, queries
(trust.md B3). Nobody reads a word of hers by it, nothing of hers changes, and nothing breaks.
"""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from lantern import models as tables
from lantern.domain.privacy import policy, queries
from lantern.domain.privacy.queries.records import plain_fields
from lantern.domain.privacy.types import DataClass
from lantern.kernel import tenancy
from tests.architecture.test_url_table import address
from tests.architecture.url_table import TABLE
from tests.cast import Cast, as_
from tests.journeys.forms import Form, _Reader
from tests.things import CANARY, Things, make_things

UUID_SHAPED = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
NOT_AN_ID = frozenset({"csrfmiddlewaretoken", "idempotency_key"})
SIGNING_OUT = ("account:erase", "public:")
ATTACKERS = ("expert", "coordinator", "outsider")


def hers(cast: Cast) -> dict[str, Any]:
    """Every private row of the novice, whole."""
    with tenancy.unscoped("test"):
        return {
            f"{table.__name__} {row.pk}": plain_fields(row)
            for table in queries.owned_tables()
            if policy.privacy_of(table).data_class in (DataClass.PRIVATE, DataClass.CONSENTED)
            for row in table._default_manager.all()
            if policy.item_of(row).owner_id == cast.novice.pk and table.__name__ != "Look"
        }


def forms_on(client: Client, where: str) -> list[Form]:
    """The forms of a page that this client may open; none where it may not."""
    response = client.get(where)
    if response.status_code != 200 or response.streaming or "html" not in response.headers.get("Content-Type", ""):
        return []
    reader = _Reader()
    reader.feed(response.content.decode())
    return reader.forms


def foreign_ids(cast: Cast, things: Things) -> list[str]:
    """The novice's things, one of each private kind, herself, and somebody of the far district."""
    kinds = ("goal", "need", "reflection", "evidence", "plan item", "activity", "saved search", "notice", "proposal")
    return [*(str(things.ids[kind]) for kind in kinds), str(cast.novice.pk), str(cast.outsider.pk)]


def attacks(form: Form, ids: list[str]) -> list[tuple[str, list[tuple[str, Any]]]]:
    """The form with foreign ids: in its address, and in each field that holds or offers an id."""
    found = []
    pairs = [(c.name, c.value) for c in form.controls if c.kind != "file"] + [
        (button.name, button.value) for button in form.buttons[:1] if button.name
    ]
    pairs = [(name, str(uuid4()) if name == "idempotency_key" else value) for name, value in pairs]
    for one in ids:
        if UUID_SHAPED.search(form.action):
            found.append((UUID_SHAPED.sub(one, form.action), pairs))
        for control in form.controls:
            offered = [control.value, *(value for value, _, _ in control.options)]
            if any(map(UUID_SHAPED.search, offered)) and control.name not in NOT_AN_ID:
                changed = [(name, one if name == control.name else value) for name, value in pairs]
                found.append((form.action, [*changed, (control.name, one)]))
    return found


@pytest.mark.requirement("N4")
@pytest.mark.parametrize("role", ATTACKERS)
def test_a_foreign_id_in_any_form_reads_nothing_and_changes_nothing(cast: Cast, role: str) -> None:
    things = make_things(cast)
    before = hers(cast)
    client = as_(Client(), getattr(cast, role))
    ids = foreign_ids(cast, things)
    seen: set[tuple[str, str]] = set()
    wrong, tried = [], 0
    for name, row in TABLE.items():
        if "GET" not in row.methods or name.startswith(SIGNING_OUT):
            continue
        for form in forms_on(client, address(name, things.ids)):
            shape = (UUID_SHAPED.sub("*", form.action), ",".join(sorted({c.name for c in form.controls})))
            if form.method != "post" or shape in seen or "/sign-" in form.action or "/erase" in form.action:
                continue
            seen.add(shape)
            for action, pairs in attacks(form, ids):
                tried += 1
                data: dict[str, list[Any]] = {}
                for field, value in pairs:
                    data.setdefault(field, []).append(value)
                response = client.post(action or address(name, things.ids), data)
                body = b"" if response.streaming else response.content
                if response.status_code >= 500 or (CANARY.encode() in body and role != "expert"):
                    wrong.append((name, action, response.status_code))
    assert wrong == []
    after = hers(cast)
    assert {key: after.get(key) for key in before} == before
    assert tried > 40, "forms with ids were found and tried"


def test_a_change_would_be_seen(cast: Cast) -> None:
    """The positive control: what compares before and after sees one changed word, and one more row."""
    make_things(cast)
    before = hers(cast)
    with tenancy.unscoped("test"):
        for goal in tables.Goal.objects.filter(person=cast.novice):
            goal.title = "Changed"
            goal.save()
    assert hers(cast) != before


@pytest.mark.parametrize("role", ["principal", "coordinator", "operator", "outsider"])
def test_a_foreign_id_in_a_query_string_shows_nothing(cast: Cast, role: str) -> None:
    things = make_things(cast)
    client = as_(Client(), getattr(cast, role))
    names = ("goal", "what", "competency", "person", "q", "topic", "item", "type", "period", "next", "id")
    found = []
    for page, row in TABLE.items():
        if "GET" not in row.methods or row.things:
            continue
        for kind in ("goal", "need", "reflection", "evidence"):
            asked = dict.fromkeys(names, str(things.ids[kind])) | {"what": f"{kind}:{things.ids[kind]}"}
            response = client.get(address(page, things.ids), asked)
            if response.status_code >= 500 or (not response.streaming and CANARY.encode() in response.content):
                found.append((page, kind, response.status_code))
    assert found == []
