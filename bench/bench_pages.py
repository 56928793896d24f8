"""Pages over 1,000,000 results of 100,000 addresses beside themselves over 10,000 of 1,000, in two databases of one
server, side by side: how long each takes by the other, and how many queries it makes."""

import os
import statistics
import uuid
from collections.abc import Callable

import django
from django.core.management import call_command

from bench.measure import ROUNDS, report, seconds

FEW, MANY = 1_000, 100_000
PAGES = {
    "timeline": "/token-checks/address/{address}/history/",
    "timeline of 30 days": "/token-checks/address/{address}/history/?period=30d",
    "what is watched": "/token-checks/",
    "what is watched, broken": "/token-checks/?status=broken",
    "single checks": "/token-checks/checks/",
    "queues": "/queues/",
    "queues, broken": "/queues/?status=broken",
    "queue": "/queues/{queue}/",
    "incoming servers": "/e-mail-settings/incoming/",
    "secrets and impact": "/queues/impact/",
    "findings": "/findings/",
    "findings, one rule": "/findings/?rule=address_unlike_account",
    "audit log": "/audit-log/",
    "start": "/",
}
MOST_QUERIES, MOST_TIMES, REPEATS = 12, 1.3, 5


def main() -> None:
    """Fill both databases, open each page in both by turns, and print the figures."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "configurator.settings")
    django.setup()
    call_command("migrate", verbosity=0)
    from bench.million import address, fill, queue, use

    open_page = administrator()
    names = {addresses: fill(addresses) for addresses in (FEW, MANY)}
    paths = {name: path.format(address=address(77), queue=queue(7)) for name, path in PAGES.items()}
    ratios: dict[str, list[float]] = {name: [] for name in paths}
    for _ in range(ROUNDS):
        times: dict[int, dict[str, float]] = {}
        for addresses, database in names.items():
            use(database)
            times[addresses] = {name: time_of(open_page, path) for name, path in paths.items()}
        for name, values in ratios.items():
            values.append(times[MANY][name] / times[FEW][name])
    for name, path in paths.items():
        ratio = statistics.median(ratios[name])
        report(f"page: {name}, 1,000,000 results / 10,000 results", ratio, "ratio", f"<= {MOST_TIMES}")
        report(f"page: {name}, 1,000,000 results", queries(open_page, path), "queries", f"<= {MOST_QUERIES}")


def administrator() -> Callable[[str], None]:
    """Return a function that opens a page as a signed-in superuser."""
    from django.contrib.auth.models import Group
    from django.test import Client

    from configurator.accounts.models import User

    user = User.objects.create(username=f"bench-{uuid.uuid4().hex[:6]}")
    user.groups.set([Group.objects.get(name="Superuser")])
    client = Client()
    client.force_login(user)

    def open_page(path: str) -> None:
        assert client.get(path, secure=True, headers={"host": "localhost"}).status_code == 200, path

    return open_page


def time_of(open_page: Callable[[str], None], path: str) -> float:
    """Return the median seconds of the page."""
    open_page(path)
    return statistics.median(seconds(lambda: open_page(path)) for _ in range(REPEATS))


def queries(open_page: Callable[[str], None], path: str) -> int:
    """Return how many queries the page makes."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as made:
        open_page(path)
    return len(made)


if __name__ == "__main__":
    main()
