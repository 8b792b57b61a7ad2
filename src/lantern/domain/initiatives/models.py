"""Published aims."""

from typing import ClassVar

from django.db import models

from lantern.domain.privacy.types import DataClass, Privacy
from lantern.kernel.tenancy import TenantModel


class Initiative(TenantModel):
    """An aim of an organisation, in its own words, for a time."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PUBLIC)
    inherited: ClassVar[bool] = True

    organisation = models.ForeignKey("lantern.Organisation", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=160)
    summary = models.TextField(blank=True)
    begins_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["tenant", "-created_at"], name="initiative_newest"),)

    def __str__(self) -> str:
        return self.title
