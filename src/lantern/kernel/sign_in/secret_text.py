"""Secrets of the second step at rest: encrypted with a key that comes from LANTERN_SECRET_KEY, so that a stolen
database or backup opens nothing by itself.
"""

from __future__ import annotations

import base64
import logging

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

log = logging.getLogger(__name__)
_MARK = "f1:"


class Unreadable(ValueError):
    """It was encrypted with a key that is not set any more."""


def encrypt(text: str) -> str:
    """Return the text encrypted with the present key."""
    return _MARK + _keys().encrypt(text.encode()).decode()


def decrypt(kept: str) -> str:
    """Return what was encrypted, with the present key or one of LANTERN_OLD_SECRET_KEYS. Raises Unreadable.

    Text without our mark was stored before there was encryption, and is returned as it is.
    """
    if not kept.startswith(_MARK):
        return kept
    try:
        return _keys().decrypt(kept.removeprefix(_MARK).encode()).decode()
    except InvalidToken:
        log.error("a second step cannot be read: was LANTERN_SECRET_KEY changed without LANTERN_OLD_SECRET_KEYS?")
        raise Unreadable from None


def _keys() -> MultiFernet:
    return MultiFernet([_derived(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _derived(key: str) -> Fernet:
    derive = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"lantern second step")
    return Fernet(base64.urlsafe_b64encode(derive.derive(key.encode())))
