"""Announcements."""

from typing import ClassVar

from django.db import models

from lantern.domain.privacy.types import DataClass, Privacy
from lantern.kernel.tenancy import TenantModel


class Announcement(TenantModel):
    """News of an organisation for its people, or for those of some kinds of job (empty: all)."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PUBLIC)
    inherited: ClassVar[bool] = True

    organisation = models.ForeignKey("lantern.Organisation", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=160)
    body = models.TextField()
    job_kinds = models.JSONField(default=list)
    author = models.ForeignKey("lantern.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    published_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["tenant", "-published_at"], name="announcement_newest"),)

    def __str__(self) -> str:
        return self.title
