"""The pages of what a coach saw, on both sides."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from lantern import models as tables
from lantern.domain.needs import commands
from lantern.domain.needs import queries as needs
from lantern.flows import rights
from lantern.kernel import clock, tenancy
from tests.cast import Cast, acting, as_, competencies_of


@pytest.fixture
def link(cast: Cast) -> UUID:
    """Nia works with Cora."""
    with tenancy.unscoped("factory"):
        return tables.CoachLink.objects.create(
            tenant_id=cast.district.pk, educator=cast.novice, coach=cast.coach, state="active", asked_at=clock.now()
        ).pk


def written(cast: Cast, link: UUID, **more: Any) -> tuple[Client, str]:
    """Let the coach write one; return her client and the page of it."""
    cora = as_(Client(), cast.coach)
    form = {
        "saw": "Six hands went up.",
        "on": str(clock.today()),
        "competency_id": str(competencies_of(cast.framework)[0].pk),
        "level": "3",
    }
    assert cora.post(reverse("together:observations_write", args=[link]), form | more).status_code == 303
    with tenancy.unscoped("test"):
        return cora, reverse("together:observation", args=[tables.Observation.objects.get().pk])


def test_from_the_coachs_page_to_her_needs_and_her_level(cast: Cast, client: Client, link: UUID) -> None:
    page = as_(Client(), cast.coach).get(reverse("together:observations_write", args=[link])).content.decode()
    assert "Asking good questions" in page, "she chooses from the framework of the one she coaches, not her own"
    cora, where = written(cast, link)
    mine = cora.get(reverse("together:link", args=[link])).content.decode()
    assert "Six hands went up." in mine and "What you saw" in mine
    as_(client, cast.novice)
    for name, args in (("overview", []), ("link", [link])):
        assert where in client.get(reverse(f"together:{name}", args=args)).content.decode()
    shown = client.get(where).content.decode()
    assert "It looked like: applying" in shown and "As something that says where I stand" in shown
    sent = client.post(where, {"decision": "take", "as_need": "yes", "as_evidence": "yes"}, follow=True)
    assert "You took it up" in sent.content.decode()
    with acting(cast.novice) as nia:
        assert needs.my_needs(nia).get().source == "coach_observation"
        assert [said.evidence.kind for said in needs.what_was_said(nia)] == ["coach_observation"]
    assert "You took it up" not in cora.get(where).content.decode()
    assert "What your coach saw and you took up" in client.get(reverse("grow:needs")).content.decode()


def test_setting_it_aside_and_forgetting_to_tick(cast: Cast, client: Client, link: UUID) -> None:
    _, where = written(cast, link)
    as_(client, cast.novice)
    empty = client.post(where, {"decision": "take"})
    assert empty.status_code == 422 and "Tick what you want to take up" in empty.content.decode()
    aside = client.post(where, {"decision": "aside", "as_need": "yes"}, follow=True).content.decode()
    assert "You set it aside" in aside
    with acting(cast.novice) as nia:
        assert not needs.my_needs(nia).exists()


def test_without_a_level_there_is_nothing_to_say_of_hers(cast: Cast, client: Client, link: UUID) -> None:
    _, where = written(cast, link, level="", competency_id="")
    as_(client, cast.novice)
    assert "As something that says where I stand" not in client.get(where).content.decode()
    assert client.post(where, {"decision": "take", "as_evidence": "yes"}).status_code == 422


def test_what_cannot_be_written_comes_back_with_the_reason(cast: Cast, link: UUID) -> None:
    cora = as_(Client(), cast.coach)
    where = reverse("together:observations_write", args=[link])
    late = cora.post(where, {"saw": "x", "on": "2999-01-01"})
    assert late.status_code == 422 and "Choose a day that has been." in late.content.decode()
    assert cora.post(where, {"on": str(clock.today())}).status_code == 422


def test_the_educator_cannot_write_and_a_coach_without_a_link_finds_nothing(
    cast: Cast, client: Client, link: UUID
) -> None:
    where = reverse("together:observations_write", args=[link])
    assert as_(client, cast.novice).get(where).status_code == 404
    assert as_(Client(), cast.expert).get(where).status_code == 404
    cora, page = written(cast, link)
    client.post(reverse("together:links_end", args=[link]))
    assert cora.get(page).status_code == 404 and cora.get(where).status_code == 404
    assert client.get(page).status_code == 200


def test_taking_it_back(cast: Cast, client: Client, link: UUID) -> None:
    cora, where = written(cast, link)
    assert cora.post(f"{where}withdraw/").headers["Location"] == reverse("together:link", args=[link])
    assert as_(client, cast.novice).get(where).status_code == 404
    with tenancy.unscoped("test"):
        assert not tables.Notice.objects.filter(kind="observation_made").exists(), "news of nothing leads to nothing"


def test_with_the_coach_goes_the_news_of_what_she_wrote(cast: Cast, link: UUID, settings: Any, tmp_path: Any) -> None:
    settings.LANTERN_DATA, settings.LANTERN_FILES = tmp_path, tmp_path / "files"
    written(cast, link)
    with tenancy.unscoped("test"):
        assert tables.Notice.objects.filter(person=cast.novice, kind="observation_made").count() == 1
    with acting(cast.coach) as cora:
        rights.erase_me(cora)
    with tenancy.unscoped("test"):
        assert not tables.Notice.objects.filter(kind="observation_made").exists()


def test_a_need_that_is_full_of_her_words_keeps_them_and_it_is_said(cast: Cast, client: Client, link: UUID) -> None:
    _, where = written(cast, link)
    with acting(cast.novice) as nia:
        commands.add_need(nia, competency_id=competencies_of(cast.framework)[0].pk, words="y" * 1999)
    sent = as_(client, cast.novice).post(where, {"decision": "take", "as_need": "yes"}, follow=True).content.decode()
    assert "the new words were left out there." in sent and "Six hands went up." in sent
    with acting(cast.novice) as nia:
        assert needs.my_needs(nia).get().words == "y" * 1999
