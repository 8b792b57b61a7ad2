"""Inside `reports_only` nothing private can be read, whoever asks and however (trust.md 0.1 and 3.4)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection

from lantern import models as tables
from lantern.kernel import tenancy
from lantern.kernel.database.guard import OutsideTenancy, disarmed
from lantern.kernel.database.reports import readable_tables, reports_only
from tests.cast import Cast, acting


@pytest.mark.requirement("C.4")
def test_reports_read_aggregates_and_what_is_public(cast: Cast) -> None:
    with acting(cast.coordinator), reports_only():
        assert tables.ReleasedLine.objects.count() == 0
        assert tables.Framework.objects.count() == 2
        assert tables.Organisation.objects.filter(kind="school").count() == 2


@pytest.mark.parametrize(
    "model",
    [tables.Goal, tables.Need, tables.Reflection, tables.Person, tables.EventRecord, tables.Share, tables.Account],
)
def test_reports_read_no_private_table(model: Any, cast: Cast) -> None:
    with acting(cast.coordinator):
        with pytest.raises(OutsideTenancy), reports_only():
            model._default_manager.count()
        model._default_manager.count()  # the control: outside it may


def test_reports_do_not_reach_private_tables_by_a_join_or_a_sub_query_or_unscoped(cast: Cast) -> None:
    attempts = (
        "SELECT count(*) FROM lantern_organisation o WHERE EXISTS (SELECT 1 FROM lantern_goal)",
        "SELECT o.id FROM lantern_organisation o JOIN lantern_membership m ON m.organisation_id = o.id",
        "WITH x AS (SELECT * FROM lantern_need) SELECT count(*) FROM x",
        "SELECT count(*) FROM django_session",
        "UPDATE lantern_organisation SET name = 'x'",
        "DELETE FROM lantern_releasedline",
        "INSERT INTO lantern_releasedline (id) VALUES (1)",
    )
    for attempt in attempts:
        with tenancy.unscoped("test"), pytest.raises(OutsideTenancy), reports_only(), connection.cursor() as cursor:
            cursor.execute(attempt)


def test_after_a_report_everything_is_as_before(cast: Cast) -> None:
    with acting(cast.coordinator):
        before = tables.Person.objects.count()
        with reports_only():
            tables.Framework.objects.count()
        assert tables.Person.objects.count() == before
        with pytest.raises(OutsideTenancy), reports_only():
            tables.Person.objects.count()
        assert tables.Person.objects.count() == before


def test_the_list_holds_no_table_of_a_person() -> None:
    listed = readable_tables()
    assert "lantern_releasedline" in listed
    for name in listed:
        model = next(
            one for one in vars(tables).values() if getattr(getattr(one, "_meta", None), "db_table", "") == name
        )
        assert model.privacy.data_class in {"public", "aggregate"}


@pytest.mark.postgres
def test_on_postgresql_the_server_refuses_too(cast: Cast) -> None:
    """With our own guard off, the role that reports take on is what refuses; outside them the same question passes."""
    question = "SELECT count(*) FROM lantern_goal"
    with acting(cast.coordinator), disarmed():
        with reports_only(), connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            assert cursor.fetchone() == ("lantern_reports",)
        with pytest.raises(DatabaseError, match="permission denied"), reports_only(), connection.cursor() as cursor:
            cursor.execute(question)
        with connection.cursor() as cursor:
            cursor.execute(question)
            assert cursor.fetchone() == (0,)
