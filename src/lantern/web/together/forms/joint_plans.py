"""What one fills in for a joint plan and its steps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, cast
from uuid import UUID

from django import forms

from lantern.domain.joint_plans.types import MOST_MINUTES, STEP_TITLE_MOST, TITLE_MOST, WHY_MOST

Choice = tuple[str, str]
_MINUTES = f"Choose between 1 and {MOST_MINUTES} minutes."


class JointPlanForm(forms.Form):
    """What a joint plan is called and what it is for."""

    title = forms.CharField(
        label="What we plan",
        max_length=TITLE_MOST,
        help_text="A few words, such as: calmer starts to the lesson.",
        error_messages={"required": "Give the plan a name."},
    )
    why = forms.CharField(
        label="What it is for",
        required=False,
        max_length=WHY_MOST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Everybody who takes part reads this and can change it.",
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    group_need_id = forms.UUIDField(required=False, widget=forms.HiddenInput)


def _monday(text: str) -> date:
    return date.fromisoformat(text)


class StepForm(forms.Form):
    """A step: what, how long, in which week, and who takes part."""

    resource_id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(
        label="What it is",
        max_length=STEP_TITLE_MOST,
        error_messages={"required": f"Say what it is, in at most {STEP_TITLE_MOST} characters."},
    )
    minutes = forms.IntegerField(
        label="About how many minutes",
        min_value=1,
        max_value=MOST_MINUTES,
        error_messages={
            "required": _MINUTES,
            "invalid": "Write the minutes as a whole number.",
            "min_value": _MINUTES,
            "max_value": _MINUTES,
        },
    )
    monday = forms.TypedChoiceField(
        label="In which week",
        required=False,
        coerce=_monday,
        empty_value=None,
        error_messages={"invalid_choice": "Choose a week from the list."},
    )
    member_ids = forms.TypedMultipleChoiceField(
        label="Who takes part",
        required=False,
        coerce=UUID,
        widget=forms.CheckboxSelectMultiple,
        help_text="Tick nobody when it is for everybody.",
        error_messages={"invalid_choice": "Somebody you chose does not take part any more. Please choose again."},
    )

    everybody = forms.BooleanField(
        label="It is for everybody now",
        required=False,
        help_text="Those who were named for it have left. Name somebody, or leave it for nobody until you know.",
    )

    def __init__(
        self,
        *args: Any,
        weeks: Iterable[Choice],
        members: Iterable[Choice],
        nobodys: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["monday"]).choices = [("", "No week yet"), *weeks]
        people = list(members)
        cast(forms.ChoiceField, self.fields["member_ids"]).choices = people
        if nobodys:
            self.fields["member_ids"].help_text = ""
        else:
            del self.fields["everybody"]
        if len(people) < 2 and not nobodys:
            del self.fields["member_ids"]
