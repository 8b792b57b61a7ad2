"""What happened in the ledger of hours."""

from dataclasses import dataclass
from uuid import UUID

from lantern.kernel.events import Event


@dataclass(frozen=True, slots=True)
class CreditAwarded(Event):
    """Hours were written into somebody's ledger."""

    entry_id: UUID
    person_id: UUID
    hundredths: int
    minutes: int


@dataclass(frozen=True, slots=True)
class CreditReversed(Event):
    """Hours were taken back by a new entry; `hundredths` is what was taken, below zero."""

    entry_id: UUID
    person_id: UUID
    hundredths: int


@dataclass(frozen=True, slots=True)
class CreditRuleSet(Event):
    """A version of a rule was added."""

    rule_id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class LicenceSet(Event):
    """An educator said which licence she holds."""

    licence_id: UUID
