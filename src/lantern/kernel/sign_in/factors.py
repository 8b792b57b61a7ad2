"""The second step and the sessions of an account, wherever they are kept (django-allauth's tables and Django's)."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

SECOND_STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts as a second step; recovery codes only stand in for one."""


@dataclass(frozen=True, slots=True)
class SecondSteps:
    """What an account has: a code from an app or not, how many passkeys and security keys."""

    app: bool
    keys: int


def second_steps(account_id: UUID) -> SecondSteps:
    """Return what an account has as a second step."""
    kinds = list(Authenticator.objects.filter(user_id=account_id).values_list("type", flat=True))
    return SecondSteps(Authenticator.Type.TOTP in kinds, kinds.count(Authenticator.Type.WEBAUTHN))


def has_second_step(account_id: UUID) -> bool:
    """Tell whether an account has a code from an app, or a passkey or security key."""
    found: bool = Authenticator.objects.filter(user_id=account_id, type__in=SECOND_STEPS).exists()
    return found


def some_second_step(account: str) -> Exists:
    """Return the same as a condition on a row whose column `account` holds the account: every page asks it with who it
    is that signed in.
    """
    return Exists(Authenticator.objects.filter(user_id=OuterRef(account), type__in=SECOND_STEPS))


def is_last_second_step(authenticator: Authenticator) -> bool:
    """Tell whether without this one the account would have none."""
    others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=SECOND_STEPS)
    return authenticator.type in SECOND_STEPS and not others.exclude(pk=authenticator.pk).exists()


def remove_second_steps(account_id: UUID) -> int:
    """Take every second step away, and the recovery codes with them; return how many steps there were."""
    held = Authenticator.objects.filter(user_id=account_id)
    count: int = held.filter(type__in=SECOND_STEPS).count()
    held.delete()
    return count


def end_sessions(account_id: UUID) -> int:
    """End every session of an account, on every device, from the next request on; return how many there were."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    with transaction.atomic():
        rows = list(UserSession.objects.filter(user_id=account_id))
        for row in rows:
            store.delete(row.session_key)
        UserSession.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)
