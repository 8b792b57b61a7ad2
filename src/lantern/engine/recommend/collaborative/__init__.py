"""What helped people like me: others' choices as one named part of the score, from what may be used and no more.

`Choices.of` and `Tags.of` take arrays; `tune` finds the weights of an installation (off until there is enough); `fit`
makes a model that names nobody; `suggest` reads it for one educator, with the reason for each item.
"""

from lantern.engine.recommend.collaborative.choices import BadChoices, Choices, Tags
from lantern.engine.recommend.collaborative.model import (
    OFF,
    BadModel,
    Blend,
    Known,
    Peer,
    PeerModel,
    Settings,
    fit,
    from_bytes,
    suggest,
    to_bytes,
)
from lantern.engine.recommend.collaborative.tuning import ENOUGH, Quality, Tuned, measure, tune

__all__ = [
    "ENOUGH",
    "OFF",
    "BadChoices",
    "BadModel",
    "Blend",
    "Choices",
    "Known",
    "Peer",
    "PeerModel",
    "Quality",
    "Settings",
    "Tags",
    "Tuned",
    "fit",
    "from_bytes",
    "measure",
    "suggest",
    "to_bytes",
    "tune",
]
