"""What people plan together: a teacher, a paraprofessional and their principal as equals; and a coach who proposes."""

from __future__ import annotations

from lantern.domain.coaching import commands as coaching
from lantern.domain.coaching import queries as links
from lantern.domain.coaching.types import Do, PlanLine
from lantern.domain.joint_plans import commands as joint_plans
from lantern.flows.demo.life import Life


def joint_plan(starts: Life, others: list[Life], still_asked: Life) -> None:
    """Three of them plan calmer mornings; each adds something, one step is done, one is out; a fourth is asked."""
    with starts.on(9) as actor:
        plan = joint_plans.start_plan(
            actor,
            title="Calm starts, the same in every room",
            why="Children say that each room begins differently. We try three beginnings and keep the one that helps.",
        )
    for life in others:
        with starts.on(9) as actor:
            asked = joint_plans.invite(actor, plan_id=plan.pk, person_id=life.id)
        with life.on(8) as actor:
            joint_plans.answer_invitation(actor, member_id=asked.pk, accept=True)
    resource = starts.names.resources["rb-003"]
    with starts.on(8) as actor:
        step = joint_plans.add_step(actor, plan_id=plan.pk, resource_id=resource, minutes=None, monday=starts.monday())
    with others[0].on(7) as actor:
        visit = joint_plans.add_step(
            actor, plan_id=plan.pk, title="Watch one another begin a lesson", minutes=20, monday=starts.monday(1)
        )
    with others[-1].on(6) as actor:
        joint_plans.change_step(
            actor, step_id=visit.pk, title="Watch one another begin a lesson", minutes=30, monday=starts.monday(1),
            version=1,
        )  # fmt: skip
        poster = joint_plans.add_step(actor, plan_id=plan.pk, title="A poster for every door", minutes=30)
    with starts.on(5) as actor:
        joint_plans.remove_step(actor, step_id=poster.pk)
        joint_plans.add_step(actor, plan_id=plan.pk, title="Say what we keep", minutes=40, monday=starts.monday(3))
        joint_plans.invite(actor, plan_id=plan.pk, person_id=still_asked.id)
    with others[0].on(0, 8) as actor:
        joint_plans.mark_done(actor, step_id=step.pk, done=True)


def coach_proposes(coach: Life, learner: Life) -> None:
    """She shares her plan with her coach, who would give one week more room and put a visit into it."""
    with learner.on(3) as actor:
        link = links.my_links(actor, "active").filter(coach_id=coach.id).get()
        coaching.share_with_coach(actor, link_id=link.pk, plan=True, confirmed=True)
    with coach.on(1) as actor:
        coaching.propose_plan(
            actor,
            link_id=link.pk,
            lines=[
                PlanLine(Do.WEEK, monday=coach.monday(1), minutes=90),
                PlanLine(
                    Do.ADD,
                    title="Watch my number talk",
                    minutes=40,
                    monday=coach.monday(1),
                    reason="You asked how I wait for the third hand",
                ),
            ],
            note="Third lesson on any Tuesday. Bring nothing.",
        )
