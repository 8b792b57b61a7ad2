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
from lantern.domain.evidence.commands.showing import open_bytes, open_shared_evidence
from lantern.domain.evidence.commands.videos import (
    add_video,
    end_video,
    extend_video,
    follow_job,
    give_up_video,
    prepare_video,
    say_students,
)

__all__ = [
    "add_evidence",
    "add_video",
    "answer_reflection",
    "edit_reflection",
    "end_video",
    "erase",
    "extend_video",
    "follow_job",
    "give_up_video",
    "mark_asked",
    "open_bytes",
    "open_shared_evidence",
    "open_shared_reflection",
    "prepare_video",
    "remove_evidence",
    "say_students",
    "submit_reflection",
]
