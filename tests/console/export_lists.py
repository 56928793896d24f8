"""Each list that can be taken away, and in which formats."""

from django.urls import reverse

from tests.console.exported import READERS

FORMATS = tuple(READERS)
# Each list, and whether SC's own format is offered.
LISTS = {
    "mailsettings:incoming_list": True,
    "queues:queue_list": True,
    "queues:address_export": True,
    "queues:secret_list": False,
    "tokenchecks:standing_list": False,
    "tokenchecks:run_list": False,
    "tokenchecks:risk_list": False,
    "tokenchecks:address_list": True,
    "alarms:list": False,
    "findings:list": False,
    "console:audit_log": False,
    "console:user_list": False,
    "console:queue_group_list": False,
}
OFFERED = [(name, item) for name, own in LISTS.items() for item in FORMATS if own or item != "tab"]
LIST, QUEUES, ADDRESSES = (reverse(name) for name in list(LISTS)[:3])
