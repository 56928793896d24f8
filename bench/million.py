"""Databases with many checked addresses, filled by the server itself: rows like one that the models made."""

import uuid
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from configurator.accounts.actor import Actor
from configurator.audit.services import record
from health.findings.models import Finding
from mailsettings.models import IncomingServer
from queues.models import Queue, QueueAddress
from tokenchecks.engine.results import STAGES, StageResult
from tokenchecks.models import CheckResult, CheckRun, Span, Watch
from tokenchecks.subjects.transcript import stage_as_stored

OF_SERVER = 500  # addresses
OF_QUEUE = 10
FULL_PAGE = 60  # servers and queues at least, so that each list shows a full page at every size
RESULTS = 10  # of each address
EDITS = 10
# The n-th row's state: one in ten is broken, one in nine warned of.
STATUS = "CASE WHEN {n} % 10 = 0 THEN 'broken' WHEN {n} % 9 = 0 THEN 'warning' ELSE 'ok' END"
CAUSE = "CASE WHEN {n} % 10 = 0 THEN 'secret_expired' WHEN {n} % 9 = 0 THEN 'claims_missing' ELSE '' END"
CODE = "CASE WHEN {n} % 10 = 0 THEN 'AADSTS7000222' ELSE '' END"
AGO = "now() - {n} * interval '1 second'"
# The n-th of all results: of which address it is, and which of its ten.
OWNER, TURN = f"((n - 1) / {RESULTS} + 1)", f"((n - 1) % {RESULTS})"


def key(kind: str, n: str = "n") -> str:
    """Return SQL for the id of the n-th row of a kind, a hex digit."""
    return f"('{kind}0000000-0000-4000-8000-' || lpad(to_hex({n}), 12, '0'))::uuid"


def address(number: int) -> uuid.UUID:
    """Return the id of an address."""
    return uuid.UUID(f"a0000000-0000-4000-8000-{number:012x}")


def queue(number: int) -> uuid.UUID:
    """Return the id of a queue."""
    return uuid.UUID(f"b0000000-0000-4000-8000-{number:012x}")


