"""How long an announcement may be."""

LONGEST_TITLE = 160
LONGEST_BODY = 20_000
