"""Activities."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.utils import timezone

from lantern.domain.catalog.types import Kind
from lantern.domain.courses.types import ActivityState
from lantern.domain.privacy.types import DataClass, Privacy
from lantern.kernel.sealing import SealedText
from lantern.kernel.tenancy import TenantModel


class Activity(TenantModel):
    """Something one educator learns from. `resource` is empty for what came from outside; title, kind and minutes are
    always here. `from_before` is what she brought in of earlier years: hers to build on, never credited here.
    """

    privacy: ClassVar[Privacy] = Privacy(DataClass.PRIVATE, owner="person")

    person = models.ForeignKey("lantern.Person", on_delete=models.CASCADE, related_name="+")
    resource = models.ForeignKey("lantern.Resource", null=True, on_delete=models.SET_NULL, related_name="+")
    title = SealedText(max_length=300)
    kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in Kind])
    provider = SealedText(max_length=160, blank=True)
    url = SealedText(max_length=500, blank=True)
    minutes = models.PositiveIntegerField(default=0)
    competency = models.ForeignKey("lantern.Competency", null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in ActivityState], default=ActivityState.PLANNED.value
    )
    percent = models.PositiveSmallIntegerField(default=0)
    minutes_spent = models.PositiveIntegerField(default=0)
    happened_on = models.DateField(null=True)
    from_before = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["person", "resource"],
                condition=models.Q(resource__isnull=False, from_before=False) & ~models.Q(state="set_aside"),
                name="activity_once_a_resource",
            ),
            models.CheckConstraint(condition=models.Q(percent__lte=100), name="activity_percent"),
        )
        indexes = (models.Index(fields=["person", "state", "-updated_at"], name="activity_under_way"),)

    def __str__(self) -> str:
        return "activity"

    @property
    def is_outside(self) -> bool:
        """Tell whether it came from anywhere but the catalog."""
        return self.resource_id is None

    @property
    def is_finished(self) -> bool:
        """Tell whether it is done."""
        return self.state == ActivityState.FINISHED

    @property
    def learned_on(self) -> date | None:
        """Return the day it happened, or was finished; None while it is not done."""
        if self.happened_on is not None:
            return self.happened_on
        return timezone.localdate(self.finished_at) if self.finished_at is not None else None

    @property
    def minutes_counted(self) -> int:
        """Return the minutes to reckon with: those spent once it is done, before that at least those it takes."""
        return (self.minutes_spent or self.minutes) if self.is_finished else max(self.minutes, self.minutes_spent)

    @property
    def minutes_left(self) -> int:
        """Return about how many minutes are still to come."""
        return self.minutes * (100 - self.percent) // 100
