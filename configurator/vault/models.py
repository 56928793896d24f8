"""Sealed secrets: a table, not a column type.

So lists never load ciphertext, one table is re-keyed, and a nullable one-to-one field lets a CHECK constraint say that
an OAuth Service server has a secret.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models.functions import Length
from django.utils import timezone

from configurator.vault.envelope import Context, Place

models.BinaryField.register_lookup(Length)
models.CharField.register_lookup(Length)


class SealedSecretManager(models.Manager["SealedSecret"]):
    """Defers the envelope, so that no list, form or serializer carries ciphertext around."""

    def get_queryset(self) -> models.QuerySet[SealedSecret]:
        return super().get_queryset().defer("envelope")


class SealedSecret(models.Model):
    """One secret, entered once: replaced by a new row, never edited except for re-keying."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    envelope = models.BinaryField()
    key_id = models.CharField(max_length=32)
    fingerprint = models.CharField(max_length=8)
    hint = models.CharField(max_length=3, blank=True, default="")
    set_at = models.DateTimeField(default=timezone.now)
    set_by_name = models.TextField()
    table = models.CharField(max_length=63)
    row = models.CharField(max_length=64)
    field = models.CharField(max_length=63)
    destination_digest = models.CharField(max_length=64)

    objects = SealedSecretManager()

    class Meta:
        base_manager_name = "objects"
        indexes = [
            # vault_rotate and the system check query the rows of one key.
            models.Index(fields=["key_id", "id"], name="vault_secret_by_key"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(envelope__length__gt=32), name="vault_secret_has_envelope"),
            models.CheckConstraint(condition=~models.Q(key_id=""), name="vault_secret_has_key"),
            models.CheckConstraint(
                condition=models.Q(fingerprint__length=8, destination_digest__length=64),
                name="vault_secret_digests",
            ),
        ]

    def __str__(self) -> str:
        return f"secret set {self.set_at:%Y-%m-%d %H:%M} by {self.set_by_name}"

    @property
    def place(self) -> Place:
        """Where this row says that it belongs; only opening it proves that."""
        return Place(self.table, self.row, self.field, self.destination_digest)

    def belongs_to(self, context: Context) -> bool:
        """Return whether it was entered for that record and destination; if not, it has to be entered again."""
        return self.place == context.place


class KeyCheck(models.Model):
    """A value derived from each key that ever sealed here, by which a wrong key of the same name is found."""

    key_id = models.CharField(max_length=32, unique=True)
    value = models.CharField(max_length=64)
    first_used_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.key_id
