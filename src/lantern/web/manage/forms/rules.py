"""The form of a credit rule."""

from django import forms


class RuleForm(forms.Form):
    """A new version of the rule that turns minutes into hours."""

    name = forms.CharField(max_length=120, label="What is the rule called?")
    credit_type = forms.CharField(max_length=40, label="What are the hours called?")
    effective_from = forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), label="From which day does it hold?"
    )
    minutes_per_hour = forms.IntegerField(
        min_value=1, max_value=600, initial=60, label="How many minutes are one hour?"
    )
    step_minutes = forms.IntegerField(
        min_value=1, max_value=600, initial=15, label="Minutes count in steps of", help_text="Rounded down to a step."
    )
    most_minutes = forms.IntegerField(
        min_value=1, max_value=60_000, initial=2400, label="The most minutes that count for one activity"
    )
    outside_needs_evidence = forms.BooleanField(
        required=False, initial=True, label="Learning from outside needs a file that shows it"
    )
