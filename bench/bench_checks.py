"""Checks a second: through the engine, through a whole worker with its database, and in a sweep of 10,000 addresses.

Beside them, in the same rounds: a bare keep-alive client that sends the same token requests (the limit), and msal as
its first example uses it, with a new application and session for each check.
"""

import os
import statistics
import sys
import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import django

from bench.measure import ROUNDS, report
from bench.peers import (
    DOCUMENT,
    Place,
    Request,
    bare,
    mailbox_request,
    naive,
    secret_of,
    token_request,
    token_server,
)
from bench.token_server import LOGIN, TENANT
from configurator.vault.text import Secret
from tokenchecks.engine.microsoft.batch_cache import SharedGateway
from tokenchecks.engine.microsoft.entra import Gateway
from tokenchecks.engine.stages import check
from tokenchecks.engine.subject import Subject

THREADS = 16
CHECKS = 1000
NAIVE_CHECKS = 24
SLOW_CHECKS = 320
ADDRESSES, APPS = 10_000, 50
SWEEPS = 10
WORKERS = 2


def seconds(act: Callable[[], object]) -> float:
    """Return how long the act took."""
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin


def subject_of(client_id: str) -> Subject:
    """Return a server that signs in as that app."""
    return Subject(
        kind="incoming",
        name="bench",
        login_host=LOGIN,
        tenant=TENANT,
        client_id=client_id,
        authentication_type="oauth_service",
        secret=Secret(secret_of(client_id)),
    )


def engine(place: Place) -> Callable[[Sequence[str]], None]:
    """Return what checks a server of each app as a batch does: side by side, over one shared gateway."""
    gateway = Gateway(place.connect_to, place.ca_file)
    pool = ThreadPoolExecutor(THREADS)

    def act(apps: Sequence[str]) -> None:
        shared = SharedGateway(gateway)
        for outcome in pool.map(lambda app: check.run(subject_of(app), shared), apps):
            assert outcome.status == "ok", outcome

    return act


def msal_alone(place: Place) -> Callable[[Sequence[str]], None]:
    """Return what asks for each app's token through msal over the engine's connections, and does nothing else."""
    gateway = Gateway(place.connect_to, place.ca_file)
    pool = ThreadPoolExecutor(THREADS)

    def act(apps: Sequence[str]) -> None:
        document = gateway.discover(LOGIN, TENANT)
        for _ in pool.map(lambda app: gateway.service_token(subject_of(app), document), apps):
            pass

    return act


def apps(count: int) -> list[str]:
    """Return so many new client IDs."""
    return [str(uuid.uuid4()) for _ in range(count)]


def measure_engine() -> None:
    """Engine beside the limit and the usual way, answers at once; msal alone tells what is left of the limit for it."""
    with token_server() as place:
        ours, limit, usual, alone = engine(place), bare(place, THREADS), naive(place), msal_alone(place)
        pool = ThreadPoolExecutor(THREADS)
        rounds = []
        for _ in range(ROUNDS + 1):
            ids = apps(CHECKS)
            requests = [token_request(app) for app in ids]
            rounds.append(
                (
                    CHECKS / seconds(lambda ids=ids: ours(ids)),  # type: ignore[misc]  # bound in the loop
                    CHECKS / seconds(lambda requests=requests: limit(requests)),  # type: ignore[misc]
                    NAIVE_CHECKS / seconds(lambda ids=ids: list(pool.map(usual, ids[:NAIVE_CHECKS]))),  # type: ignore[misc]
                    CHECKS / seconds(lambda ids=ids: alone(ids)),  # type: ignore[misc]
                )
            )
        rounds = rounds[1:]  # the first warms up
    report("checks: engine", statistics.median(row[0] for row in rounds), "checks/s", ">= 100")
    report("checks: engine / bare", statistics.median(row[0] / row[1] for row in rounds), "ratio", ">= 0.5")
    report("checks: msal alone / bare", statistics.median(row[3] / row[1] for row in rounds), "ratio", ">= 0.5")
    report("checks: engine / naive", statistics.median(row[0] / row[2] for row in rounds), "ratio", ">= 30")


def measure_latency() -> None:
    """Engine beside the limit when each answer takes 150 ms, with as many at once."""
    with token_server(150) as place:
        ours, limit = engine(place), bare(place, THREADS)
        ratios = []
        for _ in range(ROUNDS + 1):
            ids = apps(SLOW_CHECKS)
            requests = [token_request(app) for app in ids]
            bare_seconds = seconds(lambda requests=requests: limit(requests))  # type: ignore[misc]  # bound in the loop
            ratios.append(bare_seconds / seconds(lambda ids=ids: ours(ids)))  # type: ignore[misc]
    report("checks: engine / bare at 150 ms", statistics.median(ratios[1:]), "ratio", ">= 0.9")


def measure_worker() -> None:
    """A Celery worker process with its database, which checks servers."""
    from bench.worker import Bench

    with token_server() as place, Bench(place, THREADS) as bench:
        limit = bare(place, THREADS)
        ids = bench.fill_servers(CHECKS)
        requests = [token_request(app) for app in ids]
        rows = [(bench.sweep(), seconds(lambda: limit(requests))) for _ in range(ROUNDS + 1)][1:]
        report("checks: worker", statistics.median(CHECKS / row[0] for row in rows), "checks/s", ">= 50")
        report("checks: worker / bare", statistics.median(row[1] / row[0] for row in rows), "ratio", ">= 0.25")


def measure_sweep() -> None:
    """Sweeps of 10,000 addresses on 50 apps: by one worker process, and by one for each core of a small machine."""
    from bench.worker import Bench

    with token_server() as place:
        for workers, sweeps in ((1, SWEEPS), (WORKERS, ROUNDS)):
            with Bench(place, THREADS, workers) as bench:
                limit = bare(place, THREADS)
                ids = bench.fill_addresses(ADDRESSES, APPS)
                same: list[Request] = [Request("GET", DOCUMENT), *map(token_request, ids)]
                same += [mailbox_request(address) for address in bench.addresses]
                ratios, tokens, memory = [], [], []
                for _ in range(sweeps):
                    before = place.counts()["tokens"]
                    taken = bench.sweep()
                    tokens.append(place.counts()["tokens"] - before)
                    memory.append(bench.memory())
                    ratios.append(taken / seconds(lambda: limit(same)))  # noqa: B023  called at once
            by = f"sweep of 10,000, {workers} worker{'s' * (workers > 1)}"
            report(f"{by}: token requests at most", max(tokens), "requests", f"<= {APPS}")
            report(f"{by}: time / bare with the same requests", statistics.median(ratios), "ratio", "<= 3")
            if workers == 1:
                report("worker's memory after 100,000 checks / after 10,000", memory[-1] / memory[0], "ratio", "<= 1.2")


def main() -> None:
    """Print the figures."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "configurator.settings")
    django.setup()
    for measure in (measure_engine, measure_latency, measure_worker, measure_sweep):
        if len(sys.argv) == 1 or measure.__name__.removeprefix("measure_") in sys.argv[1:]:
            measure()


if __name__ == "__main__":
    main()
