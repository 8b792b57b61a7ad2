"""`make mutants` makes the mistakes it says, and what is waived is still there to be waived (trust.md 2G)."""

from __future__ import annotations

import ast

import pytest

from tests.architecture.waived_mutants import WAIVED
from tools.mutants.operators import mutants
from tools.mutants.targets import GROUPS

SOURCE = '''
from x import y

TABLE = {"owner": {"read", "change"}}

@atomic
def may(who: "Who", *, days: int = 7) -> bool:
    """Nobody may read this."""
    if who is None or not who.here:
        raise Refused("Nobody is here.", field="who")
    return who.rank + 1 >= days and who.rows.filter(open=True).first()
'''
WANTED = {
    "<module>: 'owner' taken from the table",
    "<module>: 'read' taken from {'read', 'change'}",
    "may: @atomic taken away",
    "may: 7 -> 8",
    "may: who is None -> who is not None",
    "may: who is None or not who.here -> who is None and (not who.here)",
    "may: not who.here -> who.here",
    "may: raise Refused('Nobody is here.', field='who') taken away",
    "may: field='who' taken from Refused()",
    "may: who.rank + 1 -> who.rank - 1",
    "may: who.rank + 1 >= days -> who.rank + 1 > days",
    "may: open=True taken from who.rows.filter()",
    "may: who.rows.filter(open=True) -> who.rows.exclude(open=True)",
    "may: True -> False",
    "may: return who.rank + 1 >= days and who.rows.filter(open=True).first() -> return True",
}


def test_each_kind_of_mistake_is_made_once_and_changes_the_source() -> None:
    made = mutants("x", SOURCE)
    names = [each.name for each in made]
    assert set(names) >= WANTED and len(set(names)) == len(names)
    assert not any("Nobody may read" in name or "'Nobody is here.' ->" in name for name in names), "words are left out"
    before = ast.unparse(ast.parse(SOURCE))
    after = [ast.unparse(each.tree()) for each in made]
    assert before not in after and len(set(after)) == len(after)
    for text in after:
        compile(text, "x", "exec")


def test_what_belongs_to_the_loading_of_a_module_is_told_from_what_a_function_does() -> None:
    loading = {each.name for each in mutants("x", SOURCE) if each.site.loading}
    assert loading >= {"may: 7 -> 8", "may: @atomic taken away", "<module>: 'owner' taken from the table"}
    assert "may: True -> False" not in loading


def test_every_group_finds_its_modules_and_its_tests() -> None:
    for group in GROUPS:
        assert group.modules() and group.arguments(), group.name


@pytest.mark.parametrize("module", sorted(WAIVED))
def test_each_waiver_names_a_mutant_that_there_is_and_gives_a_reason(module: str) -> None:
    (path,) = {group.modules()[module] for group in GROUPS if module in group.modules()}
    names = {each.name for each in mutants(module, path.read_text(encoding="utf-8"))}
    assert WAIVED[module].keys() <= names
    assert all(len(reason) > 10 for reason in WAIVED[module].values())
