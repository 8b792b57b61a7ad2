"""What one learned before, brought in from a file: shown row by row, kept as one says, without hours."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lantern.domain.courses import commands as course_commands
from lantern.domain.courses import queries as courses
from lantern.domain.courses.models import Activity
from lantern.domain.credits.models import CreditEntry
from lantern.domain.people import queries as people
from lantern.domain.recommendations import queries as recommendations
from lantern.kernel import tenancy
from tests.cast import Cast, acting, as_
from tests.domain.learning_factory import make_rule, reflected, with_file
from tests.offers import offer, offers

FILE = (
    "Course Title,Date Completed,PD Hours,Offered by,Grade\n"
    "Feedback circle,2024-06-30,1.5,Maple College,A\n"
    "Number talks for a whole month,10/4/2023,2,,B\n"
    "A summer of geometry,June 2019,12,River State,A\n"
    "A summer of geometry,June 2019,12,River State,A\n"
)


def bring(client: Client, text: str = FILE, **more: str) -> Any:
    file = SimpleUploadedFile("mine.csv", text.encode())
    return client.post(reverse("learn:before"), {"learning_file": file, **more})


def fields_of(response: HttpResponse) -> dict[str, str]:
    """What a browser would send of the page of rows as it is."""
    page = response.content.decode()
    text = re.search(r'<textarea name="lines"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert text is not None
    sent = {"lines": text[1].replace("&quot;", '"').replace("&amp;", "&")}
    for name, body in re.findall(r'<select id="[^"]*" name="(row-\d+)">(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected>', body)
        assert chosen is not None
        sent[name] = chosen[1]
    return sent


def mine(person: Any) -> list[Activity]:
    with acting(person) as actor:
        return sorted(courses.my_activities(actor), key=lambda row: row.title)


@pytest.mark.requirement("B.5")
def test_rows_are_shown_with_what_they_may_be_and_nothing_is_kept_yet(cast: Cast, client: Client) -> None:
    made = offers(cast)
    response = bring(as_(client, cast.novice))
    page = response.content.decode()
    sent = fields_of(response)
    assert "4 rows read, 1 found in the catalog. Not read: Grade." in page
    assert sent["row-2"] == str(made["Feedback circle"].pk)
    assert sent["row-3"] == "outside" and "Perhaps in the catalog" in page
    assert sent["row-4"] == "outside" and sent["row-5"] == "leave" and "This stands in the file twice." in page
    assert "30 June 2024" in page and "4 October 2023" in page
    assert mine(cast.novice) == []


@pytest.mark.requirement("B.5")
@pytest.mark.requirement("P2.6")
def test_what_she_says_is_kept_as_done_and_valued_and_her_suggestions_know_it(cast: Cast, client: Client) -> None:
    made = offers(cast)
    page = as_(client, cast.novice)
    sent = fields_of(bring(page)) | {"valued-2": "yes", "row-3": str(made["Number talks in a month"].pk)}
    answer = page.post(reverse("learn:before_keep"), sent)
    assert (answer.status_code, answer.headers["Location"]) == (303, reverse("portfolio:overview"))
    kept = {row.title: row for row in mine(cast.novice)}
    circle, summer, talks = kept["Feedback circle"], kept["A summer of geometry"], kept["Number talks in a month"]
    assert len(kept) == 3 and all(row.is_finished and row.from_before for row in kept.values())
    assert (circle.resource_id, circle.happened_on, circle.minutes_counted) == (
        made["Feedback circle"].pk, date(2024, 6, 30), 90,
    )  # fmt: skip
    assert summer.is_outside and (summer.provider, summer.minutes) == ("River State", 720)
    assert talks.minutes_counted == 120
    with acting(cast.novice) as actor:
        assert people.get_profile(actor).valued == [str(made["Feedback circle"].pk)]
        assert {circle.resource_id, talks.resource_id} <= recommendations.learner_of(actor).finished
        shown = [view.title for view in recommendations.current_for(actor, everything=True)]
        assert "Feedback circle" not in shown and "Number talks in a month" not in shown
    told = page.get(reverse("portfolio:overview")).content.decode()
    assert "Kept: 2 from the catalog, 1 from elsewhere." in told
    assert "What do you take from it?" not in told


def test_a_second_time_nothing_comes_twice(cast: Cast, client: Client) -> None:
    offers(cast)
    page = as_(client, cast.novice)
    first = fields_of(bring(page))
    page.post(reverse("learn:before_keep"), first)
    again = bring(page)
    assert again.content.decode().count("You have this already.") == 3
    assert {value for name, value in fields_of(again).items() if name.startswith("row-")} == {"leave"}
    answer = page.post(reverse("learn:before_keep"), first, follow=True)
    assert "3 you had already" in answer.content.decode()
    assert len(mine(cast.novice)) == 3


def test_what_was_brought_in_by_mistake_is_taken_away_alone_and_may_be_suggested_again(
    cast: Cast, client: Client
) -> None:
    made = offers(cast)
    page = as_(client, cast.novice)
    page.post(reverse("learn:before_keep"), fields_of(bring(page)) | {"valued-2": "yes"})
    circle = next(row for row in mine(cast.novice) if row.title == "Feedback circle")
    away = reverse("learn:before_take_away", args=[circle.pk])
    assert away in page.get(reverse("learn:activity", args=[circle.pk])).content.decode()
    assert as_(Client(), cast.expert).post(away).status_code == 404
    assert page.post(away).status_code == 303
    assert [row.title for row in mine(cast.novice)] == ["A summer of geometry", "Number talks for a whole month"]
    with acting(cast.novice) as actor:
        assert people.get_profile(actor).valued == []
        assert made["Feedback circle"].pk not in recommendations.learner_of(actor).finished
    assert page.post(away).status_code == 404


def test_what_was_learned_before_is_learned_again_here_and_then_counts(cast: Cast, client: Client) -> None:
    made = offers(cast)
    make_rule(cast.district)
    page, circle = as_(client, cast.novice), made["Feedback circle"]
    page.post(reverse("learn:before_keep"), fields_of(bring(page)))
    shown = page.get(reverse("learn:resource", args=[circle.pk])).content.decode()
    assert "You learned this before" in shown and "30 June 2024" in shown and "Start now" in shown
    with acting(cast.novice) as actor:
        again = course_commands.take_up(actor, resource_id=circle.pk)
        assert not again.from_before and course_commands.take_up(actor, resource_id=circle.pk).pk == again.pk
        course_commands.set_progress(actor, activity_id=again.pk, percent=100)
        reflected(actor, again)
        assert CreditEntry.objects.count() == 1
        assert courses.activity_for_resource(actor, circle.pk) == again


def test_what_the_catalog_says_of_a_resource_keeps_nothing_out(cast: Cast, client: Client) -> None:
    """A provider and a link as long as the catalog allows; a title too long of hers is named."""
    long: dict[str, Any] = {"provider": "p" * 190, "url": f"https://example.org/{'u' * 600}", "minutes": 70_000}
    offer(cast, "Number talks", **long)
    page = as_(client, cast.novice)
    assert (
        page.post(
            reverse("learn:before_keep"), fields_of(bring(page, "title,date\nNumber talks,2024-06-30\n"))
        ).status_code
        == 303
    )
    (kept,) = mine(cast.novice)
    assert (kept.provider, kept.minutes) == ("p" * 190, 60_000)


def test_what_the_first_page_takes_can_be_kept(cast: Cast, client: Client) -> None:
    """In another coding a file may be small and its text, as it comes back, too large: that is said at once."""
    page = as_(client, cast.novice)
    rows = "title,date,notes\n" + "".join(f"Курс {n},2024-06-30,{'ж' * 2400}\n" for n in range(200))
    assert bring(page, rows).status_code == 200
    assert page.post(reverse("learn:before_keep"), fields_of(bring(page, rows))).status_code == 303
    assert len(mine(cast.novice)) == 200
    utf16 = ("title,date,notes\n" + "".join(f"C{n},2024-06-30,{'€' * 1800}\n" for n in range(200))).encode("utf-16")
    assert len(utf16) < 1_000_000
    refused = page.post(reverse("learn:before"), {"learning_file": SimpleUploadedFile("a.csv", utf16)})
    assert refused.status_code == 422 and "at most 1,000,000 are read" in refused.content.decode()


def test_what_was_learned_here_or_has_a_reflection_is_not_taken_away(cast: Cast, client: Client) -> None:
    made = offers(cast)
    page = as_(client, cast.novice)
    with acting(cast.novice) as actor:
        here = course_commands.take_up(actor, resource_id=made["Feedback circle"].pk)
    assert (
        reverse("learn:before_take_away", args=[here.pk])
        not in page.get(reverse("learn:activity", args=[here.pk])).content.decode()
    )
    assert page.post(reverse("learn:before_take_away", args=[here.pk])).status_code == 409
    page.post(reverse("learn:before_keep"), fields_of(bring(page)))
    summer = next(row for row in mine(cast.novice) if row.title == "A summer of geometry")
    with acting(cast.novice) as actor:
        with_file(actor, summer)
    away = reverse("learn:before_take_away", args=[summer.pk])
    shown = page.get(reverse("learn:activity", args=[summer.pk])).content.decode()
    assert away not in shown and "Remove that first" in shown
    assert "Remove that first" in page.post(away).content.decode()
    with acting(cast.novice) as actor:
        reflected(actor, summer)
    assert "Brought in by mistake?" not in page.get(reverse("learn:activity", args=[summer.pk])).content.decode()
    assert "it stays with what you have done" in page.post(away).content.decode()
    assert page.post(reverse("learn:before_take_away", args=[summer.pk])).status_code == 409
    assert len(mine(cast.novice)) == 3


def test_it_never_earns_hours_whatever_she_adds_to_it(cast: Cast, client: Client) -> None:
    """The positive control: the same resource, taken up here and reflected on, does."""
    made = offers(cast)
    make_rule(cast.district)
    page = as_(client, cast.novice)
    page.post(reverse("learn:before_keep"), fields_of(bring(page)))
    for row in mine(cast.novice):
        with acting(cast.novice) as actor:
            reflected(actor, row)
        shown = page.get(reverse("learn:activity", args=[row.pk])).content.decode()
        assert "It does not count for hours here." in shown and "You brought it in from before." in shown
    assert "Your hours are counted once a file shows" not in page.get(reverse("portfolio:overview")).content.decode()
    with tenancy.unscoped("test"):
        assert not CreditEntry.objects.exists()
    with acting(cast.expert) as actor:
        reflected(actor, course_commands.take_up(actor, resource_id=made["Feedback circle"].pk))
        assert CreditEntry.objects.count() == 1


def test_a_file_with_wrong_rows_is_refused_by_row_and_nothing_is_kept(cast: Cast, client: Client) -> None:
    page = as_(client, cast.novice)
    refused = bring(page, "title,date,hours\nTalks,2024-06-30,2\n,2024-06-30,2\nTalks,soon,2\n")
    words = refused.content.decode()
    assert refused.status_code == 422 and "Nothing was kept" in words
    assert "row 3: there is no title" in words and "row 4, date: “soon” is no day" in words
    for text, reason in (("name;hours\nTalks;2\n", "Row 1: there is no column for the day"), ("", "Choose a file")):
        refused = bring(page, text) if text else page.post(reverse("learn:before"), {})
        assert refused.status_code == 422 and reason in refused.content.decode()
    assert page.post(reverse("learn:before_keep"), {"lines": "nothing"}).status_code == 422
    assert mine(cast.novice) == []


def test_leaving_everything_out_keeps_nothing_and_says_so(cast: Cast, client: Client) -> None:
    page = as_(client, cast.novice)
    sent = fields_of(bring(page))
    answer = page.post(reverse("learn:before_keep"), dict.fromkeys(sent, "leave") | {"lines": sent["lines"]})
    assert answer.status_code == 422 and "You left everything out" in answer.content.decode()
    assert mine(cast.novice) == []


def test_a_resource_that_is_not_hers_to_see_keeps_nothing(cast: Cast, client: Client) -> None:
    page = as_(client, cast.novice)
    sent = fields_of(bring(page))
    for wrong in (str(cast.novice.pk), "x"):
        assert page.post(reverse("learn:before_keep"), sent | {"row-4": wrong}).status_code == 404
    assert mine(cast.novice) == []


def test_from_the_start_one_comes_back_to_the_start_and_never_leaves_the_site(cast: Cast, client: Client) -> None:
    page = as_(client, cast.novice)
    there = f"{reverse('learn:before')}?next={reverse('start:start')}"
    assert there in page.get(reverse("start:start")).content.decode()
    assert f'name="next" value="{reverse("start:start")}"' in page.get(there).content.decode()
    shown = bring(page, next=reverse("start:start"))
    assert f'name="next" value="{reverse("start:start")}"' in shown.content.decode()
    for wanted, got in ((reverse("start:start"), reverse("start:start")), ("//elsewhere.example", "/portfolio/")):
        answer = page.post(reverse("learn:before_keep"), fields_of(bring(page)) | {"next": wanted, "row-5": "outside"})
        assert answer.headers["Location"] == got


def test_the_empty_table_is_one_that_is_read(cast: Cast, client: Client) -> None:
    page = as_(client, cast.novice)
    table = page.get(reverse("learn:before_template"))
    assert table.headers["Content-Disposition"] == 'attachment; filename="what-I-learned.csv"'
    assert "1 row read" in bring(page, table.content.decode()).content.decode()


def test_the_page_asks_no_more_for_many_rows_than_for_few(cast: Cast, client: Client) -> None:
    offers(cast)
    page = as_(client, cast.novice)
    counts = []
    for number in (1, 1, 60):
        with CaptureQueriesContext(connection) as asked:
            bring(page, "title,date\n" + "".join(f"Talks {n},2024-06-30\n" for n in range(number)))
        counts.append(len(asked))
    assert counts[1] == counts[2]
