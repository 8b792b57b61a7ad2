"""Which small mistakes are made, one at a time, in the source of a module.

Each mistake has a name that does not move with line numbers: the function it is in, and what was written before and
after. What is left out by rule, since it changes no answer: annotations, docstrings, `__all__`, words for people (text
that has white space or begins with a capital letter, is empty, or is put together by an f-string), the first or last of
what is found by its key, and `take_turn`, which makes two transactions wait on PostgreSQL: that needs two of them
(tests/domain/test_at_the_same_time.py).
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitOr,
}
OF_SETS = (ast.BitAnd, ast.BitOr, ast.Sub)
CALLED = {
    "filter": "exclude",
    "exclude": "filter",
    "any": "all",
    "all": "any",
    "min": "max",
    "max": "min",
    "first": "last",
    "last": "first",
}
KEPT_DECORATORS = ("overload", "property", "staticmethod", "classmethod")
MOST_CHARACTERS = 90


@dataclass(frozen=True, slots=True)
class Site:
    """A place in a module where one mistake can be made."""

    function: str
    """Dotted, as Python names it; "" for what stands outside every function."""
    change: str
    line: int
    lines: range
    """The lines of the statement it is in, or of its head: a test that meets none of them cannot notice."""
    loading: bool
    """True for what is carried out when the module is loaded: tables, defaults, decorators, class bodies."""
    number: int
    """Which node of the tree, in the order of `ast.walk`."""
    make: Callable[[ast.AST], ast.AST | None]
    """Turns a copy of the node into what stands there instead; None to take a statement away."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One mistake in one module: where it is, and what it is called."""

    module: str
    change: str
    site: Site
    original: ast.Module

    @property
    def name(self) -> str:
        """What a waiver names it by."""
        return f"{self.site.function or '<module>'}: {self.change}"

    def tree(self) -> ast.Module:
        """Return the whole module with the mistake in it."""
        return _applied(self.original, self.site)


def mutants(module: str, source: str) -> list[Mutant]:
    """Return every mutant of a module, in the order of its lines; two of the same name get a number."""
    tree = ast.parse(source)
    seen: Counter[tuple[str, str]] = Counter()
    made = []
    for site in _Sites(tree).found:
        seen[site.function, site.change] += 1
        number = seen[site.function, site.change]
        made.append(Mutant(module, site.change if number == 1 else f"{site.change} #{number}", site, tree))
    return sorted(made, key=lambda mutant: mutant.site.line)


def _applied(tree: ast.Module, site: Site) -> ast.Module:
    fresh = copy.deepcopy(tree)
    target = next(node for number, node in enumerate(ast.walk(fresh)) if number == site.number)
    new = site.make(target)
    if new is not target:
        put = ast.copy_location(ast.Pass() if new is None else new, target)
        for parent in ast.walk(fresh):
            for field, value in ast.iter_fields(parent):
                if value is target:
                    setattr(parent, field, put)
                elif isinstance(value, list) and any(each is target for each in value):
                    setattr(parent, field, [put if each is target else each for each in value])
    return ast.fix_missing_locations(fresh)


