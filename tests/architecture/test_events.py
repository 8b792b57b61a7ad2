"""The log of events tells what happened and never what anybody wrote; only acts of an office are shown to others."""

from __future__ import annotations

from dataclasses import fields
from importlib import import_module
from pathlib import Path

import pytest

from lantern.domain.people.queries import OFFICIAL_ACTS
from lantern.kernel.events import Event

DOMAIN = Path(__file__).resolve().parents[2] / "src" / "lantern" / "domain"
EVENTS = {
    event.__name__: event
    for file in sorted(DOMAIN.glob("*/events.py"))
    for event in vars(import_module(f"lantern.domain.{file.parent.name}.events")).values()
    if isinstance(event, type) and issubclass(event, Event) and event is not Event
}
WORDS_OF_A_LIST = {"role", "purpose", "reason", "checked"}
"""The only text in an event: a word of a closed list."""
OFFICES = {"announcements", "calendars", "catalog", "competencies", "credits", "initiatives", "pathways", "people"}
HER_OWN = {
    "CalendarConnected", "CalendarDisconnected", "OwnTimeChanged", "PlanAddressMade", "PlanAddressRevoked",
    "CreditAwarded", "CreditReversed", "LicenceSet", "ProfileChanged", "ResourceKept", "ResourceLetGo", "SearchDeleted",
    "SearchSaved", "StartFinished", "PathwayStarted", "PathwayChosenIn", "PathwayVersionTaken", "PathwayLeft",
    "OwnPathwayKept", "OwnPathwayRemoved",
}  # fmt: skip
"""What an educator does for herself in a feature that also knows official acts."""


@pytest.mark.parametrize("event", EVENTS.values(), ids=lambda event: event.__name__)
def test_an_event_carries_no_text(event: type[Event]) -> None:
    assert {item.name for item in fields(event) if "str" in str(item.type)} <= WORDS_OF_A_LIST


def test_others_see_official_acts_only() -> None:
    assert OFFICIAL_ACTS.keys() <= EVENTS.keys()
    assert {EVENTS[name].__module__.split(".")[2] for name in OFFICIAL_ACTS} <= OFFICES
    assert EVENTS.keys() >= HER_OWN
    assert OFFICIAL_ACTS.keys().isdisjoint(HER_OWN)
