"""Items of a bank, and one educator's checks with her answers."""

from typing import ClassVar

from django.db import models

from lantern.domain.assessments.types import Calibrated, ItemStatus
from lantern.domain.privacy.types import DataClass, Privacy
from lantern.kernel.tenancy import TenantModel


class AssessmentItem(TenantModel):
    """A question on a competency, with its key and its calibration (QTI assessment item). Of no person; only those who
    manage the catalog see its key, everybody else meets it in a check.

    `options` are [{"text", "why"}], `right` is the place of the right one. `author_difficulty` and
    `author_discrimination` are the numbers before any answer, which every calibration begins from and no calibration
    changes; `difficulty` and `discrimination` are those a check reckons with. `answers` is how many people the numbers
    rest on, in tens; `seen` the share of checks that asked it; `flags` what the last calibration noticed.
    """

    privacy: ClassVar[Privacy] = Privacy(DataClass.PUBLIC)
    inherited: ClassVar[bool] = True

    competency = models.ForeignKey("lantern.Competency", on_delete=models.PROTECT, related_name="+")
    external_id = models.CharField(max_length=120)
    question = models.TextField()
    options = models.JSONField()
    right = models.PositiveSmallIntegerField()
    level = models.PositiveSmallIntegerField()
    area = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=35, default="en")
    status = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in ItemStatus], default=ItemStatus.DRAFT.value
    )
    retired_because = models.CharField(max_length=200, blank=True)
    author_difficulty = models.FloatField()
    author_discrimination = models.FloatField(default=1.0)
    difficulty = models.FloatField()
    discrimination = models.FloatField(default=1.0)
    guessing = models.FloatField(default=0.0)
    calibrated = models.CharField(
        max_length=10, choices=[(c.value, c.value) for c in Calibrated], default=Calibrated.AUTHOR.value
    )
    calibrated_at = models.DateTimeField(null=True)
    answers = models.PositiveIntegerField(default=0)
    seen = models.FloatField(default=0.0)
    verdict = models.CharField(max_length=10, blank=True)
    flags = models.JSONField(default=list)
    worded_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["tenant", "external_id"], name="item_once"),
            models.CheckConstraint(condition=models.Q(level__gte=1, level__lte=4), name="item_level"),
            models.CheckConstraint(condition=models.Q(difficulty__gte=-4, difficulty__lte=4), name="item_difficulty"),
            models.CheckConstraint(condition=models.Q(discrimination__gt=0), name="item_discrimination"),
            models.CheckConstraint(
                condition=models.Q(
                    author_difficulty__gte=-4, author_difficulty__lte=4, author_discrimination__gt=0
                ),
                name="item_author",
            ),
            models.CheckConstraint(condition=models.Q(guessing__gte=0, guessing__lte=0.5), name="item_guessing"),
        )
        indexes = (models.Index(fields=["competency", "status"], name="item_bank"),)

    def __str__(self) -> str:
        return self.external_id


class Check(TenantModel):
    """One educator's way through the bank of a competency. What it says is computed from the answers, never stored as
    a number; `contributes` is her word that her answers may help to calibrate the items, without her name.
    """

    privacy: ClassVar[Privacy] = Privacy(DataClass.PRIVATE, owner="person")

    person = models.ForeignKey("lantern.Person", on_delete=models.CASCADE, related_name="+")
    competency = models.ForeignKey("lantern.Competency", on_delete=models.CASCADE, related_name="+")
    seed = models.PositiveIntegerField()
    contributes = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["person", "competency"], condition=models.Q(finished_at__isnull=True), name="check_one_open"
            ),
        )
        indexes = (models.Index(fields=["person", "competency", "-started_at"], name="check_newest"),)

    def __str__(self) -> str:
        return "check"


class CheckAnswer(TenantModel):
    """One answer within a check, in the order of asking; `chosen` is the place of the option."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PRIVATE, owner="check_taken__person")

    check_taken = models.ForeignKey("lantern.Check", on_delete=models.CASCADE, related_name="answers")
    item = models.ForeignKey("lantern.AssessmentItem", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    chosen = models.PositiveSmallIntegerField()
    right = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["check_taken", "item"], name="answer_once_an_item"),
            models.UniqueConstraint(fields=["check_taken", "position"], name="answer_once_a_place"),
        )

    def __str__(self) -> str:
        return "answer"
