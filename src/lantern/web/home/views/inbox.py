"""The inbox: news for me, and the way to each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import resolve_url

from lantern.domain.notices import commands as notices
from lantern.domain.notices import queries as notice_queries
from lantern.domain.notices.types import NOTICE_WORDS
from lantern.web.answers import done, paged, show
from lantern.web.gate import EDUCATOR, page


@page(EDUCATOR)
def inbox(request: Any) -> HttpResponse:
    """Show my notices, newest first."""
    actor = request.actor
    listed = paged(request, notice_queries.my_notices(actor))
    return show(request, "home/inbox.html", page_obj=listed, unread=notice_queries.count_unread(actor))


@page(EDUCATOR, methods="POST")
def open_notice(request: Any, notice_id: UUID) -> HttpResponse:
    """Note that a notice was read, and lead on to what it is about."""
    notice = notices.read_notice(request.actor, notice_id=notice_id)
    where = NOTICE_WORDS.get(notice.kind)
    if where is None or (where.takes_item and notice.item_id is None):
        return done(request, "home:inbox")
    ids = (notice.item_id,) if where.takes_item else ()
    return done(request, resolve_url(where.url_name, *ids))
