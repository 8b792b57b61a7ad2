"""Checks before a start: an unsafe production setting is refused in words, not discovered later."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from lantern.kernel.database import inspection
from lantern.kernel.sealing import keys


@register(Tags.security)
def production_is_safe(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Refuse a production start with the demo key, every host allowed, a content origin that is none, or a database
    that may lose commits.
    """
    if not settings.PRODUCTION:
        return []
    found = []
    if settings.SECRET_KEY.startswith("not-a-secret") or len(settings.SECRET_KEY) < 50:
        found.append(
            Error(
                "LANTERN_SECRET_KEY is missing or shorter than 50 characters",
                hint="lantern secret prints one.",
                id="lantern.E001",
            )
        )
    if settings.LANTERN_SEALING_KEY.startswith("not-a-secret") or len(settings.LANTERN_SEALING_KEY) < 50:
        found.append(
            Error(
                "LANTERN_SEALING_KEY is missing or shorter than 50 characters",
                hint="lantern secret prints one. Keep a copy of it outside this machine, and never with the backups.",
                id="lantern.E007",
            )
        )
    if settings.LANTERN_SEALING_KEY == settings.SECRET_KEY:
        found.append(
            Error(
                "LANTERN_SEALING_KEY is the same as LANTERN_SECRET_KEY",
                hint="One is changed when people leave the team, the other hardly ever: give each its own.",
                id="lantern.E008",
            )
        )
    if "*" in settings.ALLOWED_HOSTS:
        found.append(Error("LANTERN_HOSTS allows every host", hint="Name your own.", id="lantern.E002"))
    content = urlsplit(settings.LANTERN_CONTENT_ORIGIN)
    if content.netloc and (content.scheme != "https" or settings.ALLOWED_HOSTS.count(content.hostname or "") > 1):
        found.append(
            Error(
                "LANTERN_CONTENT_ORIGIN is not https, or its host is one of LANTERN_HOSTS too",
                hint="Files need a host of their own.",
                id="lantern.E010",
            )
        )
    options = settings.DATABASES["default"].get("OPTIONS", {})
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3") and "synchronous=FULL" not in str(options):
        found.append(Error("SQLite would not write each commit to disk", id="lantern.E003"))
    return found


@register(Tags.database)
def database_is_safe(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[Error]:
    """Refuse a start on a database without its guards; in production also one that may lose commits, or a role that
    row-level security does not bind. Says nothing while migrations are waiting.
    """
    found = []
    for alias in databases or ():
        connection = connections[alias]
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            continue
        found += [
            Error(words, hint="Run: lantern setup", id="lantern.E004") for words in inspection.not_guarded(connection)
        ]
        if not keys.open_what_is_here():
            found.append(
                Error(
                    f"LANTERN_SEALING_KEY ({keys.fingerprint()}) does not open what is sealed in this database",
                    hint="Give the key it was sealed under, or put that into LANTERN_OLD_SEALING_KEYS.",
                    id="lantern.E009",
                )
            )
        if settings.PRODUCTION:
            found += [Error(words, id="lantern.E005") for words in inspection.not_durable(connection)]
            found += [
                Error(words, hint="See docs/admin/postgresql.md.", id="lantern.E006")
                for words in inspection.not_bound(connection)
            ]
    return found
