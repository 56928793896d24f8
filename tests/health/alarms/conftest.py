"""Ways out of the console, to places that the tests look into."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from pytest_django import Settings

from configurator.vault.text import Secret
from health.alarms import services
from tests.health.alarms.receiver import Receiver

Told = Callable[[], list[Any]]
TO = ["it@contoso.example", "night@contoso.example"]


@pytest.fixture
def by_mail(settings: Settings) -> None:
    """Have alarms told by e-mail, into Django's box for tests."""
    settings.ALARM_MAIL_TO = TO
    settings.SITE_ADDRESS = "https://console.contoso.example"


@pytest.fixture
def told(by_mail: None) -> Told:
    """Return a function that lets the console look and deliver, and gives the mails since it was asked last."""

    def told() -> list[Any]:
        services.reconcile()
        services.deliver()
        mails = list(mail.outbox)
        mail.outbox.clear()
        return mails

    return told


@pytest.fixture
def receiver(tmp_path: Path, settings: Settings) -> Iterator[Receiver]:
    """Return an HTTPS server of this test's own that alarms are posted to."""
    with Receiver(tmp_path) as receiver:
        settings.ALARM_WEBHOOK_URL = Secret(receiver.url)
        settings.ENTRA_CA_FILE = receiver.ca_file
        yield receiver
