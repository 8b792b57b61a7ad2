"""The form that takes a file for an import."""

from __future__ import annotations

from typing import Any

from django import forms

from lantern.flows import imports
from lantern.web import uploads


class ImportForm(forms.Form):
    """A file and what it holds."""

    kind = forms.ChoiceField(label="What does the file hold?", widget=forms.RadioSelect)
    upload = forms.FileField(
        label="File",
        help_text="A roster is one zip file. Nothing changes yet: you see first what would.",
        allow_empty_file=True,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offers = imports.offers()
        self.fields["kind"].choices = [(one.kind, one.label) for one in offers]  # type: ignore[attr-defined]
        if offers and "kind" not in self.initial:
            self.fields["kind"].initial = offers[0].kind

    def clean_upload(self) -> Any:
        """Say why the bytes were not taken, where they were not, and refuse an empty file."""
        upload = self.cleaned_data["upload"]
        if reason := uploads.wanted(upload) or ("" if upload.size else "This file is empty."):
            raise forms.ValidationError(reason)
        return upload
