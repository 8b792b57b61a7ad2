"""Reflections and evidence files."""

from typing import ClassVar

from django.db import models

from lantern.domain.evidence.types import EVIDENCE_WORDS, STATE_WORDS, EvidenceKind, EvidenceState, Outcome, Students
from lantern.domain.privacy.types import DataClass, Privacy
from lantern.kernel.sealing import SealedText
from lantern.kernel.tenancy import TenantModel


class Reflection(TenantModel):
    """What an educator takes away from an activity, where she will try it, and how that went."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PRIVATE, owner="person", kind="reflection")

    person = models.ForeignKey("lantern.Person", on_delete=models.CASCADE, related_name="+")
    activity = models.OneToOneField("lantern.Activity", on_delete=models.CASCADE, related_name="reflection")
    takeaway = SealedText()
    minutes = models.PositiveIntegerField()
    try_class = SealedText(max_length=120, blank=True)
    try_on = models.DateField(null=True)
    submitted_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=15, choices=[(o.value, o.value) for o in Outcome], blank=True)
    what_happened = SealedText(blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["person", "-submitted_at"], name="reflection_newest"),
            models.Index(fields=["try_on"], condition=models.Q(answered_at__isnull=True), name="reflection_to_ask"),
        )

    def __str__(self) -> str:
        return "reflection"


class Evidence(TenantModel):
    """A file that shows attendance or work, tied to an activity; a video is prepared first, and ends at a date.

    `file` is what was handed in; the film and the still made from a video are its derivatives.
    """

    privacy: ClassVar[Privacy] = Privacy(DataClass.PRIVATE, owner="person", kind="evidence")

    person = models.ForeignKey("lantern.Person", on_delete=models.CASCADE, related_name="+")
    activity = models.ForeignKey("lantern.Activity", on_delete=models.CASCADE, related_name="evidence")
    file = models.OneToOneField("lantern.StoredFile", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=15, choices=[(k.value, k.value) for k in EvidenceKind])
    note = SealedText(max_length=200, blank=True)
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in EvidenceState], default=EvidenceState.READY.value
    )
    refusal = models.CharField(max_length=200, blank=True)
    students = models.CharField(max_length=10, choices=[(s.value, s.value) for s in Students], blank=True)
    keep_until = models.DateField(null=True)
    job = models.ForeignKey("lantern.Job", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=["person", "-at"], name="evidence_newest"),
            models.Index(fields=["keep_until"], condition=models.Q(state="ready"), name="evidence_to_end"),
        )

    def __str__(self) -> str:
        return "evidence"

    @property
    def words(self) -> str:
        """Return what it shows and, where it is not ready, how far it is."""
        return ", ".join(filter(None, (EVIDENCE_WORDS[self.kind], STATE_WORDS[self.state])))

    @property
    def is_ready(self) -> bool:
        """Tell whether its file can be opened."""
        return self.state == EvidenceState.READY

    @property
    def is_video(self) -> bool:
        """Tell whether it is, or was, a video."""
        return bool(self.file.media_type == "video/mp4")
