"""Rules, ledger entries and licences."""

from typing import Any, ClassVar

from django.db import models

from lantern.domain.credits.types import in_hours
from lantern.domain.privacy.types import DataClass, Privacy
from lantern.kernel.tenancy import TenantModel


class CreditRule(TenantModel):
    """A first simple rule: so many minutes are an hour, rounded down to a step, once the reflection is in."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PUBLIC)
    inherited: ClassVar[bool] = True

    name = models.CharField(max_length=120)
    version = models.PositiveSmallIntegerField(default=1)
    credit_type = models.CharField(max_length=40)
    effective_from = models.DateField()
    minutes_per_hour = models.PositiveSmallIntegerField(default=60)
    step_minutes = models.PositiveSmallIntegerField(default=15)
    most_minutes = models.PositiveIntegerField(default=2400)
    outside_needs_evidence = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["tenant", "name", "version"], name="credit_rule_once"),
            models.CheckConstraint(
                condition=models.Q(minutes_per_hour__gt=0, step_minutes__gt=0), name="credit_rule_positive"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name}, version {self.version}"

    @property
    def words(self) -> str:
        """Return the rule in one plain sentence."""
        proof = " Learning from outside needs a file that shows you took part." if self.outside_needs_evidence else ""
        return (
            f"{self.minutes_per_hour} minutes are one hour, counted in steps of {self.step_minutes} minutes, "
            f"up to {self.most_minutes:,} minutes for one activity, once your reflection is in.{proof}"
        )

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save a new version; a version that exists is never changed."""
        if not self._state.adding:
            raise TypeError("A version of a credit rule is never changed: add a new one")
        super().save(*args, **kwargs)


class CreditEntry(TenantModel):
    """One line of the ledger. (person, source) is unique, so that a repeat of its cause is harmless."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.OFFICIAL, owner="person", on_erase="keep: official record of hours")
    append_only: ClassVar[bool] = True

    person = models.ForeignKey("lantern.Person", on_delete=models.PROTECT, related_name="+")
    rule = models.ForeignKey("lantern.CreditRule", on_delete=models.PROTECT, related_name="+")
    credit_type = models.CharField(max_length=40)
    hundredths = models.IntegerField()
    minutes = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    source_kind = models.CharField(max_length=30)
    source_id = models.UUIDField()
    earned_on = models.DateField()
    period = models.CharField(max_length=9)
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["person", "source_kind", "source_id"],
                condition=models.Q(reverses__isnull=True),
                name="credit_once_a_source",
            ),
            models.CheckConstraint(condition=~models.Q(hundredths=0), name="credit_is_not_nothing"),
        )
        indexes = (models.Index(fields=["person", "-earned_on"], name="credit_newest"),)

    def __str__(self) -> str:
        return f"{self.hours} h {self.credit_type}"

    @property
    def hours(self) -> str:
        """Return the hours as text, such as "1.50"."""
        return in_hours(self.hundredths)

    @property
    def is_reversal(self) -> bool:
        """Tell whether this entry takes hours back."""
        return self.reverses_id is not None

    @property
    def is_reversed(self) -> bool:
        """Tell whether another entry took these hours back."""
        return hasattr(self, "reversed_by")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the entry; an entry that exists is never changed."""
        if not self._state.adding:
            raise TypeError("An entry of the ledger is never changed: reverse it")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse: an entry of the ledger is never deleted."""
        raise TypeError("An entry of the ledger is never deleted: reverse it")


class Licence(TenantModel):
    """A licence an educator holds: how many hours of which type by when."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.OFFICIAL, owner="person")

    person = models.ForeignKey("lantern.Person", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    credit_type = models.CharField(max_length=40)
    hours_needed = models.PositiveSmallIntegerField()
    counts_from = models.DateField()
    renews_on = models.DateField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(renews_on__gt=models.F("counts_from")), name="licence_dates"),
        )

    def __str__(self) -> str:
        return self.name
