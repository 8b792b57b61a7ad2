"""One's own evaluation results: what is read, what is dropped, and that nobody brings in anybody else's."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from lantern.engine.own_ratings import MAX_RATINGS, OwnRating, lowest, read_lines, read_ratings
from lantern.engine.untrusted import Unreadable

ELEMENTS = "ed-fi-tpdm-observations/element-ratings.csv"


def real_rows(shared_data: Path) -> list[dict[str, str]]:
    """The rows of Ed-Fi's sample: 50 made-up persons, 7 elements each."""
    with (shared_data / "evaluation" / ELEMENTS).open(encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def as_csv(rows: list[dict[str, str]]) -> bytes:
    sheet = io.StringIO()
    writer = csv.DictWriter(sheet, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return sheet.getvalue().encode()


@pytest.mark.requirement("C.3")
def test_one_persons_rows_of_the_real_sample_are_six_areas_without_the_overall(shared_data: Path) -> None:
    rows = real_rows(shared_data)
    first = rows[0]["person"]
    mine = read_ratings(as_csv([row for row in rows if row["person"] == first]))
    assert {one.area for one in mine} == {
        "Alignment and objectives", "Instructional delivery methods", "Address misconceptions",
        "Clear and concise speech", "Classroom management and culture", "Professionalism",
    }  # fmt: skip
    assert {one.said for one in mine} == {"79, Effective"}


@pytest.mark.parametrize("area", ["SEL", "ELA", "Number talks"])
def test_an_acronym_and_a_plain_name_stay_as_they_are(area: str) -> None:
    (one,) = read_ratings(as_csv([{"element": area, "rating": "2"}]))
    assert one.area == area


def test_every_person_of_the_real_sample_can_bring_in_her_own(shared_data: Path) -> None:
    rows = real_rows(shared_data)
    people = {row["person"] for row in rows}
    assert len(people) == 50
    for person in people:
        assert len(read_ratings(as_csv([row for row in rows if row["person"] == person]))) == 6


def test_the_whole_sample_is_refused_at_the_first_row_of_somebody_else(shared_data: Path) -> None:
    with pytest.raises(Unreadable, match="more than one person") as refused:
        read_ratings((shared_data / "evaluation" / ELEMENTS).read_bytes())
    rows = real_rows(shared_data)
    other = next(place for place, row in enumerate(rows) if row["person"] != rows[0]["person"])
    assert (refused.value.row, refused.value.field) == (other + 2, "person")


def test_comments_and_feedback_are_dropped() -> None:
    (one,) = read_ratings(b"element,rating,comments,feedback\nQuestioning,2,She was late,Talk to her\n")
    assert one == OwnRating("Questioning", "2")


def test_the_newest_rating_of_an_area_counts() -> None:
    (one,) = read_ratings(b"Standard;Score;Date\nQuestioning;2;2025-09-01\nquestioning;3;2026-02-01\n")
    assert one.rating == "3"


@pytest.mark.parametrize(
    ("data", "words", "row"),
    [
        (b"", "empty", None),
        (b"rating\n3\n", "no column for the area", 1),
        (b"element,rating\n", "no area", None),
        (b"element,rating\nOverall,3\n", "no area", None),
        (b"element,rating\nA\x00B,3\n", "", 2),
        (b"element,element\nA,3\n", "twice", 1),
        (b"element,rating\n" + b"".join(b"A%d,1\n" % n for n in range(MAX_RATINGS + 1)), "at most", None),
        (b"x" * 1_000_001, "at most", None),
    ],
)
def test_what_cannot_be_read_says_where_and_why(data: bytes, words: str, row: int | None) -> None:
    with pytest.raises(Unreadable) as refused:
        read_ratings(data)
    assert words in refused.value.reason
    assert refused.value.row == row


def test_lines_that_were_typed() -> None:
    assert read_lines("Questioning; 2 of 4\n\nGroup work\nOverall: 3\nPace:\tslow") == (
        OwnRating("Questioning", "2 of 4"),
        OwnRating("Group work"),
        OwnRating("Pace", "slow"),
    )
    with pytest.raises(Unreadable):
        read_lines("\n \n")


def test_the_lowest_third_is_ticked_where_ratings_are_numbers() -> None:
    numbers = [OwnRating(name, rating) for name, rating in (("A", "3"), ("B", "1"), ("C", "2"), ("D", "4"))]
    assert lowest(numbers) == {"B"}
    assert lowest([OwnRating("A", "2"), OwnRating("B", "2")]) == frozenset()
    assert lowest([OwnRating("A", "Effective"), OwnRating("B", "Developing")]) == frozenset()


@pytest.mark.parametrize("said", ["7 of 4", "5/4", "-1 of 4", "4.5 out of 4"])
def test_a_rating_outside_its_own_scale_is_refused_with_its_row(said: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_lines(f"Questioning; 2 of 4\nPace; {said}")
    assert "row 2, Pace" in str(refused.value).casefold().replace("pace", "Pace")
    assert f"“{said}” lies outside its own scale" in str(refused.value)
    with pytest.raises(Unreadable, match="outside its own scale"):
        read_ratings(f"element,rating\nQuestioning,2 of 4\nPace,{said}\n".encode())


def test_a_rating_on_the_edge_of_its_scale_or_without_one_is_taken() -> None:
    taken = [one.rating for one in read_lines("A; 4 of 4\nB; 0/4\nC; 17\nD; very good")]
    assert taken == ["4 of 4", "0/4", "17", "very good"]
