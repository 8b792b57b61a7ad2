"""Shares, looks, refusals of a purpose, and released aggregates."""

from typing import ClassVar

from django.db import models

from lantern.domain.privacy.types import DataClass, Privacy, Purpose
from lantern.kernel.database.reports import readable_when
from lantern.kernel.tenancy import TenantModel


class Share(TenantModel):
    """One item of mine opened to one named person, for a purpose, until a date.

    Never changed; revoking adds the date.
    """

    privacy: ClassVar[Privacy] = Privacy(DataClass.PRIVATE, owner="person")

    person = models.ForeignKey("lantern.Person", on_delete=models.CASCADE, related_name="+")
    grantee = models.ForeignKey("lantern.Person", on_delete=models.CASCADE, related_name="+")
    item_kind = models.CharField(max_length=30)
    item_id = models.UUIDField()
    purpose = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["person", "grantee", "item_kind", "item_id"],
                condition=models.Q(revoked_at__isnull=True),
                name="share_once_while_open",
            ),
        )
        indexes = (models.Index(fields=["grantee", "item_kind", "item_id"], name="share_grantee_item"),)

    def __str__(self) -> str:
        return f"share of a {self.item_kind}"


class Look(TenantModel):
    """Another person read an item of mine; written in the transaction of the decision (trust.md C5)."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PRIVATE, owner="person")

    person = models.ForeignKey("lantern.Person", on_delete=models.CASCADE, related_name="+")
    viewer = models.ForeignKey("lantern.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    viewer_name = models.CharField(max_length=160)
    item_kind = models.CharField(max_length=30)
    item_id = models.UUIDField()
    purpose = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["person", "-at"], name="look_newest"),)

    def __str__(self) -> str:
        return f"look at a {self.item_kind}"


class Refusal(TenantModel):
    """A purpose this person has refused; no row means that the quiet default of the purpose holds."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PRIVATE, owner="person")

    person = models.ForeignKey("lantern.Person", on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=30, choices=[(purpose.value, purpose.value) for purpose in Purpose])
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "purpose"], name="refusal_once"),)

    def __str__(self) -> str:
        return f"refusal of {self.purpose}"


class Release(TenantModel):
    """One aggregate, written once for a closed period and never changed; the only number that leaves private rows."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.AGGREGATE, on_erase="keep: released once, names nobody")

    metric = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    period = models.CharField(max_length=10)
    band = models.CharField(max_length=40)
    released_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["metric", "subject_id", "period"], name="release_once"),)

    def __str__(self) -> str:
        return f"{self.metric} {self.period}"


def _may_be_reported(model: type[models.Model]) -> bool:
    """Tell whether reports may read a table: released aggregates, and what is public (trust.md 0.1)."""
    privacy = getattr(model, "privacy", None)
    return isinstance(privacy, Privacy) and privacy.data_class in {DataClass.AGGREGATE, DataClass.PUBLIC}


readable_when(_may_be_reported)
