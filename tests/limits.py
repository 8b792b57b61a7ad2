"""A limit for hostile input: work that grows out of hand is stopped, however slow or busy the machine is.

The limit is CPU time of this process, an order of magnitude above what the work takes; it is no measurement. Figures
are in `make bench`.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager


class OutOfHand(AssertionError):
    """The work used more processor time than any honest input needs."""


@contextmanager
def bounded_work(cpu_seconds: float = 20) -> Iterator[None]:
    """Run the block; raise OutOfHand in it once this process has spent so many seconds of CPU on it."""

    def stop(number: int, frame: object) -> None:
        raise OutOfHand(f"more than {cpu_seconds} s of CPU")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
