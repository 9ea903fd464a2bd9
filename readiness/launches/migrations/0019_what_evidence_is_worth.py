"""Items say what the evidence is worth that was linked before anybody asked for kinds and ages.

Launches of which something changed so are judged again as soon as somebody looks for what is due.
"""

from django.db import migrations

FILL = """
WITH pieces AS (
    SELECT link.item_id,
           rule.evidence_kinds = '[]' OR rule.evidence_kinds ? said.kind AS fits,
           least(said.expires_at,
                 said.captured_at + make_interval(hours => 24 * rule.evidence_max_age_days)) AS ends
    FROM launches_evidencelink link
    JOIN launches_evidencerevision said ON said.id = link.revision_id
    JOIN launches_launchitem item ON item.id = link.item_id
    JOIN checklists_item rule ON rule.id = item.item_id
    WHERE link.removed_at IS NULL
      AND (rule.evidence_kinds <> '[]' OR rule.evidence_max_age_days IS NOT NULL)
), worth AS (
    SELECT item_id, NOT bool_or(fits) AS lacks,
           CASE WHEN NOT coalesce(bool_or(fits AND ends IS NULL), false)
                THEN max(ends) FILTER (WHERE fits) END AS until
    FROM pieces GROUP BY item_id
), filled AS (
    UPDATE launches_launchitem item
    SET lacks_evidence = worth.lacks, supported_until = worth.until
    FROM worth
    WHERE worth.item_id = item.id
      AND (item.lacks_evidence, item.supported_until) IS DISTINCT FROM (worth.lacks, worth.until)
    RETURNING item.launch_id
)
UPDATE launches_launch SET next_change = judged_at
WHERE judged_at IS NOT NULL AND id IN (SELECT launch_id FROM filled)
"""


class Migration(migrations.Migration):
    dependencies = [("launches", "0018_decisions_and_what_they_ask_for")]
    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
