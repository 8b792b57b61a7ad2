"""The closed lists of evidence."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How the trial in class went. "Did not work" is as good an answer as any (P1.3)."""

    WORKED = "worked"
    PARTLY = "partly"
    DID_NOT_WORK = "did_not_work"
    NOT_TRIED = "not_tried"


OUTCOME_WORDS: dict[str, str] = {
    "worked": "It worked",
    "partly": "Parts of it worked",
    "did_not_work": "It did not work, and I learned from it",
    "not_tried": "I have not tried it yet",
}


class EvidenceKind(StrEnum):
    """What a file shows."""

    ATTENDANCE = "attendance"
    WORK = "work"
    CERTIFICATE = "certificate"
    NOTES = "notes"


EVIDENCE_WORDS: dict[str, str] = {
    "attendance": "Proof of attendance",
    "work": "Work from my class",
    "certificate": "Certificate",
    "notes": "My notes",
}



class EvidenceState(StrEnum):
    """How far a piece of evidence is. Everything but a video is ready at once."""

    PREPARING = "preparing"
    READY = "ready"
    REFUSED = "refused"
    ENDED = "ended"


STATE_WORDS: dict[str, str] = {
    "preparing": "being prepared",
    "ready": "",
    "refused": "could not be used",
    "ended": "deleted at its date",
}


class Students(StrEnum):
    """Whether students are seen or heard in a video, and whether they may be (trust.md 3.7)."""

    NOT_ASKED = ""
    NOBODY = "nobody"
    RELEASED = "released"
    MISSING = "missing"
    UNSURE = "unsure"


STUDENT_WORDS: dict[str, str] = {
    "nobody": "No, nobody can be recognised by face, voice or name",
    "released": "Yes, and each of them has a media release on file",
    "missing": "Yes, and at least one release is missing",
    "unsure": "Yes, and I am not sure about the releases",
}
SHAREABLE_STUDENTS = frozenset({Students.NOT_ASKED, Students.NOBODY, Students.RELEASED})
"""While a release is missing or unsure, a video opens for its owner only."""

VIDEO_DAYS = 90
"""How long a video is kept unless its owner keeps it longer, from the day she says so."""

ITEM_KIND = "evidence"
"""What shares and looks call a piece of evidence."""

VIEWING_HOURS = 4
"""One look of a coach's stands for what she plays of a video within these hours (decision 0027)."""


class Part(StrEnum):
    """Which bytes of a piece of evidence are wanted."""

    FILE = "file"
    POSTER = "poster"


MOST_REFLECTED_MINUTES = 60_000
LONGEST_TEXT = 20_000
MOST_FILES = 20
"""Files for one activity."""
FILE_TYPES = frozenset(
    {"image/jpeg", "image/png", "image/webp", "image/gif", "application/pdf", "text/plain", "text/markdown"}
)
SHOWN_TYPES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "video/mp4"})
"""What a page may show in place: pictures and videos, each written anew by us. Only these can be shared."""
FILE_TYPES_IN_WORDS = "A picture (JPEG, PNG, WebP or GIF), a PDF, or plain text, up to 20 MB."


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """Bytes that may be sent now: where they lie, what they are, and whether they are the asker's own."""

    key: str
    name: str
    media_type: str
    sha256: str
    mine: bool
