"""The order of a framework, the level people choose from, and names fit for a list."""

from __future__ import annotations

import pytest

from lantern.engine.framework_tree import MOST, TreeItem, place, short_name


def chosen(items: list[TreeItem]) -> set[object]:
    return {id_ for id_, where in place(items).items() if where.selectable}


def test_items_are_walked_depth_first_by_sequence_then_file_order() -> None:
    items = [
        TreeItem("b", "", "B", (("doc", 2),)),
        TreeItem("a", "", "A", (("doc", 1),)),
        TreeItem("a2", "", "A2", (("a", None),)),
        TreeItem("a1", "", "A1", (("a", 1),)),
        TreeItem("a3", "", "A3", (("a", None),)),
    ]
    places = place(items)
    assert sorted(places, key=lambda id_: places[id_].position) == ["a", "a1", "a2", "a3", "b"]
    assert [(places[id_].depth, places[id_].parent) for id_ in ("a", "a1")] == [(0, None), (1, "a")]


def test_the_first_parent_places_an_item_with_several() -> None:
    items = [TreeItem("a", "", "A"), TreeItem("b", "", "B"), TreeItem("x", "", "X", (("gone", 1), ("b", 1), ("a", 1)))]
    assert place(items)["x"].parent == "b"


def test_what_its_publisher_calls_a_competence_is_chosen() -> None:
    items = [
        TreeItem("a", "Area", "A"),
        TreeItem("c", "Competence", "C", (("a", 1),)),
        TreeItem("s", "Activity", "S", (("c", 1),)),
    ]
    assert chosen(items) == {"c"}


def test_without_types_the_deepest_level_that_fits_a_page_is_chosen_with_lone_items_above() -> None:
    items = [TreeItem("a", "", "A"), TreeItem("alone", "", "Alone")]
    items += [TreeItem(f"m{n}", "", f"M{n}", (("a", n),)) for n in range(10)]
    items += [TreeItem(f"d{n}", "", f"D{n}", ((f"m{n % 10}", n),)) for n in range(MOST + 1)]
    assert chosen(items) == {"alone", *(f"m{n}" for n in range(10))}


def test_headings_that_return_below_each_area_are_not_chosen() -> None:
    items = [TreeItem(n, "Area", f"Area {n}") for n in range(3)]
    items += [
        TreeItem(f"{n}-{name}", "Section", name, ((n, 1),)) for n in range(3) for name in ("Learn that", "Learn how")
    ]
    assert chosen(items) == {0, 1, 2}


def test_too_many_of_a_type_and_too_long_a_level_still_leave_a_choice() -> None:
    items = [TreeItem(n, "Standard", f"Standard {n}") for n in range(MOST + 5)]
    assert len(chosen(items)) == MOST + 5
    assert place([]) == {}


def test_circles_leave_their_items_out() -> None:
    assert place(
        [TreeItem("a", "", "A", (("b", 1),)), TreeItem("b", "", "B", (("a", 1),)), TreeItem("c", "", "C")]
    ).keys() == {"c"}


@pytest.mark.parametrize(
    ("statement", "abbreviated", "name"),
    [
        ("Long text of a statement.", "Short form", "Short form"),
        ("Teachers plan well.", "HighExp-LearnThat-plan", "Teachers plan well"),
        ("Communicate a belief in all pupils, by:", "", "Communicate a belief in all pupils"),
        ("  Two   spaces ", "", "Two spaces"),
        ("word " * 40, "", f"{('word ' * 18).strip()}…"),
        ("..", "", "Unnamed"),
    ],
)
def test_a_name_fits_a_list(statement: str, abbreviated: str, name: str) -> None:
    assert short_name(statement, abbreviated) == name
