"""The page of credit rules."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from lantern.domain.credits import queries
from lantern.kernel import clock
from tests.cast import acting, as_
from tests.domain.learning_factory import make_rule

pytestmark = pytest.mark.django_db

RULES = "manage:rules"


def sent(**facts):
    return {
        "name": "District hours",
        "credit_type": "Professional learning",
        "effective_from": str(clock.today() + timedelta(days=10)),
        "minutes_per_hour": "50",
        "step_minutes": "10",
        "most_minutes": "600",
        "outside_needs_evidence": "on",
        **facts,
    }


@pytest.mark.parametrize("who", ["coordinator", "operator"])
def test_a_version_is_added_and_earlier_ones_stay(cast, client, who) -> None:
    as_(client, getattr(cast, who))
    assert "No rule yet" in client.get(reverse(RULES)).content.decode()
    make_rule(cast.district)
    form = sent(idempotency_key=str(uuid4()))
    assert client.post(reverse(RULES), form).status_code == client.post(reverse(RULES), form).status_code == 303
    shown = client.get(reverse(RULES)).content.decode()
    for words in (
        "District hours, version 1",
        "District hours, version 2",
        "In force",
        "To come",
        "60 minutes",
        "50 minutes",
    ):
        assert words in shown
    with acting(cast.novice) as nia:
        assert [rule.version for rule in queries.list_rules(nia)] == [2, 1]
        assert (today := queries.rule_on(nia)) and today.version == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("effective_from", "2020-01-01"), ("effective_from", "x"), ("minutes_per_hour", "0"), ("most_minutes", "5")],
)
def test_wrong_versions_come_again(cast, client, field, value) -> None:
    make_rule(cast.district)
    answer = as_(client, cast.coordinator).post(reverse(RULES), sent(**{field: value}))
    assert answer.status_code == 422
    assert "Something here needs another look" in answer.content.decode()


@pytest.mark.parametrize("who", ["novice", "coach", "principal", "official"])
def test_others_cannot_open_it(cast, client, who) -> None:
    as_(client, getattr(cast, who))
    assert client.get(reverse(RULES)).status_code == client.post(reverse(RULES), sent()).status_code == 403


def test_a_rule_from_above_is_shown_with_its_tenant(cast, client) -> None:
    make_rule(cast.state, name="State hours")
    shown = as_(client, cast.coordinator).get(reverse(RULES)).content.decode()
    assert "State hours, version 1" in shown and "State of Maple" in shown
