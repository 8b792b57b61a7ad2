"""What one asks of a plan that is worked out."""

from collections.abc import Iterable
from typing import Any

from django import forms

from lantern.domain.plans.types import MOST_WEEKS, DraftWish

MORE = (
    (0, "As they are"),
    (10, "10 minutes more"),
    (20, "20 minutes more"),
    (40, "40 minutes more"),
    (60, "An hour more"),
)


class DraftForm(forms.Form):
    """More minutes a week, a later start, some goals left out."""

    more = forms.TypedChoiceField(label="Minutes in each week", choices=MORE, coerce=int, required=False)
    start = forms.TypedChoiceField(label="Begin", coerce=int, required=False)
    without = forms.MultipleChoiceField(label="Leave out for now", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(
        self, *args: Any, starts: Iterable[tuple[int, str]], aims: Iterable[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, Any] = {"start": [*starts], "without": [*aims]}
        for name, offered in choices.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = offered
        if not choices["without"]:
            del self.fields["without"]

    def wish(self) -> DraftWish:
        """Return what was asked for, of a valid form."""
        facts = self.cleaned_data
        start = min(facts["start"] or 0, MOST_WEEKS)
        return DraftWish(facts["more"] or 0, start, tuple(facts.get("without") or ()))
