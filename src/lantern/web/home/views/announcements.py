"""What one's organisations announce: the list, and the permanent page of each."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse

from lantern.domain.announcements import policy, queries
from lantern.kernel import markdown
from lantern.web import answers
from lantern.web.gate import EDUCATOR, page


@page(EDUCATOR)
def announcements(request: Any) -> HttpResponse:
    """Show what was announced to me, newest first."""
    rows = answers.paged(request, queries.list_announcements(request.actor).defer("body"))
    listed = [(row, queries.audience_words(row)) for row in rows]
    return answers.show(
        request, "home/announcements.html", page_obj=rows, listed=listed, may_publish=policy.can_publish(request.actor)
    )


@page(EDUCATOR)
def announcement(request: Any, announcement_id: UUID) -> HttpResponse:
    """Show one announcement on its permanent page."""
    row = queries.get_announcement(request.actor, announcement_id)
    return answers.show(
        request,
        "home/announcement.html",
        announcement=row,
        audience=queries.audience_words(row),
        body=markdown.render(row.body),
    )
