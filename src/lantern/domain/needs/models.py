"""Private needs and ratings; group needs and their votes."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from lantern.domain.needs.types import EvidenceKind, NeedSource, NeedState
from lantern.domain.privacy.types import DataClass, Privacy
from lantern.engine.mastery import SD_LEAST, SD_MOST
from lantern.kernel.sealing import SealedText
from lantern.kernel.tenancy import TenantModel


class Rating(TenantModel):
    """How an educator saw herself on a competency on a day. A later row replaces an earlier one, which is history."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PRIVATE, owner="person")

    person = models.ForeignKey("lantern.Person", on_delete=models.CASCADE, related_name="+")
    competency = models.ForeignKey("lantern.Competency", on_delete=models.CASCADE, related_name="+")
    level = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=20, choices=[(s.value, s.value) for s in NeedSource])
    at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(level__lte=4), name="rating_level"),)
        indexes = (models.Index(fields=["person", "competency", "-at"], name="rating_newest"),)

    def __str__(self) -> str:
        return "rating"


class LevelEvidence(TenantModel):
    """What a source other than her own rating says of an educator's level on a competency, on a day (`engine/mastery`).

    `sd` is how uncertain the level is by itself, in levels, where the source says so; `giver` tells apart sources of
    one kind that see with their own eyes; `source_id` is what gave it, which says one thing about a competency.
    """

    privacy: ClassVar[Privacy] = Privacy(DataClass.PRIVATE, owner="person")

    person = models.ForeignKey("lantern.Person", on_delete=models.CASCADE, related_name="+")
    competency = models.ForeignKey("lantern.Competency", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in EvidenceKind])
    level = models.FloatField()
    sd = models.FloatField(null=True)
    giver = models.UUIDField(null=True)
    source_id = models.UUIDField()
    words = SealedText(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(level__gte=0, level__lte=4), name="level_evidence_level"),
            models.CheckConstraint(  # NaN, which PostgreSQL puts above all, is outside too
                condition=models.Q(sd__isnull=True) | models.Q(sd__gte=SD_LEAST, sd__lte=SD_MOST),
                name="level_evidence_sd",
            ),
            models.UniqueConstraint(
                fields=["person", "competency", "kind", "source_id"], name="level_evidence_once_a_source"
            ),
        )
        indexes = (models.Index(fields=["person", "competency", "-at"], name="level_evidence_newest"),)

    def __str__(self) -> str:
        return "evidence of a level"


class Need(TenantModel):
    """Something an educator wants to get better at: a competency, her own words, or both.

    `source` is where it came from first, `also_from` what said the same afterwards.
    """

    privacy: ClassVar[Privacy] = Privacy(DataClass.PRIVATE, owner="person", kind="need")

    person = models.ForeignKey("lantern.Person", on_delete=models.CASCADE, related_name="+")
    competency = models.ForeignKey("lantern.Competency", null=True, on_delete=models.SET_NULL, related_name="+")
    words = SealedText(blank=True)
    source = models.CharField(max_length=20, choices=[(s.value, s.value) for s in NeedSource])
    also_from = models.JSONField(default=list)
    wanted_level = models.PositiveSmallIntegerField(null=True)
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in NeedState], default=NeedState.OPEN.value
    )
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(competency__isnull=False) | ~models.Q(words=""), name="need_says_something"
            ),
        )
        indexes = (models.Index(fields=["person", "state", "-created_at"], name="need_open"),)

    def __str__(self) -> str:
        return "need"

    def clean(self) -> None:
        """Refuse sources that are none."""
        if not isinstance(self.also_from, list) or not all(each in list(NeedSource) for each in self.also_from):
            raise ValidationError("it came from something that is no source")

    def says(self, words: str) -> bool:
        """Say whether these words stand in it, as whole lines; nothing always does."""
        return not words or f"\n{words.strip()}\n" in f"\n{self.words}\n"


class GroupNeed(TenantModel):
    """A need that a school's staff put up for each other; seen by its members and those who plan their days.

    `answer` is the word with which it was closed: what comes of it.
    """

    privacy: ClassVar[Privacy] = Privacy(
        DataClass.TEAM, owner="proposed_by", place="organisation", on_erase="keep: the group's, without the name"
    )

    organisation = models.ForeignKey("lantern.Organisation", on_delete=models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey("lantern.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    competency = models.ForeignKey("lantern.Competency", null=True, on_delete=models.SET_NULL, related_name="+")
    title = models.CharField(max_length=160)
    answer = models.CharField(max_length=300, blank=True)
    closed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["organisation", "-created_at"], name="group_need_of"),)

    def __str__(self) -> str:
        return self.title


class GroupNeedVote(TenantModel):
    """One member's vote; who voted is not shown to anyone, only how many."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.TEAM, owner="person")

    group_need = models.ForeignKey("lantern.GroupNeed", on_delete=models.CASCADE, related_name="votes")
    person = models.ForeignKey("lantern.Person", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["group_need", "person"], name="group_vote_once"),)

    def __str__(self) -> str:
        return "vote"
