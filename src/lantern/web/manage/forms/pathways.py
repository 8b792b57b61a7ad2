"""The form of a prepared start."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django import forms

from lantern.domain.needs.types import LEVEL_WORDS
from lantern.domain.pathways.types import FEWEST_STEPS, MOST_STEPS, StepData
from lantern.domain.people.types import JOB_WORDS

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_LEVELS = [(str(level), words) for level, words in LEVEL_WORDS.items()]


class PathwayForm(forms.Form):
    """A name, who it is for, and three to five steps: each the address of a resource and what it leads to."""

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

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for number in range(1, MOST_STEPS + 1):
            self.fields[f"resource_{number}"] = forms.CharField(
                label=f"Step {number}: address of the resource",
                required=number <= FEWEST_STEPS,
                max_length=300,
                error_messages={"required": "Paste the address of a resource."},
            )
            self.fields[f"outcome_{number}"] = forms.CharField(
                label=f"What step {number} leads to",
                required=number <= FEWEST_STEPS,
                max_length=200,
                error_messages={"required": "Say what it leads to."},
            )

    def pairs(self) -> Iterator[tuple[Any, Any]]:
        """Yield the fields of each step."""
        for number in range(1, MOST_STEPS + 1):
            yield self[f"resource_{number}"], self[f"outcome_{number}"]

    def clean(self) -> dict[str, Any]:
        """Refuse an address that names no resource, and half a step."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for number in range(1, MOST_STEPS + 1):
            address, outcome = data.get(f"resource_{number}", ""), data.get(f"outcome_{number}", "")
            if address and not _UUID.search(address):
                self.add_error(f"resource_{number}", "Paste the address of a page of a resource here.")
            if bool(address) != bool(outcome) and number > FEWEST_STEPS:
                missing = f"outcome_{number}" if address else f"resource_{number}"
                self.add_error(missing, "Fill both for a step, or leave both empty.")
        return data

    def facts(self) -> dict[str, Any]:
        """Return what the command wants."""
        said = self.cleaned_data
        steps = [
            StepData(UUID(_UUID.findall(said[f"resource_{number}"])[-1]), said[f"outcome_{number}"])
            for number in range(1, MOST_STEPS + 1)
            if said[f"resource_{number}"]
        ]
        return {name: said[name] for name in ("title", "summary", "job_kinds", "level_from", "level_to")} | {
            "steps": steps
        }
