"""The guarded `fetch` connects to public addresses only, whatever a link, a redirect or a name server says."""

import re
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import pytest

from lantern.kernel.fetch import FetchError, FetchFailed, FetchRefused, addresses, client, fetch
from lantern.kernel.fetch.guard import target_of

PUBLIC = "93.184.216.34"
PUBLIC_V6 = "2606:2800:220:1:248:1893:25c8:1946"

BAD_ADDRESSES = [
    *("0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.1.1"),  # noqa: S104 - asked for, not bound
    *("168.63.129.16", "169.254.169.254", "169.254.0.1", "172.16.0.1", "172.31.255.254", "192.0.0.8", "192.0.0.192"),
    *("192.0.2.1", "192.31.196.1", "192.52.193.1", "192.88.99.1", "192.168.1.1", "192.175.48.1", "198.18.0.1"),
    *("198.19.255.254", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:93.184.216.34", "::ffff:0:127.0.0.1"),
    *("64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:2::1"),
    *("2001:20::1", "2001:db8::1", "2002:7f00:1::", "2002:5db8:d822::1", "2620:4f:8000::1", "3fff::1", "5f00::1"),
    *("fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "2606:2800::1%eth0", "fec0::1", "ff02::1", "4000::1"),
]
BAD_SPELLINGS = [
    *("http://127.1/", "http://127.0.1/", "http://0x7f.1/", "http://0x7f000001/", "http://2130706433/", "http://0/"),
    *("http://0177.0.0.1/", "http://127.0.0.1./", "http://127.0.0.01/", "http://0x/", "http://1.2.3.4.5/"),
    *(
        "http://127。0。0。1/",
        "http://１２７.0.0.1/",
        "http://①②⑦.0.0.1/",
        "http://[::ffff:7f00:1]/",
        "http://[::1%25lo]/",
    ),
    *("http://localhost/", "http://LOCALHOST./", "http://a.localhost/", "http://intranet/", "http://db.internal/"),
    *("http://printer.local/", "http://user@example.org/", "http://a:b@example.org/", "http://@example.org/"),
    *("http://example.org:22/", "https://example.org:8443/", "http://example.org:99999/", "http://example.org:x/"),
    *("ftp://example.org/", "file:///etc/passwd", "gopher://example.org/", "javascript:alert(1)", "//example.org/", ""),
    *("http:///x", "http://", "http://exa mple.org/", "http://example.org\\@127.0.0.1/", "http://example.org/\r\nX: y"),
    *("http://ex\tample.org/", "http://[::1/", "http://[v1.x]/", "http://exa%6dple.org/", "http://-a.example.org/"),
    *("http://a..example.org/", f"http://{'a' * 64}.org/", "http://example.org/" + "a" * 3000, "http://exa<mple.org/"),
]


class Network:
    """A pretend internet: names with one list of addresses per look-up, and a socket pair behind every address."""

    def __init__(self, names: dict[str, list[list[str]]], answer: bytes | Callable[[bytes], bytes] = b"") -> None:
        self.names, self.answer = names, answer
        self.connected: list[tuple[str, int]] = []
        self.requests: list[bytes] = []

    def resolve(self, host: str, port: int) -> Sequence[str]:
        answers = self.names.get(host, [[host]])  # an address stands for itself, as getaddrinfo has it
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def connect(self, address: str, port: int, timeout: float) -> socket.socket:
        self.connected.append((address, port))
        ours, theirs = socket.socketpair()
        threading.Thread(target=self._serve, args=(theirs,), daemon=True).start()
        return ours

    def _serve(self, theirs: socket.socket) -> None:
        with theirs:
            request = theirs.recv(65_536)
            self.requests.append(request)
            with suppress(BrokenPipeError, ConnectionResetError):
                theirs.sendall(self.answer(request) if callable(self.answer) else self.answer)

    def fetch(self, url: str, **options):
        return fetch(url, resolver=self.resolve, connector=self.connect, **options)


def page(
    body: bytes = b"hello", *headers: str, status: str = "200 OK", kind: str = "text/html; charset=UTF-8"
) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def redirect(to: str, status: str = "302 Found") -> bytes:
    return page(b"", f"Location: {to}", status=status)


def literal(address: str) -> str:
    return f"[{address}]" if ":" in address else address


@pytest.fixture
def guard_off(monkeypatch):
    monkeypatch.setattr(addresses, "is_public", lambda address: True)


def test_fetches_a_public_page_and_sends_nothing_about_us():
    net = Network({"example.org": [[PUBLIC, PUBLIC_V6]]}, page())
    got = net.fetch("http://Example.ORG./a b?q=1#part".replace(" ", "%20"))
    assert (got.url, got.status, got.content_type, got.body, got.charset) == (
        "http://example.org/a%20b?q=1", 200, "text/html", b"hello", "utf-8",
    )  # fmt: skip
    assert net.connected == [(PUBLIC, 80)]
    sent = net.requests[0].lower()
    assert b"host: example.org\r\n" in sent
    assert not re.search(rb"cookie|authorization|referer|gzip", sent)


@pytest.mark.parametrize("address", BAD_ADDRESSES)
def test_no_connection_to_a_special_address_by_name_literal_redirect_or_rebinding(address):
    direct = Network({"evil.example.org": [[address]]}, page())
    mixed = Network({"evil.example.org": [[PUBLIC, address]]}, page())
    for net in (direct, mixed):
        with pytest.raises(FetchRefused):
            net.fetch("http://evil.example.org/")
        assert net.connected == []

    by_literal = Network({}, page())
    with pytest.raises(FetchRefused):
        by_literal.fetch(f"http://{literal(address)}/")
    assert by_literal.connected == []

    for target in (f"http://{literal(address)}/", "http://evil.example.org/"):
        moved = Network({"good.example.org": [[PUBLIC]], "evil.example.org": [[address]]}, redirect(target))
        with pytest.raises(FetchRefused):
            moved.fetch("http://good.example.org/")
        assert moved.connected == [(PUBLIC, 80)]

    rebound = Network({"evil.example.org": [[PUBLIC], [address]]}, redirect("/again"))
    with pytest.raises(FetchRefused):
        rebound.fetch("http://evil.example.org/")
    assert rebound.connected == [(PUBLIC, 80)]


@pytest.mark.parametrize("address", [a for a in BAD_ADDRESSES if "%" not in a])
@pytest.mark.usefixtures("guard_off")
def test_control_with_the_guard_off_the_connection_happens(address):
    net = Network({"evil.example.org": [[address]]}, page())
    assert net.fetch("http://evil.example.org/").body == b"hello"
    assert net.connected == [(address, 80)]


def test_the_battery_is_as_large_as_promised():
    assert len(set(BAD_ADDRESSES)) >= 45
    assert len(set(BAD_SPELLINGS)) >= 45
    for needed in ("192.0.0.8", "100.64.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "224.0.0.1", "169.254.169.254"):
        assert needed in BAD_ADDRESSES


BY_HOPS = [
    *("http://10.0.0.1/", "http://2130706433/", "http://example.org:22/", "http://user@example.org/"),
    *("http://[::ffff:7f00:1]/", "ftp://example.org/", "//127.0.0.1/", "http://localhost/", "http://evil.example.org/"),
]


@pytest.mark.parametrize("hops", range(1, 6))
@pytest.mark.parametrize("target", BY_HOPS)
def test_every_hop_is_checked_not_only_the_first(target, hops):
    """Four honest redirects do not make the fifth one trusted."""

    def hop(request: bytes) -> bytes:
        number = int(request.split()[1].lstrip(b"/") or b"0")
        return redirect(target if number + 1 >= hops else f"/{number + 1}")

    names = {"good.example.org": [[PUBLIC]], "evil.example.org": [["127.0.0.1"]], "example.org": [[PUBLIC_V6]]}
    net = Network(names, hop)
    with pytest.raises(FetchRefused):
        net.fetch("http://good.example.org/0")
    assert net.connected == [(PUBLIC, 80)] * hops


@pytest.mark.parametrize(
    "spelling", ["127.1", "127.0.1", "0x7f.1", "0x7f000001", "2130706433", "0177.0.0.1", "127.0.0.1", "localhost"]
)
def test_a_listener_on_this_machine_hears_nothing_and_with_the_guard_off_it_does(spelling):
    """The real connector: the system does take these spellings for this machine, only the guard does not."""
    heard = threading.Event()

    def answer_and_note(request: bytes) -> bytes:
        heard.set()
        return page()

    with local_server(answer_and_note) as port:
        with pytest.raises(FetchRefused):
            fetch(f"http://{spelling}/", connector=lambda a, p, t: client._connect(a, port, t))
        assert not heard.is_set()
        found = client._resolve(spelling, port)
        client_socket = client._connect(next(address for address in found if ":" not in address), port, 2)
        with client_socket:
            client_socket.sendall(b"GET / HTTP/1.1\r\n\r\n")
            assert client_socket.recv(100)
        assert heard.is_set()


def test_one_lookup_per_hop_so_a_second_answer_cannot_differ():
    asked = []
    net = Network({}, page())

    def resolve(host, port):
        asked.append(host)
        return [PUBLIC] if len(asked) == 1 else ["127.0.0.1"]

    fetch("http://evil.example.org/", resolver=resolve, connector=net.connect)
    assert asked == ["evil.example.org"]
    assert net.connected == [(PUBLIC, 80)]


@pytest.mark.parametrize("url", BAD_SPELLINGS)
def test_odd_spellings_never_connect(url):
    net = Network({}, page())
    with pytest.raises(FetchRefused) as refused:
        net.fetch(url)
    assert net.connected == []
    assert refused.value.reason.endswith(".")
    if url.startswith("http") and not re.search(r"[\r\n]", url) and len(url) < 2000:
        moved = Network({"good.example.org": [[PUBLIC]]}, redirect(url))
        with pytest.raises(FetchError):
            moved.fetch("http://good.example.org/")
        assert {address for address, _ in moved.connected} == {PUBLIC}


@pytest.mark.parametrize(
    "address", [PUBLIC, PUBLIC_V6, "8.8.8.8", "1.1.1.1", "192.0.1.1", "100.128.0.1", "2a00:1450::1"]
)
def test_public_addresses_stay_reachable(address):
    net = Network({}, page())
    assert net.fetch(f"http://{literal(address)}/").status == 200
    assert net.connected == [(address, 80)]


def test_international_names_are_asked_for_in_ascii():
    assert (
        target_of("https://bücher.example.org/straße?ä").url == "https://xn--bcher-kva.example.org/stra%C3%9Fe?%C3%A4"
    )


def test_redirects_are_followed_five_times_not_six():
    def hop(request: bytes) -> bytes:
        number = int(request.split()[1].lstrip(b"/") or b"0")
        return redirect(f"/{number + 1}") if number < last else page(b"there")

    last = 5
    net = Network({"example.org": [[PUBLIC]]}, hop)
    assert net.fetch("http://example.org/0").url == "http://example.org/5"
    last = 6
    with pytest.raises(FetchFailed, match="more than 5"):
        net.fetch("http://example.org/0")


def test_size_is_capped_stated_or_not():
    for answer in (
        page(b"x" * 2000),
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 2000,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n" + b"x" * 2000 + b"\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9999999999999\r\n\r\n",
    ):
        net = Network({"example.org": [[PUBLIC]]}, answer)
        with pytest.raises(FetchRefused, match="larger"):
            net.fetch("http://example.org/", max_bytes=1000)
    exact = Network({"example.org": [[PUBLIC]]}, page(b"x" * 1000))
    assert len(exact.fetch("http://example.org/", max_bytes=1000).body) == 1000


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\x00\xff" * 500,
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 302 Found\r\n\r\n",
        page(b"\x1f\x8b", "Content-Encoding: gzip"),
    ],
)
def test_garbage_and_bombs_fail_in_plain_words(answer):
    with pytest.raises(FetchFailed) as failed:
        Network({"example.org": [[PUBLIC]]}, answer).fetch("http://example.org/")
    assert re.fullmatch(r"[A-Z][^.]+\.", failed.value.reason)


def test_only_wanted_types_are_read():
    net = Network({"example.org": [[PUBLIC]]}, page(kind="application/zip"))
    with pytest.raises(FetchRefused, match="application/zip"):
        net.fetch("http://example.org/", accept={"text/html"})
    picture = Network({"example.org": [[PUBLIC]]}, page(kind="image/png"))
    assert picture.fetch("http://example.org/", accept={"image/*"}).content_type == "image/png"


def test_a_dripping_server_and_a_silent_name_server_meet_the_deadline():
    release = threading.Event()

    def drip(address, port, timeout):
        ours, theirs = socket.socketpair()

        def serve():
            with theirs:
                for byte in b"HTTP/1.1 200 OK\r\nX: " + b"y" * 10_000:
                    if release.wait(0.02):
                        return
                    with suppress(BrokenPipeError):
                        theirs.send(bytes([byte]))

        threading.Thread(target=serve, daemon=True).start()
        return ours

    def silent(host, port):
        release.wait(5)
        return [PUBLIC]

    for resolver in (lambda h, p: [PUBLIC], silent):
        with pytest.raises(FetchFailed, match="too long"):
            fetch("http://example.org/", timeout=0.3, resolver=resolver, connector=drip)
    release.set()


def test_the_real_connector_reaches_a_real_socket_only_when_a_test_allows_it(monkeypatch):
    with local_server(page(b"real")) as port:
        client._connect("127.0.0.1", port, 2).close()
        with pytest.raises(FetchRefused):
            fetch("http://127.0.0.1/", connector=lambda a, p, t: client._connect(a, port, t))
        monkeypatch.setattr(addresses, "is_public", lambda address: True)
        got = fetch("http://127.0.0.1/", connector=lambda a, p, t: client._connect(a, port, t))
        assert got.body == b"real"


def test_tls_names_the_site_checks_its_certificate_and_is_never_downgraded(tmp_path, monkeypatch):
    certificate, key = self_signed(tmp_path, "good.example.org")
    trusting = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(client, "_tls_context", lambda: trusting)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate, key)
    names: list[str | None] = []
    server.sni_callback = lambda sock, name, context: names.append(name)
    with local_server(page(b"safe"), server) as port:

        def connect(a, p, t):
            return client._connect("127.0.0.1", port, t)

        ask = partial(fetch, resolver=lambda h, p: [PUBLIC], connector=connect)
        assert ask("https://good.example.org/").body == b"safe"
        assert names == ["good.example.org"]
        with pytest.raises(FetchFailed, match="certificate"):
            ask("https://other.example.org/")
    with (
        local_server(redirect("http://good.example.org/"), server) as port,
        pytest.raises(FetchRefused, match="insecure"),
    ):
        fetch("https://good.example.org/", resolver=lambda h, p: [PUBLIC], connector=connect)


@contextmanager
def local_server(answer: bytes | Callable[[bytes], bytes], tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """A real server on this machine that answers each connection with `answer`."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                sock, _ = listener.accept()
                with sock if tls is None else tls.wrap_socket(sock, server_side=True) as talk:
                    if request := talk.recv(65_536):
                        talk.sendall(answer(request) if callable(answer) else answer)
            except (ssl.SSLError, ConnectionError):
                continue
            except OSError:
                return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(2)


def self_signed(folder: Path, name: str) -> tuple[Path, Path]:
    certificate, key = folder / "cert.pem", folder / "key.pem"
    command = f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={name} -addext subjectAltName=DNS:{name}"
    subprocess.run([*command.split(), "-out", certificate, "-keyout", key], check=True, capture_output=True)
    return certificate, key
