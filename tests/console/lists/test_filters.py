"""The filters that several lists share: each keeps what it says."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from mailsettings.models import IncomingServer
from tests.people import TENANT, As, incoming, queue

SERVERS, QUEUES = "/e-mail-settings/incoming/", "/queues/"
pytestmark = pytest.mark.django_db

KEPT = {
    f"{SERVERS}?ends=0": {"ended"},
    f"{SERVERS}?ends=30": {"ended", "soon"},
    f"{SERVERS}?ends=unknown": {"undated"},
    f"{SERVERS}?tenant={TENANT[:8].upper()}": {"ended", "soon", "undated"},
    f"{SERVERS}?tenant=00000000": set(),
    f"{SERVERS}?checked=hour": {"ended", "soon"},
    f"{SERVERS}?checked=day": {"ended"},
    f"{SERVERS}?checked=never": {"undated"},
    f"{QUEUES}?enabled=true": {"german"},
    f"{QUEUES}?enabled=false": {"english"},
    f"{QUEUES}?language=DE": {"german"},
    f"{QUEUES}?language=de&enabled=false": set(),
}


def test_each_filter_keeps_what_it_says(signed_in: As) -> None:
    now, today = timezone.now(), timezone.localdate()
    for name, ends, checked in (
        ("ended", today - timedelta(days=1), now - timedelta(days=2)),
        ("soon", today + timedelta(days=20), now - timedelta(hours=2)),
        ("undated", None, None),
    ):
        server = incoming(name=name, secret_expires_on=ends)
        IncomingServer.objects.filter(pk=server.pk).update(checked_at=checked)
    queue(name="german", language="de")
    queue(name="english", language="en", enabled=False)
    client = signed_in("support")

    for path, names in KEPT.items():
        said = client.get(path).content.decode()
        assert set(re.findall(r'<a href="[^"]+/[0-9a-f-]{36}/">(\w+)</a>', said)) == names, path


def test_filters_that_are_folded_away_show_when_in_use(signed_in: As) -> None:
    client = signed_in("support")
    assert '<details class="more-filters">' in client.get(SERVERS).content.decode()
    assert '<details class="more-filters" open>' in client.get(f"{SERVERS}?checked=never").content.decode()
