"""What one fills in for a term, days off or a staff day."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django import forms

from lantern.domain.calendars.types import KIND_WORDS


class SchoolTimeForm(forms.Form):
    """Days of a school year; whose is asked only for new ones, when there are several to choose from."""

    organisation_id = forms.TypedChoiceField(
        label="For whom",
        coerce=UUID,
        empty_value=None,
        help_text="Everybody there and below goes by it.",
        error_messages={"required": "Choose the school or district."},
    )
    kind = forms.ChoiceField(
        label="What it is",
        choices=list(KIND_WORDS.items()),
        error_messages={"required": "Choose what it is.", "invalid_choice": "Choose what it is."},
    )
    name = forms.CharField(
        label="Name",
        max_length=80,
        help_text="Such as: Spring term, Autumn break, Staff day.",
        error_messages={
            "required": "Give it a name that people will recognise.",
            "max_length": "Please keep the name to 80 characters.",
        },
    )
    begins_on = forms.DateField(
        label="First day",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Choose the first day.", "invalid": "Write the day as year-month-day."},
    )
    ends_on = forms.DateField(
        label="Last day",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Choose the last day.", "invalid": "Write the day as year-month-day."},
    )

    def __init__(self, *args: Any, organisations: Iterable[tuple[str, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if organisations is None:
            del self.fields["organisation_id"]
        else:
            cast(forms.ChoiceField, self.fields["organisation_id"]).choices = list(organisations)
