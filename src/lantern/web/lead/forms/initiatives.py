"""What one fills in for an aim, and for the word that closes what a group asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django import forms


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Write the day as year-month-day, such as 2026-06-30."},
    )


class InitiativeForm(forms.Form):
    """An aim of an organisation; which one is asked only for a new aim, when there are several to choose from."""

    organisation_id = forms.TypedChoiceField(
        label="Whose aim it is",
        coerce=UUID,
        empty_value=None,
        error_messages={"required": "Choose the school or district."},
    )
    title = forms.CharField(
        label="The aim",
        max_length=160,
        help_text="A few words that people will recognise.",
        error_messages={"required": "Give the aim a name that people will recognise."},
    )
    summary = forms.CharField(
        label="What it is about",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Why it matters, and what you will do for it yourselves.",
    )
    begins_on = _day("From")
    ends_on = _day("Until")

    def __init__(self, *args: Any, organisations: Iterable[tuple[str, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if organisations is None:
            del self.fields["organisation_id"]
        else:
            cast(forms.ChoiceField, self.fields["organisation_id"]).choices = list(organisations)


class AnswerForm(forms.Form):
    """What comes of a need that a group put up."""

    group_need_id = forms.UUIDField(widget=forms.HiddenInput)
    answer = forms.CharField(
        label="What comes of it",
        max_length=300,
        help_text="The people who asked will read this, such as: it is part of our day on 3 March.",
        error_messages={"required": "Leave a word on what comes of it, so that people know they were heard."},
    )
