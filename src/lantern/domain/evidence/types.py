"""The closed lists of evidence."""

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

MOST_REFLECTED_MINUTES = 60_000
LONGEST_TEXT = 20_000
MOST_FILES = 20
"""Files for one activity."""
FILE_TYPES = frozenset(
    {"image/jpeg", "image/png", "image/webp", "image/gif", "application/pdf", "text/plain", "text/markdown"}
)
FILE_TYPES_IN_WORDS = "A picture (JPEG, PNG, WebP or GIF), a PDF, or plain text, up to 20 MB."
