"""A person's rights: the archive forgets no field of no table and comes back as it was; erasure leaves nothing but
what must stay (trust.md C6).
"""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.db import connection, transaction
from django.db.models import ForeignKey, Model

import lantern.domain
from lantern import models as tables
from lantern.domain.needs import queries as needs
from lantern.domain.privacy import commands as privacy
from lantern.domain.privacy import policy, queries
from lantern.domain.privacy.queries.records import plain_fields
from lantern.flows import rights
from lantern.kernel import clock, tenancy
from lantern.kernel.errors import Invalid, NotFound
from lantern.kernel.files import keeping
from lantern.kernel.sealing.keys import new_wrapped_key
from tests.cast import Cast, acting, actor_of, competencies_of
from tests.things import CANARY, make_things

TABLES = list(apps.get_app_config("lantern").get_models())


@pytest.fixture
def files_here(tmp_path: Path, settings: Any) -> Path:
    """A folder of its own for kept files and the list of erasures."""
    settings.LANTERN_DATA = tmp_path
    settings.LANTERN_FILES = tmp_path / "files"
    return tmp_path


@pytest.fixture
def lived(cast: Cast, files_here: Path, django_capture_on_commit_callbacks: Any) -> Cast:
    """The novice has one of everything, and more of what has a history."""
    with django_capture_on_commit_callbacks(execute=True):
        make_things(cast)
    now, facts = clock.now(), {"tenant_id": cast.district.pk}
    with tenancy.unscoped("factory"):
        goal = tables.Goal.objects.get(person=cast.novice)
        tables.GoalCheck.objects.create(goal=goal, on=clock.today(), value="2", note=CANARY, at=now, **facts)
        standard = tables.ClassStandard.objects.get(own_class__person=cast.novice)
        tables.GoalMeasure.objects.create(goal=goal, standard=standard, **facts)
        tables.PlanWeek.objects.create(
            plan=tables.Plan.objects.get(person=cast.novice), monday=clock.week_start(clock.today()), minutes=10,
            note=CANARY, **facts,
        )  # fmt: skip
        for level in (1, 3):
            tables.Rating.objects.create(
                person=cast.novice, competency=competencies_of(cast.framework)[0], level=level, source="own_rating",
                at=now, **facts,
            )  # fmt: skip
        resource = tables.Resource.objects.get(title="Number talks in ten minutes")
        tables.SavedResource.objects.create(person=cast.novice, resource=resource, at=now, **facts)
        tables.Dismissal.objects.create(person=cast.novice, resource=resource, why="known", at=now, **facts)
        tables.OutboxMessage.objects.create(
            person=cast.novice, address=cast.novice.email, subject="s", body=CANARY, message_id="m-1", created_at=now,
            **facts,
        )  # fmt: skip
        tables.Look.objects.create(
            person=cast.novice, viewer=cast.coach, viewer_name="Cora Bell", item_kind="goal", item_id=goal.pk,
            purpose=CANARY, at=now, **facts,
        )  # fmt: skip
    return cast


def archive_of(person: Any) -> bytes:
    with acting(person) as actor:
        target = io.BytesIO()
        rights.write_archive(actor, target)
        return target.getvalue()


def records_in(archive: bytes) -> list[dict[str, Any]]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return [json.loads(line) for line in opened.read(rights.RECORDS).splitlines()]


def what_comes_back(person: Any) -> list[Any]:
    names = {table.__name__ for table in queries.brought_back()}
    with acting(person) as actor:
        return [record for record in queries.records_of(actor) if record.table in names]


