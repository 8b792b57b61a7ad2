"""What one fills in about needs: ratings of a whole framework, own words, and a need chosen from the list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast
from uuid import UUID

from django import forms
from django.forms import BoundField

from lantern.domain.needs.types import LEVEL_WORDS

Choice = tuple[str, str]
_PREFIX = "level-"
_WANTED = [("", "Not decided"), *((str(level), LEVEL_WORDS[level]) for level in (1, 2, 3, 4))]


class RateForm(forms.Form):
    """A level for every competency one may choose; "not said" takes back what one said."""

    def __init__(self, *args: Any, competencies: Iterable[Any], levels: Mapping[UUID, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._order: list[tuple[Any, str]] = []
        for competency in competencies:
            name = f"{_PREFIX}{competency.pk}"
            self.fields[name] = forms.TypedChoiceField(
                label=competency.name,
                help_text="" if competency.statement == competency.name else competency.statement,
                required=False,
                coerce=int,
                empty_value=None,
                choices=[("", "Not said"), *((str(level), words) for level, words in LEVEL_WORDS.items())],
                widget=forms.RadioSelect,
                initial="" if (level := levels.get(competency.pk)) is None else str(level),
                error_messages={"invalid_choice": "Choose a level from the list."},
            )
            self._order.append((competency, name))

    @property
    def groups(self) -> list[tuple[str, list[tuple[Any, BoundField, list[Choice]]]]]:
        """Return the fields under the headings of the framework, in its order, each with what its levels look like."""
        found: dict[str, list[tuple[Any, BoundField, list[Choice]]]] = {}
        for competency, name in self._order:
            heading = competency.parent.name if competency.parent else ""
            looks = [(LEVEL_WORDS[level], words) for level, words in competency.level_statements.items()]
            found.setdefault(heading, []).append((competency, self[name], looks))
        return list(found.items())

    @property
    def levels(self) -> dict[UUID, int | None]:
        """Return what was chosen for each competency that the page sent; what it did not send stays as it was."""
        return {competency.pk: self.cleaned_data[name] for competency, name in self._order if name in self.data}


class WordsForm(forms.Form):
    """A need in one's own words."""

    words = forms.CharField(
        label="What would you like to get better at?",
        max_length=2000,
        help_text="Such as: when I ask a question, the same few students answer.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say it in a few words, as you would to a colleague."},
    )


class NeedForm(forms.Form):
    """A need chosen from one's framework, with words and a level if one likes."""

    competency_id = forms.TypedChoiceField(
        label="Which competency",
        coerce=UUID,
        empty_value=None,
        error_messages={"required": "Choose one, or say it in your own words instead."},
    )
    wanted_level = forms.TypedChoiceField(
        label="Where you would like to be", required=False, coerce=int, empty_value=None, choices=_WANTED
    )
    words = forms.CharField(
        label="What it is about for you", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, competencies: Iterable[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["competency_id"]).choices = [("", "Choose one"), *competencies]
