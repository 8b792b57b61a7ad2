"""What one says of a resource, in four short parts, and of a term."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast
from uuid import UUID

from django import forms

from lantern.domain.catalog.types import (
    ACCESS_FEATURES,
    EVIDENCE_NAME,
    EVIDENCE_WORDS,
    KIND_WORDS,
    LEVEL_WORDS,
    MODALITY_WORDS,
    SCHEME_WORDS,
    STATUS_WORDS,
    UNVETTED_WORDS,
    Status,
)
from lantern.domain.people.types import GRADES

_MOST_LINKS = 40
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("What it is", ("title", "kind", "summary", "url", "minutes")),
    ("Who it is for", ("level", "grades", "subjects", "topics")),
    ("How one takes part", ("modality", "language", "cost", "currency", "provider", "access_features", "builds_on")),
    (
        "More to say",
        (
            "evidence_tier",
            "description",
            "initiative_id",
            "credit_hours",
            "credit_type",
            "licence",
            "attribution",
            "published_on",
        ),
    ),
)
"""The parts of the page in order; competencies stand after the second, the last two are folded."""


class ResourceForm(forms.Form):
    """Everything about a resource; only title and kind are needed."""

    title = forms.CharField(label="Title", max_length=300, error_messages={"required": "Give it a title."})
    kind = forms.ChoiceField(label="Kind", choices=list(KIND_WORDS.items()))
    summary = forms.CharField(
        label="Summary",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One or two sentences.",
    )
    url = forms.CharField(label="Web address", required=False, max_length=2000, help_text="Where it is found.")
    minutes = forms.IntegerField(label="Minutes it takes", required=False, min_value=1, max_value=100_000)
    level = forms.TypedChoiceField(
        label="Level",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "Not said"), *((str(level), words) for level, words in LEVEL_WORDS.items())],
    )
    grades = forms.MultipleChoiceField(
        label="Grades",
        required=False,
        choices=[(grade, grade) for grade in GRADES],
        widget=forms.CheckboxSelectMultiple,
        help_text="None means any grade.",
    )
    subjects = forms.MultipleChoiceField(label="Subjects", required=False, widget=forms.CheckboxSelectMultiple)
    topics = forms.MultipleChoiceField(label="Topics", required=False, widget=forms.CheckboxSelectMultiple)
    modality = forms.ChoiceField(
        label="How it reaches people", required=False, choices=[("", "The usual way"), *MODALITY_WORDS.items()]
    )
    language = forms.CharField(label="Language", required=False, max_length=35, help_text="A tag such as en or es.")
    cost = forms.DecimalField(
        label="Cost", required=False, min_value=0, max_digits=10, decimal_places=2, help_text="0 is free."
    )
    currency = forms.CharField(label="Currency", required=False, max_length=3, help_text="Three letters such as USD.")
    provider = forms.CharField(label="Provider", required=False, max_length=200)
    access_features = forms.MultipleChoiceField(
        label="Access", required=False, choices=list(ACCESS_FEATURES.items()), widget=forms.CheckboxSelectMultiple
    )
    builds_on = forms.CharField(
        label="Builds on",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Paste the addresses of resources here that one should have done first, one a line.",
    )
    description = forms.CharField(
        label="Description",
        required=False,
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Markdown is understood.",
    )
    evidence_tier = forms.ChoiceField(
        label=EVIDENCE_NAME,
        required=False,
        choices=[("", UNVETTED_WORDS), *EVIDENCE_WORDS.items()],
        help_text="The ESSA tiers. Suggestions give points for it, and what is not vetted is marked.",
    )
    initiative_id = forms.TypedChoiceField(label="District aim", required=False, coerce=UUID, empty_value=None)
    credit_hours = forms.DecimalField(label="Credit hours", required=False, min_value=0, max_digits=6, decimal_places=2)
    credit_type = forms.CharField(label="Credit type", required=False, max_length=40)
    licence = forms.CharField(label="Licence", required=False, max_length=300)
    attribution = forms.CharField(label="Attribution", required=False, max_length=1000)
    published_on = forms.DateField(
        label="Published on", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(
        self,
        *args: Any,
        subjects: Iterable[Any] = (),
        topics: Iterable[Any] = (),
        aims: Iterable[Any] = (),
        competencies: Sequence[tuple[str, Any]] = (),
        linked: int = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "subjects", [(str(term.pk), term.label) for term in subjects])
        _offer(self, "topics", [(str(term.pk), term.label) for term in topics])
        _offer(self, "initiative_id", [("", "None"), *((str(aim.pk), aim.title) for aim in aims)])
        self.links = min(_MOST_LINKS, linked + 2)
        for number in range(self.links):
            self.fields[f"competency_{number}"] = forms.TypedChoiceField(
                label=f"Competency {number + 1}",
                required=False,
                coerce=UUID,
                empty_value=None,
                choices=[("", "None"), *competencies],
            )
            self.fields[f"level_{number}"] = forms.TypedChoiceField(
                label=f"Leads to level, for competency {number + 1}",
                required=False,
                coerce=int,
                empty_value=None,
                choices=[("", "Not said"), *((str(level), words) for level, words in LEVEL_WORDS.items())],
            )

    def sections(self) -> Iterator[tuple[str, list[Any]]]:
        """Yield each part of the page with its bound fields."""
        for title, names in SECTIONS:
            yield title, [self[name] for name in names]

    def pairs(self) -> list[tuple[Any, Any]]:
        """Return the fields of competencies, each with its level."""
        return [(self[f"competency_{number}"], self[f"level_{number}"]) for number in range(self.links)]

    def facts(self) -> dict[str, Any]:
        """Return what the command wants."""
        said = self.cleaned_data
        linked = [(said[f"competency_{number}"], said[f"level_{number}"]) for number in range(self.links)]
        same = ("title", "kind", "summary", "url", "minutes", "level", "grades", "currency", "provider", "description")
        more = ("access_features", "initiative_id", "credit_type", "licence", "attribution", "published_on")
        facts = {name: said[name] for name in (*same, *more, "evidence_tier")}
        if said["modality"]:
            facts["modality"] = said["modality"]
        return facts | {
            "language": said["language"] or "en",
            "term_ids": [UUID(value) for value in (*said["subjects"], *said["topics"])],
            "competencies": [(id, level) for id, level in linked if id is not None],
            "prerequisite_ids": [UUID(found) for found in _UUID.findall(said["builds_on"])],
            "cost_cents": None if said["cost"] is None else int(said["cost"] * 100),
            "credit_minutes": None if said["credit_hours"] is None else int(said["credit_hours"] * 60),
        }


FIELD_OF = {
    "cost_cents": "cost",
    "credit_minutes": "credit_hours",
    "prerequisite_ids": "builds_on",
    "term_ids": "topics",
}
"""Where the form shows what the command says of a fact."""


class FilterForm(forms.Form):
    """Words and a status to find resources by."""

    q = forms.CharField(label="Words", required=False, max_length=200)
    status = forms.ChoiceField(label="Status", required=False, choices=[("", "All"), *STATUS_WORDS.items()])


class StatusForm(forms.Form):
    """What a resource becomes."""

    status = forms.ChoiceField(choices=[(status.value, status.value) for status in Status])


class NewTermForm(forms.Form):
    """A word for the taxonomy."""

    scheme = forms.ChoiceField(label="List", choices=list(SCHEME_WORDS.items()))
    label = forms.CharField(label="Name", max_length=80, error_messages={"required": "Give the term a name."})


class TermForm(forms.Form):
    """Another name for a term."""

    label = forms.CharField(label="Name", max_length=80, error_messages={"required": "Give the term a name."})


def _offer(form: forms.Form, name: str, choices: list[tuple[str, Any]]) -> None:
    cast(forms.ChoiceField, form.fields[name]).choices = choices
