"""Results of one's own class (D.4, P4.7): summed as they are read, seen by their teacher alone, no student anywhere."""

from __future__ import annotations

import csv
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from lantern import models as tables
from lantern.domain.goals import commands as goals
from lantern.domain.needs import commands
from lantern.domain.needs import queries as needs
from lantern.domain.results import queries
from lantern.kernel import clock, tenancy
from tests.cast import Cast, acting, as_, competencies_of, make_framework

SAMPLE = Path("student-data") / "ed-fi-standards-mastery" / "items-LearningStandardsMastery.csv"
LINES = "CC.5.NBT.3; 20; 24\nCC.5.NF.1; 4; 24\nFractions on a line; 3; 6"


TWO_DAYS = b"standard,right,of,date\nx.1,10,20,2026-03-01\nx.1,2,20,2026-03-08\n"


def bring_in(client: Client, lines: str = LINES, on: str = "2026-10-05", **more: Any) -> Any:
    """Type results of a class."""
    said = {"label": "Grade 5", "lines": lines, "students": "24", "on": on}
    return client.post(reverse("grow:results_new"), said | more)


def the_class() -> Any:
    with tenancy.unscoped("test"):
        return tables.OwnClass.objects.get()


def standards() -> dict[str, Any]:
    """The standards that are kept, by their code."""
    with tenancy.unscoped("test"):
        return {row.code: row for row in tables.ClassStandard.objects.all()}


def kept() -> dict[tuple[str, str], tuple[float, int]]:
    """What is kept: (code, day) -> right, of."""
    with tenancy.unscoped("test"):
        rows = tables.StandardResult.objects.select_related("standard")
        return {(row.standard.code, row.on.isoformat()): (row.right, row.of) for row in rows}


def everything_kept() -> str:
    """Every value of every row of every table, opened where it is sealed, as one text."""
    with tenancy.unscoped("test"):
        return "\n".join(
            str(getattr(row, field.attname))
            for table in apps.get_models()
            for row in table._default_manager.all()
            for field in table._meta.concrete_fields
        )


