"""Doing a thing once although it was sent twice: a key from the form, kept in the transaction of its effect (trust.md
A3).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from lantern.kernel import clock
from lantern.kernel.errors import Conflict, Invalid
from lantern.kernel.idempotency.models import IdempotencyKey


@dataclass(frozen=True, slots=True)
class Replay:
    """The answer that the first request with this key got."""

    status: int
    location: str


def fingerprint(path: str, items: Iterable[tuple[str, str]]) -> str:
    """Return a digest of what was asked, so that a key cannot be used for something else.

    Under the secret key: a form holds private words, and a bare digest lets somebody with the database try out guesses.
    """
    digest = hmac.new(settings.SECRET_KEY.encode(), path.encode(), hashlib.sha256)
    for name, value in sorted(items):
        digest.update(f"\x00{name}\x01{value}".encode())
    return digest.hexdigest()


def claim(tenant_id: UUID, person_id: UUID, key: str, digest: str) -> Replay | None:
    """Take the key for this act, inside its transaction; return the earlier answer when it was already done.

    A repeat that comes while the first one is under way waits for it, in the database. Raises Invalid when the key
    belonged to a different request, Conflict for a repeat that finds no answer after all.
    """
    if not 8 <= len(key) <= 64:
        raise Invalid("This form was damaged on its way. Please open the page again.")
    existing, is_new = IdempotencyKey.objects.get_or_create(
        person_id=person_id,
        key=key,
        defaults={"tenant_id": tenant_id, "fingerprint": digest, "at": clock.now()},
    )
    if is_new:
        return None
    if existing.fingerprint != digest:
        raise Invalid("This form was already sent with other content. Please open the page again.")
    if not existing.location:
        raise Conflict("This was sent already. Please open the page again to see what came of it.")
    return Replay(existing.status, existing.location)


def record(person_id: UUID, key: str, status: int, location: str) -> None:
    """Keep the answer for replays."""
    IdempotencyKey.objects.filter(person_id=person_id, key=key).update(status=status, location=location)


def forget(person_id: UUID) -> int:
    """Remove the keys of a person's forms; return how many."""
    return IdempotencyKey.objects.filter(person_id=person_id).delete()[0]
