"""Files that show something: taken in safely, kept once, removed for good, nothing half-written."""

from __future__ import annotations

import io
import shutil
from uuid import uuid4

import pytest

from lantern.domain.evidence import commands as evidence
from lantern.domain.evidence import queries
from lantern.domain.evidence.commands import files as evidence_files
from lantern.kernel import files
from lantern.kernel.errors import Invalid, NotFound, Unavailable
from lantern.kernel.events.models import EventRecord
from lantern.kernel.files.models import StoredFile
from tests.cast import acting
from tests.domain.learning_factory import logged, reflected, with_file

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files_of_its_own(settings, tmp_path):
    settings.LANTERN_FILES = tmp_path / "files"
    return settings.LANTERN_FILES


def on_disk(folder) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@pytest.mark.requirement("B.6")
@pytest.mark.django_db(transaction=True)
def test_a_file_is_checked_kept_and_tied_to_its_activity(cast, files_of_its_own) -> None:
    with acting(cast.novice) as nia:
        activity = logged(nia)
        kept = with_file(nia, activity, "I was there.", "my note.txt", note=" from  Sunday ")
        found = queries.get_evidence(nia, kept.pk)
        assert (found.file.name, found.file.media_type, found.note) == ("my note.txt", "text/plain", "from Sunday")
        assert b"".join(files.open_range(found.file.key)) == b"I was there."
        assert on_disk(files_of_its_own) == [found.file.key]
        assert queries.has_evidence(nia, activity.pk)


def test_the_same_content_twice_is_one_piece_of_evidence(cast) -> None:
    with acting(cast.novice) as nia:
        activity = logged(nia)
        assert with_file(nia, activity).pk == with_file(nia, activity, name="again.txt").pk
        assert with_file(nia, activity, "Other words.").pk != with_file(nia, activity).pk
        assert StoredFile.objects.count() == 2
        assert EventRecord.objects.filter(name="EvidenceAdded").count() == 2


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "empty.txt"), (b"MZ\x90\x00", "a.exe"), (b"%PDF-1.7 nonsense", "a.pdf"), (b"\xff\xd8\xff0", "a.jpg")],
)
def test_what_cannot_be_opened_is_refused_with_a_reason(cast, files_of_its_own, content, name) -> None:
    with acting(cast.novice) as nia:
        activity = logged(nia)
        with pytest.raises(Invalid) as refused:
            evidence.add_evidence(
                nia, activity_id=activity.pk, kind="attendance", upload=io.BytesIO(content), filename=name
            )
        assert set(refused.value.fields) == {"upload"}
        assert not queries.my_evidence(nia).exists()
        assert on_disk(files_of_its_own) == []


@pytest.mark.parametrize(("field", "value"), [("kind", "selfie"), ("note", "x" * 201)])
def test_wrong_facts_about_a_file_are_refused(cast, field, value) -> None:
    with acting(cast.novice) as nia:
        activity = logged(nia)
        with pytest.raises(Invalid) as refused:
            with_file(nia, activity, **{field: value})
        assert set(refused.value.fields) == {field}


def test_an_activity_holds_only_so_many_files(cast, monkeypatch) -> None:
    monkeypatch.setattr(evidence_files, "MOST_FILES", 1)
    with acting(cast.novice) as nia:
        activity = logged(nia)
        with_file(nia, activity)
        with pytest.raises(Invalid):
            with_file(nia, activity, "Another.")


@pytest.mark.requirement("B.6")
def test_a_full_disk_is_said_and_leaves_nothing_behind(cast, files_of_its_own, monkeypatch) -> None:
    with acting(cast.novice) as nia:
        activity = logged(nia)
        real = shutil.disk_usage
        monkeypatch.setattr(shutil, "disk_usage", lambda path: real(path)._replace(free=1000))
        with pytest.raises(Unavailable, match="no room"):
            with_file(nia, activity)
        assert not StoredFile.objects.exists()
        assert on_disk(files_of_its_own) == []
        monkeypatch.undo()
        assert with_file(nia, activity).pk


@pytest.mark.django_db(transaction=True)
def test_removing_deletes_the_row_and_after_the_commit_the_file(cast, files_of_its_own) -> None:
    with acting(cast.novice) as nia:
        activity = logged(nia)
        kept = with_file(nia, activity)
        evidence.remove_evidence(nia, evidence_id=kept.pk)
        assert not StoredFile.objects.exists()
        assert on_disk(files_of_its_own) == []
        with pytest.raises(NotFound):
            evidence.remove_evidence(nia, evidence_id=kept.pk)


@pytest.mark.requirement("B.6")
@pytest.mark.parametrize("who", ["expert", "coach", "principal", "coordinator", "operator", "official", "outsider"])
def test_files_of_another_person_do_not_exist(cast, who) -> None:
    with acting(cast.novice) as nia:
        activity = logged(nia)
        kept = with_file(nia, activity)
    with acting(getattr(cast, who)) as other:
        for act in (
            lambda: queries.get_evidence(other, kept.pk),
            lambda: evidence.remove_evidence(other, evidence_id=kept.pk),
            lambda: with_file(other, activity),
            lambda: queries.get_evidence(other, uuid4()),
        ):
            with pytest.raises(NotFound):
                act()
        assert not queries.my_evidence(other).exists()
        with pytest.raises(NotFound):
            evidence.erase(other, cast.novice.pk)


@pytest.mark.django_db(transaction=True)
def test_export_and_erase_take_words_and_files(cast, files_of_its_own) -> None:
    with acting(cast.novice) as nia:
        activity = logged(nia)
        reflected(nia, activity, takeaway="Canary 4711")
        with_file(nia, activity)
        told = queries.export_for(nia)
        assert told["reflections"][0]["takeaway"] == "Canary 4711"
        assert told["evidence"][0]["file"]["name"] == "note.txt"
        assert evidence.erase(nia, cast.novice.pk) == {"reflections deleted": 1, "evidence files deleted": 1}
        assert queries.export_for(nia) == {"reflections": [], "evidence": []}
        assert on_disk(files_of_its_own) == []
