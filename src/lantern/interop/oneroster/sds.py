"""Microsoft School Data Sync files, read as if they were OneRoster: version adapters at the edge.

SDS v2.1 is OneRoster 1.2 under other column names. SDS v1 describes teachers in Teacher.csv, and courses and
terms only as columns of Section.csv. Neither has a manifest: every file is the complete set.
"""

from __future__ import annotations

from collections.abc import Mapping

from lantern.interop.oneroster.table import Sheet


def _columns(*names: str, **renamed: str) -> dict[str, str]:
    return {name: name for name in names} | renamed


SDS_2_1: Mapping[str, Sheet] = {
    "orgs": Sheet("orgs.csv", _columns("sourcedId", "name", "type", "parentSourcedId"), ("sourcedId", "name", "type")),
    "academicSessions": Sheet(
        "academicSessions.csv",
        _columns("sourcedId", "title", "type", "schoolYear", "startDate", "endDate"),
        ("sourcedId", "title"),
    ),
    "courses": Sheet(
        "courses.csv",
        _columns("sourcedId", "title", courseCode="code", grades="grade", subjects="subject"),
        ("sourcedId", "title"),
    ),
    "classes": Sheet(
        "classes.csv",
        _columns(
            "sourcedId", "title", "courseSourcedId", schoolSourcedId="orgSourcedId", termSourcedIds="sessionSourcedIds"
        ),
        ("sourcedId", "title", "schoolSourcedId"),
    ),
    "users": Sheet(
        "users.csv",
        _columns("sourcedId", "username", "givenName", "familyName", "email"),
        ("sourcedId",),
    ),
    "roles": Sheet(
        "roles.csv",
        _columns(
            "userSourcedId",
            "orgSourcedId",
            "role",
            primary="isPrimary",
            beginDate="roleStartDate",
            endDate="roleEndDate",
        ),
        ("userSourcedId", "orgSourcedId", "role"),
    ),
    "enrollments": Sheet(
        "enrollments.csv",
        _columns("classSourcedId", "userSourcedId", "role"),
        ("classSourcedId", "userSourcedId", "role"),
    ),
}

SDS_1: Mapping[str, Sheet] = {
    "orgs": Sheet(
        "School.csv",
        {"sourcedId": "SIS ID", "name": "Name", "identifier": "School Number"},
        ("sourcedId", "name"),
        constants={"type": "school"},
    ),
    "academicSessions": Sheet(
        "Section.csv",
        {
            "sourcedId": "Term SIS ID",
            "title": "Term Name",
            "startDate": "Term StartDate",
            "endDate": "Term EndDate",
        },
        (),
        constants={"type": "term"},
        distinct=True,
    ),
    "courses": Sheet(
        "Section.csv",
        {
            "sourcedId": "Course SIS ID",
            "title": "Course Name",
            "courseCode": "Course Number",
            "subjects": "Course Subject",
        },
        (),
        distinct=True,
    ),
    "classes": Sheet(
        "Section.csv",
        {
            "sourcedId": "SIS ID",
            "title": "Section Name",
            "schoolSourcedId": "School SIS ID",
            "courseSourcedId": "Course SIS ID",
            "termSourcedIds": "Term SIS ID",
            "subjects": "Course Subject",
            "status": "Status",
        },
        ("sourcedId", "title", "schoolSourcedId"),
    ),
    "users": Sheet(
        "Teacher.csv",
        {
            "sourcedId": "SIS ID",
            "givenName": "First Name",
            "familyName": "Last Name",
            "middleName": "Middle Name",
            "username": "Username",
            "email": "Secondary Email",
            "identifier": "Teacher Number",
            "positionTitle": "Title",
            "status": "Status",
        },
        ("sourcedId",),
        distinct=True,
    ),
    "roles": Sheet(
        "Teacher.csv",
        {"userSourcedId": "SIS ID", "orgSourcedId": "School SIS ID", "status": "Status"},
        ("userSourcedId", "orgSourcedId"),
        constants={"role": "teacher"},
    ),
    "enrollments": Sheet(
        "TeacherRoster.csv",
        {"classSourcedId": "Section SIS ID", "userSourcedId": "SIS ID"},
        ("classSourcedId", "userSourcedId"),
        constants={"role": "teacher"},
    ),
}
