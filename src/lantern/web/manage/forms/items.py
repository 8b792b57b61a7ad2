"""What an author says of a question: its words, its answers, the right one, and what it shows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django import forms
from django.forms import BoundField

from lantern.domain.assessments.types import (
    ITEM_STATUS_WORDS,
    LONGEST_OPTION,
    LONGEST_QUESTION,
    LONGEST_WHY,
    MOST_OPTIONS,
    ItemData,
    OptionData,
)
from lantern.domain.needs.types import LEVEL_WORDS

LETTERS = "ABCDEF"[:MOST_OPTIONS]
USUAL = 4
"""So many answers stand open on the form; the others wait in a fold."""


class ItemForm(forms.Form):
    """One question. `competencies` are the choices, grouped by framework."""

    external_id = forms.CharField(label="Id", max_length=120, help_text="Short and your own, such as cu-07.")
    competency_id = forms.ChoiceField(
        label="What it is about", error_messages={"required": "Choose the competency it is about."}
    )
    level = forms.TypedChoiceField(
        label="What a right answer shows",
        coerce=int,
        choices=[("", "Choose"), *((level, LEVEL_WORDS[level]) for level in (1, 2, 3, 4))],
        help_text="Somebody who has just reached this level gets it right about every second time.",
        error_messages={"required": "Choose the level that a right answer shows."},
    )
    area = forms.CharField(
        label="Part of the competency", required=False, max_length=120,
        help_text="Checks ask evenly from all parts, and say where to begin.",
    )  # fmt: skip
    language = forms.CharField(label="Language", max_length=35, initial="en", help_text="A code such as en or es.")
    question = forms.CharField(
        label="Question", max_length=LONGEST_QUESTION, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Plain words, without a picture: everybody must be able to answer it by ear.",
    )  # fmt: skip
    right = forms.TypedChoiceField(
        label="The right answer", coerce=int, choices=[("", "Choose"), *enumerate(LETTERS)],
        error_messages={"required": "Say which answer is the right one."},
    )  # fmt: skip

    def __init__(self, *args: Any, competencies: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["competency_id"]).choices = [("", "Choose"), *competencies]
        for place, letter in enumerate(LETTERS):
            self.fields[f"option_{place}"] = forms.CharField(
                label=f"Answer {letter}", required=place < 2, max_length=LONGEST_OPTION
            )
            self.fields[f"why_{place}"] = forms.CharField(
                label=f"What to say of answer {letter} afterwards", required=False, max_length=LONGEST_WHY
            )

    @property
    def answers(self) -> list[tuple[BoundField, BoundField]]:
        """Return the fields of the answers that most questions have: the words of each, and what is said of it."""
        return self._pairs(range(USUAL))

    @property
    def more_answers(self) -> list[tuple[BoundField, BoundField]]:
        """Return the fields of the answers that few questions have."""
        return self._pairs(range(USUAL, len(LETTERS)))

    @property
    def says_more(self) -> bool:
        """Tell whether one of the further answers is filled in or wants a look."""
        return any(each.value() or each.errors for pair in self.more_answers for each in pair)

    def _pairs(self, places: Iterable[int]) -> list[tuple[BoundField, BoundField]]:
        return [(self[f"option_{place}"], self[f"why_{place}"]) for place in places]

    def clean(self) -> dict[str, Any]:
        """Refuse a gap between answers, which would move the letter of the right one."""
        said = super().clean() or {}
        filled = [place for place in range(len(LETTERS)) if said.get(f"option_{place}")]
        if filled and filled != list(range(len(filled))):
            gap = next(place for place in range(len(LETTERS)) if place not in filled)
            self.add_error(f"option_{gap}", "This answer is empty, but a later one is not.")
        return said

    def data_of(self) -> ItemData:
        """Return the question as the domain takes it; only after `is_valid`."""
        said = self.cleaned_data
        options = tuple(
            OptionData(said[f"option_{place}"], said.get(f"why_{place}", ""))
            for place in range(len(LETTERS))
            if said.get(f"option_{place}")
        )
        return ItemData(
            external_id=said["external_id"],
            competency_id=UUID(said["competency_id"]),
            question=said["question"],
            options=options,
            right=said["right"],
            level=said["level"],
            area=said["area"],
            language=said["language"],
        )


class ItemFilter(forms.Form):
    """Which questions to list."""

    status = forms.ChoiceField(label="Status", required=False, choices=[("", "All"), *ITEM_STATUS_WORDS.items()])


class ItemStatusForm(forms.Form):
    """In use, or out of use with a reason."""

    status = forms.ChoiceField(choices=list(ITEM_STATUS_WORDS.items()))
    because = forms.CharField(label="Why it is taken out of use", required=False, max_length=200)
