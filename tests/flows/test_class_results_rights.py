"""Results of her class are sealed, go with her export, come back with it, and are erased."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from lantern import models as tables
from lantern.domain.goals import commands as goals
from lantern.domain.results import queries
from lantern.flows import rights
from lantern.kernel import tenancy
from tests.cast import Cast, acting, as_
from tests.web.test_grow_class_results import bring_in, standards

pytestmark = pytest.mark.django_db


def test_what_is_kept_is_sealed_exported_and_erased(cast: Cast, client: Client) -> None:
    as_(client, cast.novice)
    bring_in(client, label="Canary class")
    with tenancy.unscoped("test"), connection.cursor() as cursor:
        cursor.execute("SELECT label FROM lantern_ownclass UNION ALL SELECT code FROM lantern_classstandard")
        raw = str(cursor.fetchall())
    assert "Canary" not in raw and "CC.5" not in raw
    with acting(cast.novice) as nia:
        (told,) = queries.export_for(nia)["classes"]
        assert told["label"] == "Canary class" and len(told["standards"]) == 3
        counts = rights.erase_me(nia)
    assert (counts["classes"], counts["class_standards"], counts["class_results"]) == (1, 3, 3)


def test_a_measure_in_the_export_names_its_standard_and_comes_back_with_it(cast: Cast, client: Client) -> None:
    bring_in(as_(client, cast.novice))
    standard = standards()["CC.5.NF.1"].pk
    with acting(cast.novice) as nia:
        goal = goals.set_goal(nia, title="Fractions", measure="m", baseline="0", target="1", due_on=date(2027, 6, 1))
    client.post(reverse("grow:results_goal", args=[standard]), {"goal_id": str(goal.pk)})
    archive = io.BytesIO()
    with acting(cast.novice) as nia:
        before = queries.export_for(nia)
        codes = {one["id"]: one["code"] for one in before["classes"][0]["standards"]}
        assert [codes[one["standard_id"]] for one in before["measures"]] == ["CC.5.NF.1"]
        rights.write_archive(nia, archive)
    with tenancy.unscoped("test"):
        tables.OwnClass.objects.all().delete()
    with acting(cast.novice) as nia:
        assert queries.export_for(nia) == {"classes": [], "measures": []}
        rights.read_archive(nia, archive)
        assert queries.export_for(nia) == before
