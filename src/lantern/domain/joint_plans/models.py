"""Joint plans, who takes part, their steps and changes, and what each member took into her own weeks."""

from typing import ClassVar

from django.db import models

from lantern.domain.joint_plans.types import (
    MOST_MINUTES,
    STEP_TITLE_MOST,
    TITLE_MOST,
    WHY_MOST,
    ChangeKind,
    MemberState,
)
from lantern.domain.privacy.types import DataClass, Privacy
from lantern.kernel.tenancy import TenantModel


class JointPlan(TenantModel):
    """What several people plan together. It has no owner: all who are in have the same rights (decision 0058).

    `version` counts changes of the title and the aim, so that two who word them at the same time cannot overwrite each
    other.
    """

    privacy: ClassVar[Privacy] = Privacy(DataClass.TEAM, circle="members", asked_too=True)

    title = models.CharField(max_length=TITLE_MOST)
    why = models.CharField(max_length=WHY_MOST, blank=True)
    group_need = models.ForeignKey("lantern.GroupNeed", null=True, on_delete=models.SET_NULL, related_name="+")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return "joint plan"


class JointMember(TenantModel):
    """Somebody who takes part in a joint plan, or was asked to. There is no rank."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.TEAM, owner="person", circle="plan__members", asked_too=True)

    plan = models.ForeignKey("lantern.JointPlan", on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey("lantern.Person", on_delete=models.CASCADE, related_name="+")
    state = models.CharField(
        max_length=5, choices=[(s.value, s.value) for s in MemberState], default=MemberState.ASKED.value
    )
    asked_by = models.ForeignKey("lantern.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["plan", "person"], name="joint_member_once"),)
        indexes = (models.Index(fields=["person", "state"], name="joint_member_of"),)

    def __str__(self) -> str:
        return f"member of a joint plan ({self.state})"


class JointStep(TenantModel):
    """A step: a resource, or own words. One that was taken out stays and can be brought back."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.TEAM, circle="plan__members")

    plan = models.ForeignKey("lantern.JointPlan", on_delete=models.CASCADE, related_name="steps")
    resource = models.ForeignKey("lantern.Resource", null=True, on_delete=models.SET_NULL, related_name="+")
    title = models.CharField(max_length=STEP_TITLE_MOST)
    minutes = models.PositiveSmallIntegerField()
    monday = models.DateField(null=True)
    everybody = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(minutes__gte=1, minutes__lte=MOST_MINUTES), name="joint_step_minutes"
            ),
        )
        indexes = (models.Index(fields=["plan", "monday", "created_at"], name="joint_step_order"),)

    def __str__(self) -> str:
        return "step of a joint plan"


class JointPart(TenantModel):
    """A member's part in a step: that she is `named` for it where it is not for everybody, and that she said it is
    done.
    """

    privacy: ClassVar[Privacy] = Privacy(DataClass.TEAM, owner="member__person", circle="step__plan__members")

    step = models.ForeignKey("lantern.JointStep", on_delete=models.CASCADE, related_name="parts")
    member = models.ForeignKey("lantern.JointMember", on_delete=models.CASCADE, related_name="parts")
    named = models.BooleanField(default=False)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["step", "member"], name="joint_part_once"),)

    def __str__(self) -> str:
        return "part in a step"


class JointChange(TenantModel):
    """Who did what to a joint plan, and when, with the values before and after. Names are never in the values."""

    privacy: ClassVar[Privacy] = Privacy(
        DataClass.TEAM, circle="plan__members", on_erase="keep: what was changed, without the name"
    )

    plan = models.ForeignKey("lantern.JointPlan", on_delete=models.CASCADE, related_name="changes")
    by = models.ForeignKey("lantern.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    about = models.ForeignKey("lantern.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    step = models.ForeignKey("lantern.JointStep", null=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=15, choices=[(k.value, k.value) for k in ChangeKind])
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["plan", "-at"], name="joint_change_newest"),)

    def __str__(self) -> str:
        return f"change of a joint plan ({self.kind})"


class JointTaken(TenantModel):
    """That I put a step into my own weeks, and as which activity. Mine alone: the others never see it."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PRIVATE, owner="person")

    person = models.ForeignKey("lantern.Person", on_delete=models.CASCADE, related_name="+")
    step = models.ForeignKey("lantern.JointStep", on_delete=models.CASCADE, related_name="+")
    activity = models.ForeignKey("lantern.Activity", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "step"], name="joint_taken_once"),)

    def __str__(self) -> str:
        return "step in my own weeks"
