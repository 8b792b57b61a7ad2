"""What is said of a pathway beside its steps."""

from __future__ import annotations

from typing import Any

from django import forms

from lantern.domain.needs.types import LEVEL_WORDS
from lantern.domain.people.types import JOB_WORDS

_LEVELS = [(str(level), words) for level, words in LEVEL_WORDS.items()]


class PathwayForm(forms.Form):
    """A name, and who it is for."""

    title = forms.CharField(label="Name", max_length=160, error_messages={"required": "Give the pathway a name."})
    summary = forms.CharField(
        label="In one or two sentences", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    job_kinds = forms.MultipleChoiceField(
        label="For which kinds of work",
        required=False,
        choices=list(JOB_WORDS.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text="None means for all.",
    )
    level_from = forms.TypedChoiceField(label="From the level", coerce=int, choices=_LEVELS[:-1])
    level_to = forms.TypedChoiceField(label="To the level", coerce=int, choices=_LEVELS[1:], initial="1")

    @staticmethod
    def said(pathway: Any) -> dict[str, Any]:
        """Return what is said of a pathway, for the form."""
        return {name: getattr(pathway, name) for name in ("title", "summary", "job_kinds", "level_from", "level_to")}
