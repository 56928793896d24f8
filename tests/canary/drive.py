"""Types secrets into every form, right and wrong, and keeps every answer."""

import csv
import uuid
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any

from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import timezone

from configurator.accounts.models import User
from configurator.audit.models import AuditEvent
from demo.names import WRONG_TENANT
from imports.models import Import
from mailsettings.models import IncomingServer, OutgoingServer
from queues.models import Queue, QueueAddress
from tests.canary.hunt import Hunt
from tokenchecks.models import CheckRun

MOST_EVENTS = 40


class Driver:
    """An administrator who types, and keeps what comes back."""

    def __init__(self, hunt: Hunt, client: Client, tenant: str) -> None:
        """Type into the console through ``client``, for the tenant given."""
        self.hunt, self.client, self.tenant = hunt, client, tenant

    def post(self, url: str, **values: Any) -> Any:
        """Send a form and keep the answer and the page it leads to."""
        answer = self.client.post(url, values, follow=True)
        self.keep(url, answer)
        return answer

    def get(self, url: str) -> None:
        """Open a page and keep it."""
        self.keep(url, self.client.get(url, follow=True))

    def keep(self, url: str, answer: Any) -> None:
        """Keep body and headers."""
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if answer.get("Content-Type", "").endswith(("spreadsheetml.sheet", "/zip")):
            book = zipfile.ZipFile(BytesIO(body))
            body = b"".join(book.read(name) for name in book.namelist())
        headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        cookies = self.client.cookies.output()
        self.hunt.keep(f"response {url}", body + headers.encode() + cookies.encode())

    def server(self, kind: str = "oauth_service", **values: Any) -> dict[str, Any]:
        """Return what is typed for a server, with a new canary as its secret."""
        typed = {
            "name": f"Canary {uuid.uuid4().hex[:6]}",
            "address": f"https://login.microsoftonline.com/{self.tenant}",
            "authentication_type": kind,
            "client_id": str(uuid.uuid4()),
        }
        if kind == "oauth_service":
            typed["secret"] = self.hunt.plant()
        return typed | values

    def type_servers(self) -> None:
        """Add servers, edit one, and make every slip that a secret can meet."""
        new = reverse("mailsettings:incoming_new")
        self.post(new, **self.server())
        self.post(new, **self.server(address=f"https://login.microsoftonline.com/{WRONG_TENANT}"))
        self.post(new, **self.server(name=""))
        self.post(new, **self.server(secret=self.hunt.plant() + " "))
        self.post(new, **self.server(kind="oauth_user", secret=self.hunt.plant()))
        self.post(new, **self.server(client_id="no guid"))
        self.post(new, **self.server(kind="oauth_user"))
        stored = IncomingServer.objects.filter(secret__isnull=False).order_by("name").first()
        assert stored is not None
        page = stored.get_absolute_url()
        self.post(page, **self.server(version=stored.version))
        self.post(page, **self.server(version=1))
        self.post(page, **self.server(version=99))

    def type_outgoing(self) -> None:
        """Save the outgoing server, right and wrong."""
        page = reverse("mailsettings:outgoing")
        typed = {"enabled": "on", "tenant": self.tenant, "authentication_type": "oauth_service"}
        typed |= {"server_user": str(uuid.uuid4()), "set_password": "on"}
        self.post(page, **typed, password=self.hunt.plant())
        self.post(page, **typed | {"server_user": "x"}, password=self.hunt.plant())
        version = OutgoingServer.objects.get().version
        self.post(page, **typed, version=version, password=self.hunt.plant())

    def type_slots(self) -> None:
        """Rotate the secrets of both kinds of server, right and wrong, and leave all slots full."""
        service = IncomingServer.objects.filter(secret__isnull=False).order_by("name").first()
        assert service is not None
        for kind, args in (("incoming", [service.pk]), ("outgoing", [])):
            model = IncomingServer if kind == "incoming" else OutgoingServer

            def act(name: str, kind: str = kind, args: list[Any] = args, model: Any = model, **typed: Any) -> None:
                version = model.objects.get(pk=args[0] if args else OutgoingServer.SINGLE).version
                self.post(reverse(f"mailsettings:{kind}_{name}", args=args), **{"version": version} | typed)

            act("next_secret", next_secret=self.hunt.plant() + " ")
            act("next_secret", next_secret=self.hunt.plant(), next_secret_expires_on="no date")
            act("next_secret", next_secret=self.hunt.plant(), version=99)
            act("next_secret", next_secret=self.hunt.plant())
            act("switch", wipe_on=timezone.localdate(), untested="on")
            act("next_secret", next_secret=self.hunt.plant())
            act("switch", wipe_on=timezone.localdate() + timedelta(days=7), untested="on")
            act("roll_back")
            act("next_discard")
            act("next_secret", next_secret=self.hunt.plant())
            act("switch", wipe_on=timezone.localdate() + timedelta(days=7), untested="on")
            act("next_secret", next_secret=self.hunt.plant())

    def type_addresses(self) -> None:
        """Add a queue and addresses with passwords, right and wrong."""
        self.post(reverse("queues:queue_new"), name="Canary", priority=1, queue_size=-1, pick_timeout_ms=1000)
        queue = Queue.objects.get(name="Canary")
        new = reverse("queues:address_new", args=[queue.pk])
        user = IncomingServer.objects.filter(authentication_type="oauth_user").first()
        service = IncomingServer.objects.filter(authentication_type="oauth_service").first()
        assert user is not None
        assert service is not None
        typed = {"address": "canary@contoso.example", "account": "canary@contoso.example", "server": user.pk}
        self.post(new, **typed, password=self.hunt.plant())
        self.post(new, **typed, password=self.hunt.plant())
        self.post(new, **typed | {"server": service.pk, "address": "b@contoso.example"}, password=self.hunt.plant())
        address = QueueAddress.objects.get()
        page = reverse("queues:address", args=[queue.pk, address.pk])
        self.post(page, **typed, version=address.version, password=self.hunt.plant())
        self.post(page, **typed, version=77, password=self.hunt.plant())

    def import_files(self) -> None:
        """Send files with secrets where one might put them, and one with masks, which is taken."""
        labels = {
            "incoming_server": ("Name", "Address", "Authentication Type", "Client ID", "Secret"),
            "address": ("Queue", "Address", "E-Mail Account", "E-Mail Server", "E-Mail Password"),
        }
        for kind, names in labels.items():
            cells = ["Canary", f"https://login.microsoftonline.com/{self.tenant}", "x", str(uuid.uuid4())]
            for rows in ([names, [*cells, self.hunt.plant()]], [[self.hunt.plant()], [self.hunt.plant()]]):
                assert self.send_file(kind, rows).status_code == 200
            assert self.send_file(kind, [names, [*cells, "••••"]]).status_code == 200

    def send_file(self, kind: str, rows: Sequence[Sequence[str]]) -> Any:
        """Send a tab-delimited file."""
        text = StringIO()
        csv.writer(text, csv.excel_tab).writerows(rows)
        file = SimpleUploadedFile("canary.txt", text.getvalue().encode())
        return self.post(reverse("imports:new"), kind=kind, file=file)

    def change_many(self) -> None:
        """Preview and do things in bulk: an address whose password would be wiped, and a server that is refused."""
        [address] = QueueAddress.objects.all()
        service = IncomingServer.objects.filter(authentication_type="oauth_service").first()
        assert service is not None
        for rows, action, row in (
            ("addresses-of-queue", "change-server", address),
            ("addresses-of-queue", "check-now", address),
            ("incoming-servers", "delete", address.server),
        ):
            answer = self.post(reverse("bulk:begin", args=[rows, action]), row=row.pk)
            job = answer.redirect_chain[-1][0]
            self.post(f"{job}values/", server=service.pk)
            if action != "change-server":
                self.post(f"{job}confirm/")

    def try_before_save(self) -> None:
        """Have every form checked before it is saved: right, wrong, and with a slip."""
        self.post(reverse("tokenchecks:try_incoming_new"), **self.server(mailbox="canary@contoso.example"))
        self.post(reverse("tokenchecks:try_incoming_new"), **self.server(client_id="no guid"))
        server = IncomingServer.objects.filter(secret__isnull=False).first()
        assert server is not None
        self.post(reverse("tokenchecks:try_incoming", args=[server.pk]), **self.server())
        typed = {"enabled": "on", "tenant": self.tenant, "authentication_type": "oauth_service", "set_password": "on"}
        typed |= {"server_user": str(uuid.uuid4())}
        self.post(reverse("tokenchecks:try_outgoing"), **typed, password=self.hunt.plant())
        address = QueueAddress.objects.get()
        about = [address.queue_id, address.pk]
        values = {"address": address.address, "account": address.account, "server": address.server_id}
        for url in (
            reverse("tokenchecks:try_address", args=about),
            reverse("tokenchecks:try_address_new", args=about[:1]),
        ):
            self.post(url, **values, password=self.hunt.plant())

    def type_people(self) -> None:
        """Give users initial passwords, right and wrong, and let one of them choose an own one."""
        roles = [group.pk for group in Group.objects.filter(name="Support")]
        new, first = reverse("console:user_new"), self.hunt.plant()
        typed = {"username": "kim", "is_active": "on", "groups": roles}
        self.post(new, **typed, password1=self.hunt.plant(), password2=self.hunt.plant())
        self.post(new, **typed | {"username": ""}, password1=first, password2=first)
        self.post(new, **typed, password1=first, password2=first)
        act, second = reverse("console:user_password", args=[User.objects.get(username="kim").pk]), self.hunt.plant()
        self.post(act, password1=second, password2=self.hunt.plant())
        self.post(act, password1=second, password2=second)
        kim = Driver(self.hunt, Client(), self.tenant)
        kim.post(reverse("accounts:sign_in"), username="kim", password=self.hunt.plant())
        kim.post(reverse("accounts:sign_in"), username="kim", password=second)
        own, third = reverse("accounts:password"), self.hunt.plant()
        kim.post(own, old_password=self.hunt.plant(), new_password1=third, new_password2=third)
        kim.post(own, old_password=second, new_password1=second, new_password2=second)
        kim.post(own, old_password=second, new_password1=third, new_password2=third)
        assert User.objects.get(username="kim").check_password(third)
        for page in ("user_list", "role_list", "queue_group_list", "user_new", "audit_log"):
            self.get(reverse(f"console:{page}"))

    def open_everything(self) -> None:
        """Open every page that answers a GET."""
        checks, trials = CheckRun.objects.filter(purpose="check"), CheckRun.objects.exclude(purpose="check")
        ids = {
            "mailsettings:incoming": IncomingServer.objects.values_list("pk", flat=True),
            "queues:queue": Queue.objects.values_list("pk", flat=True),
            "tokenchecks:run": checks.values_list("pk", flat=True),
            "console:user": User.objects.values_list("pk", flat=True),
            "console:role": Group.objects.values_list("pk", flat=True),
            "tokenchecks:trial": trials.values_list("pk", flat=True),
        }
        if self.client.get(reverse("imports:list")).status_code == 200:
            ids["imports:import"] = Import.objects.values_list("pk", flat=True)
        for name, keys in ids.items():
            for key in keys:
                self.get(reverse(name, args=[key]))
        self.look_back()
        for pattern in plain_urls():
            self.get(pattern)
        for pattern in plain_urls():
            for format_ in ("csv", "xlsx", "json", "tab", "zip"):
                self.get(f"{pattern}?format={format_}")
        for address in QueueAddress.objects.all():
            self.get(address.edit_url.partition("#")[0])
            self.get(reverse("tokenchecks:panel", args=["address", address.pk]))

    def look_back(self) -> None:
        """Open events, objects as they were, and forms that put them back."""
        for event in AuditEvent.objects.states().order_by("-seq")[:MOST_EVENTS]:
            self.get(event.get_absolute_url())
            self.get(f"{reverse('console:as_of', args=[event.kind, event.object_id])}?at_event={event.seq}")
            self.get(f"{reverse('mailsettings:incoming_new')}?put_back={event.seq}&of={event.object_id}")
        for server in IncomingServer.objects.all():
            for seq in AuditEvent.objects.of_object("incoming_server", server.pk).values_list("seq", flat=True):
                self.get(f"{server.get_absolute_url()}?put_back={seq}")


def plain_urls() -> list[str]:
    """Return every URL of the map that takes no argument."""
    spaces = get_resolver().namespace_dict
    names = [
        f"{space}:{name}" for space, (_, sub) in spaces.items() for name in sub.reverse_dict if isinstance(name, str)
    ]
    urls = []
    for name in names:
        with suppress(NoReverseMatch):
            urls.append(reverse(name))
    return urls