class _Sites:
    """Walks a tree and notes each place where a mistake can be made."""

    def __init__(self, tree: ast.Module) -> None:
        self._numbers = {id(node): number for number, node in enumerate(ast.walk(tree))}
        self.found: list[Site] = []
        self._names: list[str] = []
        self._inside = 0
        self._truth = False
        self._lines = range(1, 2)
        self._visit(tree)

    def _note(self, node: ast.AST, change: str, make: Callable[[ast.AST], ast.AST | None], **at: bool) -> None:
        line = getattr(node, "lineno", self._lines.start)
        loading = at.get("loading", not self._inside)
        self.found.append(
            Site(".".join(self._names), change, line, self._lines, loading, self._numbers[id(node)], make),
        )

    def _visit(self, node: ast.AST) -> None:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            return self._function(node)
        if isinstance(node, ast.ClassDef):
            return self._class(node)
        if _left_out(node):
            return None
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            last = max(node.lineno, body[0].lineno - 1) if body else node.end_lineno or node.lineno
            self._lines = range(node.lineno, last + 1)
        if isinstance(node, ast.AnnAssign):
            if node.value is not None:
                self._visit(node.value)
            return None
        self._mistakes(node)
        for child in ast.iter_child_nodes(node):
            self._visit(child)
        return None

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._names.append(node.name)
        for index, decorator in enumerate(node.decorator_list):
            if not ast.unparse(decorator).endswith(KEPT_DECORATORS):
                self._note(node, f"@{_short(decorator)} taken away", _without("decorator_list", index), loading=True)
                self._visit(decorator)
        for default in [*node.args.defaults, *node.args.kw_defaults]:
            if default is not None:
                self._visit(default)
        truth, self._truth = self._truth, node.returns is not None and ast.unparse(node.returns) == "bool"
        self._inside += 1
        for statement in node.body:
            self._visit(statement)
        self._inside -= 1
        self._truth = truth
        self._names.pop()

    def _class(self, node: ast.ClassDef) -> None:
        self._names.append(node.name)
        for index, decorator in enumerate(node.decorator_list):
            self._note(node, f"@{_short(decorator)} taken away", _without("decorator_list", index))
        for statement in node.body:
            self._visit(statement)
        self._names.pop()

    def _mistakes(self, node: ast.AST) -> None:
        for change, make in _mistakes(node, truth=self._truth):
            self._note(node, change, make)


def _left_out(node: ast.AST) -> bool:
    """What is left out by rule: docstrings, imports, f-strings, `__all__`, and what only the type checker reads."""
    if isinstance(node, ast.Import | ast.ImportFrom | ast.JoinedStr):
        return True
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
        return True
    if isinstance(node, ast.Call) and ast.unparse(node.func) in ("cast", "TypeVar", "take_turn"):
        return True
    if isinstance(node, ast.Expr) and _left_out(node.value):
        return True
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


Change = tuple[str, Callable[[ast.AST], ast.AST | None]]


def _mistakes(node: ast.AST, *, truth: bool) -> Iterator[Change]:
    """Give each mistake that can be made at a node."""
    match node:
        case ast.Compare():
            for index, operator in enumerate(node.ops):
                other = COMPARED[type(operator)]
                yield _changed(node, _at("ops", index, other()))
        case ast.BoolOp():
            yield _changed(node, _set("op", ast.Or() if isinstance(node.op, ast.And) else ast.And()))
            for index, value in enumerate(node.values):
                yield f"{_short(value)} taken from {_short(node)}", _operand_gone(index)
        case ast.UnaryOp(op=ast.Not()):
            yield _changed(node, lambda old: old.operand)  # type: ignore[attr-defined]
        case ast.BinOp():
            yield from _sums(node)
        case ast.AugAssign():
            yield f"{_short(node)} taken away", lambda old: None
        case ast.Constant():
            yield from _constants(node)
        case ast.Return(value=value) if value is not None:
            yield from _returns(node, value, truth=truth)
        case ast.If() | ast.IfExp() | ast.While() if not isinstance(node.test, ast.Compare | ast.BoolOp | ast.UnaryOp):
            yield f"if {_short(node.test)} -> if not", _negated
        case ast.comprehension():
            for index, test in enumerate(node.ifs):
                yield f"if {_short(test)} taken away", _without("ifs", index)
        case ast.Call():
            yield from _calls(node)
        case ast.Dict() if len(node.keys) > 0:
            for index, key in enumerate(node.keys):
                what = _short(key) if key is not None else f"**{_short(node.values[index])}"
                yield f"{what} taken from the table", _entry_gone(index)
        case ast.Set() | ast.List() if isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
            for index, value in enumerate(node.elts):
                yield f"{_short(value)} taken from {_short(node)}", _element_gone(index)
        case ast.Expr() | ast.Raise() | ast.Delete():
            yield f"{_short(node)} taken away", lambda old: None
        case ast.Assign() if any(isinstance(target, ast.Attribute | ast.Subscript) for target in node.targets):
            yield f"{_short(node)} taken away", lambda old: None
        case ast.Continue():
            yield "continue -> break", lambda old: ast.Break()
        case ast.Break():
            yield "break -> continue", lambda old: ast.Continue()


