"""The one-way pull of one's own evaluation results into private needs (C.3): what is kept, and who can tell."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lantern import models as tables
from lantern.domain.needs import queries
from lantern.kernel import tenancy
from tests.cast import Cast, acting, as_

WHERE = "grow:needs_evaluation"
TABLE = b"element,rating,level,comments\nAsking good questions,1,Developing,canary-said\nCalm classrooms,4,Effective,\n"


def chosen(html: str) -> dict[str, Any]:
    """What the second form sends when nothing is changed in it."""
    return {
        "take": "yes",
        "area": re.findall(r'name="area" value="([^"]*)"', html),
        "wanted": re.findall(r'name="wanted" value="(\d+)" checked', html),
    } | dict(re.findall(r'name="(means_\d+)"><option value="([^"]+)"', html))


@pytest.mark.requirement("C.3")
def test_results_become_needs_that_only_she_sees_and_are_not_kept(cast: Cast, client: Client) -> None:
    as_(client, cast.novice)
    upload = SimpleUploadedFile("mine.csv", TABLE, "text/csv")
    shown = client.post(reverse(WHERE), {"file": upload}).content.decode()
    assert "1, Developing" in shown and "canary-said" not in shown
    sent = chosen(shown)
    assert sent["wanted"] == ["0"], "the area rated lowest is ticked, the others are hers to choose"
    assert client.post(reverse(WHERE), sent).status_code == 303
    with acting(cast.novice) as nia:
        (need,) = queries.my_needs(nia)
        assert need.competency is not None
        assert (need.competency.name, need.source, need.words) == (
            "Asking good questions", "evaluation", "Asking good questions",
        )  # fmt: skip
    assert "Your own evaluation, brought in by you" in client.get(reverse("grow:needs")).content.decode()
    with tenancy.unscoped("test"):
        events = list(tables.EventRecord.objects.filter(actor=cast.novice).values_list("name", "data"))
        assert events == [("NeedAdded", {"need_id": str(need.pk)})], "no event says where a need came from"
        assert not tables.StoredFile.objects.exists() and not tables.Evidence.objects.exists()


def test_typed_lines_and_just_the_words(cast: Cast, client: Client) -> None:
    as_(client, cast.novice)
    shown = client.post(reverse(WHERE), {"lines": "Zebra crossing; 2\nCalm classrooms; 3"}).content.decode()
    sent = chosen(shown) | {"wanted": ["0", "1"], "means_1": "words"}
    assert client.post(reverse(WHERE), sent).status_code == 303
    with acting(cast.novice) as nia:
        assert {(need.words, need.competency) for need in queries.my_needs(nia)} == {
            ("Zebra crossing", None),
            ("Calm classrooms", None),
        }


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Choose a file, or type at least one area."),
        ({"file": b"rating\n3\n"}, "there is no column for the area"),
        ({"file": b"person,element\nA,x\nB,y\n"}, "more than one person"),
        ({"take": "yes", "area": ["x"]}, "Tick at least one area"),
        ({"take": "yes", "area": ["x"], "wanted": ["0"], "means_0": "nonsense"}, "Choose from the list"),
    ],
)
def test_what_cannot_be_taken_says_why_and_keeps_nothing(
    cast: Cast, client: Client, sent: dict[str, Any], words: str
) -> None:
    as_(client, cast.novice)
    if isinstance(sent.get("file"), bytes):
        sent = {"file": SimpleUploadedFile("mine.csv", sent["file"], "text/csv")}
    response = client.post(reverse(WHERE), sent)
    assert response.status_code == 422 and words in response.content.decode()
    with acting(cast.novice) as nia:
        assert not queries.my_needs(nia).exists()


def test_another_districts_competency_is_not_there(cast: Cast, client: Client) -> None:
    from tests.cast import competencies_of, make_framework

    foreign = competencies_of(make_framework(cast.far_district, "Elsewhere"))[0]
    as_(client, cast.novice)
    sent = {"take": "yes", "area": ["x"], "wanted": ["0"], "means_0": str(foreign.pk)}
    assert client.post(reverse(WHERE), sent).status_code == 404
