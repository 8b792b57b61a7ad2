"""`lantern rewrap`: after the installation's sealing key was changed."""

from __future__ import annotations

import click

from lantern.cli import boot, screen


@click.command()
def rewrap() -> None:
    """Put everybody's keys under a new LANTERN_SEALING_KEY.

    Give the new key as LANTERN_SEALING_KEY and the one before in LANTERN_OLD_SEALING_KEYS, restart web and worker, and
    run this. Afterwards the old key is needed for older backups only.

    \b
    Examples:
      lantern secret > /etc/lantern/sealing-key-2
      lantern rewrap
    """
    boot.django()
    from lantern.kernel import sealing

    try:
        count = sealing.rewrap_all()
    except sealing.WrongKey as problem:
        raise click.ClickException(f"{problem} Nothing was changed.") from None
    screen.say(f"{screen.plural(count, 'key')} put under {sealing.fingerprint()}.")


COMMANDS = {"rewrap": rewrap}
