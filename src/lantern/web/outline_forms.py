"""The forms of a pathway's parts: what a step says of itself, and how a set is complete."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, cast

from django import forms

from lantern.domain.needs.types import LEVEL_WORDS
from lantern.domain.pathways.types import RULE_WORDS
from lantern.engine.pathway.outline import (
    MOST_MINUTES,
    MOST_WEEKS,
    NAME_MOST,
    OUTCOME_MOST,
    PRIOR_MOST,
    Entry,
    LevelFirst,
    Practice,
    Section,
)
from lantern.engine.pathway.structure import Rule

LEVELS_SHOWN = 2
_LEVELS = [("", "No level"), *((str(level), words) for level, words in LEVEL_WORDS.items() if level)]


class SetForm(forms.Form):
    """A set: its name, and when it is complete."""

    name = forms.CharField(label="Name", required=False, max_length=NAME_MOST)
    rule = forms.ChoiceField(label="When it is complete", choices=list(RULE_WORDS.items()), widget=forms.RadioSelect)
    least = forms.IntegerField(
        label="How many parts, or how many minutes",
        required=False,
        min_value=1,
        max_value=MOST_MINUTES,
        help_text="Only for “any of it”.",
    )

    @staticmethod
    def said(part: Section) -> dict[str, Any]:
        """Return what a set says, for the form."""
        return {"name": part.name, "rule": part.rule.value, "least": part.least or None}

    def put_into(self, part: Section) -> Section:
        """Return the set as the form says it."""
        rule = Rule(self.cleaned_data["rule"])
        least = (self.cleaned_data["least"] or 0) if rule in (Rule.ANY, Rule.MINUTES) else 0
        return replace(part, name=" ".join(self.cleaned_data["name"].split()), rule=rule, least=least)


class StepForm(forms.Form):
    """A step: what it leads to, what one should know before, and what it waits for. `steps` are the others."""

    either = ("outcome", "prior")
    outcome = forms.CharField(label="What it leads to", required=False, max_length=OUTCOME_MOST)
    none_needed = forms.BooleanField(label="Nothing is needed before it", required=False)
    prior = forms.CharField(
        label="What one should know before it",
        required=False,
        max_length=PRIOR_MOST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    minutes = forms.IntegerField(
        label="Minutes, where the catalog does not say them", required=False, min_value=1, max_value=MOST_MINUTES
    )
    practice_after = forms.ChoiceField(label="Practice after the step", required=False)
    practice_weeks = forms.IntegerField(label="Weeks of it", required=False, min_value=1, max_value=MOST_WEEKS)
    practice_in_class = forms.BooleanField(label="Only weeks in class count", required=False)
    check = forms.ChoiceField(
        label="Look again first at where one stands in",
        required=False,
        help_text="A self-check, asked again before this step.",
    )
    counts_before = forms.BooleanField(
        label="What was brought in from before counts",
        required=False,
        help_text="What somebody finished here counts always: it cannot be done here again.",
    )

    def __init__(
        self, *args: Any, steps: Iterable[tuple[str, str]], competencies: list[tuple[str, Any]], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self._choose("practice_after", [("", "No practice"), *steps])
        self._choose("check", [("", "No self-check"), *competencies])
        for number in range(1, LEVELS_SHOWN + 1):
            self.fields[f"competency_{number}"] = forms.ChoiceField(
                label="Opens at a level of" if number == 1 else "And at a level of",
                required=False,
                choices=[("", "No competency"), *competencies],
            )
            self.fields[f"level_{number}"] = forms.ChoiceField(label="The level", required=False, choices=_LEVELS)

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices

    def levels(self) -> list[tuple[Any, Any]]:
        """Return the fields of the levels, pair by pair."""
        return [(self[f"competency_{n}"], self[f"level_{n}"]) for n in range(1, LEVELS_SHOWN + 1)]

    @staticmethod
    def said(part: Entry) -> dict[str, Any]:
        """Return what a step says, for the form."""
        gap = part.practice
        found: dict[str, Any] = {
            "outcome": part.outcome,
            "none_needed": part.prior == "",
            "prior": part.prior or "",
            "minutes": part.minutes,
            "practice_after": gap.after if gap else "",
            "practice_weeks": gap.weeks if gap else None,
            "practice_in_class": bool(gap and gap.in_class),
            "check": part.check,
            "counts_before": part.counts_before,
        }
        for number, level in enumerate(part.levels[:LEVELS_SHOWN], start=1):
            found |= {f"competency_{number}": level.competency, f"level_{number}": str(level.level)}
        return found

    def clean(self) -> dict[str, Any]:
        """Refuse half of a practice or of a level, and prior knowledge that is both said and not needed."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("prior", "").strip() and said.get("none_needed"):
            self.add_error("prior", "Say what is needed, or that nothing is; not both.")
        if bool(said.get("practice_after")) != bool(said.get("practice_weeks")):
            missing = "practice_weeks" if said.get("practice_after") else "practice_after"
            self.add_error(missing, "Choose the step and the weeks, or neither.")
        for number in range(1, LEVELS_SHOWN + 1):
            if bool(said.get(f"competency_{number}")) != bool(said.get(f"level_{number}")):
                missing = f"level_{number}" if said.get(f"competency_{number}") else f"competency_{number}"
                self.add_error(missing, "Choose the competency and its level, or neither.")
        return said

    def put_into(self, part: Entry) -> Entry:
        """Return the step as the form says it; levels beyond those of the form stay."""
        said = self.cleaned_data
        prior = said["prior"].strip()
        pairs = [(said[f"competency_{n}"], said[f"level_{n}"]) for n in range(1, LEVELS_SHOWN + 1)]
        levels = tuple(LevelFirst(competency, int(level)) for competency, level in pairs if competency)
        gap = None
        if said["practice_after"]:
            gap = Practice(said["practice_after"], said["practice_weeks"], said["practice_in_class"])
        return replace(
            part,
            outcome=" ".join(said["outcome"].split()),
            prior=prior or ("" if said["none_needed"] else None),
            minutes=said["minutes"],
            levels=(*levels, *part.levels[LEVELS_SHOWN:]),
            practice=gap,
            check=said["check"],
            counts_before=said["counts_before"],
        )
