"""What a coach fills in to tell what she saw."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django import forms

from lantern.domain.needs.types import LEVEL_WORDS

Choice = tuple[str, str]


class ObservationForm(forms.Form):
    """What was seen, when, and what it is about; a level only where she wants to say one."""

    saw = forms.CharField(
        label="What you saw",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="What was done and said, as if you filmed it. No names of students.",
        error_messages={"required": "Say what you saw."},
    )
    on = forms.DateField(
        label="The day you saw it",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": "Choose the day you saw it.",
            "invalid": "Write the day as year-month-day, such as 2026-06-30.",
        },
    )
    competency_id = forms.TypedChoiceField(
        label="Which competency it is about", required=False, coerce=UUID, empty_value=None
    )
    level = forms.TypedChoiceField(
        label="The level it looked like",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "I do not say one"), *((str(level), words) for level, words in LEVEL_WORDS.items())],
        help_text="Only if it helps. It counts for nothing unless it is taken up.",
    )

    def __init__(self, *args: Any, competencies: Iterable[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["competency_id"]).choices = [("", "None"), *competencies]
