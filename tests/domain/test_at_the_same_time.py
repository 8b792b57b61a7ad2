"""Two windows, two workers: what happens when the same act is begun while the first one is still being written.

SQLite lets one writer in at a time, so these run on PostgreSQL only.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.models import F

from lantern.domain.credits import commands as credits
from lantern.domain.credits.models import Licence
from lantern.domain.needs import commands as needs
from lantern.domain.needs.models import Need
from lantern.domain.privacy.models import Share
from lantern.domain.recommendations import commands as recommendations
from lantern.domain.recommendations.models import Suggestion
from lantern.kernel import clock, files, idempotency
from lantern.kernel.actor import Actor
from lantern.kernel.files import keeping
from lantern.kernel.files.models import FileSpace, StoredFile
from tests.cast import Cast, acting, assemble
from tests.offers import offers
from tests.sharing import share_one

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite lets one writer in at a time"),
]


@pytest.fixture
def people() -> Cast:
    return assemble()


def twice(person: Any, act: Callable[[Actor], Any]) -> list[Any]:
    """Do an act in two transactions: the second begins within the first, which ends once the second waits for it."""
    answers: list[Any] = []

    def second() -> None:
        try:
            with acting(person) as actor, transaction.atomic():
                answers.append(act(actor))
        except Exception as problem:
            answers.append(problem)
        finally:
            connection.close()

    thread = threading.Thread(target=second)
    with acting(person) as actor, transaction.atomic():
        first = act(actor)
        thread.start()
        while thread.is_alive() and not _somebody_waits():
            thread.join(0.02)
    thread.join()
    return [first, *answers]


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)")
        return bool(cursor.fetchone()[0])


def test_a_form_sent_twice_at_once_gets_the_answer_of_the_first(people: Cast) -> None:
    def send(actor: Actor) -> idempotency.Replay | None:
        assert actor.person_id is not None
        earlier = idempotency.claim(actor.tenancy.own, actor.person_id, "one-form-sent", "digest")
        if earlier is None:
            idempotency.record(actor.person_id, "one-form-sent", 303, "/grow/goals/")
        return earlier

    assert twice(people.novice, send) == [None, idempotency.Replay(303, "/grow/goals/")]


def test_sharing_the_same_thing_twice_at_once_is_one_share(people: Cast) -> None:
    item = uuid4()
    coach = people.coach.pk
    first, second = twice(
        people.novice,
        lambda actor: share_one(actor, grantee_id=coach, item_kind="goal", item_id=item, purpose="Coaching").pk,
    )
    assert first == second
    with acting(people.novice):
        assert Share.objects.count() == 1


def test_two_rankings_at_once_leave_one(people: Cast) -> None:
    offers(people)
    first, second = twice(people.novice, recommendations.refresh)
    assert first == second > 0
    with acting(people.novice):
        assert Suggestion.objects.count() == first


def test_the_same_need_written_twice_at_once_is_one(people: Cast) -> None:
    first, second = twice(people.novice, lambda actor: needs.add_need(actor, words="Calmer mornings").pk)
    assert first == second
    with acting(people.novice):
        assert Need.objects.count() == 1


def test_a_licence_said_twice_at_once_is_one(people: Cast) -> None:
    today = clock.today()
    later = today.replace(year=today.year + 3)
    first, second = twice(
        people.novice,
        lambda actor: (
            credits.set_licence(
                actor, name="Teaching licence", credit_type="PD", hours_needed=90, counts_from=today, renews_on=later
            ).pk
        ),
    )
    assert first == second
    with acting(people.novice):
        assert Licence.objects.count() == 1


UPLOADS, EACH = 8, 300_000
"""Of a room of one megabyte: three fit, and a fourth would be too much."""


def upload_together(person: Any) -> tuple[int, int]:
    """Hand in eight files at once, from eight windows; how many were refused, and how many bytes are kept."""
    handed_in = [
        files.ingest(BytesIO(bytes([97 + number]) * EACH), "notes.txt", allowed=files.ALL_TYPES)
        for number in range(UPLOADS)
    ]
    begin = threading.Barrier(UPLOADS)
    refused: list[Exception] = []

    def window(number: int) -> None:
        try:
            begin.wait()
            with acting(person), transaction.atomic():
                keeping.keep(person.pk, handed_in[number])
        except files.FileRefused as problem:
            refused.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=window, args=(number,)) for number in range(UPLOADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with acting(person):
        kept = sum(StoredFile.objects.filter(owner=person).values_list("size", flat=True))
        assert keeping.room_used(person.pk) == kept
    return len(refused), kept


def test_uploads_at_once_never_take_more_than_there_is(people: Cast, settings: Any) -> None:
    settings.LANTERN_PERSON_MB = 1
    assert upload_together(people.novice) == (UPLOADS - 3, 3 * EACH)
    assert upload_together(people.novice) == (UPLOADS, 3 * EACH)  # full is full


def test_looking_first_and_writing_then_would_take_more(
    people: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the same windows ask for room first and update then, and all have asked before any writes."""
    settings.LANTERN_PERSON_MB = 1
    with acting(people.novice):
        FileSpace.objects.create(owner=people.novice)
    looked = threading.Barrier(UPLOADS)

    def look_then_write(owner_id: Any, size: int) -> None:
        if keeping.room_used(owner_id) + size > keeping.most_bytes():
            raise files.FileRefused("No room.")
        looked.wait()
        FileSpace.objects.filter(owner_id=owner_id).update(used=F("used") + size)

    monkeypatch.setattr(keeping, "_take_room", look_then_write)
    assert upload_together(people.novice) == (0, UPLOADS * EACH)
