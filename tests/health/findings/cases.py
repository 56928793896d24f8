"""Each rule: what raises it, and what clears it again.

``raised`` makes an object that the rule holds for and returns it, through the services wherever they let it pass;
``cleared`` mends that object.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.health.findings.raised import (
    APP,
    MAILBOX,
    OTHER_TENANT,
    both_dates,
    broken_for,
    broken_queue,
    changing,
    complete,
    delete_addresses,
    delete_other,
    discard,
    elsewhere,
    first_of,
    follow,
    found_with,
    give_password,
    held,
    long_ago,
    mend_one,
    mended,
    next_of,
    of_user,
    off,
    off_with_senders,
    other_password,
    other_secret,
    overdue,
    overwrite,
    pass_next,
    plain,
    shared_secrets,
    sharing,
    switch,
    unchecked,
    wipe,
    with_values,
    without_password,
)
from tests.mailsettings.slots import day
from tests.people import address, incoming, outgoing, queue


@dataclass(frozen=True)
class Case:
    """One rule, and how it comes and goes."""

    rule: str
    raised: Callable[[], Any]
    cleared: Callable[[Any], object]

    def __str__(self) -> str:
        return self.rule


CASES = (
    Case("server_failing", lambda: broken_for(incoming()), mended),
    Case("secret_ended", lambda: incoming(secret_expires_on=day(-1)), changing(secret_expires_on=day(0))),
    Case("secret_ends_soon", lambda: incoming(secret_expires_on=day(30)), changing(secret_expires_on=day(31))),
    Case("secret_without_date", incoming, changing(secret_expires_on=day(300))),
    Case("secret_of_another_app", lambda: shared_secrets(client_id=uuid.uuid4()), other_secret),
    Case("secret_shared", shared_secrets, other_secret),
    Case("secret_next_waits", lambda: next_of(incoming(secret_expires_on=day(14))), switch),
    Case("secret_next_untested", lambda: next_of(incoming()), pass_next),
    Case("secret_next_ends_first", both_dates(incoming, "secret_expires_on"), discard),
    Case("secret_previous_overdue", lambda: overdue(incoming()), wipe),
    Case(
        "server_app_in_tenants",
        lambda: first_of(incoming(client_id=APP), incoming(client_id=APP, tenant_id=OTHER_TENANT)),
        delete_other,
    ),
    Case(
        "server_tenant_in_clouds",
        lambda: first_of(incoming(), incoming(login_host="login.microsoftonline.us")),
        delete_other,
    ),
    Case("server_app_twice", lambda: first_of(incoming(client_id=APP), incoming(client_id=APP)), delete_other),
    Case("server_name_twice", lambda: first_of(incoming(name="One"), incoming(name="one")), changing(name="Two")),
    Case("server_unused", incoming, lambda server: address(server=server)),
    Case("server_oauth_user", lambda: of_user().server, delete_addresses),
    Case("server_never_checked", lambda: unchecked(incoming()), mended),
    Case("server_not_checked_lately", lambda: long_ago(incoming()), mended),
    Case("outgoing_failing", lambda: broken_for(outgoing()), mended),
    Case("outgoing_secret_ended", lambda: outgoing(password_expires_on=day(-1)), changing(password_expires_on=day(0))),
    Case(
        "outgoing_secret_ends_soon",
        lambda: outgoing(password_expires_on=day(30)),
        changing(password_expires_on=day(31)),
    ),
    Case("outgoing_secret_without_date", outgoing, changing(password_expires_on=day(300))),
    Case("outgoing_off_with_senders", off_with_senders, changing(enabled=True)),
    Case("outgoing_incomplete", lambda: off(server_user=None), complete),
    Case("outgoing_tenant_differs", elsewhere, lambda _: incoming(tenant_id=OTHER_TENANT)),
    Case("outgoing_secret_shared", sharing, other_password),
    Case("outgoing_next_waits", lambda: next_of(outgoing(password_expires_on=day(14))), switch),
    Case("outgoing_next_untested", lambda: next_of(outgoing()), pass_next),
    Case("outgoing_next_ends_first", both_dates(outgoing, "password_expires_on"), discard),
    Case("outgoing_previous_overdue", lambda: overdue(outgoing()), wipe),
    Case("outgoing_never_checked", lambda: unchecked(outgoing()), mended),
    Case("outgoing_not_checked_lately", lambda: long_ago(outgoing()), mended),
    Case("queue_without_address", queue, lambda home: address(queue=home)),
    Case("queue_off_with_addresses", lambda: held(queue=queue(enabled=False)), changing(enabled=True)),
    Case("queue_all_broken", broken_queue, mend_one),
    Case("queue_name_twice", lambda: first_of(queue(name="Sales"), queue(name="S\u0430LES")), changing(name="Other")),
    Case("queue_priority_overridden", lambda: with_values(priority=5), follow),
    Case("queue_language_overridden", lambda: with_values(language="de"), follow),
    Case(
        "queue_expiry_without_agent",
        lambda: queue(required_agent=0, required_agent_expiry=60),
        changing(required_agent_expiry=None),
    ),
    Case("queue_timeout_in_seconds", lambda: queue(pick_timeout_ms=120), changing(pick_timeout_ms=120_000)),
    Case("queue_size_in_megabytes", lambda: queue(max_email_kb=25), changing(max_email_kb=25_600)),
    Case("address_without_password", without_password, give_password),
    Case("address_failing", lambda: broken_for(plain()), mended),
    Case("address_may_not_send", lambda: found_with("send_role_missing", sender=True), changing(sender=False)),
    Case("address_domain_elsewhere", lambda: found_with("domain_in_other_tenant"), mended),
    Case("address_twice", lambda: first_of(address(address="Box+a@contoso.example"), plain()), delete_other),
    Case(
        "address_strange_sign",
        lambda: overwrite(plain(), account=f"{MAILBOX}\u200b"),
        lambda row: overwrite(row, account=MAILBOX),
    ),
    Case("address_unlike_account", lambda: plain(account="anna@contoso.example"), changing(account=MAILBOX.upper())),
    Case(
        "address_account_twice",
        lambda: first_of(plain(), address(account=MAILBOX.title())),
        changing(account="anna@contoso.example"),
    ),
    Case(
        "address_earlier_sender",
        lambda: plain(sender=True, earlier_sender="box@fabrikam.example"),
        changing(earlier_sender=""),
    ),
    Case("address_never_checked", lambda: unchecked(plain()), mended),
    Case("address_not_checked_lately", lambda: long_ago(plain()), mended),
)
