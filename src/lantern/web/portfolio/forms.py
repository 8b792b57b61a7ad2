"""Forms of portfolio."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings

from lantern.domain.evidence.types import (
    EVIDENCE_WORDS,
    FILE_TYPES,
    FILE_TYPES_IN_WORDS,
    LONGEST_TEXT,
    MOST_REFLECTED_MINUTES,
    OUTCOME_WORDS,
    STUDENT_WORDS,
    VIDEO_DAYS,
)
from lantern.kernel.files import VIDEO_ENDINGS
from lantern.web import uploads


def day_field(**options: Any) -> forms.DateField:
    """Return a field for a day, which browsers show as a calendar."""
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


class ReflectionForm(forms.Form):
    """What one takes away, and where one will try it. Without minutes when the words are changed later."""

    takeaway = forms.CharField(
        max_length=LONGEST_TEXT,
        label="What do you take away that you want to use?",
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    try_class = forms.CharField(
        max_length=120,
        required=False,
        label="With which class or group will you try it?",
        help_text="For example: grade 4 mathematics.",
    )
    try_on = day_field(
        required=False, label="On which day?", help_text="Lantern comes back after that day and asks how it went."
    )
    minutes = forms.IntegerField(
        min_value=1, max_value=MOST_REFLECTED_MINUTES, label="How many minutes did you spend learning?"
    )

    def __init__(self, *args: Any, with_minutes: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not with_minutes:
            del self.fields["minutes"]


class AnswerForm(forms.Form):
    """How it went."""

    outcome = forms.ChoiceField(choices=list(OUTCOME_WORDS.items()), widget=forms.RadioSelect, label="How did it go?")
    what_happened = forms.CharField(
        max_length=LONGEST_TEXT,
        required=False,
        label="What happened?",
        help_text="What did the learners do? What would you change?",
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    try_on = day_field(
        required=False, label="If you have not tried it yet: on which day will you?", help_text="We ask again after it."
    )


class EvidenceForm(forms.Form):
    """A file, and what it shows."""

    upload = forms.FileField(
        allow_empty_file=True,
        label="Your file",
        help_text=FILE_TYPES_IN_WORDS,
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(sorted(FILE_TYPES))}),
    )
    kind = forms.ChoiceField(choices=list(EVIDENCE_WORDS.items()), widget=forms.RadioSelect, label="What does it show?")
    note = forms.CharField(max_length=200, required=False, label="A note for yourself")

    def clean_upload(self) -> Any:
        """Say why the bytes were not taken, where they were not."""
        return _taken(self.cleaned_data["upload"])


class StudentsForm(forms.Form):
    """Whether students are in a video, and may be."""

    students = forms.ChoiceField(
        choices=list(STUDENT_WORDS.items()),
        widget=forms.RadioSelect,
        label="Are students seen or heard in it?",
        help_text="While a release is missing, nobody but you can open the video, and it cannot be shared.",
        error_messages={"required": "Say whether students are seen or heard in it."},
    )


class VideoForm(StudentsForm):
    """A video from the classroom, who is in it, and what it shows."""

    upload = forms.FileField(
        allow_empty_file=True,
        label="Your video",
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(("video/mp4", *VIDEO_ENDINGS))}),
    )
    kind = forms.ChoiceField(
        choices=list(EVIDENCE_WORDS.items()), widget=forms.RadioSelect, label="What does it show?", initial="work"
    )
    note = forms.CharField(
        max_length=200,
        required=False,
        label="A name for it",
        help_text="Such as: number talk, third lesson. Whoever you share it with reads this.",
    )
    field_order = ("upload", "students", "kind", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["upload"].help_text = (
            f"MP4, MOV or WebM, up to {settings.LANTERN_VIDEO_MB} MB and 30 minutes. It is deleted after {VIDEO_DAYS} "
            "days unless you keep it longer."
        )

    def clean_upload(self) -> Any:
        """Say why the bytes were not taken, where they were not."""
        return _taken(self.cleaned_data["upload"])


def _taken(upload: Any) -> Any:
    if reason := uploads.wanted(upload):
        raise forms.ValidationError(reason)
    return upload


class LicenceForm(forms.Form):
    """The licence one holds."""

    name = forms.CharField(max_length=120, label="What is your licence called?")
    credit_type = forms.ChoiceField(label="Which hours does it ask for?")
    hours_needed = forms.IntegerField(min_value=1, max_value=2000, label="How many hours does it ask for?")
    counts_from = day_field(label="From which day do hours count?")
    renews_on = day_field(label="By when do you renew it?")

    def __init__(self, *args: Any, credit_types: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credit_type"].choices = [(name, name) for name in credit_types]  # type: ignore[attr-defined]


class TranscriptFilters(forms.Form):
    """Which part of the record of hours to see."""

    type = forms.ChoiceField()
    period = forms.ChoiceField()

    def __init__(self, *args: Any, types: Sequence[str], periods: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds, years = [(name, name) for name in types], [(name, name) for name in periods]
        self.fields["type"].choices = [("", "All kinds"), *kinds]  # type: ignore[attr-defined]
        self.fields["period"].choices = [("", "All years"), *years]  # type: ignore[attr-defined]
