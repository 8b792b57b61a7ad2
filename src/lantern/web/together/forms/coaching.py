"""What one fills in to ask for a coach, to offer help, to share, and to propose."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django import forms

from lantern.domain.catalog.types import KIND_WORDS
from lantern.domain.needs.types import LEVEL_WORDS

Choice = tuple[str, str]


class AskForm(forms.Form):
    """A few words to the person one asks."""

    message = forms.CharField(
        label="A few words to go with it",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What you would like to work on. Your needs and goals stay private until you share them.",
    )


class OfferForm(forms.Form):
    """What one offers to help colleagues with."""

    competency_ids = forms.TypedMultipleChoiceField(
        label="What you can help with",
        coerce=UUID,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one thing that you can help with."},
    )
    about = forms.CharField(
        label="A sentence about how you help",
        required=False,
        max_length=300,
        help_text="Such as: come and watch my third lesson, any Tuesday.",
    )
    most_people = forms.IntegerField(
        label="How many people at a time",
        min_value=1,
        max_value=30,
        initial=3,
        error_messages={
            "required": "Choose between 1 and 30 people.",
            "invalid": "Write the number in figures.",
            "min_value": "Choose between 1 and 30 people.",
            "max_value": "Choose between 1 and 30 people.",
        },
    )

    def __init__(self, *args: Any, competencies: Iterable[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["competency_ids"]).choices = list(competencies)


class ShareForm(forms.Form):
    """Which of my things a coach may read."""

    goal_ids = forms.TypedMultipleChoiceField(
        label="Goals", required=False, coerce=UUID, widget=forms.CheckboxSelectMultiple
    )
    plan = forms.BooleanField(
        label="My plan", required=False, help_text="Your weeks and what is in them, also what you add later."
    )
    evidence_ids = forms.TypedMultipleChoiceField(
        label="Pictures and videos",
        required=False,
        coerce=UUID,
        widget=forms.CheckboxSelectMultiple,
        help_text="To look at, not to download. Ending it stops a video that is playing.",
    )
    days = forms.TypedChoiceField(
        label="For how long",
        coerce=int,
        choices=[("30", "30 days"), ("90", "90 days"), ("365", "A year")],
        initial="90",
    )
    confirmed = forms.BooleanField(
        label="Yes, I want to share it with this person, who also leads my school or district", required=False
    )

    def __init__(
        self, *args: Any, goals: Iterable[Choice], leads_me: bool, films: Iterable[Choice] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, given in (("goal_ids", list(goals)), ("evidence_ids", list(films))):
            cast(forms.ChoiceField, self.fields[name]).choices = given
            if not given:
                del self.fields[name]
        if not leads_me:
            del self.fields["confirmed"]


class GoalProposalForm(forms.Form):
    """A goal that a coach proposes, or that the educator writes anew.

    What is missing is asked for when it is accepted.
    """

    title = forms.CharField(label="The goal", max_length=200, error_messages={"required": "Give the goal a name."})
    measure = forms.CharField(
        label="How one will notice it",
        max_length=200,
        error_messages={"required": "Say how one would notice it. A goal needs a measure."},
    )
    baseline = forms.CharField(label="Where it begins", required=False, max_length=120)
    target = forms.CharField(label="Where it leads", required=False, max_length=120)
    due_on = forms.DateField(
        label="By when",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Write the day as year-month-day, such as 2026-06-30."},
    )
    why = forms.CharField(
        label="Why it matters", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    competency_id = forms.ChoiceField(label="Which competency it is about", required=False)
    target_level = forms.ChoiceField(
        label="The level it leads to",
        required=False,
        choices=[("", "No level"), *((str(level), LEVEL_WORDS[level]) for level in (1, 2, 3, 4))],
    )

    def __init__(self, *args: Any, competencies: Iterable[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["competency_id"]).choices = [("", "None"), *competencies]


class ActivityProposalForm(forms.Form):
    """Something to learn from that a coach proposes: from the catalog, or from anywhere."""

    resource_id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(
        label="What it is", max_length=300, error_messages={"required": "Say what it is, in at most 300 characters."}
    )
    kind = forms.ChoiceField(label="Kind", choices=list(KIND_WORDS.items()), initial="article")
    minutes = forms.IntegerField(
        label="About how many minutes",
        min_value=1,
        max_value=60_000,
        error_messages={
            "required": "Say about how many minutes it takes.",
            "invalid": "Write the minutes as a whole number.",
            "min_value": "Choose between 1 and 60000 minutes.",
            "max_value": "Choose between 1 and 60000 minutes.",
        },
    )
    url = forms.CharField(label="Address", required=False, max_length=500, widget=forms.URLInput)


class NoteForm(forms.Form):
    """What a coach says with a proposal."""

    note = forms.CharField(
        label="A few words with it", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
