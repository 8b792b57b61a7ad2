"""A job finds again who asked for it: as the roles are when it runs, not as they were."""

from lantern.domain.people import queries as people
from lantern.kernel import jobs

jobs.actors_come_from(people.actor_for)
