"""Forms about one's own activities and about learning from outside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from lantern.domain.catalog.types import KIND_WORDS
from lantern.domain.courses.types import MOST_MINUTES

PLAN, DONE = "plan", "done"


def day_field(**options: Any) -> forms.DateField:
    """Return a field for a day, which browsers show as a calendar."""
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


class ProgressForm(forms.Form):
    """How far one is, and how long it took."""

    percent = forms.IntegerField(min_value=0, max_value=100, label="How far are you, in percent?")
    minutes_spent = forms.IntegerField(
        min_value=0, max_value=MOST_MINUTES, required=False, label="Minutes you have spent on it so far"
    )


class LinkForm(forms.Form):
    """A link somebody pastes. What is wrong with it is found where it is opened."""

    url = forms.CharField(
        max_length=2000,
        label="Paste a link",
        help_text="The button makes Lantern open that page once. The site sees that somebody looked, not who.",
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )


class OutsideForm(forms.Form):
    """Something from outside: what it is, and whether it is to come or done."""

    title = forms.CharField(max_length=300, label="What is it called?")
    kind = forms.ChoiceField(choices=list(KIND_WORDS.items()), label="What is it?")
    minutes = forms.IntegerField(min_value=1, max_value=MOST_MINUTES, label="How many minutes does it take?")
    url = forms.CharField(max_length=500, required=False, label="Link")
    provider = forms.CharField(max_length=160, required=False, label="Who offers it?")
    competency = forms.ChoiceField(required=False, label="What does it help you with?")
    act = forms.ChoiceField(
        choices=[(PLAN, "I want to do it: put it into my plan"), (DONE, "I have done it already: log it")],
        widget=forms.RadioSelect,
        initial=PLAN,
        label="Is it to come, or done?",
    )
    happened_on = day_field(required=False, label="On which day was it?", help_text="Only for what you have done.")

    def __init__(self, *args: Any, competencies: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["competency"].choices = [("", "I would rather not say"), *competencies]  # type: ignore[attr-defined]
        if not competencies:
            del self.fields["competency"]

    def clean(self) -> dict[str, Any]:
        """Ask for the day of what is done."""
        given = super().clean() or {}
        if given.get("act") == DONE and not given.get("happened_on") and "happened_on" not in self.errors:
            self.add_error("happened_on", "Say on which day it was.")
        return given
