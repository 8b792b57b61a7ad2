"""Forms about organisations."""

from __future__ import annotations

from typing import Any

from django import forms

from lantern.domain.people.types import KIND_WORDS


class OrganisationForm(forms.Form):
    """A new organisation below one's own tenant."""

    kind = forms.ChoiceField(label="Kind")
    name = forms.CharField(label="Name", max_length=200)
    identifier = forms.CharField(
        label="Identifier", max_length=80, required=False, help_text="As your state or your roster numbers it."
    )

    def __init__(self, *args: Any, kinds: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind, KIND_WORDS[kind]) for kind in kinds]  # type: ignore[attr-defined]


class NameForm(forms.Form):
    """Another name or identifier."""

    name = forms.CharField(label="Name", max_length=200)
    identifier = forms.CharField(
        label="Identifier", max_length=80, required=False, help_text="As your state or your roster numbers it."
    )
