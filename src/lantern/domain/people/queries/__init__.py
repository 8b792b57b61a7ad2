"""What may be asked about people and organisations."""

from lantern.domain.people.queries.counted import placed_people
from lantern.domain.people.queries.directory import (
    export_for,
    find_people,
    get_managed_person,
    get_me,
    get_person,
    get_profile,
    list_colleagues,
    list_memberships,
    list_people,
    list_people_with_role,
    list_started,
    my_organisations,
    names_of,
)
from lantern.domain.people.queries.identity import (
    actor_for,
    actor_for_account,
    find_account,
    persons_of_account,
    tenancy_of,
    words_about,
)
from lantern.domain.people.queries.organisations import (
    count_people,
    get_organisation,
    list_organisations,
    managed_organisations,
)
from lantern.domain.people.queries.roster import known_to_roster
from lantern.domain.people.queries.runs import (
    OFFICIAL_ACTS,
    described,
    get_import_run,
    list_import_runs,
    list_official_acts,
    list_requests_in_offices,
    uploads_named,
)
from lantern.domain.people.queries.tenants import demo_people, find_tenant, list_districts_below, list_tenants

__all__ = [
    "OFFICIAL_ACTS",
    "actor_for",
    "actor_for_account",
    "count_people",
    "demo_people",
    "described",
    "export_for",
    "find_account",
    "find_people",
    "find_tenant",
    "get_import_run",
    "get_managed_person",
    "get_me",
    "get_organisation",
    "get_person",
    "get_profile",
    "known_to_roster",
    "list_colleagues",
    "list_districts_below",
    "list_import_runs",
    "list_memberships",
    "list_official_acts",
    "list_organisations",
    "list_people",
    "list_people_with_role",
    "list_requests_in_offices",
    "list_started",
    "list_tenants",
    "managed_organisations",
    "my_organisations",
    "names_of",
    "persons_of_account",
    "placed_people",
    "tenancy_of",
    "uploads_named",
    "words_about",
]
