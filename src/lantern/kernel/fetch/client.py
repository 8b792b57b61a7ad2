"""The request: look up once, check every answer, connect to what was checked, never wait or read without bound."""

import http.client
import re
import socket
import ssl
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from email.message import Message

from lantern.kernel.fetch import addresses
from lantern.kernel.fetch.deadline import BoundedSocket, seconds_left, within
from lantern.kernel.fetch.guard import FetchFailed, FetchRefused, Target, redirected, target_of

Resolver = Callable[[str, int], Sequence[str]]
"""(host, port) → every address of the host, as text; raises OSError."""
Connector = Callable[[str, int, float], socket.socket]
"""(address, port, seconds left) → a connected TCP socket; raises OSError."""

MAX_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ADDRESSES_TRIED = 4
_CHUNK = 65_536
_CHARSET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,39}")


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came back: `url` is where the redirects ended, `content_type` is lower case without parameters."""

    url: str
    status: int
    content_type: str
    body: bytes
    charset: str | None


@dataclass(frozen=True, slots=True)
class _Answer:
    """One hop: either `location` is set and nothing was read, or `fetched` is."""

    fetched: Fetched | None
    location: str


def fetch(
    url: str,
    *,
    max_bytes: int = 2_000_000,
    timeout: float = 10,
    accept: Collection[str] | None = None,
    resolver: Resolver | None = None,
    connector: Connector | None = None,
) -> Fetched:
    """GET `url` from the public internet within `timeout` seconds in all, redirects included, and `max_bytes` of body.

    Sends no cookie, credential or referrer. `accept` names the only media types wanted ("text/html", "image/*");
    another type is refused before its body is read. Error pages are returned with their status. Raises `FetchRefused`,
    `FetchFailed`.
    """
    deadline = time.monotonic() + timeout
    resolve, connect = resolver or _resolve, connector or _connect
    target = target_of(url)
    for _ in range(MAX_REDIRECTS + 1):
        answer = _ask(target, deadline, max_bytes, accept, resolve, connect)
        if answer.fetched is not None:
            return answer.fetched
        target = redirected(target, answer.location)
    raise FetchFailed(f"The site sends us on more than {MAX_REDIRECTS} times.")


def _ask(
    target: Target,
    deadline: float,
    max_bytes: int,
    accept: Collection[str] | None,
    resolve: Resolver,
    connect: Connector,
) -> _Answer:
    """Make one request to `target`, without following where it points."""
    found = _checked_addresses(target, deadline, resolve)
    try:
        with _secured(_first_connection(found, target.port, deadline, connect), target, deadline) as sock:
            sock.settimeout(seconds_left(deadline))
            sock.sendall(_request(target, accept))
            with http.client.HTTPResponse(BoundedSocket(sock, deadline), method="GET") as response:  # type: ignore[arg-type]
                response.begin()
                if response.status in _REDIRECTS:
                    return _Answer(None, _location(response))
                return _Answer(_read(target, response, max_bytes, accept), "")
    except TimeoutError:
        raise FetchFailed("The site took too long to answer.") from None
    except ssl.SSLError:
        raise FetchFailed("The site's security certificate could not be checked.") from None
    except (OSError, http.client.HTTPException, ValueError):
        raise FetchFailed("The site broke off or sent something that is not a web page.") from None


def _checked_addresses(target: Target, deadline: float, resolve: Resolver) -> list[str]:
    """Look the host up once and give its addresses, all of them public; one that is not spoils the rest."""
    try:
        found = list(dict.fromkeys(within(deadline, lambda: resolve(target.host, target.port))))
    except TimeoutError:
        raise FetchFailed("The site's name took too long to look up.") from None
    except OSError:
        raise FetchFailed("No site was found under this name.") from None
    if not found:
        raise FetchFailed("No site was found under this name.")
    if not all(addresses.is_public(address) for address in found):
        raise FetchRefused("This link points inside a private network.")
    return found[:_ADDRESSES_TRIED]


def _first_connection(found: list[str], port: int, deadline: float, connect: Connector) -> socket.socket:
    """Connect to the first of `found` that answers."""
    for address in found:
        try:
            return connect(address, port, seconds_left(deadline))
        except OSError:
            continue
    seconds_left(deadline)
    raise FetchFailed("The site does not answer.")


def _secured(sock: socket.socket, target: Target, deadline: float) -> socket.socket:
    """Wrap `sock` in TLS for the name the person asked for, not for the address; plain http is returned as it is."""
    if target.scheme == "http":
        return sock
    try:
        sock.settimeout(seconds_left(deadline))
        return _tls_context().wrap_socket(sock, server_hostname=target.host)
    except BaseException:
        sock.close()
        raise


def _tls_context() -> ssl.SSLContext:
    return ssl.create_default_context()


def _request(target: Target, accept: Collection[str] | None) -> bytes:
    """Write the request. `identity` asks for no compression, so that no small answer can unfold into a large one."""
    lines = (
        f"GET {target.path} HTTP/1.1",
        f"Host: {target.authority}",
        "User-Agent: Lantern/1 (link check)",
        f"Accept: {', '.join(sorted(accept)) if accept else '*/*'}",
        "Accept-Encoding: identity",
        "Connection: close",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


def _location(response: http.client.HTTPResponse) -> str:
    location = response.headers.get("Location", "").strip()
    if not location:
        raise FetchFailed("The site sends us on without saying where.")
    return location.encode("latin-1", "replace").decode("utf-8", "replace")


def _read(
    target: Target, response: http.client.HTTPResponse, max_bytes: int, accept: Collection[str] | None
) -> Fetched:
    """Read at most `max_bytes` of the body, if its type is wanted."""
    content_type, charset = _media_type(response.headers)
    if accept is not None and response.status < 300 and not _is_wanted(content_type, accept):
        kind = content_type or "something of no stated kind"
        raise FetchRefused(f"The link leads to {kind}, which we cannot use here.")
    if response.headers.get("Content-Encoding", "identity").strip().lower() not in ("identity", ""):
        raise FetchFailed("The site sent a compressed page although we asked for a plain one.")
    too_large = FetchRefused(f"The page is larger than {max_bytes / 1_000_000:g} MB.")
    if response.length is not None and response.length > max_bytes:
        raise too_large
    body = bytearray()
    while chunk := response.read(min(_CHUNK, max_bytes + 1 - len(body))):
        body += chunk
        if len(body) > max_bytes:
            raise too_large
    if response.length:
        raise FetchFailed("The site broke off in the middle of the page.")
    return Fetched(target.url, response.status, content_type, bytes(body), charset)


def _media_type(headers: Message) -> tuple[str, str | None]:
    """Split Content-Type into type and charset; a charset that is not a plain word counts as not given."""
    stated, _, parameters = headers.get("Content-Type", "").partition(";")
    match = re.search(r"""charset\s*=\s*["']?([^"';\s]+)""", parameters, re.IGNORECASE)
    charset = match.group(1).lower() if match and _CHARSET.fullmatch(match.group(1)) else None
    return stated.strip().lower(), charset


def _is_wanted(content_type: str, accept: Collection[str]) -> bool:
    return content_type in accept or f"{content_type.partition('/')[0]}/*" in accept or "*/*" in accept


def _resolve(host: str, port: int) -> list[str]:
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _connect(address: str, port: int, timeout: float) -> socket.socket:
    """Connect to an address, never to a name."""
    sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.settimeout(timeout)
        sock.connect((address, port))
    except BaseException:
        sock.close()
        raise
    return sock
