"""`{% url %}`, quick for the addresses that pages are full of: a named page of one or more ids.

Django's tag resolves each address anew, which costs more than all else in a row of a list. An address whose arguments
are ids is the same text every time but for the ids, so that text is kept; everything else is left to Django.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import Any
from uuid import UUID

from django.template import Context
from django.template.base import Parser, Token
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as django_url
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse

from lantern.ui.rendering import register

_PROBE = UUID("01234567-89ab-7def-8123-456789abcdef")


def address(name: str, *ids: Any) -> str:
    """Return the address of a named page, as `reverse` does; quick when its arguments are ids."""
    if all(type(one) is UUID for one in ids):
        shape = _shape(name, len(ids), get_urlconf(), get_script_prefix())
        if shape is not None:
            return shape % ids
    return reverse(name, args=ids)


@lru_cache(maxsize=1024)
def _shape(name: str, count: int, urlconf: Any, prefix: str) -> str | None:
    """Return the address with `%s` for each id; None where ids do not stand in it as they are."""
    found = reverse(name, args=[_PROBE] * count)
    if found.count(str(_PROBE)) != count or escape(found) != found:
        return None
    return found.replace("%", "%%").replace(str(_PROBE), "%s")


class AddressNode(URLNode):
    """Django's node, which asks the kept addresses first."""

    def render(self, context: Context) -> str:
        """Return the address, or put it into the variable after `as`."""
        args = [argument.resolve(context) for argument in self.args]
        if self.kwargs or not all(type(one) is UUID for one in args):
            return str(super().render(context))
        try:
            found = address(self.view_name.resolve(context), *args)
        except NoReverseMatch:
            return str(super().render(context))
        if self.asvar:
            context[self.asvar] = found
            return ""
        return found


@register.tag("url")
def url(parser: Parser, token: Token) -> URLNode:
    """Compile `{% url %}` as Django does."""
    node = django_url(parser, token)
    return AddressNode(node.view_name, node.args, node.kwargs, node.asvar)
