"""What can be changed under the account, in short sections."""

from __future__ import annotations

from typing import Any

from django import forms

from lantern.web.about_me import AboutMeForm, LikesForm, MinutesForm, WorkForm

DIGESTS = (("weekly", "Once a week"), ("daily", "Once a day"), ("none", "Never"))
THEMES = (("", "As the system has it"), ("light", "Light"), ("dark", "Dark"))


class TimeForm(MinutesForm):
    """Her minutes, and the hours in which Lantern stays quiet."""

    quiet_from = forms.TimeField(
        label="Quiet from", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    quiet_until = forms.TimeField(
        label="Quiet until", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def clean(self) -> dict[str, Any]:
        """Refuse half a span of quiet hours."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if (data.get("quiet_from") is None) != (data.get("quiet_until") is None) and not self.errors:
            missing = "quiet_until" if data.get("quiet_until") is None else "quiet_from"
            self.add_error(missing, "Give both times, or leave both empty for no quiet hours.")
        return data

    @property
    def said(self) -> dict[str, Any]:
        """Return the answers; empty quiet hours are an answer."""
        quiet = {name: self.cleaned_data.get(name) for name in ("quiet_from", "quiet_until")}
        return super().said | quiet


class MailForm(AboutMeForm):
    """How often a mail may come."""

    mail_digest = forms.ChoiceField(
        label="A mail that sums up what waits for you", choices=DIGESTS, widget=forms.RadioSelect
    )


class ComfortForm(forms.Form):
    """How pages look on this device."""

    theme = forms.ChoiceField(label="Colours", choices=THEMES, widget=forms.RadioSelect, required=False)


SECTIONS: dict[str, tuple[str, str, type[AboutMeForm]]] = {
    "work": ("Your work", "Your work is saved.", WorkForm),
    "time": ("Your time", "Your time is saved.", TimeForm),
    "likes": ("What draws you", "What draws you is saved. Your suggestions follow it.", LikesForm),
    "mail": ("Mail", "Saved. Mail comes as you said.", MailForm),
}
"""Key -> heading, the word that confirms, and the form."""


class ConfirmShareForm(forms.Form):
    """Why one shares, and for how long."""

    purpose = forms.CharField(
        label="What it is for",
        max_length=120,
        initial="So that we can talk about it",
        error_messages={"required": "Say what the sharing is for."},
    )
    days = forms.TypedChoiceField(
        label="For how long",
        coerce=int,
        choices=[("7", "A week"), ("30", "30 days"), ("90", "90 days"), ("365", "A year")],
        initial="30",
    )
    confirmed = forms.BooleanField(
        label="Yes, I want to share it with this person, who also leads my school or district", required=False
    )

    def __init__(self, *args: Any, leads_me: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not leads_me:
            del self.fields["confirmed"]


class BringBackForm(forms.Form):
    """An archive that Lantern made."""

    archive = forms.FileField(
        label="An archive of your data",
        help_text="The file that “Take everything with you” made, here or at another installation of Lantern.",
        error_messages={"required": "Choose the archive.", "empty": "This file is empty."},
    )


class EraseForm(forms.Form):
    """A word that nobody types by accident."""

    word = forms.CharField(
        label="Type the word “erase”",
        max_length=20,
        error_messages={"required": "Type the word “erase” to go on, or go back."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_word(self) -> str:
        """Take the word in any case."""
        word = str(self.cleaned_data["word"]).strip().casefold()
        if word != "erase":
            raise forms.ValidationError("Type the word “erase” to go on, or go back.")
        return word
