"""Keys of forms that were sent, with the answer they got."""

from django.db import models

from lantern.kernel.tenancy import TenantModel


class IdempotencyKey(TenantModel):
    """One form sent once: its key, a digest of its content, and where the answer led."""

    person = models.ForeignKey("lantern.Person", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    location = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "key"], name="idempotency_once"),)

    def __str__(self) -> str:
        return f"key of {self.at:%Y-%m-%d %H:%M}"
