"""The secret slots in a server's form, and the confirmation of a save that empties them."""

from typing import ClassVar

from django import forms

from configurator.console.objects.forms import Block, BoundBlock, RecordForm
from mailsettings.rotation.slots import Server, lost_slots

ROTATION = Block("Secret rotation", template="mailsettings/rotation.html")


class HasSlots(RecordForm):
    """The form of a server with slots: shows them, and asks before a save that deletes their secrets."""

    # The fields that decide where the secrets are sent.
    destination_fields: ClassVar[tuple[str, ...]]
    confirmations = frozenset({"confirm_wipe"})
    confirm_wipe = forms.BooleanField(label="Yes, save it and wipe them", required=False)

    def bound_blocks(self) -> list[BoundBlock]:
        """Leave the slots out while there is no secret to rotate."""
        rotates = not self.instance._state.adding and getattr(self.instance, f"{self.secret_field}_id")
        return [bound for bound in super().bound_blocks() if bound.block != ROTATION or rotates]

    @property
    def secret_field(self) -> str:
        return str(self.instance.slot_columns["current"][0])

    def ask_before_wiping(self, planned: Server, *, confirmed: bool) -> None:
        """Require a confirmation where saving the server as ``planned`` deletes secrets, naming them."""
        lost = " and the ".join(lost_slots(planned, self.instance))
        if lost and not confirmed:
            why = f"for another {planned.goes_to}" if planned.takes_secret else "of no use for OAuth User"
            said = f"This wipes the {lost} secret, which {'are' if 'and' in lost else 'is'} {why}."
            self.add_error("confirm_wipe", f"{said} Tick to save it all the same.")
