"""The two kinds of mail server."""

import uuid
from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import CheckConstraint, Q
from django.urls import reverse
from django.utils import timezone

from configurator.console.records import Record
from configurator.console.status import Checked
from configurator.vault.envelope import Context, destination
from configurator.vault.models import SealedSecret
from mailsettings.clouds import DEFAULT_LOGIN_HOST, LOGIN_HOSTS
from mailsettings.querysets import IncomingServerQuerySet
from mailsettings.validators import plain_line


class AuthenticationType(models.TextChoices):
    """How a server signs in at Microsoft."""

    OAUTH_USER = "oauth_user", "OAuth User"
    OAUTH_SERVICE = "oauth_service", "OAuth Service"


class IncomingServer(Record, Checked):
    """An incoming mail server: where and as which app the console asks Microsoft for tokens."""

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
    )

    class Meta:
        ordering = ["name", "id"]
        verbose_name = "incoming mail server"
        indexes = [
            models.Index(fields=["name", "id"], name="incoming_by_name"),
            models.Index(fields=["client_id"], name="incoming_by_client_id"),
            models.Index(fields=["tenant_id"], name="incoming_by_tenant"),
        ]
        constraints = [
            CheckConstraint(
                condition=~Q(name=""), name="incoming_name_required", violation_error_message="Enter a name."
            ),
            CheckConstraint(
                condition=Q(login_host__in=sorted(LOGIN_HOSTS)), name="incoming_login_host_known"
            ),
            CheckConstraint(
                condition=Q(authentication_type__in=AuthenticationType.values), name="incoming_type_known"
            ),
            CheckConstraint(
                condition=~Q(authentication_type="oauth_service") | Q(secret__isnull=False),
                name="incoming_service_has_secret",
                violation_error_code="secret_required",
                violation_error_message="OAuth Service needs the client secret: without it anyone could use the registration.",
            ),
            CheckConstraint(
                condition=~Q(authentication_type="oauth_user") | Q(secret__isnull=True),
                name="incoming_user_has_no_secret",
                violation_error_code="secret_refused",
                violation_error_message="OAuth User takes no secret: the password stands on the queue's address.",
            ),
            CheckConstraint(
                condition=~Q(tenant_id=models.F("client_id")),
                name="incoming_tenant_is_not_client",
                violation_error_message="The tenant ID and the Client ID are the same GUID; one of them is wrong.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("mailsettings:incoming", args=[self.pk])

    @property
    def address(self) -> str:
        """The Address as SC writes it: ``https://[login address]/[tenant ID]``."""
        return f"https://{self.login_host}/{self.tenant_id}"

    @property
    def is_service(self) -> bool:
        """Whether the server signs in as an app (OAuth Service) rather than as a user."""
        return self.authentication_type == AuthenticationType.OAUTH_SERVICE

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


def days_until(day: date | None) -> int | None:
    """Return the days from today to ``day``."""
    return (day - timezone.localdate()).days if day else None


class OutgoingServer(Record, Checked):
    """The External Outgoing Mail Server: one record, sent through Microsoft Graph when it is enabled."""

    SINGLE = uuid.UUID(int=1)
    DEFAULT_PORT = 443

    enabled = models.BooleanField("Enable External Outgoing Mail Server", default=False)
    tenant = models.CharField("IP Address or Name of Mail Server", max_length=253, blank=True)
    port = models.PositiveIntegerField(
        "Port", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(65535)]
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

    audit_kind = "outgoing_server"
    audit_fields = ("enabled", "tenant", "port", "authentication_type", "server_user", "password")

    class Meta:
        verbose_name = "external outgoing mail server"
        constraints = [
            CheckConstraint(condition=Q(id=uuid.UUID(int=1)), name="outgoing_is_one_record"),
            CheckConstraint(
                condition=Q(port__isnull=True) | Q(port__gte=1, port__lte=65535),
                name="outgoing_port_in_range",
            ),
            CheckConstraint(condition=Q(authentication_type="oauth_service"), name="outgoing_type_known"),
            CheckConstraint(
                condition=Q(enabled=False)
                | (~Q(tenant="") & Q(server_user__isnull=False, password__isnull=False)),
                name="outgoing_enabled_is_complete",
                violation_error_message="An enabled outgoing server needs its tenant, Server User and Password.",
            ),
        ]

    def __str__(self) -> str:
        return "External Outgoing Mail Server"

    def get_absolute_url(self) -> str:
        return reverse("mailsettings:outgoing")

    @property
    def effective_port(self) -> int:
        """The port in use: 443 where the field is empty."""
        return self.port or self.DEFAULT_PORT

    @property
    def secret_context(self) -> Context:
        """What the password is sealed for: this row's field, and the app and tenant it is sent to."""
        return Context(
            table=self._meta.db_table,
            row=str(self.pk),
            field="password",
            destination=destination(DEFAULT_LOGIN_HOST, self.tenant, str(self.server_user)),
        )
