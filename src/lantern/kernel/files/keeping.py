"""Rows for bytes: the one way a file comes to a person, and the one way it goes, with all that was made from it.

Every byte a person keeps is counted on one row (`FileSpace`), in the transaction of the file, by an update that happens
only where there is room; two uploads at once cannot both take the last of it.
"""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db.models import F, Sum
from django.db.models.functions import Greatest

from lantern.kernel import clock
from lantern.kernel.files import storage
from lantern.kernel.files.intake import FileRefused, Ingested
from lantern.kernel.files.models import FileRole, FileSpace, StoredFile


def most_bytes() -> int:
    """Give how many bytes of files one person may keep (setting LANTERN_PERSON_MB)."""
    return int(settings.LANTERN_PERSON_MB) * 1_000_000


def keep(
    owner_id: UUID,
    ingested: Ingested,
    *,
    role: FileRole = FileRole.KEPT,
    parent: StoredFile | None = None,
    seconds: int | None = None,
) -> StoredFile:
    """Keep an ingested file as a person's, in the present transaction; raise `FileRefused` when she has no room left.

    A derivative is given its `parent`, and goes when that goes.
    """
    _take_room(owner_id, ingested.size)
    return StoredFile.objects.create(
        owner_id=owner_id,
        parent=parent,
        role=role,
        key=storage.store(ingested, owner_id),
        name=ingested.safe_name,
        media_type=ingested.media_type,
        size=ingested.size,
        sha256=ingested.sha256,
        width=ingested.width,
        height=ingested.height,
        seconds=seconds,
        at=clock.now(),
    )


def drop(stored: StoredFile) -> None:
    """Delete a file, everything made from it, and their rows; the bytes go when the transaction commits."""
    for part in (stored, *stored.derivatives.all()):
        storage.delete(part.key)
    freed = _size_of(StoredFile.objects.filter(pk=stored.pk)) + _size_of(stored.derivatives.all())
    owner_id = stored.owner_id
    stored.delete()  # takes its derivatives with it
    _give_room(owner_id, freed)


def forget_bytes(stored: StoredFile, *, with_derivatives: bool) -> None:
    """Delete the bytes of a file but keep its row as a memory (`FileRole.GONE`); derivatives too where asked."""
    storage.delete(stored.key)
    freed = stored.size
    if with_derivatives:
        for part in stored.derivatives.all():
            storage.delete(part.key)
        freed += _size_of(stored.derivatives.all())
        stored.derivatives.all().delete()
    stored.role, stored.size = FileRole.GONE, 0
    stored.save(update_fields=["role", "size"])
    _give_room(stored.owner_id, freed)


def erase_files(owner_id: UUID) -> int:
    """Delete every file of a person with all that was made from it, and the count of her room; give how many rows."""
    rows = StoredFile.objects.filter(owner_id=owner_id)
    count = rows.count()
    for key in rows.values_list("key", flat=True):
        storage.delete(key)
    rows.delete()
    FileSpace.objects.filter(owner_id=owner_id).delete()
    return count


def room_used(owner_id: UUID) -> int:
    """Give how many bytes a person's files take."""
    return FileSpace.objects.filter(owner_id=owner_id).values_list("used", flat=True).first() or 0


def _size_of(rows: object) -> int:
    return int(rows.aggregate(sum=Sum("size"))["sum"] or 0)  # type: ignore[attr-defined]  # a queryset or related manager


def _take_room(owner_id: UUID, size: int) -> None:
    FileSpace.objects.get_or_create(owner_id=owner_id)
    enough = FileSpace.objects.filter(owner_id=owner_id, used__lte=most_bytes() - size)
    if not enough.update(used=F("used") + size):
        most = f"{settings.LANTERN_PERSON_MB:,} MB"
        raise FileRefused(f"Your files may take {most} in all, and this one does not fit. Please remove one first.")


def _give_room(owner_id: UUID, size: int) -> None:
    FileSpace.objects.filter(owner_id=owner_id).update(used=Greatest(F("used") - size, 0))
