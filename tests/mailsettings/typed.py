"""What a person types on the mail server screens, and what comes back."""

from typing import Any

from django.forms import BaseForm
from django.test import Client

from mailsettings.forms import IncomingServerForm, OutgoingServerForm
from mailsettings.models import IncomingServer, OutgoingServer
from tests.people import TENANT
from tests.rules import Place, Rule

LOGIN = "https://login.microsoftonline.com"
CLIENT = "7d5c9a30-8e1f-4b62-a0d4-6c1b2e3f4a55"
SECRET = "the~value~of~the~client~secret~0123456"
INCOMING = {
    "name": "Contoso support",
    "address": f"{LOGIN}/{TENANT}",
    "authentication_type": "oauth_service",
    "client_id": CLIENT,
    "secret": SECRET,
}
OUTGOING = {
    "enabled": "on",
    "tenant": TENANT,
    "authentication_type": "oauth_service",
    "server_user": CLIENT,
    "set_password": "on",
    "password": SECRET,
}


def incoming_place(label: str, name: str) -> Place:
    """Return a field of the incoming server's screen."""
    return Place("Incoming Mail Servers", label, name)


def outgoing_place(label: str, name: str) -> Place:
    """Return a field of the outgoing server's screen."""
    return Place("External Outgoing Mail Server", label, name)


def incoming_form(instance: IncomingServer | None = None, /, **typed: Any) -> IncomingServerForm:
    """Return the form of a server with these values in place of right ones."""
    return IncomingServerForm(INCOMING | typed, instance=instance or IncomingServer())


def outgoing_form(instance: OutgoingServer | None = None, /, **typed: Any) -> OutgoingServerForm:
    """Return the form of the outgoing server with these values in place of right ones."""
    return OutgoingServerForm(OUTGOING | typed, instance=instance or OutgoingServer(pk=OutgoingServer.SINGLE))


def save_page(client: Client, server: IncomingServer, **typed: Any) -> Any:
    """Save the server's page with these values in place of the stored ones; the secret is left blank."""
    stored = {
        "name": server.name,
        "address": server.address,
        "authentication_type": server.authentication_type,
        "client_id": str(server.client_id),
        "version": server.version,
    }
    return client.post(server.get_absolute_url(), stored | typed)


def messages(form: BaseForm, case: Rule) -> list[str]:
    """Return the messages on the rule's field, and beside them the names of other fields that have any."""
    form.is_valid()
    return [*form.errors.get(case.place.name, []), *sorted(set(form.errors) - {case.place.name})]
