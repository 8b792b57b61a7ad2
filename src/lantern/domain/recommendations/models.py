"""Suggestions and dismissals."""

from typing import ClassVar

from django.db import models

from lantern.domain.privacy.types import DataClass, Privacy
from lantern.kernel.sealing import SealedJson
from lantern.kernel.tenancy import TenantModel


class Suggestion(TenantModel):
    """One resource on the short list of one educator. `parts` add up to `score`, and hold what the page says."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PRIVATE, owner="person")

    person = models.ForeignKey("lantern.Person", on_delete=models.CASCADE, related_name="+")
    resource = models.ForeignKey("lantern.Resource", on_delete=models.CASCADE, related_name="+")
    rank = models.PositiveSmallIntegerField()
    score = models.FloatField()
    parts = SealedJson(default=list)  # their words name her goals
    made_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "resource"], name="suggestion_once"),)
        indexes = (models.Index(fields=["person", "rank"], name="suggestion_rank"),)

    def __str__(self) -> str:
        return "suggestion"


class Dismissal(TenantModel):
    """ "Not for me", and why; the resource is not suggested again until it is taken back."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PRIVATE, owner="person")

    person = models.ForeignKey("lantern.Person", on_delete=models.CASCADE, related_name="+")
    resource = models.ForeignKey("lantern.Resource", on_delete=models.CASCADE, related_name="+")
    why = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "resource"], name="dismissal_once"),)

    def __str__(self) -> str:
        return "dismissal"
