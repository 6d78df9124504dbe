{## What becomes of a new value: a SELECT of a finding, without its semicolon. -##}
SELECT
  'new values' AS subject, 'refused from the step bound to the swap' AS expected, 'refused from the step bound to the swap' AS actual, true AS passed
