"""Every table names its data class, its owner and its tenant, and every feature can export and erase (trust.md B4,
C6).
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from lantern.domain.privacy.types import KERNEL_CLASSES, DataClass, Privacy
from lantern.kernel.tenancy import TenantManager, TenantModel

TABLES = list(apps.get_app_config("lantern").get_models())
# One signs in before the tenant is known (decisions 0014, 0026), and is seen at the door before that (0024).
WITHOUT_A_TENANT = {"Account", "SignInTry", "LinkAsked", "DoorRecord", "DoorTally"}


def privacy_of(table: type[models.Model]) -> Privacy | None:
    """The declared class of a table; the kernel's are declared beside the matrix."""
    declared = getattr(table, "privacy", None) or KERNEL_CLASSES.get(table.__name__)
    return declared if isinstance(declared, Privacy) else None


def test_there_are_tables() -> None:
    assert len(TABLES) > 30


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_a_table_has_a_class_an_owner_that_leads_to_a_person_and_a_tenant(table: type[models.Model]) -> None:
    privacy = privacy_of(table)
    assert privacy is not None, "declare `privacy` on the model"
    if privacy.data_class in {DataClass.PRIVATE, DataClass.CONSENTED}:
        assert privacy.owner
    assert not privacy.kind or privacy.data_class is DataClass.PRIVATE, "a share names private things only"
    assert bool(privacy.named) is (privacy.data_class is DataClass.CONSENTED)
    assert not privacy.readers or privacy.data_class is DataClass.OFFICIAL
    if privacy.owner not in {"", "self", "persons"}:
        step: Any = table
        for name in privacy.owner.split("__"):
            step = step._meta.get_field(name).related_model
        assert step.__name__ == "Person"
    assert privacy.on_erase == "delete" or privacy.on_erase.startswith("keep: ")
    assert set(privacy.fields) <= {field.name for field in table._meta.get_fields()}
    if table.__name__ not in WITHOUT_A_TENANT:
        assert issubclass(table, TenantModel)
        assert isinstance(table._default_manager, TenantManager)
        assert not table._meta.get_field("tenant").null


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_only_what_is_public_is_inherited_from_above(table: type[models.Model]) -> None:
    privacy = privacy_of(table)
    assert privacy is not None
    if getattr(table, "inherited", False):
        assert privacy.data_class is DataClass.PUBLIC


def features_with_owned_rows() -> list[str]:
    """The features that hold rows tied to a person."""
    found = set()
    for table in TABLES:
        privacy, place = privacy_of(table), table.__module__.split(".")
        if privacy is not None and privacy.owner and place[1] == "domain":
            found.add(place[2])
    return sorted(found)


@pytest.mark.parametrize("feature", features_with_owned_rows())
def test_a_feature_with_personal_rows_exports_and_erases_them(feature: str) -> None:
    assert callable(getattr(import_module(f"lantern.domain.{feature}.queries"), "export_for", None))
    assert callable(getattr(import_module(f"lantern.domain.{feature}.commands"), "erase", None))
