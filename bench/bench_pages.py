"""Pages at 1,000, 10,000 and 100,000 addresses, in three databases of one server, side by side in one run: how long
each takes by the size, and beside Django's own admin and the least page there can be; and how many queries it makes."""

import os
import statistics
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable

import django
from django.core.management import call_command

from bench.measure import ROUNDS, p95, report, seconds, tell

FEW, SOME, MANY = 1_000, 10_000, 100_000
PAGES = {
    "timeline": "/token-checks/address/{address}/history/",
    "timeline of 30 days": "/token-checks/address/{address}/history/?period=30d",
    "queue": "/queues/{queue}/",
    "secrets and impact": "/queues/impact/",
    "findings": "/findings/",
    "findings, one rule": "/findings/?rule=address_unlike_account",
    "start": "/",
}
MOST_QUERIES, MOST_TIMES, MOST_TIMES_OF_SEARCH, REPEATS = 12, 1.3, 3, 3
TIMES_OF_ADMIN, DEEP_TIMES_OF_ADMIN, MOST_TIMES_OF_BARE = 3, 10, 2.5
ROW = b"<tr data-href="
Open = Callable[[str], bytes]


def main() -> None:
    """Fill the databases, open each page in all of them by turns, and print the figures."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    django.setup()
    call_command("migrate", verbosity=0)
    from bench.crowd import crowd
    from bench.million import fill, use

    open_page = administrator()
    databases = {addresses: fill(addresses) for addresses in (FEW, SOME, MANY)}
    growth(open_page, databases)
    use(databases[MANY])
    beside_admin(open_page)
    crowd(databases[MANY], "/queues/")


def administrator() -> Open:
    """Return a function that opens a page as a signed-in superuser, and returns it."""
    from django.contrib.auth.models import Group
    from django.test import Client

    from configurator.accounts.models import User

    user = User.objects.create(username=f"bench-{uuid.uuid4().hex[:6]}")
    user.groups.set([Group.objects.get(name="Superuser")])
    client = Client()
    client.force_login(user)

    def open_page(path: str) -> bytes:
        answer = client.get(path, secure=True, headers={"host": "localhost"})
        assert answer.status_code == 200, path
        return answer.content

    return open_page


def growth(open_page: Open, databases: dict[int, str]) -> None:
    """Print what each page takes at the largest size, that by the smallest, and its queries."""
    from bench.lists import LISTS
    from bench.million import address, queue, use

    paths = {name: path.format(address=address(77), queue=queue(7)) for name, path in PAGES.items()}
    paths |= {f"{listed.name}, {kind}": path for listed in LISTS for kind, path in listed.ours()}
    times: dict[tuple[int, str], list[float]] = defaultdict(list)
    rows: dict[tuple[int, str], int] = {}
    for _ in range(ROUNDS):
        for addresses, database in databases.items():
            use(database)
            for name, path in paths.items():
                times[addresses, name] += times_of(open_page, path)
                rows[addresses, name] = open_page(path).count(ROW)
    for name, path in paths.items():
        for addresses in databases:
            tell(
                f"page: {name}, {addresses:,} addresses, median", 1000 * statistics.median(times[addresses, name]), "ms"
            )
            tell(f"page: {name}, {addresses:,} addresses, p95", 1000 * p95(times[addresses, name]), "ms")
        ratio = statistics.median(by_rounds(times[MANY, name], times[FEW, name]))
        most = MOST_TIMES_OF_SEARCH if "search" in name else MOST_TIMES
        few, many = rows[FEW, name], rows[MANY, name]
        if few < many:
            # The goal is that of two full pages: here the smaller one draws fewer rows.
            tell(f"page: {name}, {MANY:,} / {FEW:,} addresses, with {many} / {few} rows", ratio, "ratio")
        else:
            report(f"page: {name}, {MANY:,} / {FEW:,} addresses", ratio, "ratio", f"<= {most}")
        report(f"page: {name}, {MANY:,} addresses", queries(open_page, path), "queries", f"<= {MOST_QUERIES}")


def beside_admin(open_page: Open) -> None:
    """Print how much longer Django's admin takes for each kind of page, and how much less the least page."""
    from bench.lists import LISTS

    for listed in LISTS:
        for (kind, ours), (_, admins), (_, bare) in zip(listed.ours(), listed.admins(), listed.bare(), strict=True):
            rounds = [
                [statistics.median(times_of(open_page, path)) for path in (ours, admins, bare)] for _ in range(ROUNDS)
            ]
            goal = DEEP_TIMES_OF_ADMIN if kind == "deep page" else TIMES_OF_ADMIN
            times = statistics.median(admin / own for own, admin, _ in rounds)
            report(f"list: {listed.name}, {kind}, Django's admin / ours", times, "ratio", f">= {goal}")
            times = statistics.median(own / least for own, _, least in rounds)
            report(f"list: {listed.name}, {kind}, ours / bare", times, "ratio", f"<= {MOST_TIMES_OF_BARE}")
            times = statistics.median(admin / least for _, admin, least in rounds)
            tell(f"list: {listed.name}, {kind}, Django's admin / bare, the limit", times, "ratio")


def by_rounds(several: list[float], others: list[float]) -> Iterable[float]:
    """Return for each round its median by the other's."""
    for start in range(0, len(several), REPEATS):
        end = start + REPEATS
        yield statistics.median(several[start:end]) / statistics.median(others[start:end])


def times_of(open_page: Open, path: str) -> list[float]:
    """Return the seconds of some visits to the page, after one that is not counted."""
    open_page(path)
    return [seconds(lambda: open_page(path)) for _ in range(REPEATS)]


def median_of(open_page: Open, path: str) -> float:
    """Return the median seconds of some visits to the page."""
    return statistics.median(times_of(open_page, path))


def queries(open_page: Open, path: str) -> int:
    """Return how many queries the page makes."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as made:
        open_page(path)
    return len(made)


if __name__ == "__main__":
    main()
