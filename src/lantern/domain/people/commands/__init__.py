"""What may be done with organisations and people."""

from lantern.domain.people.commands.erasure import erase
from lantern.domain.people.commands.organisations import create_organisation, create_tenant, rename_organisation
from lantern.domain.people.commands.persons import (
    account_for_sign_on,
    correct_person,
    create_account,
    create_person,
    end_person,
    invite_person,
)
from lantern.domain.people.commands.profile import finish_start, save_profile
from lantern.domain.people.commands.roles import end_role, grant_role
from lantern.domain.people.commands.roster import apply_roster
from lantern.domain.people.commands.runs import (
    attach_job,
    begin_carrying_out,
    begin_import,
    end_import,
    fail_import,
)
from lantern.domain.people.commands.second_step import reset_second_step

__all__ = [
    "account_for_sign_on",
    "apply_roster",
    "attach_job",
    "begin_carrying_out",
    "begin_import",
    "correct_person",
    "create_account",
    "create_organisation",
    "create_person",
    "create_tenant",
    "end_import",
    "end_person",
    "end_role",
    "erase",
    "fail_import",
    "finish_start",
    "grant_role",
    "invite_person",
    "rename_organisation",
    "reset_second_step",
    "save_profile",
]