@pytest.mark.requirement("N4")
def test_the_archive_holds_every_field_of_every_table_that_is_somebodys(lived: Cast) -> None:
    held: dict[str, set[str]] = {}
    for record in records_in(archive_of(lived.novice)):
        held.setdefault(record["table"], set()).update(record["fields"])
    with tenancy.unscoped("test"):
        missing = [
            table.__name__
            for table in queries.owned_tables()
            if table.__name__ not in held and _is_tied(table, lived.novice)
        ]
    assert missing == []
    for name, fields in held.items():
        table = next(table for table in TABLES if table.__name__ == name)
        wanted = {field.attname for field in table._meta.concrete_fields if field.name not in ("id", "tenant")}
        assert wanted - fields == {f for of, f in queries.SECRETS if of == name}, name


def _is_tied(table: type[Model], person: Any) -> bool:
    owner = policy.privacy_of(table).owner
    return table._default_manager.filter(**({"pk": person.pk} if owner == "self" else {owner: person})).exists()


def test_the_archive_holds_her_files_and_words_and_nobody_elses(lived: Cast) -> None:
    with zipfile.ZipFile(io.BytesIO(archive_of(lived.novice))) as opened:
        names = opened.namelist()
        assert CANARY in opened.read(rights.READABLE).decode() and CANARY in opened.read(rights.RECORDS).decode()
        kept = [name for name in names if name.startswith("files/")]
        assert [opened.read(name).decode().strip() for name in kept] == [CANARY] * 3  # a note, a film and its still
    for other in (lived.principal, lived.operator, lived.outsider, lived.para):
        assert CANARY.encode() not in b"".join(_unzipped(archive_of(other)))


def _unzipped(archive: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return [opened.read(name) for name in opened.namelist()]


def erase_private_rows(person: Any) -> None:
    """What she had is gone, as at another installation; she herself and her sign-in are there."""
    with acting(person) as actor, transaction.atomic():
        for feature, erase in rights.ERASE.items():
            if feature not in ("people", "credits"):
                erase(actor, person.pk)
        keeping.erase_files(person.pk)


@pytest.mark.requirement("N4")
def test_what_was_taken_along_comes_back_as_it_was(lived: Cast) -> None:
    before, archive = what_comes_back(lived.novice), archive_of(lived.novice)
    assert len({record.table for record in before}) >= 17
    profile = tables.Profile
    with acting(lived.novice):
        films = {str(one.pk) for one in tables.StoredFile.objects.exclude(role="kept")}
        films |= {str(one.pk) for one in tables.Evidence.objects.exclude(keep_until=None)}
    assert len(films) == 4
    erase_private_rows(lived.novice)
    assert {record.table for record in what_comes_back(lived.novice)} == {profile.__name__}
    with acting(lived.novice) as nia:
        result = rights.read_archive(nia, io.BytesIO(archive))
    assert {one.split()[1].rstrip(":") for one in result.left_out} == films and result.there_already == 1
    assert what_comes_back(lived.novice) == [record for record in before if record.id not in films]
    with acting(lived.novice) as nia:
        again = rights.read_archive(nia, io.BytesIO(archive))
    assert sum(again.written.values()) == 0 and len(what_comes_back(lived.novice)) == len(before) - len(films)


def test_consent_and_looks_do_not_come_back(lived: Cast) -> None:
    archive = archive_of(lived.novice)
    erase_private_rows(lived.novice)
    with acting(lived.novice) as nia:
        rights.read_archive(nia, io.BytesIO(archive))
        assert queries.my_shares(nia) == [] and not queries.my_looks(nia).exists()
    with acting(lived.expert) as elena:
        assert queries.shared_with_me(elena) == []


def test_an_archive_of_somebody_else_changes_nothing_of_hers(lived: Cast) -> None:
    archive, hers = archive_of(lived.novice), what_comes_back(lived.novice)
    with acting(lived.expert) as elena:
        result = rights.read_archive(elena, io.BytesIO(archive))
    assert sum(result.written.values()) == 0 and result.left_out
    assert what_comes_back(lived.novice) == hers


def test_official_records_are_not_written_from_an_archive(lived: Cast) -> None:
    line = {
        "table": "CreditEntry",
        "id": "01900000-0000-7000-8000-000000000001",
        "fields": {"person_id": str(lived.novice.pk), "hundredths": 999_00, "title": "A gift"},
    }
    with acting(lived.novice) as nia:
        result = rights.read_archive(nia, io.BytesIO(zipped(json.dumps(line))))
    assert result.written == {}
    with tenancy.unscoped("test"):
        assert not tables.CreditEntry.objects.filter(title="A gift").exists()


def zipped(records: str, name: str = rights.RECORDS) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(name, records)
    return target.getvalue()


@pytest.mark.parametrize(
    "bad",
    [b"", b"not a zip", zipped("{}", "other.txt"), zipped("no json"), zipped('["a list"]'), zipped("[" * 50_000)],
    ids=["empty", "no zip", "no records", "no json", "no record", "deep"],
)
def test_what_is_no_archive_is_refused_with_its_reason(cast: Cast, bad: bytes) -> None:
    with acting(cast.novice) as nia, pytest.raises(Invalid) as refused:
        rights.read_archive(nia, io.BytesIO(bad))
    assert "archive" in refused.value.fields


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"fields": {"title": "x" * 5000}}, "at most"),
        ({"fields": {"superpower": 1}}, "not known here"),
        ({"fields": {"due_on": "yesterday"}}, "date"),
        ({"id": "not an id"}, "badly formed"),
    ],
)
def test_a_row_that_does_not_hold_is_left_out_with_its_reason(
    cast: Cast, change: dict[str, Any], words: str
) -> None:
    now = clock.now().isoformat()
    fields = {
        "title": "t", "measure": "m", "baseline": "0", "target": "1", "due_on": "2027-01-01", "state": "open",
        "created_at": now, "updated_at": now, "why": "",
    }  # fmt: skip
    good = {"table": "Goal", "id": "01900000-0000-7000-8000-000000000001", "fields": fields}
    bad = {"table": "Goal", "id": "01900000-0000-7000-8000-000000000002"} | change
    bad["fields"] = fields | change.get("fields", {})
    with acting(cast.novice) as nia:
        result = rights.read_archive(nia, io.BytesIO(zipped(json.dumps(good) + "\n" + json.dumps(bad))))
    assert result.written == {"Goal": 1}
    assert len(result.left_out) == 1 and words in result.left_out[0]


