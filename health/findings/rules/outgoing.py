"""The rules of the External Outgoing Mail Server."""

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from health.findings.rules import shared
from health.findings.rules.registry import rule
from mailsettings.models import IncomingServer, OutgoingServer
from queues.models import QueueAddress

Server = QuerySet[OutgoingServer]
GUID = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"


def server() -> Server:
    """Return the outgoing server, whether it is enabled or not."""
    return OutgoingServer.objects.order_by()


def enabled() -> Server:
    """Return it where it is enabled."""
    return server().filter(enabled=True)


@rule("outgoing_off_with_senders")
def off_with_senders() -> Server:
    """It is off while accounts of addresses are to be senders."""
    return server().filter(Exists(QueueAddress.objects.filter(sender=True)), enabled=False)


@rule("outgoing_incomplete")
def incomplete() -> Server:
    """It is off, and of tenant, Server User and Password some are entered and some are not."""
    gaps = Q(tenant="") | Q(server_user__isnull=True) | Q(password__isnull=True)
    begun = ~Q(tenant="") | Q(server_user__isnull=False) | Q(password__isnull=False)
    return server().filter(gaps & begun, enabled=False)


@rule("outgoing_tenant_differs")
def tenant_differs() -> Server:
    """Its tenant is none of those that mail is read from."""
    incoming = IncomingServer.objects.order_by().annotate(tenant_text=Cast("tenant_id", TextField()))
    same = incoming.filter(tenant_text=OuterRef("tenant"))
    return enabled().filter(Exists(incoming), ~Exists(same), tenant__regex=GUID)


@rule("outgoing_secret_shared")
def secret_shared() -> Server:
    """Its password is the secret of an incoming server too."""
    same = IncomingServer.objects.filter(secret__fingerprint=OuterRef("password__fingerprint"))
    return server().filter(Exists(same))


@rule("outgoing_secret_ended")
def secret_ended() -> Server:
    """Its password has ended by its date."""
    return shared.ended(enabled(), "password_expires_on")


@rule("outgoing_secret_ends_soon")
def secret_ends_soon() -> Server:
    """Its password ends soon."""
    return shared.ends_soon(enabled(), "password_expires_on")


@rule("outgoing_secret_without_date")
def secret_without_date() -> Server:
    """Nobody knows when its password ends."""
    return enabled().filter(password__isnull=False, password_expires_on__isnull=True)


@rule("outgoing_next_untested")
def next_untested() -> Server:
    """Nobody tested its next secret."""
    return shared.next_untested(server())


@rule("outgoing_next_ends_first")
def next_ends_first() -> Server:
    """Its next secret ends no later than the one in use."""
    return shared.next_ends_first(server(), "password_expires_on")


@rule("outgoing_next_waits")
def next_waits() -> Server:
    """Its password ends while the next one waits."""
    return shared.next_waits(server(), "password_expires_on")


@rule("outgoing_previous_overdue")
def previous_overdue() -> Server:
    """Its previous secret should be wiped by now."""
    return shared.previous_overdue(server())


@rule("outgoing_failing")
def failing() -> Server:
    """It is broken for more than a day."""
    return shared.failing(enabled())


@rule("outgoing_never_checked")
def never_checked() -> Server:
    """No check has looked at it."""
    return shared.never_checked(enabled())


@rule("outgoing_not_checked_lately")
def not_lately() -> Server:
    """No check has looked at it for long."""
    return shared.not_lately(enabled())
