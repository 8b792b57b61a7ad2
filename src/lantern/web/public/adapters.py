"""How allauth meets Lantern: nobody signs up alone; people come from a roster, an invitation or a known sign-on."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.db import transaction
from django.shortcuts import redirect

from lantern.domain.people import commands as people


class AccountAdapter(DefaultAccountAdapter):
    """Closed for sign-up: an account is made by an operator or an import."""

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


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """A district's OpenID Connect: it opens the account of a person who is known here, by a verified address of its own
    issuer.
    """

    def is_open_for_signup(self, request: Any, sociallogin: Any) -> bool:
        """Say no: an unknown person is told to ask her operator."""
        return False

    def pre_social_login(self, request: Any, sociallogin: Any) -> None:
        """Tie a first sign-in to the account of the same verified address, which is opened for whom a roster or an
        operator brought in; never by an unverified one.
        """
        if sociallogin.is_existing:
            return
        verified = next((address.email for address in sociallogin.email_addresses if address.verified), None)
        account = people.account_for_sign_on(verified) if verified else None
        if account is None:
            raise ImmediateHttpResponse(redirect("public:unknown_person"))
        sociallogin.connect(request, account)