@pytest.mark.parametrize(
    "bad", [{"sd": 1e-200}, {"sd": float("nan")}, {"sd": 10**400}, {"level": float("nan")}, {"level": 10**400}],
    ids=["too sure", "sd NaN", "sd too large", "level NaN", "level too large"],
)  # fmt: skip
@pytest.mark.requirement("N4")
def test_what_cannot_be_weighed_is_left_out_and_the_rest_comes_back(cast: Cast, bad: dict[str, Any]) -> None:
    """An archive is a file that anybody can write; a row of it must not break her pages or the night of others."""
    fields = {
        "competency_id": str(competencies_of(cast.framework)[0].pk), "kind": "check", "level": 2.0, "sd": 0.5,
        "source_id": "01900000-0000-7000-8000-000000000003", "words": "w", "at": clock.now().isoformat(),
    }  # fmt: skip
    kept = {"source_id": "01900000-0000-7000-8000-000000000004"}
    ids = [f"01900000-0000-7000-8000-00000000000{n}" for n in (1, 2)]
    records = [
        {"table": "LevelEvidence", "id": one, "fields": fields | change}
        for one, change in zip(ids, (bad, kept), strict=True)
    ]
    with acting(cast.novice) as nia:
        result = privacy.bring_back(nia, records=records)
        assert result.written == {"LevelEvidence": 1}
        assert len(result.left_out) == 1 and ids[0] in result.left_out[0]
        assert [one.evidence.sd for one in needs.what_was_said(nia)] == [0.5]
        assert list(needs.my_levels(nia).values()) == [2]


