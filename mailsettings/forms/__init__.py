"""The forms of the two mail server screens; labels are SC's, help says where in Entra a value stands."""

from mailsettings.forms.incoming import IncomingServerForm
from mailsettings.forms.outgoing import OutgoingServerForm

__all__ = ["IncomingServerForm", "OutgoingServerForm"]
