"""`lantern backup`: everything in one file, while Lantern runs."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from lantern import __version__
from lantern.cli import archive, boot, database, screen


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--overwrite", is_flag=True, help="Replace a file of this name.")
def backup(path: Path, overwrite: bool) -> None:
    """Copy database and files into one archive, while Lantern runs.

    PATH is the .tar.gz to write, or a folder (then its name holds the time). Hashes of everything are in it, and it
    appears only once it is whole. What educators keep private is sealed in it, and opens only with LANTERN_SEALING_KEY,
    which is not in it: keep a copy of that key elsewhere, or nobody can ever read it again. The search index and static
    files are not in it; they are made anew.

    \b
    Examples:
      lantern backup /backups/lantern.tar.gz
      lantern backup /backups                   /backups/lantern-20260301-020000.tar.gz
    """
    boot.django()
    from django.conf import settings
    from django.db import connection

    from lantern.kernel import clock, sealing

    now = clock.now()
    target = path / f"lantern-{now:%Y%m%d-%H%M%S}.tar.gz" if path.is_dir() else path
    if target.exists() and not overwrite:
        raise click.ClickException(f"{target} is there already; --overwrite replaces it")
    if not target.parent.is_dir():
        raise click.ClickException(f"there is no folder {target.parent}")
    name = archive.SQLITE if connection.vendor == "sqlite" else archive.POSTGRES
    progress = screen.ProgressLine()
    with tempfile.TemporaryDirectory(prefix=".lantern-backup-", dir=target.parent) as work:
        copy = Path(work) / name
        database.copy_out(copy)
        facts = {
            "lantern": __version__,
            "made_at": now.isoformat(timespec="seconds"),
            "database": connection.vendor,
            "migrations": database.migrations_applied(),
            "sealed_under": sealing.fingerprint(),
        }
        manifest = archive.write(
            target, copy, name, Path(settings.LANTERN_FILES), facts, lambda done: progress(done, 0, f"{done:,} files")
        )
    progress.clear()
    files = len(manifest.entries) - 1
    size = target.stat().st_size / 1_000_000
    screen.say(f"{target}: database and {screen.plural(files, 'file')}, {size:.1f} MB")


COMMANDS = {"backup": backup}
