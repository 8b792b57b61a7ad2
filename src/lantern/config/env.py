"""Typed readers of environment variables; each secret may come from a file named in `NAME_FILE`."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


class BadSetting(ValueError):
    """A variable has a value that cannot be used; says which and what it takes."""


def text(name: str, default: str = "") -> str:
    """Return the variable, or the content of the file that NAME_FILE points to, or the default."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text().strip()
        except OSError as problem:
            raise BadSetting(f"{name}_FILE: {path} cannot be read ({problem.strerror})") from None
    return os.environ.get(name, default).strip()


def flag(name: str, default: bool = False) -> bool:
    """Return a yes or no."""
    value = text(name).lower()
    if not value:
        return default
    if value in {"1", "yes", "true", "on"}:
        return True
    if value in {"0", "no", "false", "off"}:
        return False
    raise BadSetting(f"{name}: takes yes or no, not {value!r}")


def number(name: str, default: int, least: int = 0, most: int = 65535) -> int:
    """Return a whole number between two others."""
    value = text(name)
    if not value:
        return default
    if not value.isascii() or not value.isdecimal() or not least <= int(value) <= most:
        raise BadSetting(f"{name}: takes a whole number from {least} to {most}, not {value!r}")
    return int(value)


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    """Return one of the words allowed, in any case."""
    value = text(name, default).upper()
    if value not in allowed:
        raise BadSetting(f"{name}: takes one of {', '.join(allowed)}, not {text(name)!r}")
    return value


def words(name: str, default: str = "") -> list[str]:
    """Return a list, separated by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def origins(url: str) -> list[str]:
    """Return the origin of an address, such as https://sso.example of https://sso.example/realm; nothing for ""."""
    parts = urlsplit(url)
    return [f"{parts.scheme}://{parts.netloc}"] if parts.scheme and parts.netloc else []


def origin(name: str) -> str:
    """Return an origin such as https://files.lantern.example, without a path; nothing for ""."""
    value = text(name).rstrip("/")
    if value and origins(value) != [value]:
        raise BadSetting(f"{name}: takes an origin such as https://files.lantern.example, not {value!r}")
    return value


def hosts(url: str) -> list[str]:
    """Return the host name of an address in a list, for ALLOWED_HOSTS; nothing for ""."""
    host = urlsplit(url).hostname
    return [host] if host else []


def database(url: str) -> dict[str, Any]:
    """Return Django's settings for a URL such as postgres://person:secret@host:5432/name or postgres://person@/name?host=/socket."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise BadSetting(f"DATABASE_URL: only postgres://… is understood, not {parts.scheme}://…")
    query = parse_qs(parts.query)
    try:
        port = str(parts.port or "")
    except ValueError:
        raise BadSetting("DATABASE_URL: the port takes a whole number from 1 to 65535") from None
    if not parts.path.strip("/"):
        raise BadSetting("DATABASE_URL: the name of the database is missing at its end")
    return {
        "ENGINE": "lantern.kernel.database.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", [parts.hostname or ""])[0],
        "PORT": port,
        "CONN_MAX_AGE": 0,
        # Who waits longer than `timeout` for a connection gets 503. The pool's pauses between two tries double until
        # `reconnect_timeout`: left at its five minutes, it would still pause when the server has long been back.
        "OPTIONS": {
            "pool": {"min_size": 2, "max_size": 8, "timeout": 4, "reconnect_timeout": 4},
            "server_side_binding": True,
        },
    }


def owner(owner_url: str, url: str) -> dict[str, str]:
    """Return name and password of the role that owns the tables; empty where DATABASE_URL's role does both.

    Raises BadSetting for the URL of another database.
    """
    if not owner_url:
        return {}
    if not url:
        raise BadSetting("LANTERN_OWNER_URL: means nothing without DATABASE_URL")
    whose, ours = database(owner_url), database(url)
    if any(whose[part] != ours[part] for part in ("HOST", "PORT", "NAME")):
        raise BadSetting("LANTERN_OWNER_URL: names another database than DATABASE_URL")
    return {"USER": whose["USER"], "PASSWORD": whose["PASSWORD"]}


def sqlite(path: Path) -> dict[str, Any]:
    """Return Django's settings for the embedded database: WAL, immediate transactions, every commit on disk (trust.md
    A8).
    """
    return {
        "ENGINE": "lantern.kernel.database.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA cache_size=-20000;PRAGMA mmap_size=134217728;"
                "PRAGMA journal_size_limit=67108864;PRAGMA temp_store=MEMORY;"
            ),
        },
    }
