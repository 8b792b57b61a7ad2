"""Prepared pathways, their versions and steps; who started one; own pathways."""

from collections.abc import Callable
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from lantern.domain.pathways.types import PathwayState, choices_of, outline_of_json
from lantern.domain.privacy.types import DataClass, Privacy
from lantern.engine.pathway.outline import Malformed
from lantern.kernel.sealing import SealedJson, SealedText
from lantern.kernel.tenancy import TenantModel


class Pathway(TenantModel):
    """A prepared pathway for some kinds of work (none named: for all), from one level to another.

    `version` is the newest that was offered, 0 before the first; `draft` the outline that is being written, if any.
    `external_id` is what a file calls it.
    """

    privacy: ClassVar[Privacy] = Privacy(DataClass.PUBLIC)
    inherited: ClassVar[bool] = True

    source = models.CharField(max_length=300, blank=True)
    external_id = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=160)
    summary = models.CharField(max_length=500, blank=True)
    job_kinds = models.JSONField(default=list)
    level_from = models.PositiveSmallIntegerField(default=0)
    level_to = models.PositiveSmallIntegerField(default=1)
    version = models.PositiveIntegerField(default=0)
    draft = models.JSONField(null=True)
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in PathwayState], default=PathwayState.DRAFT.value
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(level_from__lt=models.F("level_to")) & models.Q(level_to__lte=4),
                name="pathway_levels",
            ),
            models.UniqueConstraint(
                fields=["tenant", "source", "external_id"],
                condition=~models.Q(external_id=""),
                name="pathway_sourced_once",
            ),
        )
        indexes = (models.Index(fields=["tenant", "state", "title"], name="pathway_offered"),)

    def __str__(self) -> str:
        return self.title


class PathwayVersion(TenantModel):
    """The outline of a pathway as it was offered; a version is never changed."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PUBLIC)
    inherited: ClassVar[bool] = True

    pathway = models.ForeignKey("lantern.Pathway", on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    structure = models.JSONField()
    offered_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["pathway", "number"], name="pathway_version_once"),)

    def __str__(self) -> str:
        return f"version {self.number}"


class PathwayStep(TenantModel):
    """One route of one step of a version: what is asked by resource; the order and the rules are in the version."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PUBLIC)
    inherited: ClassVar[bool] = True

    version = models.ForeignKey("lantern.PathwayVersion", on_delete=models.CASCADE, related_name="steps")
    key = models.CharField(max_length=12)
    position = models.PositiveSmallIntegerField()
    route = models.PositiveSmallIntegerField(default=0)
    resource = models.ForeignKey("lantern.Resource", on_delete=models.CASCADE, related_name="+")
    outcome = models.CharField(max_length=200)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["version", "key", "route"], name="pathway_step_route"),)

    def __str__(self) -> str:
        return "step of a pathway"


class PathwayStart(TenantModel):
    """An educator is in a pathway, in the version she started or went over to, with what she chose in it."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PRIVATE, owner="person")

    person = models.ForeignKey("lantern.Person", on_delete=models.CASCADE, related_name="+")
    pathway = models.ForeignKey("lantern.Pathway", on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey("lantern.PathwayVersion", on_delete=models.CASCADE, related_name="+")
    choices = SealedJson(default=dict)
    started_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "pathway"], name="pathway_started_once"),)

    def __str__(self) -> str:
        return "a pathway that was started"

    def clean(self) -> None:
        """Refuse choices that are none, and a version of something else."""
        _refuse_unless(choices_of, self.choices)
        if self.version.pathway_id != self.pathway_id:
            raise ValidationError("its version is of another pathway")


class OwnPathway(TenantModel):
    """A pathway that an educator made for herself, from nothing or as a copy, with what she chose in it."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PRIVATE, owner="person")

    person = models.ForeignKey("lantern.Person", on_delete=models.CASCADE, related_name="+")
    title = SealedText(max_length=160)
    structure = SealedJson(default=dict)
    choices = SealedJson(default=dict)
    copied_from = models.ForeignKey("lantern.Pathway", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["person", "-updated_at"], name="own_pathway_newest"),)

    def __str__(self) -> str:
        return "an own pathway"

    def clean(self) -> None:
        """Refuse an outline or choices that are none."""
        _refuse_unless(outline_of_json, self.structure)
        _refuse_unless(choices_of, self.choices)


def _refuse_unless(reads: Callable[[object], object], kept: object) -> None:
    try:
        reads(kept)
    except Malformed as problem:
        raise ValidationError(f"{problem.where} {problem.reason}") from None
