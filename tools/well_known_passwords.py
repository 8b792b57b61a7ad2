"""Writes the list of well-known passwords that kernel/sign_in refuses: sorted digests, five bytes each.

Usage: python -m tools.well_known_passwords LIST.txt   (one password a line, the most used first)
"""

from __future__ import annotations

import sys
from pathlib import Path

from lantern.kernel.sign_in.passwords import LIST, digest_of, folded

FIRST = 100_000
LONG = 12
"""Of the rest of the list only what a minimum length would let through."""


def digests(passwords: list[str]) -> bytes:
    """Return the sorted digests of the first hundred thousand and of every long one after them."""
    wanted = {folded(password) for place, password in enumerate(passwords) if place < FIRST or len(password) >= LONG}
    return b"".join(sorted({digest_of(password) for password in wanted if password}))


def main(path: str) -> None:
    """Read the list and write the digests in their place."""
    found = digests(Path(path).read_text(encoding="utf-8", errors="replace").splitlines())
    LIST.write_bytes(found)
    print(f"{len(found) // 5:,} passwords, {len(found):,} bytes")


if __name__ == "__main__":
    main(sys.argv[1])
