"""Gives each request its id, which the log, the events and the answer carry."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from lantern.kernel.ids import uuid7


def request_identity(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: set request.request_id and answer with it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.request_id = str(uuid7())  # type: ignore[attr-defined]  # our requests carry an id
        response = get_response(request)
        response.headers["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        return response

    return middleware
