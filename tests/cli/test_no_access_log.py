"""What somebody searches for stands in the address of the catalog; Lantern itself keeps no list of addresses (C7)."""

from __future__ import annotations

import logging
import sys
from typing import Any

import pytest
from django.conf import settings
from gunicorn.app.wsgiapp import WSGIApplication  # type: ignore[import-untyped]  # it ships no types
from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from lantern.cli import processes


def started_with(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The settings with which the web server would have been started."""
    found: list[Any] = []
    monkeypatch.setattr(WSGIApplication, "run", lambda self: found.append(self.cfg))
    monkeypatch.setattr(sys, "argv", ["lantern"])
    monkeypatch.setattr(processes, "release_connections", lambda: None)
    processes.run_web("127.0.0.1", 8000)
    return found[0]


def test_the_web_server_writes_no_access_log(monkeypatch: pytest.MonkeyPatch) -> None:
    config = started_with(monkeypatch)
    assert config.accesslog is None and not config.syslog and not config.disable_redirect_access_to_syslog
    assert not config.logconfig and not config.logconfig_dict and config.statsd_host is None
    assert Logger(config).access_log.handlers == []


def test_an_access_log_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: an operator who asks gunicorn for one gets one, with the words in it (docs/admin/install.md)."""
    monkeypatch.setenv("GUNICORN_CMD_ARGS", "--access-logfile -")
    config = started_with(monkeypatch)
    assert config.accesslog == "-" and "%(r)s" in config.access_log_format


def test_djangos_own_server_is_quiet_about_requests() -> None:
    loggers: Any = settings.LOGGING["loggers"]
    assert loggers["django.server"]["level"] == "WARNING"
    assert not logging.getLogger("django.server").isEnabledFor(logging.INFO)
