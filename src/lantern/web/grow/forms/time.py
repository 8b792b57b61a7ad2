"""What one says of one's time: weekday by weekday, the holidays, and the address of a calendar."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.forms import BoundField

from lantern.domain.calendars.types import MOST_DAY_MINUTES, MOST_PERIODS, WEEKDAYS, DayTime, MyTime, Period

_WRONG_MINUTES = f"Choose between 0 and {MOST_DAY_MINUTES} minutes."


class DaysForm(forms.Form):
    """Seven days with their free periods, and minutes at another time."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day in range(len(WEEKDAYS)):
            for place in range(MOST_PERIODS):
                self.fields[f"from_{day}_{place}"] = _time("Free from")
                self.fields[f"until_{day}_{place}"] = _time("Free until")
            self.fields[f"minutes_{day}"] = forms.IntegerField(
                label="Minutes at another time",
                required=False,
                min_value=0,
                max_value=MOST_DAY_MINUTES,
                error_messages={
                    "invalid": "Write the minutes as a whole number.",
                    "min_value": _WRONG_MINUTES,
                    "max_value": _WRONG_MINUTES,
                },
            )

    @staticmethod
    def known(mine: MyTime) -> dict[str, Any]:
        """Return what the form begins with."""
        known: dict[str, Any] = {}
        for number, day in enumerate(mine.days):
            known[f"minutes_{number}"] = day.minutes or None
            for place, period in enumerate(day.periods):
                known |= {f"from_{number}_{place}": period.starts, f"until_{number}_{place}": period.ends}
        return known

    def clean(self) -> dict[str, Any]:
        """Refuse half a free period."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for day in range(len(WEEKDAYS)):
            for place in range(MOST_PERIODS):
                names = (f"from_{day}_{place}", f"until_{day}_{place}")
                given = [data.get(name) is not None for name in names]
                if any(given) and not all(given) and not any(name in self.errors for name in names):
                    self.add_error(names[given.index(False)], "Give both times of a free period, or neither.")
        return data

    @property
    def days(self) -> list[DayTime]:
        """Return what was said; only of a form that is valid."""
        return [
            DayTime(
                tuple(Period(*times) for times in map(self._times, [day] * MOST_PERIODS, range(MOST_PERIODS)) if times),
                self.cleaned_data.get(f"minutes_{day}") or 0,
            )
            for day in range(len(WEEKDAYS))
        ]

    def _times(self, day: int, place: int) -> tuple[time, time] | None:
        starts, ends = (self.cleaned_data.get(f"{name}_{day}_{place}") for name in ("from", "until"))
        return (starts, ends) if starts is not None and ends is not None else None

    def field_of(self, name: str) -> str:
        """Return the field that shows what the domain says of a part: a free period's reason stands at its end."""
        if name.startswith("period_"):
            _, day, place = name.split("_")
            used = [each for each in range(MOST_PERIODS) if self._times(int(day), each) is not None]
            return f"until_{day}_{used[min(int(place), len(used) - 1)] if used else place}"
        return name

    @property
    def rows(self) -> list[tuple[str, list[BoundField], list[BoundField], BoundField, bool]]:
        """Return each day with its first free period, its second, its other minutes, and whether the second is used."""
        return [
            (
                name,
                [self[f"from_{day}_0"], self[f"until_{day}_0"]],
                second := [self[f"from_{day}_1"], self[f"until_{day}_1"]],
                self[f"minutes_{day}"],
                any(bound.errors or bound.value() for bound in second),
            )
            for day, name in enumerate(WEEKDAYS)
        ]


class HolidaysForm(forms.Form):
    """Whether she learns when the school is closed."""

    holidays_too = forms.BooleanField(
        label="I learn in the holidays too",
        required=False,
        help_text="If not, days off that your school or district has set give no minutes, and nothing is put there.",
    )


class CalendarForm(forms.Form):
    """The address of her calendar."""

    address = forms.CharField(
        label="Secret or public address of your calendar",
        max_length=2000,
        help_text="It begins with https:// or webcal:// and often ends in .ics. In Google Calendar: Settings, your "
        "calendar, “Secret address in iCal format”. In Outlook: Settings, Shared calendars, Publish.",
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Paste the address of your calendar here.",
            "max_length": "This address is too long to be one of a calendar.",
        },
    )


def _time(label: str) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "Write the time as hours and minutes, such as 10:30."},
    )