PROFILE: dict[str, Any] = {
    "interests": [], "strengths": [], "liked_kinds": [], "valued": [], "motivations": [], "factors_off": [],
    "sliders": {}, "minutes_per_week": 40, "draws_most": "", "mail_digest": "weekly",
}  # fmt: skip
NEED: dict[str, Any] = {"words": "w", "source": "own_words", "also_from": [], "state": "open"}
ACTIVITY: dict[str, Any] = {
    "title": "t", "kind": "video", "minutes": 5, "minutes_spent": 0, "percent": 100, "state": "finished",
    "from_before": False, "provider": "", "url": "",
}  # fmt: skip


@pytest.mark.parametrize(
    ("table", "fields", "bad"),
    [
        ("Profile", PROFILE, {"sliders": {"goal": "x"}}), ("Profile", PROFILE, {"sliders": [1, 2]}),
        ("Profile", PROFILE, {"liked_kinds": [{}]}), ("Profile", PROFILE, {"liked_kinds": 7}),
        ("Profile", PROFILE, {"factors_off": [[1]]}), ("Profile", PROFILE, {"motivations": [{"a": 1}]}),
        ("Need", NEED, {"also_from": [["x"]]}), ("Need", NEED, {"also_from": ["a rumour"]}),
        ("SavedSearch", {"name": "n"}, {"filters": {"open": {"a": 1}}}),
        ("Activity", ACTIVITY, {"finished_at": "0001-01-01T00:00:00Z"}),
        ("Activity", ACTIVITY, {"happened_on": "9999-12-31"}),
    ],
)  # fmt: skip
@pytest.mark.requirement("N4")
def test_a_row_of_another_shape_than_forms_keep_is_left_out(
    cast: Cast, table: str, fields: dict[str, Any], bad: dict[str, Any]
) -> None:
    """And the positive control: without what is bad in it, it comes back."""
    now = clock.now().isoformat()
    moments = {"Profile": ["started_at"], "Need": ["created_at"], "SavedSearch": ["at"]}
    dated = dict.fromkeys(moments.get(table, ["created_at", "updated_at"]), now)
    record = {"table": table, "id": "01900000-0000-7000-8000-000000000001", "fields": fields | dated | bad}
    with acting(cast.novice) as nia:
        tables.Profile.objects.filter(person_id=cast.novice.pk).delete()
        result = privacy.bring_back(nia, records=[record])
        assert result.written.get(table, 0) == 0 and len(result.left_out) == 1
        result = privacy.bring_back(nia, records=[record | {"fields": fields | dated}])
        assert (result.written, result.left_out) == ({table: 1}, ())


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_an_archive_with_what_is_no_number_is_refused(cast: Cast, word: str) -> None:
    line = f'{{"table": "LevelEvidence", "id": "x", "fields": {{"level": {word}}}}}'
    with acting(cast.novice) as nia, pytest.raises(Invalid) as refused:
        rights.read_archive(nia, io.BytesIO(zipped(line)))
    assert word in refused.value.fields["archive"]


def rows_of_others(person: Any) -> dict[str, list[Any]]:
    """Every row of every table that is somebody else's, whole."""
    with tenancy.unscoped("test"):
        return {
            table.__name__: [
                (row.pk, plain_fields(row))
                for row in table._default_manager.order_by("pk")
                if policy.item_of(row).owner_id not in (None, person.pk)
            ]
            for table in queries.owned_tables()
            if table.__name__ not in ("EventRecord", "Job")
        }


