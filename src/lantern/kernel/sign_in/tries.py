"""How often a password may be tried (trust.md E6): counted in the database, so that a restart forgets nothing and two
hosts count together.

Within any hour ten wrong passwords are evaluated for an account, whoever tries from wherever. A device on which the
account was signed in before has ten of its own, so nobody can lock the owner out of it. One password on many accounts,
and many tries from one address, are held too; a device that is known is not held by those.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.crypto import salted_hmac

from lantern.kernel import clock
from lantern.kernel.sign_in.models import SignInTry
from lantern.kernel.turns import take_turn

PER_ACCOUNT = 10
PER_PASSWORD = 20
PER_ADDRESS = 100
"""A school may share one address; its first Monday morning should fit."""
WITHIN = timedelta(hours=1)
KEPT = timedelta(days=1)


def account_key(email: str) -> str:
    """Return the digest that stands for the account of an address, known here or not; 32 hex digits."""
    return _digest("account", email.strip().lower())


def begin(email: str, password: str, address: str, device: str = "") -> UUID | None:
    """Reserve one evaluation of a password; None when there have been too many, and it must not be evaluated.

    `address` is the network address; `device` the secret of a device on which this account was signed in before, or "".
    `forget` gives the reservation back when the password was right.
    """
    who = _digest("device", device) if device else account_key(email)
    row = SignInTry(
        account_key=who,
        password_key=_digest("password", password)[:6],
        address_key=_digest("address", address),
    )
    if _too_many(row, known=bool(device)):  # the usual answer to a flood costs no lock
        return None
    with transaction.atomic():
        take_turn("sign-in try", UUID(who))
        if _too_many(row, known=bool(device)):
            return None
        row.at = clock.now()
        row.save(force_insert=True)
    return row.pk


def forget(try_id: UUID) -> None:
    """Give a reservation back: the password was right."""
    SignInTry.objects.filter(pk=try_id).delete()


def sweep() -> int:
    """Delete tries of more than a day ago; return how many."""
    return SignInTry.objects.filter(at__lt=clock.now() - KEPT).delete()[0]


def _too_many(row: SignInTry, *, known: bool) -> bool:
    lately = SignInTry.objects.filter(at__gt=clock.now() - WITHIN)
    if lately.filter(account_key=row.account_key).count() >= PER_ACCOUNT:
        return True
    if known:
        return False
    return (
        lately.filter(password_key=row.password_key).count() >= PER_PASSWORD
        or lately.filter(address_key=row.address_key).count() >= PER_ADDRESS
    )


def _digest(kind: str, text: str) -> str:
    return salted_hmac(f"lantern.sign_in.{kind}", text, algorithm="sha256").hexdigest()[:32]
