"""Checks and standing in the pages: take one, read what it says, let go what is behind, take away what speaks."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lantern import models as tables
from lantern.domain.assessments import commands, queries
from lantern.domain.needs import commands as needs
from lantern.domain.needs import queries as need_queries
from lantern.domain.needs.types import EvidenceKind
from lantern.domain.plans import commands as plans
from lantern.domain.plans import queries as plan_queries
from lantern.flows import checks as flow
from lantern.kernel import clock, tenancy
from lantern.kernel.ids import uuid7
from tests.banks import make_bank, take_check
from tests.cast import Cast, acting, as_, competencies_of


@pytest.fixture
def skill(cast: Cast) -> Any:
    """A competency with twenty questions in use."""
    chosen = competencies_of(cast.framework)[0]
    with tenancy.unscoped("factory"):
        make_bank(cast.district.pk, chosen, 20)
    return chosen


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.mark.requirement("P7.7")
@pytest.mark.requirement("N6")
@pytest.mark.requirement("P7.8")
def test_a_check_goes_from_the_needs_page_to_its_result_without_a_script(cast: Cast, skill: Any) -> None:
    client = as_(Client(), cast.novice)
    assert reverse("grow:checks") in client.get(reverse("grow:needs")).content.decode()
    listed = client.get(reverse("grow:checks"))
    assert skill.name in text_of(listed) and "At most 12 questions" in text_of(listed)
    begun = client.post(reverse("grow:checks_start", args=[skill.pk]), {"contributes": "yes"})
    assert begun.status_code == 303
    page = begun.headers["Location"]
    asked = 0
    while 'name="chosen"' in (body := client.get(page).content.decode()):
        item = re.search(r'name="item" value="([^"]+)"', body)
        assert item is not None
        if asked == 0:
            empty = client.post(page, {"item": item[1]})
            assert empty.status_code == 422 and "Choose one of the answers" in empty.content.decode()
        level = _level(item[1])
        assert client.post(page, {"item": item[1], "chosen": "0" if level <= 2 else "1"}).status_code == 303
        asked += 1
    told = text_of(client.get(page))
    assert 5 <= asked <= 12 and "You are probably here" in told and "Where to begin" in told
    assert not re.search(r"\b\d+ (of|out of) \d+ (right|correct)", told), "there is no score"
    assert tables.Check.privacy.data_class == "private"
    with tenancy.unscoped("the test looks"):
        assert tables.Check.objects.get().contributes is True
    client.post(reverse("grow:check_contribute", args=[page.rstrip("/").split("/")[-1]]), {"contributes": "no"})
    with tenancy.unscoped("the test looks"):
        assert tables.Check.objects.get().contributes is False


@pytest.mark.requirement("N6")
def test_a_retired_bank_closes_no_page_of_checks(cast: Cast, skill: Any) -> None:
    client = as_(Client(), cast.novice)
    page = client.post(reverse("grow:checks_start", args=[skill.pk])).headers["Location"]
    with tenancy.unscoped("the author retires the bank"):
        tables.AssessmentItem.objects.filter(competency=skill).update(status="retired")
    listed = client.get(reverse("grow:checks"))
    assert listed.status_code == 200 and page in listed.content.decode()
    assert client.get(reverse("grow:checks_start", args=[skill.pk])).status_code == 200
    ended = client.get(page, follow=True)
    assert ended.status_code == 200 and "not in use any more" in text_of(ended)
    assert page not in ended.content.decode()
    with tenancy.unscoped("the test looks"):
        assert not tables.Check.objects.exists()


def test_after_one_answer_the_list_says_as_little_as_the_result(cast: Cast, skill: Any) -> None:
    with acting(cast.novice) as actor:
        row = commands.start(actor, competency_id=skill.pk, seed=7)
        question = queries.question_of(actor, row)
        assert question is not None
        commands.answer(actor, check_id=row.pk, item_id=question.item_id, chosen=1)
        commands.finish(actor, check_id=row.pk)
    client = as_(Client(), cast.novice)
    for page in (reverse("grow:checks"), reverse("grow:check", args=[row.pk])):
        assert "Too few answers to say" in text_of(client.get(page))


def test_an_answer_to_a_question_that_is_not_asked_any_more_leads_back_to_the_check(cast: Cast, skill: Any) -> None:
    client = as_(Client(), cast.novice)
    page = client.post(reverse("grow:checks_start", args=[skill.pk])).headers["Location"]
    item = re.search(r'name="item" value="([^"]+)"', client.get(page).content.decode())
    assert item is not None
    with tenancy.unscoped("the author retires it meanwhile"):
        tables.AssessmentItem.objects.filter(pk=item[1]).update(status="retired")
    answered = client.post(page, {"item": item[1], "chosen": "0"}, follow=True)
    assert answered.status_code == 200 and answered.redirect_chain == [(page, 303)]
    assert "The check asks another question now." in text_of(answered) and 'name="chosen"' in answered.content.decode()


def test_the_page_of_checks_asks_the_database_as_often_for_four_as_for_one(cast: Cast, skill: Any) -> None:
    client = as_(Client(), cast.novice)
    counts = []
    for more in (1, 3):
        with acting(cast.novice) as actor:
            for _ in range(more):
                take_check(actor, skill.pk, able=2)
        client.get(reverse("grow:checks"))
        with CaptureQueriesContext(connection) as asked:
            listed = client.get(reverse("grow:checks"))
        counts.append(len(asked))
    assert listed.content.decode().count("questions ·") == 4
    assert counts[0] == counts[1]


def test_the_result_says_which_question_was_changed_since(cast: Cast, skill: Any) -> None:
    with acting(cast.novice) as actor:
        row = take_check(actor, skill.pk, able=0)
        first = row.answers.order_by("position").first()
        tables.AssessmentItem.objects.filter(pk=first.item_id).update(
            options=[{"text": "Some other words", "why": "Other"}] * 2, worded_at=clock.now()
        )
    told = text_of(as_(Client(), cast.novice).get(reverse("grow:check", args=[row.pk])))
    assert told.count("This question was changed since") == 1 and "Some other words" not in told


def _level(item_id: str) -> int:
    with tenancy.unscoped("the test looks"):
        return tables.AssessmentItem.objects.get(pk=item_id).level


@pytest.mark.requirement("P7.7")
def test_a_strong_check_offers_to_skip_what_leads_no_further(cast: Cast, skill: Any) -> None:
    with tenancy.unscoped("factory"):
        made = {
            (level, about): _resource(cast, f"Step {level} {about}", level, skill, about)
            for level, about in ((1, ""), (4, ""), (1, "and another"))
        }
    with acting(cast.expert) as actor:
        for resource in made.values():
            plans.plan_resource(actor, resource_id=resource.pk)
        row = take_check(actor, skill.pk, able=3)
        (skip,) = flow.skippable(actor, check_id=row.pk)
        assert (skip.title, skip.minutes, skip.leads_to) == ("Step 1 ", 30, 1)
    client = as_(Client(), cast.expert)
    assert "You may skip this" in text_of(client.get(reverse("grow:check", args=[row.pk])))
    answer = client.post(reverse("grow:check_let_go", args=[row.pk]), {"item": str(skip.item_id)})
    assert answer.status_code == 303
    with acting(cast.expert) as actor:
        assert plan_queries.count_my_items(actor) == 2 and flow.skippable(actor, check_id=row.pk) == []
        assert flow.let_go(actor, check_id=row.pk, item_ids={skip.item_id}) == 0


@pytest.mark.requirement("N6")
def test_a_novice_is_offered_nothing_to_skip(cast: Cast, skill: Any) -> None:
    with tenancy.unscoped("factory"):
        resource = _resource(cast, "Step 1", 1, skill, "")
    with acting(cast.novice) as actor:
        item = plans.plan_resource(actor, resource_id=resource.pk)
        row = take_check(actor, skill.pk, able=0)
        assert flow.skippable(actor, check_id=row.pk) == []
        assert flow.let_go(actor, check_id=row.pk, item_ids={item.pk}) == 0
        assert plan_queries.count_my_items(actor) == 1


def test_sources_that_contradict_each_other_leave_her_less_sure_on_every_page(cast: Cast) -> None:
    """The same two sources, once of one mind and once not: the map's range and the levels named both grow."""
    agreed, torn = competencies_of(cast.framework)[:2]
    with acting(cast.novice) as actor:
        for row, own, checked in ((agreed, 3, 3.0), (torn, 4, 1.0)):
            needs.rate(actor, competency_id=row.pk, level=own)
            sign = needs.Sign(competency_id=row.pk, level=checked, sd=0.6, words="A check of 9 questions")
            needs.note_evidence(actor, kind=EvidenceKind.CHECK, source_id=uuid7(), signs=[sign])
        drawn = {row.competency.pk: row.high - row.low for row in need_queries.needs_map(actor)}
        known = {row.pk: need_queries.standing_of(actor, row.pk) for row in (agreed, torn)}
    assert drawn[torn.pk] > drawn[agreed.pk] * 1.2
    alike, apart = known[agreed.pk], known[torn.pk]
    assert alike and apart and apart.standing.sd > alike.standing.sd * 1.5
    client = as_(Client(), cast.novice)
    likeliest = []
    for row in (agreed, torn):
        page = client.get(reverse("grow:standing", args=[row.pk])).content.decode()
        assert "Where they disagree, the range grows" in page
        likeliest.append(max(int(tenths) for tenths in re.findall(r"about (\d+) in 10", page)))
    assert likeliest[1] < likeliest[0], "no level is as probable as where both say the same"


