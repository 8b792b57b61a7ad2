"""Every way by which stored data leaves its tables is declared, is shut when it is not, and reads what it says it reads
(trust.md B8).
"""

from __future__ import annotations

import re
from typing import Any

import click
import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from lantern.cli import program
from lantern.domain.plans.types import DraftWish
from lantern.domain.privacy import policy
from lantern.domain.privacy.types import DataClass
from lantern.flows import planning
from lantern.kernel import doors, jobs, tenancy
from tests.architecture.test_house import modules
from tests.architecture.test_url_table import ROLES, address
from tests.architecture.url_table import TABLE
from tests.cast import Cast, actor_of, as_, system_of
from tests.things import Things, make_things

CLASS_OF_TABLE = {
    table._meta.db_table: policy.privacy_of(table).data_class.value
    for table in apps.get_app_config("lantern").get_models()
}


def test_every_door_names_known_classes_and_whom_it_reaches() -> None:
    known = {data_class.value for data_class in DataClass}
    for kind in doors.KINDS:
        for name, door in doors.declared(kind).items():
            assert door.reads <= known, (kind, name)
            assert len(door.reaches) > 5, (kind, name)


def test_every_job_and_command_is_declared() -> None:
    assert set(jobs.registered()) == set(doors.declared("job"))
    assert set(program.COMMANDS) == set(doors.declared("command"))


def test_a_job_cannot_be_registered_without_saying_what_it_reads() -> None:
    with pytest.raises(TypeError, match="reads"):
        jobs.job("planted")  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="say which classes"):
        jobs.job("planted", reads=(), reaches="")
    assert "planted" not in jobs.registered()


def test_a_command_that_nobody_declared_is_shut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(program.COMMANDS, "planted", ("lantern.cli.facts", "Say which Lantern this is."))
    with pytest.raises(doors.Undeclared):
        program.lantern.get_command(click.Context(program.lantern), "planted")


def _tables_read(run: Any) -> set[str]:
    """The classes of the tables that are named in what is sent while `run` runs, but for what it only writes."""
    seen: set[str] = set()

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.lstrip().upper().startswith("INSERT"):
            seen.update(re.findall(r'"(lantern_\w+)"', sql))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        run()
    return {CLASS_OF_TABLE[name] for name in seen if name in CLASS_OF_TABLE}


KERNELS_OWN = frozenset({"official", "public"})
"""What any job touches by being a job: its own row, its actor, the places it is about."""


@pytest.mark.parametrize("name", sorted(jobs.registered()))
def test_a_job_reads_no_class_that_it_does_not_declare(cast: Cast, name: str) -> None:
    things = make_things(cast)
    of_her_own = name in (
        "calendars.read_mine", "recommendations.refresh", "evidence.prepare_video", "plans.prepare", planning.IMPROVE,
    )  # fmt: skip
    actor = actor_of(cast.novice) if of_her_own else system_of(cast.district)
    about = {"imports.run": {"run_id": "import run"}, "evidence.prepare_video": {"evidence_id": "film"}}
    arguments: dict[str, Any] = {
        argument: str(things.ids[thing]) for argument, thing in about.get(name, {}).items()
    }
    with tenancy.within(actor.tenancy):
        if name == planning.IMPROVE:
            arguments = {"number": planning.work_out(actor, wish=DraftWish())}
        progress: Any = lambda *_: None  # noqa: E731
        read = _tables_read(lambda: jobs._kinds[name].run(actor, progress, **arguments))
    assert read - KERNELS_OWN <= doors.declared("job")[name].reads


def test_the_watch_sees_a_job_that_reads_more_than_it_says(cast: Cast) -> None:
    """The positive control."""
    from lantern.domain.goals.models import Goal

    make_things(cast)
    with tenancy.within(system_of(cast.district).tenancy):
        assert _tables_read(lambda: list(Goal.objects.all())) == {"private"}


def test_every_page_that_hands_out_a_file_is_a_declared_export(cast: Cast) -> None:
    things: Things = make_things(cast)
    handing_out = set()
    for role in ROLES:
        client = as_(Client(), getattr(cast, role))
        for name, row in TABLE.items():
            if "GET" not in row.methods:
                continue
            response = client.get(address(name, things.ids))
            if response.headers.get("Content-Disposition") or "json" in response.headers.get("Content-Type", ""):
                handing_out.add(name)
    assert handing_out - {"public:health"} <= set(doors.declared("export"))
    assert "account:export" in handing_out


def test_a_search_index_is_built_only_where_one_is_declared() -> None:
    builders = {path for path, _, text in modules() if re.search(r"\bbuild_index\(", text)}
    declaring = {path for path, _, text in modules() if 'doors.declare("index"' in text}
    assert builders - {"engine/search/store.py", "engine/search/index.py"} <= declaring
    assert all(door.reads == {"public"} for door in doors.declared("index").values())
