"""The forms of the two mail server screens; labels are SC's, help says where Entra shows a value."""

from mailsettings.forms.incoming import IncomingServerForm
from mailsettings.forms.outgoing import OutgoingServerForm

__all__ = ["IncomingServerForm", "OutgoingServerForm"]
