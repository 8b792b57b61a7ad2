"""The pages of my needs: the map, the list, rating, own words, a competency, the loop; and that they are mine alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lantern.domain.goals import commands as goals
from lantern.domain.needs import commands as needs
from lantern.domain.needs.models import Need, Rating
from lantern.kernel import clock, tenancy
from tests.cast import Cast, acting, as_, competencies_of

PAGES = (
    "/grow/",
    "/grow/needs/",
    "/grow/needs/rate/",
    "/grow/needs/add/",
    "/grow/needs/words/",
    "/together/group-needs/",
)


def text(response: Any) -> str:
    return response.content.decode()


def rows(model: Any) -> list[Any]:
    with tenancy.unscoped("the test looks at everything"):
        return list(model.objects.order_by("pk"))


def a_need(person: Any, **facts: Any) -> Need:
    with acting(person) as actor:
        return needs.add_need(actor, **facts)


def a_rating(person: Any, competency: Any, level: int) -> None:
    with acting(person) as actor:
        needs.rate(actor, competency_id=competency.pk, level=level)


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("who", ["novice", "para", "coach", "principal", "coordinator", "operator"])
def test_each_page_opens_for_everybody_on_the_first_day(cast: Cast, client: Client, address: str, who: str) -> None:
    response = as_(client, getattr(cast, who)).get(address)
    assert response.status_code == 200
    assert "!" not in text(response).split("<main")[1].split("</main>")[0].replace("<!--", "")


@pytest.mark.requirement("C.5")
def test_each_kind_of_job_rates_itself_on_its_own_framework(cast: Cast, client: Client) -> None:
    assert "Number talks" in text(as_(client, cast.novice).get("/grow/needs/rate/"))
    page = text(as_(Client(), cast.para).get("/grow/needs/rate/"))
    assert "Helping without telling" in page and "Number talks" not in page
    assert "No framework for your kind of work yet" in text(as_(Client(), cast.coach).get("/grow/needs/rate/"))


def test_rating_saves_what_changed_and_the_map_shows_it_with_its_range(cast: Cast, client: Client) -> None:
    one, two, *_ = competencies_of(cast.framework)
    as_(client, cast.novice)
    sent = {f"level-{one.pk}": "2", f"level-{two.pk}": ""}
    response = client.post("/grow/needs/rate/", sent, follow=True)
    assert response.redirect_chain == [("/grow/needs/", 303)] and "1 answer is saved" in text(response)
    assert "likely 1.0 to 3.0" in text(response) and "3 not looked at yet" in text(response)
    leads_on = text(response).split("Why, and how it went")[1].split("</details>")[0]
    assert f"/grow/needs/on/{one.pk}/" in leads_on and str(two.pk) not in leads_on
    assert "Nothing was changed" in text(client.post("/grow/needs/rate/", sent, follow=True))
    assert len(rows(Rating)) == 1
    bad = client.post("/grow/needs/rate/", {f"level-{one.pk}": "9"})
    assert bad.status_code == 422 and "Choose a level from the list" in text(bad)
    client.post("/grow/needs/rate/", {f"level-{one.pk}": ""})
    assert rows(Rating) == []


def test_what_each_level_looks_like_is_said_where_one_rates_and_on_its_page(cast: Cast, client: Client) -> None:
    one, two, *_ = competencies_of(cast.framework)
    one.extra = {"levels": {"1": "Asks one <open> question.", "4": "Leads number talks for others.", "x": "no level"}}
    two.extra = {"levels": "not a table"}
    with tenancy.unscoped("the test writes as the framework's owner"):
        one.save()
        two.save()
    a_rating(cast.novice, one, 4)
    rate = text(as_(client, cast.novice).get("/grow/needs/rate/"))
    assert rate.count("What each level looks like") == 1
    assert rate.index("Asks one &lt;open&gt; question.") < rate.index("Leads number talks for others.")
    page = text(client.get(f"/learn/competencies/{one.pk}/"))
    assert page.index("Asks one &lt;open&gt; question.") < page.index("(where you see yourself)")
    assert "no level" not in page
    assert "What each level looks like" not in text(client.get(f"/learn/competencies/{two.pk}/"))


def test_own_words_are_suggested_for_confirmed_and_kept(cast: Cast, client: Client) -> None:
    said = "My feedback is not read"
    as_(client, cast.novice)
    page = client.post("/grow/needs/words/", {"words": said})
    assert page.status_code == 200 and "Feedback that moves learning" in text(page) and rows(Need) == []
    wanted = next(row for row in competencies_of(cast.framework) if "Feedback" in row.name)
    kept = {
        "words": said,
        "keep": "yes",
        "fits": "yes",
        "competency_id": str(wanted.pk),
        "idempotency_key": str(uuid4()),
    }
    for _ in range(2):
        response = client.post("/grow/needs/words/", kept)
        assert (response.status_code, response["Location"]) == (303, "/grow/needs/")
    assert [(row.competency_id, row.words) for row in rows(Need)] == [(wanted.pk, said)]
    client.post("/grow/needs/words/", {"words": "Only my words", "keep": "yes", "competency_id": str(wanted.pk)})
    assert rows(Need)[1].competency_id is None
    assert client.post("/grow/needs/words/", {"words": " "}).status_code == 422
    for bad in ("nonsense", str(uuid4())):
        refused = client.post("/grow/needs/words/", {"words": "x", "keep": "yes", "fits": "yes", "competency_id": bad})
        assert refused.status_code in {404, 422}
    page = client.post("/grow/needs/words/", {"words": "quantum"})
    assert "Nothing in your framework fits these words" in text(page) and "Keep just my words" in text(page)
    assert len(rows(Need)) == 2


@pytest.mark.parametrize(
    "said", ["Ich möchte ruhiger unterrichten", "Quiero dar mejores instrucciones", "もっと静かに教えたい", "?!…"]
)
def test_words_in_another_language_find_nothing_are_told_why_and_are_kept(
    cast: Cast, client: Client, said: str
) -> None:
    as_(client, cast.novice)
    page = text(client.post("/grow/needs/words/", {"words": said}))
    assert "Nothing in your framework fits these words" in page and "Keep just my words" in page
    assert "Your words are enough, in any language" in page and "Your framework is written in English" in page
    kept = client.post("/grow/needs/words/", {"words": said, "keep": "yes"}, follow=True)
    assert said in text(kept) and [row.words for row in rows(Need)] == [said]


def test_empty_words_are_asked_for_in_words(cast: Cast, client: Client) -> None:
    as_(client, cast.novice)
    for empty in ("", "  \n "):
        refused = client.post("/grow/needs/words/", {"words": empty})
        assert refused.status_code == 422
        assert "Say it in a few words, as you would to a colleague." in text(refused)
    assert rows(Need) == []


def test_a_need_is_met_put_away_and_taken_up_again(cast: Cast, client: Client) -> None:
    need = a_need(cast.novice, words="Louder voices")
    as_(client, cast.novice)
    assert "Louder voices" in text(client.get("/grow/needs/"))
    for state in ("met", "open", "put_away"):
        assert client.post(f"/grow/needs/{need.pk}/end/", {"state": state}).status_code == 303
        assert "Louder voices" in text(client.get("/grow/needs/", {"state": state}))
    assert "Louder voices" not in text(client.get("/grow/needs/"))
    assert client.post(f"/grow/needs/{need.pk}/end/", {"state": "lost"}).status_code == 422
    assert client.get(f"/grow/needs/{need.pk}/end/").status_code == 405


@pytest.mark.requirement("P1.2")
@pytest.mark.parametrize(
    "who", ["expert", "coach", "principal", "coordinator", "official", "operator", "outsider", "para"]
)
def test_nobody_else_reads_or_ends_my_needs_on_any_page(cast: Cast, client: Client, who: str) -> None:
    skill = competencies_of(cast.framework)[0]
    need = a_need(cast.novice, competency_id=skill.pk, words="canary-55d1")
    with acting(cast.novice) as actor:
        needs.rate(actor, competency_id=skill.pk, level=1)
    as_(client, getattr(cast, who))
    missing = client.post(f"/grow/needs/{uuid4()}/end/", {"state": "met"})
    foreign = client.post(f"/grow/needs/{need.pk}/end/", {"state": "met"})
    assert (missing.status_code, foreign.status_code) == (404, 404)
    for address in (*PAGES, f"/learn/competencies/{skill.pk}/", "/lead/days/", "/lead/initiatives/"):
        page = text(client.get(address))
        assert "canary" not in page and str(need.pk) not in page and "likely" not in page
    assert rows(Need)[0].state == "open"


@pytest.mark.requirement("P7.2")
def test_a_competency_page_shows_its_place_my_rating_and_the_next_acts(cast: Cast, client: Client) -> None:
    skill = competencies_of(cast.framework)[1]
    address = f"/learn/competencies/{skill.pk}/"
    as_(client, cast.novice)
    page = text(client.get(address))
    assert (
        "Practice" in page and "You have not rated yourself" in page and "Nothing in the catalog leads here yet" in page
    )
    assert f"/grow/goals/new/?competency={skill.pk}" in page
    response = client.post("/grow/needs/add/", {"competency_id": str(skill.pk), "next": address})
    assert (response.status_code, response["Location"]) == (303, address)
    with acting(cast.novice) as actor:
        needs.rate(actor, competency_id=skill.pk, level=2)
    page = text(client.get(address))
    assert "A need of yours" in page and "Building" in page and "This is a need of mine" not in page
    assert client.get(f"/learn/competencies/{uuid4()}/").status_code == 404
    stranger = client.post("/grow/needs/add/", {"competency_id": str(uuid4()), "next": "//evil.example/"})
    assert stranger.status_code == 422


@pytest.mark.requirement("P7.2")
def test_a_competency_page_lists_what_leads_to_each_level(cast: Cast, client: Client) -> None:
    from lantern.domain.catalog.models import Resource, ResourceCompetency

    skill = competencies_of(cast.framework)[1]
    with tenancy.unscoped("factory"):
        for level, title in ((2, "Feedback in a minute"), (3, "Feedback that lasts")):
            now = clock.now()
            resource = Resource.objects.create(
                tenant_id=cast.state.pk,
                kind="video",
                modality="self_paced",
                title=title,
                created_at=now,
                updated_at=now,
            )
            ResourceCompetency.objects.create(tenant_id=cast.state.pk, resource=resource, competency=skill, level=level)
    with acting(cast.novice) as actor:
        needs.rate(actor, competency_id=skill.pk, level=2)
    page = text(as_(client, cast.novice).get(f"/learn/competencies/{skill.pk}/"))
    assert page.index("Building") < page.index("Feedback in a minute") < page.index("Feedback that lasts")
    assert page.count("(your next level)") == 1
    assert page.index("Feedback in a minute") < page.index("(your next level)") < page.index("Feedback that lasts")


def test_the_loop_tells_where_i_stand(cast: Cast, client: Client) -> None:
    as_(client, cast.novice)
    assert "You are at step 1: Notice." in text(client.get("/grow/"))
    a_need(cast.novice, words="Louder voices")
    assert "You are at step 2: Choose." in text(client.get("/grow/"))
    with acting(cast.novice) as actor:
        goals.set_goal(
            actor, title="Goal", measure="m", baseline="0", target="1", due_on=clock.today() + timedelta(days=9)
        )
    page = text(client.get("/grow/"))
    assert "You are at step 3: Plan." in page and "1 open goal" in page and "Louder voices" in page
    assert page.count("ui-btn--next") == 1 and page.count('aria-current="step"') == 1


def queries_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


@pytest.mark.parametrize("address", ["/grow/needs/", "/grow/", "/together/group-needs/", "/lead/days/"])
def test_the_number_of_queries_does_not_grow_with_the_rows(cast: Cast, client: Client, address: str) -> None:
    skills = competencies_of(cast.framework)

    def more(number: int) -> None:
        with acting(cast.principal) as actor:
            needs.rate(actor, competency_id=skills[number].pk, level=2)
            needs.add_need(actor, competency_id=skills[number].pk)
            needs.propose_group_need(actor, organisation_id=cast.school.pk, title=f"Ask {number}")

    as_(client, cast.principal)
    more(0)
    one = queries_of(client, address)
    more(1)
    more(2)
    assert queries_of(client, address) == one


@pytest.mark.requirement("P1.2")
def test_staff_put_up_and_vote_and_the_planner_sees_and_answers(cast: Cast, client: Client) -> None:
    as_(client, cast.novice)
    sent = {"organisation_id": str(cast.school.pk), "title": "Calmer starts", "idempotency_key": str(uuid4())}
    for _ in range(2):
        assert client.post("/together/group-needs/", sent).status_code == 303
    assert client.post("/together/group-needs/", sent | {"idempotency_key": str(uuid4())}).status_code == 422
    assert (
        client.post("/together/group-needs/", {"organisation_id": str(cast.other_school.pk), "title": "x"}).status_code
        == 422
    )
    expert = as_(Client(), cast.expert)
    page = text(expert.get("/together/group-needs/"))
    assert "Calmer starts" in page and "Nia" not in page and "you put this up" not in page
    action = page.split('action="/together/group-needs/')[1].split("/")[0]
    for vote, count in (("yes", "2 votes"), ("yes", "2 votes"), ("no", "1 vote"), ("yes", "2 votes")):
        assert expert.post(f"/together/group-needs/{action}/vote/", {"vote": vote}).status_code == 303
        assert count in text(expert.get("/together/group-needs/"))
    outsider = as_(Client(), cast.outsider)
    assert outsider.post(f"/together/group-needs/{action}/vote/", {"vote": "yes"}).status_code == 404
    planner = as_(Client(), cast.principal)
    page = text(planner.get("/lead/days/"))
    assert "Calmer starts" in page and "2 votes" in page and "Nia" not in page and "Elena" not in page
    assert planner.post("/lead/days/", {"group_need_id": action, "answer": " "}).status_code == 422
    assert outsider.post("/lead/days/", {"group_need_id": action, "answer": "No"}).status_code == 404
    assert planner.post("/lead/days/", {"group_need_id": action, "answer": "On 3 March"}).status_code == 303
    assert "On 3 March" in text(expert.get("/together/group-needs/"))
    assert as_(Client(), cast.novice).get("/lead/days/").status_code == 403
