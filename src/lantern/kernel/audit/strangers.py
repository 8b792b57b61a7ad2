"""Refusals of strangers, who can send as many requests as they like: the first of a kind in an hour gets its row at
once, the others are counted, and the count gets one row when the hour is over (decision 0024).
"""

from __future__ import annotations

import ipaddress
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from lantern.kernel import clock
from lantern.kernel.audit import Asked, Outcome, record_at_door
from lantern.kernel.audit.models import DoorTally

MOST_ADDRESSES = 1_000
"""How many (address, page) pairs an hour keeps apart; whoever comes after them is counted under no address."""


def hashed(address: str) -> str:
    """Return an address as the trail keeps it: a keyed hash of this day, so that nobody can be followed for longer.

    IPv6 counts by its /64, of which one household has them all; what is no address counts as none.
    """
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return ""
    plain = known.exploded if known.version == 4 else str(ipaddress.ip_network(f"{known}/64", strict=False))
    return salted_hmac(f"lantern.audit.{clock.now():%Y-%m-%d}", plain, algorithm="sha256").hexdigest()[:16]


@transaction.atomic
def count(asked: Asked, status: int, address: str) -> None:
    """Write or count one refusal of somebody who is not signed in; `address` is already hashed."""
    now = clock.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    if _counted(asked, status, address):
        return
    if DoorTally.objects.filter(hour=hour).count() >= MOST_ADDRESSES:
        address = ""
        if _counted(asked, status, address):
            return
    _, is_new = DoorTally.objects.get_or_create(
        hour=hour, address=address, action=asked.action[:120], method=asked.method[:10], status=status,
        defaults={"times": 1, "last_at": now},
    )  # fmt: skip
    if is_new:
        record_at_door(asked, Outcome.DENIED, status, address=address)
    else:  # somebody was quicker in between
        _counted(asked, status, address)


def _counted(asked: Asked, status: int, address: str) -> bool:
    now = clock.now()
    same = DoorTally.objects.filter(
        hour=now.replace(minute=0, second=0, microsecond=0), address=address, action=asked.action[:120],
        method=asked.method[:10], status=status,
    )  # fmt: skip
    return bool(same.update(times=F("times") + 1, last_at=now))


def settle() -> int:
    """Write a row for what was only counted in hours that are over, and forget the counts; return how many rows."""
    written = 0
    over = clock.now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    for tally in DoorTally.objects.filter(hour__lte=over).order_by("hour", "pk"):
        with transaction.atomic():
            if not DoorTally.objects.filter(pk=tally.pk).delete()[0]:
                continue  # another worker has it
            if tally.times > 1:
                asked = Asked(tally.action, tally.method, request_id="")
                record_at_door(
                    asked, Outcome.DENIED, tally.status, address=tally.address, times=tally.times - 1, at=tally.last_at
                )
                written += 1
    return written
