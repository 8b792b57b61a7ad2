"""What is known of a stored file and of the room a person takes; the bytes lie under LANTERN_DATA/files."""

from django.db import models

from lantern.kernel.sealing import SealedText
from lantern.kernel.tenancy import TenantModel


class FileRole(models.TextChoices):
    """What the bytes of a row are. Only KEPT, FILM and POSTER were written by us and may ever be served."""

    KEPT = "kept", "Written anew on arrival"
    RAW = "raw", "As it was handed in, waiting to be written anew"
    GONE = "gone", "The bytes are deleted; the row remembers"
    FILM = "film", "A video written anew"
    POSTER = "poster", "A still picture of a video"


SERVED = (FileRole.KEPT, FileRole.FILM, FileRole.POSTER)


class StoredFile(TenantModel):
    """A file of `owner`'s under a random name; what was made from it points to it as `parent` and goes with it."""

    owner = models.ForeignKey("lantern.Person", on_delete=models.CASCADE, related_name="+")
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="derivatives")
    role = models.CharField(max_length=10, choices=FileRole.choices, default=FileRole.KEPT)
    key = models.CharField(max_length=80, unique=True)
    name = SealedText(max_length=200, owner="owner")
    media_type = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    seconds = models.PositiveIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["owner", "-at"], name="file_owner_newest"),)

    def __str__(self) -> str:
        return f"{self.media_type}, {self.size} bytes"


class FileSpace(TenantModel):
    """How many bytes a person's files take: changed in the transaction of each file, never beyond what she may have."""

    owner = models.OneToOneField("lantern.Person", on_delete=models.CASCADE, related_name="+")
    used = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.used} bytes"
