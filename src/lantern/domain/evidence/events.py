"""What happened to reflections and evidence."""

from dataclasses import dataclass
from uuid import UUID

from lantern.kernel.events import Event


@dataclass(frozen=True, slots=True)
class ReflectionSubmitted(Event):
    """An educator reflected on an activity."""

    reflection_id: UUID
    activity_id: UUID
    minutes: int
    outside: bool
    has_evidence: bool


@dataclass(frozen=True, slots=True)
class ReflectionEdited(Event):
    """She changed her words, or where and when she will try it."""

    reflection_id: UUID


@dataclass(frozen=True, slots=True)
class ReflectionAsked(Event):
    """Lantern asked how it went."""

    reflection_id: UUID


@dataclass(frozen=True, slots=True)
class ReflectionAnswered(Event):
    """She told herself how it went; the outcome itself stays with her."""

    reflection_id: UUID
    activity_id: UUID


@dataclass(frozen=True, slots=True)
class EvidenceAdded(Event):
    """A file now shows something about an activity."""

    evidence_id: UUID
    activity_id: UUID


@dataclass(frozen=True, slots=True)
class EvidenceRemoved(Event):
    """A file was taken away; `left` are how many the activity still has."""

    evidence_id: UUID
    activity_id: UUID
    left: int


@dataclass(frozen=True, slots=True)
class VideoReceived(Event):
    """A video came in and waits to be prepared; it shows nothing yet."""

    evidence_id: UUID
    activity_id: UUID


@dataclass(frozen=True, slots=True)
class VideoRefused(Event):
    """A video could not be opened safely; its bytes are gone."""

    evidence_id: UUID


@dataclass(frozen=True, slots=True)
class VideoExtended(Event):
    """Its owner keeps a video longer."""

    evidence_id: UUID


@dataclass(frozen=True, slots=True)
class VideoStudentsSaid(Event):
    """Its owner said anew whether students are in a video."""

    evidence_id: UUID


@dataclass(frozen=True, slots=True)
class VideoEnded(Event):
    """The date of a video came: its bytes are gone, a row remembers that it was there."""

    evidence_id: UUID
