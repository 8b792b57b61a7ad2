"""Catalogues into Lantern: the real ones with their counts, our own format, feeds; all are searchable alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from lantern.domain.catalog import commands as catalog
from lantern.domain.catalog import queries
from lantern.domain.catalog.types import Search
from lantern.flows import search_index
from lantern.interop.catalogue.sync import run_catalogue_import
from lantern.kernel.errors import NotAllowed
from tests.cast import acting, competencies_of, system_of

pytestmark = pytest.mark.django_db

FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Teaching aloud</title><language>en</language>
<item><guid>a-1</guid><title>Talk moves in ten minutes</title><link>https://blog.example/a-1</link>
<description>How to get everybody to speak.</description><category>Discussion</category></item>
<item><guid>p-1</guid><title>A podcast on retrieval</title><link>https://blog.example/p-1</link>
<enclosure url="https://blog.example/p-1.mp3" type="audio/mpeg" length="1"/></item>
<item><guid>v-1</guid><title>Number talks filmed</title><link>https://www.youtube.com/watch?v=1</link></item>
</channel></rss>"""
OWN = """external_id,title,kind,minutes,topics,subjects,competencies,prerequisites,initiative,cost,currency,credit_hours
C-1,The archived conference,conference,300,archive,,,,,0,,5
C-2,Asking well,course,90,archive,pedagogy,Teaching well:A.1@2;Teaching well:Z.9@2,C-1;C-9,Nobody's aim,12.50,USD,
"""


@pytest.fixture(autouse=True)
def index_of_its_own(settings, tmp_path):
    settings.LANTERN_INDEX = tmp_path / "index"


def of_resources(report) -> tuple[int, int, int, int]:
    counts = report.counts["resources"]
    return counts["created"], counts["updated"], counts["unchanged"], counts["rejected"]


@pytest.mark.parametrize(
    ("folder", "rows", "terms"), [("ncce", 225, 20), ("catedu", 140, 21), ("ecf-self-study", 76, 1)]
)
def test_real_catalogues_come_in_whole_and_once(cast, shared_data: Path, folder, rows, terms) -> None:
    path = shared_data / "catalogues" / folder
    with acting(cast.coordinator) as dana:
        preview = run_catalogue_import(dana, path, dry_run=True)
        assert of_resources(preview) == (rows, 0, 0, 0) and not queries.list_managed(dana).exists()
        first = run_catalogue_import(dana, path)
        assert of_resources(first) == (rows, 0, 0, 0) and first.counts["terms"] == {"created": terms}
        assert first.counts == preview.counts and first.outcome == "done"
        assert queries.list_managed(dana).count() == queries.count_offered(dana) == rows
        again = run_catalogue_import(dana, path)
        assert of_resources(again) == (0, 0, rows, 0) and again.changes == 0


