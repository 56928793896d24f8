"""The rules of the addresses of queues."""

from django.db.models import CharField, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Lower

from configurator.signs.tables import INVISIBLE
from health.findings.rules import shared
from health.findings.rules.registry import rule
from mailsettings.models import AuthenticationType
from queues.models import QueueAddress

# In PostgreSQL's words: what is not seen and full-width forms anywhere, and before the @ all that is not ASCII.
STRANGE = rf"[{''.join(sorted(INVISIBLE))}\uff01-\uff5e]|[^ -~].*@"
Addresses = QuerySet[QueueAddress]


def addresses() -> Addresses:
    """Return all addresses."""
    return QueueAddress.objects.order_by()


def read() -> Addresses:
    """Return those on an enabled queue."""
    return addresses().filter(queue__enabled=True)


@rule("address_without_password")
def without_password() -> Addresses:
    """Addresses of OAuth User without a password that can be used."""
    return addresses().filter(server__authentication_type=AuthenticationType.OAUTH_USER, password__isnull=True)


@rule("address_twice")
def twice() -> Addresses:
    """Addresses that lead to the mailbox of another one: what follows a + is no part of a mailbox's name."""
    bare = Func(F("address_key"), Value(r"\+[^@]*@"), Value("@"), function="regexp_replace", output_field=CharField())
    tagged = addresses().annotate(bare=bare).filter(address_key__contains="+")
    same = QueueAddress.objects.filter(address_key=OuterRef("bare"))
    first = same.values("address")[:1]
    return tagged.filter(Exists(same)).annotate(says=shared.named("The mailbox of", Subquery(first)))


@rule("address_strange_sign")
def strange_sign() -> Addresses:
    """Addresses with a sign that no form takes any more; of a domain the unseen and the full-width ones are found."""
    return addresses().filter(Q(address__regex=STRANGE) | Q(account__regex=STRANGE))


@rule("address_unlike_account")
def unlike_account() -> Addresses:
    """Addresses whose account is called otherwise."""
    other = addresses().annotate(lower=Lower("account")).exclude(lower=F("address_key"))
    # An address outside of ASCII is compared in a form that the database does not know.
    return other.filter(address__regex=r"^[ -~]*$").annotate(says=shared.named("Account", F("account")))


@rule("address_account_twice")
def account_twice() -> Addresses:
    """Addresses that share an account."""
    others = QueueAddress.objects.alias(lower=Lower("account")).filter(lower=Lower(OuterRef("account")))
    shared_account = addresses().filter(Exists(others.exclude(pk=OuterRef("pk"))))
    return shared_account.annotate(says=shared.named("Account", F("account")))


@rule("address_may_not_send")
def may_not_send() -> Addresses:
    """Addresses whose account is to be a sender, of which the last check says that the app may not send."""
    causes = ("sender_role_missing", "outgoing_role_missing", "send_role_missing", "send_as_denied", "send_refused")
    return addresses().filter(shared.found("address", *causes), sender=True)


@rule("address_earlier_sender")
def earlier_sender() -> Addresses:
    """Addresses whose Sender named another address than the account, while it was a text."""
    return addresses().exclude(earlier_sender="").annotate(says=shared.named("Sender was", F("earlier_sender")))


@rule("address_domain_elsewhere")
def domain_elsewhere() -> Addresses:
    """Addresses whose domain the last check found in another tenant, or in none."""
    return addresses().filter(
        shared.found("address", "domain_in_other_tenant", "tenant_wrong", "mailbox_domain_unowned")
    )


@rule("address_failing")
def failing() -> Addresses:
    """Addresses broken for more than a day."""
    return shared.failing(addresses())


@rule("address_never_checked")
def never_checked() -> Addresses:
    """Addresses that no check has looked at."""
    return shared.never_checked(read())


@rule("address_not_checked_lately")
def not_lately() -> Addresses:
    """Addresses that no check has looked at for long."""
    return shared.not_lately(read())
