"""Resources, the taxonomy, what resources lead to, and what an educator kept for later."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from lantern.domain.catalog.types import EvidenceTier, Kind, Modality, Scheme, Status
from lantern.domain.people.types import mask_to_grades
from lantern.domain.privacy.types import DataClass, Privacy
from lantern.engine.untrusted import is_words
from lantern.kernel.sealing import Mark, SealedJson, SealedText
from lantern.kernel.tenancy import TenantModel


class Term(TenantModel):
    """One word of the taxonomy. Items and filters hold its id, so a new label is followed everywhere (P5.2)."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PUBLIC)
    inherited: ClassVar[bool] = True

    scheme = models.CharField(max_length=10, choices=[(s.value, s.value) for s in Scheme])
    code = models.SlugField(max_length=60)
    label = models.CharField(max_length=80)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["tenant", "scheme", "code"], name="term_once"),)

    def __str__(self) -> str:
        return self.label


class Resource(TenantModel):
    """One thing to learn from."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PUBLIC)
    inherited: ClassVar[bool] = True

    source = models.CharField(max_length=300, blank=True)
    external_id = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in Kind])
    modality = models.CharField(max_length=20, choices=[(m.value, m.value) for m in Modality])
    title = models.CharField(max_length=300)
    summary = models.CharField(max_length=500, blank=True)
    description = models.TextField(blank=True)
    url = models.URLField(max_length=2000, blank=True)
    minutes = models.PositiveIntegerField(null=True)
    level = models.PositiveSmallIntegerField(null=True)
    grades_mask = models.PositiveIntegerField(default=0)
    terms = models.ManyToManyField("lantern.Term", through="lantern.ResourceTerm", related_name="resources")
    language = models.CharField(max_length=35, default="en")
    cost_cents = models.PositiveIntegerField(null=True)
    currency = models.CharField(max_length=3, default="USD", blank=True)
    provider = models.CharField(max_length=200, blank=True)
    access_features = models.JSONField(default=list)
    initiative = models.ForeignKey("lantern.Initiative", null=True, on_delete=models.SET_NULL, related_name="+")
    credit_type = models.CharField(max_length=40, blank=True)
    credit_minutes = models.PositiveIntegerField(null=True)
    evidence_tier = models.CharField(
        max_length=10, blank=True, choices=[(tier.value, tier.value) for tier in EvidenceTier]
    )
    licence = models.CharField(max_length=300, blank=True)
    attribution = models.CharField(max_length=1000, blank=True)
    published_on = models.DateField(null=True)
    status = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in Status], default=Status.PUBLISHED.value
    )
    content_hash = models.CharField(max_length=64, blank=True)
    revision = models.PositiveBigIntegerField(default=0)  # the catalog's count of changes when this row last changed
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["tenant", "source", "external_id"],
                condition=~models.Q(external_id=""),
                name="resource_sourced_once",
            ),
            models.CheckConstraint(
                condition=models.Q(level__isnull=True) | models.Q(level__range=(1, 4)), name="resource_level"
            ),
        )
        indexes = (
            models.Index(fields=["tenant", "status", "-updated_at"], name="resource_changed"),
            models.Index(fields=["tenant", "kind"], name="resource_kind"),
            models.Index(fields=["tenant", "revision"], name="resource_revision"),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def grades(self) -> tuple[str, ...]:
        """Return the grades it is for, in order; empty means any."""
        return mask_to_grades(self.grades_mask)


class ResourceTerm(TenantModel):
    """A resource is about a term."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PUBLIC)
    inherited: ClassVar[bool] = True

    resource = models.ForeignKey("lantern.Resource", on_delete=models.CASCADE, related_name="resource_terms")
    term = models.ForeignKey("lantern.Term", on_delete=models.PROTECT, related_name="resource_terms")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["resource", "term"], name="resource_term_once"),)

    def __str__(self) -> str:
        return "term of a resource"


class ResourceCompetency(TenantModel):
    """A resource leads to a level of a competency (1 to 4, or None where its source says only "about it"); `guessed`
    where nobody said so and its words were judged.
    """

    privacy: ClassVar[Privacy] = Privacy(DataClass.PUBLIC)
    inherited: ClassVar[bool] = True

    resource = models.ForeignKey("lantern.Resource", on_delete=models.CASCADE, related_name="competency_links")
    competency = models.ForeignKey("lantern.Competency", on_delete=models.CASCADE, related_name="resource_links")
    level = models.PositiveSmallIntegerField(null=True)
    guessed = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["resource", "competency"], name="resource_competency_once"),)
        indexes = (models.Index(fields=["competency", "level"], name="competency_resources"),)

    def __str__(self) -> str:
        return "competency of a resource"


class ResourcePrerequisite(TenantModel):
    """A resource builds on another."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PUBLIC)
    inherited: ClassVar[bool] = True

    resource = models.ForeignKey("lantern.Resource", on_delete=models.CASCADE, related_name="prerequisite_links")
    requires = models.ForeignKey("lantern.Resource", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["resource", "requires"], name="prerequisite_once"),)

    def __str__(self) -> str:
        return "prerequisite"


class SavedResource(TenantModel):
    """An educator kept a resource for later."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PRIVATE, owner="person")

    person = models.ForeignKey("lantern.Person", on_delete=models.CASCADE, related_name="+")
    resource = models.ForeignKey("lantern.Resource", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "resource"], name="saved_once"),)

    def __str__(self) -> str:
        return "saved resource"


class SavedSearch(TenantModel):
    """A search kept under a name. Its filters hold ids, never labels."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PRIVATE, owner="person")

    person = models.ForeignKey("lantern.Person", on_delete=models.CASCADE, related_name="+")
    name = SealedText(max_length=80)
    name_mark = Mark(of="name")
    filters = SealedJson(default=dict)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "name_mark"], name="saved_search_once"),)

    def __str__(self) -> str:
        return "saved search"

    def clean(self) -> None:
        """Refuse filters that are none."""
        kept = self.filters
        if not isinstance(kept, dict) or not all(isinstance(one, str) or is_words(one) for one in kept.values()):
            raise ValidationError("its filters are no words")


class SearchGeneration(TenantModel):
    """How often the catalog of a tenant changed, and which build of its search index is current (one row a tenant).

    `changes` is counted up, and its row locked, first of all in each change, so that revisions come in the order of
    commits.
    `built_from` is {tenant id: its `changes` when the build read it}, for the tenant and those above.
    """

    privacy: ClassVar[Privacy] = Privacy(DataClass.PUBLIC)
    inherited: ClassVar[bool] = True

    generation = models.CharField(max_length=40, blank=True)
    built_at = models.DateTimeField(null=True)
    built_from = models.JSONField(default=dict)
    changes = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["tenant"], name="search_generation_once"),)

    def __str__(self) -> str:
        return f"generation {self.generation}"
