"""Taking everything along: all of hers, nothing of anybody else's, and no feature is forgotten."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.test import Client

import lantern.domain
from lantern.flows.export import FEATURES, everything_about_me
from lantern.kernel.errors import NotAllowed
from tests.cast import Cast, acting, as_, system_of
from tests.things import CANARY, make_things


def test_every_feature_of_the_domain_is_asked() -> None:
    folder = Path(lantern.domain.__path__[0])
    assert set(FEATURES) == {path.parent.name for path in folder.glob("*/__init__.py")}


def test_the_file_holds_her_own_words_and_is_not_kept_anywhere(cast: Cast, client: Client) -> None:
    make_things(cast)
    answer = as_(client, cast.novice).get("/account/export/")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="lantern-')
    assert "no-store" in answer.headers["Cache-Control"]
    whole = json.loads(answer.content)
    assert whole["person_id"] == str(cast.novice.pk)
    for feature in ("goals", "needs", "plans", "evidence", "courses", "catalog", "coaching"):
        assert CANARY in json.dumps(whole["features"][feature]), feature
    assert whole["features"]["people"]["person"]["given_name"] == "Nia"


@pytest.mark.parametrize("who", ["expert", "principal", "coordinator", "official", "operator", "outsider"])
def test_nobody_else_finds_her_words_in_a_file_of_their_own(cast: Cast, client: Client, who: str) -> None:
    make_things(cast)
    assert CANARY not in as_(client, getattr(cast, who)).get("/account/export/").content.decode()


def test_the_system_has_nothing_of_its_own_to_take(cast: Cast) -> None:
    with acting(cast.novice), pytest.raises(NotAllowed):
        everything_about_me(system_of(cast.district))
