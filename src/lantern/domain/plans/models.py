"""Plans, their weeks and items."""

from typing import ClassVar

from django.db import models

from lantern.domain.privacy.types import DataClass, Privacy
from lantern.kernel.sealing import SealedText
from lantern.kernel.tenancy import TenantModel


class Plan(TenantModel):
    """The plan of one educator. `version` grows with each change, so that two windows cannot overwrite each other."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PRIVATE, owner="person", kind="plan")

    person = models.OneToOneField("lantern.Person", on_delete=models.CASCADE, related_name="+")
    begins_on = models.DateField()
    weeks = models.PositiveSmallIntegerField(default=8)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return "plan"


class PlanWeek(TenantModel):
    """A week whose minutes differ from the usual; none at all in a quiet week."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PRIVATE, owner="plan__person", kind="plan", item="plan_id")

    plan = models.ForeignKey("lantern.Plan", on_delete=models.CASCADE, related_name="own_weeks")
    monday = models.DateField()
    minutes = models.PositiveSmallIntegerField()
    quiet = models.BooleanField(default=False)
    note = SealedText(max_length=80, blank=True, owner="plan__person")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["plan", "monday"], name="plan_week_once"),
            models.CheckConstraint(
                condition=models.Q(quiet=False) | models.Q(minutes=0), name="quiet_week_has_no_minutes"
            ),
        )

    def __str__(self) -> str:
        return "week of a plan"


class PlanItem(TenantModel):
    """An activity in a week (or in no week yet: `monday` empty), in an order, with the goal it serves and why it is
    here.
    """

    privacy: ClassVar[Privacy] = Privacy(DataClass.PRIVATE, owner="plan__person", kind="plan", item="plan_id")

    plan = models.ForeignKey("lantern.Plan", on_delete=models.CASCADE, related_name="items")
    activity = models.OneToOneField("lantern.Activity", on_delete=models.CASCADE, related_name="plan_item")
    goal = models.ForeignKey("lantern.Goal", null=True, on_delete=models.SET_NULL, related_name="+")
    monday = models.DateField(null=True)
    position = models.PositiveSmallIntegerField(default=0)
    reason = SealedText(max_length=200, blank=True, owner="plan__person")
    added_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["plan", "monday", "position"], name="plan_item_order"),)

    def __str__(self) -> str:
        return "item of a plan"
