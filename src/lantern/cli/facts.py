"""`lantern secret` and `lantern version`: no database needed."""

from __future__ import annotations

import platform
import secrets

import click

from lantern import __version__
from lantern.cli import screen


@click.command()
def secret() -> None:
    """Print a new secret key.

    \b
    Keep it in a file that only Lantern's account may read, and name the file:
      lantern secret > /etc/lantern/secret-key
      LANTERN_SECRET_KEY_FILE=/etc/lantern/secret-key
    """
    screen.say(secrets.token_urlsafe(64))


@click.command()
def version() -> None:
    """Say which Lantern this is.

    With the versions of Python, Django and click beside it, for a report of a fault.
    """
    from importlib.metadata import version as version_of

    screen.say(f"Lantern {__version__}")
    screen.say(f"Python {platform.python_version()}, Django {version_of('django')}, click {version_of('click')}")


COMMANDS = {"secret": secret, "version": version}
