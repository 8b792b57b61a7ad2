"""How a page answers: done (303 and a word), or the form again with what is wrong (422). One way for every area."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url

from lantern.kernel.errors import Invalid


def done(request: Any, to: str, *args: Any, message: str = "") -> HttpResponse:
    """Redirect with 303 to a URL name (and its arguments) or path, with a word for the person to read there."""
    if message:
        messages.success(request, message)
    return HttpResponseRedirect(resolve_url(to, *args), status=303)


def show(request: Any, template: str, **context: Any) -> HttpResponse:
    """Render a page."""
    return render(request, template, context)


def again(
    request: Any, template: str, form: forms.Form, problem: Invalid | None = None, **context: Any
) -> HttpResponse:
    """Render the form again with status 422; `problem` comes from a command and is shown at its fields."""
    if problem is not None:
        for name, reason in problem.fields.items():
            form.add_error(name if name in form.fields else None, reason)
    return render(request, template, {"form": form, **context}, status=422)


def paged(request: Any, rows: Any, size: int = 20) -> Page[Any]:
    """Return the page of rows that ?page= asks for; a page that does not exist becomes the nearest one."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


def safe_next(request: Any, fallback: str) -> str:
    """Return the path that a form's hidden `next` names when it lies on this site, else the fallback URL name
    resolved.
    """
    wanted = request.POST.get("next", "")
    if wanted.startswith("/") and not wanted.startswith(("//", "/\\")):
        return str(wanted)
    return str(resolve_url(fallback))
