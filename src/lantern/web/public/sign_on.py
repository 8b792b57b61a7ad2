"""The district's OpenID Connect, with what django-allauth leaves out: a nonce, and one person in both answers.

allauth sends a state (kept in the session, used once, ten minutes) and PKCE, and compares issuer, audience and expiry.
A nonce ties the ID token to this very sign-in as well, so that one that leaked elsewhere opens nothing (trust.md D8).
"""

from __future__ import annotations

import secrets
from typing import Any

from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

NONCE = "nonce"


class DistrictSignOn(OpenIDConnectProvider):
    """allauth's provider, which sends a nonce and keeps it with the state."""

    def redirect(
        self, request: Any, process: str, next_url: str | None = None, data: Any = None, **kwargs: Any
    ) -> HttpResponse:
        """Lead to the district, with a new nonce each time."""
        asked = kwargs.pop("auth_params", None)
        nonce = secrets.token_urlsafe(32)
        params = {**(self.get_auth_params() if asked is None else asked), NONCE: nonce}
        kept = {**kwargs, NONCE: nonce}
        answer: HttpResponse = super().redirect(request, process, next_url, data, auth_params=params, **kept)
        return answer


def check(sociallogin: Any) -> None:
    """Raise PermissionDenied unless the district gave an ID token for this very sign-in, about the same person as
    everything else it said.
    """
    said = sociallogin.account.extra_data
    token, nonce = said.get("id_token") or {}, (sociallogin.state or {}).get(NONCE)
    if not nonce or not secrets.compare_digest(str(token.get(NONCE, "")), nonce):
        raise PermissionDenied("The district's answer was not for this sign-in.")
    subject = (said.get("userinfo") or token).get("sub")
    if not subject or subject != token.get("sub"):
        raise PermissionDenied("The district's answers were about two people.")
