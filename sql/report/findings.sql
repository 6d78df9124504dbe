-- The findings of a run. Those of one evaluation were written by one transaction, which is their xmin.
SELECT
  id, step, assertion, kind, severity, subject, expected, actual,
  CASE WHEN severity <> 'open' THEN passed END AS passed,  -- null: nobody knows
  checked_at,
  xmin::text AS evaluation
FROM executor.findings
WHERE run_id = {{ run }}
ORDER BY id;
