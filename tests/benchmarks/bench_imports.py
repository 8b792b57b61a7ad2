"""Imports at the size of a large district: 5,000 staff, 10,000 resources, and the same files once more."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from lantern import models as tables
from lantern.domain.people import queries as people
from lantern.interop.catalogue.sync import run_catalogue_import
from lantern.interop.oneroster.sync import run_roster_import
from lantern.kernel import tenancy
from lantern.kernel.actor import system
from tests.interop.catalogue_factory import generate_catalogue
from tests.interop.roster_factory import roster_files, write_roster

STAFF, RESOURCES = 5_000, 10_000
TARGETS = {"roster of 5,000: s": 10, "catalog of 10,000: s": 20}


def main() -> dict[str, float | str]:
    """Import into a district of its own, twice."""
    with tenancy.unscoped("benchmark"):
        district = tables.Organisation(kind="district", name="Harbor Unified")
        district.tenant_id = district.pk
        district.save()
    actor = system(people.tenancy_of(district.pk))
    figures: dict[str, float | str] = {}
    with tempfile.TemporaryDirectory() as folder, tenancy.within(actor.tenancy):
        roster, catalogue = Path(folder) / "roster.zip", Path(folder) / "catalogue.csv"
        write_roster(roster, roster_files(version="1.2", staff=STAFF, schools=100, seed=7))
        catalogue.write_bytes(generate_catalogue(RESOURCES, seed=7))
        for name in ("roster of 5,000: s", "the same roster again: s"):
            begun = time.perf_counter()
            report = run_roster_import(actor, roster, dry_run=False)
            figures[name] = time.perf_counter() - begun
            figures[name.replace(": s", ": what happened")] = str(report.counts)
        for name in ("catalog of 10,000: s", "the same catalog again: s"):
            begun = time.perf_counter()
            run_catalogue_import(actor, catalogue, dry_run=False, create_terms=True)
            figures[name] = time.perf_counter() - begun
    return figures
