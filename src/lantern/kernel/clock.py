"""The one door to the time, so that a test can stop it and a rule can name its "today"."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta

from django.utils import timezone

_standing: ContextVar[datetime | None] = ContextVar("lantern_clock", default=None)
_hidden: ContextVar[bool] = ContextVar("lantern_clock_hidden", default=False)


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    if _hidden.get():
        raise RuntimeError("What is built here is kept: take the time as an argument")
    return _standing.get() or timezone.now()


def today() -> date:
    """Return today's date where the installation is (settings.TIME_ZONE)."""
    return timezone.localdate(now())


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Run the block as if it were `moment` (aware): for tests, and for the demo district, whose people have a past."""
    token = _standing.set(moment)
    try:
        yield
    finally:
        _standing.reset(token)


@contextmanager
def hidden() -> Iterator[None]:
    """Run the block without a clock: a look at it raises RuntimeError, since the answer would be kept for later."""
    token = _hidden.set(True)
    try:
        yield
    finally:
        _hidden.reset(token)


def week_start(day: date) -> date:
    """Return the Monday of the week that `day` lies in; weeks run Monday to Sunday everywhere in Lantern."""
    return day - timedelta(days=day.weekday())
