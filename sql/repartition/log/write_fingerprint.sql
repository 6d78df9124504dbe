{## Writes down at the function `logger` what must not change at the table `relation` from now to the swap. -##}
DO $executor$
BEGIN
  EXECUTE format('COMMENT ON FUNCTION %s() IS %L', {{ logger | literal }}, {% include 'repartition/log/fingerprint.sql' %});
END
$executor$;
