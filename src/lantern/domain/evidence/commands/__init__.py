"""What an educator does with reflections and evidence."""

from lantern.domain.evidence.commands.files import add_evidence, remove_evidence
from lantern.domain.evidence.commands.personal import erase
from lantern.domain.evidence.commands.reflection import (
    answer_reflection,
    edit_reflection,
    mark_asked,
    open_shared_reflection,
    submit_reflection,
)

__all__ = [
    "add_evidence",
    "answer_reflection",
    "edit_reflection",
    "erase",
    "mark_asked",
    "open_shared_reflection",
    "remove_evidence",
    "submit_reflection",
]
