"""The two kinds of mail server."""

from mailsettings.models.incoming import AuthenticationType, IncomingServer, days_until
from mailsettings.models.outgoing import OutgoingServer

__all__ = ["AuthenticationType", "IncomingServer", "OutgoingServer", "days_until"]
