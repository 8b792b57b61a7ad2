"""How allauth meets Lantern: nobody signs up alone; people come from a roster, an invitation or a known sign-on."""

from __future__ import annotations

import base64
import secrets
import time
from typing import Any

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.conf import settings
from django.db import transaction
from django.shortcuts import redirect

from lantern.domain.people import commands as people
from lantern.domain.people import policy
from lantern.kernel.sign_in import factors, secret_text, tries
from lantern.kernel.sign_in.passwords import LEAST_ALONE
from lantern.web import devices, sessions
from lantern.web.public import sign_on

MULTI_FACTOR = frozenset({"mfa", "otp", "hwk", "swk", "fpt", "face", "iris", "sc"})
"""Authentication methods (RFC 8176) that are more than a password."""


class AccountAdapter(DefaultAccountAdapter):
    """Closed for sign-up: an account is made by an operator or an import. Passwords are tried only so often."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "This address and this password do not go together. Please try again.",
        "incorrect_password": "This is not your password. Please try again.",
        "too_many_login_attempts": (
            "There were many tries lately, so we take a pause of up to an hour. A device you signed in on before still "
            "works, and so does a new password by mail."
        ),
    }

    def is_open_for_signup(self, request: Any) -> bool:
        """Say no."""
        return False

    def render_mail(self, template_prefix: str, email: str, context: Any, headers: Any = None) -> Any:
        """Return a message that goes out once the act it belongs to is kept: an act that is undone mails nothing, and
        no transaction waits for a mail server.
        """
        message = super().render_mail(template_prefix, email, context, headers)
        send = message.send
        message.send = lambda *_, **__: transaction.on_commit(send, robust=True)
        return message

    def pre_authenticate(self, request: Any, **credentials: Any) -> None:
        """Reserve one try; raise ValidationError when there were too many, before any password is looked at."""
        email = str(credentials.get("email", ""))
        password = str(credentials.get("password", ""))
        device = devices.secret_for(request, email)
        self._try = tries.begin(email, password, self.get_client_ip(request), device)
        if self._try is None:
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: Any, **credentials: Any) -> Any:
        """Return the account when the password is right, and give its try back."""
        account = super().authenticate(request, **credentials)
        if account is not None and self._try is not None:
            tries.forget(self._try)
        return account

    def reauthenticate(self, user: Any, password: str) -> bool:
        """Tell whether this is her password; counted like any other try."""
        found = self.authenticate(self.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Say no within five minutes of signing in: she has just shown who she is."""
        records = get_authentication_records(self.request, self.request.user)
        fresh = bool(records) and time.time() - records[-1]["at"] < account_settings.REAUTHENTICATION_TIMEOUT
        return not fresh and bool(super().is_reauthentication_required(app=app))

    def login(self, request: Any, user: Any) -> None:
        """Sign in for good, after every step: the session begins, and this device is known from now on."""
        super().login(request, user)
        sessions.begin(request)
        devices.remember(request, user.email)

    def set_password(self, user: Any, password: str) -> None:
        """Keep a password and whether it is a short one; who chose it here is known on this device."""
        user.short_password = len(password) < LEAST_ALONE
        super().set_password(user, password)
        devices.remember(self.request, user.email)


class SecondStepAdapter(DefaultMFAAdapter):
    """The second step: encrypted at rest, and not to be taken off by who needs it."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "This code is not right, or was used before. Please wait for the next one.",
        "cannot_delete_authenticator": (
            "You need a second step: for your role, or because your password is short. "
            "Please add another one first, or choose a password of at least 15 characters."
        ),
    }

    def encrypt(self, text: str) -> str:
        """Return a secret as it is stored."""
        return secret_text.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return a stored secret; one that no key opens becomes a new one that nobody has, so that no code fits it."""
        try:
            return secret_text.decrypt(encrypted_text)
        except secret_text.Unreadable:
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def get_totp_issuer(self) -> str:
        """Return the name that the app shows."""
        return "Lantern"

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """Return a name to begin with; she may give another."""
        number = factors.second_steps(user.pk).keys + 1
        return "My passkey" if number == 1 else f"Passkey {number}"

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """Say no to the last one of somebody whose role, or whose short password, needs it."""
        if not factors.is_last_second_step(authenticator):
            return True
        actor = self.request.actor
        needed = settings.SECOND_STEP_REQUIRED and actor is not None and policy.sees_others(actor)
        return not needed and not authenticator.user.short_password


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """A district's OpenID Connect: it opens the account of a person who is known here, by a verified address of its own
    issuer.
    """

    def get_provider(self, request: Any, provider: str, client_id: str | None = None) -> Any:
        """Return the sign-on as Lantern uses it: with a nonce."""
        found = super().get_provider(request, provider, client_id)
        return sign_on.DistrictSignOn(request, app=found.app) if type(found) is OpenIDConnectProvider else found

    def is_open_for_signup(self, request: Any, sociallogin: Any) -> bool:
        """Say no: an unknown person is told to ask her operator."""
        return False

    def pre_social_login(self, request: Any, sociallogin: Any) -> None:
        """Tie a first sign-in to the account of the same verified address, which is opened for whom a roster or an
        operator brought in; never by an unverified one. Note whether the district asked her for a second step.

        Raises PermissionDenied for an answer that does not belong to this sign-in.
        """
        sign_on.check(sociallogin)
        if not sociallogin.is_existing:
            verified = next((address.email for address in sociallogin.email_addresses if address.verified), None)
            account = people.account_for_sign_on(verified) if verified else None
            if account is None:
                raise ImmediateHttpResponse(redirect("public:unknown_person"))
            sociallogin.connect(request, account)
        if _vouched_for_second_step(sociallogin.account.extra_data):
            sessions.trust_sign_on(request, sociallogin.user.pk)


def _vouched_for_second_step(said: dict[str, Any]) -> bool:
    """Tell whether the district's sign-on stands for a second step, as LANTERN_OIDC_SECOND_STEP says."""
    if settings.OIDC_SECOND_STEP == "claimed":
        methods = (said.get("id_token") or {}).get("amr") or ()
        return isinstance(methods, list) and not MULTI_FACTOR.isdisjoint(map(str, methods))
    return bool(settings.OIDC_SECOND_STEP == "trusted")
