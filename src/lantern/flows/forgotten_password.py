"""The link to choose a new password, sent by the worker: whoever asks on the page sees and waits the same, known here
or not (trust.md E7).
"""

from __future__ import annotations

import logging
from datetime import timedelta

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str
from django.core.mail import EmailMessage

from lantern.domain.people import queries as people
from lantern.kernel import clock
from lantern.kernel.sign_in.models import LinkAsked

log = logging.getLogger(__name__)
PLACE = "UID-KEY"
"""Stands in the address that was kept for what only the worker makes."""
GIVE_UP_AFTER = timedelta(hours=1)
SUBJECT = "Choose a new password for Lantern"
BODY = (
    "Somebody, we hope you, asked for a new password for Lantern.\n\nChoose it here, within three days:\n{url}\n\n"
    "If it was not you, nothing has changed and you need not do anything.\n"
)


def send_links(limit: int = 200) -> int:
    """Send the links that were asked for to whoever has an account; forget every other request. Return how many."""
    sent = 0
    for asked in LinkAsked.objects.order_by("at")[:limit]:
        if not LinkAsked.objects.filter(pk=asked.pk).delete()[0]:  # another worker took it
            continue
        account = people.find_account(asked.email)
        if account is None or not people.persons_of_account(account.pk):
            continue
        token = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(account)
        url = asked.url.replace(PLACE, f"{user_pk_to_url_str(account)}-{token}")
        try:
            EmailMessage(SUBJECT, BODY.format(url=url), to=[account.email]).send()
            sent += 1
        except OSError:
            log.warning("a link to choose a password was not accepted")
            if asked.at > clock.now() - GIVE_UP_AFTER:
                asked.save(force_insert=True)
    return sent
