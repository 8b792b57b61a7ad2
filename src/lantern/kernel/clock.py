"""The one door to the time, so that a test can stop it and a rule can name its "today"."""

from datetime import date, datetime, timedelta

from django.utils import timezone


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return timezone.now()


def today() -> date:
    """Return today's date where the installation is (settings.TIME_ZONE)."""
    return timezone.localdate()


def week_start(day: date) -> date:
    """Return the Monday of the week that `day` lies in; weeks run Monday to Sunday everywhere in Lantern."""
    return day - timedelta(days=day.weekday())
