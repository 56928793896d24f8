"""What a save does to the secret field of a record."""

from typing import Protocol

from django.core.exceptions import ValidationError

from configurator.vault import services as vault
from configurator.vault.envelope import Context
from configurator.vault.errors import SecretRefused
from configurator.vault.models import SealedSecret
from configurator.vault.text import Secret

RETYPE = "Enter it again: the stored one was given for another {} and is never sent elsewhere."


class HoldsSecret(Protocol):
    """A record with one secret field, which knows what that is sealed for."""

    @property
    def goes_to(self) -> str:
        """The parts of a destination, in words."""

    @property
    def secret_context(self) -> Context:
        """The row and field, and the destination that the secret is sent to."""


class SecretChange:
    """What a save does to the one secret field of a row: set, changed, removed or kept."""

    def __init__(self, row: HoldsSecret, field: str, stored: object | None) -> None:
        """``stored`` is the stored row, None for a new one."""
        self.row, self.field = row, field
        self.old: SealedSecret | None = getattr(stored, field) if stored else None
        self.context = row.secret_context

    @property
    def fits(self) -> bool:
        """Whether the stored secret may go where the row now points; True without one."""
        return self.old is None or self.old.belongs_to(self.context)

    def apply(self, secret: Secret | None, *, keep: bool, set_by: str, hint: bool = False) -> None:
        """Seal a new secret, or keep or drop the old one; ValidationError when the old one may not move along."""
        if secret:
            try:
                sealed = vault.put(secret=secret, context=self.context, set_by=set_by, hint=hint)
            except SecretRefused as refused:
                raise ValidationError({self.field: str(refused)}) from refused
            setattr(self.row, self.field, sealed)
        elif not (keep and self.old):
            setattr(self.row, self.field, None)
        elif not self.fits:
            raise ValidationError({self.field: RETYPE.format(self.row.goes_to)}, code="retype")
        else:
            setattr(self.row, self.field, self.old)

    @property
    def dropped(self) -> SealedSecret | None:
        """The old secret where the row no longer points to it, else None."""
        return self.old if self.old != getattr(self.row, self.field) else None

    def discard_old(self) -> None:
        """Delete the old secret once the row no longer points to it."""
        if self.dropped:
            vault.discard(self.dropped)
