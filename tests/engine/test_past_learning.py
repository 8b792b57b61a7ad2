"""A table of what somebody learned before: read forgivingly or refused by row, and compared with a catalog."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantern.engine.past_learning import (
    MAX_ROWS,
    Known,
    Line,
    WrongRows,
    link_key,
    matches,
    prepare,
    read_past,
)
from lantern.engine.untrusted import Unreadable

TODAY = date(2026, 11, 27)


def lines(text: str) -> tuple[Line, ...]:
    return read_past(text.encode(), TODAY).lines


@pytest.mark.requirement("B.5")
@pytest.mark.parametrize(
    "header", ["title,date,hours,provider,link", "Course Title;Date Completed;PD Hours;Offered by;URL",
               "ACTIVITY_NAME\tcompleted on\tclock hours\tsponsor\twebsite"],
)  # fmt: skip
def test_the_names_of_columns_are_forgiving(header: str) -> None:
    mark = next(one for one in ",;\t" if one in header)
    row = mark.join(["Number talks", "2024-06-30", "1.5", "Maple College", "maple.example/talks"])
    assert lines(f"{header}\n{row}\n") == (
        Line(2, "Number talks", date(2024, 6, 30), 90, "Maple College", "https://maple.example/talks"),
    )


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2024-06-30", date(2024, 6, 30)), ("2024/6/3", date(2024, 6, 3)), ("2024-06", date(2024, 6, 1)),
        ("2024-06-30T14:00", date(2024, 6, 30)), ("6/30/2024", date(2024, 6, 30)), ("4/3/2024", date(2024, 4, 3)),
        ("30/6/2024", date(2024, 6, 30)), ("3.4.2024", date(2024, 4, 3)), ("6/30/24", date(2024, 6, 30)),
        ("6/30/98", date(1998, 6, 30)), ("June 30, 2024", date(2024, 6, 30)), ("30 June 2024", date(2024, 6, 30)),
        ("30-Jun-2024", date(2024, 6, 30)), ("Sept 3rd, 2024", date(2024, 9, 3)), ("Oct 2024", date(2024, 10, 1)),
    ],
)  # fmt: skip
def test_days_are_read_as_people_write_them(cell: str, day: date) -> None:
    (line,) = lines(f'title,date\nTalks,"{cell}"\n')
    assert line.day == day and line.minutes is None


def test_one_row_shows_that_days_come_first_in_the_whole_column() -> None:
    assert [line.day for line in lines("title,date\nA,4/3/2024\nB,30/6/2024\n")] == [
        date(2024, 3, 4), date(2024, 6, 30),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("header", "cell", "minutes"),
    [
        ("hours", "2", 120), ("hours", "1,5", 90), ("hours", "45 min", 45), ("hours", "1:30", 90),
        ("hours", "0.25", 15), ("duration", "1 h 30 min", 90), ("minutes", "50", 50), ("hours", "3 hrs", 180),
        ("hours", "", None),
    ],
)  # fmt: skip
def test_hours_are_read_as_people_write_them(header: str, cell: str, minutes: int | None) -> None:
    (line,) = lines(f'title,date,{header}\nTalks,2024-06-30,"{cell}"\n')
    assert line.minutes == minutes


def test_every_wrong_row_is_named_with_its_column_and_nothing_is_read() -> None:
    with pytest.raises(WrongRows) as refused:
        lines(
            "title,date,hours,link\nGood,2024-06-30,2,\n,2024-06-30,2,\nTalks,soon,2,\nTalks,2024-13-01,2,\n"
            'Talks,2030-01-01,2,\nTalks,1901-01-01,2,\nTalks,2024-06-30,many,\nTalks,2024-06-30,"2,5",no link\n'
            "Talks,2024-06-30,9999,\n"
        )
    assert refused.value.told == (
        "row 3: there is no title",
        "row 4, date: “soon” is no day; write it as year-month-day, such as 2024-06-30",
        "row 5, date: “2024-13-01” is no day; write it as year-month-day, such as 2024-06-30",
        "row 6, date: this day has not come yet",
        "row 7, date: this is more than 60 years ago",
        "row 8, hours: “many” is no number of hours; write it such as 1.5",
        "row 9, link: this is no web address, such as https://example.org/course",
        "row 10, hours: at most 1,000 hours",
    )


def test_a_thousand_with_a_comma_is_not_taken_for_one_and_a_half() -> None:
    with pytest.raises(WrongRows, match="row 2, minutes: “1,500” may be a thousand or a fraction"):
        lines('title,date,minutes\nInstitute,2024-01-01,"1,500"\n')


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"), ("title,date\n", "nothing below"), ("date,hours\n2024-06-30,2\n", "no column for the title"),
        ("title,hours\nTalks,2\n", "no column for the day"),
        ("title,date\n" + "Talks,2024-06-30\n" * (MAX_ROWS + 1), "at most 200 are read at once"),
        ("title,date,date\nTalks,2024-06-30,2024-06-30\n", "appears twice"),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_read_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        lines(text)


def test_a_long_list_of_mistakes_is_cut_and_says_so() -> None:
    with pytest.raises(WrongRows) as refused:
        lines("title,date\n" + "Talks,soon\n" * 50)
    assert len(refused.value.told) == 21 and refused.value.told[-1] == "and 30 rows more"


SHELF = prepare(
    [
        Known(1, "Number talks in ten minutes", "Maple College", "https://www.maple.example/talks/"),
        Known(2, "Classroom routines, part 1", "", ""),
        Known(3, "Classroom routines, part 2", "", ""),
        Known(4, "Feedback that moves learning", "River State", ""),
        Known(5, "Feedback that moves learning", "Oak Institute", ""),
        Known(6, "Educación bilingüe", "", ""),
    ]
)


def found(title: str, provider: str = "", link: str = "") -> list[tuple[int, bool]]:
    return [(match.id, match.sure) for match in matches(Line(2, title, TODAY, None, provider, link), SHELF)]


@pytest.mark.requirement("B.5")
def test_the_same_link_is_the_same_thing_whatever_it_is_called() -> None:
    assert found("Something else", link="http://maple.example/talks?utm_source=mail") == [(1, True)]
    assert link_key("https://maple.example/talks?id=2") != link_key("https://maple.example/talks?id=3")
    assert link_key("https://lms.example/#/course/99") != link_key("https://lms.example/#/course/12")
    assert link_key("https://www.maple.example/") == "", "a front page is shared by many things"


@pytest.mark.requirement("B.5")
def test_the_same_title_is_the_same_thing_and_what_is_nearly_so_is_only_offered() -> None:
    assert found("number Talks, in ten  minutes")[0] == (1, True)
    assert found("EDUCACION BILINGUE") == [(6, True)]
    assert found("number Talks in ten minuts")[0] == (1, False)
    assert found("Ten minutes: number talks")[0] == (1, False)
    assert found("Number talks in twenty minutes") == [(1, False)]
    assert found("Gardening for beginners") == []


@pytest.mark.parametrize(
    ("hers", "there"),
    [
        ("Programming in C#", "Programming in C++"), ("Algebra I", "Algebra"), ("Phonics A", "Phonics"),
        ("From fractions to decimals", "From decimals to fractions"), ("Part II: reading", "Part III: reading"),
        ("Microeconomics for teachers", "Macroeconomics for teachers"), ("Teaching reading", "Teaching leading"),
    ],
)  # fmt: skip
def test_one_letter_or_one_place_makes_another_course(hers: str, there: str) -> None:
    shelf = prepare([Known(1, there), Known(2, "Gardening")])
    assert [match.sure for match in matches(Line(2, hers, TODAY), shelf)] == [False]
    assert matches(Line(2, there.upper(), TODAY), shelf)[0].sure


def test_another_number_is_another_thing() -> None:
    assert found("Classroom routines part 2") == [(3, True)]
    assert found("Classroom routines part 3") == []


def test_another_provider_or_two_of_one_name_are_for_her_to_judge() -> None:
    assert found("Number talks in ten minutes", provider="Cedar Learning") == [(1, False)]
    assert found("Number talks in ten minutes", provider="Maple College of Education")[0] == (1, True)
    assert found("Feedback that moves learning") == [(4, False), (5, False)]


@given(st.binary(max_size=400))
def test_whatever_the_bytes_are_they_are_read_or_refused(data: bytes) -> None:
    for whole in (data, b"title,date,hours,link\n" + data):
        try:
            read = read_past(whole, TODAY)
        except (Unreadable, WrongRows):
            continue
        for line in read.lines:
            assert line.title and line.day <= TODAY
            assert isinstance(matches(line, SHELF), tuple)
