-- A schema for a drill, which nobody but this transaction ever sees; who gets the restored table needs it.
CREATE SCHEMA {{ schema | ident }};
DO $executor$
BEGIN
  EXECUTE format('GRANT CREATE ON SCHEMA %I TO %s', {{ schema | literal }},
    (SELECT relowner::regrole FROM pg_class WHERE oid = {{ table | literal }}::regclass));
END
$executor$;
