"""OneRoster and School Data Sync: a district's own list of schools, staff and classes."""

from lantern.interop.oneroster.archive import ArchiveRefused, Limits, SafeArchive
from lantern.interop.oneroster.codec import read_roster
from lantern.interop.oneroster.model import (
    ClassRow,
    CourseRow,
    EnrolmentRow,
    OrgRow,
    PersonRow,
    RoleRow,
    Roster,
    RosterUnreadable,
    RowError,
    SessionRow,
)

__all__ = [
    "ArchiveRefused",
    "ClassRow",
    "CourseRow",
    "EnrolmentRow",
    "Limits",
    "OrgRow",
    "PersonRow",
    "RoleRow",
    "Roster",
    "RosterUnreadable",
    "RowError",
    "SafeArchive",
    "SessionRow",
    "read_roster",
]
