-- How long locks were held, as assertions have measured it: findings that say `held for N ms`.
SELECT step, subject, expected, actual, passed, checked_at
FROM executor.findings
WHERE run_id = {{ run }} AND actual ~ '^held for [0-9.]+ (ms|s)'
ORDER BY id;
