"""Frameworks, competencies, associations, levels and whose framework it is."""

from typing import ClassVar

from django.db import models

from lantern.domain.people.types import JobKind
from lantern.domain.privacy.types import DataClass, Privacy
from lantern.kernel.tenancy import TenantModel


class Framework(TenantModel):
    """One version of a competency framework, as it was published (CASE CFDocument)."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PUBLIC)
    inherited: ClassVar[bool] = True

    identifier = models.CharField(max_length=64)
    uri = models.CharField(max_length=500, blank=True)
    title = models.CharField(max_length=300)
    creator = models.CharField(max_length=300, blank=True)
    publisher = models.CharField(max_length=300, blank=True)
    version = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=12, default="en")
    adoption_status = models.CharField(max_length=40, blank=True)
    licence_title = models.CharField(max_length=200, blank=True)
    licence_uri = models.CharField(max_length=500, blank=True)
    source_url = models.CharField(max_length=500, blank=True)
    notes = models.TextField(blank=True)
    levels = models.JSONField(default=list)
    extra = models.JSONField(default=dict)
    content_hash = models.CharField(max_length=64, blank=True)
    imported_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["tenant", "identifier", "version"], name="framework_once"),)

    def __str__(self) -> str:
        return f"{self.title} {self.version}".strip()


class Competency(TenantModel):
    """One item of a framework (CASE CFItem), with its place in the tree worked out at import.

    `parent` is its first parent, `position` its place in a depth-first walk, `depth` 0 at the top; `selectable` marks
    the level of the tree that people choose from for needs and goals, and that resources are mapped to (the rule is in
    `engine/framework_tree.py`). One that vanished from its framework gets `ended_on` and stays: needs refer to it.
    """

    privacy: ClassVar[Privacy] = Privacy(DataClass.PUBLIC)
    inherited: ClassVar[bool] = True

    framework = models.ForeignKey("lantern.Framework", on_delete=models.CASCADE, related_name="competencies")
    parent = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="children")
    identifier = models.CharField(max_length=64)
    uri = models.CharField(max_length=500, blank=True)
    code = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=200)
    statement = models.TextField()
    item_type = models.CharField(max_length=80, blank=True)
    position = models.PositiveIntegerField(default=0)
    depth = models.PositiveSmallIntegerField(default=0)
    selectable = models.BooleanField(default=False)
    ended_on = models.DateField(null=True)
    extra = models.JSONField(default=dict)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["framework", "identifier"], name="competency_once"),)
        indexes = (models.Index(fields=["framework", "position"], name="competency_order"),)

    def __str__(self) -> str:
        return self.name

    @property
    def level_statements(self) -> dict[int, str]:
        """Return what each level looks like in practice, lowest first, as far as the framework says."""
        said = self.extra.get("levels")
        if not isinstance(said, dict):
            return {}
        return {int(level): str(said[level]) for level in sorted(said) if level in {"1", "2", "3", "4"} and said[level]}


class Association(TenantModel):
    """A CASE association; either end may lie in a framework that is not here (then only its identifier is known)."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PUBLIC)
    inherited: ClassVar[bool] = True

    framework = models.ForeignKey("lantern.Framework", on_delete=models.CASCADE, related_name="associations")
    identifier = models.CharField(max_length=64)
    kind = models.CharField(max_length=40)
    origin = models.CharField(max_length=300)
    destination = models.CharField(max_length=300)
    destination_title = models.CharField(max_length=300, blank=True)
    sequence = models.IntegerField(null=True)
    extra = models.JSONField(default=dict)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["framework", "identifier"], name="association_once"),)
        indexes = (models.Index(fields=["kind", "destination"], name="association_destination"),)

    def __str__(self) -> str:
        return f"{self.kind} association"


class JobFramework(TenantModel):
    """Which framework a kind of job uses in a tenant (C.5); the nearest tenant that says so wins."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PUBLIC)
    inherited: ClassVar[bool] = True

    job_kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in JobKind])
    framework = models.ForeignKey("lantern.Framework", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["tenant", "job_kind"], name="job_framework_once"),)

    def __str__(self) -> str:
        return f"framework of {self.job_kind}"
