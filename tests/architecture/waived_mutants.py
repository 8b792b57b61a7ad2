"""Mutants that survive and may: each by module and name (`make mutants` prints them), with the reason.

A reason says why no person could notice: the mutant means the same, or only words or a speed differ.
"""

from __future__ import annotations

WAIVED: dict[str, dict[str, str]] = {}
