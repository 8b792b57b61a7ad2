"""Numbers about groups that say nothing about a person: which may be published, how coarsely, for which term.

The algorithm is chosen and argued in trust.md 3.5 and decision 0019: a fixed tree of groups (`tree`), values as bands
(`bands`), one release for each closed term (`terms`), and an auditor for a second way of cutting the same people
(`auditor`). Nothing here knows a name; what is decided from is how many people stand where, never what they did.
"""

from lantern.engine.release.auditor import Cell, Finding, Outcome, audit
from lantern.engine.release.bands import Band, band, size_band
from lantern.engine.release.figures import Figure, figures
from lantern.engine.release.terms import Term, last_closed, term_called, term_of
from lantern.engine.release.tree import Group, Node, ReleaseError, Verdict, atoms, publish_set

__all__ = [
    "Band",
    "Cell",
    "Figure",
    "Finding",
    "Group",
    "Node",
    "Outcome",
    "ReleaseError",
    "Term",
    "Verdict",
    "atoms",
    "audit",
    "band",
    "figures",
    "last_closed",
    "publish_set",
    "size_band",
    "term_called",
    "term_of",
]
