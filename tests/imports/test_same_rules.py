"""The import's verdict is the form's, row by row, over every rule of the forms; only secrets are not in files."""

from typing import Any

import pytest

from configurator.console.objects.forms import RecordForm
from imports.kinds import KINDS
from imports.kinds.other_servers import is_other_type
from imports.reading.columns import MASKED
from mailsettings.forms import IncomingServerForm
from mailsettings.identifiers.guids import looks_like_secret
from mailsettings.models import IncomingServer
from queues.forms import AddressForm, QueueForm
from queues.models import Queue, QueueAddress
from queues.validators import canonical_address
from tests.imports.files import looked_at, rows_of, tab
from tests.mailsettings.typed import INCOMING
from tests.people import TENANT, address, incoming, outgoing, queue
from tests.queues.typed import QUEUE
from tests.rules import Rule, every_rule

pytestmark = pytest.mark.django_db
ROW = "Row"
SECRET_FIELDS = ("secret", "password")


def rules(*screens: str) -> list[Rule]:
    """Return the rules of the screens whose typed values a file can hold."""
    found = (rule for _, rule in every_rule() if rule.place.screen in screens)
    return [
        rule
        for rule in found
        if not any(rule.typed.get(name) for name in SECRET_FIELDS) and "version" not in rule.typed
    ]


def verdicts(kind: str, rows: list[dict[str, str]]) -> list[list[tuple[str, str]]]:
    """Return the messages of each row, with the columns that they stand beside."""
    labels = sorted({label for row in rows for label in row})
    found = looked_at(kind, tab(labels, *([row.get(label, "") for label in labels] for row in rows)))
    assert found.rows == len(rows), found.said
    return [sorted((column, message) for column, message in row.errors) for row in rows_of(found)]


def said(form: RecordForm, kind: str) -> list[tuple[str, str]]:
    """Return the messages of the form, with the columns of their fields."""
    labels = KINDS[kind].labels
    return sorted((labels.get(name, ROW), str(text)) for name, texts in form.errors.items() for text in texts)


def texts(form: list[tuple[str, str]]) -> list[str]:
    """Return the messages alone."""
    return [text for _, text in form]


def test_queues() -> None:
    # A blank of something new says nothing in a file: it is as the form begins.
    begun = ("priority", "queue_size", "pick_timeout_ms")
    cases = [case for case in rules("Queues") if not any(case.typed.get(name) == "" for name in begun)]
    typed = [QUEUE | case.typed for case in cases]
    labels = KINDS["queue"].labels
    rows = [{labels[name]: text for name, text in row.items() if name != "enabled"} for row in typed]

    forms = [said(QueueForm(row, instance=Queue()), "queue") for row in typed]
    # Two rows of one name are one queue to an import, and two to the form.
    assert verdicts("queue", [row | {"Id": f"{number:032x}"} for number, row in enumerate(rows, 1)]) == forms
    assert sum((case.message in texts(form)) for case, form in zip(cases, forms, strict=True)) > 30


def test_addresses() -> None:
    cases, seen = [], set[str]()
    for known in rules("Queues: Numbers/Addresses"):
        # The same address twice in one file is refused the second time, whatever the form says of each.
        key = canonical_address(known.typed.get("address", ""))
        if "address" not in known.typed or key not in seen:
            cases.append(known)
        seen.add(key)
    home, service = queue(name="Support"), incoming()
    user = incoming(name="Personal boxes", authentication_type="oauth_user")
    address(address="taken@contoso.example", queue=queue(name="Elsewhere"))
    more: list[dict[str, str]] = [
        {"address": "TAKEN@Contoso.example"},
        {"address": "täken@contoso.example"},
        {"server": str(user.pk)},
        {"account": "someone@else.example", "priority": "007"},
    ]
    labels = KINDS["address"].labels | {"server": "E-Mail Server Id"}
    forms, rows = [], []
    for number, case in enumerate([case.typed for case in cases] + more):
        box = f"row{number}@contoso.example"
        typed: dict[str, Any] = {"address": box, "account": box, "server": str(service.pk)} | case
        forms.append(said(AddressForm(typed, instance=QueueAddress(queue=home)), "address"))
        rows.append(
            {"Queue": "Support"} | {labels[name]: str(text) for name, text in typed.items() if name != "password"}
        )

    assert verdicts("address", rows) == forms
    assert sum((case.message in texts(form)) for case, form in zip(cases, forms, strict=False)) > 25
    assert forms[-4][0][1].startswith("taken@contoso.example is already on the queue Elsewhere")
    assert forms[-1] == []


def test_servers() -> None:
    cases = rules("Incoming Mail Servers")
    outgoing()
    other = incoming(name="Other", tenant_id="1b671a64-40d5-491e-99b0-da01ff1f3341")
    swapped = {"address": f"https://login.microsoftonline.com/{other.client_id}", "client_id": str(other.tenant_id)}
    labels = KINDS["incoming_server"].labels
    forms, rows, kept = [], [], []
    start = INCOMING | {"authentication_type": "oauth_user", "secret": ""}
    for number, case in enumerate([*(case.typed for case in cases), swapped], 1):
        typed = start | case
        pasted = any(looks_like_secret(typed[name]) for name in ("address", "client_id"))
        # Of a server without OAuth an import says more than the form, which offers no such type.
        if is_other_type(typed["authentication_type"]):
            continue
        if pasted or {"confirm_impact", "confirm_wipe", "next_secret"} & case.keys():
            continue
        kept.append(number)
        forms.append(said(IncomingServerForm(typed, instance=IncomingServer()), "incoming_server"))
        row = {labels[name]: text for name, text in typed.items() if name in labels and name != "secret"}
        rows.append(row | {"Id": f"{number:032x}"})

    assert verdicts("incoming_server", rows) == forms
    met = sum(
        cases[number - 1].message in texts(form)
        for number, form in zip(kept, forms, strict=True)
        if number <= len(cases)
    )
    assert met > 40
    assert "look swapped" in forms[-1][0][1]


def test_a_masked_secret_is_nothing() -> None:
    assert all(MASKED.fullmatch(text) for text in ("", "••••", "****", "set", " ", "[secret]"))
    assert not any(MASKED.fullmatch(text) for text in ("abc***", "Passw0rd", "setting", TENANT))
