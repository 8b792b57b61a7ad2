"""What is known of a stored file; its bytes lie under LANTERN_DATA/files under a random name."""

from django.db import models

from lantern.kernel.tenancy import TenantModel


class StoredFile(TenantModel):
    """A file that was re-encoded on arrival; `owner` is the person whose it is."""

    owner = models.ForeignKey("lantern.Person", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["owner", "-at"], name="file_owner_newest"),)

    def __str__(self) -> str:
        return f"{self.media_type}, {self.size} bytes"