def _resource(cast: Cast, title: str, level: int, skill: Any, about: str) -> Any:
    resource = tables.Resource.objects.create(
        tenant_id=cast.district.pk, kind="video", modality="self_paced", title=title, minutes=30,
        created_at=clock.now(), updated_at=clock.now(),
    )  # fmt: skip
    also = [competencies_of(cast.framework)[1]] if about else []
    for competency in [skill, *also]:
        tables.ResourceCompetency.objects.create(
            tenant_id=cast.district.pk, resource=resource, competency=competency, level=level
        )
    return resource


@pytest.mark.requirement("P7.2")
def test_the_standing_shows_all_that_speaks_over_time_and_lets_it_be_taken_away(cast: Cast, skill: Any) -> None:
    page = reverse("grow:standing", args=[skill.pk])
    client = as_(Client(), cast.novice)
    assert "Nothing known yet" in text_of(client.get(page))
    with acting(cast.novice) as actor:
        for days, level in ((200, 1), (90, 2)):
            with clock.standing_at(clock.now() - timedelta(days=days)):
                needs.rate(actor, competency_id=skill.pk, level=level)
        needs.rate(actor, competency_id=skill.pk, level=4)
        sign = needs.Sign(competency_id=skill.pk, level=2.0, sd=0.6, words="A check of 9 questions")
        needs.note_evidence(actor, kind=EvidenceKind.CHECK, source_id=uuid7(), signs=[sign])
    told = text_of(client.get(page))
    assert "A check of 9 questions" in told and "Over time" in told and "What speaks for it" in told
    assert told.count("counts no more") == 2, "two older ratings of the same source"
    shares = [int(share) for share in re.findall(r"counts (\d+)%", told)]
    assert len(shares) == 2 and abs(sum(shares) - 100) <= 1
    effects = [float(effect) for effect in re.findall(r"moves the level by ([+-]\d\.\d)", told)]
    together = re.search(r"Together: (\d\.\d)", told)
    assert together is not None
    assert 2.0 + sum(effects) == pytest.approx(float(together[1]), abs=0.11), "they add up on screen"
    ids = re.findall(r"/grow/needs/said/([^/]+)/take-away/", client.get(page).content.decode())
    assert len(ids) == 4
    for each in ids:
        stranger = as_(Client(), cast.principal)
        assert stranger.post(reverse("grow:standing_take_away", args=[each])).status_code == 404
        assert client.post(reverse("grow:standing_take_away", args=[each])).status_code == 303
    assert "Nothing known yet" in text_of(client.get(page))


