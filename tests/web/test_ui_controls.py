"""Controls written in Python are the controls that Django's own templates write."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting

from lantern.ui.controls import Controls

CHOICES = [("", "Any"), ("Levels", [("1", "New <to> it"), ("2", 'At "home"')]), (3, "Three")]
WIDGETS: list[tuple[forms.Widget, Any]] = [
    (forms.TextInput(attrs={"maxlength": 40, "data-x": 'a"b', "autofocus": True, "disabled": False}), "<b>&'\""),
    (forms.TextInput(), None),
    (forms.NumberInput(attrs={"min": 0}), 0),
    (forms.EmailInput(), "a@b.example"),
    (forms.URLInput(), "https://a.example/?x=1&y=2"),
    (forms.PasswordInput(), "never shown"),
    (forms.HiddenInput(), "7"),
    (forms.DateInput(), "2026-01-31"),
    (forms.CheckboxInput(), True),
    (forms.CheckboxInput(), False),
    (forms.FileInput(), None),
    (forms.Textarea(attrs={"rows": 3}), "\nFirst line stays <empty>"),
    (forms.Textarea(), None),
    (forms.Select(choices=CHOICES), "2"),
    (forms.Select(choices=CHOICES), None),
    (forms.SelectMultiple(choices=CHOICES), ["1", "3"]),
    (forms.RadioSelect(choices=CHOICES), "1"),
    (forms.CheckboxSelectMultiple(choices=CHOICES), ["1"]),
]


def tidy(html: str) -> str:
    """Without the spaces between tags, which mean nothing there; those inside a long text stay."""
    return re.sub(r">\s+<(?!/textarea)", "><", html)


@pytest.mark.parametrize(("widget", "value"), WIDGETS)
def test_a_control_is_written_as_django_writes_it(widget: forms.Widget, value: Any) -> None:
    attrs = {"id": "id_it", "aria-describedby": "help & error"}
    ours, django = (widget.render("it", value, attrs, renderer=each) for each in (Controls(), TemplatesSetting()))
    assert tidy(ours) == tidy(django)
    assert hasattr(ours, "__html__"), "a template would escape it again"
