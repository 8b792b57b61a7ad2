"""Inputs, choices and long texts of forms, written in Python: Django renders a template for each input and one more for
each of its options, which took a fifth of a page with two lists to choose from (decision 0018).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.utils.safestring import SafeString

from lantern.ui.markup import markup, text

_INPUTS = frozenset(
    f"django/forms/widgets/{name}.html"
    for name in ("input", "text", "number", "email", "url", "password", "hidden", "date", "time", "datetime",
                 "checkbox", "file", "search", "tel", "color")
)  # fmt: skip
_SELECT, _TEXTAREA = "django/forms/widgets/select.html", "django/forms/widgets/textarea.html"


class Controls(TemplatesSetting):
    """Django's forms; the same markup as its own templates for the common controls, theirs for all others."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> SafeString:
        """Return a control as HTML."""
        if template_name in _INPUTS:
            return markup(_input(context["widget"]))
        if template_name == _SELECT:
            return markup(_select(context["widget"]))
        if template_name == _TEXTAREA:
            return markup(_textarea(context["widget"]))
        return SafeString(super().render(template_name, context, request))


def _attributes(attrs: Mapping[str, Any]) -> str:
    return "".join(
        f" {text(name)}" if value is True else f' {text(name)}="{text(value)}"'
        for name, value in attrs.items()
        if value is not False
    )


def _input(widget: Mapping[str, Any]) -> str:
    value = widget["value"]
    shown = "" if value is None else f' value="{text(value)}"'
    return f'<input type="{text(widget["type"])}" name="{text(widget["name"])}"{shown}{_attributes(widget["attrs"])}>'


def _select(widget: Mapping[str, Any]) -> str:
    parts = [f'<select name="{text(widget["name"])}"{_attributes(widget["attrs"])}>']
    for label, options, _ in widget["optgroups"]:
        listed = [
            f'<option value="{text(one["value"])}"{_attributes(one["attrs"])}>{text(one["label"])}</option>'
            for one in options
        ]
        parts += [f'<optgroup label="{text(label)}">', *listed, "</optgroup>"] if label else listed
    return "\n".join([*parts, "</select>"])


def _textarea(widget: Mapping[str, Any]) -> str:
    # The line break is not part of the value: it keeps one with which the value begins.
    inside = text(widget["value"] or "")
    return f'<textarea name="{text(widget["name"])}"{_attributes(widget["attrs"])}>\n{inside}</textarea>'
