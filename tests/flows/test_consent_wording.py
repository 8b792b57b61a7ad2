"""New words of consent are told to everybody once, and only where there were other words before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lantern.domain.notices import queries as notices
from lantern.domain.privacy.types import WORDINGS
from lantern.flows import consent_wording
from lantern.kernel import tenancy
from lantern.kernel.actor import Actor
from tests.cast import Cast, acting, system_of


def told(cast: Cast) -> dict[str, Any] | None:
    actor: Actor = system_of(cast.district)
    with tenancy.within(actor.tenancy):
        return consent_wording.tell_new_wording(actor, None)


def test_everybody_is_told_once(cast: Cast) -> None:
    assert told(cast) == {"told": 7}
    assert told(cast) == {"told": 0}
    for person in (cast.novice, cast.principal):
        with acting(person) as actor:
            assert [notice.kind for notice in notices.my_notices(actor)] == ["sharing_reworded"]
    with acting(cast.outsider) as uma:
        assert not notices.my_notices(uma).exists(), "each tenant is told by its own run"


def test_a_first_version_is_no_news(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consent_wording, "WORDING", replace(WORDINGS[0], changed=""))
    assert told(cast) == {"told": 0}


def test_versions_are_numbered_in_order_and_say_what_changed() -> None:
    assert [one.number for one in WORDINGS] == list(range(1, len(WORDINGS) + 1))
    assert all(one.changed for one in WORDINGS[1:])
