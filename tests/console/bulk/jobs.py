"""Jobs as people begin them."""

from typing import Any

from django.test import Client
from django.urls import reverse

from configurator.accounts.actor import Actor
from configurator.accounts.models import QueueGroup
from configurator.console.bulk import services
from configurator.console.bulk.actions import LISTS, BulkAction
from configurator.console.bulk.models import BulkJob, Outcome
from tests.people import person

MODELS = {
    "queues": "queues",
    "servers": "incoming-servers",
    "addresses": "addresses-of-queue",
    "all addresses": "addresses",
}
# What is typed for each field that an action asks for.
TYPED = {"priority": "9", "language": "fr", "extension_language": "fr"}
Told = list[tuple[str, str, str]]


def actor(name: str = "admin") -> Actor:
    """Return the person of that name as services know him."""
    return Actor.of(person(name), "request-1")


def asked_by(action: BulkAction, server: Any) -> dict[str, Any]:
    """Return something to enter for each field that the action asks for."""
    names = action.form_class.base_fields if action.form_class else {}
    made = {"server": server, "group": QueueGroup.objects.get_or_create(name="West")[0]}
    return {name: made[name] if name in made else TYPED[name] for name in names}


def begun(what: str, key: str, *rows: Any, query: str = "", by: str = "admin", **typed: Any) -> BulkJob:
    """Begin an action with the rows, or with all that the query finds, and enter what it asks."""
    of = LISTS[MODELS[what]]
    action = of.action(key)
    assert action is not None
    picked = [row.pk for row in rows] or None
    job = services.begin(actor=actor(by), rows=of, action=action, picked=picked, query=query, back="/back/")
    if typed:
        typed = {name: str(getattr(value, "pk", value)) for name, value in typed.items()}
        services.enter_values(actor=actor(by), job=job, typed=typed)
    return job


def done(job: BulkJob) -> BulkJob:
    """Confirm the job as the one who began it, and return it as it is then."""
    services.confirm(actor=actor(job.user.username), job=job)
    return job


def told(job: BulkJob) -> Told:
    """Return of each row the outcome, what was before, and what comes after or why it is refused."""
    rows = job.rows.order_by("position")
    return [(Outcome(row.outcome).name.lower(), row.before, row.reason or row.after) for row in rows]


def post(client: Client, what: str, key: str, **sent: Any) -> Any:
    """Press the button of the action with these rows ticked."""
    return client.post(reverse("bulk:begin", args=[MODELS[what], key]), sent)
