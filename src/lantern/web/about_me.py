"""What an educator says about herself, as form fields: asked in the two-minute start, and changed under her account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms

from lantern.domain.catalog import queries as catalog
from lantern.domain.catalog.types import KIND_WORDS, Scheme
from lantern.domain.competencies import queries as competencies
from lantern.domain.people import queries as people
from lantern.domain.people.types import GRADES, JOB_WORDS, MOST_YEARS, MOTIVE_WORDS
from lantern.kernel.actor import Actor
from lantern.kernel.ids import ids_among
from lantern.ui.durations import duration

MOST_STRENGTHS = 5
MINUTES = (10, 20, 30, 40, 60, 90, 120)
LEARNABLE = tuple((kind, words) for kind, words in KIND_WORDS.items() if kind != "tool")
_GRADE_WORDS = {"PK": "Pre-K", "K": "Kindergarten"}


@dataclass(frozen=True, slots=True)
class Offered:
    """The choices of each field, and her answers so far."""

    choices: dict[str, list[tuple[Any, str]]]
    answers: dict[str, Any]


def offered(actor: Actor) -> Offered:
    """Return what she may choose from (terms, the competencies of her own framework) and what she said so far."""
    me, profile = people.get_me(actor), people.get_profile(actor)
    subjects = [(term.code, term.label) for term in catalog.list_terms(actor, Scheme.SUBJECT)]
    known = {code for code, _ in subjects}
    subjects += [(word, word.replace("-", " ").capitalize()) for word in me.subjects if word not in known]
    strengths = [(str(row.pk), row.name) for row in competencies.my_competencies(actor)]
    return Offered(
        choices={
            "subjects": list(subjects),
            "interests": [(str(term.pk), term.label) for term in catalog.list_terms(actor, Scheme.TOPIC)],
            "strengths": list(strengths),
            "valued": _titles(actor, profile.valued),
            "minutes_per_week": _minute_choices(profile.minutes_per_week),
        },
        answers={
            "job_kind": me.job_kind,
            "grades": list(me.grades),
            "subjects": me.subjects,
            "years_experience": me.years_experience,
            "minutes_per_week": profile.minutes_per_week,
            "interests": profile.interests,
            "liked_kinds": profile.liked_kinds,
            "motivations": profile.motivations,
            "draws_most": profile.draws_most,
            "valued": profile.valued,
            "strengths": profile.strengths,
            "quiet_from": profile.quiet_from,
            "quiet_until": profile.quiet_until,
            "mail_digest": profile.mail_digest,
        },
    )


def _titles(actor: Actor, valued: list[str]) -> list[tuple[Any, str]]:
    """Return what she valued, by title; what is not in her catalog any more has none."""
    return [(str(row.pk), row.title) for row in catalog.list_resources_by_ids(actor, ids_among(valued))]


def _minute_choices(now: int) -> list[tuple[Any, str]]:
    return [(minutes, duration(minutes)) for minutes in sorted({*MINUTES, now})]


def _chips(label: str, **options: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, widget=forms.CheckboxSelectMultiple, required=False, **options)


class AboutMeForm(forms.Form):
    """A form over some of these fields: it knows the choices and begins with her answers."""

    def __init__(self, data: Any = None, *, offered: Offered, **options: Any) -> None:
        super().__init__(data, initial=offered.answers, **options)
        for name, choices in offered.choices.items():
            if name in self.fields:
                self.fields[name].choices = choices  # type: ignore[attr-defined]  # all four are fields with choices

    @property
    def said(self) -> dict[str, Any]:
        """Return the answers; what was left open is not among them."""
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}


class WorkForm(AboutMeForm):
    """Her work."""

    job_kind = forms.ChoiceField(label="What you do", choices=list(JOB_WORDS.items()), required=False)
    grades = _chips(
        "Grades you work with", choices=[(grade, _GRADE_WORDS.get(grade, f"Grade {grade}")) for grade in GRADES]
    )
    subjects = _chips("Subjects you teach")
    years_experience = forms.IntegerField(
        label="Years in this work", required=False, min_value=0, max_value=MOST_YEARS, help_text="A guess is fine."
    )


class MinutesForm(AboutMeForm):
    """Her time."""

    minutes_per_week = forms.TypedChoiceField(
        label="Minutes a week you would like to give to your own learning",
        help_text="A guess is fine. A single week can be different in your plan.",
        coerce=int,
        required=False,
        empty_value=None,
        widget=forms.RadioSelect,
    )


class LikesForm(AboutMeForm):
    """What draws her, and what she is good at."""

    motivations = _chips(
        "What you learn for",
        choices=list(MOTIVE_WORDS.items()),
        help_text="As many as are true. Nobody else sees it, and suggestions say when they follow it.",
    )
    draws_most = forms.ChoiceField(
        label="And most of all, if one stands out",
        choices=[("", "None more than the others"), *MOTIVE_WORDS.items()],
        required=False,
    )
    interests = _chips("Topics")
    liked_kinds = _chips("Formats you like", choices=LEARNABLE)
    valued = _chips(
        "What you did before and found worth it",
        help_text="Suggestions bring things like it, and leave these out.",
    )
    strengths = _chips(
        "What you are good at",
        help_text="At most five. Suggestions skip the beginnings there, and show what you could lead.",
    )

    @property
    def said(self) -> dict[str, Any]:
        """Return the answers; that none stands out is an answer, and the one that does is among those that are true."""
        most = self.cleaned_data.get("draws_most", "")
        others = self.cleaned_data.get("motivations", [])
        chosen = [motive for motive in MOTIVE_WORDS if motive in others or motive == most]
        return super().said | {"motivations": chosen, "draws_most": most}

    def clean_strengths(self) -> list[str]:
        """Keep at most five."""
        chosen: list[str] = self.cleaned_data["strengths"]
        if len(chosen) > MOST_STRENGTHS:
            raise forms.ValidationError("Please choose at most five, those you would help a colleague with.")
        return chosen
