"""What one fills in to put up a need of the group."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django import forms


class GroupNeedForm(forms.Form):
    """A need that one puts up for all staff of a school; which school is asked only where one works at several."""

    organisation_id = forms.TypedChoiceField(label="For whom", coerce=UUID, empty_value=None)
    title = forms.CharField(
        label="What do we need?",
        max_length=160,
        help_text="A few words, such as: calmer starts to the lesson.",
        error_messages={"required": "Say in a few words what your group needs."},
    )
    competency_id = forms.TypedChoiceField(
        label="Which competency it is about", required=False, coerce=UUID, empty_value=None
    )

    def __init__(
        self,
        *args: Any,
        organisations: Iterable[tuple[str, str]],
        competencies: Iterable[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        places = list(organisations)
        place = cast(forms.ChoiceField, self.fields["organisation_id"])
        place.choices = places
        cast(forms.ChoiceField, self.fields["competency_id"]).choices = [("", "None"), *competencies]
        if len(places) == 1:
            place.widget = forms.HiddenInput()
            place.initial = places[0][0]
