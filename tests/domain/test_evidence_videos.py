"""Videos as evidence: prepared once, shown to whom their owner names, counted, ended at their date, erased with all
that was made of them.
"""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum

from lantern.domain.coaching import commands as coaching
from lantern.domain.evidence import commands as evidence
from lantern.domain.evidence import queries
from lantern.domain.evidence.models import Evidence
from lantern.domain.privacy import commands as privacy
from lantern.domain.privacy import queries as privacy_queries
from lantern.domain.privacy.models import Look
from lantern.flows import prepare_videos
from lantern.kernel import clock, files, jobs, tenancy
from lantern.kernel.errors import Invalid, NotAllowed, NotFound
from lantern.kernel.events.models import EventRecord
from lantern.kernel.files import keeping
from lantern.kernel.files.models import FileRole, FileSpace, StoredFile
from lantern.kernel.sealing.streams import open_sealed
from tests.cast import acting, system_of
from tests.domain.learning_factory import logged, make_rule, reflected, with_file
from tests.videos import TITLE, bytes_to_keep, make_video, ready_video

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    settings.LANTERN_FILES = tmp_path / "files"
    return Path(settings.LANTERN_FILES)


@pytest.fixture(scope="module")
def lesson(tmp_path_factory) -> bytes:
    return make_video(tmp_path_factory.mktemp("made") / "lesson.mp4").read_bytes()


