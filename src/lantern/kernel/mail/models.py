"""The outbox: mail is written in the transaction of its cause and sent later (trust.md A4)."""

from django.db import models

from lantern.kernel.tenancy import TenantModel


class OutboxMessage(TenantModel):
    """One message. Its text says that there is news and where, never what (trust.md C7)."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        UNKNOWN = "unknown", "Not known whether it arrived"

    person = models.ForeignKey("lantern.Person", null=True, on_delete=models.CASCADE, related_name="+")
    address = models.EmailField()
    subject = models.CharField(max_length=150)
    body = models.TextField()
    message_id = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["state", "created_at"], name="outbox_waiting"),)

    def __str__(self) -> str:
        return f"message of {self.created_at:%Y-%m-%d %H:%M} ({self.state})"
