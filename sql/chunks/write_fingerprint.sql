{## Writes down at the function of the log `log` what must not change from now to the swap. -##}
DO $executor$
BEGIN
  EXECUTE format('COMMENT ON FUNCTION %s() IS %L', {{ log | literal }}, {% include 'chunks/fingerprint.sql' %});
END
$executor$;
