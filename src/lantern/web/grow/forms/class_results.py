"""What an educator hands over of a class of hers: a file or lines, its label, and the day."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django import forms

from lantern.domain.results.types import LONGEST_LABEL
from lantern.engine.class_results import FEWEST_STUDENTS
from lantern.web import uploads

Choice = tuple[str, str]
WANTED = "Give the class a label of your own, such as: grade 5 mathematics."


class ResultsForm(forms.Form):
    """Results of a class that is there, or of one with a new label."""

    either = ("class_id", "label", "results_file", "lines")

    class_id = forms.TypedChoiceField(label="Which class", required=False, coerce=UUID, empty_value=None)
    label = forms.CharField(
        label="Your label, if the class is new here",
        required=False,
        max_length=LONGEST_LABEL,
        help_text="Such as: grade 5 mathematics. No names of students.",
    )
    on = forms.DateField(
        label="The day it was",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Leave it empty to take the day from the file, or today. Of a file with several days, only this one"
        " is kept.",
        error_messages={"invalid": "Write the day as year-month-day, such as 2026-06-30."},
    )
    results_file = forms.FileField(
        label="A file with the results",
        required=False,
        help_text="A table (CSV) with a column “standard”, and with “right” and “of”, or one answer a row (“result”).",
    )
    lines = forms.CharField(
        label="Or type the sums",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6, "placeholder": "5.NBT.A.3; 14; 24"}),
        help_text="One standard a line: the standard, how many answers were right, of how many.",
    )
    students = forms.IntegerField(
        label="How many students it was",
        required=False,
        min_value=1,
        max_value=9999,
        help_text=f"Where you type sums, or the file does not name them. Sums of fewer than {FEWEST_STUDENTS} would say"
        " what single students did, so they are not taken. The number is not kept.",
        error_messages={"invalid": "Write a whole number, such as 24."},
    )

    def __init__(self, *args: Any, classes: Iterable[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given, field = list(classes), cast(forms.ChoiceField, self.fields["class_id"])
        field.choices = [("", "A class that is new here"), *given]
        if not given:
            field.widget = forms.HiddenInput()
            self.fields["label"].label, self.fields["label"].required = "Your label for the class", True
            self.fields["label"].error_messages["required"] = WANTED

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two, and for one class."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        refusal = uploads.wanted(self.files.get("results_file"))
        if refusal:
            self.add_error("results_file", refusal)
        elif not data.get("results_file") and not data.get("lines", "").strip() and not self.errors:
            self.add_error(None, "Choose a file, or type at least one standard.")
        named = data.get("class_id") is not None or data.get("label", "").strip()
        if not named and not {"class_id", "label"} & self.errors.keys():
            self.add_error("label", WANTED)
        return data
