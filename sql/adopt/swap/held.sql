-- How long the lock of the swap was held, as a finding for the journal.
SELECT {{ ('lock on ' ~ source) | literal }} AS subject, {{ ('held for at most ' ~ max_lock) | literal }} AS expected,
  format('held for %s ms', round(extract(epoch FROM clock_timestamp() - current_setting('executor.locked_at')::timestamptz) * 1000)) AS actual,
  true AS passed
