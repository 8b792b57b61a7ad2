"""Forms: one field with its label, help and errors; all errors in one place; filters of a list."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.safestring import SafeString

from lantern.ui import rendering
from lantern.ui.markup import markup, text
from lantern.ui.rendering import checked_items, element_id, register, rendered


def _shape(bound: BoundField) -> str:
    widget = bound.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    return "group" if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple) else "single"


@register.simple_tag
def field(bound_field: BoundField, *, hide_label: bool = False, label: str | None = None) -> SafeString:
    """Return a form field whole: label ("optional" where it is), help, input and errors, all tied together.

    A form whose `either` names fields wants one of them: none of those is called optional.
    """
    if not isinstance(bound_field, BoundField):
        raise ValueError(f"field: needs a bound form field; got {bound_field!r}")
    base = bound_field.auto_id or bound_field.html_name
    help_id = f"{base}_help" if bound_field.help_text else ""
    error_id = f"{base}_error" if bound_field.errors else ""
    described = " ".join(filter(None, [error_id, help_id]))
    attrs: dict[str, Any] = {"aria-describedby": described} if described else {}
    if bound_field.errors:
        attrs["aria-invalid"] = "true"
    shape = _shape(bound_field)
    return rendered(
        "field",
        bound=bound_field,
        label=label or bound_field.label,
        optional=not bound_field.field.required and bound_field.name not in getattr(bound_field.form, "either", ()),
        shape=shape,
        control="" if shape == "group" else bound_field.as_widget(attrs=attrs),
        hidden=bound_field.is_hidden,
        described=described,
        help_id=help_id,
        error_id=error_id,
        hide_label=hide_label,
    )


@register.simple_tag
def form_errors(form: forms.BaseForm) -> SafeString:
    """Return everything the form asks to put right, each with a link to its field; nothing when all is well."""
    fields = [
        {"target": bound.id_for_label or f"{bound.auto_id}_0", "label": bound.label, "errors": bound.errors}
        for bound in form
        if bound.errors
    ]
    return rendered("form_errors", whole=form.non_field_errors(), fields=fields) if form.errors else SafeString("")


@register.simple_tag
def facet_group(
    title: str, *, name: str, options: Iterable[Mapping[str, Any]], single: bool = False, open: bool = True
) -> SafeString:
    """Return one group of filters inside a form: options of {label, value, count?, checked?}, many or a single one."""
    required, optional = frozenset({"label", "value"}), frozenset({"count", "checked"})
    listed = checked_items("facet_group", options, required=required, optional=optional)
    anchor, box = element_id("facet", name), f'type="{"radio" if single else "checkbox"}" name="{text(name)}"'
    return markup(
        f'<details class="ui-facet"{" open" if open else ""}><summary id="{anchor}">{text(title)}',
        f"{rendering.icon('chevron-right', size=18)}</summary>",
        f'<div class="ui-choices" role="group" aria-labelledby="{anchor}">',
        *(_choice(box, option) for option in listed),
        "</div></details>",
    )


def _choice(box: str, option: Mapping[str, Any]) -> str:
    count = option.get("count")
    found = f'<span class="ui-choice-count">{text(count)}<span class="sr-only"> found</span></span>'
    return (
        f'<label class="ui-choice"><input {box} value="{text(option["value"])}"'
        f"{' checked' if option.get('checked') else ''}><span>{text(option['label'])}</span>"
        f"{'' if count is None else found}</label>"
    )