@pytest.mark.requirement("P5.1")
def test_every_source_is_searchable_alike(cast, shared_data: Path, tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text(FEED)
    (tmp_path / "own.csv").write_text(OWN)
    with acting(cast.coordinator) as dana:
        for folder in ("ncce", "catedu", "ecf-self-study"):
            run_catalogue_import(dana, shared_data / "catalogues" / folder)
        assert of_resources(run_catalogue_import(dana, tmp_path / "feed.xml")) == (3, 0, 0, 0)
        assert of_resources(run_catalogue_import(dana, tmp_path / "own.csv", create_terms=True)) == (2, 0, 0, 0)
        search_index.build(system_of(cast.district))

    def best(words: str, **chosen: str) -> str:
        return str(queries.search(nia, Search.of({"q": words, **chosen})).resources[0].title)

    with acting(cast.novice) as nia:
        assert queries.count_offered(nia) == 225 + 140 + 76 + 3 + 2
        assert best("retreival podcast") == "A podcast on retrieval"
        assert best("number talks", kind="video") == "Number talks filmed"
        assert best("talk moves", kind="article") == "Talk moves in ten minutes"
        assert best("archived conference") == "The archived conference"
        assert queries.search(nia, Search.of({"language": "es"})).total == 140
        assert "python" in best("python programming").casefold()
        kinds = {option.value: option.count for option in queries.search(nia, Search()).facets[0].options}
        assert sum(kinds.values()) == 446


@pytest.mark.requirement("P5.2")
def test_unknown_terms_are_rejected_row_by_row(cast, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text(OWN)
    with acting(cast.coordinator) as dana:
        catalog.create_term(dana, scheme="topic", label="Archive")
        report = run_catalogue_import(dana, tmp_path / "own.csv")
        assert of_resources(report) == (1, 0, 0, 1)
        assert [(error.row, error.field) for error in report.errors] == [(3, "subjects")]
        assert "pedagogy" in report.errors[0].reason
        asked = run_catalogue_import(dana, tmp_path / "own.csv", create_terms=True)
        assert of_resources(asked) == (1, 0, 1, 0) and asked.counts["terms"] == {"created": 1}
        assert any("subject Pedagogy" in warning.reason for warning in asked.warnings)


@pytest.mark.requirement("P7.2")
def test_competencies_prerequisites_and_the_rest_are_tied(cast, tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(OWN)
    with acting(cast.coordinator) as dana:
        report = run_catalogue_import(dana, path, create_terms=True, filename="spring.csv")
        told = " ".join(warning.reason for warning in report.warnings)
        assert "Teaching well:Z.9" in told and "C-9" in told and "Nobody's aim" in told
        rows = {row.external_id: queries.get_resource(dana, row.pk) for row in queries.list_managed(dana)}
        competency = competencies_of(cast.framework)[0]
        assert [(one.competency_id, one.level) for one in rows["C-2"].competency_links.all()] == [(competency.pk, 2)]
        assert [one.requires_id for one in rows["C-2"].prerequisite_links.all()] == [rows["C-1"].pk]
        assert rows["C-1"].cost_cents == 0 and rows["C-1"].credit_minutes == 300 and rows["C-1"].source == "spring.csv"
        assert queries.resources_for_competency(dana, competency.pk) == ((2, (rows["C-2"],)),)


def test_changed_rows_are_updated_and_what_is_gone_stays(cast, tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(OWN)
    with acting(cast.coordinator) as dana:
        run_catalogue_import(dana, path, create_terms=True)
        before = {row.external_id: row.pk for row in queries.list_managed(dana)}
        catalog.set_status(dana, resource_id=before["C-1"], status="retired")
        lines = OWN.replace("The archived conference", "A conference kept").replace(
            ",Teaching well:A.1@2;Teaching well:Z.9@2", ","
        )
        path.write_text(lines)
        assert of_resources(run_catalogue_import(dana, path, create_terms=True)) == (0, 2, 0, 0)
        rows = {row.external_id: queries.get_resource(dana, row.pk) for row in queries.list_managed(dana)}
        assert {name: row.pk for name, row in rows.items()} == before
        assert rows["C-1"].status == "retired" and not rows["C-2"].competency_links.all()
        path.write_text(OWN.splitlines()[0] + "\n")
        assert of_resources(run_catalogue_import(dana, path)) == (0, 0, 0, 0)
        assert queries.list_managed(dana).count() == 2


def test_the_same_rows_elsewhere_are_other_resources(cast, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text(OWN)
    with acting(cast.coordinator) as dana:
        run_catalogue_import(dana, tmp_path / "own.csv", create_terms=True)
    with acting(cast.outsider) as uma:
        assert of_resources(run_catalogue_import(uma, tmp_path / "own.csv", create_terms=True)) == (2, 0, 0, 0)
        assert queries.count_offered(uma) == 2


def test_what_cannot_be_read_is_refused_with_its_reason(cast, tmp_path: Path, shared_data: Path) -> None:
    path = tmp_path / "broken.csv"
    path.write_text("external_id,kind\n1,video\n")
    with acting(cast.coordinator) as dana:
        report = run_catalogue_import(dana, path, filename="mine.csv")
        assert report.refusal and report.outcome == "refused" and report.errors[0].file == "mine.csv"
        assert "title" in report.errors[0].reason + report.errors[0].field
        opml = run_catalogue_import(dana, shared_data / "feeds" / "computing-education.opml")
        assert opml.refusal and "feeds" in opml.errors[0].reason
    (tmp_path / "own.csv").write_text(OWN)
    with acting(cast.novice) as nia, pytest.raises(NotAllowed):
        run_catalogue_import(nia, tmp_path / "own.csv")


def test_progress_is_told(cast, shared_data: Path) -> None:
    told: list[tuple[int, int, str]] = []
    with acting(cast.coordinator) as dana:
        run_catalogue_import(dana, shared_data / "catalogues" / "ncce", progress=lambda *step: told.append(step))
    assert [message for _, _, message in told] == ["Reading the file", "Checking", "Saving"]
    assert all(0 <= done <= total for done, total, _ in told)
