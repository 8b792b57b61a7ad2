"""Own classes, their standards, results by day, and measures beside goals. There is no table for students."""

from typing import ClassVar

from django.db import models

from lantern.domain.privacy.types import DataClass, Privacy
from lantern.kernel.sealing import SealedText
from lantern.kernel.tenancy import TenantModel


class OwnClass(TenantModel):
    """A class of an educator, under the label she gave it."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PRIVATE, owner="person")

    person = models.ForeignKey("lantern.Person", on_delete=models.CASCADE, related_name="+")
    label = SealedText(max_length=80)
    created_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["person", "-created_at"], name="own_class_newest"),)

    def __str__(self) -> str:
        return "a class"


class ClassStandard(TenantModel):
    """A standard that a class was asked about: its code as it was written, and what she thinks it asks of her.

    `counts` says that she lets it speak for her own level on that competency.
    """

    privacy: ClassVar[Privacy] = Privacy(DataClass.PRIVATE, owner="own_class__person")

    own_class = models.ForeignKey("lantern.OwnClass", on_delete=models.CASCADE, related_name="standards")
    code = SealedText(max_length=120, owner="own_class__person")
    competency = models.ForeignKey("lantern.Competency", null=True, on_delete=models.SET_NULL, related_name="+")
    counts = models.BooleanField(default=False)

    def __str__(self) -> str:
        return "a standard of a class"


class StandardResult(TenantModel):
    """How many answers of a class on a standard were right on a day, of how many; of a score, its part of the most."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PRIVATE, owner="standard__own_class__person")

    standard = models.ForeignKey("lantern.ClassStandard", on_delete=models.CASCADE, related_name="results")
    on = models.DateField()
    right = models.FloatField()
    of = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["standard", "on"], name="standard_result_once_a_day"),
            models.CheckConstraint(
                condition=models.Q(right__gte=0, of__gte=1, right__lte=models.F("of")), name="standard_result_within"
            ),
        )

    def __str__(self) -> str:
        return "a result of a class"


class GoalMeasure(TenantModel):
    """A standard of a class that she follows beside a goal of hers. Sharing the goal does not share it."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PRIVATE, owner="goal__person")

    goal = models.ForeignKey("lantern.Goal", on_delete=models.CASCADE, related_name="+")
    standard = models.ForeignKey("lantern.ClassStandard", on_delete=models.CASCADE, related_name="measures")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["goal", "standard"], name="goal_measure_once"),)

    def __str__(self) -> str:
        return "a measure of a goal"
