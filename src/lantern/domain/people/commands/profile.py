"""What an educator says about herself: only she changes it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from typing import Any

from django.db import transaction

from lantern.domain.people.events import ProfileChanged, StartFinished
from lantern.domain.people.models import Person, Profile
from lantern.domain.people.types import MOST_YEARS, JobKind, Motive, grades_to_mask
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid, NotAllowed
from lantern.kernel.events import publish

LISTS = ("interests", "strengths", "valued", "liked_kinds", "motivations", "factors_off")
MOST_MINUTES = 2400
MAIL_DIGESTS = ("none", "daily", "weekly")


def save_profile(actor: Actor, **fields: Any) -> Profile:
    """Keep what the actor says about herself: any of minutes_per_week, the lists, draws_most, sliders, the quiet
    hours, mail_digest.

    Raises NotAllowed for the system, Invalid field by field.
    """
    with transaction.atomic():
        profile = _mine(actor)
        changed = _apply(profile, fields)
        if changed:
            profile.save()
            publish(actor, ProfileChanged(profile.person_id))
    return profile


def finish_start(
    actor: Actor,
    *,
    job_kind: str | None = None,
    grades: Sequence[str] | None = None,
    subjects: Sequence[str] | None = None,
    years_experience: int | None = None,
    **said: Any,
) -> Profile:
    """Keep what the two-minute start asked, and note that it is over; nothing in it is obligatory.

    Job, grades, subjects and years that differ from what the roster said are kept as her own from then on. `said` are
    fields of the profile (minutes_per_week, interests, liked_kinds, strengths …). Raises NotAllowed, Invalid.
    """
    with transaction.atomic():
        profile = _mine(actor)
        _apply(profile, {name: value for name, value in said.items() if value is not None})
        profile.started_at = profile.started_at or clock.now()
        profile.save()
        _own_facts(profile, job_kind, grades, subjects, years_experience)
        publish(actor, StartFinished(profile.person_id))
    return profile


def _own_facts(
    profile: Profile,
    job_kind: str | None,
    grades: Sequence[str] | None,
    subjects: Sequence[str] | None,
    years: int | None,
) -> None:
    person = Person.objects.select_for_update().get(pk=profile.person_id)
    facts: dict[str, Any] = {}
    if job_kind is not None:
        if job_kind not in {kind.value for kind in JobKind}:
            raise Invalid({"job_kind": "Choose one of the jobs."})
        facts["job_kind"] = str(job_kind)
    if grades is not None:
        try:
            facts["grades_mask"] = grades_to_mask(grades)
        except ValueError:
            raise Invalid({"grades": "Choose from the grades shown."}) from None
    if subjects is not None:
        facts["subjects"] = _words("subjects", subjects)
    if years is not None:
        if not 0 <= years <= MOST_YEARS:
            raise Invalid({"years_experience": f"Years are between 0 and {MOST_YEARS}."})
        facts["years_experience"] = years
    changed = {name: value for name, value in facts.items() if getattr(person, name) != value}
    if changed:
        for name, value in changed.items():
            setattr(person, name, value)
        person.own_facts = True
        person.save(update_fields=[*changed, "own_facts"])


def _mine(actor: Actor) -> Profile:
    if actor.person_id is None:
        raise NotAllowed("The system has no profile.")
    profile, _ = Profile.objects.select_for_update().get_or_create(
        person_id=actor.person_id, defaults={"tenant_id": actor.tenancy.own}
    )
    return profile


def _apply(profile: Profile, fields: dict[str, Any]) -> bool:
    """Set the fields that are valid; return whether anything differs. Raises Invalid, TypeError for a field that is
    none.
    """
    problems: dict[str, str] = {}
    settled: dict[str, Any] = {}
    for name, value in fields.items():
        try:
            settled[name] = _settled(name, value)
        except Invalid as problem:
            problems |= problem.fields
    if problems:
        raise Invalid(problems)
    differs = any(getattr(profile, name) != value for name, value in settled.items())
    for name, value in settled.items():
        setattr(profile, name, value)
    return differs


def _settled(name: str, value: Any) -> Any:
    if name in {"motivations", "draws_most"}:
        return _motives(name, value)
    if name in LISTS:
        return _words(name, value)
    if name == "sliders":
        if not all(type(part) is str and type(weight) is float and 0 <= weight <= 2 for part, weight in value.items()):
            raise Invalid({name: "A part counts between 0 and 2 times as usual."})
        return dict(value)
    if name == "minutes_per_week":
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_MINUTES:
            raise Invalid({name: f"Minutes are between 0 and {MOST_MINUTES}."})
        return value
    if name in {"quiet_from", "quiet_until"}:
        if value is not None and not isinstance(value, time):
            raise Invalid({name: "Please give a time of day."})
        return value
    if name == "mail_digest":
        if value not in MAIL_DIGESTS:
            raise Invalid({name: "Choose how often."})
        return value
    raise TypeError(f"The profile has no field {name}")


def _motives(name: str, value: Any) -> Any:
    words = [value] * bool(value) if name == "draws_most" else _words(name, value)
    if any(word not in set(Motive) for word in words):
        raise Invalid({name: "Choose from the list."})
    return value if name == "draws_most" else [str(word) for word in words]


def _words(name: str, value: Sequence[str]) -> list[str]:
    words = list(dict.fromkeys(" ".join(str(word).split()) for word in value if str(word).strip()))
    if len(words) > 50:
        raise Invalid({name: "Please choose at most 50."})
    if any(len(word) > 120 for word in words):
        raise Invalid({name: "Please use at most 120 characters for each."})
    return words
