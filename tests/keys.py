"""People who have a key and nothing else, for tests of what is sealed that need no database."""

from uuid import UUID

from lantern.kernel import sealing
from lantern.kernel.ids import uuid7
from lantern.kernel.sealing.keys import new_wrapped_key


def somebody() -> UUID:
    """The id of a person whose key this process knows."""
    person_id = uuid7()
    sealing.learn(person_id, new_wrapped_key())
    return person_id
