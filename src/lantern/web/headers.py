"""The safety headers that Django and django-csp do not set: one place, around every answer there is (trust.md E1).

The policy of content, frames, referrers and transport stands in the settings (CONTENT_SECURITY_POLICY, SECURE_*); the
middlewares that write those stand next to this one, before everything else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse

_DENIED = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media",
    "gamepad", "geolocation", "gyroscope", "hid", "idle-detection", "local-fonts", "magnetometer", "microphone", "midi",
    "payment", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
# Passkeys need the two that stay, for our own pages.
PERMISSIONS = ", ".join(
    [*(f"{name}=()" for name in _DENIED), "publickey-credentials-create=(self)", "publickey-credentials-get=(self)"]
)
PRIVATE = "private, no-store"
CLOSED = "base-uri 'none'; frame-ancestors 'none'"


class ContentPolicyMiddleware(CSPMiddleware):
    """django-csp's, with the policy of the settings written out once instead of with every answer.

    What is only for one answer (a nonce, one of its decorators) is still its own work.
    """

    _written: tuple[Any, str] = (None, "")

    def process_response(self, request: Any, response: Any) -> Any:
        """Add the policy to an answer that has none."""
        if getattr(request, "_csp_nonce", None) or any(name.startswith("_csp_") for name in vars(response)):
            return super().process_response(request, response)
        policy = settings.CONTENT_SECURITY_POLICY
        if self._written[0] is not policy:
            self._written = (policy, build_policy())
        response.headers.setdefault(HEADER, self._written[1])
        return response


def safety_headers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: what the browser may use, who may embed an answer, and that no cache keeps what is personal."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers["Permissions-Policy"] = PERMISSIONS
        own_policy = response.headers.get("Content-Security-Policy", "")
        if "frame-ancestors" not in own_policy:  # a view that closes its own answer further keeps these two anyway
            response.headers["Content-Security-Policy"] = "; ".join(filter(None, [own_policy.strip("; "), CLOSED]))
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers["X-Permitted-Cross-Domain-Policies"] = "none"
        if is_personal(request):
            response.headers["Cache-Control"] = PRIVATE
        return response

    return middleware


def is_personal(request: Any) -> bool:
    """Tell whether an answer may hold something about somebody: she is signed in, or just on her way in or out."""
    if request.path.startswith(("/sign-in/", "/demo/sign-in/")):
        return True
    session = getattr(request, "session", None)
    if session is None:  # a file, or a redirect to HTTPS: answered before anybody was looked up
        return False
    return session.session_key is not None or settings.SESSION_COOKIE_NAME in request.COOKIES
