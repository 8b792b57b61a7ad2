"""Each field has a reviewed class, and no word that somebody wrote for herself lies in the open (trust.md 3.2, 3.4)."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import models

from lantern.domain.privacy.policy import privacy_of
from lantern.domain.privacy.types import DataClass
from lantern.kernel.sealing import SealedText
from tests.architecture.field_table import FIELDS, OPEN_WORDS

TABLES = list(apps.get_app_config("lantern").get_models())
WORDS = (models.CharField, models.TextField, models.JSONField, models.BinaryField)


def class_of(table: type[models.Model], field: Any) -> str:
    """The class of a field as its table declares it, and whether it is sealed."""
    declared = privacy_of(table)
    data_class = declared.fields.get(field.name, declared.data_class).value
    return f"{data_class} sealed" if isinstance(field, SealedText) else data_class


@pytest.mark.requirement("N4")
@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_every_field_has_the_class_that_was_reviewed(table: type[models.Model]) -> None:
    reviewed = {name: of for (one, of), names in FIELDS.items() if one == table.__name__ for name in names.split()}
    assert {field.name: class_of(table, field) for field in table._meta.concrete_fields} == reviewed


def test_the_table_names_nothing_that_is_gone() -> None:
    there = {table.__name__ for table in TABLES}
    assert {table for table, _ in FIELDS} == there
    assert all(apps.get_model("lantern", table)._meta.get_field(name) for table, name in OPEN_WORDS)


def open_words(table: type[models.Model]) -> list[str]:
    """The fields of a table that are private, hold text of no closed list, and lie in the open."""
    private = {DataClass.PRIVATE.value, DataClass.CONSENTED.value}
    return [
        field.name
        for field in table._meta.concrete_fields
        if isinstance(field, WORDS) and not field.choices and class_of(table, field) in private
    ]


@pytest.mark.requirement("N4")
@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_private_words_are_sealed_or_somebody_said_why_not(table: type[models.Model]) -> None:
    assert {name for name in open_words(table) if (table.__name__, name) not in OPEN_WORDS} == set()
