-- Lift the pause and the hold of a running run; says what there was to lift.
UPDATE executor.controls AS c
SET paused = false, held_before = NULL, changed_at = clock_timestamp()
FROM (
  SELECT o.run_id, o.paused, o.held_before
  FROM executor.controls AS o
  JOIN executor.runs AS r ON r.id = o.run_id AND r.status = 'running'
  WHERE o.run_id = {{ run }}
{% if only_held %}
    AND o.held_before IS NOT NULL
{% endif %}
  FOR UPDATE OF o
) AS before
WHERE c.run_id = before.run_id
RETURNING before.paused, before.held_before;
