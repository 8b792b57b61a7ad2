"""One good POST for each page that takes one: who sends it and what stands in the form.

Enumerated tests use it (audit, faults, CSRF). A page that takes a POST and has no act here fails. Each free text holds
the canary, which no audit row may repeat.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lantern import models as tables
from lantern.domain.assessments import queries as assessments
from lantern.domain.courses import commands as courses
from lantern.domain.courses.types import Past
from lantern.domain.people.models import Person
from lantern.domain.people.types import Role
from lantern.domain.plans import commands as plans
from lantern.domain.plans import queries as plan_queries
from lantern.domain.plans.types import DraftWish
from lantern.domain.privacy import commands as emergencies
from lantern.domain.recommendations import commands as recommendations
from lantern.flows import planning, rights
from lantern.kernel import clock, tenancy
from tests.architecture.test_url_table import EXTRA, our_pages
from tests.architecture.url_table import TABLE
from tests.banks import make_bank, take_check
from tests.cast import Cast, acting, as_, competencies_of, make_person
from tests.domain.learning_factory import make_rule
from tests.things import CANARY, Things
from tests.videos import make_video

PASSWORD = "a-long-enough-pass-phrase"
KEEPS_NOTHING = frozenset({"account:comfort", "learn:preview", "learn:before"})
"""They change a cookie or nothing; their row is all that is kept."""
UPLOAD = f"{'0' * 32}.zip"


@dataclass(frozen=True)
class Act:
    """A POST: its page, who sends it (None: nobody signed in), the ids in the address, and the form."""

    name: str
    who: Person | None
    ids: dict[str, UUID]
    form: Callable[[], dict[str, Any]]
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Where it is sent."""
        wanted = iter(TABLE[self.name].things)
        arguments: dict[str, Any] = {}
        for argument in our_pages()[self.name].pattern.converters:
            given = EXTRA | self.extra
            arguments[argument] = given[argument] if argument in given else self.ids[next(wanted)]
        return reverse(self.name, kwargs=arguments)

    def client(self, **options: Any) -> Client:
        """A client of its sender."""
        client = Client(**options)
        return as_(client, self.who) if self.who is not None else client

    def send(self, client: Client, **more: Any) -> Any:
        """Send it."""
        return client.post(self.address, self.form() | more)


def acts(cast: Cast, things: Things) -> dict[str, Act]:
    """Every act by its page, with what it needs put in place."""
    made = _Maker(cast, things)
    made.at_the_door()
    made.of_her_own()
    made.together()
    made.in_an_office()
    missing = {name for name, row in TABLE.items() if "POST" in row.methods} ^ made.acts.keys()
    assert not missing, f"no act, or no page, for {sorted(missing)}"
    return made.acts


@cache
def _lesson() -> bytes:
    with TemporaryDirectory() as folder:
        return make_video(Path(folder) / "lesson.mp4").read_bytes()