def _sums(node: ast.BinOp) -> Iterator[Change]:
    words = any(isinstance(side, ast.JoinedStr) or _is_words(side) for side in (node.left, node.right))
    if words:
        return
    other = COUNTED.get(type(node.op))
    if other is not None:
        yield _changed(node, _set("op", other()))
    if isinstance(node.op, OF_SETS):
        yield _changed(node, lambda old: old.left)  # type: ignore[attr-defined]
        if not isinstance(node.op, ast.Sub):
            yield _changed(node, lambda old: old.right)  # type: ignore[attr-defined]


def _constants(node: ast.Constant) -> Iterator[Change]:
    value = node.value
    if isinstance(value, bool):
        yield _changed(node, _set("value", not value))
    elif isinstance(value, int):
        yield _changed(node, _set("value", value + 1))
        yield _changed(node, _set("value", value - 1))
    elif isinstance(value, float):
        yield _changed(node, _set("value", value * 2 + 1))
    elif isinstance(value, str) and not _is_words(node):
        yield _changed(node, _set("value", f"x{value}"))


def _returns(node: ast.Return, value: ast.expr, *, truth: bool) -> Iterator[Change]:
    if isinstance(value, ast.Constant):
        return
    for answer in (True, False) if truth else (None,):
        yield f"{_short(node)} -> return {answer}", _set("value", ast.Constant(answer))


def _calls(node: ast.Call) -> Iterator[Change]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name in CALLED and not (name in ("first", "last") and "pk=" in ast.unparse(node)):  # one row has one end
        field = "attr" if isinstance(node.func, ast.Attribute) else "id"
        yield _changed(node, lambda old: _renamed(old, field, CALLED[name]))
    for index, keyword in enumerate(node.keywords):
        what = f"{keyword.arg}={_short(keyword.value)}" if keyword.arg else f"**{_short(keyword.value)}"
        yield f"{what} taken from {_short(node.func)}()", _without("keywords", index)


def _is_words(node: ast.expr) -> bool:
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return False
    text = node.value
    return not text or text[:1].isupper() or any(mark.isspace() for mark in text)


def _changed(node: ast.AST, make: Callable[[ast.AST], ast.AST | None]) -> Change:
    after = make(copy.deepcopy(node))
    return f"{_short(node)} -> {_short(after)}", make


def _short(node: ast.AST | None) -> str:
    text = " ".join(ast.unparse(node).split()) if node is not None else ""
    return text if len(text) <= MOST_CHARACTERS else f"{text[:60]} … {text[-27:]}"


def _set(field: str, value: object) -> Callable[[ast.AST], ast.AST]:
    def make(node: ast.AST) -> ast.AST:
        setattr(node, field, value)
        return node

    return make


def _at(field: str, index: int, value: object) -> Callable[[ast.AST], ast.AST]:
    def make(node: ast.AST) -> ast.AST:
        getattr(node, field)[index] = value
        return node

    return make


def _without(field: str, index: int) -> Callable[[ast.AST], ast.AST]:
    def make(node: ast.AST) -> ast.AST:
        del getattr(node, field)[index]
        return node

    return make


def _operand_gone(index: int) -> Callable[[ast.AST], ast.AST]:
    def make(node: ast.AST) -> ast.AST:
        assert isinstance(node, ast.BoolOp)  # noqa: S101 - tells the type checker
        del node.values[index]
        return node.values[0] if len(node.values) == 1 else node

    return make


def _entry_gone(index: int) -> Callable[[ast.AST], ast.AST]:
    def make(node: ast.AST) -> ast.AST:
        assert isinstance(node, ast.Dict)  # noqa: S101 - tells the type checker
        del node.keys[index], node.values[index]
        return node

    return make


def _element_gone(index: int) -> Callable[[ast.AST], ast.AST]:
    def make(node: ast.AST) -> ast.AST:
        assert isinstance(node, ast.Set | ast.List)  # noqa: S101 - tells the type checker
        del node.elts[index]
        if isinstance(node, ast.Set) and not node.elts:
            return ast.Call(ast.Name("set", ast.Load()), [], [])
        return node

    return make


def _negated(node: ast.AST) -> ast.AST:
    assert isinstance(node, ast.If | ast.IfExp | ast.While)  # noqa: S101 - tells the type checker
    node.test = ast.UnaryOp(ast.Not(), node.test)
    return node


def _renamed(node: ast.AST, field: str, name: str) -> ast.AST:
    setattr(node.func, field, name)  # type: ignore[attr-defined]
    return node