@pytest.mark.requirement("P4.7")
def test_no_student_of_the_real_sample_is_anywhere_and_nothing_touches_the_disk(
    cast: Cast, client: Client, shared_data: Path, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LANTERN_FILES, settings.LANTERN_UPLOADS = tmp_path / "files", tmp_path / "uploads"

    def no_file(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("a file with students was about to be written")

    for way in ("NamedTemporaryFile", "TemporaryFile", "mkstemp"):
        monkeypatch.setattr(tempfile, way, no_file)
    data = (shared_data / SAMPLE).read_bytes()
    students = {row["student_id"] for row in csv.DictReader(data.decode().splitlines())}
    assert len(students) == 82
    as_(client, cast.novice)
    upload = SimpleUploadedFile("results 605466.csv", data, "text/csv")
    sent = client.post(reverse("grow:results_new"), {"label": "Grade 6", "results_file": upload}, follow=True)
    shown = sent.content.decode()
    assert "11 standards kept for 8 April 2021" in shown and "No student was kept" in shown
    assert kept()["CC.6.NS.1", "2021-04-08"] == (33, 82) and len(kept()) == 11
    text = everything_kept() + shown
    assert not {student for student in students if student in text}
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert "<strong>CC.6.NS.1</strong>" in shown and "<strong>CC.5.NF.1</strong>" in shown


def test_the_search_for_students_would_find_one(cast: Cast, client: Client) -> None:
    """The positive control: a number that is written into a sealed label is found."""
    as_(client, cast.novice)
    bring_in(client, label="Class 605466")
    assert "605466" in everything_kept()


@pytest.mark.requirement("P4.7")
@pytest.mark.parametrize("who", ["principal", "coordinator", "official", "operator", "coach", "expert", "outsider"])
def test_nobody_else_sees_the_class_or_that_there_is_one(cast: Cast, client: Client, who: str) -> None:
    bring_in(as_(client, cast.novice))
    own, standard = the_class().pk, standards()["CC.5.NF.1"].pk
    other = as_(Client(), getattr(cast, who))
    for name, key in (("results_class", own), ("results_needs", own), ("results_standard", standard)):
        assert other.get(reverse(f"grow:{name}", args=[key])).status_code == 404
    posts = (("results_needs", own), ("results_remove", own), ("results_goal", standard))
    for name, key in posts:
        form = {"wanted": [str(standard)], "goal_id": str(own)}
        assert other.post(reverse(f"grow:{name}", args=[key]), form).status_code == 404
    assert bring_in(other, class_id=str(own)).status_code == 422, "her class is no choice of anybody else's"
    assert "Grade 5" not in other.get(reverse("grow:results")).content.decode()
    assert len(kept()) == 3
    with acting(getattr(cast, who)) as actor:
        assert not queries.my_classes(actor).exists() and queries.export_for(actor)["classes"] == []


@pytest.mark.requirement("P4.7")
def test_she_sees_her_patterns_with_their_ranges_and_where_there_is_too_little(cast: Cast, client: Client) -> None:
    as_(client, cast.novice)
    where = bring_in(client).headers["Location"]
    shown = client.get(where).content.decode()
    assert "<strong>CC.5.NF.1</strong>" in shown, "far below the class as a whole"
    assert "4 of 24 right, 17 % (likely 7 to 36 %)" in shown
    assert "3 of 6 right, too few to tell" in shown
    assert "Fractions on a line" in shown and "No framework here says what these codes mean" in shown
    assert shown.index("4 of 24 right") < shown.index("20 of 24 right") < shown.index("3 of 6 right")
    assert "Grade 5" in client.get(reverse("grow:results")).content.decode()


def test_what_a_standard_says_comes_from_a_framework_of_students_here_in_any_spelling(
    cast: Cast, client: Client
) -> None:
    framework = make_framework(cast.state, "Standards for students", ("Read and write decimals to thousandths",))
    with tenancy.unscoped("test"):
        tables.Competency.objects.filter(framework=framework, selectable=True).update(
            code="CCSS.Math.Content.5.NBT.A.3", statement="Read, write, and compare decimals to thousandths."
        )
    as_(client, cast.novice)
    shown = client.get(bring_in(client, "CC.5.NBT.3; 20; 24\nA.1; 5; 12").headers["Location"]).content.decode()
    assert "CC.5.NBT.3 Read, write, and compare decimals" in shown
    assert "kept as you wrote it: A.1" in shown, "the code of an educators' framework says nothing of a student's"


@pytest.mark.requirement("D.4")
def test_later_results_of_a_class_are_seen_over_time_in_either_spelling(cast: Cast, client: Client) -> None:
    as_(client, cast.novice)
    bring_in(client)
    own = the_class().pk
    again = bring_in(client, "CCSS.Math.Content.5.NF.A.1; 20; 24", "2026-11-09", label="", class_id=str(own))
    assert again.status_code == 303 and len(standards()) == 3, "the same standard, not a new one"
    shown = client.get(reverse("grow:results_standard", args=[standards()["CC.5.NF.1"].pk])).content.decode()
    assert "5 October 2026" in shown and "9 November 2026" in shown and shown.count("<circle") >= 2
    assert "higher than the time before" in shown and "20 of 24 right" in shown
    assert bring_in(client, "CC.5.NF.1; 21; 24", "2026-11-09", label="GRADE 5").status_code == 303
    assert kept()["CC.5.NF.1", "2026-11-09"] == (21, 24), "for the same day the last one counts"


@pytest.mark.requirement("D.4")
def test_a_measure_stands_beside_a_goal_over_time_and_is_not_shared_with_it(cast: Cast, client: Client) -> None:
    as_(client, cast.novice)
    bring_in(client)
    bring_in(client, "CC.5.NF.1; 20; 24", "2026-11-09")
    with acting(cast.novice) as nia:
        goal = goals.set_goal(
            nia, title="Fractions", measure="m", baseline="0", target="1", due_on=date(2027, 6, 1)
        )  # fmt: skip
    standard = standards()["CC.5.NF.1"].pk
    where = reverse("grow:results_goal", args=[standard])
    assert client.post(where, {"goal_id": str(goal.pk)}).headers["Location"] == reverse("grow:goal", args=[goal.pk])
    shown = client.get(reverse("grow:goal", args=[goal.pk])).content.decode()
    assert "Grade 5: CC.5.NF.1" in shown and "4 of 24 right" in shown and "20 of 24 right" in shown
    with tenancy.unscoped("test"):
        link = tables.CoachLink.objects.create(
            tenant_id=cast.district.pk, educator=cast.novice, coach=cast.coach, state="active", asked_at=clock.now()
        )
    client.post(reverse("together:links_share", args=[link.pk]), {"goal_ids": [str(goal.pk)], "days": "30"})
    cora = as_(Client(), cast.coach)
    theirs = cora.get(reverse("together:links_item", args=[link.pk, "goal", goal.pk])).content.decode()
    assert "Fractions" in theirs and "CC.5.NF.1" not in theirs and "Grade 5" not in theirs
    client.post(where, {"goal_id": str(goal.pk), "away": "yes"})
    assert "CC.5.NF.1" not in client.get(reverse("grow:goal", args=[goal.pk])).content.decode()


def test_a_goal_of_somebody_else_is_not_there(cast: Cast, client: Client) -> None:
    bring_in(as_(client, cast.novice))
    with acting(cast.expert) as elena:
        goal = goals.set_goal(elena, title="x", measure="m", baseline="0", target="1", due_on=date(2027, 6, 1))
    where = reverse("grow:results_goal", args=[standards()["CC.5.NF.1"].pk])
    for goal_id in (str(goal.pk), "nonsense"):
        assert client.post(where, {"goal_id": goal_id}).status_code == 404


@pytest.mark.requirement("P4.7")
def test_a_standard_becomes_a_need_and_says_something_of_her_level_only_where_she_ticks_it(
    cast: Cast, client: Client
) -> None:
    as_(client, cast.novice)
    bring_in(client)
    own, rows = the_class().pk, standards()
    low, high = str(rows["CC.5.NF.1"].pk), str(rows["CC.5.NBT.3"].pk)
    talks = competencies_of(cast.framework)[2]
    where = reverse("grow:results_needs", args=[own])
    shown = client.get(where).content.decode()
    assert f'name="wanted" value="{low}" checked' in shown and f'name="wanted" value="{high}">' in shown
    assert 'name="counts"' in shown and f'value="{rows["Fractions on a line"].pk}"><span>Let' not in shown
    sent = {"wanted": [low], f"means_{low}": str(talks.pk), f"means_{high}": "nothing"}
    assert client.post(where, sent).headers["Location"] == reverse("grow:needs")
    with acting(cast.novice) as nia:
        (need,) = needs.my_needs(nia)
        assert (need.competency_id, need.source, need.words) == (talks.pk, "class_results", "CC.5.NF.1")
        assert needs.what_was_said(nia) == [], "nothing counts that she did not tick"
    client.post(where, sent | {"wanted": [], "counts": [low, high], f"means_{high}": str(talks.pk)})
    with acting(cast.novice) as nia:
        (said,) = needs.what_was_said(nia)
        assert said.words == "Grade 5: 24 of 48 answers right on CC.5.NBT.3, CC.5.NF.1", "both together, once"
        assert said.evidence.kind == "class_results" and said.evidence.level == 2.0
        assert said.evidence.sd is not None and said.evidence.sd >= 1.5
        assert said.at.date() == date(2026, 10, 5)
    bring_in(client, "CC.5.NF.1; 24; 24\nCC.5.NBT.3; 24; 24", "2026-11-09")
    with acting(cast.novice) as nia:
        (said,) = needs.what_was_said(nia)
        assert said.evidence.level > 2.5 and said.at.date() == date(2026, 11, 9), "later results renew it"
    both = {"asked": [low, high]}
    client.post(where, both | {"counts": [high], f"means_{low}": str(talks.pk), f"means_{high}": str(talks.pk)})
    with acting(cast.novice) as nia:
        (said,) = needs.what_was_said(nia)
        assert said.words == "Grade 5: 24 of 24 answers right on CC.5.NBT.3"
    client.post(where, both | {f"means_{low}": str(talks.pk), f"means_{high}": "nothing"})
    with acting(cast.novice) as nia:
        assert needs.what_was_said(nia) == [], "without a tick it is gone"


def test_a_form_changes_only_the_standards_that_it_showed(cast: Cast, client: Client) -> None:
    """Forty are shown; which forty may be others by the time the form comes back."""
    as_(client, cast.novice)
    bring_in(client, "\n".join(f"x.{number}; {number}; 60" for number in range(41)))
    own, rows, talks = the_class().pk, standards(), competencies_of(cast.framework)[2]
    first, last, where = str(rows["x.0"].pk), str(rows["x.40"].pk), reverse("grow:results_needs", args=[own])
    stale = client.get(where).content.decode()
    assert f"means_{first}" in stale and f"means_{last}" not in stale and "1 other standard of this class is" in stale
    second = client.get(where, {"page": 2}).content.decode()
    assert f"means_{last}" in second and f"means_{first}" not in second, "every standard can be reached"
    client.post(where, {"counts": [last], f"means_{last}": str(talks.pk)})
    bring_in(client, "x.40; 0; 60\nx.0; 60; 60", "2026-11-09")
    assert f"means_{last}" in client.get(where).content.decode(), "now it is among the forty, and x.0 no more"
    shown = {f"means_{row.pk}": "nothing" for code, row in rows.items() if code != "x.40"}
    assert client.post(where, shown | {"wanted": [first], f"means_{first}": str(talks.pk)}).status_code == 303
    assert (standards()["x.40"].competency_id, standards()["x.40"].counts) == (talks.pk, True)
    assert standards()["x.0"].competency_id == talks.pk, "and what it showed is kept"


@pytest.mark.requirement("P4.7")
def test_a_small_quiz_takes_neither_what_counts_nor_the_tick(cast: Cast, client: Client) -> None:
    as_(client, cast.novice)
    bring_in(client, "CC.5.NF.1; 15; 30\nCC.5.NBT.3; 20; 30")
    low, other = (str(standards()[code].pk) for code in ("CC.5.NF.1", "CC.5.NBT.3"))
    own, talks = the_class().pk, str(competencies_of(cast.framework)[2].pk)
    where = reverse("grow:results_needs", args=[own])
    client.post(where, {"counts": [low], f"means_{low}": talks, f"means_{other}": "nothing"})
    bring_in(client, "CC.5.NF.1; 1; 8", "2026-11-09")

    def said() -> list[str]:
        with acting(cast.novice) as nia:
            return [one.words for one in needs.what_was_said(nia)]

    assert said() == ["Grade 5: 15 of 30 answers right on CC.5.NF.1"], "the newest day with enough answers speaks on"
    shown = client.get(where).content.decode()
    assert f'name="counts" value="{low}" checked' in shown and "by the answers of 5 October 2026" in shown
    client.post(reverse("grow:results_remove", args=[own]), {"on": "2026-10-05"})
    bring_in(client, "CC.5.NBT.3; 20; 30", "2026-11-09")
    assert said() == [] and standards()["CC.5.NF.1"].counts, "too few answers say nothing, the tick waits"
    again = {f"means_{low}": talks, f"means_{standards()['CC.5.NBT.3'].pk}": "nothing"}
    client.post(where, again | {"wanted": [str(standards()["CC.5.NBT.3"].pk)]})
    assert standards()["CC.5.NF.1"].counts, "where no box was shown nothing was unticked"
    assert f'name="counts" value="{low}" checked' in client.get(where).content.decode(), "and she can untick it"
    client.post(where, {"asked": [low], f"means_{low}": talks})
    assert not standards()["CC.5.NF.1"].counts


def test_results_of_this_very_day_can_say_something_of_her_level(cast: Cast, client: Client, time_machine: Any) -> None:
    """Before noon too: what a day says is never dated after now."""
    time_machine.move_to(datetime(2026, 11, 25, 1, 0, tzinfo=UTC), tick=True)
    as_(client, cast.novice)
    bring_in(client, on="")
    low, talks = str(standards()["CC.5.NF.1"].pk), competencies_of(cast.framework)[2]
    client.post(reverse("grow:results_needs", args=[the_class().pk]), {"counts": [low], f"means_{low}": str(talks.pk)})
    with acting(cast.novice) as nia:
        assert needs.my_standings(nia).keys() == {talks.pk}
    assert client.get(reverse("grow:needs")).status_code == 200


def test_what_she_takes_away_does_not_come_back_with_the_next_results(cast: Cast, client: Client) -> None:
    as_(client, cast.novice)
    bring_in(client)
    own, rows = the_class().pk, standards()
    low, high = str(rows["CC.5.NF.1"].pk), str(rows["CC.5.NBT.3"].pk)
    questions, _, talks = (str(row.pk) for row in competencies_of(cast.framework)[:3])
    means = {f"means_{low}": talks, f"means_{high}": questions}
    client.post(reverse("grow:results_needs", args=[own]), {"counts": [low, high]} | means)
    with acting(cast.novice) as nia:
        said = next(one for one in needs.what_was_said(nia) if str(one.competency_id) == talks)
    assert client.post(reverse("grow:standing_take_away", args=[said.id])).status_code == 303
    bring_in(client, "CC.5.NF.1; 24; 24\nCC.5.NBT.3; 24; 24", "2026-11-09")
    with acting(cast.novice) as nia:
        (other,) = needs.what_was_said(nia)
        assert str(other.competency_id) == questions and other.at.date() == date(2026, 11, 9), "the other one stays"
    after = standards()
    assert (after["CC.5.NF.1"].counts, after["CC.5.NBT.3"].counts) == (False, True)
    assert str(after["CC.5.NF.1"].competency_id) == talks, "what it means stays too"


def test_a_need_that_is_full_of_her_words_keeps_them_and_it_is_said(cast: Cast, client: Client) -> None:
    talks = competencies_of(cast.framework)[2].pk
    with acting(cast.novice) as nia:
        commands.add_need(nia, competency_id=talks, words="y" * 1999)
    as_(client, cast.novice)
    bring_in(client)
    low = str(standards()["CC.5.NF.1"].pk)
    sent = {"wanted": [low], f"means_{low}": str(talks)}
    page = client.post(reverse("grow:results_needs", args=[the_class().pk]), sent, follow=True).content.decode()
    assert "1 need noted on your list." in page and "the new words were left out there." in page
    with acting(cast.novice) as nia:
        assert needs.my_needs(nia).get().words == "y" * 1999


def test_removing_a_day_or_the_class_takes_what_it_said_of_her_level_along(cast: Cast, client: Client) -> None:
    as_(client, cast.novice)
    bring_in(client)
    bring_in(client, "CC.5.NF.1; 24; 24", "2026-11-09")
    own, low = the_class().pk, str(standards()["CC.5.NF.1"].pk)
    talks = competencies_of(cast.framework)[2]
    client.post(reverse("grow:results_needs", args=[own]), {"counts": [low], f"means_{low}": str(talks.pk)})
    where = reverse("grow:results_remove", args=[own])
    assert client.post(where, {"on": "2026-11-09"}).status_code == 303
    with acting(cast.novice) as nia:
        (said,) = needs.what_was_said(nia)
        assert said.words.startswith("Grade 5: 4 of 24")
    assert client.post(where, {"on": "2026-11-09"}).status_code == 404
    assert client.post(where, {"on": "soon"}).status_code == 404
    assert client.post(where).status_code == 303
    assert kept() == {} and standards() == {}
    with acting(cast.novice) as nia:
        assert needs.what_was_said(nia) == []


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"label": "Grade 5"}, "Choose a file, or type at least one standard."),
        ({"lines": "x.1; 1; 2"}, "Give the class a label"),
        ({"label": "Grade 5", "lines": "x.1; 3; 2"}, "Row 1, right: 3 of 2 is more than all of them."),
        ({"label": "Grade 5", "lines": "x.1; 1; 2", "on": "2999-01-01"}, "Choose a day that has been."),
        ({"label": "Grade 5", "lines": "x.1; 1; 2", "on": "1999-01-01"}, "after the year 2000"),
        ({"label": "Grade 5", "lines": "x.1; 1; 2", "on": "soon"}, "year-month-day"),
        ({"label": "x" * 81, "lines": "x.1; 1; 2"}, "80 characters"),
        ({"label": "Grade 5", "results_file": b"standard,right,of\nx.1,1,2\nx.1,9,2\n"}, "Row 3, right: 9 of 2"),
        ({"label": "Grade 5", "results_file": b"standard,percent,of\nx.1,120,20\n"}, "Row 2, percent: a percent lies"),
        ({"label": "Grade 5", "results_file": b"standard,right,of,date\nx.1,1,2,a\n"}, "Say here which day it was"),
        ({"label": "Grade 5", "results_file": TWO_DAYS}, "Say which one to keep: 1 March 2026, 8 March 2026."),
        ({"label": "Grade 5", "results_file": TWO_DAYS, "on": "2026-03-02"}, "The file has nothing of 2 March 2026."),
        ({"label": "Grade 5", "results_file": b"x" * 2_000_001}, "larger than 2 MB"),
        ({"label": "Grade 5", "lines": "x.1; 1; 12"}, "Say how many students it was."),
        ({"label": "Grade 5", "lines": "x.1; 1; 12", "students": "9"}, "Sums of fewer than 10 students"),
        ({"label": "Grade 5", "lines": "x.1; 1; 12", "students": "some"}, "Write a whole number, such as 24."),
        ({"label": "Grade 5", "results_file": b"standard,right,of\nx.1,1,2\n"}, "Say how many students it was."),
        ({"label": "Grade 5", "results_file": b"standard,right,of\nx.1,1,2\n", "students": "3"}, "Sums of fewer"),
        (
            {"label": "Grade 5", "results_file": b"standard,result,student\nx.1,right,a\n", "students": "24"},
            "names fewer than 10 students on each standard",
        ),
    ],
)
def test_what_cannot_be_kept_says_why_and_nothing_is_kept(
    cast: Cast, client: Client, sent: dict[str, Any], words: str
) -> None:
    as_(client, cast.novice)
    if isinstance(sent.get("results_file"), bytes):
        sent = sent | {"results_file": SimpleUploadedFile("r.csv", sent["results_file"], "text/csv")}
    response = client.post(reverse("grow:results_new"), sent)
    assert response.status_code == 422 and words in response.content.decode()
    with tenancy.unscoped("test"):
        assert not tables.OwnClass.objects.exists() and not tables.StandardResult.objects.exists()


