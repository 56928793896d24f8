"""What is in trouble is so since when its present cause began: read off its spans, as later checks write it."""

from django.db import migrations

BEGAN = """
    UPDATE tokenchecks_watch SET since = found.since
    FROM (
        SELECT w.id, (
            SELECT min(s.since) FROM tokenchecks_span s
            WHERE (s.kind, s.subject_id) = (w.kind, w.subject_id) AND s.since > other.since
        ) AS since
        FROM tokenchecks_watch w CROSS JOIN LATERAL (
            SELECT o.since FROM tokenchecks_span o
            WHERE (o.kind, o.subject_id) = (w.kind, w.subject_id) AND o.since > w.since
              AND (o.status, o.cause) <> (w.status, w.cause)
            ORDER BY o.since DESC LIMIT 1
        ) other
        WHERE w.status IN ('broken', 'warning')
    ) found
    WHERE found.id = tokenchecks_watch.id AND found.since IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("tokenchecks", "0008_what_the_start_page_counts")]

    operations = [
        migrations.RunSQL("SET LOCAL statement_timeout = 0", migrations.RunSQL.noop),
        migrations.RunSQL(BEGAN, migrations.RunSQL.noop),
    ]
