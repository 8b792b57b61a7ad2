"""django-q's queue in our database, so that a worker goes on by itself after the database server was away (trust.md
A5).

django-q's own lets the process that fetches jobs end, rests for ten seconds and starts another; and a job whose
fetching was not answered, or whose end could not be noted, lies for eleven minutes. Named in settings.Q_CLUSTER.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime
from typing import Any

from django.db import DatabaseError, InterfaceError, close_old_connections
from django.utils import timezone
from django_q.brokers.orm import ORM
from django_q.conf import Conf

from lantern.kernel.database import outage

log = logging.getLogger(__name__)


class Queue(ORM):  # type: ignore[misc]  # untyped
    """Fetches one job at a time, and waits where the database is away."""

    _unsure: tuple[int, str, datetime] | None = None
    """A job we were about to take when the connection broke: it may be ours already."""

    def dequeue(self) -> list[tuple[int, str]] | None:
        """Take the next job that is due: its number and what it asks for; None, after a short rest, where none is."""
        try:
            taken = self._ours_after_all() or self._take()
        except (DatabaseError, InterfaceError) as problem:
            if not outage.is_gone(problem):
                raise
            log.warning("the database is away; no job can be fetched")
            close_old_connections()
            taken = None
        if taken is None:
            time.sleep(Conf.POLL)
        return taken

    def _take(self) -> list[tuple[int, str]] | None:
        due = self.get_connection().filter(key=self.list_key, lock__lt=timezone.now()).first()
        if due is None:
            return None
        until = self.timeout(due)
        self._unsure = (due.pk, due.payload, until)
        # Where another worker was faster, no row has the old lock any more.
        mine = self.get_connection().filter(pk=due.pk, lock=due.lock).update(lock=until)
        self._unsure = None
        return [(due.pk, due.payload)] if mine else None

    def _ours_after_all(self) -> list[tuple[int, str]] | None:
        if self._unsure is None:
            return None
        number, payload, until = self._unsure
        mine = self.get_connection().filter(pk=number, lock=until).exists()
        self._unsure = None
        return [(number, payload)] if mine else None

    def delete(self, task_id: int) -> None:
        """Take a job that is over off the queue, however long the database is away meanwhile."""
        outage.outlast(lambda: super(Queue, self).delete(task_id), "a job is over")

    def set_stat(self, key: str, value: Any, timeout: int) -> None:
        """Give a sign of life, on a connection that is known to work."""
        close_old_connections()
        super().set_stat(key, value, timeout)
