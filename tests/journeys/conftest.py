"""Riverbend as the stories find it: a catalog, a rule for hours, an aim; and everybody with a browser of their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lantern.domain.initiatives import commands as initiatives
from lantern.domain.people.models import Person
from lantern.kernel import clock
from tests.cast import Cast, acting, as_, make_person
from tests.domain.learning_factory import make_rule
from tests.journeys.forms import Browser
from tests.journeys.worker import work
from tests.offers import offers

Door = Callable[[Person], Browser]


@pytest.fixture(autouse=True)
def own_files(tmp_path: Path, settings: Any) -> None:
    """Uploads of a story go away with it."""
    settings.LANTERN_UPLOADS = tmp_path / "uploads"


@pytest.fixture(autouse=True)
def a_wednesday(time_machine: Any) -> None:
    """Every story begins on a Wednesday, so that "tomorrow" is in the same week."""
    time_machine.move_to(datetime(2027, 2, 3, 15, 0, tzinfo=UTC), tick=True)


@pytest.fixture
def riverbend(cast: Cast) -> Cast:
    """The cast's district with a small catalog, its index, a rule, and an aim."""
    offers(cast)
    make_rule(cast.district)
    with acting(cast.coordinator) as dana:
        today = clock.today()
        initiatives.create_initiative(
            dana, organisation_id=cast.district.pk, title="Talk in every lesson", summary="Children talk mathematics.",
            begins_on=today - timedelta(days=30), ends_on=today + timedelta(days=300),
        )  # fmt: skip
    work()
    return cast


@pytest.fixture
def newcomer(riverbend: Cast) -> Person:
    """Somebody the roster knows, in her first year, who has not been here before."""
    return make_person(
        riverbend.school, "Nora Lund", started=False, years_experience=1, grades_mask=1 << 4, subjects=["mathematics"]
    )


@pytest.fixture
def door() -> Door:
    """Sign a person in and hand over her browser."""

    def enter(person: Person) -> Browser:
        browser = Browser()
        as_(browser.client, person)
        return browser

    return enter
