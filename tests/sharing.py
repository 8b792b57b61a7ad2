"""Sharing in tests, with somebody who does not lead the owner unless said otherwise."""

from __future__ import annotations

from typing import Any

from lantern.domain.privacy import commands
from lantern.kernel.actor import Actor


def share_one(actor: Actor, **facts: Any) -> Any:
    """Open one item, or all of a kind, to a person."""
    return commands.share(actor, **({"leads_me": False, "confirmed": False} | facts))
