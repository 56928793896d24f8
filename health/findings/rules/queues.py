"""The rules of e-mail queues."""

from django.db.models import CharField, Count, Exists, F, OuterRef, QuerySet
from django.db.models.functions import Cast

from configurator.status import Status
from health.findings.rules import shared
from health.findings.rules.registry import rule
from queues.models import NotDefined, Queue, QueueAddress

Queues = QuerySet[Queue]
DEFAULT_PRIORITY = 1
SECOND_MS = 1_000
FEW_KB = 200


def queues() -> Queues:
    """Return all queues."""
    return Queue.objects.order_by()


def addresses() -> QuerySet[QueueAddress]:
    """Return the addresses of the queue of the outer query."""
    return QueueAddress.objects.filter(queue=OuterRef("pk")).order_by()


@rule("queue_without_address")
def without_address() -> Queues:
    """Queues that no mail reaches."""
    return queues().exclude(Exists(addresses())).filter(enabled=True)


@rule("queue_off_with_addresses")
def off_with_addresses() -> Queues:
    """Queues that are not enabled, with addresses."""
    return queues().filter(Exists(addresses()), enabled=False)


@rule("queue_all_broken")
def all_broken() -> Queues:
    """Queues of whose addresses each is broken."""
    broken = queues().filter(enabled=True, status=Status.BROKEN)
    return broken.exclude(Exists(addresses().exclude(status=Status.BROKEN)))


@rule("queue_name_twice")
def name_twice() -> Queues:
    """Queues with names that look the same."""
    names = queues().values("name_key").annotate(rows=Count("pk")).filter(rows__gt=1)
    return queues().filter(name_key__in=names.values("name_key"))


@rule("queue_priority_overridden")
def priority_overridden() -> Queues:
    """Queues whose own priority is overridden by each address."""
    own = queues().exclude(priority=DEFAULT_PRIORITY).filter(Exists(addresses()))
    return own.exclude(Exists(addresses().filter(priority__isnull=True))).annotate(
        says=shared.named("Priority", Cast(F("priority"), CharField()))
    )


@rule("queue_language_overridden")
def language_overridden() -> Queues:
    """Queues whose language is overridden by each address."""
    own = queues().exclude(language="").filter(Exists(addresses()))
    return own.exclude(Exists(addresses().filter(extension_language=""))).annotate(
        says=shared.named("Queue Language", F("language"))
    )


@rule("queue_expiry_without_agent")
def expiry_without_agent() -> Queues:
    """Queues that say how long the Required Agent is waited for, and that there is none."""
    return queues().filter(required_agent=NotDefined.OFF, required_agent_expiry__isnull=False)


@rule("queue_timeout_in_seconds")
def timeout_in_seconds() -> Queues:
    """Queues whose timeout is shorter than a second."""
    short = queues().filter(pick_timeout_ms__gt=0, pick_timeout_ms__lt=SECOND_MS)
    return short.annotate(says=shared.named("Milliseconds:", Cast(F("pick_timeout_ms"), CharField())))


@rule("queue_size_in_megabytes")
def size_in_megabytes() -> Queues:
    """Queues that take no mail with an attachment."""
    small = queues().filter(max_email_kb__lt=FEW_KB)
    return small.annotate(says=shared.named("KB:", Cast(F("max_email_kb"), CharField())))
