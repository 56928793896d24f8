"""What all workers know of a credential: when it was last used, and what it must wait for."""

from django.db import models
from django.utils import timezone


class Credential(models.Model):
    """One way to request a token, however many servers and addresses share it.

    ``key`` is made from login host, tenant, client ID, account and the secret's fingerprint, so a changed secret is a
    credential without a past. Nobody uses it before ``held_until``; ``by_microsoft`` says that the wait is Microsoft's
    (Retry-After, a lock-out) and binds people too, while our own back-off binds the schedule alone. ``refused`` is the
    stage that refused a password: it is not sent again until one is entered after ``refused_at``.
    """

    key = models.CharField(max_length=32, primary_key=True)
    asked_at = models.DateTimeField(null=True)
    held_until = models.DateTimeField(null=True)
    by_microsoft = models.BooleanField(default=False)
    failures = models.PositiveSmallIntegerField(default=0)
    refused_at = models.DateTimeField(null=True)
    refused = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.key

    @property
    def is_held(self) -> bool:
        return bool(self.held_until and self.held_until > timezone.now())
