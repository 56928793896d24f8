"""The addresses of queues."""

from django.db import models
from django.db.models import CheckConstraint, Q
from django.db.models.functions import Lower

from configurator.console.records.record import Record
from configurator.db.trigram import substring_index
from configurator.status import Checked
from configurator.vault.envelope import Context, destination
from configurator.vault.models import SealedSecret
from mailsettings.models import IncomingServer
from queues.languages import described
from queues.models.queue import Effective, Queue
from queues.numbers import within
from queues.querysets import QueueAddressQuerySet
from queues.validators import LANGUAGE_TAG, account_name, canonical_address, full_address, language_tag

# PostgreSQL's regular expression for a full address; the form's rules say more.
FULL = r"^[^@[:space:]]+@[^@[:space:]]+[.][^@[:space:]]+$"


class QueueAddress(Record, Checked):
    """One e-mail address of a queue, and the mailbox account behind it."""

    queue = models.ForeignKey(Queue, models.CASCADE, related_name="addresses")
    address = models.CharField("Address", max_length=320, validators=[full_address])
    address_key = models.CharField(max_length=340, editable=False)
    priority = models.PositiveIntegerField("Priority", null=True, blank=True, validators=within("priority"))
    extension_language = models.CharField("Extension Language", max_length=35, blank=True, validators=[language_tag])
    account = models.CharField("E-Mail Account", max_length=320, validators=[account_name])
    password = models.OneToOneField(
        SealedSecret, models.PROTECT, null=True, blank=True, editable=False, related_name="queue_address"
    )
    sender = models.BooleanField("Sender", default=False)
    # What was entered while Sender was an address, where that was not the account's. No form writes it, and it is
    # deleted once its finding is acknowledged.
    earlier_sender = models.CharField("Earlier Sender", max_length=320, blank=True, editable=False)
    server = models.ForeignKey(IncomingServer, models.PROTECT, verbose_name="E-Mail Server", related_name="addresses")

    objects = QueueAddressQuerySet.as_manager()

    audit_kind = "address"
    audit_fields = (
        "queue",
        "address",
        "priority",
        "extension_language",
        "account",
        "password",
        "sender",
        "earlier_sender",
        "server",
    )

    goes_to = "account, server or tenant"

    class Meta:
        ordering = ["address_key"]
        verbose_name = "queue address"
        indexes = [
            models.Index(fields=["status", "-status_since", "id"], name="address_by_status"),
            models.Index(Lower("account"), name="address_by_account"),
            substring_index("address", "account", name="address_by_substring"),
            models.Index(fields=["server", "queue"], name="address_by_server"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["address_key"],
                name="address_on_one_queue",
                violation_error_message="This address is already on a queue.",
            ),
            CheckConstraint(
                condition=Q(address__regex=FULL),
                name="address_is_full",
                violation_error_message="Enter the full address with its domain.",
            ),
            CheckConstraint(
                # The key of an ASCII address is that address in lower case; that of any other the database cannot
                # compute.
                condition=Q(address_key=Lower("address")) | Q(address__regex=r"[^ -~]"),
                name="address_key_is_canonical",
            ),
            CheckConstraint(
                condition=Q(account__regex=FULL) & ~Q(account__regex=r"\\|#[Ee][Xx][Tt]#"),
                name="address_account_is_full",
                violation_error_message="Enter the account's full user name with its domain.",
            ),
            CheckConstraint(condition=Q(priority__isnull=True) | Q(priority__gte=1), name="address_priority_from_1"),
            CheckConstraint(
                condition=Q(extension_language="") | Q(extension_language__regex=f"^{LANGUAGE_TAG.pattern}$"),
                name="address_language_is_tag",
                violation_error_message="Enter a language tag such as en, de or pt-BR.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.address} ({self.queue})"

    def clean(self) -> None:
        """Set the key by which addresses are compared."""
        self.address = self.address.strip()
        self.address_key = canonical_address(self.address)

    def get_absolute_url(self) -> str:
        return f"{self.queue.get_absolute_url()}#address-{self.pk}"

    @property
    def edit_url(self) -> str:
        """The queue's page with this address's form, with a blank one before it is stored."""
        asked = "new" if self._state.adding else self.pk
        return f"{self.queue.get_absolute_url()}?address={asked}#numbers-addresses"

    @property
    def effective_priority(self) -> Effective:
        """The address's Priority, which overrides the one of the queue's Contact Management."""
        if self.priority is not None:
            return Effective(self.priority, "this address")
        return self.inherited_priority

    @property
    def inherited_priority(self) -> Effective:
        return Effective(self.queue.priority, "the queue's Contact Management")

    @property
    def effective_language(self) -> Effective:
        """The address's Extension Language, which overrides the queue's."""
        if self.extension_language:
            return Effective(self.extension_language, "this address", described(self.extension_language))
        return self.inherited_language

    @property
    def inherited_language(self) -> Effective:
        """The queue's language, or the system's."""
        inherited = self.queue.effective_language
        return Effective(inherited.value, "the queue" if self.queue.language else inherited.origin, inherited.words)

    def inherited(self, name: str) -> Effective | None:
        """Return the value in effect while the field is empty; None for a field that inherits nothing."""
        of_queue = {"priority": "inherited_priority", "extension_language": "inherited_language"}
        return getattr(self, of_queue[name]) if name in of_queue and self.queue_id is not None else None

    @property
    def incomplete(self) -> bool:
        """Whether OAuth User lacks the password that it needs for the server as it is now."""
        if self.server.is_service:
            return False
        return not (self.password and self.password.belongs_to(self.secret_context))

    @property
    def secret_context(self) -> Context:
        """What the password is sealed for: this row's field, and the account, server and tenant it is sent to."""
        server = self.server
        return Context(
            table=self._meta.db_table,
            row=str(self.pk),
            field="password",
            destination=destination(
                server.login_host, str(server.tenant_id), str(server.pk), self.account.strip().lower()
            ),
        )
