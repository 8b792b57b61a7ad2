"""Upkeep: a file that nothing points to goes after a day, one that is in use stays."""

from __future__ import annotations

import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from lantern.kernel import clock, files, tenancy, upkeep
from lantern.kernel.files.models import StoredFile
from tests.cast import Cast
from tests.keys import somebody


def kept(text: bytes) -> str:
    """The key of a stored text."""
    with transaction.atomic():
        return files.store(files.ingest(BytesIO(text), "notes.txt", allowed=files.ALL_TYPES), somebody())


@pytest.mark.django_db(transaction=True)
def test_only_an_old_file_that_nothing_points_to_is_removed(cast: Cast, settings: Any, tmp_path: Path) -> None:
    settings.LANTERN_FILES = tmp_path / "files"
    used, fresh, old = kept(b"used"), kept(b"fresh"), kept(b"old")
    with tenancy.unscoped("test"):
        StoredFile.objects.create(
            tenant_id=cast.district.pk,
            owner=cast.novice,
            key=used,
            name="notes.txt",
            media_type="text/plain",
            size=4,
            sha256="0" * 64,
            at=clock.now(),
        )
    long_ago = (clock.now() - timedelta(days=3)).timestamp()
    for key in (used, old):
        (path,) = Path(settings.LANTERN_FILES).rglob(key)
        os.utime(path, (long_ago, long_ago))
    assert upkeep.sweep_files() == 1
    assert files.size_of(used) == 4
    assert files.size_of(fresh) == 5
    with pytest.raises(FileNotFoundError):
        files.size_of(old)


def test_statistics_can_be_refreshed(db: None) -> None:
    upkeep.refresh_statistics()
