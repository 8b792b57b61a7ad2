"""What may be changed about time and calendars."""

from lantern.domain.calendars.commands.own import (
    connect_calendar,
    disconnect_calendar,
    erase,
    keep_busy_times,
    keep_tried,
    keep_trouble,
    read_again,
    set_my_time,
)
from lantern.domain.calendars.commands.plan_address import make_plan_address, revoke_plan_address, tell
from lantern.domain.calendars.commands.school_year import add_school_time, change_school_time, remove_school_time

__all__ = [
    "add_school_time",
    "change_school_time",
    "connect_calendar",
    "disconnect_calendar",
    "erase",
    "keep_busy_times",
    "keep_tried",
    "keep_trouble",
    "make_plan_address",
    "read_again",
    "remove_school_time",
    "revoke_plan_address",
    "set_my_time",
    "tell",
]
