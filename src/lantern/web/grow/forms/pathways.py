"""The name of an own pathway."""

from __future__ import annotations

from django import forms


class OwnPathwayForm(forms.Form):
    """What she calls it."""

    title = forms.CharField(
        label="Name",
        max_length=160,
        error_messages={"required": "Give it a name that tells you what it is for."},
    )
