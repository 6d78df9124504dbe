-- The findings of a run. Those of one evaluation were written by one transaction, which is their xmin.
SELECT
  id, step, assertion, kind, severity, subject, expected, actual, passed, checked_at,
  xmin::text AS evaluation
FROM executor.findings
WHERE run_id = {{ run }}
ORDER BY id;
