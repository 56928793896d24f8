"""The incoming mail servers.

An Address is stored as login host and tenant ID: what cannot be parsed cannot be stored.
"""

import uuid

from django.db import models
from django.db.models import CheckConstraint, F, Q

from configurator.console.records.names import Named
from configurator.console.records.record import Record
from configurator.db.trigram import substring_index
from configurator.links import place
from configurator.status import Checked
from configurator.vault.envelope import Context, destination
from configurator.vault.models import SealedSecret
from mailsettings.identifiers.clouds import DEFAULT_LOGIN_HOST, LOGIN_HOSTS
from mailsettings.models.slots import TwoSlots, columns_of, days_until, slot_constraints
from mailsettings.querysets import IncomingServerQuerySet
from mailsettings.validators import plain_line

NO_GUID = uuid.UUID(int=0)
# PostgreSQL's regular expression for a line of text: the form's rules once more, for writes past the form.
NAMED = Q(name__regex=r"\S") & Q(name__regex=r"^[^[:cntrl:]]*$")


class AuthenticationType(models.TextChoices):
    OAUTH_USER = "oauth_user", "OAuth User"
    OAUTH_SERVICE = "oauth_service", "OAuth Service"


class IncomingServer(TwoSlots, Named, Record, Checked):
    """An incoming mail server: where and as which app the console requests tokens from Microsoft."""

    name = models.CharField("Name", max_length=200, validators=[plain_line])
    login_host = models.CharField(
        max_length=64, choices=[(host, host) for host in sorted(LOGIN_HOSTS)], default=DEFAULT_LOGIN_HOST
    )
    tenant_id = models.UUIDField()
    authentication_type = models.CharField("Authentication Type", max_length=16, choices=AuthenticationType)
    client_id = models.UUIDField("Client ID")
    secret = models.OneToOneField(
        SealedSecret, models.PROTECT, null=True, blank=True, editable=False, related_name="incoming_server"
    )
    secret_expires_on = models.DateField("Secret expires on", null=True, blank=True)

    objects = IncomingServerQuerySet.as_manager()

    audit_kind = "incoming_server"
    audit_fields = (
        "name",
        "login_host",
        "tenant_id",
        "authentication_type",
        "client_id",
        "secret",
        "secret_expires_on",
        *TwoSlots.slot_fields,
    )

    slot_columns = columns_of("secret")
    goes_to = "login address, tenant or client ID"

    class Meta:
        ordering = ["name", "id"]
        verbose_name = "incoming mail server"
        indexes = [
            models.Index(fields=["name", "id"], name="incoming_by_name"),
            models.Index(fields=["name_key"], name="incoming_by_name_key"),
            models.Index(fields=["status", "name", "id"], name="incoming_by_status"),
            models.Index(fields=["client_id"], name="incoming_by_client_id"),
            models.Index(fields=["tenant_id"], name="incoming_by_tenant"),
            models.Index(
                fields=["secret_expires_on"], name="incoming_by_end", condition=Q(secret_expires_on__isnull=False)
            ),
            models.Index(fields=["secret_expires_on", "id"], name="incoming_by_expiry"),
            substring_index("name", "login_host", "tenant_id", "client_id", name="incoming_by_substring"),
        ]
        constraints = [
            CheckConstraint(
                condition=NAMED,
                name="incoming_name_on_one_line",
                violation_error_message="Enter a name, on one line.",
            ),
            CheckConstraint(condition=Q(login_host__in=sorted(LOGIN_HOSTS)), name="incoming_login_host_known"),
            CheckConstraint(condition=Q(authentication_type__in=AuthenticationType.values), name="incoming_type_known"),
            CheckConstraint(
                condition=~Q(authentication_type="oauth_service") | Q(secret__isnull=False),
                name="incoming_service_has_secret",
                violation_error_message="OAuth Service needs the client secret. "
                "Without it anyone could use the registration.",
            ),
            CheckConstraint(
                condition=~Q(authentication_type="oauth_user") | Q(secret__isnull=True, secret_expires_on__isnull=True),
                name="incoming_user_has_no_secret",
                violation_error_message="OAuth User takes no secret: the password stands on the queue's address.",
            ),
            CheckConstraint(
                condition=~Q(tenant_id=F("client_id")),
                name="incoming_tenant_is_not_client",
                violation_error_message="The tenant ID and the Client ID are the same GUID; one of them is wrong.",
            ),
            CheckConstraint(
                condition=~Q(tenant_id=NO_GUID) & ~Q(client_id=NO_GUID),
                name="incoming_guids_no_placeholder",
                violation_error_message="A GUID of zeros is a placeholder. Copy the real one from Entra.",
            ),
            *slot_constraints("incoming", "secret"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return place("mailsettings:incoming", self.pk)

    @property
    def address(self) -> str:
        """The Address as SC writes it: ``https://[login address]/[tenant ID]``."""
        return f"https://{self.login_host}/{self.tenant_id}"

    @property
    def is_service(self) -> bool:
        """Whether the server signs in as an app (OAuth Service) rather than as a user."""
        return self.authentication_type == AuthenticationType.OAUTH_SERVICE

    @property
    def takes_secret(self) -> bool:
        """Whether the server signs in with a client secret: as OAuth Service alone."""
        return self.is_service

    @property
    def secret_context(self) -> Context:
        """What the secret is sealed for: this row's field, and the app and tenant it is sent to."""
        return Context(
            table=self._meta.db_table,
            row=str(self.pk),
            field="secret",
            destination=destination(self.login_host, str(self.tenant_id), str(self.client_id)),
        )

    @property
    def days_left(self) -> int | None:
        """Days until the secret expires, negative when it has; None without a date."""
        return days_until(self.secret_expires_on)
