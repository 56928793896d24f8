"""The slips that only a look at the other servers can find."""

import uuid

from django import forms

from mailsettings.models import IncomingServer, OutgoingServer

SAME_GUID = "This is the tenant ID again. The client ID is another GUID: Application (client) ID on the app's Overview page in Entra."


def refuse_swapped(form: forms.BaseForm, tenant: uuid.UUID, client: uuid.UUID) -> None:
    """Add an error where tenant and client ID are one GUID, or stand in each other's place."""
    if tenant == client:
        form.add_error("client_id", SAME_GUID)
        return
    if IncomingServer.objects.filter(tenant_id=client, client_id=tenant).exists():
        form.add_error(
            "client_id", "Tenant ID and Client ID look swapped: another server has them the other way round."
        )
    elif IncomingServer.objects.filter(tenant_id=client).exists():
        form.add_error(
            "client_id", "This is the tenant ID of another server, not a client ID. Did you swap the two?"
        )
    elif IncomingServer.objects.filter(client_id=tenant).exists():
        form.add_error(
            "address",
            "The GUID in it is the client ID of another server, not a tenant ID. Did you swap the two?",
        )


def incoming_notices(server: IncomingServer) -> list[str]:
    """Return warnings on a saved incoming server."""
    said = []
    if IncomingServer.objects.filter(name=server.name).exclude(pk=server.pk).exists():
        said.append(
            f"Another server is named {server.name} too. Queues will show both; the address tells them apart."
        )
    outgoing = OutgoingServer.objects.filter(enabled=True).first()
    if outgoing and outgoing.tenant != str(server.tenant_id):
        said.append(
            f"The External Outgoing Mail Server names the tenant {outgoing.tenant}, this server {server.tenant_id}. "
            "Replies are sent from there: check that both are meant."
        )
    if server.days_left is not None and server.days_left < 0:
        said.append("The date in Secret expires on has passed: Microsoft refuses this secret.")
    return said


def outgoing_notices(server: OutgoingServer) -> list[str]:
    """Return warnings on the saved outgoing server."""
    if not server.enabled:
        return []
    others = [item.name for item in IncomingServer.objects.all()[:50] if str(item.tenant_id) != server.tenant]
    if not others:
        return []
    names = ", ".join(others[:3]) + (f" and {len(others) - 3} more" if len(others) > 3 else "")
    return [f"These incoming servers name another tenant: {names}. Check that both are meant."]
