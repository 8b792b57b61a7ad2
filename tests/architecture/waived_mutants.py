"""Mutants that survive and may: each by module and name (`make mutants` prints them), with the reason.

A reason says why no person could notice: the mutant means the same, or only words or a speed differ.
"""

from __future__ import annotations

PRIVACY = "lantern.domain.privacy"
DECLARED = "the same: only such tables declare it, as test_privacy_declared.py asserts of every table"
NO_NULL = "the same: no row has an empty grantee or coach, so Lantern itself is named by none"
ALL_ROLES = "the same: the names of all roles together have 63 letters"

WAIVED: dict[str, dict[str, str]] = {
    f"{PRIVACY}.policy": {
        "scope: pk__in=() taken from Q()": "the same: an empty filter adds nothing to `mine`, which is never empty",
        "scope: declared.data_class is DataClass.PRIVATE taken from declared.data_class is DataClass.PRIVATE and declared.kind a … ctor.person_id is not None)": DECLARED,
        "scope: declared.kind taken from declared.data_class is DataClass.PRIVATE and declared.kind a … ctor.person_id is not None)": "the same: no share has an empty kind",
        "scope: actor.person_id is not None taken from declared.data_class is DataClass.PRIVATE and declared.kind a … ctor.person_id is not None)": NO_NULL,
        "scope: declared.data_class is DataClass.CONSENTED taken from declared.data_class is DataClass.CONSENTED and declared.name … ctor.person_id is not None)": DECLARED,
        "scope: declared.named taken from declared.data_class is DataClass.CONSENTED and declared.name … ctor.person_id is not None)": DECLARED,
        "scope: actor.person_id is not None taken from declared.data_class is DataClass.CONSENTED and declared.name … ctor.person_id is not None)": NO_NULL,
        "scope: declared.data_class is DataClass.OFFICIAL taken from declared.data_class is DataClass.OFFICIAL and declared.readers": DECLARED,
    },
    f"{PRIVACY}.commands.emergency": {
        "end_hold: update_fields=['told_at'] taken from row.save()": "the same: the row is locked, and nothing else of it changed",
    },
    f"{PRIVACY}.commands.looking": {
        "open_item: 0 -> -1": "the same: within less than no time there is no earlier look either",
        "record_look: 80 -> 81": ALL_ROLES,
        "record_look: 80 -> 79": ALL_ROLES,
    },
    f"{PRIVACY}.commands.purposes": {
        "refuse_purpose: 'tenant_id' taken from the table": "the same: a new row gets the tenancy in force, which is the actor's",
    },
    f"{PRIVACY}.commands.sharing": {
        "revoke: update_fields=['revoked_at'] taken from row.save()": "the same: the row is locked, and nothing else of it changed",
        "note_wording_told: @transaction.atomic taken away": "the same: get_or_create is one step with a transaction of its own",
        "note_wording_told: tenant_id=actor.tenancy.own taken from WordingTold.objects.get_or_create()": "the same: only rows of the tenancy in force are seen and made",
        "share: same.first() -> same.last()": "the same: the table holds one open share of an item with a person (share_once_while_open)",
    },
    f"{PRIVACY}.queries.sharing": {
        "get_share: rows.first() -> rows.last()": "the same: the rows were asked for by their key, so there is one at most",
        "my_emergencies: agreed_at__isnull=False taken from rows.filter()": "the same: nobody is told before it was agreed on (agree_emergency, end_hold)",
    },
}
