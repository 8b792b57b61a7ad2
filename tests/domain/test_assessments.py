"""Item banks and checks: what an author may do, how a check goes, what it says, and to whom: nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from lantern import models as tables
from lantern.domain.assessments import commands, queries
from lantern.domain.assessments.types import RULES, ItemData, ItemRefused, OptionData
from lantern.domain.needs import queries as needs
from lantern.domain.privacy.types import DataClass
from lantern.engine import assess
from lantern.kernel import clock, tenancy
from lantern.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.banks import make_bank, take_check
from tests.cast import Cast, acting, competencies_of, system_of

EVERYBODY_ELSE = ("expert", "coach", "principal", "coordinator", "official", "operator", "outsider", "para")


@pytest.fixture
def skill(cast: Cast) -> Any:
    """A competency with forty questions in use."""
    chosen = competencies_of(cast.framework)[0]
    with tenancy.unscoped("factory"):
        make_bank(cast.district.pk, chosen, 40)
    return chosen


@pytest.mark.requirement("N6")
@pytest.mark.requirement("P7.7")
def test_the_novice_is_placed_at_the_beginning_and_the_expert_may_skip(cast: Cast, skill: Any) -> None:
    found = {}
    for name, able in (("novice", 0), ("expert", 4)):
        with acting(getattr(cast, name)) as actor:
            row = take_check(actor, skill.pk, able)
            assert row.finished_at is not None and RULES.least <= row.answers.count() <= RULES.most
            found[name] = queries.result_of(actor, row)
    assert found["novice"].placement.shown == 0 and found["novice"].placement.towards == 1
    assert found["expert"].placement.shown >= 3
    assert found["novice"].outcome.band.highest < found["expert"].outcome.band.lowest


@pytest.mark.requirement("N6")
def test_a_check_says_something_of_the_level_and_removing_it_takes_that_away(cast: Cast, skill: Any) -> None:
    with acting(cast.novice) as actor:
        row = take_check(actor, skill.pk, able=2)
        (said,) = needs.what_was_said(actor, skill.pk)
        assert said.evidence.kind == "check" and 1 <= said.evidence.level <= 3 and said.evidence.sd is not None
        commands.remove(actor, check_id=row.pk)
        assert needs.what_was_said(actor, skill.pk) == [] and queries.my_checks(actor) == []


def test_a_check_stopped_early_says_nothing_and_one_without_an_answer_is_gone(cast: Cast, skill: Any) -> None:
    with acting(cast.novice) as actor:
        row = commands.start(actor, competency_id=skill.pk)
        question = queries.question_of(actor, row)
        assert question is not None and question.number == 1 and question.most == RULES.most
        commands.finish(actor, check_id=row.pk)
        assert not tables.Check.objects.exists()
        row = commands.start(actor, competency_id=skill.pk)
        question = queries.question_of(actor, row)
        assert question is not None
        commands.answer(actor, check_id=row.pk, item_id=question.item_id, chosen=0)
        commands.finish(actor, check_id=row.pk)
        assert needs.what_was_said(actor, skill.pk) == []
        assert queries.get_check(actor, row.pk).finished_at is not None


def test_one_question_at_a_time_and_an_answer_stays(cast: Cast, skill: Any) -> None:
    with acting(cast.novice) as actor:
        row = commands.start(actor, competency_id=skill.pk)
        assert commands.start(actor, competency_id=skill.pk) == row, "one open check on a competency"
        question = queries.question_of(actor, row)
        assert question is not None and queries.question_of(actor, row) == question
        other = tables.AssessmentItem.objects.exclude(pk=question.item_id).filter(competency=skill).first()
        assert other is not None
        with pytest.raises(Conflict, match="another question"):
            commands.answer(actor, check_id=row.pk, item_id=other.pk, chosen=0)
        with pytest.raises(Invalid):
            commands.answer(actor, check_id=row.pk, item_id=question.item_id, chosen=7)
        commands.answer(actor, check_id=row.pk, item_id=question.item_id, chosen=1)
        commands.answer(actor, check_id=row.pk, item_id=question.item_id, chosen=1)
        assert row.answers.count() == 1
        with pytest.raises(Conflict, match="stays"):
            commands.answer(actor, check_id=row.pk, item_id=question.item_id, chosen=0)


@pytest.mark.requirement("P7.7")
def test_growth_between_two_checks_comes_with_its_interval_and_asks_other_questions(cast: Cast, skill: Any) -> None:
    with acting(cast.novice) as actor:
        with clock.standing_at(clock.now() - timedelta(days=60)):
            first = take_check(actor, skill.pk, able=0)
        second = take_check(actor, skill.pk, able=4, seed=8)
        asked = [set(row.answers.values_list("item_id", flat=True)) for row in (first, second)]
        assert not asked[0] & asked[1], "what she answered lately is not asked again"
        assert queries.result_of(actor, first).growth is None
        growth = queries.result_of(actor, second).growth
        assert growth is not None and growth.low < growth.mean < growth.high and growth.low > 0 and growth.rose > 0.9


@pytest.mark.requirement("N6")
@pytest.mark.parametrize("other", EVERYBODY_ELSE)
def test_nobody_of_any_role_finds_my_check(cast: Cast, skill: Any, other: str) -> None:
    with acting(cast.novice) as actor:
        row = take_check(actor, skill.pk, able=1, contributes=True)
    with acting(getattr(cast, other)) as actor:
        assert queries.my_checks(actor) == []
        for ask in (queries.get_check,):
            with pytest.raises(NotFound):
                ask(actor, row.pk)
        for act in (commands.finish, commands.remove):
            with pytest.raises(NotFound):
                act(actor, check_id=row.pk)
        with pytest.raises(NotAllowed):
            queries.contributed(actor, [])
        assert queries.export_for(actor) == {"checks": []}
        with pytest.raises(NotFound):
            commands.erase(actor, cast.novice.pk)


def test_the_tables_of_a_check_are_private(cast: Cast) -> None:
    for table in (tables.Check, tables.CheckAnswer):
        assert table.privacy.data_class is DataClass.PRIVATE


def test_a_bank_of_four_is_no_check(cast: Cast) -> None:
    skill = competencies_of(cast.framework)[0]
    with tenancy.unscoped("factory"):
        items = make_bank(cast.district.pk, skill, 5)
    with acting(cast.novice) as actor:
        assert queries.offer_for(actor, skill.pk) is not None and len(queries.all_offers(actor)) == 1
        tables.AssessmentItem.objects.filter(pk=items[0].pk).update(status="retired")
        assert queries.offer_for(actor, skill.pk) is None and queries.all_offers(actor) == []
        with pytest.raises(Conflict):
            commands.start(actor, competency_id=skill.pk)


def test_a_question_taken_out_of_use_in_the_middle_hurts_nobody(cast: Cast, skill: Any) -> None:
    with acting(cast.novice) as actor:
        row = commands.start(actor, competency_id=skill.pk)
        for _ in range(3):
            question = queries.question_of(actor, row)
            assert question is not None
            commands.answer(actor, check_id=row.pk, item_id=question.item_id, chosen=0)
        tables.AssessmentItem.objects.filter(competency=skill).update(status="retired")
        assert queries.question_of(actor, row) is None
        commands.finish(actor, check_id=row.pk)
        assert len(queries.result_of(actor, queries.get_check(actor, row.pk)).answered) == 3


@pytest.mark.requirement("N6")
def test_a_check_whose_bank_is_retired_hides_no_other_and_can_be_stopped(cast: Cast, skill: Any) -> None:
    with acting(cast.novice) as actor:
        done = take_check(actor, skill.pk, able=2)
        row = commands.start(actor, competency_id=skill.pk)
        tables.AssessmentItem.objects.filter(competency=skill).update(status="retired")
        tables.CheckAnswer.objects.filter(check_taken=done).delete()
        assert {view.id for view in queries.my_checks(actor)} == {done.pk, row.pk}
        assert queries.question_of(actor, row) is None
        commands.finish(actor, check_id=row.pk)
        assert [view.id for view in queries.my_checks(actor)] == [done.pk]


def test_an_open_check_stays_in_reach_when_its_bank_grows_small(cast: Cast, skill: Any) -> None:
    with acting(cast.novice) as actor:
        row = commands.start(actor, competency_id=skill.pk)
        kept = tables.AssessmentItem.objects.filter(competency=skill).values_list("pk", flat=True)[:3]
        tables.AssessmentItem.objects.filter(competency=skill).exclude(pk__in=list(kept)).update(status="retired")
        assert [offer.under_way for offer in queries.all_offers(actor)] == [row.pk]
        offer = queries.offer_for(actor, skill.pk)
        assert offer is not None and offer.under_way == row.pk
        assert commands.start(actor, competency_id=skill.pk) == row
        commands.remove(actor, check_id=row.pk)
        assert queries.all_offers(actor) == [] and queries.offer_for(actor, skill.pk) is None


def test_a_question_changed_since_does_not_put_other_words_in_her_mouth(cast: Cast, skill: Any) -> None:
    with acting(cast.novice) as actor:
        row = take_check(actor, skill.pk, able=0)
        first, second = row.answers.select_related("item").order_by("position")[:2]
    changed = item_of(skill.pk, external_id=first.item.external_id, level=first.item.level)
    with acting(cast.coordinator) as actor:
        commands.edit_item(actor, item_id=first.item_id, data=changed)
    with acting(cast.novice) as actor:
        told = queries.result_of(actor, row).answered
        assert (told[0].changed, told[0].chosen, told[0].right_answer, told[0].why) == (True, "", "", "")
        assert not told[1].changed and told[1].chosen == second.item.options[second.chosen]["text"]
        exported = queries.export_for(actor)["checks"][0]["answers"]
        assert (exported[0]["question_changed_since"], exported[0]["chosen"]) == (True, None)
        assert (exported[1]["question_changed_since"], exported[1]["chosen"]) == (False, told[1].chosen)


def item_of(about: Any, **other: Any) -> ItemData:
    options = (OptionData("One", "That is it."), OptionData("Two"), OptionData("Three"))
    plain = ItemData("q-1", about, "Which?", options, right=0, level=2)
    return replace(plain, **other)


def test_an_author_writes_changes_and_retires(cast: Cast) -> None:
    skill = competencies_of(cast.framework)[0]
    with acting(cast.coordinator) as actor:
        row = commands.create_item(actor, data=item_of(skill.pk))
        assert (row.status, row.difficulty, row.guessing) == ("draft", -0.5, 0.33)
        with pytest.raises(Invalid) as twice:
            commands.create_item(actor, data=item_of(skill.pk))
        assert "external_id" in twice.value.fields
        commands.set_status(actor, item_id=row.pk, status="published")
        tables.AssessmentItem.objects.filter(pk=row.pk).update(
            calibrated="estimated", answers=400, difficulty=1.1, verdict="keep"
        )
        kept = commands.edit_item(actor, item_id=row.pk, data=item_of(skill.pk, area="A part"))
        assert (kept.answers, kept.difficulty) == (400, 1.1), "the name of a part asks no other question"
        anew = commands.edit_item(actor, item_id=row.pk, data=item_of(skill.pk, question="Which one?"))
        assert (anew.answers, anew.difficulty, anew.calibrated) == (0, -0.5, "author")
        with pytest.raises(Invalid, match="why"):
            commands.set_status(actor, item_id=row.pk, status="retired")
        with pytest.raises(Conflict):
            commands.set_status(actor, item_id=row.pk, status="draft")
        assert commands.set_status(actor, item_id=row.pk, status="retired", because="Two right").status == "retired"
    for name in ("novice", "coach", "principal", "official"):
        with acting(getattr(cast, name)) as actor:
            assert not queries.list_items(actor).exists()
            with pytest.raises(NotAllowed):
                commands.create_item(actor, data=item_of(skill.pk, external_id="q-2"))
            with pytest.raises(NotFound):
                commands.set_status(actor, item_id=row.pk, status="published")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"external_id": " "}, "external_id"),
        ({"question": ""}, "question"),
        ({"question": "x" * 1300}, "question"),
        ({"options": (OptionData("One"),)}, "options"),
        ({"options": (OptionData("Same"), OptionData("same "))}, "options"),
        ({"options": (OptionData("One"), OptionData(""))}, "options"),
        ({"right": 3}, "right"),
        ({"level": 0}, "level"),
        ({"level": 5}, "level"),
        ({"difficulty": float("nan")}, "difficulty"),
        ({"discrimination": 0.0}, "discrimination"),
        ({"guessing": 0.9}, "guessing"),
        ({"language": "e" * 36}, "language"),
        ({"area": "x" * 121}, "area"),
        ({"competency_id": uuid4()}, "competency_id"),
    ],
)
def test_a_malformed_item_is_refused_by_its_field(cast: Cast, wrong: dict[str, Any], field: str) -> None:
    skill = competencies_of(cast.framework)[0]
    with acting(cast.coordinator) as actor:
        with pytest.raises(Invalid) as refused:
            commands.create_item(actor, data=item_of(skill.pk, **wrong))
        assert set(refused.value.fields) == {field}
        assert not tables.AssessmentItem.objects.exists()


def test_a_file_goes_in_row_by_row_and_twice_is_no_change(cast: Cast) -> None:
    skill = competencies_of(cast.framework)[0]
    good = [item_of(skill.pk, external_id=f"q-{number}", row=number) for number in (2, 3)]
    bad = [item_of(skill.pk, external_id="q-2", row=4), item_of(skill.pk, external_id="q-9", level=7, row=5)]
    before = [ItemRefused(6, "right", "names no answer")]
    with acting(cast.coordinator) as actor:
        dry = commands.import_items(actor, rows=good + bad, refused=before, dry_run=True)
        assert (dry.created, [one.row for one in dry.refused]) == (2, [4, 5, 6])
        assert not tables.AssessmentItem.objects.exists()
        done = commands.import_items(actor, rows=good + bad, publish_new=True)
        assert (done.created, done.updated, done.unchanged, len(done.refused)) == (2, 0, 0, 2)
        again = commands.import_items(actor, rows=good)
        assert (again.created, again.updated, again.unchanged) == (0, 0, 2)
        changed = commands.import_items(actor, rows=[replace(good[0], question="Another?")])
        assert (changed.updated, changed.unchanged) == (1, 0)
        assert set(tables.AssessmentItem.objects.values_list("status", flat=True)) == {"published"}


def answered_by(cast: Cast, items: list[Any], people: int, contributes: bool = True) -> None:
    """So many people, each with a finished check in which all of the items were answered, the seventh wrong."""
    with tenancy.within(system_of(cast.district).tenancy):
        for _ in range(people):
            row = tables.Check.objects.create(
                person=_somebody(cast), competency_id=items[0].competency_id, seed=1, contributes=contributes,
                started_at=clock.now(), finished_at=clock.now(),
            )  # fmt: skip
            tables.CheckAnswer.objects.bulk_create(
                tables.CheckAnswer(
                    tenant_id=cast.district.pk, check_taken=row, item=item, position=place, chosen=0,
                    right=place != 7, at=clock.now(),
                )
                for place, item in enumerate(items, 1)
            )  # fmt: skip


def test_calibration_reads_only_what_was_given_for_it_and_from_thirty_people_on(cast: Cast) -> None:
    skill = competencies_of(cast.framework)[0]
    with tenancy.unscoped("factory"):
        items = make_bank(cast.district.pk, skill, 8)
    system = system_of(cast.district)

    answered_by(cast, items, 40, contributes=False)
    answered_by(cast, items, 29, contributes=True)
    with tenancy.within(system.tenancy):
        assert commands.calibrate(system, competency_id=skill.pk) == 0, "29 people are too few, others did not agree"
        answered_by(cast, items, 6, contributes=True)
        assert commands.calibrate(system, competency_id=skill.pk) == 8
        rows = list(tables.AssessmentItem.objects.filter(competency=skill).order_by("pk"))
        assert {row.answers for row in rows} == {30}, "in tens, so that one more shows nothing"
        assert {row.calibrated for row in rows} == {"author"}, "below 200 answers the author is kept"
        assert all(row.verdict for row in rows) and all(row.calibrated_at for row in rows)
    with acting(cast.operator) as actor, pytest.raises(NotAllowed):
        commands.calibrate(actor, competency_id=skill.pk)


def test_a_calibration_leaves_the_numbers_of_a_file_and_a_file_those_of_a_calibration(cast: Cast) -> None:
    skill = competencies_of(cast.framework)[0]
    rows = [
        item_of(skill.pk, external_id=f"q-{n}", difficulty=0.7, discrimination=1.8, row=n) for n in range(2, 10)
    ]
    with acting(cast.coordinator) as actor:
        commands.import_items(actor, rows=rows, publish_new=True)
    system = system_of(cast.district)
    with tenancy.within(system.tenancy):
        items = list(tables.AssessmentItem.objects.filter(competency=skill).order_by("external_id"))
        answered_by(cast, items[:6], 35)
        assert commands.calibrate(system, competency_id=skill.pk) == 8
        numbers = tables.AssessmentItem.objects.values_list("difficulty", "discrimination", "calibrated")
        assert set(numbers) == {(0.7, 1.8, "author")}
        tables.AssessmentItem.objects.filter(pk=items[0].pk).update(
            difficulty=-0.9, discrimination=1.3, calibrated="estimated", answers=1200
        )
    with acting(cast.coordinator) as actor:
        assert commands.import_items(actor, rows=rows).unchanged == 8
        moved = commands.import_items(actor, rows=[replace(rows[0], difficulty=0.2), replace(rows[1], difficulty=0.2)])
        assert moved.updated == 2
        kept, other = (tables.AssessmentItem.objects.get(pk=item.pk) for item in items[:2])
    assert (kept.difficulty, kept.discrimination, kept.author_difficulty) == (-0.9, 1.3, 0.2)
    assert (other.difficulty, other.author_difficulty) == (0.2, 0.2), "no answers speak, so the file does"


def test_below_thirty_people_nothing_is_computed_or_said_of_an_item(cast: Cast) -> None:
    skill = competencies_of(cast.framework)[0]
    with tenancy.unscoped("factory"):
        items = make_bank(cast.district.pk, skill, 8)
    system = system_of(cast.district)
    with tenancy.within(system.tenancy):
        answered_by(cast, items, 12)
        tables.AssessmentItem.objects.filter(competency=skill).update(worded_at=clock.now())
        answered_by(cast, items, 20)
        assert commands.calibrate(system, competency_id=skill.pk) == 0, "32 people, but 20 to these wordings"
        tables.AssessmentItem.objects.filter(pk=items[0].pk).update(worded_at=clock.now())
        answered_by(cast, items, 15)
        assert commands.calibrate(system, competency_id=skill.pk) == 8
        first, second = (tables.AssessmentItem.objects.get(pk=item.pk) for item in items[:2])
    assert (first.answers, first.verdict, first.flags, first.calibrated_at) == (0, "", [], None)
    assert second.answers == 30 and second.verdict


def test_a_question_reworded_during_a_calibration_begins_anew(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    skill = competencies_of(cast.framework)[0]
    with tenancy.unscoped("factory"):
        items = make_bank(cast.district.pk, skill, 8)
    answered_by(cast, items, 35)
    compute = assess.calibrate

    def meanwhile(*given: Any, **named: Any) -> Any:
        tables.AssessmentItem.objects.filter(pk=items[0].pk).update(question="Another?", worded_at=clock.now())
        return compute(*given, **named)

    monkeypatch.setattr(assess, "calibrate", meanwhile)
    system = system_of(cast.district)
    with tenancy.within(system.tenancy):
        assert commands.calibrate(system, competency_id=skill.pk) == 7
        row = tables.AssessmentItem.objects.get(pk=items[0].pk)
    assert (row.question, row.answers, row.verdict) == ("Another?", 0, "")


def test_a_slip_put_right_in_what_is_said_of_an_answer_keeps_the_numbers(cast: Cast) -> None:
    skill = competencies_of(cast.framework)[0]
    with acting(cast.coordinator) as actor:
        row = commands.create_item(actor, data=item_of(skill.pk))
        tables.AssessmentItem.objects.filter(pk=row.pk).update(calibrated="estimated", answers=400, difficulty=1.1)
        better = (OptionData("One", "That is it, yes."), OptionData("Two"), OptionData("Three"))
        kept = commands.edit_item(actor, item_id=row.pk, data=item_of(skill.pk, options=better))
        assert kept.options[0]["why"] == "That is it, yes."
        assert (kept.answers, kept.difficulty, kept.worded_at) == (400, 1.1, row.worded_at)
        other = (OptionData("Won"), *better[1:])
        assert commands.edit_item(actor, item_id=row.pk, data=item_of(skill.pk, options=other)).answers == 0


def _somebody(cast: Cast) -> Any:
    return tables.Person.objects.create(
        tenant_id=cast.district.pk, given_name="Some", family_name="Body", job_kind="teacher", source="test",
        sourced_id=str(uuid4()),
    )  # fmt: skip


def test_a_state_s_bank_is_asked_in_its_districts_and_changed_there_only(cast: Cast, skill: Any) -> None:
    other = competencies_of(cast.framework)[1]
    with tenancy.unscoped("factory"):
        (inherited, *_) = make_bank(cast.state.pk, other, 6)
    with acting(cast.novice) as actor:
        assert take_check(actor, other.pk, able=2).finished_at is not None
    with acting(cast.coordinator) as actor:
        assert queries.get_item(actor, inherited.pk) == inherited
        with pytest.raises(NotAllowed):
            commands.set_status(actor, item_id=inherited.pk, status="retired", because="Not ours")
