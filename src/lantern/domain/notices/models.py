"""The inbox."""

from typing import ClassVar

from django.db import models

from lantern.domain.notices.types import NOTICE_WORDS, in_words
from lantern.domain.privacy.types import DataClass, Privacy
from lantern.kernel.tenancy import TenantModel


class Notice(TenantModel):
    """News for one person: its kind, the item it leads to, and when it was read."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PRIVATE, owner="person")

    person = models.ForeignKey("lantern.Person", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    item_id = models.UUIDField(null=True)
    from_name = models.CharField(max_length=160, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "kind", "item_id"], name="notice_once"),)
        indexes = (models.Index(fields=["person", "-at"], name="notice_newest"),)

    def __str__(self) -> str:
        return f"{self.kind} notice"

    @property
    def words(self) -> str:
        """Return what it says; a kind that is not known any more says only that there is news."""
        return in_words(self.kind, self.from_name) if self.kind in NOTICE_WORDS else "There is news for you."
