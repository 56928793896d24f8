"""Random edits through the real services, as people make them: some are refused, and leave nothing."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from configurator.vault.text import Secret
from mailsettings import services
from mailsettings.models import IncomingServer, OutgoingServer
from mailsettings.rotation import services as rotation
from queues.models import Queue, QueueAddress
from queues.services import address_delete, address_save, queue_delete, queue_save
from tests.people import ACTOR

TENANTS = [uuid.UUID(int=number, version=4) for number in (101, 102, 103)]
# Words that the trail itself uses are values like any other.
NAMES = ("Sales", "Support", "changed", "set", "removed", "Zürich 🔑", "a" * 200)
REFUSALS = (ValidationError, ProtectedError)


class Editor:
    """Makes one edit after another."""

    def __init__(self, random: Random) -> None:
        """Draw all from ``random``."""
        self.random = random
        self.number = 0
        self.acts: list[Callable[[], None]] = [
            self.add_server,
            self.save_server,
            self.save_server,
            self.rotate,
            self.rotate,
            self.delete_server,
            self.save_outgoing,
            self.add_queue,
            self.save_queue,
            self.delete_queue,
            self.add_address,
            self.add_address,
            self.save_address,
            self.save_address,
            self.delete_address,
        ]

    def edit(self) -> None:
        """Make one edit, or have one refused."""
        self.number += 1
        try:
            with transaction.atomic():
                self.random.choice(self.acts)()
        except REFUSALS:
            pass

    def one(self, model: Any) -> Any:
        """Return a stored row; a refusal where there is none."""
        rows = list(model.objects.order_by("pk"))
        if not rows:
            raise ValidationError("There is none.")
        return self.random.choice(rows)

    def name(self) -> str:
        return self.random.choice(NAMES)

    def secret(self) -> Secret:
        return Secret(f"secret~number~{self.number}~of~the~app")

    def day(self) -> Any:
        return self.random.choice([None, timezone.localdate() + timedelta(days=self.random.randrange(1, 700))])

    def add_server(self) -> None:
        service = self.random.random() < 0.6
        server = IncomingServer(
            name=self.name(),
            tenant_id=self.random.choice(TENANTS),
            client_id=uuid.UUID(int=self.random.getrandbits(128), version=4),
            authentication_type="oauth_service" if service else "oauth_user",
            secret_expires_on=self.day() if service else None,
        )
        services.incoming_server_save(actor=ACTOR, server=server, secret=self.secret() if service else None)

    def save_server(self) -> None:
        server = self.one(IncomingServer)
        turned = self.random.random()
        if turned < 0.3:
            server.name = self.name()
        elif turned < 0.5:
            server.tenant_id = self.random.choice(TENANTS)
        elif turned < 0.7:
            server.authentication_type = self.random.choice(["oauth_service", "oauth_user"])
        else:
            server.secret_expires_on = self.day()
        secret = self.secret() if server.is_service and self.random.random() < 0.6 else None
        services.incoming_server_save(actor=ACTOR, server=server, secret=secret)

    def rotate(self) -> None:
        server = self.one(self.random.choice([IncomingServer, IncomingServer, OutgoingServer]))
        act = self.random.choice(["set", "set", "switch", "switch", "roll back", "discard", "wipe"])
        if act == "set":
            rotation.next_secret_set(actor=ACTOR, server=server, secret=self.secret(), expires_on=self.day())
            return
        acts: dict[str, Callable[..., Any]] = {
            "switch": rotation.secret_switch,
            "roll back": rotation.secret_roll_back,
            "discard": rotation.next_secret_discard,
            "wipe": rotation.previous_secret_wipe,
        }
        acts[act](actor=ACTOR, server=server)

    def delete_server(self) -> None:
        services.incoming_server_delete(actor=ACTOR, server=self.one(IncomingServer))

    def save_outgoing(self) -> None:
        server = OutgoingServer.objects.first() or OutgoingServer(pk=OutgoingServer.SINGLE)
        server.enabled = self.random.random() < 0.7
        server.tenant = str(self.random.choice(TENANTS))
        server.port = self.random.choice([None, 443, 8443])
        server.server_user = server.server_user or uuid.UUID(int=self.random.getrandbits(128), version=4)
        password = self.secret() if self.random.random() < 0.6 else None
        services.outgoing_server_save(actor=ACTOR, server=server, password=password)

    def add_queue(self) -> None:
        queue_save(actor=ACTOR, queue=Queue(name=self.name(), priority=self.random.randrange(1, 9)))

    def save_queue(self) -> None:
        queue = self.one(Queue)
        queue.name = self.name()
        queue.preferred_agent = self.random.choice([None, 0, 1])
        queue.language = self.random.choice(["", "de", "pt-BR"])
        queue_save(actor=ACTOR, queue=queue)

    def delete_queue(self) -> None:
        if self.random.random() < 0.3:
            queue_delete(actor=ACTOR, queue=self.one(Queue))

    def add_address(self) -> None:
        text = f"box{self.number}@contoso.example"
        box = QueueAddress(queue=self.one(Queue), server=self.one(IncomingServer), address=text, account=text)
        self.store(box)

    def save_address(self) -> None:
        box = self.one(QueueAddress)
        turned = self.random.random()
        if turned < 0.25:
            box.queue = self.one(Queue)
        elif turned < 0.5:
            box.server = self.one(IncomingServer)
        elif turned < 0.75:
            box.priority = self.random.choice([None, 1, 5])
        else:
            box.sender = self.random.choice([False, True])
        self.store(box)

    def store(self, box: QueueAddress) -> None:
        password = None if box.server.is_service or self.random.random() < 0.3 else Secret(f"password {self.number}")
        address_save(actor=ACTOR, address=box, password=password)

    def delete_address(self) -> None:
        address_delete(actor=ACTOR, address=self.one(QueueAddress))
