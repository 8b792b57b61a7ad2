"""What an educator hands over of her own evaluation: a file, or lines she types."""

from __future__ import annotations

from typing import Any

from django import forms

from lantern.engine.own_ratings import MAX_BYTES


class EvaluationForm(forms.Form):
    """A file with her own ratings, or lines."""

    file = forms.FileField(
        label="A file with your own ratings",
        required=False,
        help_text="A table (CSV) as your district's tool exports it, with a column for the area, such as “element”.",
    )
    lines = forms.CharField(
        label="Or type it",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="One area a line. After a semicolon you may say how it was rated: Questioning; 2 of 4",
    )

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not data.get("file") and not data.get("lines", "").strip() and not self.errors:
            self.add_error(None, "Choose a file, or type at least one area.")
        if data.get("file") and data["file"].size > MAX_BYTES:
            self.add_error("file", f"This file is larger than {MAX_BYTES // 1_000_000} MB.")
        return data
