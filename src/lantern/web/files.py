"""Answers with the bytes of a file after the domain said yes: whole, or the one range asked for, under headers that let
it do nothing.

The same headers hold on the pages' host and on the host for files alone (content_host.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse

from lantern.domain.evidence.types import SHOWN_TYPES, OpenedFile
from lantern.kernel import files
from lantern.kernel.errors import NotFound

MOST_AT_ONCE = 4_000_000
"""Bytes of a video in one answer: the player asks for the next ones, and the policy is asked again."""


def answer(request: Any, opened: OpenedFile, *, save: bool = False, cross_origin: bool = False) -> HttpResponse:
    """Send a file that may be sent; `save` asks the browser to save it, which is its owner's to ask.

    Pictures and videos are shown in place, everything else is saved. Whom a video was shared with gets it range by
    range only. Raises NotFound when the bytes are gone from the disk.
    """
    shown = opened.media_type in SHOWN_TYPES and not (save and opened.mine)
    film = opened.media_type == files.VIDEO_TYPE
    try:
        size = files.size_of(opened.key)
    except FileNotFoundError:
        raise NotFound("The file is not here any more.") from None
    tag = f'"{opened.sha256[:32]}"'
    asked = request.headers.get("Range")
    if asked and request.headers.get("If-Range", tag) != tag:
        asked = None
    try:
        wanted = files.range_from_header(asked, size)
    except files.RangeNotSatisfiable:
        return _headed(HttpResponse(status=416), opened, tag, shown, cross_origin, {"Content-Range": f"bytes */{size}"})
    if film and not opened.mine and wanted is None and request.method != "HEAD":
        return _headed(HttpResponse(status=416), opened, tag, shown, cross_origin, {"Content-Range": f"bytes */{size}"})
    start, end = wanted or (0, size)
    if film and wanted:
        end = min(end, start + MOST_AT_ONCE)
    body: Iterator[bytes] | tuple[()] = () if request.method == "HEAD" else files.open_range(opened.key, start, end)
    response: Any = StreamingHttpResponse(
        body, status=206 if wanted else 200, content_type=_content_type(opened.media_type)
    )
    extra = {"Content-Length": str(end - start)}
    if wanted:
        extra["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return _headed(response, opened, tag, shown, cross_origin, extra)


def _headed(
    response: Any, opened: OpenedFile, tag: str, shown: bool, cross_origin: bool, extra: dict[str, str]
) -> HttpResponse:
    """Put the headers on that make a file inert wherever it is opened."""
    headers = {
        "Accept-Ranges": "bytes",
        "ETag": tag,
        "Content-Disposition": files.content_disposition(opened.name, inline=shown),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cross-Origin-Resource-Policy": "cross-origin" if cross_origin else "same-origin",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "private, no-store",
        **extra,
    }
    for name, value in headers.items():
        response.headers[name] = value
    return response


def _content_type(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
