"""Devices on which an account was signed in before: a signed cookie with a secret of its own for each account.

Whoever attacks an account from elsewhere uses up the tries of all unknown devices, never those of a known one (OWASP's
"device cookies"; decision 0026). The cookie lets nobody in: it only says whose tries are counted apart.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpResponse

from lantern.kernel.sign_in.tries import account_key

YEAR = 365 * 24 * 3600
SALT = "lantern.device"
ACCOUNTS = 5
"""So many people of one shared computer are known on it; the newest."""


def secret_for(request: Any, email: str) -> str:
    """Return the secret that this device holds for an address, or ""."""
    return _known(request).get(account_key(email), "")


def remember(request: Any, email: str) -> None:
    """Let the answer to this request carry the cookie for this account; whoever is here has just shown who she is."""
    request.device_of = email


def write_cookie(request: Any, response: HttpResponse) -> None:
    """Set the cookie where `remember` was called; one that knows the account already is only renewed."""
    email = getattr(request, "device_of", None)
    if email is None:
        return
    known, key = _known(request), account_key(email)
    kept = {name: value for name, value in known.items() if name != key}
    newest = dict(list(kept.items())[-(ACCOUNTS - 1) :]) | {key: known.get(key) or secrets.token_urlsafe(16)}
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.dumps(newest, salt=SALT),
        max_age=YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _known(request: Any) -> dict[str, str]:
    try:
        found = signing.loads(request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt=SALT, max_age=YEAR)
    except signing.BadSignature:
        return {}
    return found if isinstance(found, dict) else {}
