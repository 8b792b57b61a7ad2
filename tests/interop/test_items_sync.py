"""Banks of questions into Lantern: good rows in, bad rows refused by row and column, the same file twice no change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lantern import models as tables
from lantern.domain.assessments import queries
from lantern.interop.items.codec import Unreadable, read_bank
from lantern.interop.items.sync import run_item_import
from lantern.kernel.errors import NotAllowed
from tests.cast import Cast, acting, competencies_of

HEAD = "id,framework,competency,question,a,b,c,right,level,why_a,area,difficulty,guessing"


def bank(*rows: str, head: str = HEAD) -> bytes:
    return "\n".join([head, *rows]).encode()


def test_a_row_says_a_question_with_its_answers() -> None:
    read = read_bank(bank('q-1,Teaching,A.1,"What, first?",This,That,Those,B,3,No.,Part A,"0,5",'))
    (one,) = read.records
    assert (one.options, one.right, one.level) == ((("This", "No."), ("That", ""), ("Those", "")), 1, 3)
    assert (one.difficulty, one.guessing, one.language, one.area) == (0.5, None, "en", "Part A")
    assert not read.errors and not read.warnings


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (",T,A.1,Which?,This,That,,a,1,,,,", "id"),
        ("q,T,A.1,,This,That,,a,1,,,,", "question"),
        ("q,T,A.1,Which?,This,That,,,1,,,,", "right"),
        ("q,T,A.1,Which?,This,That,,c,1,,,,", "right"),
        ("q,T,A.1,Which?,This,,Those,a,1,,,,", "b"),
        ("q,T,A.1,Which?,This,That,,a,5,,,,", "level"),
        ("q,T,A.1,Which?,This,That,,a,two,,,,", "level"),
        ("q,T,A.1,Which?,This,That,,a,1,,,hard,", "difficulty"),
        ("q,T,A.1,Which?,This,That,,a,1,,,,,and,more", "row"),
    ],
)
def test_a_malformed_row_is_refused_by_row_and_column_and_the_others_stand(row: str, field: str) -> None:
    read = read_bank(bank("q-0,T,A.1,Which?,This,That,,a,1,,,,", row))
    assert [record.id for record in read.records] == ["q-0"]
    assert [(error.row, error.field) for error in read.errors] == [(3, field)]


@pytest.mark.parametrize(
    "data",
    [b"", b"id,question\n1,Which?", bank(head=HEAD + ",id"), b"\xff\xfe\x00", bank('q,"never closed')],
)
def test_a_file_that_is_no_bank_is_refused_whole(data: bytes) -> None:
    with pytest.raises(Unreadable):
        read_bank(data)


def test_a_column_that_is_not_known_is_named() -> None:
    assert read_bank(bank(head=HEAD + ",points")).warnings == ("columns not known: points",)


@pytest.mark.requirement("P7.8")
def test_a_bank_comes_in_and_makes_a_check(cast: Cast, tmp_path: Path) -> None:
    skill = competencies_of(cast.framework)[0]
    about = f"{cast.framework.identifier},{skill.code}"
    rows = [f"q-{number},{about},Question {number}?,This,That,Those,a,{number % 4 + 1},,,," for number in range(6)]
    path = tmp_path / "bank.csv"
    unknown = (f"q-9,{cast.framework.identifier},Z.99,Which?,This,That,,a,1,,,,", "q-0,x,y,?,a,b,,a,1,,,,")
    path.write_bytes(bank(*rows, *unknown))
    with acting(cast.coordinator) as actor:
        dry = run_item_import(actor, path, dry_run=True)
        assert _of(dry) == (6, 0, 0, 2) and not tables.AssessmentItem.objects.exists()
        assert {(one.row, one.field) for one in dry.errors} == {(8, "competency"), (9, "competency")}
        assert "Z.99" in dry.errors[0].reason
        assert _of(run_item_import(actor, path, publish=True)) == (6, 0, 0, 2)
        assert _of(run_item_import(actor, path)) == (0, 0, 6, 2)
    with acting(cast.novice) as actor:
        assert queries.offer_for(actor, skill.pk) is not None
        with pytest.raises(NotAllowed):
            run_item_import(actor, path)


def test_a_language_that_does_not_fit_refuses_its_row_alone(cast: Cast, tmp_path: Path) -> None:
    about = f"{cast.framework.identifier},{competencies_of(cast.framework)[0].code}"
    path = tmp_path / "bank.csv"
    rows = [f"q-{number},{about},Which?,This,That,a,1,{said}" for number, said in enumerate(("en", "e" * 36))]
    path.write_bytes(bank(*rows, head="id,framework,competency,question,a,b,right,level,language"))
    with acting(cast.coordinator) as actor:
        report = run_item_import(actor, path)
    assert _of(report) == (1, 0, 0, 1)
    assert [(one.row, one.field) for one in report.errors] == [(3, "language")] and "35" in report.errors[0].reason


def test_what_cannot_be_read_is_said_and_nothing_is_imported(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "bank.csv"
    path.write_bytes(b"id,question\n")
    with acting(cast.coordinator) as actor:
        for where in (path, tmp_path):
            report = run_item_import(actor, where)
            assert report.refusal and not tables.AssessmentItem.objects.exists()
        assert "framework" in run_item_import(actor, path).errors[0].reason


def _of(report: Any) -> tuple[int, ...]:
    counts = report.counts["items"]
    return counts["created"], counts["updated"], counts["unchanged"], counts["rejected"]
