"""One life in the demo district: acts on days in the past, through the same commands as everybody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from lantern.domain.assessments import commands as assessments
from lantern.domain.assessments import queries as check_queries
from lantern.domain.catalog import queries as catalog
from lantern.domain.competencies import queries as competencies
from lantern.domain.courses import commands as courses
from lantern.domain.evidence import commands as evidence
from lantern.domain.initiatives import queries as initiatives
from lantern.domain.needs import commands as needs
from lantern.flows.demo.learning import FRAMEWORKS
from lantern.flows.demo.places import World
from lantern.kernel import clock, tenancy
from lantern.kernel.actor import Actor

if TYPE_CHECKING:
    from lantern.domain.courses.models import Activity
    from lantern.domain.evidence.models import Reflection


@dataclass(frozen=True, slots=True)
class Names:
    """What is known by name in the district: resources by their id in the tables, topics by code, aims by title."""

    resources: Mapping[str, UUID]
    topics: Mapping[str, UUID]
    aims: Mapping[str, UUID]

    @classmethod
    def of(cls, actor: Actor) -> Names:
        """Read them as Lantern itself."""
        with tenancy.within(actor.tenancy):
            return cls(
                resources={row.external_id: row.pk for row in catalog.list_managed(actor)},
                topics={row.code: row.pk for row in catalog.list_terms(actor, "topic")},
                aims={row.title: row.pk for row in initiatives.list_initiatives(actor)},
            )


class Life:
    """A person of the tables and what she does, on which day."""

    def __init__(self, world: World, names: Names, key: str) -> None:
        self.world, self.names, self.key = world, names, key
        self.id = world.people[key]
        self._actor = world.actor(key)
        self._competencies: dict[str, UUID] = {}
        self.today = clock.today()

    @contextmanager
    def on(self, days_ago: int, hour: int = 15) -> Iterator[Actor]:
        """Act as her, `days_ago` days before today at an hour, or now where that hour is still to come."""
        there = datetime.combine(self.today - timedelta(days=days_ago), time(hour, 20))
        moment = min(timezone.make_aware(there), timezone.now())
        with clock.standing_at(moment), tenancy.within(self._actor.tenancy):
            yield self._actor

    def day(self, days: int) -> date:
        """Return a day before (negative) or after today."""
        return self.today + timedelta(days=days)

    def monday(self, weeks: int = 0) -> date:
        """Return the Monday of this week, or of one so many weeks later."""
        return clock.week_start(self.today) + timedelta(weeks=weeks)

    def competency(self, actor: Actor, short: str) -> UUID:
        """Return the id of "T:3.4". Raises LookupError."""
        if short not in self._competencies:
            letter, _, code = short.partition(":")
            found = competencies.find_by_code(actor, FRAMEWORKS[letter][0], code)
            if found is None:
                raise LookupError(f"The demo has no competency {short}")
            self._competencies[short] = found.pk
        return self._competencies[short]

    def topics(self, *codes: str) -> list[str]:
        """Return the ids of topics, as a profile keeps them."""
        return [str(self.names.topics[code]) for code in codes]

    def rates(self, days_ago: int, letter: str, levels: Mapping[str, int]) -> None:
        """Say how she sees herself on some competencies of a framework."""
        with self.on(days_ago) as actor:
            found = {self.competency(actor, f"{letter}:{code}"): level for code, level in levels.items()}
            needs.rate_many(actor, levels=found)

    def checks(self, days_ago: int, competency: str, able: int) -> None:
        """Take a check and answer as somebody would who has reached a level: right up to it, and wrong beyond."""
        with self.on(days_ago) as actor:
            row = assessments.start(actor, competency_id=self.competency(actor, competency), seed=days_ago)
            while (question := check_queries.question_of(actor, row)) is not None:
                item = check_queries.item_asked(actor, question.item_id)
                wrong = next(place for place, _ in question.options if place != item.right)
                chosen = item.right if item.level <= able else wrong
                row = assessments.answer(actor, check_id=row.pk, item_id=item.pk, chosen=chosen)

    def takes_up(self, days_ago: int, resource: str, percent: int = 0, minutes: int | None = None) -> Activity:
        """Take something of the catalogue up, and be so far with it."""
        with self.on(days_ago) as actor:
            activity = courses.take_up(actor, resource_id=self.names.resources[resource])
            if percent:
                courses.set_progress(actor, activity_id=activity.pk, percent=percent, minutes_spent=minutes)
            return activity

    def learns(
        self,
        days_ago: int,
        resource: str,
        minutes: int,
        takeaway: str,
        try_class: str = "",
        try_in: int | None = None,
        took: int = 6,
    ) -> tuple[Activity, Reflection]:
        """Take something up, finish it, and reflect; `try_in` counts days after the reflection, `took` before it."""
        activity = self.takes_up(days_ago + took, resource)
        with self.on(days_ago) as actor:
            courses.set_progress(actor, activity_id=activity.pk, percent=100, minutes_spent=minutes)
            reflection = evidence.submit_reflection(
                actor,
                activity_id=activity.pk,
                takeaway=takeaway,
                minutes=minutes,
                try_class=try_class,
                try_on=None if try_in is None else self.day(try_in - days_ago),
            )
        return activity, reflection

    def answers(self, days_ago: int, reflection: Reflection, outcome: str, what_happened: str) -> None:
        """Say how the trial in class went."""
        with self.on(days_ago) as actor:
            evidence.answer_reflection(actor, reflection_id=reflection.pk, outcome=outcome, what_happened=what_happened)
