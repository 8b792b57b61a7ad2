"""How well something is known to work: set by who manages the catalog or by an import, and marked everywhere else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lantern.domain.catalog import queries
from lantern.domain.catalog.types import EVIDENCE_WORDS, UNVETTED_WORDS, Search
from lantern.domain.credits import commands as credits
from lantern.domain.recommendations import commands as recommendations
from lantern.interop.catalogue.sync import run_catalogue_import
from lantern.kernel import clock
from tests.cast import Cast, acting, as_
from tests.offers import offer

HEAD = "external_id,title,kind,minutes,evidence_tier\n"


@pytest.fixture(autouse=True)
def index_of_its_own(settings: Any, tmp_path: Path) -> None:
    settings.LANTERN_INDEX = tmp_path / "index"


def body(client: Client, path: str, **sent: Any) -> str:
    """The page."""
    answer = client.get(path, sent)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.requirement("A.5")
def test_a_manager_sets_the_tier_and_everybody_sees_it_or_that_it_is_not_vetted(cast: Cast, client: Client) -> None:
    one = offer(cast, "Hinge questions", "module", minutes=20)
    page = reverse("learn:resource", args=[one.pk])
    assert UNVETTED_WORDS in body(as_(client, cast.novice), page)
    assert UNVETTED_WORDS in body(client, reverse("learn:catalog"))
    edit = reverse("manage:catalog_edit", args=[one.pk])
    sent = {"title": one.title, "kind": "module", "minutes": "20", "evidence_tier": "strong"}
    assert as_(client, cast.novice).post(edit, sent).status_code == 403
    assert as_(client, cast.coordinator).post(edit, sent).status_code == 303
    assert 'value="strong" selected' in body(client, edit)
    told = body(as_(client, cast.novice), page)
    assert EVIDENCE_WORDS["strong"] in told and UNVETTED_WORDS not in told
    assert as_(client, cast.coordinator).post(edit, sent | {"evidence_tier": "certain"}).status_code == 422


@pytest.mark.requirement("A.5")
def test_the_tier_is_a_facet_with_true_counts_and_a_line_when_comparing(cast: Cast, client: Client) -> None:
    known = offer(cast, "Known to work", "module", minutes=20, evidence_tier="moderate")
    other = offer(cast, "Nobody looked", "video", minutes=20)
    with acting(cast.novice) as actor:
        page = queries.search(actor, Search.of({"evidence": "moderate"}))
        assert [row.title for row in page.resources] == ["Known to work"]
        facet = next(facet for facet in page.facets if facet.name == "evidence")
        counted = [(option.value, option.count, option.on) for option in facet.options]
        assert counted == [("moderate", 1, True), ("unvetted", 1, False)]
    as_(client, cast.novice)
    assert "How well it is known to work" in body(client, reverse("learn:catalog"))
    told = body(client, reverse("learn:compare") + f"?with={known.pk}&with={other.pk}")
    assert EVIDENCE_WORDS["moderate"] in told and UNVETTED_WORDS in told


@pytest.mark.requirement("A.5")
def test_an_import_says_the_tier_and_without_one_leaves_what_a_manager_said(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "own.csv"

    def bring(rows: str) -> dict[str, str]:
        path.write_text(HEAD + rows)
        report = run_catalogue_import(dana, path)
        assert not report.errors
        return {row.external_id: row.evidence_tier for row in queries.list_managed(dana)}

    with acting(cast.coordinator) as dana:
        assert bring("A,One,video,10,strong\nB,Two,video,10,\n") == {"A": "strong", "B": ""}
        assert bring("A,One changed,video,10,\nB,Two,video,10,none\n") == {"A": "strong", "B": "none"}
        assert bring("A,One changed,video,10,promising\n") == {"A": "promising", "B": "none"}
        path.write_text(HEAD + "C,Three,video,10,certain\n")
        assert [(error.row, error.field) for error in run_catalogue_import(dana, path).errors] == [(2, "evidence_tier")]


@pytest.mark.requirement("A.3")
def test_the_licence_and_the_tier_are_parts_that_add_up_on_her_page(cast: Cast, client: Client) -> None:
    offer(cast, "Known to work", "module", minutes=90, evidence_tier="strong", credit_minutes=90)
    offer(cast, "Nobody looked", "video", minutes=5)
    today = clock.today()
    with acting(cast.coordinator) as dana:
        credits.set_rule(
            dana, name="Hours", credit_type="hours", effective_from=today - timedelta(days=400), minutes_per_hour=60,
            step_minutes=15, most_minutes=600, outside_needs_evidence=True,
        )  # fmt: skip
    with acting(cast.novice) as actor:
        credits.set_licence(
            actor, name="Teaching", credit_type="hours", hours_needed=9, counts_from=today - timedelta(days=100),
            renews_on=today + timedelta(days=60),
        )  # fmt: skip
        recommendations.refresh(actor)
    page = body(as_(client, cast.novice), reverse("home:suggestions"))
    assert "It counts 1.5 of the 9 hours your licence still needs" in page
    assert "Experiments show that it helps" in page
    assert 'name="weight-credit"' in page and 'name="weight-evidence"' in page
    assert page.index("Known to work</a>") < page.index("Nobody looked</a>")
