"""What the query compilers of both engines add to Django's: the tenant in every change, and in joins that need it.

Django writes some statements without asking a manager: the DELETE ... WHERE id IN (...) of a cascade, the UPDATE that
empties a key, the joins of a filter across a relation. Here they get their tenant predicate, so that the guard need not
be loosened for them (decision 0021). A change goes to the own tenant only, also where the table is inherited.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.expressions import Col
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.db.models.lookups import Exact, In
from django.db.models.sql.where import AND

from lantern.kernel.scope import Tenancy, in_force


def _has_tenant(model: Any) -> bool:
    return isinstance(model, type) and getattr(model, "inherited", None) is not None and hasattr(model, "tenant_id")


def _tenancy_for(model: Any) -> Tenancy | None:
    """Return the tenancy to write into a statement on this model; None outside a tenancy and for other tables."""
    scope = in_force()
    return scope if isinstance(scope, Tenancy) and _has_tenant(model) else None


def _predicate(model: type[models.Model], alias: str, scope: Tenancy, *, own: bool) -> Any:
    tenant: Any = model._meta.get_field("tenant")
    plain = Col(alias, tenant, tenant.target_field)  # compared as the id that it is
    if own or not getattr(model, "inherited", False):
        return Exact(plain, scope.own)
    return In(plain, list(scope.reach))


def _is_there(where: Any, alias: str, scope: Tenancy) -> bool:
    """Tell whether a condition is AND-ed with the own tenant already."""
    return (
        where.connector == AND
        and not where.negated
        and any(
            getattr(child, "lookup_name", "") == "exact"
            and getattr(getattr(child.lhs, "target", None), "column", "") == "tenant_id"
            and child.lhs.alias == alias
            and child.rhs == scope.own
            for child in where.children
        )
    )


class JoinsHoldTenants:
    """Mixed into each compiler: a join whose rows may be of a tenant below gets a predicate in its ON."""

    query: Any
    connection: Any

    def compile(self, node: Any) -> Any:
        """Compile a node; a join across tenants gets its predicate."""
        sql, params = super().compile(node)  # type: ignore[misc]  # Django's compiler
        join_field = getattr(node, "join_field", None)
        if join_field is None:
            return sql, params
        model = _joined_across_tenants(join_field)
        scope = _tenancy_for(model) if model is not None else None
        if scope is None or model is None:
            return sql, params
        more, values = super().compile(_predicate(model, node.table_alias, scope, own=False))  # type: ignore[misc]
        return f"{sql[:-1]} AND {more})", [*params, *values]


def _joined_across_tenants(join_field: Any) -> Any:
    """Return the joined model where no key of the database keeps its row in the tenant of the row joined from."""
    reverse = isinstance(join_field, ForeignObjectRel)
    start = join_field.model
    joined = join_field.related_model
    if not _has_tenant(joined):
        return None
    if not _has_tenant(start):  # from an account to its persons, who may be of two tenants
        return joined
    return joined if start.inherited and (reverse or not joined.inherited) else None


class DeletesHoldTenants:
    """Mixed into the delete compiler: nothing but rows of the own tenant is deleted."""

    def _as_sql(self, query: Any) -> Any:
        scope = _tenancy_for(query.model)
        if scope is not None and not _is_there(query.where, query.base_table, scope):
            query = query.clone()
            query.where.add(_predicate(query.model, query.base_table, scope, own=True), AND)
        return super()._as_sql(query)  # type: ignore[misc]  # Django's compiler


class UpdatesHoldTenants:
    """Mixed into the update compiler: nothing but rows of the own tenant is changed."""

    query: Any

    def pre_sql_setup(self, *args: Any, **kwargs: Any) -> Any:
        """Prepare the statement, then hold it to the own tenant."""
        done = super().pre_sql_setup(*args, **kwargs)  # type: ignore[misc]  # Django's compiler
        scope = _tenancy_for(self.query.model)
        if scope is not None and not _is_there(self.query.where, self.query.base_table, scope):
            self.query.where.add(_predicate(self.query.model, self.query.base_table, scope, own=True), AND)
        return done
