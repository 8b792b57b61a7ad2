"""The one form of signing in that is not django-allauth's."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ResetPasswordForm
from django.urls import reverse

from lantern.flows.forgotten_password import PLACE
from lantern.kernel import clock
from lantern.kernel.sign_in.models import LinkAsked


class ForgottenPasswordForm(ResetPasswordForm):
    """Asks for a link. It looks nobody up: known or not, one row is written, and the worker sees to the rest."""

    def clean_email(self) -> str:
        """Return the address as accounts keep it."""
        return str(self.cleaned_data["email"]).strip().lower()

    def save(self, request: Any, **kwargs: Any) -> str:
        """Write down that a link was asked for, with the address where it will lead."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        address = self.cleaned_data["email"]
        url = request.build_absolute_uri(path)
        assert PLACE in url  # noqa: S101 - allauth's address has changed its shape
        LinkAsked.objects.create(email=address, url=url, at=clock.now())
        return str(address)
