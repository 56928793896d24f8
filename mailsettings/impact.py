"""What a change of a server does to the queue addresses that use it."""

from typing import Any

from mailsettings.models import AuthenticationType, IncomingServer


def incomplete_after(server: IncomingServer, kind: str | None) -> list[Any]:
    """Return the queue addresses that stop working when ``server`` is saved as it is now with Authentication Type ``kind``.

    With OAuth User each address needs a password of its own, given for this login address and tenant.
    ``kind`` None asks for every address that any change could touch.
    """
    if server._state.adding:
        return []
    addresses = list(server.addresses.select_related("queue", "password").order_by("queue__name", "address"))
    if kind is None:
        return addresses
    if kind == AuthenticationType.OAUTH_SERVICE:
        return []
    stored = IncomingServer.objects.get(pk=server.pk)
    if stored.authentication_type == kind and stored.address == server.address:
        return []
    for address in addresses:
        address.server = server
    return [
        item for item in addresses if not (item.password and item.password.belongs_to(item.secret_context))
    ]
