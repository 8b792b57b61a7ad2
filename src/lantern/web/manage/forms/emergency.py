"""What an operator says to ask for emergency access."""

from __future__ import annotations

from django import forms


class EmergencyForm(forms.Form):
    """Why, and whether an order forbids to tell the person for now."""

    reason = forms.CharField(
        label="Why it cannot wait or be asked of the person",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The person reads this word for word.",
        error_messages={"required": "Say why. The person will read it."},
    )
    legal_hold = forms.CharField(
        label="Legal hold",
        required=False,
        max_length=200,
        help_text="Only when an order forbids to tell the person for now: which order. They are told when it ends.",
    )
