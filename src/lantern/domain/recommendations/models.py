"""Suggestions, dismissals, and what others went on to."""

from typing import ClassVar

from django.db import models

from lantern.domain.privacy.types import LEAST_PEOPLE, DataClass, Privacy
from lantern.domain.recommendations.types import PeersOutcome
from lantern.kernel.sealing import SealedJson
from lantern.kernel.tenancy import TenantModel


class Suggestion(TenantModel):
    """One resource on the short list of one educator. `parts` add up to `score`, and hold what the page says."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PRIVATE, owner="person")

    person = models.ForeignKey("lantern.Person", on_delete=models.CASCADE, related_name="+")
    resource = models.ForeignKey("lantern.Resource", on_delete=models.CASCADE, related_name="+")
    rank = models.PositiveSmallIntegerField()
    score = models.FloatField()
    parts = SealedJson(default=list)  # their words name her goals
    made_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "resource"], name="suggestion_once"),)
        indexes = (models.Index(fields=["person", "rank"], name="suggestion_rank"),)

    def __str__(self) -> str:
        return "suggestion"


class Dismissal(TenantModel):
    """ "Not for me", and why; the resource is not suggested again until it is taken back."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PRIVATE, owner="person")

    person = models.ForeignKey("lantern.Person", on_delete=models.CASCADE, related_name="+")
    resource = models.ForeignKey("lantern.Resource", on_delete=models.CASCADE, related_name="+")
    why = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "resource"], name="dismissal_once"),)

    def __str__(self) -> str:
        return "dismissal"


class PeerWeights(TenantModel):
    """What others went on to, once a closed term: weights between resources, each of at least `floor` people, and
    nobody in it. One row a tenant; where it counts nothing, `outcome` says why and the arrays are empty.
    """

    privacy: ClassVar[Privacy] = Privacy(DataClass.AGGREGATE, on_erase="keep: names nobody, of ten people or more")

    term = models.CharField(max_length=12)
    ends_before = models.DateField()
    fitted_at = models.DateTimeField()
    floor = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=10, choices=[(one.value, one.value) for one in PeersOutcome])
    items = models.BinaryField(default=b"")
    arrays = models.BinaryField(default=b"")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["tenant"], name="peer_weights_once"),
            models.CheckConstraint(condition=models.Q(floor__gte=LEAST_PEOPLE), name="peer_weights_floor"),
        )

    def __str__(self) -> str:
        return f"peer weights of {self.term}"
