-- How long the lock of the swap was held, as a finding for the journal.
{% set restricting = facts.foreign_keys | selectattr('on_delete', 'equalto', 'forbid')
  | map(attribute='referenced_sql') | unique | join(', ') %}
SELECT
  {{ ('lock on ' ~ source) | literal }} AS subject,
  {{ ('held for at most ' ~ max_lock) | literal }} AS expected,
  format('held for %s ms', round(extract(epoch FROM clock_timestamp()
    - current_setting('executor.locked_at')::timestamptz) * 1000)) AS actual,
  true AS passed
{% for relation in facts.incoming_keys | rejectattr('of_itself') | map(attribute='relation') | unique %}
UNION ALL
SELECT {{ ('lock on ' ~ relation ~ ', whose foreign keys into it were moved or dropped') | literal }}, 'held for a moment',
  format('held for %s ms', round(extract(epoch FROM clock_timestamp()
    - current_setting('executor.locked_at')::timestamptz) * 1000)), true
{% endfor %}
UNION ALL
SELECT {{ ('lock on tables that it references and that forbid a delete (' ~ (restricting or 'none') ~ ')') | literal }}, 'held for a moment',
  format('held for %s ms', round(extract(epoch FROM clock_timestamp()
    - current_setting('executor.referenced_at')::timestamptz) * 1000)), true