def test_all_drafts_of_ones_own_bank_are_taken_into_use_at_once_and_no_others(cast: Cast, skill: Any) -> None:
    def drafts() -> list[str]:
        with tenancy.unscoped("test"):
            return sorted(tables.AssessmentItem.objects.filter(status="draft").values_list("external_id", flat=True))

    other = competencies_of(cast.framework)[1]
    with tenancy.unscoped("drafts, of this bank, of another, and of the state's"):
        for number, (place, about) in enumerate(
            [(cast.district, skill)] * 2 + [(cast.district, other), (cast.state, skill)]
        ):
            make_bank(place.pk, about, 1, status="draft", external_id=f"new-{number}")
    client, where = as_(Client(), cast.operator), reverse("manage:items_publish")
    page = reverse("manage:items") + f"?competency={skill.pk}"
    assert "Take all 2 drafts into use" in text_of(client.get(page))
    assert as_(Client(), cast.novice).post(where, {"competency": str(skill.pk)}).status_code == 403
    assert client.post(where, {"competency": "none"}).status_code == 404
    assert drafts() == ["new-0", "new-1", "new-2", "new-3"]
    answer = client.post(where, {"competency": str(skill.pk)}, follow=True)
    assert "2 questions are in use now." in text_of(answer) and "drafts into use" not in text_of(answer)
    assert drafts() == ["new-2", "new-3"]
    assert "no drafts in this bank" in text_of(client.post(where, {"competency": str(skill.pk)}, follow=True))


def test_authors_find_their_banks_and_nobody_else_does(cast: Cast, skill: Any) -> None:
    client = as_(Client(), cast.operator)
    listed = text_of(client.get(reverse("manage:items"), {"competency": str(skill.pk)}))
    assert skill.name in listed and "Enough for a check" in listed and "What would you do first in case 3" in listed
    form = {
        "external_id": "new-1", "competency_id": str(skill.pk), "level": "2", "language": "en", "question": "Which?",
        "right": "1", "option_0": "This", "option_1": "", "option_2": "Those",
    }  # fmt: skip
    refused = client.post(reverse("manage:items_new"), form)
    assert refused.status_code == 422 and "required" in text_of(refused)
    kept = client.post(reverse("manage:items_new"), form | {"option_1": "That"})
    assert kept.status_code == 303
    shown = text_of(client.get(kept.headers["Location"]))
    assert "From thirty people on" in shown
    with tenancy.unscoped("an earlier calibration"):
        kept_row = tables.AssessmentItem.objects.filter(external_id="new-1")
        kept_row.update(answers=20, verdict="retire", calibrated_at=clock.now())
    pages = [reverse("manage:items") + f"?competency={skill.pk}", kept.headers["Location"]]
    for page in pages:
        assert "Better taken out of use" not in text_of(client.get(page)) and "20 " not in text_of(client.get(page))
    with tenancy.unscoped("a later one"):
        kept_row.update(answers=30)
    for page in pages:
        assert "Better taken out of use" in text_of(client.get(page))
    assert as_(Client(), cast.novice).get(reverse("manage:items")).status_code == 403
