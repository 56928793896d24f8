"""The slots for client secrets of a server: the current one, the next one, and the previous one."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Self, overload

from django.db import models
from django.db.models import CheckConstraint, F, Q
from django.utils import timezone

from configurator.vault.envelope import Context
from configurator.vault.models import SealedSecret


def days_until(day: date | None) -> int | None:
    return (day - timezone.localdate()).days if day else None


@dataclass(frozen=True)
class Slot:
    """The content of one slot: a sealed secret and the date on which it expires, or nothing."""

    sealed: SealedSecret | None = None
    expires_on: date | None = None

    @property
    def days_left(self) -> int | None:
        """Days until the secret expires, negative when it has; None without a date."""
        return days_until(self.expires_on)


EMPTY = Slot()


class SlotColumns:
    """A descriptor: a server's slot by name, read from and written to its two columns."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, server: None, owner: type) -> Self: ...
    @overload
    def __get__(self, server: "TwoSlots", owner: type) -> Slot: ...
    def __get__(self, server: "TwoSlots | None", owner: type) -> "Self | Slot":
        if server is None:
            return self
        sealed, expires_on = server.slot_columns[self.name]
        return Slot(getattr(server, sealed), getattr(server, expires_on))

    def __set__(self, server: "TwoSlots", slot: Slot) -> None:
        sealed, expires_on = server.slot_columns[self.name]
        setattr(server, sealed, slot.sealed)
        setattr(server, expires_on, slot.expires_on)


class TwoSlots(models.Model):
    """A server with two more slots: the next secret waits in one, the previous one can be restored from the other.

    All are sealed for the same place and destination, so that a switch moves rows and opens none.
    """

    next_secret = models.OneToOneField(
        SealedSecret,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="next_of_%(class)s",
        verbose_name="Next secret",
    )
    next_secret_expires_on = models.DateField("Next secret expires on", null=True, blank=True)
    # Written by the test of the next secret alone.
    next_secret_tested_at = models.DateTimeField(null=True, blank=True, editable=False)
    previous_secret = models.OneToOneField(
        SealedSecret,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="previous_of_%(class)s",
        verbose_name="Previous secret",
    )
    previous_secret_expires_on = models.DateField("Previous secret expires on", null=True, blank=True)
    previous_wiped_on = models.DateField("Previous secret is wiped on", null=True, blank=True)

    slot_columns: ClassVar[dict[str, tuple[str, str]]]
    current = SlotColumns()
    next = SlotColumns()
    previous = SlotColumns()

    goes_to: ClassVar[str]
    slot_fields: ClassVar[tuple[str, ...]] = (
        "next_secret",
        "next_secret_expires_on",
        "previous_secret",
        "previous_secret_expires_on",
        "previous_wiped_on",
    )

    class Meta:
        abstract = True

    @property
    def secret_context(self) -> Context:
        """What the secrets are sealed for: this row's field, and the app and tenant they are sent to."""
        raise NotImplementedError

    @property
    def takes_secret(self) -> bool:
        """Whether the server signs in with a client secret at all."""
        return True

    @property
    def secrets(self) -> set[SealedSecret]:
        return {slot.sealed for slot in (self.current, self.next, self.previous) if slot.sealed}

    def may_use(self, slot: Slot) -> bool:
        """Return whether the slot has a secret that was entered for the server's present destination."""
        return bool(slot.sealed and self.takes_secret and slot.sealed.belongs_to(self.secret_context))


def columns_of(secret: str) -> dict[str, tuple[str, str]]:
    """Return the columns of each slot of a server whose current secret is in the field ``secret``."""
    fields = {"current": secret, "next": "next_secret", "previous": "previous_secret"}
    return {name: (field, f"{field}_expires_on") for name, field in fields.items()}


def slot_constraints(prefix: str, secret: str) -> list[CheckConstraint]:
    """Return the constraints of the slots for a server whose current secret is in the field ``secret``."""
    has_current = Q(**{f"{secret}__isnull": False})
    return [
        CheckConstraint(
            condition=has_current | Q(next_secret__isnull=True, previous_secret__isnull=True),
            name=f"{prefix}_slots_need_a_secret",
            violation_error_message="A next or previous secret stands beside a current one only.",
        ),
        CheckConstraint(
            condition=~Q(next_secret=F(secret)) & ~Q(previous_secret=F(secret)) & ~Q(next_secret=F("previous_secret")),
            name=f"{prefix}_slots_differ",
            violation_error_message="One stored secret cannot stand in two slots.",
        ),
        CheckConstraint(
            condition=Q(next_secret__isnull=False)
            | Q(next_secret_expires_on__isnull=True, next_secret_tested_at__isnull=True),
            name=f"{prefix}_next_date_has_secret",
            violation_error_message="A date for the next secret needs the next secret.",
        ),
        CheckConstraint(
            condition=Q(previous_secret__isnull=False, previous_wiped_on__isnull=False)
            | Q(
                previous_secret__isnull=True,
                previous_secret_expires_on__isnull=True,
                previous_wiped_on__isnull=True,
            ),
            name=f"{prefix}_previous_is_wiped",
            violation_error_message="The previous secret has a day on which it is wiped.",
        ),
    ]
