"""What a link must look like before anything is looked up: one spelling, so that two parsers cannot disagree."""

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import quote, urljoin, urlsplit

MAX_URL = 2048
_PORTS = {"http": 80, "https": 443}
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\x9f\\]")
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_LOCAL_NAMES = ("localhost", "local", "internal", "intranet", "lan", "home.arpa", "onion")


class FetchError(Exception):
    """A page could not be had; `reason` is one sentence for the person who asked."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class FetchRefused(FetchError):
    """We will not ask for this address, or will not keep what it answered. Trying again does not help."""


class FetchFailed(FetchError):
    """The other side did not answer properly. Trying again later may help."""


@dataclass(frozen=True, slots=True)
class Target:
    """A checked link: `host` is ASCII, lower case, without brackets or trailing dot; `path` is quoted."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """Give the value of the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """Give the address in its one spelling."""
        return f"{self.scheme}://{self.authority}{self.path}"


def target_of(url: str) -> Target:
    """Read `url` into a `Target`, or raise `FetchRefused`. Nothing is looked up."""
    if len(url) > MAX_URL:
        raise FetchRefused(f"This link is longer than {MAX_URL} characters.")
    if _FORBIDDEN.search(url):
        raise FetchRefused("This link contains a space, a backslash or an invisible character.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise FetchRefused("This is not a complete web address.") from None
    if parts.scheme not in _PORTS:
        raise FetchRefused("Only links that start with http:// or https:// can be opened.")
    if "@" in parts.netloc:
        raise FetchRefused("Links with a name or password inside are not opened.")
    if port is None:
        port = _PORTS[parts.scheme]
    if port not in _PORTS.values():
        raise FetchRefused(f"Port {port} is not opened. Web pages use 80 and 443.")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/?%:@!$&'()*+,;=~-._")
    return Target(parts.scheme, _host(parts.hostname or ""), port, f"{path}?{query}" if query else path)


def redirected(target: Target, location: str) -> Target:
    """Read where `target` sends us on to, under the same rules and never from https to http."""
    try:
        following = target_of(urljoin(target.url, location))
    except ValueError:
        raise FetchRefused("The site sends us on to something that is not a web address.") from None
    if target.scheme == "https" and following.scheme == "http":
        raise FetchRefused("The site sends us from a secure address to an insecure one.")
    return following


def _host(raw: str) -> str:
    """Check a host and give its one spelling. A name that ends in a number must be a plain dotted IPv4 address."""
    if not raw or "%" in raw:
        raise FetchRefused("This is not a complete web address.")
    if ":" in raw:
        try:
            return str(IPv6Address(raw))
        except AddressValueError:
            raise FetchRefused("This is not a complete web address.") from None
    try:
        name = raw.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise FetchRefused("The site name in this link cannot be read.") from None
    name = name.removesuffix(".")
    labels = name.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        try:
            return str(IPv4Address(name))
        except AddressValueError:
            raise FetchRefused("The number in this link is not a plain internet address.") from None
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise FetchRefused("The site name in this link cannot be read.")
    if len(labels) == 1 or any(name == local or name.endswith("." + local) for local in _LOCAL_NAMES):
        raise FetchRefused("This link points inside a private network.")
    return name
