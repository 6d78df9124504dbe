-- A schema for a drill, which nobody but this transaction ever sees; who gets the restored table needs it: the last
-- statement asks for the one that gives it to him.
CREATE SCHEMA {{ schema | ident }};

SELECT format('GRANT CREATE ON SCHEMA %I TO %s', {{ schema | literal }}, relowner::regrole) AS statement
FROM pg_class WHERE oid = {{ table | literal }}::regclass;
