"""What is private lies sealed: unreadable in the database and on the disk, whole or refused, gone with the key."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from lantern import models as tables
from lantern.domain.goals import queries as goals
from lantern.domain.needs import commands as needs
from lantern.flows import rights
from lantern.kernel import sealing, tenancy
from lantern.kernel.ids import uuid7
from lantern.kernel.sealing import existing, fields, keys, streams
from tests.cast import Cast, acting
from tests.keys import somebody
from tests.things import CANARY, make_things

SEALED = [
    (model, field)
    for model in apps.get_models()
    for field in model._meta.local_fields
    if isinstance(field, sealing.SealedText)
]


def stored(table: str, column: str | None) -> list[str]:
    """Everything a column holds, as the database has it."""
    with tenancy.unscoped("test"), connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table}")  # noqa: S608 both are our own names
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.requirement("N4")
def test_the_database_holds_no_word_that_somebody_wrote_for_herself(cast: Cast) -> None:
    make_things(cast)
    filled = 0
    for model, field in SEALED:
        for text in stored(model._meta.db_table, field.column):
            assert not text or text.startswith(fields.FIRST), (model.__name__, field.name)
            filled += bool(text)
    assert filled >= 15
    with tenancy.unscoped("test"):
        assert tables.Need.objects.get(person=cast.novice).words == CANARY


def test_equal_words_look_different_and_open_only_in_their_own_column(cast: Cast) -> None:
    nia = somebody()
    one, two = (fields.seal(nia, "the same", "lantern_need.words") for _ in range(2))
    assert one != two and fields.unseal(one, "lantern_need.words") == "the same"
    with pytest.raises(sealing.SealBroken, match="changed"):
        fields.unseal(one, "lantern_goal.title")
    with pytest.raises(sealing.SealBroken, match="never sealed"):
        fields.unseal("the same", "lantern_need.words")


def test_words_of_one_person_do_not_open_as_anothers(cast: Cast) -> None:
    nia, elena = somebody(), somebody()
    sealed = fields.seal(nia, "mine", "lantern_need.words")
    with pytest.raises(sealing.SealBroken):
        fields.unseal(_renamed(sealed, elena), "lantern_need.words")


def _renamed(sealed: str, person_id: Any) -> str:
    raw = base64.b64decode(sealed[len(fields.FIRST) :])
    return fields.FIRST + base64.b64encode(person_id.bytes + raw[16:]).decode()


def test_what_is_sealed_cannot_be_updated_looked_up_or_sorted_in_the_open(cast: Cast) -> None:
    make_things(cast)
    with acting(cast.novice):
        rows = tables.Goal.objects.all()
        with pytest.raises(TypeError, match=r"Goal\.title is sealed"), transaction.atomic():
            rows.update(title="in the open")
        with pytest.raises(TypeError, match="only whether it is empty"):
            rows.filter(title="in the open").exists()
        with pytest.raises(Exception, match="Unsupported lookup"):
            rows.filter(title__icontains="open").exists()
        assert rows.exclude(title="").exists() and not rows.filter(measure="").exists()


def test_erasure_destroys_the_key_so_that_old_copies_stay_shut(cast: Cast) -> None:
    make_things(cast)
    (copy,) = stored("lantern_need", "words")  # as a backup of yesterday holds it
    with acting(cast.novice) as nia:
        rights.erase_me(nia)
    with tenancy.unscoped("test"):
        assert tables.Person.objects.exclude(sealing_key=b"").count() > 5  # others keep theirs
        assert bytes(tables.Person.objects.get(pk=cast.novice.pk).sealing_key) == b""
        with pytest.raises(sealing.SealBroken, match="destroyed"):
            fields.unseal(copy, "lantern_need.words")


def test_everybody_gets_a_key_of_her_own_and_the_database_alone_opens_none(cast: Cast, settings: Any) -> None:
    with tenancy.unscoped("test"):
        wrapped = [bytes(one) for one in tables.Person.objects.values_list("sealing_key", flat=True)]
    assert len(set(wrapped)) == len(wrapped) > 5 and all(sealing.opens(one) for one in wrapped)
    before = settings.LANTERN_SEALING_KEY
    settings.LANTERN_SEALING_KEY = "another installation's key, long enough to be one"
    assert not sealing.opens(wrapped[0])
    with pytest.raises(sealing.WrongKey, match=keys.fingerprint(before)):
        keys._unwrap(wrapped[0])
    settings.LANTERN_OLD_SEALING_KEYS = [before]
    renewed = sealing.rewrapped(wrapped[0])
    assert renewed is not None and keys._unwrap(renewed) == keys._unwrap(wrapped[0])
    assert sealing.rewrapped(renewed) is None


def test_a_job_learns_many_keys_in_one_query(cast: Cast, django_assert_num_queries: Any) -> None:
    people = [cast.novice.pk, cast.expert.pk, cast.coach.pk]
    for one in people:
        sealing.forget(one)
    with tenancy.unscoped("test"):
        with django_assert_num_queries(1):
            sealing.learn_all(people)
        with django_assert_num_queries(0):
            assert len({keys.key_of(one) for one in people}) == 3


def test_reading_ones_own_words_costs_no_query_more(cast: Cast, django_assert_num_queries: Any) -> None:
    make_things(cast)
    sealing.forget(cast.novice.pk)
    with acting(cast.novice) as nia, django_assert_num_queries(1):
        assert CANARY in str([goal.title for goal in goals.my_goals(nia)])


def test_a_mark_is_the_same_for_the_same_words_of_one_person_only() -> None:
    nia, elena = somebody(), somebody()
    assert sealing.mark(nia, "feedback") == sealing.mark(nia, "feedback") != sealing.mark(nia, "Feedback")
    assert sealing.mark(nia, "feedback") != sealing.mark(elena, "feedback")


def test_the_same_need_in_own_words_is_still_found_again(cast: Cast) -> None:
    with acting(cast.novice) as nia:
        first = needs.add_need(nia, words="Shy pupils", competency_id=None)
        assert needs.add_need(nia, words="Shy pupils", competency_id=None).pk == first.pk


def test_what_was_written_before_there_were_seals_is_sealed_once(cast: Cast, settings: Any, tmp_path: Path) -> None:
    settings.LANTERN_FILES = tmp_path
    things = make_things(cast)
    with tenancy.unscoped("test"):
        need = tables.Need.objects.get(person=cast.novice)
        search = tables.SavedSearch.objects.get(person=cast.novice)
        key = tables.StoredFile.objects.filter(owner=cast.novice, role="kept").values_list("key", flat=True)[0]
        path = tmp_path / key[:2] / key[2:4] / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"in the open")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE lantern_need SET words = 'Shy pupils'")
            cursor.execute("UPDATE lantern_savedsearch SET name = 'Mine', name_mark = 'x'")
            cursor.execute("UPDATE lantern_savedsearch SET filters = %s", ['{"q": "shy"}'])
        tables.Person.objects.filter(pk=cast.expert.pk).update(sealing_key=b"")
        with pytest.raises(sealing.SealBroken, match="never sealed"):
            need.refresh_from_db()
    assert existing.seal_what_lies_open() == 4
    assert existing.seal_what_lies_open() == 0
    with tenancy.unscoped("test"):
        need.refresh_from_db()
        search.refresh_from_db()
        assert (need.words, search.name, search.filters) == ("Shy pupils", "Mine", {"q": "shy"})
        assert search.name_mark == sealing.mark(cast.novice.pk, "Mine")
        assert b"".join(streams.open_sealed(path)) == b"in the open"
        assert sealing.opens(bytes(tables.Person.objects.get(pk=cast.expert.pk).sealing_key))
    assert stored("lantern_need", "words")[0].startswith(fields.FIRST) and things.ids


# Files


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_part_of_a_sealed_file_is_what_was_put_in(tmp_path_factory: Any, data: st.DataObject) -> None:
    folder: Path = tmp_path_factory.mktemp("sealed")
    edges = st.sampled_from([0, 1, streams.PIECE - 1, streams.PIECE, streams.PIECE + 1, 2 * streams.PIECE])
    content = os.urandom(data.draw(edges | st.integers(0, 200_000)))
    (folder / "open").write_bytes(content)
    streams.seal_file(somebody(), folder / "open", folder / "shut")
    assert streams.size_inside(folder / "shut") == len(content)
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.none() | st.integers(start, len(content) + 5))
    assert b"".join(streams.open_sealed(folder / "shut", start, end)) == content[start:end]


@pytest.mark.parametrize("harm", ["flip", "cut", "cut at a piece", "swap", "longer", "other person", "in the open"])
def test_a_sealed_file_that_was_changed_is_refused(tmp_path: Path, harm: str) -> None:
    source, shut = tmp_path / "open", tmp_path / "shut"
    source.write_bytes(b"x" * (3 * streams.PIECE))
    streams.seal_file(somebody(), source, shut)
    raw = bytearray(shut.read_bytes())
    piece = streams.PIECE + streams.TAG
    if harm == "flip":
        raw[streams.HEAD + 70_000] ^= 1
    elif harm == "cut":
        del raw[-5:]
    elif harm == "cut at a piece":
        del raw[-piece:]
    elif harm == "swap":
        first, second = streams.HEAD, streams.HEAD + piece
        raw[first : first + piece], raw[second : second + piece] = raw[second : second + piece], raw[first:second]
    elif harm == "longer":
        raw += raw[-piece:]
    elif harm == "other person":
        raw[4:20] = somebody().bytes
    else:
        raw = bytearray(b"in the open, long enough to be read as a head of one")
    shut.write_bytes(raw)
    with pytest.raises(sealing.SealBroken):
        b"".join(streams.open_sealed(shut))


def test_a_file_of_somebody_without_a_key_is_refused(cast: Cast, tmp_path: Path) -> None:
    (tmp_path / "open").write_bytes(b"x")
    with acting(cast.novice), pytest.raises(sealing.SealBroken, match="not here"):
        streams.seal_file(uuid7(), tmp_path / "open", tmp_path / "shut")