class _Maker:
    def __init__(self, cast: Cast, things: Things) -> None:
        self.cast, self.things, self.acts = cast, things, dict[str, Act]()
        make_rule(cast.district)
        with tenancy.unscoped("factory"):
            tenant, now = cast.district.pk, clock.now()
            self.asked = tables.CoachLink.objects.create(
                tenant_id=tenant, educator=cast.expert, coach=cast.coach, message=CANARY, state="asked", asked_at=now
            )
            self.previewed = tables.ImportRun.objects.create(
                tenant_id=tenant,
                kind="roster",
                filename="roster.zip",
                upload=UPLOAD,
                outcome="previewed",
                dry_run=True,
                at=now,
            )
            whole = {"target_level": "", "competency_id": "", "why": CANARY, "due_on": "2027-01-31"}
            texts = {"title": CANARY, "measure": CANARY, "baseline": "0", "target": "2"}
            proposal = tables.Proposal.objects.get(pk=things.ids["proposal"])
            proposal.proposed = texts | whole
            proposal.save()
            assert cast.novice.account is not None
            cast.novice.account.set_password(PASSWORD)
            cast.novice.account.save()
        folder = Path(settings.LANTERN_UPLOADS)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / UPLOAD).write_bytes(b"PK")
        self.second = make_person(cast.district, "Otto Brandt", Role.OPERATOR, job_kind="district_staff")
        self.agreed = self._agreed()
        self.newcomer = make_person(cast.school, "Nora Lund", started=False)
        self.demo = make_person(cast.school, "Dee Mo", source="demo", sourced_id="novice")

    def add(self, who: Person | None, name: str, form: Any = None, **options: Any) -> None:
        given = form if callable(form) else lambda: dict(form or {})
        ids = self.things.ids | options.pop("ids", {})
        self.acts[name] = Act(name, who, ids, given, options)

    def at_the_door(self) -> None:
        assert self.cast.novice.account is not None
        self.add(None, "public:sign_in", {"login": self.cast.novice.account.email, "password": PASSWORD})
        self.add(None, "public:demo_sign_in", {"person": "novice"})

    def of_her_own(self) -> None:
        nia, add = self.cast.novice, self.add
        soon = str(clock.today() + timedelta(days=40))
        skill = str(self.things.ids["competency"])
        resource = {"ids": {"resource": self._left_out()}}
        add(nia, "home:dismiss", {"why": "too_easy"})
        add(nia, "home:restore", **resource)
        add(nia, "home:factors", {"on": ["time"]})
        add(nia, "home:open_notice")
        add(self.newcomer, "start:start", {"minutes_per_week": "60", "job_kind": "librarian"})
        add(self.newcomer, "start:skip")
        add(nia, "learn:save_search", {"name": CANARY, "q": CANARY})
        add(nia, "learn:delete_search")
        add(nia, "learn:keep")
        add(nia, "learn:add_to_plan")
        add(nia, "learn:progress", {"percent": "40", "minutes_spent": "20"})
        outside = {"title": CANARY, "kind": "live_session", "minutes": "90", "act": "plan", "provider": CANARY}
        add(nia, "learn:outside", outside)
        add(nia, "learn:before", {"lines": f"title,date\n{CANARY},2024-06-30\n"})
        add(nia, "learn:before_keep", {"lines": f"title,date\n{CANARY},2024-06-30\n", "row-2": "outside"})
        add(nia, "learn:before_take_away", ids={"activity": self._brought_in()})
        add(nia, "learn:preview", {"url": f"http://127.0.0.1:9/{CANARY}"})
        add(nia, "grow:needs_add", {"competency_id": skill, "words": CANARY})
        add(nia, "grow:needs_words", {"words": CANARY, "keep": "yes", "fits": "yes", "competency_id": skill})
        add(nia, "grow:needs_rate", {f"level-{skill}": "2"})
        add(nia, "grow:needs_end", {"state": "met"})
        self._checks()
        goal = {"title": CANARY, "why": CANARY, "measure": CANARY, "baseline": "5", "target": "15", "due_on": soon}
        add(nia, "grow:goals_new", goal)
        add(nia, "grow:goals_edit", goal | {"title": f"Anew {CANARY}"})
        add(nia, "grow:goals_check", {"value": "8 of 24", "note": CANARY})
        add(nia, "grow:goals_end", {"state": "reached"})
        monday = clock.week_start(clock.today()) + timedelta(days=14)
        add(nia, "grow:plan_move", {"week": str(monday)})
        add(nia, "grow:plan_remove")
        add(nia, "grow:plan_pin", {"pinned": "yes"})
        add(nia, "grow:plan_come_back", {"step": "1", "state": "done"})
        add(nia, "grow:draft_work_out", {"more": "20", "way": "new"})
        with acting(nia) as actor:
            worked_out = planning.work_out(actor, wish=DraftWish())
            found = plan_queries.my_draft(actor)
            assert found is not None
        add(nia, "grow:draft_take", {"number": str(worked_out), "seen": found.found.mark})
        add(nia, "grow:draft_leave")
        add(nia, "grow:plan_week", {"minutes": "45", "note": CANARY}, monday=str(monday))
        taken = str(self.things.ids["resource"])
        add(nia, "grow:pathway_start")
        add(nia, "grow:time", {"section": "days", "from_0_0": "10:00", "until_0_0": "10:45", "minutes_2": "30"})
        add(nia, "grow:time_connect", {"address": f"https://calendar.example.org/{CANARY}-anew.ics"})
        add(nia, "grow:time_read")
        add(nia, "grow:time_disconnect")
        add(nia, "grow:time_address")
        add(nia, "grow:time_address_end")
        add(nia, "grow:pathway_choose", {"set": "g1", "part": ["s2"]})
        add(nia, "grow:pathway_swap", {"step": "s1", "resource": taken})
        add(nia, "grow:pathway_newest", {"number": "1"})
        add(nia, "grow:pathway_leave")
        add(nia, "grow:pathway_copy")
        add(nia, "grow:own_pathway_new", {"title": CANARY})
        add(nia, "grow:own_pathway_start")
        add(nia, "grow:own_pathway_pick", {"set": "g1", "part": ["s2"]})
        add(nia, "grow:own_pathway_swap", {"step": "s1", "resource": taken})
        add(nia, "grow:own_pathway_edit", {"title": f"Anew {CANARY}"})
        add(nia, "grow:own_pathway_outline", {"act": "set:top"})
        add(nia, "grow:own_pathway_part", {"part": "s1", "outcome": f"Anew {CANARY}", "counts_before": "on"})
        add(nia, "grow:own_pathway_choose", {"into": "top", "resource": taken})
        add(nia, "grow:own_pathway_remove")
        add(nia, "grow:plan_settings", {"begins_on": str(monday), "weeks": "5"})
        words = {"takeaway": f"Wait {CANARY}", "minutes": "30", "try_class": "Grade 4", "try_on": soon}
        add(nia, "portfolio:reflections_new", words)
        add(nia, "portfolio:reflections_answer", {"outcome": "worked", "what_happened": CANARY})
        add(nia, "portfolio:evidence_add", self._file)
        add(nia, "portfolio:evidence_remove")
        licence = {
            "name": CANARY, "credit_type": "Professional learning", "hours_needed": "30",
            "counts_from": "2026-07-01", "renews_on": "2029-06-30",
        }  # fmt: skip
        add(nia, "portfolio:transcript_licence", licence)
        add(nia, "account:overview", {"section": "mail", "mail_digest": "daily"})
        add(nia, "account:purposes", {"purpose": "recommendation", "allow": "no"})
        self._video()
        add(nia, "grow:needs_evaluation", {"take": "yes", "area": [CANARY], "wanted": ["0"], "means_0": skill})
        add(nia, "grow:results_new", {"label": f"Class {CANARY}", "lines": f"{CANARY}; 14; 24", "students": "24"})
        standard = str(self.things.ids["class standard"])
        add(nia, "grow:results_needs", {"wanted": [standard], "counts": [standard], f"means_{standard}": skill})
        add(nia, "grow:results_goal", {"goal_id": str(self.things.ids["goal"])})
        add(nia, "grow:results_remove")
        goal_to = {"what": f"goal:{self.things.ids['goal']}", "person": str(self.cast.expert.pk)}
        add(nia, "account:share_confirm", goal_to | {"purpose": CANARY, "days": "30"})
        archive = self._archive()
        add(nia, "account:bring_back", lambda: {"archive": SimpleUploadedFile("mine.zip", archive)})
        add(nia, "account:erase", {"word": "erase"})
        add(nia, "account:revoke")
        add(nia, "account:comfort", {"theme": "dark"})

    def _checks(self) -> None:
        nia, add, skill = self.cast.novice, self.add, self.things.ids["competency"]
        other = competencies_of(self.cast.framework)[1]
        with tenancy.unscoped("factory"):
            make_bank(self.cast.district.pk, other)
            behind = tables.Resource.objects.create(
                tenant_id=self.cast.district.pk, kind="video", modality="self_paced", title="The beginning",
                minutes=10, created_at=clock.now(), updated_at=clock.now(),
            )  # fmt: skip
            tables.ResourceCompetency.objects.create(
                tenant_id=self.cast.district.pk, resource=behind, competency=other, level=1
            )
        with acting(nia) as actor:
            planned = plans.plan_resource(actor, resource_id=behind.pk)
            done = take_check(actor, other.pk, able=4)
            question = assessments.question_of(actor, assessments.get_check(actor, self.things.ids["check"]))
            assert question is not None
        add(nia, "grow:standing_take_away")
        add(nia, "grow:checks_start", {"contributes": "yes"}, ids={"competency": other.pk})
        add(nia, "grow:check", {"item": str(question.item_id), "chosen": "0"})
        add(nia, "grow:check_let_go", {"item": str(planned.pk)}, ids={"check": done.pk})
        add(nia, "grow:check_contribute", {"contributes": "yes"})
        add(nia, "grow:check_remove")
        item = {
            "external_id": CANARY, "competency_id": str(skill), "level": "2", "language": "en", "question": CANARY,
            "right": "0", "option_0": CANARY, "option_1": "That",
        }  # fmt: skip
        add(self.cast.operator, "manage:items_new", item)
        add(self.cast.operator, "manage:item", item | {"external_id": f"{CANARY} anew"})
        with tenancy.unscoped("factory"):
            make_bank(self.cast.district.pk, other, 1, status="draft", external_id="a draft")
        add(self.cast.operator, "manage:items_publish", {"competency": str(other.pk)})
        add(self.cast.operator, "manage:item_status", {"status": "retired", "because": CANARY})

    def _video(self) -> None:
        def form() -> dict[str, Any]:
            return {"upload": SimpleUploadedFile("lesson.mp4", _lesson()), "students": "nobody", "kind": "work"}

        self.add(self.cast.novice, "portfolio:video_add", form)
        self.add(self.cast.novice, "portfolio:evidence_extend")
        self.add(self.cast.novice, "portfolio:evidence_students", {"students": "released"})

    def _archive(self) -> bytes:
        kept = BytesIO()
        with acting(self.cast.novice) as nia:
            rights.write_archive(nia, kept)
        return kept.getvalue()

    def together(self) -> None:
        cast, add = self.cast, self.add
        proposed = {"title": CANARY, "measure": CANARY, "baseline": "0", "target": "2", "note": CANARY}
        offer = {"competency_ids": [str(self.things.ids["competency"])], "about": CANARY, "most_people": "2"}
        add(cast.expert, "together:mentors_offer", offer)
        add(cast.para, "together:mentors_ask", {"message": CANARY}, ids={"person": cast.coach.pk})
        add(cast.coach, "together:links_answer", {"answer": "yes"}, ids={"coach link": self.asked.pk})
        add(cast.novice, "together:links_end")
        add(cast.novice, "together:links_share", {"goal_ids": [str(self.things.ids["goal"])], "days": "30"})
        add(cast.coach, "together:proposals_propose", proposed)
        add(cast.novice, "together:proposal", {"decision": "accept"})
        add(cast.coach, "together:proposals_withdraw")
        add(cast.coach, "together:observations_write", {"saw": CANARY, "on": str(clock.today())})
        add(cast.novice, "together:observation", {"decision": "take", "as_need": "yes", "as_evidence": "yes"})
        add(cast.coach, "together:observations_withdraw")
        self._joint()
        with tenancy.unscoped("factory"):
            plan = tables.Plan.objects.get(person=cast.novice)
            tables.Share.objects.create(
                tenant_id=cast.district.pk, person=cast.novice, grantee=cast.coach, item_kind="plan", item_id=plan.pk,
                purpose="Coaching", created_at=clock.now(), expires_at=clock.now() + timedelta(days=9),
            )  # fmt: skip
        monday = clock.week_start(clock.today())
        add(cast.coach, "together:plan_propose", {f"minutes_{monday}": "20", "note": CANARY})
        add(cast.novice, "together:group_needs", {"organisation_id": str(cast.school.pk), "title": CANARY})
        add(cast.novice, "together:group_needs_vote", {"vote": "yes"})

    def _joint(self) -> None:
        nia, add = self.cast.novice, self.add
        about, step = {"title": CANARY, "why": CANARY}, {"title": CANARY, "minutes": "20", "version": "1"}
        add(nia, "together:joint_new", about)
        add(nia, "together:joint_edit", about | {"title": f"{CANARY} anew", "version": "1"})
        add(nia, "together:joint_people", {"person_id": str(self.cast.expert.pk)})
        add(nia, "together:joint_step_new", step)
        add(nia, "together:joint_step", step)
        add(nia, "together:joint_step_done", {"done": "yes"})
        for page in ("joint_leave", "joint_mine", "joint_step_remove", "joint_step_back", "joint_take_back"):
            add(nia, f"together:{page}")
        add(nia, "together:joint_answer", {"answer": "yes"})

    def in_an_office(self) -> None:
        cast, add = self.cast, self.add
        dana, olga, ids = cast.coordinator, cast.operator, self.things.ids
        add(dana, "lead:initiatives_new", {"organisation_id": str(cast.district.pk), "title": CANARY})
        add(dana, "lead:initiatives_edit", {"title": CANARY, "summary": CANARY})
        add(dana, "lead:initiatives_delete")
        add(dana, "lead:insights_smallest_group", {"people": "20"})
        self._emergency()
        days = {"kind": "holiday", "name": CANARY, "begins_on": "2026-12-21", "ends_on": "2027-01-01"}
        add(dana, "manage:school_year_new", days | {"organisation_id": str(cast.district.pk)})
        add(dana, "manage:school_year_edit", days)
        add(dana, "manage:school_year_remove")
        told = {"organisation_id": str(cast.district.pk), "title": CANARY, "body": CANARY}
        add(dana, "lead:announcements_new", told)
        add(cast.principal, "lead:days", {"group_need_id": str(ids["group need"]), "answer": CANARY})
        entry = {"given_name": "Rosa", "family_name": CANARY, "email": "r.diaz@example.org", "job_kind": "teacher"}
        place = {"organisation_id": str(cast.school.pk), "role": "educator"}
        add(olga, "manage:people_new", entry | place)
        add(olga, "manage:person_correct", entry)
        add(olga, "manage:people_add_role", {"organisation_id": str(cast.school.pk), "role": "coach"})
        add(olga, "manage:people_end_role")
        add(olga, "manage:person_end")
        add(olga, "manage:person_invite", ids={"person": self.demo.pk})
        add(olga, "manage:organisations_new", {"kind": "school", "name": CANARY})
        add(olga, "manage:organisation", {"name": CANARY, "identifier": "7"})
        add(dana, "manage:imports_new", lambda: {"kind": "roster", "upload": SimpleUploadedFile("r.zip", b"PK")})
        add(dana, "manage:imports_carry_out", ids={"import run": self.previewed.pk})
        add(olga, "manage:frameworks_assign", {"job_kind": "teacher", "framework_id": str(ids["framework"])})
        add(olga, "manage:catalog_new", {"title": CANARY, "kind": "video", "modality": "self_paced"})
        add(olga, "manage:catalog_edit", {"title": CANARY, "kind": "video", "modality": "self_paced"})
        add(olga, "manage:catalog_status", {"status": "retired"})
        prepared = {"title": CANARY, "level_from": "0", "level_to": "1"}
        add(dana, "manage:pathways_new", prepared)
        add(dana, "manage:pathways_edit", prepared)
        add(dana, "manage:pathways_outline", {"act": "down:s1"})
        add(dana, "manage:pathways_part", {"part": "s1", "outcome": CANARY, "counts_before": "on"})
        add(dana, "manage:pathways_choose", {"into": "top", "resource": str(self.things.ids["resource"])})
        add(dana, "manage:pathways_state", {"act": "retire"})
        add(olga, "manage:terms", {"scheme": "topic", "label": CANARY})
        add(olga, "manage:term", {"label": CANARY})
        rule = {
            "name": CANARY, "credit_type": "Hours", "effective_from": str(clock.today() + timedelta(days=10)),
            "minutes_per_hour": "50", "step_minutes": "10", "most_minutes": "600",
        }  # fmt: skip
        add(olga, "manage:rules", rule)

    def _emergency(self) -> None:
        agreed = {"ids": {"emergency": self.agreed.pk}}
        self.add(self.cast.operator, "manage:emergency_ask", {"reason": CANARY})
        self.add(self.second, "manage:emergency_agree")
        self.add(self.second, "manage:emergency_read", **agreed)
        self.add(self.second, "manage:emergency_end_hold", **agreed)

    def _agreed(self) -> Any:
        """An emergency access that two operators agreed on, under a legal hold."""
        told = {"reason": "A welfare concern that could not wait", "legal_hold": "Order 12"}
        with acting(self.cast.operator) as olga:
            row = emergencies.ask_emergency(olga, person_id=self.cast.para.pk, **told)
        with acting(self.second) as otto:
            return emergencies.agree_emergency(otto, access_id=row.pk)

    def _left_out(self) -> UUID:
        with tenancy.unscoped("factory"):
            other = tables.Resource.objects.create(
                tenant_id=self.cast.district.pk, kind="video", modality="self_paced", title="Another", minutes=10,
                created_at=clock.now(), updated_at=clock.now(),
            )  # fmt: skip
        with acting(self.cast.novice) as nia:
            recommendations.dismiss(nia, resource_id=other.pk, why="not_now")
        return other.pk

    def _brought_in(self) -> UUID:
        with acting(self.cast.novice) as nia:
            (past,) = courses.bring_in(nia, things=[Past(CANARY, clock.today() - timedelta(days=400), 60)])
        return past.pk

    @staticmethod
    def _file() -> dict[str, Any]:
        return {"upload": SimpleUploadedFile("notes.txt", CANARY.encode()), "kind": "attendance", "note": CANARY}
