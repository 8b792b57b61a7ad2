"""One deadline for everything a request does; a server that sends one byte a second meets it too."""

import io
import socket
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

T = TypeVar("T")


def seconds_left(deadline: float) -> float:
    """Give the seconds until `deadline` (of `time.monotonic`), or raise `TimeoutError`."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def within(deadline: float, work: Callable[[], T]) -> T:
    """Do `work` in a thread and wait for it until `deadline`: the system's name lookup has no time limit of its own."""
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # handed to the waiting thread below
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True, name="fetch-lookup")
    thread.start()
    thread.join(seconds_left(deadline))
    if errors:
        raise errors[0]
    if not results:
        raise TimeoutError
    return results[0]


class BoundedSocket:
    """The one thing `http.client.HTTPResponse` asks of a socket, with the deadline renewed before every read."""

    def __init__(self, sock: socket.socket, deadline: float) -> None:
        self._sock, self._deadline = sock, deadline

    def makefile(self, mode: str) -> io.BufferedReader:
        """Open the socket for reading."""
        return io.BufferedReader(_BoundedReader(self._sock, self._deadline))


class _BoundedReader(io.RawIOBase):
    def __init__(self, sock: socket.socket, deadline: float) -> None:
        self._sock, self._deadline = sock, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        self._sock.settimeout(seconds_left(self._deadline))
        return self._sock.recv_into(buffer)
