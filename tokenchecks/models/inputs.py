"""The input of a run besides its subject: values stored nowhere else, and secrets sealed for this run alone."""

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from configurator.vault.envelope import Context
from configurator.vault.models import SealedSecret
from tokenchecks.models.runs import CheckRun


class RunInput(models.Model):
    """The values of a check before save, or the choices of a dry run or a test mail.

    ``values`` holds no secret. ``secret`` and ``password`` are what was typed into the field of that name; they are
    deleted in the transaction that closes the run, however it ends.
    """

    run = models.OneToOneField(CheckRun, models.CASCADE, primary_key=True, related_name="told")
    values = models.JSONField(encoder=DjangoJSONEncoder)
    secret = models.OneToOneField(SealedSecret, models.PROTECT, null=True, related_name="secret_of_run")
    password = models.OneToOneField(SealedSecret, models.PROTECT, null=True, related_name="password_of_run")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"What {self.run} was told"

    def context(self, field: str, row: Any) -> Context:
        """Return what a secret typed for ``row`` is sealed for: this run, and the destination that the row names."""
        return Context(
            table=self._meta.db_table,
            row=str(self.run_id),
            field=field,
            destination=row.secret_context.destination,
        )
