"""What each kind of notice says and where it leads. The words hold nothing private: a name at most."""

from __future__ import annotations

from typing import NamedTuple


class NoticeWords(NamedTuple):
    """One kind of notice: a sentence (it may hold {name}), the URL name it leads to, whether that takes the item."""

    words: str
    url_name: str
    takes_item: bool = True


SOMEBODY = "Somebody"
"""Stands for a name that is not known."""

NOTICE_WORDS: dict[str, NoticeWords] = {
    "how_did_it_go": NoticeWords("How did it go in your class?", "portfolio:reflections_answer"),
    "hours_taken_back": NoticeWords(
        "Hours were taken back. The reason is on your record.", "portfolio:transcript", False
    ),
    "coach_asked": NoticeWords("{name} asks you to be a coach.", "together:link"),
    "coach_accepted": NoticeWords("{name} will coach you.", "together:link"),
    "coach_declined": NoticeWords("{name} cannot coach you at the moment.", "together:link"),
    "coach_shared": NoticeWords("{name} shared something with you.", "together:link"),
    "item_shared": NoticeWords("{name} shared something with you.", "together:shared_one"),
    "emergency_access": NoticeWords(
        "Operators were let in to your data. “Who sees what” says who, when and why.", "account:privacy", False
    ),
    "sharing_reworded": NoticeWords("What you are told before you share has new words.", "account:wording", False),
    "proposal_made": NoticeWords("{name} has a proposal for you.", "together:proposal"),
    "proposal_answered": NoticeWords("{name} answered your proposal.", "together:proposal"),
    "observation_made": NoticeWords("{name} wrote down something they saw, for you.", "together:observation"),
    "joint_plan_asked": NoticeWords("{name} asks you to plan something together.", "together:joint_invitation"),
    "announcement": NoticeWords("There is an announcement for you.", "home:announcement"),
    "second_step_reset": NoticeWords(
        "Your second step for signing in was taken away by your operator. Please set up a new one.", "mfa_index", False
    ),
    "import_done": NoticeWords("Your import has ended.", "manage:imports_run"),
}


def in_words(kind: str, from_name: str = "") -> str:
    """Return what a notice says. Raises LookupError for a kind that is not listed."""
    return NOTICE_WORDS[kind].words.format(name=from_name or SOMEBODY)
