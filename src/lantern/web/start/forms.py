"""The two-minute start: nothing in it is obligatory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from lantern.web.about_me import LikesForm, MinutesForm, Offered, WorkForm


class StartForm(WorkForm, MinutesForm, LikesForm):
    """What Lantern asks once, and which of a few resources she has done. What is left open stays as it is."""

    done = forms.MultipleChoiceField(
        label="Which of these have you done and valued?",
        help_text="They count as done, and are not suggested to you.",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(
        self, data: Any = None, *, offered: Offered, resources: Sequence[tuple[str, str]] = (), **options: Any
    ) -> None:
        super().__init__(data, offered=offered, **options)
        self.fields["done"].choices = list(resources)  # type: ignore[attr-defined]
