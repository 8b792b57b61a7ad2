"""Who is acting: a person in a tenancy with the roles that hold today, or the system itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from lantern.kernel.tenancy import Tenancy


@dataclass(frozen=True, slots=True)
class RoleGrant:
    """One role at one organisation; `covers` are the ids of that organisation and all below it in the same tenant."""

    role: str
    organisation_id: UUID
    covers: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Actor:
    """The one argument that every command and query takes first. `person_id` is None for the system."""

    person_id: UUID | None
    tenancy: Tenancy
    grants: tuple[RoleGrant, ...] = ()
    name: str = ""
    job_kind: str = ""
    request_id: str = ""
    roles: frozenset[str] = field(default_factory=frozenset)
    second_step: bool = False
    """Whether the account behind it has a second step of Lantern's own; known of who signed in."""

    @property
    def is_system(self) -> bool:
        """Tell whether this is Lantern itself: a job or an event handler."""
        return self.person_id is None

    def has(self, *roles: str) -> bool:
        """Tell whether any of the roles is held today, anywhere in the tenancy."""
        return not self.roles.isdisjoint(roles)

    def has_over(self, organisation_id: UUID, *roles: str) -> bool:
        """Tell whether one of the roles is held at the organisation or above it."""
        return any(grant.role in roles and organisation_id in grant.covers for grant in self.grants)

    def organisations(self, *roles: str) -> frozenset[UUID]:
        """Return the ids of every organisation that one of the roles covers."""
        covered: set[UUID] = set()
        for grant in self.grants:
            if grant.role in roles:
                covered |= grant.covers
        return frozenset(covered)


def system(tenancy: Tenancy, request_id: str = "") -> Actor:
    """Return Lantern itself acting in a tenancy."""
    return Actor(person_id=None, tenancy=tenancy, name="Lantern", request_id=request_id, roles=frozenset({"system"}))
