"""Keeping the head of each chain somewhere else, so that cutting off or rewriting its end shows (trust.md F2).

An anchor in LANTERN_DATA/audit shows what was done in the database alone; one in another person's mailbox or on paper
also shows what was done by somebody who can write to the whole machine.
"""

from __future__ import annotations

import json
import logging
import os
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage

from lantern.kernel import clock
from lantern.kernel.audit.chains import Head, heads

log = logging.getLogger(__name__)
FILE = "anchors.jsonl"


class NotAnAnchor(ValueError):
    """A line of the file is no anchor; says which line."""


def own_file() -> Path:
    """Return where this installation keeps its anchors."""
    return Path(settings.LANTERN_AUDIT) / FILE


def lines_of(found: Iterable[Head]) -> list[str]:
    """Return one line a chain, as the file, the mail and the paper have it."""
    at = clock.now().isoformat(timespec="seconds")
    return [
        json.dumps({"at": at, "chain": head.chain, "sequence": head.sequence, "seal": head.seal}) for head in found
    ]


def write() -> list[str]:
    """Add the present head of each chain to the file, on disk before this returns; return the lines. Raises OSError."""
    lines = lines_of(heads())
    path = own_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, "".join(f"{line}\n" for line in lines).encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return lines


def mail(lines: list[str]) -> int:
    """Send the lines to each address of LANTERN_AUDIT_MAIL by itself; return to how many they went.

    They go past the outbox, which belongs to tenants: an anchor is the installation's, and tomorrow brings the next.
    """
    sent = 0
    for address in settings.LANTERN_AUDIT_MAIL:
        text = "Keep this message: `lantern audit verify --anchor FILE` reads these lines.\n\n" + "\n".join(lines)
        try:
            sent += EmailMessage(f"Lantern audit anchor {clock.now():%Y-%m-%d}", text, to=[address]).send()
        except OSError:
            log.warning("an audit anchor was not accepted by the mail server")
    return sent


def read(path: Path) -> dict[str, dict[int, str]]:
    """Return the anchors of a file as {chain: {sequence: seal}}. Raises OSError, NotAnAnchor.

    Lines that do not begin with a brace are passed over, so that a saved mail or a typed sheet can be read as it is.
    """
    found: dict[str, dict[int, str]] = defaultdict(dict)
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip().startswith("{"):
            continue
        try:
            one = json.loads(line)
            found[str(one["chain"])][int(one["sequence"])] = str(one["seal"])
        except (ValueError, KeyError, TypeError):
            raise NotAnAnchor(f"{path}, line {number}: this is no anchor") from None
    return dict(found)
