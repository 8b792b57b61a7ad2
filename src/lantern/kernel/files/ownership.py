"""Whose files there are: all of one person's, to be taken along or to be removed for good."""

from __future__ import annotations

from uuid import UUID

from lantern.kernel.files.models import StoredFile
from lantern.kernel.files.storage import delete


def keys_of(person_id: UUID) -> list[tuple[UUID, str]]:
    """Return id and storage key of each of a person's files, in the order of their ids."""
    return list(StoredFile.objects.filter(owner_id=person_id).order_by("pk").values_list("pk", "key"))


def forget(person_id: UUID) -> int:
    """Remove every file of a person, its bytes when the transaction commits; return how many."""
    for _, key in keys_of(person_id):
        delete(key)
    return StoredFile.objects.filter(owner_id=person_id).delete()[0]
