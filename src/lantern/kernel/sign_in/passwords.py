"""Which passwords are refused (trust.md E4): too short, too long, well known, or made of words anybody would guess.

No rule asks for digits or signs. Django calls `validate`; every refusal says why in words.
"""

from __future__ import annotations

import hashlib
import mmap
import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.module_loading import import_string

LEAST_ALONE = 15
LEAST_WITH_SECOND_STEP = 8
MOST = 128
DIGEST = 5
"""Bytes of each digest in the list; of a million other passwords none is taken for one in it."""
LIST = Path(__file__).parent / "data" / "well_known_passwords.bin"
_LEAST_PIECE = 4
_OWN_WORDS = ("lantern", "password", "passwort", "learning", "teacher", "educator", "school", "district")
_LEAST_BESIDE_WORDS = 6


def _refuse(reason: str, code: str) -> None:
    raise ValidationError(reason, code=code)


class Length:
    """At least 15 characters; 8 where a second step stands beside; at most 128."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError with the number that is asked for."""
        if len(password) > MOST:
            _refuse(f"Please use at most {MOST} characters.", "password_too_long")
        least = LEAST_WITH_SECOND_STEP if _has_second_step(user) else LEAST_ALONE
        if len(password) < least:
            _refuse(
                f"Please use at least {least} characters. A few words in a row are easy to keep.", "password_too_short"
            )

    def get_help_text(self) -> str:
        """Return the rule in a sentence."""
        return f"At least {LEAST_ALONE} characters, or {LEAST_WITH_SECOND_STEP} if you sign in with a second step."


class WellKnown:
    """Not one of the passwords that everybody who guesses tries first, nor two of those put together."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError for one of the list, two of it in a row, or a short piece over and over."""
        plain = folded(password)
        if is_well_known(plain) or _is_repetition(plain):
            _refuse("Many people use this password, so it is among the first that are tried.", "password_too_common")
        for cut in range(_LEAST_PIECE, len(plain) - _LEAST_PIECE + 1):
            if is_well_known(plain[:cut]) and is_well_known(plain[cut:]):
                _refuse("This is two well-known passwords in a row, which are tried too.", "password_too_common")

    def get_help_text(self) -> str:
        """Return the rule in a sentence."""
        return "Not a password that many people use."


class EasyToGuess:
    """Something must be left of it without the words that anybody knows: the address, the names, the district."""

    def __init__(self, words_of: str) -> None:
        """Take the path of a function that returns the words around an account (or whoever gets a password)."""
        self._words_of: Callable[[Any], Iterable[str]] = import_string(words_of)

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError when fewer than six letters or digits are left."""
        plain = re.sub(r"[\W_]", "", folded(password))
        for word in sorted(self._guessable(user), key=len, reverse=True):
            plain = plain.replace(word, "")
        if len(plain) < _LEAST_BESIDE_WORDS:
            _refuse("This is mostly your name, your address or your district. Please add other words.", "password_near")

    def _guessable(self, user: Any) -> set[str]:
        texts = [*_OWN_WORDS, *(self._words_of(user) if user is not None else ())]
        words = {word for text in texts for word in re.split(r"[\W_]+", folded(text))}
        return {word for word in words if len(word) >= 3}

    def get_help_text(self) -> str:
        """Return the rule in a sentence."""
        return "Not only your name, your address or your district's name."


def folded(text: str) -> str:
    """Return the text as it is compared: one form of each character, no difference between large and small."""
    return unicodedata.normalize("NFKC", text).casefold()


def digest_of(password: str) -> bytes:
    """Return what stands for a password in the list."""
    return hashlib.blake2b(password.encode(), digest_size=DIGEST).digest()


def is_well_known(password: str) -> bool:
    """Tell whether a folded password is in the list (data/README.md says where that comes from)."""
    kept, wanted = _list(), digest_of(password)
    low, high = 0, len(kept) // DIGEST
    while low < high:
        middle = (low + high) // 2
        if kept[middle * DIGEST : (middle + 1) * DIGEST] < wanted:
            low = middle + 1
        else:
            high = middle
    return kept[low * DIGEST : (low + 1) * DIGEST] == wanted


@cache
def _list() -> mmap.mmap:
    with LIST.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _is_repetition(text: str) -> bool:
    return any(text == (text[:size] * len(text))[: len(text)] for size in range(1, min(8, len(text) // 2) + 1))


def _has_second_step(user: Any) -> bool:
    # Asked for late: this module is named in the settings, before tables can be imported.
    from lantern.kernel.sign_in.factors import has_second_step  # noqa: PLC0415

    return getattr(user, "pk", None) is not None and has_second_step(user.pk)
