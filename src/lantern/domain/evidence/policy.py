"""Who may see and change reflections and evidence: the educator whose they are, and whom she shows a picture or
video.
"""

from django.db.models import Q

from lantern.domain.evidence.models import Evidence, Reflection
from lantern.domain.evidence.types import SHAREABLE_STUDENTS, SHOWN_TYPES
from lantern.domain.privacy import policy as privacy
from lantern.kernel.actor import Actor


def visible(actor: Actor) -> Q:
    """Return the filter for the rows the actor may see."""
    return privacy.visible(actor, Reflection.privacy)


def can_ask(actor: Actor) -> bool:
    """Tell whether the actor may ask how it went: only Lantern itself does."""
    return actor.is_system


def can_prepare(actor: Actor, evidence: Evidence) -> bool:
    """The owner's own job prepares her video."""
    return evidence.person_id == actor.person_id


def can_end_videos(actor: Actor) -> bool:
    """Only Lantern itself ends what has reached its date."""
    return actor.is_system


def can_be_shared(evidence: Evidence) -> bool:
    """A picture or video that is ready, and in which no student is without a media release as far as its owner
    knows.
    """
    shown = evidence.is_ready and evidence.file.media_type in SHOWN_TYPES
    return shown and evidence.students in SHAREABLE_STUDENTS
