"""The catalog's pages for whoever manages it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lantern.domain.catalog import commands as catalog
from lantern.domain.catalog import queries
from lantern.kernel import tenancy
from tests.cast import acting, as_, competencies_of, system_of
from tests.domain.catalog_factory import make_resource, make_term

pytestmark = pytest.mark.django_db


def body(response) -> str:
    return response.content.decode()


def test_educators_may_not_manage(client, cast) -> None:
    for name in ("manage:catalog", "manage:catalog_new", "manage:terms"):
        assert as_(client, cast.novice).get(reverse(name)).status_code == 403


def test_list_searches_and_filters(client, cast) -> None:
    with acting(cast.coordinator) as dana:
        make_resource(dana, "Number talks")
        catalog.create_resource(dana, kind="video", title="Half written", status="draft")
    signed_in = as_(client, cast.coordinator)
    assert "Number talks" in body(signed_in.get(reverse("manage:catalog"))) and "Half written" in body(
        signed_in.get(reverse("manage:catalog"))
    )
    drafts = body(signed_in.get(reverse("manage:catalog"), {"status": "draft"}))
    assert "Half written" in drafts and "Number talks" not in drafts
    assert "Nothing fits" in body(signed_in.get(reverse("manage:catalog"), {"q": "zebra"}))


def test_write_publish_edit_and_retire(client, cast) -> None:
    competency = competencies_of(cast.framework)[0]
    with acting(cast.coordinator) as dana:
        topic = make_term(dana, "Questioning")
        before = make_resource(dana, "Warm-up")
    signed_in = as_(client, cast.coordinator)
    sent = {
        "title": "Asking well", "kind": "video", "minutes": "25", "grades": ["K", "1"], "topics": [str(topic.pk)],
        "cost": "12.50", "currency": "USD", "competency_0": str(competency.pk), "level_0": "3",
        "builds_on": f"http://testserver/learn/resources/{before.pk}/", "credit_hours": "0.5", "act": "draft",
        "url": "https://learn.example/asking",
    }  # fmt: skip
    answer = signed_in.post(reverse("manage:catalog_new"), sent)
    assert answer.status_code == 303
    with acting(cast.coordinator) as dana:
        made = queries.list_managed(dana, status="draft").get()
        made = queries.get_resource(dana, made.pk)
        assert [(link.competency_id, link.level) for link in made.competency_links.all()] == [(competency.pk, 3)]
        assert [link.requires_id for link in made.prerequisite_links.all()] == [before.pk]
    assert (made.minutes, made.grades, made.cost_cents, made.credit_minutes) == (25, ("K", "1"), 1250, 30)
    assert made.modality == "self_paced" and made.language == "en"
    where = reverse("manage:catalog_edit", args=[made.pk])
    page = body(signed_in.get(where))
    assert "Asking well" in page and "12.50" in page and str(before.pk) in page
    assert as_(client, cast.novice).get(reverse("learn:resource", args=[made.pk])).status_code == 404
    signed_in = as_(client, cast.coordinator)
    signed_in.post(reverse("manage:catalog_status", args=[made.pk]), {"status": "published"})
    assert signed_in.post(where, {**sent, "title": "Asking better", "competency_0": ""}).status_code == 303
    with acting(cast.novice) as nia:
        seen = queries.get_resource(nia, made.pk)
        assert seen.title == "Asking better" and not seen.competency_links.all()
    signed_in.post(reverse("manage:catalog_status", args=[made.pk]), {"status": "retired"})
    with acting(cast.novice) as nia:
        assert queries.get_resource(nia, made.pk).status == "retired"


def test_bad_input_is_told_at_its_field(client, cast) -> None:
    signed_in = as_(client, cast.coordinator)
    missing = signed_in.post(reverse("manage:catalog_new"), {"title": "", "kind": "video"})
    assert missing.status_code == 422 and "Give it a title." in body(missing)
    address = signed_in.post(
        reverse("manage:catalog_new"), {"title": "A", "kind": "video", "url": "javascript:alert(1)"}
    )
    assert address.status_code == 422 and "full address" in body(address)
    unknown = signed_in.post(
        reverse("manage:catalog_new"),
        {"title": "A", "kind": "video", "builds_on": "01a2003d-ee05-7205-9724-2107605f9f81"},
    )
    assert unknown.status_code == 422
    assert signed_in.post(reverse("manage:catalog_new"), {"title": "A", "kind": "dance"}).status_code == 422
    with acting(cast.coordinator) as dana:
        assert not queries.list_managed(dana).exists()


def test_inherited_is_shown_and_not_changed(client, cast) -> None:
    state = system_of(cast.state)
    with tenancy.within(state.tenancy):
        shared = make_resource(state, "From the state")
        word = make_term(state, "State word")
    signed_in = as_(client, cast.coordinator)
    assert "This one is inherited" in body(signed_in.get(reverse("manage:catalog_edit", args=[shared.pk])))
    sent = {"title": "Mine now", "kind": "video"}
    assert signed_in.post(reverse("manage:catalog_edit", args=[shared.pk]), sent).status_code == 403
    status = reverse("manage:catalog_status", args=[shared.pk])
    assert signed_in.post(status, {"status": "retired"}).status_code == 403
    assert signed_in.post(reverse("manage:term", args=[word.pk]), {"label": "Ours"}).status_code == 403
    assert "This one is inherited" in body(signed_in.get(reverse("manage:term", args=[word.pk])))


def test_another_district_finds_nothing_here(client, cast) -> None:
    with acting(cast.coordinator) as dana:
        mine, word = make_resource(dana, "Mine"), make_term(dana, "Word")
    outsider = as_(client, cast.outsider)
    assert "Mine" not in body(outsider.get(reverse("manage:catalog")))
    assert outsider.get(reverse("manage:catalog_edit", args=[mine.pk])).status_code == 404
    assert outsider.post(reverse("manage:catalog_status", args=[mine.pk]), {"status": "retired"}).status_code == 404
    assert outsider.post(reverse("manage:term", args=[word.pk]), {"label": "Ours"}).status_code == 404


@pytest.mark.requirement("P5.2")
def test_terms_are_added_once_and_renamed_everywhere(client, cast) -> None:
    signed_in = as_(client, cast.coordinator)
    assert signed_in.post(reverse("manage:terms"), {"scheme": "topic", "label": "Phonics"}).status_code == 303
    again = signed_in.post(reverse("manage:terms"), {"scheme": "topic", "label": "phonics"})
    assert again.status_code == 422 and "there already" in body(again)
    with acting(cast.coordinator) as dana:
        term = queries.list_terms(dana, "topic").get()
        made = make_resource(dana, "Sounds", term_ids=[term.pk])
    assert signed_in.post(reverse("manage:term", args=[term.pk]), {"label": ""}).status_code == 422
    assert signed_in.post(reverse("manage:term", args=[term.pk]), {"label": "Letter sounds"}).status_code == 303
    assert "Letter sounds" in body(signed_in.get(reverse("manage:terms")))
    page = body(as_(client, cast.novice).get(reverse("learn:resource", args=[made.pk])))
    assert "Letter sounds" in page and "Phonics" not in page
    assert "Letter sounds" in body(client.get(reverse("learn:catalog")))


@pytest.mark.parametrize("name", ["manage:catalog", "manage:terms"])
def test_queries_do_not_grow_with_rows(client, cast, name) -> None:
    signed_in = as_(client, cast.coordinator)
    counted = []
    for rows in (1, 2):
        with acting(cast.coordinator) as dana:
            for number in range(rows):
                make_resource(dana, f"R {rows} {number}", term_ids=[make_term(dana, f"T {rows} {number}").pk])
        with CaptureQueriesContext(connection) as seen:
            signed_in.get(reverse(name))
        counted.append(len(seen))
    assert counted[0] == counted[1], counted
