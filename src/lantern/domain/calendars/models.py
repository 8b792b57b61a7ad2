"""Own time, school years, one calendar of one's own, and the secret address of a plan."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from lantern.domain.calendars.types import KIND_WORDS, MOST_BUSY, MOST_DAY_MINUTES, MOST_PERIODS
from lantern.domain.privacy.types import DataClass, Privacy
from lantern.kernel.sealing import SealedJson, SealedText
from lantern.kernel.tenancy import TenantModel

_LATEST = 2**31
"""Minutes since 1970, far beyond any calendar."""


class OwnTime(TenantModel):
    """The weekdays of one educator, Monday first, and whether she learns in the holidays too.

    `days` is empty where one number for the week is enough; else it holds seven of
    `{"minutes": at another time, "periods": [[first minute of the day, last], …]}`.
    """

    privacy: ClassVar[Privacy] = Privacy(DataClass.PRIVATE, owner="person")

    person = models.OneToOneField("lantern.Person", on_delete=models.CASCADE, related_name="+")
    days = SealedJson(default=list)
    holidays_too = models.BooleanField(default=False)
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return "time of one's own"

    def clean(self) -> None:
        """Refuse days that hold anything else: one of them would stop whatever plans with them."""
        if not isinstance(self.days, list) or len(self.days) not in (0, 7) or not all(map(_is_day, self.days)):
            raise ValidationError("its days are no seven days with minutes and periods")


class SchoolTime(TenantModel):
    """A term, days off or a staff day of an organisation; both days are in it. Everybody below it sees it."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PUBLIC)
    inherited: ClassVar[bool] = True

    organisation = models.ForeignKey("lantern.Organisation", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=[(str(kind), words) for kind, words in KIND_WORDS.items()])
    name = models.CharField(max_length=80)
    begins_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("begins_on")), name="school_time_ends_after_it_begins"
            ),
            models.UniqueConstraint(
                fields=["organisation", "kind", "begins_on", "ends_on"], name="school_time_once"
            ),
        )
        indexes = (models.Index(fields=["tenant", "ends_on"], name="school_time_of_year"),)

    def __str__(self) -> str:
        return self.name


class CalendarSubscription(TenantModel):
    """A calendar of hers that is read again and again, and when she is busy in it: nothing else of it is kept.

    `busy` holds [first minute, minute after the last] since 1970 in UTC, in order and apart.
    """

    privacy: ClassVar[Privacy] = Privacy(DataClass.PRIVATE, owner="person")

    person = models.OneToOneField("lantern.Person", on_delete=models.CASCADE, related_name="+")
    address = SealedText(max_length=2000)
    busy = SealedJson(default=list)
    left_out = models.PositiveIntegerField(default=0)  # events that could not be understood
    read_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    trouble = SealedText(max_length=300, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["tenant", "tried_at"], name="calendar_due"),)

    def __str__(self) -> str:
        return "calendar of one's own"

    def clean(self) -> None:
        """Refuse busy times that are none (one would stop the reckoning of her weeks), and what is no web address."""
        if not str(self.address).startswith("https://"):
            raise ValidationError("its address does not begin with https://")
        if not isinstance(self.busy, list) or len(self.busy) > MOST_BUSY or not _are_spans(self.busy):
            raise ValidationError("its busy times are no stretches of time in order")


class PlanFeed(TenantModel):
    """The secret address under which a calendar may read a plan. Only a digest of the secret is kept."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PRIVATE, owner="person")

    person = models.OneToOneField("lantern.Person", on_delete=models.CASCADE, related_name="+")
    secret_digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return "address of a plan"


class FeedEntry(TenantModel):
    """What calendars were told of one thing in a plan: its content at the last change, and when it went."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PRIVATE, owner="feed__person")

    feed = models.ForeignKey("lantern.PlanFeed", on_delete=models.CASCADE, related_name="entries")
    item_id = models.UUIDField()
    monday = models.DateField()
    content = SealedJson(default=list, owner="feed__person")
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()
    cancelled = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["feed", "item_id"], name="feed_entry_once"),)

    def __str__(self) -> str:
        return "entry of a calendar"

    def clean(self) -> None:
        """Refuse content that is not a title, minutes and a link."""
        if not (isinstance(self.content, list) and [type(part) for part in self.content] == [str, int, str]):
            raise ValidationError("its content is no title with minutes and a link")


def _is_day(day: Any) -> bool:
    if not isinstance(day, dict) or day.keys() != {"minutes", "periods"}:
        return False
    minutes, periods = day["minutes"], day["periods"]
    if type(minutes) is not int or not 0 <= minutes <= MOST_DAY_MINUTES or not isinstance(periods, list):
        return False
    return len(periods) <= MOST_PERIODS and _are_spans(periods) and all(end < 1440 for _, end in periods)


def _are_spans(spans: list[Any]) -> bool:
    """Tell whether these are pairs of minutes, each later than the one before."""
    last = -1
    for span in spans:
        if not isinstance(span, list) or len(span) != 2 or any(type(minute) is not int for minute in span):
            return False
        if not last <= span[0] < span[1] < _LATEST:
            return False
        last = span[1]
    return True