@pytest.mark.requirement("N4")
def test_after_an_erasure_no_row_file_mail_or_form_of_hers_is_left(
    lived: Cast, files_here: Path, django_capture_on_commit_callbacks: Any
) -> None:
    others = rows_of_others(lived.novice)
    with django_capture_on_commit_callbacks(execute=True), acting(lived.novice) as nia:
        rights.erase_me(nia)
    with tenancy.unscoped("test"), connection.cursor() as cursor:
        holding = []
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{name}"')  # noqa: S608 our own tables
            holding += [name for row in cursor.fetchall() if CANARY in str(row)]
    assert holding == []
    assert [p for p in files_here.rglob("*") if p.is_file() and CANARY.encode() in p.read_bytes()] == []
    assert not [message for message in mail.outbox if CANARY in str(message.body)]
    left = {}
    with tenancy.unscoped("test"):
        for table in TABLES:
            for field in table._meta.concrete_fields:
                to_her = isinstance(field, ForeignKey) and field.related_model is tables.Person
                if to_her and table._default_manager.filter(**{field.name: lived.novice}).exists():
                    left[table.__name__] = field.name
        person = tables.Person.objects.get(pk=lived.novice.pk)
        assert (person.email, person.job_title, person.active) == ("", "", False)
        assert not tables.Person.objects.filter(pk=lived.novice.pk, account__isnull=False).exists()
        assert not tables.Account.objects.filter(email=lived.novice.email).exists()
    assert left == {}, "nothing points to her any more"
    # What she and her coach had together, and invitations into a plan in which nobody is left.
    gone = {"Proposal", "CoachLink", "JointMember"}
    after = rows_of_others(lived.novice)
    for name, rows in others.items():
        kept = dict(after[name])
        for pk, fields in rows:
            if pk in kept:
                assert kept[pk] == fields, name
            else:
                assert name in gone or fields.get("grantee_id") == str(lived.novice.pk), name


def test_hours_stay_on_record_and_the_page_says_what_stays(lived: Cast) -> None:
    from lantern.web.account.views.rights import KEPT

    keeping = [table.__name__ for table in TABLES if policy.privacy_of(table).on_erase != "delete"]
    assert {"CreditEntry", "Person", "EventRecord", "GroupNeed", "Tombstone"} <= set(keeping)
    assert len(KEPT) >= 6


def test_every_feature_of_the_domain_is_asked_to_erase() -> None:
    folder = Path(lantern.domain.__path__[0])
    assert set(rights.ERASE) == {path.parent.name for path in folder.glob("*/__init__.py")}


def test_nobody_erases_somebody_else(lived: Cast) -> None:
    for other in (lived.principal, lived.coordinator, lived.operator, lived.outsider):
        with acting(other) as actor, pytest.raises(NotFound):
            rights.erase_person(actor, lived.novice.pk)
    assert what_comes_back(lived.novice)


def test_a_restored_backup_forgets_her_again(
    lived: Cast, files_here: Path, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True), acting(lived.novice) as nia:
        rights.erase_me(nia)
    lines = rights.tombstones().read_text()
    assert str(lived.novice.pk) in lines and "Nia" not in lines
    assert rights.forget_again(lines) == 0, "she is erased here already"
    now = clock.now()
    with tenancy.unscoped("an older database is back"):
        tables.Tombstone.objects.all().delete()
        tables.Person.objects.filter(pk=lived.novice.pk).update(
            active=True, email="nia@example.org", sealing_key=new_wrapped_key()
        )
        tables.Need.objects.create(
            tenant_id=lived.district.pk, person=lived.novice, words=CANARY, source="own_words", created_at=now
        )
    assert rights.forget_again(lines) == 1
    with tenancy.unscoped("test"):
        assert not tables.Need.objects.filter(person=lived.novice).exists()
        assert tables.Tombstone.objects.filter(person_id=lived.novice.pk).exists()
    with pytest.raises(Invalid, match="Line 1"):
        rights.forget_again("no erasure")


def test_a_failing_feature_erases_nothing(lived: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    before = what_comes_back(lived.novice)

    def broken(*_: Any) -> dict[str, int]:
        raise RuntimeError("the disk is gone")

    monkeypatch.setitem(rights.ERASE, "people", broken)
    with acting(lived.novice) as nia, pytest.raises(RuntimeError):
        rights.erase_me(nia)
    assert what_comes_back(lived.novice) == before
    assert actor_of(lived.novice).person_id == lived.novice.pk
