"""Released terms, the frozen roster, lines that never change, and a tenant's own smallest group."""

from typing import Any, ClassVar

from django.db import models

from lantern.domain.insights.types import LEAST_PEOPLE, MOST_LEAST, Level, Metric, Way, Why
from lantern.domain.privacy.types import DataClass, Privacy
from lantern.kernel.tenancy import TenantModel


class WrittenOnce(TenantModel):
    """A row that is added and never changed or deleted."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row; one that exists is never changed."""
        if not self._state.adding:
            raise TypeError(f"{type(self).__name__} is released once and never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse: what is out stays out."""
        raise TypeError(f"{type(self).__name__} is released once and never deleted")


class ReleasedTerm(WrittenOnce):
    """A closed term whose figures are out in this tenant."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.AGGREGATE, on_erase="keep: released once, names nobody")
    append_only: ClassVar[bool] = True

    key = models.CharField(max_length=12)
    begins_on = models.DateField()
    ends_before = models.DateField()
    released_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["tenant", "key"], name="released_term_once"),)

    def __str__(self) -> str:
        return self.key


class RosterEntry(TenantModel):
    """Who counted where when a term closed; never shown, so that she can be told which figures she is in.

    Erasing a person empties everything but the place. Who refused to be counted, or had no account, has no row.
    """

    privacy: ClassVar[Privacy] = Privacy(
        DataClass.OFFICIAL, owner="person", on_erase="keep: the place of one counted person, without the person"
    )

    term = models.ForeignKey("lantern.ReleasedTerm", on_delete=models.PROTECT, related_name="roster")
    person = models.ForeignKey("lantern.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    organisation = models.ForeignKey("lantern.Organisation", on_delete=models.PROTECT, related_name="+")
    grade_band = models.CharField(max_length=10)
    service_band = models.CharField(max_length=10, blank=True)
    framework_id = models.UUIDField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["term", "person"], name="roster_entry_once"),)
        indexes = (models.Index(fields=["person"], name="roster_entry_person"),)

    def __str__(self) -> str:
        return "roster entry"


class ReleasedLine(WrittenOnce):
    """One group's figure of one metric in one term, or why there is none. Lines of districts are also written for the
    levels above them, in those tenants. `above` tells that a group around this one is published.
    """

    privacy: ClassVar[Privacy] = Privacy(DataClass.AGGREGATE, on_erase="keep: released once, names nobody")
    append_only: ClassVar[bool] = True

    term = models.ForeignKey("lantern.ReleasedTerm", on_delete=models.PROTECT, related_name="lines")
    metric = models.CharField(max_length=20, choices=[(one.value, one.value) for one in Metric])
    subject_id = models.UUIDField()
    label = models.CharField(max_length=200, blank=True)
    about = models.CharField(max_length=300, blank=True)
    framework_id = models.UUIDField(null=True)
    way = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Way])
    level = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Level])
    node = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    organisation_id = models.UUIDField()  # no key: the line of a district also lies in the tenant of its state
    position = models.PositiveIntegerField()
    why = models.CharField(max_length=20, choices=[(one.value, one.value) for one in Why], blank=True)
    low = models.PositiveSmallIntegerField(null=True)
    high = models.PositiveSmallIntegerField(null=True)
    size_from = models.PositiveIntegerField(null=True)
    size_to = models.PositiveIntegerField(null=True)
    above = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["term", "way", "metric", "subject_id", "node"], name="released_line_once"),
            models.CheckConstraint(
                condition=(models.Q(why="") & models.Q(low__isnull=False, high__isnull=False, size_from__gte=10))
                | (~models.Q(why="") & models.Q(low__isnull=True, high__isnull=True, size_from__isnull=True)),
                name="released_line_value_or_reason",
            ),
        )
        indexes = (models.Index(fields=["term", "metric", "subject_id", "position"], name="released_line_order"),)

    def __str__(self) -> str:
        return f"{self.metric} of a {self.level}"


class SmallestGroup(TenantModel):
    """How many other people a group must have in this tenant; ten where there is no row, and never fewer."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PUBLIC)

    people = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["tenant"], name="smallest_group_once"),
            models.CheckConstraint(
                condition=models.Q(people__gte=LEAST_PEOPLE, people__lte=MOST_LEAST), name="smallest_group_bounds"
            ),
        )

    def __str__(self) -> str:
        return f"groups of {self.people}"
