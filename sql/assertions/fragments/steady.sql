{## A snapshot keeps rows that are deleted, but not those that TRUNCATE removes: one side would seem empty. So
    none can begin from here on, and one since the snapshot is told by the files, of which pg_class says what
    the snapshot saw and pg_relation_filenode what is. The transaction is then tried again.
    Lock: ACCESS SHARE, as for reading. -##}
DO $executor$
DECLARE
  truncated text;
BEGIN
  PERFORM FROM {{ left | name | ident }} LIMIT 0;
  PERFORM FROM {{ right | name | ident }} LIMIT 0;
  SELECT string_agg(c.oid::regclass::text, ', ') INTO truncated
  FROM unnest(ARRAY[{{ left | name | literal }}, {{ right | name | literal }}]::regclass[]) AS compared
  CROSS JOIN LATERAL (SELECT compared AS relid UNION SELECT relid FROM pg_partition_tree(compared)) AS tree
  JOIN pg_class AS c ON c.oid = tree.relid
  WHERE c.relfilenode <> pg_relation_filenode(c.oid);
  IF truncated IS NOT NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'serialization_failure',
      MESSAGE = format('truncated or rewritten while it was compared: %s', truncated);
  END IF;
END
$executor$;

