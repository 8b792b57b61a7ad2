"""Links, proposals, observations and offers to help."""

from typing import ClassVar

from django.db import models

from lantern.domain.coaching.types import LinkState, ObservationState, ProposalKind, ProposalState
from lantern.domain.privacy.types import DataClass, Privacy
from lantern.kernel.sealing import SealedJson, SealedText
from lantern.kernel.tenancy import TenantModel


class CoachLink(TenantModel):
    """An educator asked a coach; the two of them know, nobody else."""

    privacy: ClassVar[Privacy] = Privacy(
        DataClass.CONSENTED, owner="educator", named="coach", holds={"state": ("asked", "active")}
    )

    educator = models.ForeignKey("lantern.Person", on_delete=models.CASCADE, related_name="+")
    coach = models.ForeignKey("lantern.Person", on_delete=models.CASCADE, related_name="+")
    message = SealedText(blank=True, owner="educator")
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in LinkState], default=LinkState.ASKED.value
    )
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["educator", "coach"], condition=models.Q(state__in=["asked", "active"]), name="coach_link_once"
            ),
            models.CheckConstraint(condition=~models.Q(educator=models.F("coach")), name="coach_is_another"),
        )
        indexes = (models.Index(fields=["coach", "state"], name="coach_links"),)

    def __str__(self) -> str:
        return f"coaching ({self.state})"


class Proposal(TenantModel):
    """What a coach proposed (`proposed`) and what the educator made of it (`made`), both as field/value data."""

    privacy: ClassVar[Privacy] = Privacy(
        DataClass.CONSENTED, owner="educator", named="link__coach", holds={"link__state": ("active",)}
    )

    link = models.ForeignKey("lantern.CoachLink", on_delete=models.CASCADE, related_name="proposals")
    educator = models.ForeignKey("lantern.Person", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in ProposalKind])
    proposed = SealedJson(default=dict, owner="educator")
    note = SealedText(blank=True, owner="educator")
    made = SealedJson(default=dict, owner="educator")
    made_id = models.UUIDField(null=True)
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in ProposalState], default=ProposalState.OPEN.value
    )
    at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["educator", "state", "-at"], name="proposal_open"),)

    def __str__(self) -> str:
        return f"{self.kind} proposal ({self.state})"


class Observation(TenantModel):
    """What a coach saw of an educator on a day, with the level it looked like where she says one.

    The two of them read it, and no evaluator; it changes nothing until the educator takes it up.
    """

    privacy: ClassVar[Privacy] = Privacy(
        DataClass.CONSENTED, owner="educator", named="link__coach", holds={"link__state": ("active",)}
    )

    link = models.ForeignKey("lantern.CoachLink", on_delete=models.CASCADE, related_name="observations")
    educator = models.ForeignKey("lantern.Person", on_delete=models.CASCADE, related_name="+")
    competency = models.ForeignKey("lantern.Competency", null=True, on_delete=models.SET_NULL, related_name="+")
    level = models.PositiveSmallIntegerField(null=True)
    saw = SealedText(owner="educator")
    on = models.DateField()
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in ObservationState], default=ObservationState.OPEN.value
    )
    at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(level__isnull=True) | models.Q(level__lte=4), name="observation_level"
            ),
        )
        indexes = (models.Index(fields=["educator", "state", "-at"], name="observation_open"),)

    def __str__(self) -> str:
        return "observation"


class MentorOffer(TenantModel):
    """An educator offers to help colleagues with what she is good at; shown in her tenant because she chose so."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.TEAM, owner="person", place="tenant")

    person = models.OneToOneField("lantern.Person", on_delete=models.CASCADE, related_name="+")
    strengths = models.ManyToManyField("lantern.Competency", through="lantern.MentorStrength", related_name="+")
    about = models.CharField(max_length=300, blank=True)
    most_people = models.PositiveSmallIntegerField(default=3)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return "mentor offer"


class MentorStrength(TenantModel):
    """A competency that a mentor offers help with."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.TEAM, owner="offer__person", place="tenant")

    offer = models.ForeignKey("lantern.MentorOffer", on_delete=models.CASCADE, related_name="strength_links")
    competency = models.ForeignKey("lantern.Competency", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["offer", "competency"], name="mentor_strength_once"),)

    def __str__(self) -> str:
        return "mentor strength"
