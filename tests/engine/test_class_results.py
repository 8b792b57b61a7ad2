"""Reading what a class showed: sums by standard, spellings that meet, ranges, and the rule that makes a level of it."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantern.engine.class_results import (
    FEWEST_ANSWERS,
    FEWEST_STUDENTS,
    Read,
    Tally,
    WhichDay,
    level_from,
    moved,
    read_lines,
    read_results,
    share_of,
    weakest,
)
from lantern.engine.standard_codes import meeting_key
from lantern.engine.untrusted import Unreadable

SAMPLE = Path("student-data") / "ed-fi-standards-mastery"


def sums(read: Read) -> dict[str, tuple[float, int]]:
    """The tallies by code."""
    return {one.code: (one.right, one.of) for one in read.tallies}


def test_the_real_sample_is_summed_by_standard_to_the_same_numbers(shared_data: Path) -> None:
    data = (shared_data / SAMPLE / "items-LearningStandardsMastery.csv").read_bytes()
    expected: dict[str, tuple[int, int]] = {}
    for row in csv.DictReader(data.decode().splitlines()):
        right, of = expected.get(row["standards"], (0, 0))
        expected[row["standards"]] = (right + (row["result"] == "Correct"), of + 1)
    read = read_results(data)
    assert sums(read) == expected and len(expected) == 11
    assert sum(one.of for one in read.tallies) == 2050 and sum(one.right for one in read.tallies) == 1115
    assert (read.day, read.students, read.too_few, read.nameless) == (date(2021, 4, 8), 82, (), 0)
    shares = {one.code: share_of(one.right, one.of) for one in read.tallies}
    assert weakest(shares) == {"CC.6.NS.1", "CC.5.NF.1"}


def test_scores_of_the_real_sample_count_as_parts_of_an_answer_for_each_standard(shared_data: Path) -> None:
    data = (shared_data / SAMPLE / "objectives-LearningStandardsMastery.csv").read_bytes()
    expected: dict[str, float] = {}
    rows = list(csv.DictReader(data.decode().splitlines()))
    for row in rows:
        for code in row["standards"].split("; "):
            expected[code] = expected.get(code, 0) + float(row["score"]) / float(row["max_score"])
    read = read_results(data)
    assert {one.code: one.right for one in read.tallies} == pytest.approx(expected, abs=0.006)
    assert sums(read)["CC.6.NS.4"][1] == 82
    assert read.day is None


def test_every_common_core_code_of_ed_fi_meets_its_code_of_the_standards_network(shared_data: Path) -> None:
    folder = shared_data / "standards" / "ccss-asn"
    official: dict[str, set[str]] = {}
    for name in ("CCSS_Math.csv", "CCSS_ELA.csv"):
        for row in csv.DictReader((folder / name).read_text().splitlines()):
            if row["code"]:
                official.setdefault(meeting_key(row["code"]), set()).add(row["code"])
    assert len(official) > 1600 and all(len(codes) == 1 for codes in official.values()), "no two standards meet"
    rows = csv.DictReader((shared_data / SAMPLE / "learning-standards.csv").read_text().splitlines())
    theirs = [row["id"] for row in rows if row["id"].startswith("CC.")]
    assert len(theirs) == 196 and [code for code in theirs if meeting_key(code) not in official] == []
    assert official[meeting_key("CC.5.NBT.3")] == {"CCSS.Math.Content.5.NBT.A.3"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("CC.5.NBT.3", "CCSS.Math.Content.5.NBT.A.3"),
        ("5.NBT.A.3", "ccss.math.content.5.nbt.a.3"),
        ("CC.6.RP.3c", "CCSS.MATH.CONTENT.6.RP.A.3.C"),
        ("CC.9-12.G.CO.10", "CCSS.Math.Content.HSG-CO.C.10"),
        ("G-CO.10", "HSG-CO.C.10"),
        ("CC.7.RL.6", "CCSS.ELA-Literacy.RL.7.6"),
        ("CC.9-10.RL.6", "CCSS.ELA-Literacy.RL.9-10.6"),
        ("MP1", "CCSS.Math.Practice.MP1"),
        ("110.13.1.a", " 110.13.1.A"),
    ],
)
def test_spellings_of_one_standard_meet(one: str, other: str) -> None:
    assert meeting_key(one) == meeting_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5.NBT.3", "5.NBT.3a"), ("5.NBT.3", "5.NF.3"), ("4.NBT.3", "5.NBT.3"), ("5.NBT.A", "5.NBT.B"),
        ("110.13.1", "110.13.1.A"), ("RL.7.6", "RI.7.6"), ("K.CC.A.1", "K.CC.A.2"), ("CCRA.R.1", "CCRA.W.1"),
        ("8.F.A.1", "HSF-IF.A.1"), ("fractions", "decimals"),
    ],
)  # fmt: skip
def test_different_standards_do_not_meet(one: str, other: str) -> None:
    assert meeting_key(one) != meeting_key(other)


def test_two_spellings_in_one_file_are_one_standard_as_first_written() -> None:
    read = read_results(b"standard,right,of\nCC.5.NBT.3,3,4\nCCSS.Math.Content.5.NBT.A.3,5,8\n")
    assert read.tallies == (Tally("CC.5.NBT.3", 8.0, 12),)


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (b"standard,right,wrong\nx.1,3,1\n", {"x.1": (3, 4)}),
        (b"Standard;Percent Correct;Of\nx.1;62.5 %;8\n", {"x.1": (5, 8)}),
        (b"standard,percent,of\nx.1,0.5,200\nx.2,50,20\n", {"x.1": (1, 200), "x.2": (10, 20)}),
        (b"standard,percent,of\nx.1,0.5 %,200\nx.2,1,100\n", {"x.1": (1, 200), "x.2": (1, 100)}),
        (b"standard,percent,of\nx.1,0.0,20\nx.2,0,20\n", {"x.1": (0, 20), "x.2": (0, 20)}),
        (b"standard,correct\nx.1,yes\nx.1,no\n", {"x.1": (1, 2)}),
        (b"standard\tscore\tmax_score\nx.1\t1.5\t2\nx.1\t2\t2\n", {"x.1": (1.75, 2)}),
        (b"standards,result\n\"a.1, b.2\",right\na.1|b.2,wrong\na.1;a.1,right\n", {"a.1": (2, 3), "b.2": (1, 2)}),
        (b"standard,right,of\n\"Fractions, and decimals\",1,2\n", {"Fractions, and decimals": (1, 2)}),
    ],
)  # fmt: skip
def test_the_ways_in_which_a_table_may_say_it(table: bytes, expected: dict[str, tuple[float, int]]) -> None:
    assert sums(read_results(table)) == expected


def test_typed_lines() -> None:
    read = read_lines("5.NBT.A.3; 14; 24\n\nReads a map\t3 of 12\nx.1; 3 out of 4\n5.NBT.3; 1/2")
    assert sums(read) == {"5.NBT.A.3": (15, 26), "Reads a map": (3, 12), "x.1": (3, 4)}


def of_days(*days: str) -> bytes:
    """A table with one right answer of two for each of these days."""
    return b"standard,right,of,date\n" + b"".join(b"x.1,1,2,%s\n" % one.encode() for one in days)


def pupils(number: int) -> bytes:
    """A table with one right answer of each of so many students."""
    return b"student_id,standard,result\n" + b"".join(b"s%d,x.1,right\n" % n for n in range(number))


@pytest.mark.parametrize(
    ("table", "row", "reason"),
    [
        (b"", None, "empty"),
        (b"name,right,of\nx,1,2\n", 1, "no column for the standard"),
        (b"standard,grade\nx,1\n", 1, "no column says how it went"),
        (b"standard,percent\nx,50\n", 1, "of how many answers"),
        (b"standard,right,of\nx.1,1,2\nx.2,5,4\n", 3, "5 of 4 is more than all of them"),
        (b"standard,right,of\nx.1,-1,2\n", 2, "no count"),
        (b"standard,right,of\nx.1,1.5,2\n", 2, "no count"),
        (b"standard,right,of\nx.1,,2\n", 2, "it is empty"),
        (b"standard,right,of\nx.1,one,2\n", 2, "no number"),
        (b"standard,right,of\nx.1,1,1e9\n", 2, "no number"),
        (b"standard,right,of\n,1,2\n", 2, "it names no standard"),
        (b"standard,right,of\nx.1,1,2,3\n", 2, "4 cells where the header has 3"),
        (b"standard,right,of\nx.1,0,0\n", None, "no answers"),
        (b"standard,right,of\n", None, "no answers"),
        (b"standard,result\nx.1,maybe\n", 2, "neither right nor wrong"),
        (b"standard,score,max_score\nx.1,3,2\n", 2, "3 of 2 is more than all of them"),
        (b"standard,score,max_score\nx.1,-1,2\n", 2, "below 0"),
        (b"standard,score,max_score\nx.1,0,0\n", 2, "above 0"),
        (b"standard,percent,of\nx.1,101,20\n", 2, "from 0 to 100"),
        (b"standard,percent,of\nx.1,-3,20\n", 2, "from 0 to 100"),
        (b"standard,percent,of\nx.1,1,20\nx.2,0.85,20\n", 3, "Write 85 for 85 percent, or 0.85 % where"),
        (b"standard,percent,of\nx.1,1.0,20\n", 2, "Write 100 for 100 percent"),
        (b"standard,right,of\n" + b"x" * 130 + b",1,2\n", 2, "longer than 120"),
        (b"standard,right,of\nx.1,1,999999\n", 2, "more than"),
        (b"standard,right,of\nx\x00,1,2\n", 2, "NUL"),
        (b"x" * 2_000_001, None, "at most"),
        (b"standard,right,of\n" + b"".join(b"x.%d,1,2\n" % n for n in range(201)), 202, "more than 200"),
        (b"standard,right,of\nx.1,1,60000\nx.1,1,60000\n", 3, "more than 100,000"),
        (pupils(FEWEST_STUDENTS - 1), None, "fewer than 10 students"),
        (pupils(FEWEST_STUDENTS - 1) + b",x.1,right\n", None, "without a student: 1. Put groups together"),
        (b"student,standard,result\n" + b"-,x.1,right\n" * 12, None, "without a student: 12"),
    ],
)  # fmt: skip
def test_what_cannot_be_names_its_row_and_why(table: bytes, row: int | None, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason) as caught:
        read_results(table)
    assert caught.value.row == row


def test_ten_students_are_a_class() -> None:
    assert sums(read_results(pupils(FEWEST_STUDENTS))) == {"x.1": (10, 10)}


def test_what_fewer_than_ten_students_answered_is_left_out_of_a_file_of_ten() -> None:
    """Students count for each standard: the twelve answers of one among ten are that one's record, not the class's."""
    read = read_results(pupils(FEWEST_STUDENTS) + b"s0,4.NF.A.2,wrong\n" * 12 + b",x.1,wrong\n")
    assert sums(read) == {"x.1": (10, 10)}, "an answer of nobody counts neither as a student nor as an answer"
    assert (read.too_few, read.students, read.nameless) == (("4.NF.A.2",), 10, 1)


def test_a_student_without_an_answer_does_not_hide_the_one_who_gave_all() -> None:
    rows = b"".join(b"s%d,x.1,0,%d\n" % (n, 0 if n else 12) for n in range(10))
    with pytest.raises(Unreadable, match="fewer than 10 students"):
        read_results(b"student,standard,right,of\n" + rows)


def test_ten_students_of_the_real_sample_lose_only_what_too_few_answered(shared_data: Path) -> None:
    """Of 82 students the first ten, and one standard of these for nine of them alone."""
    rows = list(csv.reader((shared_data / SAMPLE / "items-LearningStandardsMastery.csv").read_text().splitlines()))
    ten = sorted({row[0] for row in rows[1:]})[:10]
    chosen = [row for row in rows[1:] if row[0] in ten and (row[5] != "CC.6.NS.4" or row[0] != ten[0])]
    read = read_results("\n".join(",".join(row) for row in [rows[0], *chosen]).encode())
    assert read.too_few == ("CC.6.NS.4",) and len(read.tallies) == 10 and read.students == 10


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("x.1; 5", 1),
        ("x.1; 1; 2\ny.1; 5; 4", 2),
        ("; 1; 2", 1),
        ("x; a; b", 1),
        ("\x00; 1; 2", 1),
        ("", None),
    ],
)
def test_a_line_that_cannot_be_names_itself(text: str, row: int | None) -> None:
    with pytest.raises(Unreadable) as caught:
        read_lines(text)
    assert caught.value.row == row


@pytest.mark.parametrize(
    "days", [("2026-10-01", "2026-10-01T08:00"), ("10/1/2026",) * 2, ("10/1/2026 8:00", "2026-10-01")]
)
def test_a_day_is_taken_where_the_table_says_one(days: tuple[str, str]) -> None:
    assert read_results(of_days(*days)).day == date(2026, 10, 1)
    assert read_results(of_days(*days), date(2026, 10, 2)).day == date(2026, 10, 2), "unless another is said"


@pytest.mark.parametrize(
    ("days", "several", "read"),
    [
        (("2026-10-02", "2026-10-01"), True, (date(2026, 10, 1), date(2026, 10, 2))),
        (("2026-10-01", ""), True, (date(2026, 10, 1),)),
        (("first week", "second week"), True, ()),
        (("first week",) * 2, False, ()),
        (("", ""), False, ()),
    ],
)
def test_a_day_that_is_not_clear_is_asked_for(days: tuple[str, str], several: bool, read: tuple[date, ...]) -> None:
    with pytest.raises(WhichDay) as caught:
        read_results(of_days(*days))
    assert (caught.value.several, caught.value.days) == (several, read)
    if several:
        with pytest.raises(WhichDay):
            read_results(of_days(*days), date(2026, 10, 5))
    else:
        assert sums(read_results(of_days(*days), date(2026, 10, 5))) == {"x.1": (2, 4)}


def test_of_several_days_only_the_one_that_was_chosen_is_read() -> None:
    table = b"standard,right,of,date\nx.1,10,20,2026-03-01\nx.1,2,20,3/8/2026\ny.1,1,1,2026-03-01\nx.1,5,5,soon\n"
    first, second = (read_results(table, date(2026, 3, day)) for day in (1, 8))
    assert (sums(first), first.day) == ({"x.1": (10, 20), "y.1": (1, 1)}, date(2026, 3, 1))
    assert (sums(second), second.day, second.undated) == ({"x.1": (2, 20)}, date(2026, 3, 8), 1)


def test_students_of_another_day_do_not_make_a_class_of_the_chosen_one() -> None:
    rows = [b"s%d,x.1,right,2026-03-%02d\n" % (n, 1 if n else 8) for n in range(11)]
    table = b"student_id,standard,result,date\n" + b"".join(rows)
    assert sums(read_results(table, date(2026, 3, 1))) == {"x.1": (10, 10)}
    with pytest.raises(Unreadable, match="fewer than 10 students"):
        read_results(table, date(2026, 3, 8))


def test_wilson_against_worked_values() -> None:
    """Ranges of Newcombe 1998 (method 3): 81 of 263, 15 of 148, 0 of 20, 1 of 29."""
    for right, of, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        found = share_of(right, of)
        assert [found.low, found.high] == pytest.approx([low, high], abs=1e-4)


@given(st.integers(1, 500).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_a_share_lies_in_its_range_and_more_answers_narrow_it(counts: tuple[int, int]) -> None:
    right, of = counts
    one, more = share_of(right, of), share_of(10 * right, 10 * of)
    assert 0 <= one.low <= one.share <= one.high <= 1
    assert more.high - more.low < one.high - one.low
    level, sd = level_from(right, of)
    assert 1 <= level <= 3 and sd >= 1.5
    assert level_from(10 * right, 10 * of)[1] <= sd


def test_what_stands_out_is_surely_lower_than_the_whole() -> None:
    shares = {"a": share_of(20, 100), "b": share_of(80, 100), "c": share_of(55, 100), "few": share_of(0, 9)}
    assert weakest(shares) == {"a"}, "nine wrong answers are too few to say so"
    assert weakest({}) == frozenset() and FEWEST_ANSWERS == 10
    assert weakest({"a": share_of(12, 24), "b": share_of(13, 24)}) == frozenset()


def test_what_moved_is_said_only_where_it_can_be_told() -> None:
    assert moved(share_of(20, 100), share_of(60, 100)) == 1
    assert moved(share_of(60, 100), share_of(20, 100)) == -1
    assert moved(share_of(12, 24), share_of(14, 24)) == 0
    assert moved(share_of(0, 9), share_of(100, 100)) == 0
    assert share_of(0, 0).low == 0 and share_of(0, 0).high == 1


def test_a_level_from_a_class_is_modest_and_unsure() -> None:
    assert list(level_from(0, 0)) == pytest.approx([2.0, 1.803], abs=1e-3)
    assert level_from(1000, 1000)[0] == pytest.approx(3, abs=0.01)
    assert level_from(0, 1000)[0] == pytest.approx(1, abs=0.01)
    assert level_from(90, 100)[0] > level_from(50, 100)[0] == 2.0 > level_from(10, 100)[0]
