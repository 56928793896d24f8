"""The private certificate authority of the demo and the certificates it issues."""

import ssl
from datetime import UTC, datetime, timedelta

import trustme

from demo.clouds import HOSTS

# Kinds of a bad certificate, as a fault names them.
BAD = ("other_name", "expired", "unknown_authority")


def new_authority() -> trustme.CA:
    return trustme.CA(organization_name="Demo tenant", organization_unit_name="loopback only")


def server_context(authority: trustme.CA) -> ssl.SSLContext:
    """The context of a healthy server: one certificate for every host name."""
    return _context(authority.issue_cert(*HOSTS, common_name=HOSTS[0]))


def bad_context(authority: trustme.CA, kind: str) -> ssl.SSLContext:
    """The context of a server whose certificate no client may accept, for the reason named."""
    if kind == "other_name":
        return _context(authority.issue_cert("proxy.demo.example"))
    if kind == "expired":
        now = datetime.now(UTC).replace(tzinfo=None)
        return _context(
            authority.issue_cert(*HOSTS, not_before=now - timedelta(days=90), not_after=now - timedelta(days=1))
        )
    return _context(new_authority().issue_cert(*HOSTS))


def _context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # A resumed session would never see the certificate that a fault shows.
    context.num_tickets = 0
    certificate.configure_cert(context)
    return context
