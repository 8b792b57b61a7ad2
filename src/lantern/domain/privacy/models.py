"""Shares, looks and refusals of a purpose."""

from typing import ClassVar

from django.db import models

from lantern.domain.privacy.types import DataClass, Privacy, Purpose
from lantern.kernel.database.reports import readable_when
from lantern.kernel.sealing import SealedText
from lantern.kernel.tenancy import TenantModel


class Share(TenantModel):
    """One item of mine, or all of a kind (`item_id` is empty), opened to one named person, for a purpose, until a date.

    Never changed; revoking adds the date.
    """

    privacy: ClassVar[Privacy] = Privacy(DataClass.PRIVATE, owner="person")

    person = models.ForeignKey("lantern.Person", on_delete=models.CASCADE, related_name="+")
    grantee = models.ForeignKey("lantern.Person", on_delete=models.CASCADE, related_name="+")
    item_kind = models.CharField(max_length=30)
    item_id = models.UUIDField(null=True)
    purpose = SealedText(max_length=120)
    wording = models.PositiveSmallIntegerField(default=1)  # the version of what she was told (types.WORDINGS)
    leads_owner = models.BooleanField(default=False)  # it was said, and confirmed, that the other one also leads her
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
            models.UniqueConstraint(
                fields=["person", "grantee", "item_kind"],
                condition=models.Q(revoked_at__isnull=True, item_id__isnull=True),
                name="share_rule_once_while_open",
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
    viewer_role = models.CharField(max_length=80, blank=True)
    via = models.CharField(max_length=10, default="page")  # page, file, or emergency
    item_kind = models.CharField(max_length=30)
    item_id = models.UUIDField()
    purpose = SealedText(max_length=120)
    at = models.DateTimeField()
    emergency = models.ForeignKey("lantern.EmergencyAccess", null=True, on_delete=models.SET_NULL, related_name="+")

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


class WordingTold(TenantModel):
    """That the people of a tenant were told of a version of the wording of consent; each version is told once."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PUBLIC)

    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["tenant", "number"], name="wording_told_once"),)

    def __str__(self) -> str:
        return f"wording {self.number}"


class EmergencyAccess(TenantModel):
    """One person's data opened to two operators who agreed on it, for a reason, for an hour, to read (trust.md 3.3)."""

    privacy: ClassVar[Privacy] = Privacy(
        DataClass.OFFICIAL,
        owner="person",
        place="tenant",
        readers=("operator",),
        on_erase="keep: who was let in, when and why, without the name",
    )

    person = models.ForeignKey("lantern.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.CharField(max_length=400)
    asked_by = models.ForeignKey("lantern.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    asked_by_name = models.CharField(max_length=160)
    asked_at = models.DateTimeField()
    agreed_by = models.ForeignKey("lantern.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    agreed_by_name = models.CharField(max_length=160, blank=True)
    agreed_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    legal_hold = models.CharField(max_length=200, blank=True)  # the order by which the person is not told yet
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(agreed_by__isnull=True) | ~models.Q(agreed_by=models.F("asked_by")),
                name="emergency_needs_two",
            ),
        )
        indexes = (models.Index(fields=["tenant", "-asked_at"], name="emergency_newest"),)

    def __str__(self) -> str:
        return f"emergency access of {self.asked_at:%Y-%m-%d}"


class Tombstone(TenantModel):
    """That a person's rows were erased. It holds her old id, which names nobody, and not who she was."""

    privacy: ClassVar[Privacy] = Privacy(
        DataClass.OFFICIAL, on_erase="keep: so that a restored backup forgets her again"
    )

    person_id = models.UUIDField(unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"erasure of {self.at:%Y-%m-%d}"


def _may_be_reported(model: type[models.Model]) -> bool:
    """Tell whether reports may read a table: released aggregates, and what is public (trust.md 0.1)."""
    privacy = getattr(model, "privacy", None)
    return isinstance(privacy, Privacy) and privacy.data_class in {DataClass.AGGREGATE, DataClass.PUBLIC}


readable_when(_may_be_reported)
