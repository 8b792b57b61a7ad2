"""What one fills in for a search to keep, and for putting a resource into the plan."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, cast

from django import forms

from lantern.domain.plans.types import WeekView


class SaveSearchForm(forms.Form):
    """The name of a search."""

    name = forms.CharField(
        label="Name of this search", max_length=80, error_messages={"required": "Give this search a name."}
    )


class PlanForm(forms.Form):
    """Which week, and which goal it serves."""

    monday = forms.TypedChoiceField(
        label="Week",
        required=False,
        coerce=date.fromisoformat,
        empty_value=None,
        help_text="You can move it later.",
    )
    goal_id = forms.ChoiceField(label="For a goal", required=False)

    def __init__(self, *args: Any, weeks: Iterable[WeekView], goals: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(
            self,
            "monday",
            [
                ("", "The first week with room"),
                *((week.monday.isoformat(), _week(week)) for week in weeks if not week.quiet),
            ],
        )
        _offer(self, "goal_id", [("", "No goal"), *((str(goal.pk), goal.title) for goal in goals)])


def _week(week: WeekView) -> str:
    return f"Week of {week.monday.day} {week.monday:%B}: {week.planned} of {week.available} minutes planned"


def _offer(form: forms.Form, name: str, choices: list[tuple[str, Any]]) -> None:
    cast(forms.ChoiceField, form.fields[name]).choices = choices
