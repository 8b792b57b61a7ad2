"""The host for files alone (setting LANTERN_CONTENT_ORIGIN): no cookies, no pages, nothing but files behind short
links.

A page's file address decides as ever and then leads here with a sealed link: who asks in which session, which file, for
a minute. This host opens the seal, finds that session alive, asks the policy again and sends the bytes. A link older
than a minute (a video that is played on) leads back to the page's address, which decides and seals anew.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from lantern.domain.evidence import commands as evidence
from lantern.domain.people import queries as people
from lantern.kernel import tenancy
from lantern.kernel.actor import Actor
from lantern.kernel.errors import LanternError
from lantern.kernel.ids import uuid7
from lantern.web import files, sessions

LINK_SECONDS = 60
_PLACE = "/f/"


def leads_elsewhere() -> bool:
    """Tell whether files are served from a host of their own."""
    return bool(settings.LANTERN_CONTENT_ORIGIN)


def to_content_host(request: Any, *, evidence_id: UUID, part: str, save: bool) -> HttpResponse:
    """Lead on to a file's sealed link; the policy has said yes to this request already."""
    told = {
        "session": request.session.session_key,
        "evidence": str(evidence_id),
        "part": part,
        "save": save,
        "back": request.build_absolute_uri(request.path),
    }
    seal = _seal(settings.SECRET_KEY).encrypt(json.dumps(told).encode()).decode()
    response = HttpResponseRedirect(f"{settings.LANTERN_CONTENT_ORIGIN}{_PLACE}{seal}", status=307)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def content_host(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: answer everything that comes to the host for files, before sessions and cookies are thought of."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not leads_elsewhere() or request.get_host() != urlsplit(settings.LANTERN_CONTENT_ORIGIN).netloc:
            return get_response(request)
        token = tenancy.enter(None)  # as the gate does: the link says whose session it is, and that says the tenant
        try:
            response = _answer(request)
        finally:
            tenancy.leave(token)
        response.headers.setdefault("Content-Security-Policy", "sandbox; default-src 'none'")
        response.headers.setdefault("Cache-Control", "private, no-store")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        return response

    return middleware


def _answer(request: HttpRequest) -> HttpResponse:
    if request.method not in {"GET", "HEAD"} or not request.path.startswith(_PLACE):
        return _nothing()
    seal, sent = _seal(settings.SECRET_KEY), request.path.removeprefix(_PLACE).encode()
    try:
        told: dict[str, Any] = json.loads(seal.decrypt(sent))
    except InvalidToken:
        return _nothing()
    try:
        seal.decrypt(sent, ttl=LINK_SECONDS)
    except InvalidToken:
        return HttpResponseRedirect(told["back"] + ("?save=1" if told["save"] else ""), status=307)
    actor = _actor(str(told["session"] or ""))
    if actor is None:
        return _nothing()
    with tenancy.within(actor.tenancy):
        try:
            opened = evidence.open_bytes(actor, evidence_id=UUID(told["evidence"]), part=told["part"])
            return files.answer(request, opened, save=bool(told["save"]), cross_origin=True)
        except LanternError:
            return _nothing()


def _actor(session_key: str) -> Actor | None:
    """Find who is signed in with this session just now, as the gate does; None when it has ended."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    asker: Any = HttpRequest()
    asker.session = store(session_key)
    if not session_key or not asker.session.exists(session_key):
        return None
    user = get_user(asker)
    if not user.is_authenticated:
        return None
    chosen = asker.session.get("person_id")
    actor = people.actor_for_account(user, UUID(chosen) if chosen else None, str(uuid7()))
    return actor if actor is not None and sessions.holds(asker.session, actor) else None


def _nothing() -> HttpResponse:
    return HttpResponse("There is nothing here.", status=404, content_type="text/plain; charset=utf-8")


@lru_cache(maxsize=4)
def _seal(secret: str) -> Fernet:
    """Give the seal of this installation; its key is made from the secret key for this purpose alone."""
    key = hashlib.blake2b(secret.encode(), digest_size=32, person=b"content-host").digest()
    return Fernet(base64.urlsafe_b64encode(key))
