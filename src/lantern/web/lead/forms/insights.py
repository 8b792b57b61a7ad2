"""The form of the insights page."""

from django import forms

from lantern.domain.insights.types import LEAST_PEOPLE, MOST_LEAST


class SmallestGroupForm(forms.Form):
    """How many other people a group must have."""

    people = forms.IntegerField(
        label="Other people in a group, at least",
        min_value=LEAST_PEOPLE,
        max_value=MOST_LEAST,
        help_text=f"From {LEAST_PEOPLE} to {MOST_LEAST}. Holds from the next release on; what is out stays.",
    )
