"""Brings the ways in which one standard's code is written together, so that both spellings meet.

Only the Common Core is known here: "CC.5.NBT.3" (Ed-Fi), "5.NBT.A.3" and "CCSS.Math.Content.5.NBT.A.3" (ASN) are one
standard. The letter of the cluster can go because numbers run on through the clusters of a domain. Every other code
meets itself in any case and spacing, and nothing else.
"""

from __future__ import annotations

import re

_PREFIX = re.compile(r"(?:CCSS|CC)\.(?:MATH\.CONTENT\.|MATH\.PRACTICE\.|MATH\.|ELA\.LITERACY\.|ELA\.|LITERACY\.)?")
_TAIL = r"(?:\.([A-E]))?(?:\.(\d{1,2})\.?([A-J])?)?"
_GRADED = re.compile(r"(K|[1-8])\.(CC|OA|NBT|NF|MD|G|RP|NS|EE|SP|F)" + _TAIL)
_HIGH = re.compile(
    r"(?:HS\.?|9_12\.)?(N\.(?:RN|Q|CN|VM)|A\.(?:SSE|APR|CED|REI)|F\.(?:IF|BF|LE|TF)|G\.(?:CO|SRT|C|GPE|GMD|MG)"
    r"|S\.(?:ID|IC|CP|MD))" + _TAIL
)
_PRACTICE = re.compile(r"(?:K_12\.)?MP\.?([1-8])")
_GRADE, _STRAND = r"(K|\d{1,2}|6_8|9_10|11_12)", r"(RL|RI|RF|RH|RST|WHST|W|SL|L)"
_READING = re.compile(rf"(?:{_STRAND}\.{_GRADE}|{_GRADE}\.{_STRAND})\.(\d{{1,2}})\.?([A-J])?")


def meeting_key(code: str) -> str:
    """Return what two spellings of one standard have in common; never shown, only compared."""
    plain = " ".join(code.upper().split())
    dotted = re.sub(r"[.\-–]+", ".", re.sub(r"(?<=\d|K)[-–](?=\d)", "_", plain.replace(" ", ""))).strip(".")
    return _common_core(_PREFIX.sub("", dotted, count=1) if _PREFIX.match(dotted) else dotted) or plain


def _common_core(rest: str) -> str:
    if found := _GRADED.fullmatch(rest):
        grade, domain, cluster, number, letter = found.groups()
        return _joined(f"{grade}.{domain}", cluster, number, letter)
    if found := _HIGH.fullmatch(rest):
        domain, cluster, number, letter = found.groups()
        return _joined(f"HS.{domain}", cluster, number, letter)
    if found := _PRACTICE.fullmatch(rest):
        return f"CCSS.MP.{found.group(1)}"
    if found := _READING.fullmatch(rest):
        strand, grade = found.group(1) or found.group(4), found.group(2) or found.group(3)
        return _joined(f"{grade}.{strand}", None, found.group(5), found.group(6))
    return f"CCSS.{rest}" if rest.startswith("CCRA.") else ""


def _joined(start: str, cluster: str | None, number: str | None, letter: str | None) -> str:
    """Return the key of a standard, or of its cluster or domain where the code names no number."""
    end = f".{int(number)}{letter or ''}" if number else f".{cluster}" if cluster else ""
    return f"CCSS.{start}{end}"
