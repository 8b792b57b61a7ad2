"""PostgreSQL's guards: composite keys, triggers, and row-level security on every tenant table (trust.md B6).

`lantern.own`, `lantern.reach` and `lantern.scope` are settings of the session that the engine keeps at the tenancy in
force (`base.py`). Nothing set means no row and no insert. What is published above may be read, and only what is of the
own tenant may be written.
"""

from __future__ import annotations

from collections.abc import Iterator

from lantern.kernel.database.objects import Wanted, wanted
from lantern.kernel.database.rules import TableRules, pointed_to, top_table

OTHER_TENANT = "a row may not point to another tenant"
FIXED = "a row never changes its tenant"
APPEND_ONLY = "rows of this table are never changed or deleted"

# In a sub-select each setting is read once a statement, not once a row.
_EVERYTHING = "(SELECT current_setting('lantern.scope', true) = 'everything')"
_OWN = "\"tenant_id\" = (SELECT nullif(current_setting('lantern.own', true), '')::uuid)"
_REACH = "\"tenant_id\" = ANY ((SELECT nullif(current_setting('lantern.reach', true), '')::uuid[])::uuid[])"
_DOOR = "coalesce(current_setting('lantern.door', true), '') <> 'open'"


def everything_wanted(every: list[TableRules]) -> list[Wanted]:
    """Return every function, key, trigger and policy that these tables want, each after what it rests on."""
    refuse, append_only = _functions()
    made = [refuse, append_only]
    made += [_unique(target) for target in pointed_to(every)]
    for table in every:
        made += _keys(table)
        made += _triggers(table, refuse.name, append_only.name)
        made += _policies(table) if table.has_tenant else ()
    order = ("function", "unique", "key", "trigger", "policy")
    return sorted(made, key=lambda one: order.index(one.kind))


def _functions() -> tuple[Wanted, Wanted]:
    refuse = wanted(
        "function",
        "",
        "refuse",
        'CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN'
        " RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$",
    )
    append_only = wanted(
        "function",
        "",
        "append_only",
        'CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $$'
        " DECLARE was jsonb; becomes jsonb; emptied text; BEGIN"
        f" IF NOT ({_DOOR}) THEN IF TG_OP = 'UPDATE' THEN RETURN NEW; ELSIF TG_OP = 'DELETE' THEN RETURN OLD;"
        " ELSE RETURN NULL; END IF; END IF;"
        " IF TG_OP = 'UPDATE' THEN was := to_jsonb(OLD); becomes := to_jsonb(NEW);"
        " FOREACH emptied IN ARRAY TG_ARGV[0]::text[] LOOP"
        " IF becomes -> emptied = 'null'::jsonb THEN was := was - emptied; becomes := becomes - emptied; END IF;"
        " END LOOP; IF was = becomes THEN RETURN NEW; END IF; END IF;"
        f" RAISE EXCEPTION '{APPEND_ONLY}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    )
    return refuse, append_only


def _unique(table: str) -> Wanted:
    return wanted(
        "unique", table, "unique", f'ALTER TABLE "{table}" ADD CONSTRAINT "{{name}}" UNIQUE ("tenant_id", "id")'
    )


def _keys(table: TableRules) -> Iterator[Wanted]:
    for column, target in table.same:
        yield wanted(
            "key",
            table.table,
            column,
            f'ALTER TABLE "{table.table}" ADD CONSTRAINT "{{name}}" FOREIGN KEY ("tenant_id", "{column}")'
            f' REFERENCES "{target}" ("tenant_id", "id") DEFERRABLE INITIALLY DEFERRED',
        )


def _triggers(table: TableRules, refuse: str, append_only: str) -> Iterator[Wanted]:
    name = table.table
    if table.has_tenant:
        yield _trigger(
            name,
            "fixed",
            f'BEFORE UPDATE OF "tenant_id" ON "{name}" FOR EACH ROW'
            ' WHEN (NEW."tenant_id" IS DISTINCT FROM OLD."tenant_id")'
            f" EXECUTE FUNCTION \"{refuse}\"('{FIXED}')",
        )
    if table.reaching:
        reach = _reach_function(table)
        columns = ", ".join(f'"{column}"' for column, _ in table.reaching)
        yield reach
        act = f'FOR EACH ROW EXECUTE FUNCTION "{reach.name}"()'
        yield _trigger(name, "reach_new", f'BEFORE INSERT ON "{name}" {act}')
        yield _trigger(name, "reach_set", f'BEFORE UPDATE OF {columns} ON "{name}" {act}')
    if table.append_only:
        act = f"EXECUTE FUNCTION \"{append_only}\"('{{{','.join(table.may_empty)}}}')"
        yield _trigger(name, "kept", f'BEFORE UPDATE OR DELETE ON "{name}" FOR EACH ROW {act}')
        yield _trigger(name, "kept_whole", f'BEFORE TRUNCATE ON "{name}" FOR EACH STATEMENT {act}')


def _trigger(table: str, what: str, rest: str) -> Wanted:
    return wanted("trigger", table, what, f'CREATE TRIGGER "{{name}}" {rest}')


def _reach_function(table: TableRules) -> Wanted:
    """Return the trigger's function: each key leads to a row of the own tenant or of one above."""
    top = top_table()
    # A new tenant stands below its parent by pointing to it.
    itself = ' AND NEW."id" <> NEW."tenant_id"' if table.is_top else ""
    above = (
        f'SELECT a."parent_id" FROM "{top}" a WHERE a."id" = NEW."tenant_id" UNION ALL'
        f' SELECT b."parent_id" FROM "{top}" a JOIN "{top}" b ON b."id" = a."parent_id" WHERE a."id" = NEW."tenant_id"'
    )
    steps = " ".join(
        f'IF NEW."{column}" IS NOT NULL{itself} AND NOT EXISTS (SELECT 1 FROM "{target}" t'
        f' WHERE t."id" = NEW."{column}" AND (t."tenant_id" = NEW."tenant_id" OR t."tenant_id" IN ({above})))'
        f" THEN RAISE EXCEPTION '{OTHER_TENANT} ({column})' USING ERRCODE = 'integrity_constraint_violation'; END IF;"
        for column, target in table.reaching
    )
    return wanted(
        "function",
        "",
        f"{table.table.removeprefix('lantern_')}_reach",
        f'CREATE OR REPLACE FUNCTION "{{name}}"() RETURNS trigger LANGUAGE plpgsql AS'
        f" $$ BEGIN {steps} RETURN NEW; END $$",
    )


def _policies(table: TableRules) -> Iterator[Wanted]:
    name, seen = table.table, _REACH if table.inherited else _OWN
    for what, act, rule in (
        ("read", "SELECT", f"USING ({_EVERYTHING} OR {seen})"),
        ("add", "INSERT", f"WITH CHECK ({_EVERYTHING} OR {_OWN})"),
        # SELECT ... FOR UPDATE asks this USING too: what was published above may be locked while it is looked at.
        ("change", "UPDATE", f"USING ({_EVERYTHING} OR {seen}) WITH CHECK ({_EVERYTHING} OR {_OWN})"),
        ("remove", "DELETE", f"USING ({_EVERYTHING} OR {_OWN})"),
    ):
        yield wanted("policy", name, what, f'CREATE POLICY "{{name}}" ON "{name}" FOR {act} {rule}')
