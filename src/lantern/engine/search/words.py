"""How text becomes words, the same way for documents and queries on every machine.

Accents and case are folded on both sides ("Educación" = "educacion"), then the Snowball stemmer of the document's
language groups the forms of a word. A language Snowball does not know is searched by exact folded words.
"""

from __future__ import annotations

import re
import unicodedata

import Stemmer

MAX_LETTERS = 40
UNKNOWN_LANGUAGE = "und"

_WORD = re.compile(r"[^\W_]+")
_PRIMARY_SUBTAG = re.compile(r"[a-z]{2,3}(?![a-z])")

# Words that name no subject. They are left out of a query that has other words, so that "teaching of maths" does not
# find every document with an "of". Words that mean something in the other language ("son", "solo") stay out.
_FUNCTION_WORDS = """
a about an and are as at be by can do does for from have how i if in into is it its me my of on or our s should so
t that the their them then there these they this to us was we what when where which who why will with you your
al ante como con cual cuando de del desde donde e el ella ellos en entre es esta este estos la las lo los mas
mi mis nos o para pero por porque que se ser si sin sobre su sus tu tus u un una unas unos y
"""
STOP_WORDS = frozenset(_FUNCTION_WORDS.split())


def split(text: str) -> list[str]:
    """The words of a text in order, as written, canonically composed."""
    return _WORD.findall(unicodedata.normalize("NFC", text))


def fold(word: str) -> str:
    """The word without case, accents or compatibility forms, at most MAX_LETTERS letters; may be empty."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold())
    return "".join(letter for letter in plain if letter.isalnum())[:MAX_LETTERS]


def primary_language(tag: str) -> str:
    """The first part of a language tag ("es-MX" and "es_ES" give "es"), or "und" where it is none."""
    found = _PRIMARY_SUBTAG.match(tag.strip().lower())
    return found.group() if found else UNKNOWN_LANGUAGE


def stems(words: list[str], language: str) -> list[str]:
    """The stem of each folded word in a primary language; the word itself where there is no stemmer for it."""
    try:
        # A stemmer must not be shared between threads; making one costs less than a microsecond.
        stemmer = Stemmer.Stemmer(language, 0)
    except KeyError:
        return words
    return list(stemmer.stemWords(words))
