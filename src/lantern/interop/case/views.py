"""A framework as a CASE package, to download. Who may is said where it is routed (config/urls.py)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse

from lantern.interop.case.sync import write_case_package


def package(request: Any, framework_id: UUID) -> HttpResponse:
    """Answer with the package as a file; its name says nothing but the id."""
    response = HttpResponse(write_case_package(request.actor, framework_id), content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="framework-{framework_id}.json"'
    return response
