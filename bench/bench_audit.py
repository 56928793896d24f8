"""The Audit Log over 1,000,000 events beside itself over 10,000, in two databases of one server by turns."""

import os
import statistics

import django
from django.core.management import call_command

from bench.measure import ROUNDS, report

FEW, MANY = 10_000, 1_000_000
OF_OBJECT = 10  # events: the first creates it, the others change it
SERVER, BOX = "e0000000-0000-4000-8000-00000000002a", "a0000000-0000-4000-8000-000000000010"
PAGES = {
    "newest": "/audit-log/",
    "by who": "/audit-log/?who=person7",
    "by act": "/audit-log/?action=changed",
    "by kind": "/audit-log/?kind=queue",
    "by field": "/audit-log/?field=client_id",
    "by a rare field": "/audit-log/?field=sender",
    "by text": "/audit-log/?q=box16@bench",
    "by day": "/audit-log/?begin=2020-01-02&end=2020-01-02",
    "by all of them": "/audit-log/?q=box16@bench&who=person2&action=changed&kind=address&field=account",
    "one event": "/audit-log/77/",
    "an address as of then": f"/audit-log/as-of/address/{BOX}/?at=2020-12-31T00:00",
    "a server as of then": f"/audit-log/as-of/incoming_server/{SERVER}/?at=2020-12-31T00:00",
    "comparison over 100 events": "/audit-log/compare/?since_event=1000&until_event=1100",
}
WHOLE = {
    "servers as of then": "/audit-log/as-of/?at=2020-01-20T00:00&kind=incoming_server",
    "addresses as of then": "/audit-log/as-of/?at=2020-01-20T00:00&kind=address",
    "all addresses by text": "/audit-log/as-of/?kind=address&q=box16@bench",
    "comparison of everything": "/audit-log/compare/?since=2020-01-01T00:00&until=2020-12-31T00:00",
}
# One object in 50 is a server, 15 in 50 are queues, the others addresses.
FILL = """
INSERT INTO audit_auditevent (seq, at, actor_id, actor_name, action, kind, object_id, object_name, before, after,
  request_id, previous_hash, hash)
SELECT n, timestamptz '2020-01-01 UTC' + interval '1 second' * (n * 31536000.0 / {events}), n % 50, 'person' || n % 50,
  CASE WHEN n <= {objects} THEN 'created' ELSE 'changed' END, kind,
  CASE kind WHEN 'address' THEN 'a' WHEN 'queue' THEN 'b' ELSE 'e' END || '0000000-0000-4000-8000-' ||
    lpad(to_hex(o), 12, '0'),
  CASE kind WHEN 'address' THEN 'box' || o || '@bench.example' WHEN 'queue' THEN 'Queue ' || o ELSE 'Server ' || o END,
  CASE WHEN n <= {objects} THEN '{{}}'::jsonb ELSE jsonb_build_object(field, n - {objects}) END,
  CASE WHEN n > {objects} THEN jsonb_build_object(field, n)
    WHEN kind = 'address' THEN jsonb_build_object('address', 'box' || o || '@bench.example', 'account', n,
      'queue', jsonb_build_object('id', 'b0000000-0000-4000-8000-' || lpad(to_hex(o / 50 * 50 + o % 15 + 1), 12, '0'),
        'name', 'Queue'),
      'server', jsonb_build_object('id', 'e0000000-0000-4000-8000-' || lpad(to_hex(o / 500 * 500 + 42), 12, '0'),
        'name', 'Server'), 'password', 'set')
    WHEN kind = 'queue' THEN jsonb_build_object('name', 'Queue ' || o, 'priority', 1, 'queue_size', -1, 'enabled', true)
    ELSE jsonb_build_object('name', 'Server ' || o, 'tenant_id', gen_random_uuid(), 'client_id', gen_random_uuid(),
      'login_host', 'login.microsoftonline.com', 'authentication_type', 'oauth_service', 'secret', 'set') END,
  to_hex(n), lpad((n - 1)::text, 64, '0'), lpad(n::text, 64, '0')
FROM (
  SELECT n, o, CASE WHEN o % 50 = 42 THEN 'incoming_server' WHEN o % 50 BETWEEN 1 AND 15 THEN 'queue' ELSE 'address' END
    AS kind, CASE WHEN n % 200 = 0 THEN 'sender' WHEN o % 50 = 42 THEN 'client_id' WHEN o % 50 BETWEEN 1 AND 15
    THEN 'priority' ELSE 'account' END AS field
  FROM (SELECT n, (n - 1) % {objects} + 1 AS o FROM generate_series(1, {events}) n) numbered
) told
"""
MOST_QUERIES, MOST_TIMES, MOST_SECONDS = 12, 1.5, 2.5


def main() -> None:
    """Fill both databases, open each page in both by turns, and print the figures."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "configurator.settings")
    django.setup()
    call_command("migrate", verbosity=0)
    from bench.bench_pages import administrator, median_of, queries
    from bench.million import use

    open_page = administrator()
    names = {events: fill(events) for events in (FEW, MANY)}
    ratios: dict[str, list[float]] = {name: [] for name in PAGES}
    for _ in range(ROUNDS):
        times: dict[int, dict[str, float]] = {}
        for events, database in names.items():
            use(database)
            times[events] = {name: median_of(open_page, path) for name, path in PAGES.items()}
        for name, values in ratios.items():
            values.append(times[MANY][name] / times[FEW][name])
    for name, path in PAGES.items():
        ratio = statistics.median(ratios[name])
        report(f"audit log: {name}, 1,000,000 events / 10,000 events", ratio, "ratio", f"<= {MOST_TIMES}")
        report(f"audit log: {name}, 1,000,000 events", queries(open_page, path), "queries", f"<= {MOST_QUERIES}")
    for name, path in WHOLE.items():
        report(f"audit log: {name}, 1,000,000 events", median_of(open_page, path), "s", f"<= {MOST_SECONDS}")


def fill(events: int) -> str:
    """Make a database like the present one with that many events; return its name."""
    from django.db import connection

    from bench.million import use

    present, made = str(connection.settings_dict["NAME"]), f"bench_audit_{events}"
    use("postgres")
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{made}" TEMPLATE "{present}"')
    use(made)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0; SET synchronous_commit = off")
        cursor.execute("ALTER TABLE audit_auditevent DISABLE TRIGGER USER; TRUNCATE audit_auditevent")
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname IN ('audit_by_text', 'audit_by_value')")
        slow = [definition for (definition,) in cursor.fetchall()]
        cursor.execute("DROP INDEX audit_by_text, audit_by_value")
        cursor.execute(FILL.format(events=events, objects=events // OF_OBJECT))
        for definition in slow:
            cursor.execute(definition)
        cursor.execute("VACUUM ANALYZE")
    use(present)
    return made


if __name__ == "__main__":
    main()
