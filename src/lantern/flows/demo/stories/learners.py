"""Elena Marsh, in her year 22, and Marcus Bell, paraprofessional. (Nadia Okafor came today and has no story yet.)"""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from PIL import Image, ImageDraw, ImageFont

from lantern.domain.catalog import commands as catalog
from lantern.domain.coaching import commands as coaching
from lantern.domain.courses import commands as courses
from lantern.domain.credits import commands as credits
from lantern.domain.evidence import commands as evidence
from lantern.domain.goals import commands as goals
from lantern.domain.needs import commands as needs
from lantern.domain.people import commands as people
from lantern.domain.plans import commands as plans
from lantern.domain.results import commands as results
from lantern.domain.results import queries as results_queries
from lantern.engine.class_results import read_lines
from lantern.flows import needs_from_class_results
from lantern.flows.demo.learning import HOURS
from lantern.flows.demo.life import Life
from lantern.flows.needs_from_class_results import Chosen

if TYPE_CHECKING:
    from lantern.domain.goals.models import Goal

EXPERT_LEVELS = {
    "1.1": 4, "1.2": 3, "1.3": 3, "1.4": 1, "2.1": 4, "2.2": 3, "2.3": 3, "2.4": 2, "3.1": 4, "3.2": 3, "3.3": 3,
    "3.4": 3, "4.1": 3, "4.2": 3, "4.3": 2, "4.4": 3, "5.1": 2, "5.2": 3, "6.1": 3, "6.2": 3, "6.3": 2, "6.4": 2,
}  # fmt: skip


def expert(life: Life) -> Goal:
    """Twenty-two years in: goals with checks, a plan with a quiet week, hours on record. Returns her main goal."""
    with life.on(140) as actor:
        people.finish_start(
            actor,
            minutes_per_week=60,
            interests=life.topics("discussion", "number-sense", "multilingual-learners", "mentoring"),
            liked_kinds=["podcast", "live_session", "book"],
            strengths=[str(life.competency(actor, code)) for code in ("T:3.1", "T:1.1", "T:2.1")],
            motivations=["student_improvement", "peer_recognition"],
            draws_most="student_improvement",
        )
    life.rates(139, "T", EXPERT_LEVELS)
    life.checks(96, "T:4.2", able=2)
    life.checks(9, "T:4.2", able=3)
    _expert_needs(life)
    talk = _expert_goals(life)
    _expert_class(life, talk)
    _expert_earlier(life)
    _expert_lately(life)
    _expert_outside(life)
    _expert_plan(life, talk.pk)
    with life.on(30) as actor:
        coaching.offer_help(
            actor,
            competency_ids=[life.competency(actor, code) for code in ("T:3.1", "T:3.4", "T:2.1")],
            about="Twenty-two years in grade 4. Come and watch a number talk, or let us plan one together.",
            most_people=3,
        )
        credits.set_licence(
            actor,
            name="Professional teaching licence, State of Maple",
            credit_type=HOURS,
            hours_needed=60,
            counts_from=life.day(-760),
            renews_on=life.day(-760) + timedelta(days=5 * 365),
        )
        for key in ("ms-055", "rb-030", "ms-012"):
            catalog.keep(actor, resource_id=life.names.resources[key])
    return talk


def _expert_needs(life: Life) -> None:
    with life.on(120) as actor:
        needs.add_need(
            actor,
            competency_id=life.competency(actor, "T:1.4"),
            words="Three children came to us this year with Somali and Spanish. I talk too fast and explain too much.",
            wanted_level=3,
        )
    with life.on(60) as actor:
        needs.add_need(
            actor,
            competency_id=life.competency(actor, "T:6.4"),
            wanted_level=4,
            words="Mentoring Nadia, and doing it well.",
        )
    with life.on(9) as actor:
        needs.add_need(
            actor,
            competency_id=life.competency(actor, "T:4.3"),
            wanted_level=3,
            source="curiosity",
            words="What does the growth report really say about a class of 24?",
        )


