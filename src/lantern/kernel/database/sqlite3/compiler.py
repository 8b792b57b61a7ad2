"""Django's compilers, with the tenant added (kernel/database/compiler.py)."""

from django.db.models.sql import compiler

from lantern.kernel.database.compiler import DeletesHoldTenants, JoinsHoldTenants, UpdatesHoldTenants


class SQLCompiler(JoinsHoldTenants, compiler.SQLCompiler):
    """SELECT."""


class SQLInsertCompiler(compiler.SQLInsertCompiler):
    """INSERT: the guard looks at its values."""


class SQLDeleteCompiler(DeletesHoldTenants, JoinsHoldTenants, compiler.SQLDeleteCompiler):
    """DELETE."""


class SQLUpdateCompiler(UpdatesHoldTenants, JoinsHoldTenants, compiler.SQLUpdateCompiler):
    """UPDATE."""


class SQLAggregateCompiler(JoinsHoldTenants, compiler.SQLAggregateCompiler):
    """SELECT of aggregates over a query."""
