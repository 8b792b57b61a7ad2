"""Keys: the installation's, from the settings, and one of each person, wrapped by it in a column of her row."""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.apps import apps
from django.conf import settings
from django.db import models, transaction

from lantern.kernel import tenancy

PERSON, COLUMN = "lantern.Person", "sealing_key"
KEY_BYTES, NONCE_BYTES, PRINT_BYTES = 32, 12, 4
_ABOUT = b"lantern: the key of a person"
_MOST_KEPT = 20_000

_keys: dict[UUID, bytes] = {}
"""Unwrapped keys by person, in this process. A person's key never changes, and an id is never used again."""


class SealBroken(RuntimeError):
    """Something sealed cannot be opened: its bytes were changed, or the key of its person is gone."""


class WrongKey(SealBroken):
    """The installation's key is not the one that a person's key was wrapped with."""


@lru_cache(maxsize=16)
def _derived(secret: str, purpose: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt=None, info=b"lantern sealing 1: " + purpose).derive(secret.encode())


def _secrets() -> list[str]:
    return [settings.LANTERN_SEALING_KEY, *settings.LANTERN_OLD_SEALING_KEYS]


def fingerprint(secret: str | None = None) -> str:
    """Return eight letters by which a key of the installation is recognised, today's unless another is given."""
    return _derived(secret or settings.LANTERN_SEALING_KEY, b"fingerprint", PRINT_BYTES).hex()


def fingerprints() -> set[str]:
    """Return the fingerprints of today's key and of the old ones that are still given."""
    return {fingerprint(one) for one in _secrets()}


def new_wrapped_key() -> bytes:
    """Return a new person's key, wrapped by the installation's: fingerprint, nonce, AES-256-GCM (NIST SP 800-38D)."""
    return _wrap(AESGCM.generate_key(256))


def _wrap(key: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    master = AESGCM(_derived(settings.LANTERN_SEALING_KEY, b"wrapping", KEY_BYTES))
    return bytes.fromhex(fingerprint()) + nonce + master.encrypt(nonce, key, _ABOUT)


def _unwrap(wrapped: bytes) -> bytes:
    if not wrapped:
        raise SealBroken("The key of this person was destroyed.")
    found = wrapped[:PRINT_BYTES].hex()
    secret = next((one for one in _secrets() if fingerprint(one) == found), None)
    if secret is None:
        raise WrongKey(f"This was sealed under the key {found}, and LANTERN_SEALING_KEY is {fingerprint()}.")
    nonce, body = wrapped[PRINT_BYTES : PRINT_BYTES + NONCE_BYTES], wrapped[PRINT_BYTES + NONCE_BYTES :]
    try:
        return AESGCM(_derived(secret, b"wrapping", KEY_BYTES)).decrypt(nonce, body, _ABOUT)
    except InvalidTag:
        raise SealBroken("The wrapped key of this person was changed.") from None


def opens(wrapped: bytes) -> bool:
    """Say whether this installation's key opens a wrapped key; a destroyed one opens nothing and offends nobody."""
    try:
        return not wrapped or bool(_unwrap(bytes(wrapped)))
    except SealBroken:
        return False


def open_what_is_here() -> bool:
    """Say whether this installation's keys open the newest person's key in the database; yes where there is nobody."""
    with tenancy.unscoped("the installation's key is compared with what it sealed"):
        rows = apps.get_model(PERSON)._default_manager.exclude(**{COLUMN: b""}).order_by("-pk")
        newest = rows.values_list(COLUMN, flat=True).first()
    return newest is None or opens(bytes(newest))


def rewrap_all() -> int:
    """Wrap every person's key anew that lies under an old key of the installation; return how many. Raises WrongKey.

    All or none. Nothing sealed is written anew: only what opens it.
    """
    count = 0
    with transaction.atomic(), tenancy.unscoped("a key of the installation is changed"):
        table = apps.get_model(PERSON)._default_manager
        for person_id, wrapped in list(table.values_list("pk", COLUMN)):
            renewed = rewrapped(bytes(wrapped))
            if renewed is not None:
                count += table.filter(pk=person_id).update(**{COLUMN: renewed})
    return count


def rewrapped(wrapped: bytes) -> bytes | None:
    """Return a wrapped key under today's key of the installation; None when it is that already. Raises WrongKey."""
    if not wrapped or bytes(wrapped[:PRINT_BYTES]).hex() == fingerprint():
        return None
    return _wrap(_unwrap(bytes(wrapped)))


def learn(person_id: UUID, wrapped: Any) -> None:
    """Remember the key of somebody whose row was just read, so that nobody asks for it again."""
    if person_id not in _keys and wrapped:
        _remember(person_id, _unwrap(bytes(wrapped)))


def learn_all(person_ids: Iterable[UUID]) -> None:
    """Remember the keys of several people in one query; for pages and jobs that open what many people wrote."""
    missing = [one for one in set(person_ids) if one not in _keys]
    for start in range(0, len(missing), 500):
        rows = apps.get_model(PERSON)._default_manager.filter(pk__in=missing[start : start + 500])
        for person_id, wrapped in rows.values_list("pk", COLUMN):
            learn(person_id, wrapped)


def key_of(person_id: UUID) -> bytes:
    """Return the key of a person of the tenancy in force. Raises SealBroken when there is none."""
    key = _keys.get(person_id)
    if key is None:
        row = apps.get_model(PERSON)._default_manager.filter(pk=person_id).values_list(COLUMN, flat=True).first()
        if row is None:
            raise SealBroken("Whose key this needs is not here.")
        key = _unwrap(bytes(row))
        _remember(person_id, key)
    return key


def _remember(person_id: UUID, key: bytes) -> None:
    if len(_keys) >= _MOST_KEPT:
        _keys.clear()
    _keys[person_id] = key


def forget(person_id: UUID) -> None:
    """Let go of a person's key in this process, after the one in her row was destroyed."""
    _keys.pop(person_id, None)


def mark(person_id: UUID, text: str) -> str:
    """Return 64 hex digits that are the same for the same text of the same person, and tell nothing else about it.

    For what must be unique or found again although it is sealed (a blind index: HMAC-SHA-256 under her key).
    """
    return hmac.new(key_of(person_id), b"mark: " + text.encode(), sha256).hexdigest()


class KeyColumn(models.BinaryField):  # type: ignore[type-arg]  # not generic when it runs
    """The wrapped key of a person, made with her row. Empty once it was destroyed."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"editable": False, "max_length": 80, "default": new_wrapped_key, **options})

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """Describe the column for a migration: rows of before begin without a key (`seal_what_lies_open`)."""
        name, _, args, options = super().deconstruct()
        return name, "django.db.models.BinaryField", args, {**options, "default": b""}