def _expert_goals(life: Life) -> Goal:
    with life.on(56) as actor:
        talk = goals.set_goal(
            actor,
            title="Every child explains their thinking in number talks",
            why="I call on the same eight children. The others can do it too; I have heard them whisper.",
            competency_id=life.competency(actor, "T:3.4"),
            target_level=4,
            measure="Children who explain a strategy aloud in a week, of 24",
            baseline="8 of 24",
            target="20 of 24",
            due_on=life.day(75),
            initiative_id=life.names.aims["Every voice in mathematics"],
        )
    for days, value, note in (
        (42, "11 of 24", "Partner talk first. Amina spoke."),
        (27, "14 of 24", "Two weeks of the same opening. Boring for me, good for them."),
        (5, "16 of 24", ""),
    ):
        with life.on(days) as actor:
            goals.check_goal(actor, goal_id=talk.pk, value=value, note=note)
    with life.on(40) as actor:
        language = goals.set_goal(
            actor,
            title="Language planned into every science lesson",
            competency_id=life.competency(actor, "T:1.4"),
            target_level=3,
            measure="Science lessons in a month with words and frames planned, of 12",
            baseline="2 of 12",
            target="10 of 12",
            due_on=life.day(120),
        )
    with life.on(12) as actor:
        goals.check_goal(actor, goal_id=language.pk, value="5 of 12", note="Rosa planned two of them with me.")
    with life.on(130) as actor:
        marking = goals.set_goal(
            actor,
            title="Home by five, with nothing to mark in the bag",
            competency_id=life.competency(actor, "T:6.3"),
            measure="Evenings without marking in a week",
            baseline="1",
            target="4",
            due_on=life.day(-20),
        )
    with life.on(34) as actor:
        goals.check_goal(actor, goal_id=marking.pk, value="4", note="Comments in class, while they write.")
        goals.end_goal(actor, goal_id=marking.pk, state="reached")
    return talk


CLASS = "Grade 4 mathematics"
CLASS_DAYS = {
    44: "CC.4.NBT.5; 52; 72\nCC.4.NF.1; 33; 72\nCC.4.NF.2; 21; 72\nCC.4.OA.3; 47; 72\nMP3; 18; 48\nCC.4.MD.3; 5; 8",
    6: "CC.4.NBT.5; 57; 72\nCC.4.NF.1; 41; 72\nCC.4.NF.2; 30; 72\nCC.4.OA.3; 46; 72\nMP3; 35; 48",
}
"""What her class showed, as she typed it from her own book: 24 children, days ago."""


def _expert_class(life: Life, talk: Goal) -> None:
    """Two dates of one class: fractions stood out and became a need; explaining stands beside her main goal."""
    for days, lines in CLASS_DAYS.items():
        with life.on(days) as actor:
            kept = needs_from_class_results.bring_in(
                actor, tallies=read_lines(lines).tallies, students=24, on=life.day(-days), class_id=None, label=CLASS
            )
    with life.on(6) as actor:
        known = {one.code: one.row.pk for one in results_queries.class_view(actor, kept.class_id).standards}
        needs_from_class_results.take_up(
            actor,
            class_id=kept.class_id,
            chosen=[
                Chosen(known["CC.4.NF.2"], life.competency(actor, "T:2.2"), as_need=True),
                Chosen(known["MP3"], life.competency(actor, "T:3.4"), counts=True),
            ],
        )
        results.follow(actor, standard_id=known["MP3"], goal_id=talk.pk)


def _expert_earlier(life: Life) -> None:
    """What she did last year and in summer: hours, in a few words each."""
    for days, resource, minutes, takeaway in (
        (610, "rb-031", 75, "Less ink. Ten minutes in class to use a comment are worth more than the comment."),
        (520, "rb-049", 330, "Went to three sessions by colleagues and skipped one to plan. Both were right."),
        (430, "rb-028", 45, "Watched Jun settle twenty kindergartners with a song. I talk too much."),
        (330, "ms-009", 240, "I stopped marking homework in red. Nobody complained, some asked more questions."),
        (250, "rb-008", 600, "Revoicing slows me down, and that is the point of it."),
    ):
        life.learns(days, resource, minutes, takeaway, took=30)


def _expert_lately(life: Life) -> None:
    _, first = life.learns(
        70,
        "rb-006",
        45,
        "Ten minutes, the same opening, no correct answer for the first three minutes.",
        "Grade 4 mathematics",
        4,
    )
    life.answers(
        62,
        first,
        "worked",
        "Day three was the good one. Yusuf drew his strategy because the words did not come, and four others "
        "understood it.",
    )
    _, second = life.learns(
        38, "ms-057", 35, "I counted. Eight children, 71 % of the talk.", "Grade 4 mathematics", 5, took=3
    )
    life.answers(
        30, second, "did_not_work", "Names on sticks felt like a trap to them. I will let them warm up in pairs first."
    )
    life.learns(
        17,
        "rb-041",
        25,
        "Six words and one frame, before the lesson rather than during it.",
        "Grade 4 science, the unit on rivers",
        13,
        took=4,
    )
    life.takes_up(20, "ms-052", percent=60, minutes=35)


