"""Whose files there are: all of one person's that can be handed to her, and the count of her room made anew."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Sum

from lantern.kernel.files.models import SERVED, FileSpace, StoredFile


def keys_of(person_id: UUID) -> list[tuple[UUID, str]]:
    """Return id and storage key of each of a person's files that has bytes of ours, in the order of their ids."""
    rows = StoredFile.objects.filter(owner_id=person_id, role__in=SERVED).order_by("pk")
    return list(rows.values_list("pk", "key"))


def recount(person_id: UUID) -> int:
    """Count anew how many bytes a person's files take, after rows were written in another way; return the sum."""
    used = int(StoredFile.objects.filter(owner_id=person_id).aggregate(sum=Sum("size"))["sum"] or 0)
    space, _ = FileSpace.objects.get_or_create(owner_id=person_id)
    FileSpace.objects.filter(pk=space.pk).update(used=used)
    return used
