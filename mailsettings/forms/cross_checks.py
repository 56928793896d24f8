"""Mistakes that only a comparison with other servers can find."""

import uuid

from django import forms
from django.db.models import QuerySet

from configurator.status import Status
from mailsettings.identifiers.guids import CLIENT_ID_PLACE, is_guid
from mailsettings.identifiers.hosts import renamed
from mailsettings.models import IncomingServer, OutgoingServer

SAME_GUID = f"This is the tenant ID again. The client ID is another GUID: copy {CLIENT_ID_PLACE}."
NAMED = 3
LONGEST_LIFE = 731  # days: 24 months, the most that Entra's own page gives a secret


def trusted(but: uuid.UUID) -> QuerySet[IncomingServer]:
    """Return the other servers whose GUIDs count as right: where a check broke, theirs may be the swapped ones."""
    return IncomingServer.objects.exclude(pk=but).exclude(status=Status.BROKEN)


def refuse_swapped(form: forms.BaseForm, pk: uuid.UUID, tenant: uuid.UUID, client: uuid.UUID) -> None:
    """Add an error where tenant and client ID are the same GUID, or swapped."""
    others, outgoing = trusted(pk), OutgoingServer.objects.exclude(status=Status.BROKEN)
    swapped = others.filter(tenant_id=client, client_id=tenant)
    known_tenant = others.filter(tenant_id=client).exists() or outgoing.filter(tenant=str(client)).exists()
    known_client = others.filter(client_id=tenant).exists() or outgoing.filter(server_user=tenant).exists()
    if tenant == client:
        form.add_error("client_id", SAME_GUID)
    elif name := swapped.values_list("name", flat=True).first():
        form.add_error(
            "client_id", f"Tenant ID and Client ID look swapped: {name} has them the other way round. Change places."
        )
    elif known_tenant:
        form.add_error(
            "client_id", f"This is the tenant ID of another server, not a client ID. Copy {CLIENT_ID_PLACE}."
        )
    elif known_client:
        form.add_error(
            "address",
            "The GUID in it is the client ID of another server, not a tenant ID. Copy Directory (tenant) ID on "
            "the app's Overview page in Entra.",
        )


def refuse_swapped_outgoing(form: forms.BaseForm, tenant: str, client: uuid.UUID) -> None:
    """Add an error where the outgoing server's tenant and Server User are the same GUID, or swapped."""
    others = trusted(OutgoingServer.SINGLE)
    if tenant == str(client):
        form.add_error("server_user", SAME_GUID)
    elif others.filter(tenant_id=client).exists():
        form.add_error(
            "server_user", f"This is the tenant ID of an incoming server, not a client ID. Copy {CLIENT_ID_PLACE}."
        )
    elif is_guid(tenant) and others.filter(client_id=tenant).exists():
        form.add_error(
            "tenant",
            "This is the client ID of an incoming server, not a tenant ID. Copy Directory (tenant) ID on the app's "
            "Overview page in Entra.",
        )


def incoming_notices(server: IncomingServer) -> list[str]:
    date = date_notices("Secret expires on", server.days_left)
    host = [said] if (said := renamed(server.login_host)) else []
    return [*_name_notices(server), *host, *_tenant_notices(server), *date, *_type_notices(server)]


def _name_notices(server: IncomingServer) -> list[str]:
    if not IncomingServer.objects.filter(name=server.name).exclude(pk=server.pk).exists():
        return []
    return [f"Another server is named {server.name} too. Queues will show both; the address tells them apart."]


def _tenant_notices(server: IncomingServer) -> list[str]:
    outgoing = OutgoingServer.objects.filter(enabled=True).exclude(tenant="").first()
    if outgoing is None or not is_guid(outgoing.tenant) or outgoing.tenant == str(server.tenant_id):
        return []
    said = f"The External Outgoing Mail Server names the tenant {outgoing.tenant}, this server {server.tenant_id}. "
    return [said + "Replies are sent from there: check that both are meant."]


def date_notices(label: str, days_left: int | None) -> list[str]:
    """Return warnings on the date in the field ``label``."""
    if days_left is None:
        return []
    if days_left < 0:
        return [f"The date in {label} has passed, so Microsoft refuses the secret. Enter a new one."]
    if days_left > LONGEST_LIFE:
        return [f"{label} is more than 24 months away, longer than Entra's secrets last: check the year."]
    return []


def _type_notices(server: IncomingServer) -> list[str]:
    if server.is_service:
        return []
    return ["OAuth User stops as soon as an account needs MFA, and Microsoft advises against it. Use OAuth Service."]


def outgoing_notices(server: OutgoingServer) -> list[str]:
    return [*_other_tenant_notices(server), *date_notices("Password expires on", server.current.days_left)]


def _other_tenant_notices(server: OutgoingServer) -> list[str]:
    if not server.enabled or not is_guid(server.tenant):
        return []
    others = list(IncomingServer.objects.exclude(tenant_id=server.tenant).values_list("name", flat=True))
    if not others:
        return []
    names = ", ".join(others[:NAMED]) + (f" and {len(others) - NAMED} more" if len(others) > NAMED else "")
    return [f"These incoming servers name another tenant: {names}. Check that both are meant."]
