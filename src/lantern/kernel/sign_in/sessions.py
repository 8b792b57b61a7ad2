"""Whose request it is: Django's sessions in the database and allauth's accounts, each read by a prepared query, since
every page asks for both (decision 0018).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth import get_user_model
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from lantern.kernel import clock
from lantern.kernel.prepared import Key, prepared


class SessionStore(DatabaseSessions):
    """Django's own sessions; only reading one is ours."""

    def _get_session_from_db(self) -> Session | None:
        found = _session.first(Key(self.session_key or ""), clock.now())
        if found is None:
            self._session_key = None
        return found


class Accounts(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """allauth's accounts; only reading the one who is signed in is ours."""

    def get_user(self, user_id: UUID) -> Any:
        """Return the account, or None when it is gone or may not sign in any more."""
        account = _account.first(user_id)
        return account if account is not None and self.user_can_authenticate(account) else None


@prepared
def _session(key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)


@prepared
def _account(account_id: UUID) -> QuerySet[Any]:
    return get_user_model()._default_manager.filter(pk=account_id)
