"""Columns whose content is sealed with the key of the person they belong to."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.functional import cached_property

from lantern.kernel.sealing.keys import NONCE_BYTES, SealBroken, key_of, mark

FIRST = "s1."
"""How every sealed text begins, with the version of the form: base64 of person (16), nonce (12), AES-256-GCM."""


class Sealed(str):
    """A text that is sealed already, ready for the database."""

    __slots__ = ()


def seal(person_id: UUID, text: str, about: str) -> Sealed:
    """Return a text sealed with a person's key; `about` is the column, and it opens in no other."""
    nonce = os.urandom(NONCE_BYTES)
    whose = person_id.bytes
    body = AESGCM(key_of(person_id)).encrypt(nonce, text.encode(), whose + about.encode())
    return Sealed(FIRST + base64.b64encode(whose + nonce + body).decode())


def unseal(sealed: str, about: str) -> str:
    """Return the text that was sealed for this column. Raises SealBroken."""
    if not sealed.startswith(FIRST):
        raise SealBroken(f"{about} holds something that was never sealed.")
    raw = base64.b64decode(sealed[len(FIRST) :])
    whose, nonce, body = raw[:16], raw[16 : 16 + NONCE_BYTES], raw[16 + NONCE_BYTES :]
    try:
        return AESGCM(key_of(UUID(bytes=whose))).decrypt(nonce, body, whose + about.encode()).decode()
    except InvalidTag:
        raise SealBroken(f"A sealed text of {about} was changed.") from None


class _IsEmpty(models.lookups.Exact):
    """The one comparison that a sealed column knows: with nothing."""

    def get_prep_lookup(self) -> Any:
        if self.rhs != "":
            raise TypeError("A sealed column can be asked only whether it is empty")
        return ""


class SealedText(models.TextField):  # type: ignore[type-arg]  # not generic when it runs
    """A text that lies sealed in the database. `owner` is the path from its row to the person ("goal__person").

    Nothing can be looked up, sorted or counted by it; whether it is empty can be asked, since nothing lies sealed as
    itself. `update()` takes only what `sealed_for` made.
    """

    def __init__(self, *args: Any, owner: str = "person", **options: Any) -> None:
        self.owner = owner
        super().__init__(*args, **options)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """Describe the column for a migration as what it is to the database, so that old migrations need no code."""
        name, _, args, options = super().deconstruct()
        return name, "django.db.models.TextField", args, options

    @cached_property
    def validators(self) -> list[Any]:
        """Return what a value must hold to, its length among it: the database cannot count what is sealed."""
        longest = [MaxLengthValidator(self.max_length)] if self.max_length else []
        return [*super().validators, *longest]

    @property
    def about(self) -> str:
        """Return the table and the column, to which its content is bound."""
        return f"{self.model._meta.db_table}.{self.column}"

    def owner_of(self, row: models.Model) -> UUID:
        """Return whose key seals this column of a row."""
        *steps, last = self.owner.split("__")
        found: Any = row
        for step in steps:
            found = getattr(found, step)
        person: UUID = getattr(found, f"{last}_id")
        return person

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Return the row's value, sealed."""
        return self.sealed_for(self.owner_of(model_instance), super().pre_save(model_instance, add))

    def sealed_for(self, person_id: UUID, value: Any) -> Any:
        """Return a value sealed for the database; an empty one stays empty."""
        written = self.written(value)
        return seal(person_id, written, self.about) if written else written

    def written(self, value: Any) -> str | None:
        """Return a value as the text to seal."""
        return None if value is None else str(value)

    def read(self, text: str) -> Any:
        """Return the value of an opened text."""
        return text

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """Let through what is sealed or empty. Raises TypeError for readable text, which `update` would write."""
        if value is None or value == "" or isinstance(value, Sealed):
            return value
        raise TypeError(f"{self.model.__name__}.{self.name} is sealed: save the row, or update with `sealed_for`")

    def get_prep_value(self, value: Any) -> Any:
        """Return a value as it is: it is sealed where it is saved, and nothing but emptiness is looked up."""
        return value

    def get_lookup(self, lookup_name: str) -> Any:
        """Allow to ask whether it is empty, and nothing else."""
        return {"exact": _IsEmpty, "isnull": models.lookups.IsNull}.get(lookup_name)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Open what the database gave."""
        return self.read(unseal(value, self.about)) if value else self.empty(value)

    def empty(self, value: Any) -> Any:
        """Return what an empty column stands for."""
        return value


class Mark(models.CharField):  # type: ignore[type-arg]  # not generic when it runs
    """Stands for the sealed column `of` where it must be unique or found again: its `mark`, made when it is saved."""

    def __init__(self, *args: Any, of: str = "", **options: Any) -> None:
        self.of = of
        super().__init__(*args, **{"max_length": 64, "editable": False, **options})

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """Describe the column for a migration as what it is to the database."""
        name, _, args, options = super().deconstruct()
        return name, "django.db.models.CharField", args, options

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Return the mark of what is being sealed beside it."""
        sealed: Any = model_instance._meta.get_field(self.of)
        made = mark(sealed.owner_of(model_instance), str(getattr(model_instance, self.of)))
        setattr(model_instance, self.attname, made)
        return made


class SealedJson(SealedText):
    """A list or an object, sealed."""

    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def to_python(self, value: Any) -> Any:
        """Return a list or an object as it is."""
        return value

    def written(self, value: Any) -> str | None:
        """Return a value as JSON."""
        return "" if value is None else json.dumps(value, cls=DjangoJSONEncoder)

    def read(self, text: str) -> Any:
        """Return the list or object."""
        return json.loads(text)

    def empty(self, value: Any) -> Any:
        """Return the column's default."""
        return self.get_default()

    def value_to_string(self, obj: models.Model) -> Any:
        """Return the value for an archive as JSON would hold it."""
        return self.value_from_object(obj)
