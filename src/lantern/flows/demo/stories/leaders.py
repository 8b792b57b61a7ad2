"""Those who help and lead: coach, principal, coordinator, official; and what the staff ask for together."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from lantern.domain.announcements import commands as announcements
from lantern.domain.coaching import commands as coaching
from lantern.domain.goals import commands as goals
from lantern.domain.needs import commands as needs
from lantern.domain.people import commands as people
from lantern.domain.plans import commands as plans
from lantern.flows.demo.life import Life

if TYPE_CHECKING:
    from lantern.domain.goals.models import Goal


def coach(life: Life, expert: Life, talk: Goal, para: Life, reading: Goal, asking: Life) -> None:
    """She works with Elena and Marcus, who each showed her one goal; one proposal waits, and Tomas has asked."""
    with life.on(100) as actor:
        people.finish_start(
            actor,
            minutes_per_week=90,
            interests=life.topics("mentoring", "number-sense"),
            liked_kinds=["book", "article"],
        )
    for learner, goal, asked, message in (
        (expert, talk, 54, "Would you watch a number talk with me? I want to know whom I do not see."),
        (para, reading, 44, "I would like somebody to tell me what I do well in the mornings, and what not."),
    ):
        with learner.on(asked) as actor:
            link = coaching.ask_coach(actor, coach_id=life.id, message=message)
        with life.on(asked - 1) as actor:
            coaching.answer_link(actor, link_id=link.pk, accept=True)
        with learner.on(asked - 3) as actor:
            coaching.share_with_coach(actor, link_id=link.pk, goal_ids=[goal.pk], confirmed=True)
        if learner is expert:
            _proposes(life, link.pk)
            _tells_what_she_saw(life, link.pk)
    with asking.on(2) as actor:
        coaching.ask_coach(
            actor,
            coach_id=life.id,
            message="I teach fractions for the second time and it still feels shaky. Is there room?",
        )
    with life.on(45) as actor:
        goals.set_goal(
            actor,
            title="Ask before I advise",
            competency_id=life.competency(actor, "T:6.4"),
            measure="Coaching talks in a month in which I asked three questions first, of 10",
            baseline="3 of 10",
            target="8 of 10",
            due_on=life.day(60),
        )
    activity = life.takes_up(6, "rb-030")
    with life.on(6) as actor:
        plans.add_to_plan(actor, activity_id=activity.pk, monday=life.monday(1), reason="")


def _proposes(life: Life, link_id: object) -> None:
    with life.on(3) as actor:
        coaching.propose(
            actor,
            link_id=link_id,  # type: ignore[arg-type]  # the id of the link made above
            kind="activity",
            fields={
                "resource_id": str(life.names.resources["ms-056"]),
                "title": "Partner talk that is more than noise",
                "kind": "module",
                "minutes": "25",
            },
            note="You wrote that the sticks felt like a trap. This begins in pairs, and it is short.",
        )


def _tells_what_she_saw(life: Life, link_id: UUID) -> None:
    with life.on(4) as actor:
        coaching.write_observation(
            actor,
            link_id=link_id,
            on=life.day(-5),
            competency_id=life.competency(actor, "T:3.4"),
            level=3,
            saw="You asked why, and waited. I counted to nine before the first hand. Then eleven children spoke in six "
            "minutes, and three of them answered each other and not you.",
        )


def principal(life: Life) -> None:
    """A goal of her own, and a word to her staff."""
    with life.on(90) as actor:
        people.finish_start(
            actor,
            minutes_per_week=45,
            interests=life.topics("leading-learning", "wellbeing"),
            liked_kinds=["podcast", "book"],
        )
    life.rates(89, "L", {"1.1": 2, "1.2": 3, "2.1": 3, "2.2": 1, "2.3": 2, "3.1": 2, "3.3": 3, "4.1": 2})
    with life.on(70) as actor:
        needs.add_need(actor, competency_id=life.competency(actor, "L:2.2"), wanted_level=3)
        goal = goals.set_goal(
            actor,
            title="Every visit ends with a question, not a verdict",
            competency_id=life.competency(actor, "L:1.1"),
            target_level=3,
            measure="Visits in two weeks after which the teacher wrote back, of 12",
            baseline="3 of 12",
            target="9 of 12",
            due_on=life.day(50),
        )
    with life.on(15) as actor:
        goals.check_goal(actor, goal_id=goal.pk, value="6 of 12")
        announcements.publish_announcement(
            actor,
            organisation_id=life.world.places["cedar"],
            title="Thursday is yours",
            body="You asked for time together without an agenda. The staff meeting on Thursday is off. "
            "The library is open, there is coffee, and nobody takes minutes.",
        )
    life.learns(
        28, "rb-045", 40, "One note, one question. I had been leaving three pieces of advice.", "Grade 2 visits", 5
    )
    activity = life.takes_up(8, "ms-093")
    with life.on(8) as actor:
        plans.add_to_plan(
            actor, activity_id=activity.pk, monday=life.monday(), goal_id=None, reason="Before the talk on Friday"
        )


def coordinator(life: Life) -> None:
    """Two announcements to the whole district."""
    with life.on(100) as actor:
        people.finish_start(actor, minutes_per_week=60, interests=life.topics("leading-learning", "using-evidence"))
    for days, title, body, jobs in (
        (
            19,
            "The spring day of choices: forty sessions, you choose",
            "The list is in the catalog under conferences. Rank what you would like until two weeks before the day. "
            "Two of your three slots may be quiet time to plan; you need not ask.",
            (),
        ),
        (
            6,
            "For paraprofessionals: an afternoon on calm in hard moments",
            "By your own wish, and in paid time. Places for thirty. Sign up through the catalog, or tell your "
            "principal.",
            ("paraprofessional",),
        ),
    ):
        with life.on(days) as actor:
            announcements.publish_announcement(
                actor, organisation_id=life.world.places["riverbend"], title=title, body=body, job_kinds=jobs
            )
    life.rates(60, "L", {"1.2": 3, "3.1": 2, "4.2": 3, "4.3": 3})


def official(life: Life) -> None:
    """A word from the state."""
    with life.on(100) as actor:
        people.finish_start(actor, minutes_per_week=40, interests=life.topics("using-evidence"))
    with life.on(11) as actor:
        announcements.publish_announcement(
            actor,
            organisation_id=life.world.places["maple"],
            title="Licence renewal in plain words",
            body="We rewrote the rules on two pages. Learning from anywhere counts when you can show it. Your district "
            "decides what it needs to see; the page in the catalog says whom to ask.",
        )


def group_needs(proposer: Life, colleagues: list[Life], others: Life) -> None:
    """What the staff of Cedar Hill would like to learn together, with votes."""
    with proposer.on(26) as actor:
        top = needs.propose_group_need(
            actor,
            organisation_id=proposer.world.places["cedar"],
            title="Planning language into mathematics and science",
            competency_id=proposer.competency(actor, "T:1.4"),
        )
    with others.on(22) as actor:
        second = needs.propose_group_need(
            actor, organisation_id=proposer.world.places["cedar"], title="Calm starts after recess"
        )
    for number, life in enumerate(colleagues):
        with life.on(18 - number) as actor:
            needs.vote(actor, group_need_id=top.pk, wanted=True)
            if number % 2:
                needs.vote(actor, group_need_id=second.pk, wanted=True)
