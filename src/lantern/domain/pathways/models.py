"""Prepared starts and their steps."""

from typing import ClassVar

from django.db import models

from lantern.domain.pathways.types import PathwayState
from lantern.domain.privacy.types import DataClass, Privacy
from lantern.kernel.tenancy import TenantModel


class Pathway(TenantModel):
    """A prepared start for some kinds of work (none named: for all), from one level to another."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PUBLIC)
    inherited: ClassVar[bool] = True

    title = models.CharField(max_length=160)
    summary = models.CharField(max_length=500, blank=True)
    job_kinds = models.JSONField(default=list)
    level_from = models.PositiveSmallIntegerField(default=0)
    level_to = models.PositiveSmallIntegerField(default=1)
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in PathwayState], default=PathwayState.OFFERED.value
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(level_from__lt=models.F("level_to")) & models.Q(level_to__lte=4),
                name="pathway_levels",
            ),
        )
        indexes = (models.Index(fields=["tenant", "state", "title"], name="pathway_offered"),)

    def __str__(self) -> str:
        return self.title


class PathwayStep(TenantModel):
    """One step of a pathway, in its order."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PUBLIC)
    inherited: ClassVar[bool] = True

    pathway = models.ForeignKey("lantern.Pathway", on_delete=models.CASCADE, related_name="steps")
    resource = models.ForeignKey("lantern.Resource", on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["pathway", "position"], name="pathway_step_place"),
            models.UniqueConstraint(fields=["pathway", "resource"], name="pathway_step_once"),
        )

    def __str__(self) -> str:
        return "step of a pathway"
