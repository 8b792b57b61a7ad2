"""Forms about people and their roles. What may be chosen comes from the actor's own reach."""

from __future__ import annotations

from typing import Any

from django import forms

from lantern.domain.people import policy, queries
from lantern.domain.people.types import GRADES, JOB_WORDS, MOST_YEARS, ROLE_WORDS
from lantern.kernel.actor import Actor


def role_choices(actor: Actor) -> list[tuple[str, str]]:
    """Return the roles the actor may give somewhere."""
    places = [row.pk for row in queries.managed_organisations(actor)]
    return [
        (str(role), words)
        for role, words in ROLE_WORDS.items()
        if any(policy.can_grant(actor, role, place) for place in places)
    ]


class FilterForm(forms.Form):
    """Finds people in the list."""

    q = forms.CharField(label="Name or address", required=False, max_length=100)
    organisation = forms.ChoiceField(label="School or office", required=False)
    role = forms.ChoiceField(label="Role", required=False)
    state = forms.ChoiceField(
        label="Who", required=False, choices=[("", "People here now"), ("left", "Who left"), ("all", "Everybody")]
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = [(str(row.pk), row.name) for row in queries.managed_organisations(actor)]
        self.fields["organisation"].choices = [("", "All"), *places]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["role"].choices = [("", "All"), *ROLE_WORDS.items()]  # type: ignore[attr-defined]


class EntryForm(forms.Form):
    """What the directory holds of a person."""

    given_name = forms.CharField(label="Given name", max_length=80, required=False)
    family_name = forms.CharField(label="Family name", max_length=80)
    email = forms.EmailField(
        label="E-mail address",
        required=False,
        help_text="What they will sign in with. Without it they cannot be invited.",
    )
    job_kind = forms.ChoiceField(label="Job", choices=list(JOB_WORDS.items()))
    job_title = forms.CharField(label="Job title", max_length=120, required=False)
    years_experience = forms.IntegerField(
        label="Years of experience", min_value=0, max_value=MOST_YEARS, required=False
    )
    grades = forms.MultipleChoiceField(
        label="Grades",
        choices=[(grade, grade) for grade in GRADES],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    subjects = forms.CharField(label="Subjects", required=False, max_length=400, help_text="Separated by commas.")

    def facts(self) -> dict[str, Any]:
        """Return what the command takes."""
        facts = dict(self.cleaned_data)
        facts["subjects"] = tuple(facts["subjects"].split(","))
        facts["grades"] = tuple(facts["grades"])
        return facts


class PersonForm(EntryForm):
    """A person added by hand, with the first role."""

    organisation_id = forms.ChoiceField(label="School or office")
    role = forms.ChoiceField(label="Role", initial="educator")
    field_order = ("given_name", "family_name", "email", "organisation_id", "role")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = [(str(row.pk), row.name) for row in queries.managed_organisations(actor)]
        self.fields["organisation_id"].choices = places  # type: ignore[attr-defined]
        self.fields["role"].choices = role_choices(actor)  # type: ignore[attr-defined]


class RoleForm(forms.Form):
    """A role for a person at an organisation."""

    role = forms.ChoiceField(label="Role")
    organisation_id = forms.ChoiceField(label="School or office")
    begins_on = forms.DateField(
        label="First day",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Leave empty for at once.",
    )
    ends_on = forms.DateField(
        label="Last day",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Leave empty for no end.",
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = [(str(row.pk), row.name) for row in queries.managed_organisations(actor)]
        self.fields["organisation_id"].choices = places  # type: ignore[attr-defined]
        self.fields["role"].choices = role_choices(actor)  # type: ignore[attr-defined]
