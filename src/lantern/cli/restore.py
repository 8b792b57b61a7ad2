"""`lantern restore`: a backup into an empty place, checked before anything is touched."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import click

from lantern.cli import archive, boot, database, screen


@click.command()
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--erasures",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A list of erasures (erasures.jsonl) to carry out again; the one in LANTERN_DATA is used by itself.",
)
@click.option("--force", is_flag=True, help="Put what is there aside (into LANTERN_DATA/before-restore-...) and go on.")
def restore(path: Path, force: bool, erasures: Path | None) -> None:
    """Bring a backup into an empty place.

    Unpacks beside the data and compares every hash first; a damaged or cut-off file changes nothing. Then database
    and files are put in place and brought up to this version. Refuses while Lantern runs on the same data, and where
    there is data already.

    \b
    Examples:
      LANTERN_DATA=/srv/lantern lantern restore /backups/lantern.tar.gz
      lantern restore /backups/lantern.tar.gz --force
    """
    boot.django(need_tables=False)
    from django.conf import settings
    from django.db import connection

    from lantern.cli.setup import prepare

    boot.in_use(alone=True)
    data, files = Path(settings.LANTERN_DATA), Path(settings.LANTERN_FILES)
    there = not database.is_empty() or (files.is_dir() and any(files.iterdir()))
    if there and not force:
        raise click.ClickException(f"there is data already in {data}; --force puts it aside first")
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=data) as work:
        manifest = _unpacked(path, Path(work), connection.vendor)
        if there:
            aside = _set_aside(data, files)
            screen.say(f"What was there is now in {aside}")
        (Path(work) / "files").mkdir(exist_ok=True)
        if files.is_dir():
            files.rmdir()
        (Path(work) / "files").rename(files)
        database.copy_in(Path(work) / (archive.SQLITE if connection.vendor == "sqlite" else archive.POSTGRES))
    shutil.rmtree(settings.LANTERN_INDEX, ignore_errors=True)
    for line in prepare():
        screen.say(line)
    _forget_again(erasures)
    count = screen.plural(len(manifest.entries) - 1, "file")
    screen.say(f"Restored the backup of {manifest.made_at}: database and {count}.")


def _forget_again(extra: Path | None) -> None:
    """Erase again whoever was erased since the backup was made: the list of erasures outlives the database."""
    from lantern.flows import rights

    for source in (rights.tombstones(), extra):
        if source is not None and source.is_file():
            erased = rights.forget_again(source.read_text(encoding="utf-8"))
            if erased:
                screen.say(f"Erased again, as they had asked: {screen.plural(erased, 'person', 'people')}.")


def _unpacked(path: Path, work: Path, vendor: str) -> archive.Manifest:
    """Unpack and check. Raises ClickException before anything of ours was touched."""
    from lantern.kernel import sealing

    try:
        manifest = archive.unpack(path, work)
    except archive.NotABackup as problem:
        raise click.ClickException(f"{path} is not a usable backup: {problem}. Nothing was changed.") from None
    if manifest.database != vendor:
        raise click.ClickException(
            f"this backup is of a {manifest.database} database, and this installation uses {vendor}"
        )
    if manifest.sealed_under and manifest.sealed_under not in sealing.fingerprints():
        raise click.ClickException(
            f"this backup was sealed under the key {manifest.sealed_under}, and LANTERN_SEALING_KEY is "
            f"{sealing.fingerprint()}: nobody could read what is private in it. Give the key of then (in "
            "LANTERN_OLD_SEALING_KEYS, if there is a newer one). Nothing was changed."
        )
    unknown = sorted(set(manifest.migrations) - database.migrations_known())
    if unknown:
        raise click.ClickException(f"this backup is of a newer Lantern ({manifest.lantern}); install that first")
    return manifest


def _set_aside(data: Path, files: Path) -> Path:
    from django.conf import settings

    from lantern.kernel import clock

    aside = data / f"before-restore-{clock.now():%Y%m%d-%H%M%S}"
    aside.mkdir(mode=0o700)
    database.set_aside(aside)
    if files.is_dir():
        files.rename(aside / "files")
    if Path(settings.LANTERN_AUDIT).is_dir():  # anchors of the trail that was set aside would call the older one cut
        Path(settings.LANTERN_AUDIT).rename(aside / "audit")
    return aside


COMMANDS = {"restore": restore}
