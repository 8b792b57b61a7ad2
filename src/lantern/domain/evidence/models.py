"""Reflections and evidence files."""

from typing import ClassVar

from django.db import models

from lantern.domain.evidence.types import EvidenceKind, Outcome
from lantern.domain.privacy.types import DataClass, Privacy
from lantern.kernel.tenancy import TenantModel


class Reflection(TenantModel):
    """What an educator takes away from an activity, where she will try it, and how that went."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PRIVATE, owner="person", kind="reflection")

    person = models.ForeignKey("lantern.Person", on_delete=models.CASCADE, related_name="+")
    activity = models.OneToOneField("lantern.Activity", on_delete=models.CASCADE, related_name="reflection")
    takeaway = models.TextField()
    minutes = models.PositiveIntegerField()
    try_class = models.CharField(max_length=120, blank=True)
    try_on = models.DateField(null=True)
    submitted_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=15, choices=[(o.value, o.value) for o in Outcome], blank=True)
    what_happened = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["person", "-submitted_at"], name="reflection_newest"),
            models.Index(fields=["try_on"], condition=models.Q(answered_at__isnull=True), name="reflection_to_ask"),
        )

    def __str__(self) -> str:
        return "reflection"


class Evidence(TenantModel):
    """A file that shows attendance or work, tied to an activity."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PRIVATE, owner="person")

    person = models.ForeignKey("lantern.Person", on_delete=models.CASCADE, related_name="+")
    activity = models.ForeignKey("lantern.Activity", on_delete=models.CASCADE, related_name="evidence")
    file = models.OneToOneField("lantern.StoredFile", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=15, choices=[(k.value, k.value) for k in EvidenceKind])
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["person", "-at"], name="evidence_newest"),)

    def __str__(self) -> str:
        return "evidence"
