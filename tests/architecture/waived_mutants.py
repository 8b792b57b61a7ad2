"""Mutants that survive and may: each by module and name (`make mutants` prints them), with the reason.

A reason says why no person could notice: the mutant means the same, or only words or a speed differ.
"""

from __future__ import annotations

PRIVACY = "lantern.domain.privacy"
DECLARED = "the same: only such tables declare it, as test_privacy_declared.py asserts of every table"
NO_NULL = "the same: no row has an empty grantee or coach, so Lantern itself is named by none"
NUMBERS = "the same: whole numbers either way"
AS_LONG = "the same: both are as long as each other"
ONE_LONG = "the same: it has one entry"
INSIDE = "the same: what joins a corner to itself is never looked at, as it lies inside"
STEPS = "the same: nobody misses one step of so many; that an audit ends at its limit is asserted with a small one"
BY_NAME = "the same: only its name is used, in the program; the word itself is neither shown nor kept"
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
    "lantern.engine.release.auditor": {
        "Outcome: 'safe' -> 'xsafe'": BY_NAME,
        "Outcome: 'leak' -> 'xleak'": BY_NAME,
        "Outcome: 'ran_out' -> 'xran_out'": BY_NAME,
        "<module>: 300000000 -> 300000001": STEPS,
        "<module>: 300000000 -> 299999999": STEPS,
        "_blocks.lead: leader[row] = leader[leader[row]] taken away": "only slower: the way to the leader is not shortened",
        "_two_sides: 2 -> 3": "the same: the rows of a cell in three are all beside each other, an odd circle",
        "_two_sides: True -> False": "the same: which side is called which",
        "_smallest_cut: dtype=np.int64 taken from np.zeros()": NUMBERS,
        "_smallest_cut: strict=True taken from zip()": AS_LONG,
        "_smallest_cut: True -> False #2": AS_LONG,
        "_smallest_cut: if without_readers -> if not": "the same: both ways are weighed, in the other order",
        "_smallest_cut: strict=True taken from zip() #2": AS_LONG,
        "_smallest_cut: True -> False #3": AS_LONG,
        "_stoer_wagner: dtype=bool taken from np.ones()": NUMBERS,
        "_stoer_wagner: 1 -> 0": "the same: one corner alone has no cut, and a cut that was found stays the smallest",
        "_stoer_wagner: 1 -> 2 #4": "the same: any number below nought keeps who is inside from being chosen",
        "_stoer_wagner: weight < best -> weight <= best": "the same: another cut, just as small",
        "_stoer_wagner: joined[before, before] = 0 taken away": INSIDE,
        "_stoer_wagner: 0 -> 1": INSIDE,
        "_stoer_wagner: 0 -> -1": INSIDE,
        "_search: key=str taken from sorted()": "the same: any order of the rows",
        "_search: 0 -> -1": "the same: any row of the basis is such a combination",
        "_search: 1 -> 2": "the same: with two rows left, what stands is the same small group or part of it, a leak either way",
    },
    "lantern.engine.release.rows": {
        "Matrix.__init__: dtype=np.int64 taken from np.array()": NUMBERS,
        "Matrix.__init__: 0 -> -1 #2": ONE_LONG,
        "Matrix.__init__: 0 -> -1 #3": "the same: another pivot of the same column",
        "Matrix.standing_on: 0 -> -1 #2": ONE_LONG,
        "Matrix.without: 0 -> -1": ONE_LONG,
        "Matrix.without: 0 -> -1 #2": "the same: another pivot of the same column",
        "Matrix._times: if factor taken away": "only slower: nought times a row adds nothing",
        "_eliminated: 0 -> -1": "the same: the pivot row doubled spans what it spanned",
        "_eliminated: 0 -> -1 #2": ONE_LONG,
        "_fraction: below_new > 0 -> below_new >= 0": "the same: it is never nought",
        "_fraction: 0 -> 1 #2": "the same: both signs turned are the same fraction",
        "_fraction: 0 -> -1 #2": "the same: it is never nought",
    },
    "lantern.engine.release.terms": {
        "last_closed: 1 -> 2": "the same: two days before a term begins lie in the same term before it",
    },
    "lantern.engine.release.tree": {
        "Verdict: 'published' -> 'xpublished'": BY_NAME,
        "Verdict: 'too_few' -> 'xtoo_few'": BY_NAME,
        "Verdict: 'protects_another' -> 'xprotects_another'": BY_NAME,
        "publish_set: shown taken from shown and rest.people and (not rest.is_large)": "the same: with nothing shown below, the rest is the whole node, which is large",
        "_Tree.__init__: 0 -> -1": "the same: there is one root",
    },
}
