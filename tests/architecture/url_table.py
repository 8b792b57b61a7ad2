"""The reviewed table of every page: who may come in, with which methods, and whose thing it shows.

Written by hand beside the requirements, not derived from the code: `test_url_table.py` compares the two, and a page
that is not
in here fails. `things` names what the ids in its address stand for, in their order.
"""

from dataclasses import dataclass

EVERYBODY = "everybody"
EDUCATORS = frozenset({"educator"})
LEADERS = frozenset({"coordinator", "school_leader", "official"})
OFFICIALS = frozenset({"official"})
MANAGERS = frozenset({"operator", "coordinator"})


@dataclass(frozen=True)
class Row:
    """One page: the roles that may use it (EVERYBODY: without signing in), its methods, and the things its address
    names.
    """

    who: frozenset[str] | str
    methods: str = "GET"
    things: tuple[str, ...] = ()
    narrower: frozenset[str] = frozenset()


TABLE: dict[str, Row] = {
    "public:front": Row(EVERYBODY),
    "public:sign_in": Row(EVERYBODY, "GET POST"),
    "public:demo_sign_in": Row(EVERYBODY, "POST"),
    "public:health": Row(EVERYBODY),
    "public:unknown_person": Row(EVERYBODY),
    "public:gallery": Row(EVERYBODY),
    "public:sample_job": Row(EVERYBODY),
    "home:home": Row(EDUCATORS),
    "home:suggestions": Row(EDUCATORS),
    "home:dismiss": Row(EDUCATORS, "POST", ("resource",)),
    "home:restore": Row(EDUCATORS, "POST", ("resource",)),
    "home:factors": Row(EDUCATORS, "POST"),
    "home:inbox": Row(EDUCATORS),
    "home:open_notice": Row(EDUCATORS, "POST", ("notice",)),
    "home:announcements": Row(EDUCATORS),
    "home:announcement": Row(EDUCATORS, "GET", ("announcement",)),
    "start:start": Row(EDUCATORS, "GET POST"),
    "start:skip": Row(EDUCATORS, "POST"),
    "learn:catalog": Row(EDUCATORS),
    "learn:saved": Row(EDUCATORS),
    "learn:save_search": Row(EDUCATORS, "POST"),
    "learn:open_search": Row(EDUCATORS, "GET", ("saved search",)),
    "learn:delete_search": Row(EDUCATORS, "POST", ("saved search",)),
    "learn:resource": Row(EDUCATORS, "GET", ("resource",)),
    "learn:keep": Row(EDUCATORS, "POST", ("resource",)),
    "learn:add_to_plan": Row(EDUCATORS, "POST", ("resource",)),
    "learn:competency": Row(EDUCATORS, "GET", ("competency",)),
    "learn:activity": Row(EDUCATORS, "GET", ("activity",)),
    "learn:progress": Row(EDUCATORS, "POST", ("activity",)),
    "learn:outside": Row(EDUCATORS, "GET POST"),
    "learn:preview": Row(EDUCATORS, "POST"),
    "grow:overview": Row(EDUCATORS),
    "grow:needs": Row(EDUCATORS),
    "grow:needs_add": Row(EDUCATORS, "GET POST"),
    "grow:needs_words": Row(EDUCATORS, "GET POST"),
    "grow:needs_rate": Row(EDUCATORS, "GET POST"),
    "grow:needs_end": Row(EDUCATORS, "POST", ("need",)),
    "grow:goals": Row(EDUCATORS),
    "grow:goals_new": Row(EDUCATORS, "GET POST"),
    "grow:goal": Row(EDUCATORS, "GET", ("goal",)),
    "grow:goals_edit": Row(EDUCATORS, "GET POST", ("goal",)),
    "grow:goals_check": Row(EDUCATORS, "POST", ("goal",)),
    "grow:goals_end": Row(EDUCATORS, "POST", ("goal",)),
    "grow:plan": Row(EDUCATORS),
    "grow:plan_move": Row(EDUCATORS, "POST", ("plan item",)),
    "grow:plan_remove": Row(EDUCATORS, "POST", ("plan item",)),
    "grow:plan_week": Row(EDUCATORS, "GET POST"),
    "grow:plan_settings": Row(EDUCATORS, "POST"),
    "grow:plan_print": Row(EDUCATORS),
    "grow:initiative": Row(EDUCATORS, "GET", ("initiative",)),
    "portfolio:overview": Row(EDUCATORS),
    "portfolio:reflections_new": Row(EDUCATORS, "GET POST", ("activity",)),
    "portfolio:reflection": Row(EDUCATORS, "GET", ("reflection",)),
    "portfolio:reflections_answer": Row(EDUCATORS, "GET POST", ("reflection",)),
    "portfolio:evidence_add": Row(EDUCATORS, "GET POST", ("activity",)),
    "portfolio:evidence_file": Row(EDUCATORS, "GET", ("evidence",)),
    "portfolio:evidence_remove": Row(EDUCATORS, "POST", ("evidence",)),
    "portfolio:transcript": Row(EDUCATORS),
    "portfolio:transcript_pdf": Row(EDUCATORS),
    "portfolio:transcript_licence": Row(EDUCATORS, "GET POST"),
    "together:overview": Row(EDUCATORS),
    "together:mentors": Row(EDUCATORS),
    "together:mentors_offer": Row(EDUCATORS, "GET POST"),
    "together:mentors_ask": Row(EDUCATORS, "GET POST", ("person",)),
    "together:link": Row(EDUCATORS, "GET", ("coach link",)),
    "together:links_answer": Row(EDUCATORS, "POST", ("coach link",)),
    "together:links_end": Row(EDUCATORS, "POST", ("coach link",)),
    "together:links_share": Row(EDUCATORS, "GET POST", ("coach link",)),
    "together:links_item": Row(EDUCATORS, "GET", ("coach link", "goal")),
    "together:proposals_propose": Row(EDUCATORS, "GET POST", ("coach link",)),
    "together:proposal": Row(EDUCATORS, "GET POST", ("proposal",)),
    "together:proposals_withdraw": Row(EDUCATORS, "POST", ("proposal",)),
    "together:group_needs": Row(EDUCATORS, "GET POST"),
    "together:group_needs_vote": Row(EDUCATORS, "POST", ("group need",)),
    "together:communities": Row(EDUCATORS),
    "lead:overview": Row(LEADERS),
    "lead:initiatives": Row(LEADERS),
    "lead:initiatives_new": Row(LEADERS, "GET POST"),
    "lead:initiatives_edit": Row(LEADERS, "GET POST", ("initiative",), narrower=frozenset({"school_leader"})),
    "lead:initiatives_delete": Row(LEADERS, "POST", ("initiative",)),
    "lead:announcements_new": Row(LEADERS, "GET POST"),
    "lead:days": Row(LEADERS, "GET POST"),
    "lead:districts": Row(OFFICIALS),
    "manage:overview": Row(MANAGERS),
    "manage:people": Row(MANAGERS),
    "manage:people_new": Row(MANAGERS, "GET POST"),
    "manage:person": Row(MANAGERS, "GET", ("person",)),
    "manage:person_correct": Row(MANAGERS, "GET POST", ("person",)),
    "manage:people_add_role": Row(MANAGERS, "POST", ("person",)),
    "manage:people_end_role": Row(MANAGERS, "POST", ("membership",)),
    "manage:person_end": Row(MANAGERS, "POST", ("person",)),
    "manage:person_invite": Row(MANAGERS, "POST", ("person",)),
    "manage:organisations": Row(MANAGERS),
    "manage:organisations_new": Row(MANAGERS, "GET POST"),
    "manage:organisation": Row(MANAGERS, "GET POST", ("organisation",)),
    "manage:imports": Row(MANAGERS),
    "manage:imports_new": Row(MANAGERS, "GET POST"),
    "manage:imports_run": Row(MANAGERS, "GET", ("import run",)),
    "manage:imports_carry_out": Row(MANAGERS, "POST", ("import run",)),
    "manage:frameworks": Row(MANAGERS),
    "manage:frameworks_assign": Row(MANAGERS, "POST"),
    "manage:framework": Row(MANAGERS, "GET", ("framework",)),
    "case:package": Row(MANAGERS, "GET", ("framework",)),
    "manage:catalog": Row(MANAGERS),
    "manage:catalog_new": Row(MANAGERS, "GET POST"),
    "manage:catalog_edit": Row(MANAGERS, "GET POST", ("resource",)),
    "manage:catalog_status": Row(MANAGERS, "POST", ("resource",)),
    "manage:terms": Row(MANAGERS, "GET POST"),
    "manage:term": Row(MANAGERS, "GET POST", ("term",)),
    "manage:rules": Row(MANAGERS, "GET POST"),
    "manage:audit": Row(MANAGERS),
    "manage:audit_requests": Row(MANAGERS),
    "account:overview": Row(EDUCATORS, "GET POST"),
    "account:privacy": Row(EDUCATORS),
    "account:purposes": Row(EDUCATORS, "POST"),
    "account:revoke": Row(EDUCATORS, "POST", ("share",)),
    "account:activity": Row(EDUCATORS),
    "account:export": Row(EDUCATORS),
    "account:comfort": Row(EDUCATORS, "GET POST"),
}