def on_disk(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def with_video(actor: Any, activity: Any, data: bytes, **facts: Any) -> Any:
    said = {"kind": "work", "students": "nobody", "filename": "lesson.mp4", "note": "", **facts}
    return evidence.add_video(actor, activity_id=activity.pk, upload=io.BytesIO(data), **said)


def run_job(found: Any) -> Any:
    """Do the queued job as the worker does, and give the row as it is then."""
    jobs.run(str(found.job_id))
    found.refresh_from_db()
    return found


def counted(person: Any) -> tuple[int, int]:
    """What is counted, and what is there."""
    there = StoredFile.objects.filter(owner=person).aggregate(sum=Sum("size"))["sum"] or 0
    return keeping.room_used(person.pk), there


@pytest.mark.requirement("B.6")
def test_a_video_opens_only_once_it_is_written_anew_and_what_came_is_gone(cast, folder, lesson) -> None:
    make_rule(cast.district)
    with acting(cast.novice) as nia:
        activity = logged(nia)
        reflected(nia, activity)
        found = Evidence.objects.get(pk=with_video(nia, activity, lesson).pk)
        assert (found.state, found.file.role, found.keep_until) == (
            "preparing", FileRole.RAW, clock.today() + timedelta(days=90),
        )  # fmt: skip
        assert counted(cast.novice) == (len(lesson), len(lesson))
        assert not queries.has_evidence(nia, activity.pk)
        with pytest.raises(NotFound):
            evidence.open_bytes(nia, evidence_id=found.pk)
        run_job(found)
        assert found.state == "ready" and found.job is not None and found.job.state == "done"
        assert queries.has_evidence(nia, activity.pk)
        assert EventRecord.objects.filter(name="CreditAwarded").count() == 1  # it was what the hours waited for
        film = evidence.open_bytes(nia, evidence_id=found.pk)
        poster = evidence.open_bytes(nia, evidence_id=found.pk, part="poster")
        assert (film.media_type, poster.media_type, film.mine) == ("video/mp4", "image/jpeg", True)
        assert on_disk(folder) == sorted([film.key, poster.key])  # the original is deleted
        assert TITLE.encode() not in b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
        assert counted(cast.novice)[0] == counted(cast.novice)[1] > 0
        jobs.run(str(found.job_id))
        assert evidence.prepare_video(nia, evidence_id=found.pk, told=lambda done, total: None)
        assert on_disk(folder) == sorted([film.key, poster.key])
        assert with_video(nia, activity, lesson).pk == found.pk


def test_what_cannot_be_opened_is_deleted_and_its_page_says_why(cast, folder) -> None:
    with acting(cast.novice) as nia:
        found = Evidence.objects.get(pk=with_video(nia, logged(nia), b"\0\0\0\x18ftypmp42" + bytes(5000)).pk)
        run_job(found)
        assert found.state == "refused" and "could not open" in found.refusal
        assert on_disk(folder) == [] and counted(cast.novice) == (0, 0)
        assert not queries.has_evidence(nia, found.activity_id)


def test_a_full_disk_tries_again_later_and_a_removed_video_ends_its_job(cast, folder, lesson, monkeypatch) -> None:
    with acting(cast.novice) as nia:
        found = Evidence.objects.get(pk=with_video(nia, logged(nia), lesson).pk)

        def full(*args: Any, **kwargs: Any) -> None:
            raise files.StorageFull

        with monkeypatch.context() as without_room:
            without_room.setattr("lantern.kernel.files.video.require_space", full)
            with pytest.raises(OSError, match="no room"):
                jobs.run(str(found.job_id))
        found.refresh_from_db()
        assert found.state == "preparing" and found.job is not None and found.job.state == "waiting"
        evidence.remove_evidence(nia, evidence_id=found.pk)
        jobs.run(str(found.job_id))
        assert jobs.Job.objects.get(pk=found.job_id).result == {"ready": False}
        assert on_disk(folder) == [] and counted(cast.novice) == (0, 0)


@pytest.mark.parametrize(("field", "value"), [("students", ""), ("students", "maybe"), ("kind", "selfie")])
def test_nothing_is_taken_before_it_is_said_who_is_in_it(cast, folder, lesson, field, value) -> None:
    with acting(cast.novice) as nia:
        with pytest.raises(Invalid) as refused:
            with_video(nia, logged(nia), lesson, **{field: value})
        assert set(refused.value.fields) == {field}
        assert on_disk(folder) == []


def test_a_person_has_so_much_room_and_two_at_once_cannot_share_the_last_of_it(cast, folder, settings) -> None:
    settings.LANTERN_PERSON_MB = 1
    with acting(cast.novice) as nia:
        activity = logged(nia)
        ready_video(cast.novice, activity, folder, bytes(900_000))
        with pytest.raises(Invalid, match="1 MB in all"):
            with_file(nia, activity, "x" * 200_000)
        assert counted(cast.novice)[0] == counted(cast.novice)[1] < 1_000_000
        before = counted(cast.novice)
        space = FileSpace.objects.get(owner=cast.novice)
        with transaction.atomic(), pytest.raises(files.FileRefused):
            keeping.keep(cast.novice.pk, bytes_to_keep(folder, b"y" * 150_000, "text/plain"))
        space.refresh_from_db()
        assert space.used == before[0]
        evidence.remove_evidence(nia, evidence_id=Evidence.objects.get().pk)
        assert counted(cast.novice) == (0, 0)


@pytest.fixture
def shared(cast, folder) -> Any:
    """A video of the novice's that her coach may watch."""
    with acting(cast.novice) as nia:
        film = ready_video(cast.novice, logged(nia), folder, b"film bytes")
        link = coaching.ask_coach(nia, coach_id=cast.coach.pk)
    with acting(cast.coach) as coach:
        coaching.answer_link(coach, link_id=link.pk, accept=True)
    with acting(cast.novice) as nia:
        assert coaching.share_with_coach(nia, link_id=link.pk, evidence_ids=[film.pk]) == 1
    return film


@pytest.mark.requirement("P6.3")
@pytest.mark.parametrize("who", ["expert", "para", "principal", "coordinator", "operator", "official", "outsider"])
def test_a_video_opens_for_the_chosen_coach_and_for_nobody_else(cast, shared, who) -> None:
    with acting(cast.coach) as coach:
        opened = evidence.open_bytes(coach, evidence_id=shared.pk)
        assert b"".join(files.open_range(opened.key)) == b"film bytes" and not opened.mine
        for act in (queries.get_evidence, lambda actor, key: evidence.remove_evidence(actor, evidence_id=key)):
            with pytest.raises(NotFound):
                act(coach, shared.pk)
    with acting(getattr(cast, who)) as other:
        for part in ("file", "poster"):
            with pytest.raises(NotFound):
                evidence.open_bytes(other, evidence_id=shared.pk, part=part)
        with pytest.raises(NotFound):
            evidence.open_shared_evidence(other, evidence_id=shared.pk, purpose="Coaching")
    with acting(cast.novice):
        assert set(Look.objects.values_list("viewer_id", flat=True)) == {cast.coach.pk}


@pytest.mark.requirement("P6.3")
def test_a_viewing_is_one_look_and_the_end_of_the_share_is_the_end_of_it(cast, shared) -> None:
    with acting(cast.coach) as coach:
        evidence.open_shared_evidence(coach, evidence_id=shared.pk, purpose="Coaching")
        for _ in range(5):
            evidence.open_bytes(coach, evidence_id=shared.pk)
    with acting(cast.novice) as nia:
        assert Look.objects.filter(item_id=shared.pk).count() == 1
        later = clock.now() + timedelta(hours=5)
        with acting(cast.coach) as coach, clock.standing_at(later):
            evidence.open_bytes(coach, evidence_id=shared.pk)  # without opening the page: a look all the same
        assert Look.objects.filter(item_id=shared.pk).count() == 2
        (share,) = privacy_queries.my_shares(nia)
        privacy.revoke(nia, share_id=share.id)
    with acting(cast.coach) as coach, pytest.raises(NotFound):
        evidence.open_bytes(coach, evidence_id=shared.pk)


def test_a_missing_release_closes_the_video_for_others_at_once(cast, shared) -> None:
    with acting(cast.novice) as nia:
        evidence.say_students(nia, evidence_id=shared.pk, students="missing")
        assert queries.shareable_evidence(nia) == {}
        assert evidence.open_bytes(nia, evidence_id=shared.pk).mine
    with acting(cast.coach) as coach, pytest.raises(NotFound):
        evidence.open_bytes(coach, evidence_id=shared.pk)
    with acting(cast.novice) as nia:
        evidence.say_students(nia, evidence_id=shared.pk, students="released")
    with acting(cast.coach) as coach:
        assert not evidence.open_bytes(coach, evidence_id=shared.pk).mine


def test_only_what_is_hers_and_can_be_shown_can_be_shared(cast, folder) -> None:
    with acting(cast.novice) as nia:
        activity = logged(nia)
        text = with_file(nia, activity)
        unsure = ready_video(cast.novice, activity, folder, b"unsure", students="unsure")
        link = coaching.ask_coach(nia, coach_id=cast.coach.pk)
    with acting(cast.coach) as coach:
        coaching.answer_link(coach, link_id=link.pk, accept=True)
    with acting(cast.expert) as expert:
        hers = ready_video(cast.expert, logged(expert), folder, b"hers")
    with acting(cast.novice) as nia:
        for item in (text, unsure, hers):
            with pytest.raises(NotFound):
                coaching.share_with_coach(nia, link_id=link.pk, evidence_ids=[item.pk])


def test_a_video_ends_at_its_date_unless_its_owner_keeps_it(cast, folder, shared) -> None:
    system = system_of(cast.district)

    def day(number: int) -> Any:
        return clock.standing_at(clock.now() + timedelta(days=number))

    with acting(cast.novice) as nia:
        kept = ready_video(cast.novice, logged(nia), folder, b"kept longer")
        with pytest.raises(NotAllowed):
            evidence.end_video(nia, evidence_id=shared.pk)
        with day(60):
            assert evidence.extend_video(nia, evidence_id=kept.pk).keep_until == clock.today() + timedelta(days=90)
    with tenancy.within(system.tenancy):
        with day(90):
            assert prepare_videos.end_videos(system, lambda *told: None) == {"ended": 0}
        with day(91):
            assert prepare_videos.end_videos(system, lambda *told: None) == {"ended": 1}
            assert prepare_videos.end_videos(system, lambda *told: None) == {"ended": 0}
    with acting(cast.novice) as nia:
        ended = queries.get_evidence(nia, shared.pk)
        assert (ended.state, ended.note, ended.file.role, ended.file.size) == ("ended", "", FileRole.GONE, 0)
        assert b"film bytes" not in b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
        assert evidence.open_bytes(nia, evidence_id=kept.pk).mine
        with pytest.raises(NotFound):
            evidence.open_bytes(nia, evidence_id=shared.pk)
        assert counted(cast.novice)[0] == counted(cast.novice)[1]


def test_one_erasure_takes_the_film_the_still_and_what_came(cast, folder, lesson) -> None:
    """Trust.md, pitfall 10: the folder is searched for the canary, in finished and unfinished videos alike."""
    with acting(cast.novice) as nia:
        activity = logged(nia)
        ready_video(cast.novice, activity, folder, b"canary-film-9")
        with_video(nia, activity, lesson + b"canary-raw-9")
        with_file(nia, activity, "canary-text-9")
    with acting(cast.expert) as expert:
        ready_video(cast.expert, logged(expert), folder, b"the expert's")

    def everything() -> bytes:
        with tenancy.unscoped("test"):
            return b"".join(piece for path in folder.rglob("*") if path.is_file() for piece in open_sealed(path))

    assert everything().count(b"canary-") == 4  # the control: film, still, original and text are found
    with acting(cast.novice) as nia:
        evidence.erase(nia, cast.novice.pk)
        assert not StoredFile.objects.filter(owner=cast.novice).exists()
        assert not FileSpace.objects.filter(owner=cast.novice).exists()
    assert b"canary" not in everything() and b"the expert's" in everything()
