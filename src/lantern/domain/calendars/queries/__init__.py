"""What may be asked about time and calendars."""

from lantern.domain.calendars.queries.own import (
    due_subscriptions,
    export_for,
    my_address,
    my_subscription,
    my_time,
    tenants_with_due_subscriptions,
)
from lantern.domain.calendars.queries.plan_address import owner_of_address, plan_address_made_at
from lantern.domain.calendars.queries.school_year import (
    get_school_time,
    get_school_time_to_write,
    list_coming,
    list_school_times,
)
from lantern.domain.calendars.queries.weeks import week_times

__all__ = [
    "due_subscriptions",
    "export_for",
    "get_school_time",
    "get_school_time_to_write",
    "list_coming",
    "list_school_times",
    "my_address",
    "my_subscription",
    "my_time",
    "owner_of_address",
    "plan_address_made_at",
    "tenants_with_due_subscriptions",
    "week_times",
]
