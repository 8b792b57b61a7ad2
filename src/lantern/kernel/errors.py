"""What can be wrong with an act. The web floor turns each into one status code, in one place (`web/gate.py`)."""

from collections.abc import Mapping


class LanternError(Exception):
    """Anything that Lantern refuses, with a reason that may be shown to the person."""


class NotFound(LanternError):
    """It does not exist, or it does not exist for this actor (404): the two are never told apart."""


class NotAllowed(LanternError):
    """The actor may know of it, but may not do this (403)."""


class Conflict(LanternError):
    """The world changed in the meantime, or the act was already done differently (409)."""


class Invalid(LanternError):
    """Input that cannot be taken (422). `fields` maps a field's name, or "" for the whole, to a reason in plain words.
    """

    def __init__(self, fields: Mapping[str, str] | str) -> None:
        self.fields: dict[str, str] = {"": fields} if isinstance(fields, str) else dict(fields)
        super().__init__("; ".join(f"{name}: {why}" if name else why for name, why in self.fields.items()))


class Unavailable(LanternError):
    """Lantern cannot do this just now (503), for instance because the disk is full; nothing was changed."""
