"""The audit trail: one row for each act that somebody asked for and each refusal. Rows are added and never changed.

A person or an account stands in it as a bare id, without a foreign key: a sealed row cannot be changed when she is
forgotten, and then the id names nobody (decision 0024).
"""

from typing import ClassVar

from django.db import models

from lantern.kernel.ids import IdField
from lantern.kernel.tenancy import TenantModel


class Outcome(models.TextChoices):
    """What came of what was asked."""

    DONE = "done", "Done"
    REPEATED = "repeated", "Done already"
    DENIED = "denied", "Refused"


class SealedRow(models.Model):
    """What every row of a chain says; `seal` covers the row and the seal before it (engine/audit_chain.py)."""

    append_only: ClassVar[bool] = True

    sequence = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    action = models.CharField(max_length=120)
    method = models.CharField(max_length=10)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    status = models.PositiveSmallIntegerField()
    request_id = models.CharField(max_length=36, blank=True)
    seal = models.CharField(max_length=64)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.method} {self.action}: {self.outcome}"


class AuditRecord(SealedRow, TenantModel):
    """One request of a person in a tenant, in that tenant's chain. `private` acts are shown to that person alone."""

    person_id = models.UUIDField(null=True)
    objects_named = models.CharField(max_length=160, blank=True)
    private = models.BooleanField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["tenant", "sequence"], name="audit_dense"),)
        indexes = (
            models.Index(fields=["tenant", "private", "-sequence"], name="audit_official_newest"),
            models.Index(fields=["tenant", "person_id", "-sequence"], name="audit_person_newest"),
        )


# Its first parent knows no tenant and would hide the manager of the second (kernel/tenancy.py).
AuditRecord._meta.base_manager_name = "objects"


class DoorRecord(SealedRow):
    """One request at the door, in the installation's chain: signing in and out, and strangers who were refused.

    `address` is a keyed hash that changes every day; `times` says for how many alike refusals the row stands.
    """

    id = IdField()
    account_id = models.UUIDField(null=True)
    address = models.CharField(max_length=16, blank=True)
    times = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["sequence"], name="door_dense"),)
        indexes = (models.Index(fields=["account_id", "-sequence"], name="door_account_newest"),)


class DoorTally(models.Model):
    """Counts a stranger's alike refusals within an hour, so that a flood of them makes two rows and not a million."""

    id = IdField()
    hour = models.DateTimeField()
    address = models.CharField(max_length=16, blank=True)
    action = models.CharField(max_length=120)
    method = models.CharField(max_length=10)
    status = models.PositiveSmallIntegerField()
    times = models.PositiveIntegerField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["hour", "address", "action", "method", "status"], name="door_tally_once"),
        )

    def __str__(self) -> str:
        return f"{self.times} times {self.method} {self.action} within {self.hour:%Y-%m-%d %H}"
