"""The two kinds of mail server."""

from mailsettings.models.incoming import AuthenticationType, IncomingServer
from mailsettings.models.outgoing import OutgoingServer
from mailsettings.models.slots import days_until

__all__ = ["AuthenticationType", "IncomingServer", "OutgoingServer", "days_until"]
