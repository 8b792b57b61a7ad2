"""The form of an announcement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from lantern.domain.announcements.types import LONGEST_BODY, LONGEST_TITLE
from lantern.domain.people.types import JOB_WORDS


class AnnouncementForm(forms.Form):
    """Whom to tell, and what."""

    organisation_id = forms.TypedChoiceField(
        label="Who should know", help_text="Everyone who works there, and below it."
    )
    job_kinds = forms.MultipleChoiceField(
        label="Only people in these jobs",
        help_text="Leave all open to tell everyone.",
        choices=list(JOB_WORDS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    title = forms.CharField(
        label="Title",
        max_length=LONGEST_TITLE,
        error_messages={"required": "Give it a title, so that people know what it is about."},
    )
    body = forms.CharField(
        label="What people should know",
        help_text="Plain text. An empty line begins a paragraph; *stars* and [links](https://example.org) work.",
        max_length=LONGEST_BODY,
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={"required": "Write what people should know."},
    )

    def __init__(self, data: Any = None, *, organisations: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["organisation_id"].choices = list(organisations)  # type: ignore[attr-defined]
