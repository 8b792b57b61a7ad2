"""Seals what was written before there were seals: run by `lantern setup` after migrations, and safe to repeat."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Cast

from lantern.kernel import tenancy
from lantern.kernel.sealing import streams
from lantern.kernel.sealing.fields import FIRST, Mark, SealedText, seal
from lantern.kernel.sealing.keys import COLUMN, PERSON, learn, mark, new_wrapped_key


def seal_what_lies_open() -> int:
    """Give keys to whoever has none and seal every word and file that lies in the open; return how many were sealed."""
    with tenancy.unscoped("what was written before there were seals"):
        with transaction.atomic():
            _give_keys()
            count = sum(
                _seal_column(model, field)
                for model in apps.get_app_config("lantern").get_models()
                for field in model._meta.local_fields
                if isinstance(field, SealedText)
            )
        return count + _seal_files()


def _give_keys() -> None:
    """A key for everybody who is here without one. Who was erased is here no more, and gets none."""
    table = apps.get_model(PERSON)._default_manager
    for person_id in list(table.filter(**{COLUMN: b""}, active=True).values_list("pk", flat=True)):
        _new_key(person_id)


def _new_key(person_id: Any) -> None:
    wrapped = new_wrapped_key()
    apps.get_model(PERSON)._default_manager.filter(pk=person_id).update(**{COLUMN: wrapped})
    learn(person_id, wrapped)


def _seal_column(model: type[models.Model], field: SealedText) -> int:
    rows = model._default_manager.annotate(
        whose=models.F(f"{field.owner}_id"),
        its_key=models.F(f"{field.owner}__{COLUMN}"),
        lies=Cast(field.name, models.TextField()),
    )
    marks = [one for one in model._meta.local_fields if isinstance(one, Mark) and one.of == field.name]
    open_rows = rows.exclude(lies="").exclude(lies__startswith=FIRST).values_list("pk", "whose", "its_key", "lies")
    count = 0
    for pk, person_id, key, text in list(open_rows):
        if not bytes(key):  # somebody who left before there were keys, and whose words are still here
            _new_key(person_id)
        values: dict[str, Any] = {field.name: seal(person_id, text, field.about)}
        values |= {one.name: mark(person_id, text) for one in marks}
        count += model._default_manager.filter(pk=pk).update(**values)
    return count


def _seal_files() -> int:
    """Write every kept file anew that lies in the open; each takes its place whole, so a crash loses none."""
    stored = apps.get_model("lantern.StoredFile")._default_manager
    count = 0
    for key, owner in list(stored.exclude(role="gone").values_list("key", "owner_id")):
        path = Path(settings.LANTERN_FILES) / key[:2] / key[2:4] / key
        if not path.is_file() or streams.is_sealed(path):
            continue
        target = path.with_name(f"{key}.sealing")
        target.unlink(missing_ok=True)
        streams.seal_file(owner, path, target)
        target.replace(path)
        count += 1
    return count
