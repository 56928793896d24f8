"""The rules of incoming mail servers."""

from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery

from health.findings.rules import shared
from health.findings.rules.registry import rule
from mailsettings.models import AuthenticationType, IncomingServer
from queues.models import QueueAddress

Servers = QuerySet[IncomingServer]


def servers() -> Servers:
    """Return all incoming servers."""
    return IncomingServer.objects.order_by()


def services() -> Servers:
    """Return those that sign in with a secret."""
    return servers().filter(authentication_type=AuthenticationType.OAUTH_SERVICE)


def used() -> Servers:
    """Return those that an address is read through."""
    return servers().filter(Exists(QueueAddress.objects.filter(server=OuterRef("pk"))))


def of_several(shared_field: str, differing: str) -> Servers:
    """Return the servers among whose likes in one column another column differs."""
    differs = servers().values(shared_field).annotate(kinds=Count(differing, distinct=True)).filter(kinds__gt=1)
    return servers().filter(**{f"{shared_field}__in": differs.values(shared_field)})


def with_another(others: QuerySet[Any], words: str) -> Servers:
    """Return the servers that have another one among the others, and name it."""
    another = others.exclude(pk=OuterRef("pk"))
    first = another.order_by("name", "pk").values("name")[:1]
    return servers().filter(Exists(another)).annotate(says=shared.named(words, Subquery(first)))


@rule("server_unused")
def unused() -> Servers:
    """Servers that no address is read through."""
    return servers().exclude(Exists(QueueAddress.objects.filter(server=OuterRef("pk"))))


@rule("server_name_twice")
def name_twice() -> Servers:
    """Servers with names that look the same."""
    names = servers().values("name_key").annotate(rows=Count("pk")).filter(rows__gt=1)
    return servers().filter(name_key__in=names.values("name_key"))


@rule("server_app_twice")
def app_twice() -> Servers:
    """Servers that are the same app in the same tenant, signed in to in the same way."""
    same = servers().filter(
        client_id=OuterRef("client_id"),
        tenant_id=OuterRef("tenant_id"),
        authentication_type=OuterRef("authentication_type"),
    )
    return with_another(same, "Also")


@rule("server_app_in_tenants")
def app_in_tenants() -> Servers:
    """Servers whose client ID is used with several tenants."""
    return of_several("client_id", "tenant_id")


@rule("server_tenant_in_clouds")
def tenant_in_clouds() -> Servers:
    """Servers whose tenant is used with several login addresses."""
    return of_several("tenant_id", "login_host").annotate(says=shared.named("Here", F("login_host")))


@rule("server_oauth_user")
def oauth_user() -> Servers:
    """Servers of the type OAuth User that addresses are read through."""
    return used().filter(authentication_type=AuthenticationType.OAUTH_USER)


@rule("secret_ended")
def secret_ended() -> Servers:
    """Servers whose secret has ended by its date."""
    return shared.ended(servers(), "secret_expires_on")


@rule("secret_ends_soon")
def secret_ends_soon() -> Servers:
    """Servers whose secret ends soon."""
    return shared.ends_soon(servers(), "secret_expires_on")


@rule("secret_without_date")
def secret_without_date() -> Servers:
    """Servers of whose secret nobody knows when it ends."""
    return services().filter(secret_expires_on__isnull=True)


@rule("secret_of_another_app")
def secret_of_another_app() -> Servers:
    """Servers whose secret is that of a server with another client ID."""
    return of_several("secret__fingerprint", "client_id").filter(secret__isnull=False)


@rule("secret_shared")
def secret_shared() -> Servers:
    """Servers of one app that hold the same secret."""
    same = servers().filter(
        secret__fingerprint=OuterRef("secret__fingerprint"), client_id=OuterRef("client_id"), secret__isnull=False
    )
    return with_another(same, "Also on")


@rule("secret_next_untested")
def next_untested() -> Servers:
    """Servers whose next secret nobody tested."""
    return shared.next_untested(servers())


@rule("secret_next_ends_first")
def next_ends_first() -> Servers:
    """Servers whose next secret ends no later than the one in use."""
    return shared.next_ends_first(servers(), "secret_expires_on")


@rule("secret_next_waits")
def next_waits() -> Servers:
    """Servers whose secret ends while the next one waits."""
    return shared.next_waits(servers(), "secret_expires_on")


@rule("secret_previous_overdue")
def previous_overdue() -> Servers:
    """Servers whose previous secret should be wiped by now."""
    return shared.previous_overdue(servers())


@rule("server_failing")
def failing() -> Servers:
    """Servers broken for more than a day."""
    return shared.failing(servers())


@rule("server_never_checked")
def never_checked() -> Servers:
    """Servers that no check has looked at."""
    return shared.never_checked(servers())


@rule("server_not_checked_lately")
def not_lately() -> Servers:
    """Servers that no check has looked at for long."""
    return shared.not_lately(servers())
