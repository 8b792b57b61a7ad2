"""The form by which she brings in what she learned before."""

from __future__ import annotations

from typing import Any

from django import forms

from lantern.engine.past_learning import MAX_BYTES, MAX_ROWS
from lantern.web import uploads


class BeforeForm(forms.Form):
    """A file, or the same typed."""

    either = ("learning_file", "lines")

    learning_file = forms.FileField(
        label="A file with what you learned",
        required=False,
        help_text=f"A table (CSV), at most {MAX_ROWS} rows at once. Only its columns for title and date must be there.",
    )
    lines = forms.CharField(
        label="Or paste it",
        required=False,
        max_length=MAX_BYTES,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="The names of the columns in the first line, then one thing a line. title,date,hours",
    )

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        refusal = uploads.wanted(self.files.get("learning_file"))
        if refusal:
            self.add_error("learning_file", refusal)
        elif not data.get("learning_file") and not data.get("lines", "").strip() and not self.errors:
            self.add_error(None, "Choose a file, or paste at least one thing.")
        return data

    @property
    def sent(self) -> bytes:
        """Return what was sent, the file before the words."""
        upload = self.cleaned_data["learning_file"]
        return bytes(upload.read()) if upload else str(self.cleaned_data["lines"]).encode()

    @property
    def field_sent(self) -> str:
        """Return which field that stands in."""
        return "learning_file" if self.cleaned_data["learning_file"] else "lines"
