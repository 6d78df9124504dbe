-- The steps of a run, pending; those that are known already keep their row, but for the digest
-- of one that is not finished (an accepted change of the plan). A step that has had SQL never
-- becomes one that has only checked.
INSERT INTO executor.steps (run_id, name, position, form, digest, weight)
SELECT {{ run }}, s.name, s.position, s.form, s.digest, s.weight
FROM jsonb_to_recordset({{ steps | literal }}::jsonb -> 'steps')
  AS s(name text, position integer, form text, digest text, weight double precision)
ON CONFLICT (run_id, name) DO UPDATE
SET position = EXCLUDED.position, digest = EXCLUDED.digest, weight = EXCLUDED.weight,
  form = CASE WHEN EXCLUDED.form = 'check' AND steps.status <> 'pending' THEN steps.form ELSE EXCLUDED.form END;
