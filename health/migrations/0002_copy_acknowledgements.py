"""Copy dismissed warnings and acknowledged findings to the one table, and on the way back to their old places.

The key of a dismissal stays, since links name it; an acknowledged finding gives its acknowledgement its own key.  The
old places know no end date of a finding's acknowledgement and none that has ended, so these are lost on the way back.
"""

from django.db import migrations

WARNINGS = """
    INSERT INTO health_acknowledgement (id, kind, subject_id, name, rule, cause, band, status, reason, until,
        acknowledged_by, acknowledged_at, ended_at, taken_back_by)
    SELECT id, kind, subject_id, name, '', cause, band, status, reason, until,
        dismissed_by, dismissed_at, ended_at, taken_back_by
    FROM alarms_dismissal
"""
WARNINGS_BACK = """
    INSERT INTO alarms_dismissal (id, kind, subject_id, name, cause, band, status, reason, until,
        dismissed_by, dismissed_at, ended_at, taken_back_by)
    SELECT id, kind, subject_id, left(name, 660), cause, band, status, reason, until,
        acknowledged_by, acknowledged_at, ended_at, taken_back_by
    FROM health_acknowledgement WHERE rule = ''
"""
FINDINGS = """
    INSERT INTO health_acknowledgement (id, kind, subject_id, name, rule, cause, status, reason,
        acknowledged_by, acknowledged_at, taken_back_by)
    SELECT id, kind, subject_id, name, rule, '', (ARRAY['error', 'warning', 'advice'])[rank + 1], reason,
        acknowledged_by, acknowledged_at, ''
    FROM findings_finding WHERE acknowledged_at IS NOT NULL;
    UPDATE findings_finding SET acknowledgement_id = id WHERE acknowledged_at IS NOT NULL;
    SET CONSTRAINTS ALL IMMEDIATE
"""
FINDINGS_BACK = """
    UPDATE findings_finding AS finding
    SET acknowledged_at = known.acknowledged_at, acknowledged_by = known.acknowledged_by, reason = known.reason,
        acknowledgement_id = NULL
    FROM health_acknowledgement AS known WHERE known.id = finding.acknowledgement_id;
    DELETE FROM health_acknowledgement;
    SET CONSTRAINTS ALL IMMEDIATE
"""


class Migration(migrations.Migration):

    dependencies = [
        ('health', '0001_initial'),
        ('alarms', '0001_initial'),
        ('findings', '0004_acknowledgement'),
    ]

    operations = [
        # Undone in the opposite order: the warnings are copied back before the table is emptied.
        migrations.RunSQL(FINDINGS, FINDINGS_BACK),
        migrations.RunSQL(WARNINGS, WARNINGS_BACK),
    ]
