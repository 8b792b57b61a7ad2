"""Private words and files lie sealed in the database and on the disk, each person's with her own key (decision 0032).

A person's key is made with her row and kept there, wrapped by the installation's key (`LANTERN_SEALING_KEY`), which
lies in no database and in no backup. Who holds only a copy of the database reads nobody's words; when a person's key is
destroyed, what copies remain of hers is noise. It does not protect from who runs the application's own machine.
"""

from lantern.kernel.sealing.fields import Mark, SealedJson, SealedText
from lantern.kernel.sealing.keys import (
    KeyColumn,
    SealBroken,
    WrongKey,
    fingerprint,
    fingerprints,
    forget,
    learn,
    learn_all,
    mark,
    opens,
    rewrap_all,
    rewrapped,
)

__all__ = [
    "KeyColumn",
    "Mark",
    "SealBroken",
    "SealedJson",
    "SealedText",
    "WrongKey",
    "fingerprint",
    "fingerprints",
    "forget",
    "learn",
    "learn_all",
    "mark",
    "opens",
    "rewrap_all",
    "rewrapped",
]
