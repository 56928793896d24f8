"""The demo's directory: two organisations with apps, accounts, mailboxes; secrets drawn at random."""

import secrets
import string
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from demo import names
from demo.world import Account, App, AppSecret, Mailbox, Tenant, World

MAIL = ("Mail.ReadWrite", "Mail.Send")
ALPHABET = f"{string.ascii_letters}{string.digits}~_-."


def world() -> World:
    known = World()
    _halden(known.add(Tenant(names.HALDEN, "Halden Energie", list(names.HALDEN_DOMAINS))))
    _fjordlys(known.add(Tenant(names.FJORDLYS, "Fjordlys Kundesenter", ["fjordlys.example"], region="EU")))
    return known


def new_secret(*, days: int) -> AppSecret:
    """A client secret in Entra's form; days may be negative."""
    value = f"{_draw(3)}8Q~{_draw(34)}"
    return AppSecret(value, str(uuid4()), datetime.now(UTC).replace(microsecond=0) + timedelta(days=days))


def _draw(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def _app(client_id: str, name: str, *, days: int | None = None, roles: tuple[str, ...] = ()) -> App:
    held = [] if days is None else [new_secret(days=days)]
    return App(client_id, name, str(uuid4()), held, list(roles))


def _public(client_id: str, name: str, *, consented: bool = True) -> App:
    app = App(client_id, name, str(uuid4()), delegated=[*MAIL, "User.Read"], consented=consented)
    app.public_client_flows = True
    return app


def _account(upn: str, *, mfa: bool = False) -> Account:
    return Account(upn, f"{_draw(15)}a7", str(uuid4()), mfa=mfa)


def _shared(address: str, number: int, *, state: str = "ready") -> Mailbox:
    return Mailbox(address, state=state, total=40 + 17 * number, unread=number % 9)


def _halden(tenant: Tenant) -> None:
    tenant.add(
        _app(names.SERVICE_APP, "Contact Centre Mail", days=412, roles=MAIL),
        _app(names.OUTGOING_APP, "Contact Centre Mail Sender", days=398, roles=("Mail.Send", "Application.Read.All")),
        _app(names.SALES_APP, "Contact Centre Sales", days=-9, roles=MAIL),
        _app(names.FAULTS_APP, "Contact Centre Fault Reports", days=200, roles=MAIL),
        _app(names.BILLING_APP, "Contact Centre Billing", days=87),
        _app(names.NORDLICHT_APP, "Contact Centre Nordlicht", days=240, roles=MAIL),
        _public(names.USER_APP, "Contact Centre Personal Mailboxes"),
    )
    tenant.add(*(_shared(address, number) for number, address in enumerate(names.SHARED_MAILBOXES)))
    tenant.mailboxes[names.UNLICENSED].state = "unlicensed"
    for upn, mfa in names.USERS.items():
        tenant.add(_account(upn, mfa=mfa), Mailbox(upn, owner=upn, total=83, unread=4))


def _fjordlys(tenant: Tenant) -> None:
    tenant.add(
        _app(names.FIRST_APP, "Contact Centre Mail", days=365, roles=MAIL),
        _app(names.FIRST_OUTGOING_APP, "Contact Centre Mail Sender", days=365, roles=("Mail.Send",)),
        _public(names.FIRST_USER_APP, "Contact Centre Personal Mailboxes"),
        _account(names.FIRST_ACCOUNT),
        _shared(names.FIRST_MAILBOX, 3),
        Mailbox(names.FIRST_ACCOUNT, owner=names.FIRST_ACCOUNT, total=12, unread=1),
    )


def first_steps(known: World) -> dict[str, str]:
    """What a new administrator could type in to see OK: an organisation that is not in the console."""
    tenant = known.tenant(names.FJORDLYS)
    if tenant is None:
        return {}
    account = tenant.accounts[names.FIRST_ACCOUNT]
    return {
        "address": f"https://login.microsoftonline.com/{tenant.id}",
        "tenant": tenant.id,
        "client_id": names.FIRST_APP,
        "secret": tenant.apps[names.FIRST_APP].secrets[0].value,
        "secret_expires_on": tenant.apps[names.FIRST_APP].secrets[0].expires.date().isoformat(),
        "mailbox": names.FIRST_MAILBOX,
        "account": names.FIRST_MAILBOX,
        "outgoing_tenant": tenant.id,
        "outgoing_client_id": names.FIRST_OUTGOING_APP,
        "outgoing_secret": tenant.apps[names.FIRST_OUTGOING_APP].secrets[0].value,
        "user_client_id": names.FIRST_USER_APP,
        "user_account": account.upn,
        "user_password": account.password,
    }
