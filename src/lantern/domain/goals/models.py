"""Goals and the measures taken on the way."""

from typing import ClassVar

from django.db import models

from lantern.domain.goals.types import GoalState
from lantern.domain.privacy.types import DataClass, Privacy
from lantern.kernel.sealing import SealedText
from lantern.kernel.tenancy import TenantModel


class Goal(TenantModel):
    """One goal of one educator."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PRIVATE, owner="person", kind="goal")

    person = models.ForeignKey("lantern.Person", on_delete=models.CASCADE, related_name="+")
    title = SealedText(max_length=200)
    why = SealedText(blank=True)
    competency = models.ForeignKey("lantern.Competency", null=True, on_delete=models.SET_NULL, related_name="+")
    target_level = models.PositiveSmallIntegerField(null=True)
    measure = SealedText(max_length=200)
    baseline = SealedText(max_length=120)
    target = SealedText(max_length=120)
    due_on = models.DateField()
    initiative = models.ForeignKey("lantern.Initiative", null=True, on_delete=models.SET_NULL, related_name="+")
    linked_on = models.DateField(null=True)
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in GoalState], default=GoalState.OPEN.value
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=~models.Q(measure=""), name="goal_has_a_measure"),)
        indexes = (models.Index(fields=["person", "state", "due_on"], name="goal_open"),)

    def __str__(self) -> str:
        return "goal"


class GoalCheck(TenantModel):
    """A look at the measure on a day, in the educator's own words or figures."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PRIVATE, owner="goal__person", kind="goal", item="goal_id")

    goal = models.ForeignKey("lantern.Goal", on_delete=models.CASCADE, related_name="checks")
    on = models.DateField()
    value = SealedText(max_length=120, owner="goal__person")
    note = SealedText(blank=True, owner="goal__person")
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["goal", "-on"], name="goal_check_newest"),)

    def __str__(self) -> str:
        return "goal check"
