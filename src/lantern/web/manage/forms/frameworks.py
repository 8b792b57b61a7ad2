"""What one fills in to say which kind of job uses which framework."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django import forms

from lantern.domain.people.types import JobKind


class AssignForm(forms.Form):
    """A kind of job and its framework; no framework means: as the level above has it."""

    job_kind = forms.ChoiceField(choices=[(kind.value, kind.value) for kind in JobKind])
    framework_id = forms.TypedChoiceField(required=False, coerce=UUID, empty_value=None)

    def __init__(self, *args: Any, frameworks: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["framework_id"]).choices = [("", "As the level above"), *frameworks]
