"""The External Outgoing Mail Server."""

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import CheckConstraint, F, Q
from django.db.models.functions import Cast
from django.urls import reverse

from configurator.console.records.record import Record
from configurator.status import Checked
from configurator.vault.envelope import Context, destination
from configurator.vault.models import SealedSecret
from mailsettings.identifiers.clouds import DEFAULT_LOGIN_HOST
from mailsettings.models.incoming import NO_GUID, AuthenticationType
from mailsettings.models.slots import TwoSlots, columns_of, slot_constraints

HIGHEST_PORT = 65_535
# A GUID or a domain name in its ASCII form, in lower case.
TENANT = r"^(|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|([a-z0-9]([a-z0-9-]*[a-z0-9])?[.])+[a-z]([a-z0-9-]*[a-z0-9])?)$"


class OutgoingServer(TwoSlots, Record, Checked):
    """The External Outgoing Mail Server: one record, checked over Microsoft Graph when it is enabled."""

    SINGLE = uuid.UUID(int=1)
    DEFAULT_PORT = 443

    enabled = models.BooleanField("Enable External Outgoing Mail Server", default=False)
    tenant = models.CharField("IP Address or Name of Mail Server", max_length=253, blank=True)
    port = models.PositiveIntegerField(
        "Port", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(HIGHEST_PORT)]
    )
    authentication_type = models.CharField(
        "Authentication Type",
        max_length=16,
        choices=[(AuthenticationType.OAUTH_SERVICE.value, AuthenticationType.OAUTH_SERVICE.label)],
        default=AuthenticationType.OAUTH_SERVICE,
    )
    server_user = models.UUIDField("Server User", null=True, blank=True)
    password = models.OneToOneField(
        SealedSecret, models.PROTECT, null=True, blank=True, editable=False, related_name="outgoing_server"
    )
    password_expires_on = models.DateField("Password expires on", null=True, blank=True)

    audit_kind = "outgoing_server"
    audit_fields = (
        "enabled",
        "tenant",
        "port",
        "authentication_type",
        "server_user",
        "password",
        "password_expires_on",
        *TwoSlots.slot_fields,
    )

    slot_columns = columns_of("password")
    goes_to = "tenant or Server User"

    class Meta:
        verbose_name = "external outgoing mail server"
        constraints = [
            CheckConstraint(condition=Q(id=uuid.UUID(int=1)), name="outgoing_is_one_record"),
            CheckConstraint(
                condition=Q(port__isnull=True) | Q(port__gte=1, port__lte=HIGHEST_PORT), name="outgoing_port_in_range"
            ),
            CheckConstraint(condition=Q(authentication_type="oauth_service"), name="outgoing_type_known"),
            CheckConstraint(
                condition=Q(enabled=False) | (~Q(tenant="") & Q(server_user__isnull=False, password__isnull=False)),
                name="outgoing_enabled_is_complete",
                violation_error_message="An enabled outgoing server needs its tenant, Server User and Password.",
            ),
            CheckConstraint(
                condition=Q(tenant__regex=TENANT) & ~Q(tenant=str(NO_GUID)),
                name="outgoing_tenant_is_guid_or_domain",
                violation_error_message="Enter the tenant ID of the Office 365 system, a GUID or a domain name.",
            ),
            CheckConstraint(
                condition=Q(server_user__isnull=True)
                | (~Q(server_user=NO_GUID) & ~Q(tenant=Cast(F("server_user"), models.CharField()))),
                name="outgoing_user_is_no_tenant",
                violation_error_message="Server User is the client ID of the app, neither the tenant ID nor zeros.",
            ),
            CheckConstraint(
                condition=Q(password__isnull=False) | Q(password_expires_on__isnull=True),
                name="outgoing_date_has_password",
                violation_error_message="Password expires on needs a Password.",
            ),
            *slot_constraints("outgoing", "password"),
        ]

    def __str__(self) -> str:
        return "External Outgoing Mail Server"

    def get_absolute_url(self) -> str:
        return reverse("mailsettings:outgoing")

    @property
    def effective_port(self) -> int:
        """The port in use: 443 where the field is empty."""
        return self.port or self.DEFAULT_PORT

    def inherited(self, name: str) -> str:
        """Return in words the value in effect while the field is empty, "" where there is none."""
        return f"{self.DEFAULT_PORT}, default" if name == "port" else ""

    @property
    def secret_context(self) -> Context:
        """What the password is sealed for: this row's field, and the app and tenant it is sent to."""
        return Context(
            table=self._meta.db_table,
            row=str(self.pk),
            field="password",
            destination=destination(DEFAULT_LOGIN_HOST, self.tenant, str(self.server_user)),
        )