@pytest.mark.requirement("P4.7")
def test_from_ten_students_on_typed_sums_are_kept_and_how_many_it_was_is_not(cast: Cast, client: Client) -> None:
    as_(client, cast.novice)
    assert bring_in(client, "x.1; 4; 10", students="10").status_code == 303
    assert list(kept().values()) == [(4, 10)]
    fields = {field.name for table in (tables.OwnClass, tables.StandardResult) for field in table._meta.fields}
    assert not {name for name in fields if "student" in name}


@pytest.mark.requirement("P4.7")
def test_what_a_single_student_answered_is_not_kept_and_the_page_names_it(cast: Cast, client: Client) -> None:
    rows = "".join(f"s{n},5.NF.B.3,right\n" for n in range(10)) + "s0,4.NF.A.2,wrong\n" * 12 + ",5.NF.B.3,wrong\n"
    as_(client, cast.novice)
    upload = SimpleUploadedFile("r.csv", f"student,standard,result\n{rows}".encode(), "text/csv")
    sent = {"label": "Grade 5", "on": "2026-10-05", "results_file": upload}
    shown = client.post(reverse("grow:results_new"), sent, follow=True).content.decode()
    assert kept() == {("5.NF.B.3", "2026-10-05"): (10, 10)}
    assert "fewer than 10 students answered: 4.NF.A.2." in shown and "no student was named: 1 row." in shown


