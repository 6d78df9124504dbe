-- What an assertion saw. What nobody knows has not passed; its severity says so.
INSERT INTO executor.findings (run_id, step, assertion, kind, severity, subject, expected, actual, passed)
SELECT {{ run }}, {{ step | literal }}, {{ assertion }}, {{ kind | literal }},
  CASE WHEN f.passed IS NULL THEN 'open' ELSE {{ severity | literal }} END,
  f.subject, f.expected, f.actual, coalesce(f.passed, false)
FROM jsonb_to_recordset({{ findings | literal }}::jsonb -> 'findings')
  AS f(subject text, expected text, actual text, passed boolean);
