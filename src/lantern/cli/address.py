"""Ports and /health, as seen from the command line."""

from __future__ import annotations

import http.client
import socket

import click


def require_free(host: str, port: int, how: str) -> None:
    """Raise ClickException when something listens there already; `how` says how to name another port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise click.ClickException(f"port {port} needs the rights of root; choose one above 1023 ({how})") from None
        except OSError as problem:
            reason = "is in use by another program" if problem.errno == 98 else f"cannot be used ({problem.strerror})"
            raise click.ClickException(f"port {port} on {host} {reason}; choose another one ({how})") from None


def answers(host: str, port: int, name: str = "localhost") -> bool:
    """Tell whether something answers requests for `name` there; a redirect to HTTPS is an answer, a 503 is none."""
    connection = http.client.HTTPConnection(host, port, timeout=10)
    try:
        connection.request("GET", "/health", headers={"Host": name})
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
