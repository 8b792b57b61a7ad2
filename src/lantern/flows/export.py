"""Everything that is tied to a person, in one file she can take with her. Each feature says what it keeps; none is
left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lantern.domain.announcements import queries as announcements
from lantern.domain.assessments import queries as assessments
from lantern.domain.calendars import queries as calendars
from lantern.domain.catalog import queries as catalog
from lantern.domain.coaching import queries as coaching
from lantern.domain.competencies import queries as competencies
from lantern.domain.courses import queries as courses
from lantern.domain.credits import queries as credits
from lantern.domain.evidence import queries as evidence
from lantern.domain.goals import queries as goals
from lantern.domain.initiatives import queries as initiatives
from lantern.domain.insights import queries as insights
from lantern.domain.joint_plans import queries as joint_plans
from lantern.domain.needs import queries as needs
from lantern.domain.notices import queries as notices
from lantern.domain.pathways import queries as pathways
from lantern.domain.people import queries as people
from lantern.domain.plans import queries as plans
from lantern.domain.privacy import queries as privacy
from lantern.domain.recommendations import queries as recommendations
from lantern.domain.results import queries as results
from lantern.kernel import audit, clock, doors
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotAllowed

FEATURES: Mapping[str, Callable[[Actor], Mapping[str, Any]]] = {
    "announcements": announcements.export_for,
    "assessments": assessments.export_for,
    "calendars": calendars.export_for,
    "catalog": catalog.export_for,
    "coaching": coaching.export_for,
    "competencies": competencies.export_for,
    "courses": courses.export_for,
    "credits": credits.export_for,
    "evidence": evidence.export_for,
    "goals": goals.export_for,
    "initiatives": initiatives.export_for,
    "joint_plans": joint_plans.export_for,
    "pathways": pathways.export_for,
    "insights": insights.export_for,
    "needs": needs.export_for,
    "notices": notices.export_for,
    "people": people.export_for,
    "plans": plans.export_for,
    "privacy": privacy.export_for,
    "recommendations": recommendations.export_for,
    "results": results.export_for,
}
"""Every feature of the domain; a test compares the names with the folders."""

doors.declare(
    "export",
    "account:export",
    reads=("private", "consented", "team", "official", "public"),
    reaches="the person herself; two operators together in an emergency, of which she is told",
)


def everything_about_me(actor: Actor) -> dict[str, Any]:
    """Return all that Lantern keeps about the actor, by feature. Raises NotAllowed for the system."""
    if actor.person_id is None:
        raise NotAllowed("Only a person can take what is tied to her.")
    return {
        "format": "lantern-export-1",
        "made_at": clock.now(),
        "person_id": actor.person_id,
        "audit": audit.export_for(actor, people.get_me(actor).account_id),
        "features": {name: dict(export(actor)) for name, export in FEATURES.items()},
    }