def queues_of(addresses: int) -> int:
    """Return on how many queues so many addresses are."""
    return max(addresses // OF_QUEUE, FULL_PAGE)


def servers_of(addresses: int) -> int:
    """Return on how many servers so many addresses are."""
    return max(addresses // OF_SERVER, FULL_PAGE)


def use(database: str) -> None:
    """Connect to the database from now on."""
    connection.close()
    connection.settings_dict["NAME"] = database


def fill(addresses: int) -> str:
    """Make a database like the present one with that many addresses, ten results of each; return its name."""
    present, made = str(connection.settings_dict["NAME"]), f"bench_{addresses}"
    use("postgres")
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{made}" TEMPLATE "{present}"')
    use(made)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0; SET synchronous_commit = off")
    store(addresses)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    use(present)
    return made


def store(addresses: int) -> None:
    """Fill the present database."""
    queues, servers = queues_of(addresses), servers_of(addresses)
    app = IncomingServer.objects.create(
        name="Server", tenant_id=uuid.uuid4(), client_id=uuid.uuid4(), authentication_type="oauth_user"
    )
    _multiply(app, servers, id=key("e"), client_id=key("f"), name="'Server ' || lpad(n::text, 6, '0')")
    home = Queue.objects.create(name="Queue")
    text = "like@bench.example"
    like = QueueAddress.objects.create(queue=home, server=app, address=text, address_key=text, account=text)
    box = "'box' || n || '@bench.example'"
    _multiply(home, queues, id=key("b"), name="'Queue ' || lpad(n::text, 6, '0')", status=STATUS.format(n="n"))
    _multiply(
        like,
        addresses,
        id=key("a"),
        queue_id=key("b", f"(n % {queues} + 1)"),
        server_id=key("e", f"(n % {servers} + 1)"),
        address=box,
        address_key=box,
        account=box,
        status=STATUS.format(n="n"),
        status_since=AGO.format(n="n % 86400"),
        checked_at=AGO.format(n="n % 900"),
    )
    _past(addresses)
    _results(addresses * RESULTS)
    _edits(addresses)
    _findings(addresses)


def _past(addresses: int) -> None:
    """Give each address a watch, a stretch in which all was well and one that is like it is now."""
    first = Span.objects.create(kind="address", subject_id=uuid.uuid4(), status="ok", since=None, until=timezone.now())
    base = first.pk
    days = {"since": AGO.format(n="2000000"), "until": AGO.format(n="(n % 86400 + 900)")}
    _multiply(first, addresses, id=f"{base} + n", subject_id=key("a"), samples="2000", **days)
    states = {"status": STATUS.format(n="n"), "cause": CAUSE.format(n="n"), "code": CODE.format(n="n")}
    times = {"since": AGO.format(n="n % 86400"), "until": AGO.format(n="n % 900")}
    _multiply(first, addresses, id=f"{base + addresses} + n", subject_id=key("a"), **states, **times)
    watch = Watch.objects.create(kind="address", subject_id=uuid.uuid4(), name="like", credential="")
    of_server = key("e", f"(n % {servers_of(addresses)} + 1)")
    _multiply(
        watch,
        addresses,
        id=f"{watch.pk} + n",
        subject_id=key("a"),
        name="'box' || n || '@bench.example'",
        credential=f"'credential-' || n % {servers_of(addresses)}",
        scope=f"CASE WHEN n % 10 = 0 OR n % 9 = 0 THEN 'server:' || {of_server} ELSE '' END",
        home=key("b", f"(n % {queues_of(addresses)} + 1)"),
        server=of_server,
        span_id=f"{base + addresses} + n",
        since=times["since"],
        checked_at=times["until"],
        last_good_at=times["until"],
        due_at="now() + n % 900 * interval '1 second'",
        **states,
    )


def _results(results: int) -> None:
    """Store that many checks with their results, ten of each address, a quarter of an hour apart."""
    run = CheckRun.objects.create(kind="address", subject_id=uuid.uuid4(), subject_name="like", state="done", attempt=1)
    stages = [stage_as_stored(StageResult(stage, "ok", ms=40, detail="as it should be")) for stage in STAGES]
    result = CheckResult.objects.create(
        run=run, kind=run.kind, subject_id=run.subject_id, status="ok", attempt=1, stages=stages
    )
    at = AGO.format(n=f"({TURN} * 900 + {OWNER} % 900)")
    owner = {"subject_id": key("a", OWNER)}
    name = f"'box' || {OWNER} || '@bench.example'"
    _multiply(run, results, id=key("c"), subject_name=name, requested_at=at, finished_at=at, **owner)
    states = {name: sql.format(n=OWNER) for name, sql in (("status", STATUS), ("cause", CAUSE), ("code", CODE))}
    _multiply(result, results, run_id=key("c"), at=at, **owner, **states)


def _edits(addresses: int) -> None:
    """Store ten edits of each address."""
    actor = Actor.system("bench")
    with transaction.atomic():
        event = record(
            actor=actor,
            action="changed",
            kind="user",
            object_id="",
            object_name="like",
            before={"account": "a"},
            after={"account": "b"},
        )
    _multiply(
        event,
        EDITS * addresses,
        seq=f"{event.seq} + n",
        kind="'address'",
        at=AGO.format(n=f"({EDITS * addresses} - n)"),
        object_id=f"({key('a', f'(n % {addresses} + 1)')})::text",
        object_name=f"'box' || (n % {addresses} + 1) || '@bench.example'",
        previous_hash="lpad(n::text, 64, '0')",
        hash="lpad(n::text, 64, '1')",
    )


def _findings(addresses: int) -> None:
    """Store a finding of each address."""
    like = Finding.objects.create(
        rule="address_unlike_account", rank=2, kind="address", subject_id=uuid.uuid4(), home=uuid.uuid4(), name="like"
    )
    name = "'box' || n || '@bench.example'"
    home = key("b", f"(n % {queues_of(addresses)} + 1)")
    _multiply(like, addresses, id=key("d"), subject_id=key("a"), home=home, name=name, rank="n % 3")


def _multiply(like: Model, count: int, **sql: str) -> None:
    """Store ``count`` rows like the stored one, with the SQL expressions over ``n`` for the columns named."""
    meta = like._meta
    columns = [str(field.column) for field in meta.concrete_fields if not field.generated]
    values: list[Any] = [sql.get(column, f'old."{column}"') for column in columns]
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{meta.db_table}" ({names}) SELECT {", ".join(values)} '  # noqa: S608  our own columns
            f'FROM "{meta.db_table}" old, generate_series(1, {count}) n '
            f"WHERE old.\"{meta.pk.column}\" = '{like.pk}'"
        )
