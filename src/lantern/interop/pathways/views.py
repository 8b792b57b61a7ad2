"""Pathways as a file, to download. Who may is said where it is routed (config/urls.py)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from lantern.interop.pathways.sync import write_pathways


def export(request: Any) -> HttpResponse:
    """Answer with all pathways of the tenant as a file."""
    response = HttpResponse(write_pathways(request.actor), content_type="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="pathways.json"'
    return response
