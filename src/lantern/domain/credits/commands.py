"""What changes the ledger: hours are added, or taken back by a new entry; nothing is ever edited."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction

from lantern.domain.credits import policy, queries
from lantern.domain.credits.events import CreditAwarded, CreditReversed, CreditRuleSet, LicenceSet
from lantern.domain.credits.models import CreditEntry, CreditRule, Licence
from lantern.domain.credits.types import LONGEST_REASON
from lantern.domain.privacy import policy as privacy
from lantern.engine import credit
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lantern.kernel.events import publish
from lantern.kernel.turns import take_turn


@transaction.atomic
def award(
    actor: Actor,
    *,
    person_id: UUID,
    source_kind: str,
    source_id: UUID,
    title: str,
    minutes: int,
    earned_on: date,
    most_minutes: int | None = None,
) -> CreditEntry | None:
    """Write the hours that the rule in force on `earned_on` gives for so many minutes; None when it gives none.

    The same source a second time returns the entry there is. Raises NotAllowed for anyone but Lantern.
    """
    if not policy.can_award(actor):
        raise NotAllowed("Hours are written by Lantern, by the rule.")
    existing = _entry_of(person_id, source_kind, source_id)
    rule = queries.rule_on(actor, earned_on)
    if existing is not None or rule is None:
        return existing
    limit = min(rule.most_minutes, most_minutes or rule.most_minutes)
    hundredths = credit.hours(minutes, credit.CreditRule(rule.minutes_per_hour, rule.step_minutes, limit))
    if hundredths == 0:
        return None
    entry = CreditEntry(
        person_id=person_id,
        rule=rule,
        credit_type=rule.credit_type,
        hundredths=hundredths,
        minutes=minutes,
        title=title[:300],
        source_kind=source_kind,
        source_id=source_id,
        earned_on=earned_on,
        period=credit.school_year(earned_on),
        at=clock.now(),
    )
    try:
        with transaction.atomic():
            entry.save()
    except IntegrityError:  # written at the same moment by another request
        found = _entry_of(person_id, source_kind, source_id)
        if found is None:
            raise
        return found
    publish(actor, CreditAwarded(entry.pk, person_id, hundredths, minutes))
    return entry


def _entry_of(person_id: UUID, source_kind: str, source_id: UUID) -> CreditEntry | None:
    rows = CreditEntry.objects.filter(person_id=person_id, source_kind=source_kind, source_id=source_id)
    return rows.filter(reverses__isnull=True).first()


@transaction.atomic
def reverse(actor: Actor, *, entry_id: UUID, reason: str) -> CreditEntry:
    """Take an entry's hours back by a new, negative entry with a reason; both stay to be seen.

    Raises NotAllowed, NotFound, Invalid without a reason, Conflict when it was taken back already.
    """
    if not policy.can_reverse(actor):
        raise NotAllowed("Only a coordinator of the district can take hours back.")
    entry = CreditEntry.objects.filter(pk=entry_id).first()
    if entry is None:
        raise NotFound("There is no such entry.")
    reason = " ".join(reason.split())
    if not 1 <= len(reason) <= LONGEST_REASON:
        raise Invalid({"reason": f"Give the reason, in at most {LONGEST_REASON} characters."})
    if entry.is_reversal:
        raise Conflict("This entry takes hours back. It cannot be taken back itself.")
    taken = CreditEntry(
        person_id=entry.person_id,
        rule_id=entry.rule_id,
        credit_type=entry.credit_type,
        hundredths=-entry.hundredths,
        minutes=entry.minutes,
        title=entry.title,
        source_kind=entry.source_kind,
        source_id=entry.source_id,
        earned_on=entry.earned_on,
        period=entry.period,
        reverses=entry,
        reason=reason,
        at=clock.now(),
    )
    try:
        with transaction.atomic():
            taken.save()
    except IntegrityError:
        raise Conflict("These hours were taken back already.") from None
    publish(actor, CreditReversed(taken.pk, entry.person_id, taken.hundredths))
    return taken


@transaction.atomic
def set_rule(
    actor: Actor,
    *,
    name: str,
    credit_type: str,
    effective_from: date,
    minutes_per_hour: int = 60,
    step_minutes: int = 15,
    most_minutes: int = 2400,
    outside_needs_evidence: bool = True,
) -> CreditRule:
    """Add a version of the tenant's rule that holds from a day on; earlier versions stay as they are.

    The first version may begin on any day; a later one begins today or later, and after the one before it.
    Raises NotAllowed, Invalid.
    """
    if not policy.can_set_rule(actor):
        raise NotAllowed("Only a coordinator or an operator of the district can set rules.")
    name, credit_type = " ".join(name.split()), " ".join(credit_type.split())
    take_turn("credit rules", actor.tenancy.own)
    own = CreditRule.objects.filter(tenant_id=actor.tenancy.own)
    newest = own.order_by("-effective_from", "-version").first()
    wrong = _wrong_rule(name, credit_type, minutes_per_hour, step_minutes, most_minutes)
    if newest is not None and effective_from <= newest.effective_from:
        wrong["effective_from"] = f"Choose a day after {newest.effective_from:%d %B %Y}, when the last version began."
    elif newest is not None and effective_from < clock.today():
        wrong["effective_from"] = "Choose today or a day to come. A rule does not reach back."
    if wrong:
        raise Invalid(wrong)
    rule = CreditRule(
        name=name,
        version=1 + max((row.version for row in own.filter(name=name)), default=0),
        credit_type=credit_type,
        effective_from=effective_from,
        minutes_per_hour=minutes_per_hour,
        step_minutes=step_minutes,
        most_minutes=most_minutes,
        outside_needs_evidence=outside_needs_evidence,
    )
    rule.save()
    publish(actor, CreditRuleSet(rule.pk, rule.version))
    return rule


def _wrong_rule(
    name: str, credit_type: str, minutes_per_hour: int, step_minutes: int, most_minutes: int
) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not 1 <= len(name) <= 120:
        wrong["name"] = "Give the rule a name of at most 120 characters."
    if not 1 <= len(credit_type) <= 40:
        wrong["credit_type"] = "Say what the hours are called, in at most 40 characters."
    if not 1 <= minutes_per_hour <= 600:
        wrong["minutes_per_hour"] = "Choose a number from 1 to 600."
    if not 1 <= step_minutes <= 600:
        wrong["step_minutes"] = "Choose a number from 1 to 600."
    if not 1 <= most_minutes <= 60_000:
        wrong["most_minutes"] = "Choose a number from 1 to 60,000."
    elif "step_minutes" not in wrong and most_minutes < step_minutes:
        wrong["most_minutes"] = "This is less than one step, so nothing would ever count."
    return wrong


@transaction.atomic
def set_licence(
    actor: Actor, *, name: str, credit_type: str, hours_needed: int, counts_from: date, renews_on: date
) -> Licence:
    """Say which licence one holds and what it asks for; saying it again replaces it. Raises Invalid."""
    me = privacy.acting_person(actor)
    take_turn("licence", me)
    name, credit_type = " ".join(name.split()), " ".join(credit_type.split())
    wrong: dict[str, str] = {}
    if not 1 <= len(name) <= 120:
        wrong["name"] = "Give the licence a name of at most 120 characters."
    if not 1 <= len(credit_type) <= 40:
        wrong["credit_type"] = "Choose which hours it asks for."
    if not 1 <= hours_needed <= 2000:
        wrong["hours_needed"] = "Choose a number from 1 to 2,000."
    if renews_on <= counts_from:
        wrong["renews_on"] = "The renewal comes after the first day that counts."
    elif (renews_on - counts_from).days > 366 * 20:
        wrong["renews_on"] = "These days are more than twenty years apart. Please check the years."
    if wrong:
        raise Invalid(wrong)
    licence = Licence.objects.select_for_update().filter(policy.visible(actor)).order_by("-renews_on").first()
    licence = licence or Licence(person_id=me)
    said = {
        "name": name,
        "credit_type": credit_type,
        "hours_needed": hours_needed,
        "counts_from": counts_from,
        "renews_on": renews_on,
    }
    if all(getattr(licence, field) == value for field, value in said.items()):
        return licence
    for field, value in said.items():
        setattr(licence, field, value)
    licence.save()
    publish(actor, LicenceSet(licence.pk))
    return licence


@transaction.atomic
def erase(actor: Actor, person_id: UUID) -> dict[str, int]:
    """Delete a person's licence; her ledger stays, as an official record. Return the counts. Raises NotFound."""
    privacy.allow_erasure(actor, person_id)
    licences = Licence.objects.filter(person_id=person_id)
    counts = {
        "licences deleted": licences.count(),
        "credit entries kept: official record of hours": CreditEntry.objects.filter(person_id=person_id).count(),
    }
    licences.delete()
    return counts
