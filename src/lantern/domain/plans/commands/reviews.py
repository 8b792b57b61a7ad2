"""Coming back to what one has finished, at growing intervals (P7.6)."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction

from lantern.domain.courses import queries as courses
from lantern.domain.plans import queries
from lantern.domain.plans.events import ReviewAnswered
from lantern.domain.plans.models import Review
from lantern.domain.plans.types import ReviewState
from lantern.domain.privacy import policy as privacy
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid
from lantern.kernel.events import publish


@transaction.atomic
def answer_review(actor: Actor, *, activity_id: UUID, step: int, state: ReviewState) -> None:
    """Say that I came back to something for the `step`-th time, or want to be asked no more; a repeat changes nothing.

    Raises NotFound for what is not mine, Invalid where that step is not the next one.
    """
    me = privacy.acting_person(actor)
    activity = courses.get_activity(actor, activity_id)
    answered = queries.reviews_of(actor, activity.pk)
    if step in answered:
        return
    if not activity.is_finished or step != len(answered) + 1 or ReviewState.ENOUGH in answered.values():
        raise Invalid("There is nothing to come back to here now.")
    try:
        with transaction.atomic():
            Review.objects.create(
                person_id=me,
                tenant_id=actor.tenancy.own,
                activity_id=activity.pk,
                step=step,
                state=state.value,
                on=clock.today(),
            )
    except IntegrityError:
        if step not in queries.reviews_of(actor, activity.pk):
            raise Invalid("There is nothing to come back to here now.") from None
        return  # the same press, twice at once
    publish(actor, ReviewAnswered(activity.pk, step, state is ReviewState.ENOUGH))
