"""What may be asked about people and organisations."""

from lantern.domain.people.queries.identity import actor_for, actor_for_account, find_account, tenancy_of

__all__ = ["actor_for", "actor_for_account", "find_account", "tenancy_of"]