def _expert_outside(life: Life) -> None:
    with life.on(23, 20) as actor:
        activity = courses.add_outside(
            actor,
            title="Sunday webinar: fractions with paper strips",
            kind="live_session",
            minutes=90,
            provider="Teachers of mathematics in Maple",
            happened_on=life.day(-24),
            competency_id=life.competency(actor, "T:2.2"),
        )
        evidence.add_evidence(
            actor,
            activity_id=activity.pk,
            kind="certificate",
            upload=io.BytesIO(certificate("Fractions with paper strips", "Elena Marsh")),
            filename="webinar-certificate.png",
            note="Certificate of attendance",
        )
        evidence.submit_reflection(
            actor,
            activity_id=activity.pk,
            takeaway="Folding before naming. The strip is the thought, the numeral only its name.",
            minutes=90,
        )


def _expert_plan(life: Life, goal_id: UUID) -> None:
    with life.on(21) as actor:
        plans.set_plan(actor, begins_on=life.monday(-3), weeks=10)
        plans.set_week(actor, monday=life.monday(2), minutes=0, quiet=True, note="Report cards")
        plans.set_week(actor, monday=life.monday(4), minutes=30, note="Family conferences")
    for days, resource, week, reason in (
        (14, "ms-002", 1, "Two evenings: checking while they talk"),
        (14, "ms-055", 3, ""),
        (8, "ms-018", 0, "For the drive on Thursday"),
        (6, "rb-039", 3, "Bring the river notebooks"),
        (3, "ms-010", None, "When there is time"),
    ):
        activity = life.takes_up(days, resource)
        with life.on(days) as actor:
            monday = None if week is None else life.monday(week)
            item = plans.add_to_plan(
                actor, activity_id=activity.pk, monday=monday or life.monday(), goal_id=goal_id, reason=reason
            )
            if monday is None:
                plans.move_item(actor, item_id=item.pk, monday=None)


def certificate(title: str, name: str) -> bytes:
    """Return a small picture that looks like a certificate; made here, so that no picture is anybody else's."""
    picture = Image.new("RGB", (900, 620), "#f6f5f0")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((24, 24, 876, 596), outline="#0b5c55", width=6)
    draw.ellipse((770, 470, 850, 550), fill="#f4b23e")
    lines = (("Certificate of attendance", 46, 110), (name, 58, 240), (title, 34, 350), ("90 minutes, online", 28, 430))
    for text, size, top in lines:
        font = ImageFont.load_default(size)
        width = draw.textlength(text, font=font)
        draw.text(((900 - width) / 2, top), text, fill="#17211f", font=font)
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()


PARA_LEVELS = {
    "1.1": 2, "1.2": 3, "1.3": 1, "2.1": 2, "2.2": 3, "2.3": 3,
    "3.1": 2, "3.2": 1, "3.3": 1, "4.1": 2, "4.2": 3, "4.3": 2,
}  # fmt: skip


def paraprofessional(life: Life) -> Goal:
    """Six years beside small children, on the way to reading support. Returns his goal."""
    with life.on(80) as actor:
        people.finish_start(
            actor,
            minutes_per_week=40,
            interests=life.topics("reading", "inclusion", "behaviour"),
            liked_kinds=["video", "module"],
            strengths=[str(life.competency(actor, "P:2.3"))],
            motivations=["career", "credential"],
        )
    life.rates(79, "P", PARA_LEVELS)
    with life.on(50) as actor:
        needs.add_need(
            actor,
            competency_id=life.competency(actor, "P:1.3"),
            wanted_level=3,
            words="I listen to children read every morning and do not always know what to say.",
        )
        reading = goals.set_goal(
            actor,
            title="Three things to say when a child is stuck on a word",
            why="So that I do not just read it for them.",
            competency_id=life.competency(actor, "P:1.1"),
            target_level=3,
            measure="Times in a morning I give a hint before the word, of 10",
            baseline="2 of 10",
            target="7 of 10",
            due_on=life.day(40),
        )
    with life.on(20) as actor:
        goals.check_goal(actor, goal_id=reading.pk, value="4 of 10", note="First sound, then picture, then wait.")
    _, step_back = life.learns(
        33, "rb-015", 30, "A nod is help. I had gone straight to the top of the ladder.", "Morning reading, grade 1", 6
    )
    life.answers(25, step_back, "partly", "It worked with Leo and not with Mia, who needed the picture first.")
    life.learns(12, "rb-018", 15, "The rope game needs no rope.", "Recess", 3, took=2)
    life.takes_up(10, "rb-021", percent=20, minutes=80)
    for days, resource, week, reason in ((9, "ms-022", 0, ""), (9, "rb-017", 2, "With Abena"), (4, "rb-019", 1, "")):
        activity = life.takes_up(days, resource)
        with life.on(days) as actor:
            plans.add_to_plan(
                actor, activity_id=activity.pk, monday=life.monday(week), goal_id=reading.pk, reason=reason
            )
    return reading
