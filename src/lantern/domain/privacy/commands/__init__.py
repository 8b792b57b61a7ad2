"""Sharing and un-sharing, opening what was shared, refusing a purpose, emergency access, and one's own records."""

from lantern.domain.privacy.commands.emergency import agree_emergency, ask_emergency, end_hold, open_emergency
from lantern.domain.privacy.commands.forgetting import note_erasure
from lantern.domain.privacy.commands.looking import open_item, record_look
from lantern.domain.privacy.commands.personal import erase
from lantern.domain.privacy.commands.purposes import allow_purpose, refuse_purpose
from lantern.domain.privacy.commands.restoring import MOST_RECORDS, BroughtBack, bring_back
from lantern.domain.privacy.commands.sharing import end_shares, note_wording_told, revoke, share

__all__ = [
    "MOST_RECORDS",
    "BroughtBack",
    "agree_emergency",
    "allow_purpose",
    "ask_emergency",
    "bring_back",
    "end_hold",
    "end_shares",
    "erase",
    "note_erasure",
    "note_wording_told",
    "open_emergency",
    "open_item",
    "record_look",
    "refuse_purpose",
    "revoke",
    "share",
]
