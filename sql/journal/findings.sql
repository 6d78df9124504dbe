-- What an assertion saw.
INSERT INTO executor.findings (run_id, step, assertion, kind, severity, subject, expected, actual, passed)
SELECT {{ run }}, {{ step | literal }}, {{ assertion }}, {{ kind | literal }}, {{ severity | literal }},
  f.subject, f.expected, f.actual, f.passed
FROM jsonb_to_recordset({{ findings | literal }}::jsonb -> 'findings')
  AS f(subject text, expected text, actual text, passed boolean);
