-- How long locks were held, as assertions have measured it: findings that say `held for N ms`.
SELECT
  step, subject, expected, actual,
  (regexp_match(actual, '^held for ([0-9.]+) (ms|s)'))[1]::float8
    / CASE WHEN actual ~ '^held for [0-9.]+ ms' THEN 1000 ELSE 1 END AS seconds
FROM executor.findings
WHERE run_id = {{ run }} AND actual ~ '^held for [0-9]+([.][0-9]+)? (ms|s)'
ORDER BY id;
