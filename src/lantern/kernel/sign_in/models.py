"""Tries to sign in, as digests that tell nobody who or what was tried; and links that were asked for."""

from django.db import models

from lantern.kernel.ids import IdField


class SignInTry(models.Model):
    """One password that was evaluated and not right (yet): digests of the account or device, the password, the address.

    The digest of the password has 24 bits only: enough to see one password tried on many accounts, useless for finding
    out which. Rows live for a day. They belong to no tenant: whoever tries is nobody yet.
    """

    id = IdField()
    account_key = models.CharField(max_length=32)
    password_key = models.CharField(max_length=6)
    address_key = models.CharField(max_length=32)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = (
            models.Index(fields=["account_key", "at"], name="try_by_account"),
            models.Index(fields=["password_key", "at"], name="try_by_password"),
            models.Index(fields=["address_key", "at"], name="try_by_address"),
        )

    def __str__(self) -> str:
        return f"try of {self.at:%Y-%m-%d %H:%M}"


class LinkAsked(models.Model):
    """Somebody asked for a link to choose a new password. Written for every address alike, known here or not, and gone
    when the worker has looked at it, a minute later.
    """

    id = IdField()
    email = models.EmailField()
    url = models.CharField(max_length=500)  # where the link leads, with a place for its key
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"link asked for at {self.at:%Y-%m-%d %H:%M}"
