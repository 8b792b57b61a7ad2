"""The event log: one row for each thing that happened. Rows are added and never changed."""

from typing import ClassVar

from django.db import models

from lantern.kernel.tenancy import TenantModel


class EventRecord(TenantModel):
    """One event as it was published: its name, who acted, when, and ids and numbers about it."""

    append_only: ClassVar[bool] = True
    append_only_except: ClassVar[tuple[str, ...]] = ("actor_id",)  # a person is forgotten, what happened is not

    name = models.CharField(max_length=60)
    actor = models.ForeignKey("lantern.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    request_id = models.CharField(max_length=36, blank=True)
    at = models.DateTimeField()
    data = models.JSONField()

    class Meta:
        indexes = (
            models.Index(fields=["tenant", "-at"], name="event_tenant_newest"),
            models.Index(fields=["actor", "name", "-at"], name="event_actor_name"),
        )

    def __str__(self) -> str:
        return f"{self.name} at {self.at:%Y-%m-%d %H:%M}"
