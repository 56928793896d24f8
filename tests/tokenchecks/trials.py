"""What a person types to have it checked before it is saved, at the demo tenant's door, and the runs of that."""

from typing import Any

from django.test import Client
from django.urls import reverse

from configurator.vault.models import SealedSecret
from demo.seed import first_steps
from demo.server import DemoTenant
from tokenchecks.models import CheckRun, Purpose
from tokenchecks.worker.check import perform_run

WRONG = "a~secret~that~nobody~ever~gave~out~12345"


def server_typed(tenant: DemoTenant, **values: Any) -> dict[str, Any]:
    """Return an OAuth Service server as it is typed; it works unless the values say otherwise."""
    steps = first_steps(tenant.world)
    return {
        "name": "Fjordlys",
        "address": steps["address"],
        "authentication_type": "oauth_service",
        "client_id": steps["client_id"],
        "secret": steps["secret"],
    } | values


def outgoing_typed(tenant: DemoTenant, **values: Any) -> dict[str, Any]:
    """Return the outgoing server as it is typed; it works unless the values say otherwise."""
    steps = first_steps(tenant.world)
    return {
        "enabled": "on",
        "tenant": steps["outgoing_tenant"],
        "authentication_type": "oauth_service",
        "server_user": steps["outgoing_client_id"],
        "set_password": "on",
        "password": steps["outgoing_secret"],
    } | values


def user_server(tenant: DemoTenant) -> dict[str, Any]:
    """Return an OAuth User server's columns."""
    steps = first_steps(tenant.world)
    return {
        "tenant_id": steps["tenant"],
        "client_id": steps["user_client_id"],
        "authentication_type": "oauth_user",
    }


def user_typed(tenant: DemoTenant, server: Any, **values: Any) -> dict[str, Any]:
    """Return an address on an OAuth User server as it is typed; it works unless the values say otherwise."""
    steps = first_steps(tenant.world)
    account = steps["user_account"]
    typed = {"address": account, "account": account, "server": server.pk, "password": steps["user_password"]}
    return typed | values


def press(client: Client, url_name: str, /, *about: Any, **typed: Any) -> Any:
    """Press Check before save and return the page."""
    return client.post(reverse(f"tokenchecks:{url_name}", args=about), typed)


def performed(answer: Any) -> CheckRun:
    """Perform the trial that the page shows, in this process."""
    run: CheckRun = answer.context["trial"].panel.run
    perform_run(run.pk)
    run.refresh_from_db()
    return run


def stage(run: CheckRun, name: str) -> dict[str, Any]:
    """Return the stage of that name."""
    found: dict[str, Any] = next(item for item in run.progress if item["stage"] == name)
    return found


def sealed() -> int:
    """Return how many secrets lie in the vault."""
    return SealedSecret.objects.count()


def only(purpose: Purpose) -> CheckRun:
    """Return the one run of that purpose."""
    return CheckRun.objects.select_related("told").get(purpose=purpose)


def perform_only(purpose: Purpose) -> CheckRun:
    """Perform it in this process."""
    perform_run(only(purpose).pk)
    return only(purpose)


def stored(tenant: DemoTenant) -> dict[str, Any]:
    """Return the columns of a stored server that works."""
    steps = first_steps(tenant.world)
    return {"tenant_id": steps["tenant"], "client_id": steps["client_id"], "secret": steps["secret"]}


def perform_here(run: CheckRun) -> None:
    """Perform a queued run in this process."""
    perform_run(run.pk)
    run.refresh_from_db()
