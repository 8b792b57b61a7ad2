"""Plans, their weeks and items."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from lantern.domain.plans.types import Draft, DraftState, ReviewState
from lantern.domain.privacy.types import DataClass, Privacy
from lantern.engine.spread import MOST_SHARES, is_spread
from lantern.kernel.sealing import SealedJson, SealedText
from lantern.kernel.tenancy import TenantModel


class Plan(TenantModel):
    """The plan of one educator. `version` grows with each change, so that two windows cannot overwrite each other."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PRIVATE, owner="person", kind="plan")

    person = models.OneToOneField("lantern.Person", on_delete=models.CASCADE, related_name="+")
    begins_on = models.DateField()
    weeks = models.PositiveSmallIntegerField(default=8)
    version = models.PositiveIntegerField(default=1)
    left_version = models.PositiveIntegerField(default=0)  # new weeks for this version were left aside
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
    here. `spread` are its minutes by consecutive weeks from `monday` on; empty: all in that week. What is `pinned`
    stays where she put it, whatever the planner proposes.
    """

    privacy: ClassVar[Privacy] = Privacy(DataClass.PRIVATE, owner="plan__person", kind="plan", item="plan_id")

    plan = models.ForeignKey("lantern.Plan", on_delete=models.CASCADE, related_name="items")
    activity = models.OneToOneField("lantern.Activity", on_delete=models.CASCADE, related_name="plan_item")
    goal = models.ForeignKey("lantern.Goal", null=True, on_delete=models.SET_NULL, related_name="+")
    monday = models.DateField(null=True)
    position = models.PositiveSmallIntegerField(default=0)
    reason = SealedText(max_length=200, blank=True, owner="plan__person")
    spread = models.JSONField(default=list)
    pinned = models.BooleanField(default=False)
    added_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["plan", "monday", "position"], name="plan_item_order"),)

    def __str__(self) -> str:
        return "item of a plan"

    def clean(self) -> None:
        """Refuse a spread that is none, and a week that is none: whoever adds up weeks would stumble over it."""
        if self.monday is not None and self.monday.weekday():
            raise ValidationError("its week begins on no Monday")
        if not is_spread(self.spread):
            raise ValidationError(f"its minutes by week are none, or more than {MOST_SHARES} weeks")


class PlanDraft(TenantModel):
    """A plan that was worked out for one educator and is not hers until she takes it. `asked` is what she asked for,
    `found` what came of it, `other` a second one to compare it with ("what if"); all as plain data.
    """

    privacy: ClassVar[Privacy] = Privacy(DataClass.PRIVATE, owner="person")

    person = models.OneToOneField("lantern.Person", on_delete=models.CASCADE, related_name="+")
    asked = SealedJson(default=dict)
    found = SealedJson(default=dict)
    other = SealedJson(default=dict)
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in DraftState], default=DraftState.FIRST.value
    )
    plan_version = models.PositiveIntegerField(default=0)
    number = models.PositiveIntegerField(default=1)  # counts the drafts she asked for: a late job knows its own
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return "draft of a plan"

    def clean(self) -> None:
        """Refuse anything that is no object."""
        if not all(isinstance(kept, dict) for kept in (self.asked, self.found, self.other)):
            raise ValidationError("it holds no plan")
        if Draft.unpacked(self.found) is None:
            raise ValidationError("it holds no plan that can be read")


class Review(TenantModel):
    """She came back to something she had finished (`step` 1 for the first time), or wants to be asked no more."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PRIVATE, owner="person")

    person = models.ForeignKey("lantern.Person", on_delete=models.CASCADE, related_name="+")
    activity = models.ForeignKey("lantern.Activity", on_delete=models.CASCADE, related_name="+")
    step = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in ReviewState])
    on = models.DateField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["activity", "step"], name="review_once"),)
        indexes = (models.Index(fields=["person", "activity"], name="review_of"),)

    def __str__(self) -> str:
        return "review"
