"""A fresh installation for a harness: a folder of its own, and the database that DATABASE_URL names or SQLite in it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def fresh() -> Iterator[Path]:
    """Set Django up on it with every table in place, and hand out the folder."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(LANTERN_DATA=folder, LANTERN_DEMO="yes", DJANGO_SETTINGS_MODULE="lantern.config.settings")
        import django  # noqa: PLC0415 - the settings are named above, at run time
        from django.core.management import call_command  # noqa: PLC0415

        django.setup()
        call_command("createcachetable", verbosity=0)  # before the roles are granted what they may use
        call_command("migrate", verbosity=0, interactive=False)
        yield Path(folder)
