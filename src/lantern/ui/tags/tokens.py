"""`{% csrf_token %}`, quick for pages full of small forms: the field is written once a page, not once a form.

Django keeps the token as a lazy object, and each form that shows it escapes it anew through the lazy object's layers:
on a full plan a tenth of the page. The token is one text in a whole page, so its field is one text too.
"""

from __future__ import annotations

from django.template import Context
from django.template.base import Node, Parser, Token
from django.template.defaulttags import CsrfTokenNode
from django.utils.safestring import SafeString, mark_safe

from lantern.ui.markup import markup, text
from lantern.ui.rendering import register

_KEPT = "lantern_csrf_field"


def csrf_field(context: Context) -> SafeString:
    """Return the hidden field with this page's token; nothing where the page has none."""
    page = context.render_context.dicts[0]  # the lowest of its layers: the others are one template's own
    kept = page.get(_KEPT)
    if isinstance(kept, SafeString):
        return kept
    token = str(context.get("csrf_token") or "")
    if not token or token == "NOTPROVIDED":  # noqa: S105 Django's word for "no request"
        return markup()
    field = markup(f'<input type="hidden" name="csrfmiddlewaretoken" value="{text(token)}">')
    page[_KEPT] = field
    return field


class CsrfFieldNode(CsrfTokenNode):
    """Django's node, with the field kept for the page."""

    child_nodelists = ()

    def render(self, context: Context) -> SafeString:
        """Return the field, or Django's own warning where the page was rendered without a request."""
        return csrf_field(context) or mark_safe(super().render(context))  # noqa: S308 Django writes nothing then


@register.tag("csrf_token")
def csrf_token(parser: Parser, token: Token) -> Node:
    """Compile `{% csrf_token %}` as Django does."""
    return CsrfFieldNode()
