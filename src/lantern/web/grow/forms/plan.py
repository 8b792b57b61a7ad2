"""What one fills in for a plan and one of its weeks."""

from django import forms


class WeekForm(forms.Form):
    """How much time one week has."""

    minutes = forms.IntegerField(
        label="Minutes in this week",
        required=False,
        min_value=0,
        max_value=3000,
        error_messages={
            "invalid": "Write the minutes as a whole number.",
            "min_value": "Choose between 0 and 3000 minutes.",
            "max_value": "Choose between 0 and 3000 minutes.",
        },
    )
    quiet = forms.BooleanField(
        label="Keep this week quiet",
        required=False,
        help_text="Nothing is planned in a quiet week. What begins in it now will wait until you place it again; "
        "what goes on in it goes on after it.",
    )
    note = forms.CharField(
        label="What for", required=False, max_length=80, help_text="Such as: report cards, holidays."
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class PlanForm(forms.Form):
    """Where the plan begins and how far it looks."""

    begins_on = forms.DateField(
        label="First week",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Choose a day in the first week.", "invalid": "Write the day as year-month-day."},
    )
    weeks = forms.IntegerField(
        label="How many weeks it shows",
        min_value=1,
        max_value=52,
        error_messages={
            "required": "Choose between 1 and 52 weeks.",
            "invalid": "Write the weeks as a whole number.",
            "min_value": "Choose between 1 and 52 weeks.",
            "max_value": "Choose between 1 and 52 weeks.",
        },
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
