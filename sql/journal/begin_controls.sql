-- The controls of a run that begins or is resumed: no hold of an executor before it is left. A pause
-- stands, but not in the way of a rollback.
INSERT INTO executor.controls (run_id) VALUES ({{ run }})
ON CONFLICT (run_id) DO UPDATE
SET held_before = NULL, changed_at = clock_timestamp()
{% if lift %}
  , paused = false
{% endif %}
;
