"""A form that is sent twice is done once; its key opens nothing else."""

from __future__ import annotations

import pytest
from django.db import transaction

from lantern.kernel import idempotency
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Conflict, Invalid
from tests.cast import Cast, acting, assemble

pytestmark = pytest.mark.django_db
KEY = "0198-one-form"


@pytest.fixture
def people() -> Cast:
    return assemble()


def claim(actor: Actor, digest: str = "this", key: str = KEY) -> idempotency.Replay | None:
    assert actor.person_id is not None
    with transaction.atomic():
        return idempotency.claim(actor.tenancy.own, actor.person_id, key, digest)


def test_a_repeat_gets_the_first_answer_and_another_person_her_own(people: Cast) -> None:
    with acting(people.novice) as actor:
        assert claim(actor) is None
        idempotency.record(people.novice.pk, KEY, 303, "/grow/goals/")
        assert claim(actor) == idempotency.Replay(303, "/grow/goals/")
    with acting(people.expert) as actor:
        assert claim(actor) is None


def test_a_key_does_not_serve_for_other_content(people: Cast) -> None:
    with acting(people.novice) as actor:
        assert claim(actor) is None
        idempotency.record(people.novice.pk, KEY, 303, "/grow/goals/")
        with pytest.raises(Invalid, match="other content"):
            claim(actor, "something else")


@pytest.mark.parametrize("key", ["short", "x" * 65])
def test_a_damaged_key_is_refused(people: Cast, key: str) -> None:
    with acting(people.novice) as actor, pytest.raises(Invalid):
        claim(actor, key=key)


def test_a_repeat_without_an_answer_is_not_done_again(people: Cast) -> None:
    with acting(people.novice) as actor:
        assert claim(actor) is None
        with pytest.raises(Conflict):
            claim(actor)


def test_path_names_and_values_all_count() -> None:
    seen = {
        idempotency.fingerprint("/a/", [("x", "1")]),
        idempotency.fingerprint("/b/", [("x", "1")]),
        idempotency.fingerprint("/a/", [("y", "1")]),
        idempotency.fingerprint("/a/", [("x", "2")]),
        idempotency.fingerprint("/a/", [("x", "1"), ("x", "1")]),
    }
    assert len(seen) == 5
