"""The only Django app of the house: it connects the handlers, jobs and checks when Lantern starts (decision 0001)."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate


class LanternConfig(AppConfig):
    """Gathers what the floors below registered; the only place with deferred imports."""

    name = "lantern"
    label = "lantern"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import every flow and every standard's emitter so that their event handlers and jobs are known."""
        flows = import_module("lantern.flows")
        for module in iter_modules(flows.__path__):
            import_module(f"lantern.flows.{module.name}")
        interop = import_module("lantern.interop")
        for package in iter_modules(interop.__path__):
            if not package.ispkg:
                continue
            standard = import_module(f"lantern.interop.{package.name}")
            for module in iter_modules(standard.__path__):
                if module.name in {"emit", "sync"}:
                    import_module(f"lantern.interop.{package.name}.{module.name}")
        import_module("lantern.web.exports")
        import_module("lantern.config.checks")
        pre_migrate.connect(_put_guards_aside, sender=self)
        post_migrate.connect(_put_guards_in_place, sender=self)


def _put_guards_aside(using: str, plan: Any, **signal: Any) -> None:
    """Take what a migration could not work beside out of its way, where there is one to apply."""
    if plan:
        import_module("lantern.kernel.database.install").put_aside(connections[using])


def _put_guards_in_place(using: str, **signal: Any) -> None:
    """Put keys, triggers and policies back after each migration: SQLite drops them with the table it rebuilds."""
    import_module("lantern.kernel.database.install").install(connections[using])
