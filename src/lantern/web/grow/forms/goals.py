"""What one fills in for a goal and for a look at its measure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django import forms

from lantern.domain.needs.types import LEVEL_WORDS

Choice = tuple[str, str]


class GoalForm(forms.Form):
    """A goal. The choices of competency and initiative are what this educator may see."""

    title = forms.CharField(
        label="Your goal",
        max_length=200,
        help_text="In your own words, such as: my quiet students speak up in discussions.",
        error_messages={"required": "Give your goal a name."},
    )
    why = forms.CharField(
        label="Why it matters to you",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    measure = forms.CharField(
        label="How you will notice it",
        max_length=200,
        help_text="Something you can count or see, such as: students who speak in a discussion.",
        error_messages={
            "required": "Say how you will notice it. A goal needs a measure, so that you can see your own progress."
        },
    )
    baseline = forms.CharField(
        label="Where you are now",
        max_length=120,
        help_text="As well as you know, such as: about 5 of 24.",
        error_messages={"required": "Say where you are now, as well as you know."},
    )
    target = forms.CharField(
        label="Where you want to be",
        max_length=120,
        help_text="Such as: 15 of 24.",
        error_messages={"required": "Say where you want to be."},
    )
    due_on = forms.DateField(
        label="By when",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": "Choose a day by which you want to get there.",
            "invalid": "Write the day as year-month-day, such as 2026-06-30.",
        },
    )
    competency_id = forms.TypedChoiceField(
        label="Which competency it is about", required=False, coerce=UUID, empty_value=None
    )
    target_level = forms.TypedChoiceField(
        label="The level you want to reach",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "No level"), *((str(level), LEVEL_WORDS[level]) for level in (1, 2, 3, 4))],
        help_text="Only together with a competency.",
    )
    initiative_id = forms.TypedChoiceField(
        label="Link it to an aim of your school or district",
        required=False,
        coerce=UUID,
        empty_value=None,
        help_text="Only if you wish. They see a range for ten people or more, never your goal or your name.",
    )

    def __init__(
        self, *args: Any, competencies: Iterable[Choice], initiatives: Iterable[Choice], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["competency_id"]).choices = [("", "None"), *competencies]
        cast(forms.ChoiceField, self.fields["initiative_id"]).choices = [("", "None"), *initiatives]


class CheckForm(forms.Form):
    """What the measure says today."""

    value = forms.CharField(
        label="What your measure shows now",
        max_length=120,
        error_messages={"required": "Say what your measure shows now."},
    )
    note = forms.CharField(
        label="A note for yourself", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )
