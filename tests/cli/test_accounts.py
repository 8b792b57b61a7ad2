"""`lantern account`: helping somebody who cannot sign in."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator

from lantern.cli.accounts import CHECKS, REASONS
from lantern.domain.people.types import RESET_CHECKS, RESET_REASONS
from lantern.kernel import tenancy
from lantern.kernel.events.models import EventRecord
from tests.cast import Cast, give_second_step


def test_a_lost_second_step_is_taken_away_with_a_reason(lantern, cast: Cast):
    give_second_step(cast.coordinator)
    said = lantern(
        "account", "reset-second-step", cast.coordinator.email.upper(), "--reason", "lost", "--checked", "in-person"
    )
    assert (said.code, said.out.splitlines()[0]) == (0, "1 second step taken away, 0 sessions ended.")
    assert not Authenticator.objects.filter(user=cast.coordinator.account).exists()
    with tenancy.unscoped("test"):
        act = EventRecord.objects.get(name="SecondStepReset")
    assert act.tenant_id == cast.district.pk
    assert act.actor is None  # the operator of the installation has no person here
    assert act.data == {"person_id": str(cast.coordinator.pk), "reason": "lost", "checked": "in-person"}


@pytest.mark.parametrize(
    "arguments", [("--reason", "lost"), ("--checked", "in-person"), ("--reason", "why not", "--checked", "in-person")]
)
def test_without_a_reason_and_a_check_nothing_happens(lantern, cast: Cast, arguments: tuple[str, ...]):
    give_second_step(cast.coordinator)
    assert lantern("account", "reset-second-step", cast.coordinator.email, *arguments).code == 2
    assert Authenticator.objects.filter(user=cast.coordinator.account).exists()


def test_a_stranger_is_named(lantern, cast: Cast):
    said = lantern("account", "reset-second-step", "x@example.org", "--reason", "lost", "--checked", "in-person")
    assert (said.code, "nobody here signs in with x@example.org" in said.err) == (1, True)


def test_the_words_are_those_of_the_people():
    assert (REASONS, CHECKS) == (RESET_REASONS, RESET_CHECKS)