def test_of_a_file_with_several_days_only_the_chosen_one_is_kept(cast: Cast, client: Client) -> None:
    as_(client, cast.novice)
    upload = SimpleUploadedFile("r.csv", TWO_DAYS, "text/csv")
    sent = {"label": "Grade 5", "students": "20", "on": "2026-03-08", "results_file": upload}
    assert client.post(reverse("grow:results_new"), sent).status_code == 303
    assert kept() == {("x.1", "2026-03-08"): (2, 20)}


def test_removing_a_day_or_a_class_asks_once_more_and_says_what_goes(cast: Cast, client: Client) -> None:
    as_(client, cast.novice)
    shown = client.get(bring_in(client).headers["Location"]).content.decode()
    day, rest = shown.split("Remove this day", 1)[1].split("Remove this class", 1)
    for part, words in ((day, "only you can bring them in again"), (rest, "Nobody can bring them back")):
        asked = part.split("</details>", 1)[0]
        assert words in asked and "for good" in asked and "ui-btn--danger" in asked
    assert "ui-btn--danger" not in shown.split("Remove this day", 1)[0], "no button that removes stands open"


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        ({}, 422, "Tick at least one standard"),
        ({"wanted": ["low"], "means": "nonsense"}, 422, "Choose from the list"),
        ({"counts": ["low"], "means": "nothing"}, 422, "Choose what a standard means"),
        ({"counts": ["few"], "means": "talks"}, 422, "too few answers on Fractions on a line"),
        ({"wanted": ["nonsense"]}, 404, ""),
        ({"wanted": ["low"], "means": "foreign"}, 404, ""),
    ],
)
def test_what_cannot_be_taken_up_says_why_and_keeps_nothing(
    cast: Cast, client: Client, sent: dict[str, Any], status: int, words: str
) -> None:
    as_(client, cast.novice)
    bring_in(client)
    rows = standards()
    keys = {"low": str(rows["CC.5.NF.1"].pk), "few": str(rows["Fractions on a line"].pk)}
    foreign = competencies_of(make_framework(cast.far_district, "Elsewhere"))[0]
    means = {"talks": str(competencies_of(cast.framework)[2].pk), "foreign": str(foreign.pk)}
    chosen = means.get(sent.get("means", ""), sent.get("means", "nothing"))
    form: dict[str, Any] = {name: [keys.get(one, one) for one in sent.get(name, ())] for name in ("wanted", "counts")}
    response = client.post(
        reverse("grow:results_needs", args=[the_class().pk]),
        form | {f"means_{key}": chosen for key in keys.values()},
    )
    assert response.status_code == status and words in response.content.decode()
    with acting(cast.novice) as nia:
        assert not needs.my_needs(nia).exists() and needs.what_was_said(nia) == []
    assert not any(row.competency_id or row.counts for row in standards().values())


def test_the_page_of_a_class_asks_the_database_as_often_for_three_standards_as_for_thirty(
    cast: Cast, client: Client
) -> None:
    from django.test.utils import CaptureQueriesContext

    as_(client, cast.novice)
    bring_in(client)
    own = the_class().pk
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("grow:results_class", args=[own]))
        counts.append(len(asked))
        bring_in(client, "\n".join(f"x.{number}; 1; 12" for number in range(30)), "2026-11-01")
    assert counts[0] == counts[1]
