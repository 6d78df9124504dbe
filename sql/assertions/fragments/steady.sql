{## A snapshot keeps rows that are deleted, but not those that TRUNCATE removes: one side would seem empty. So none
    can begin from here on, and one since the snapshot is told by the files, of which pg_class says what
    the snapshot saw and pg_relation_filenode what is. The transaction is then tried again. Reading a table runs
    nobody's code, reading a view does: none of a role that this session does not trust is read, nor what may
    have become one.
    Lock: ACCESS SHARE, as for reading. -##}
DO $executor$
DECLARE
  names text[] := ARRAY[{{ left | name | literal }}, {{ right | name | literal }}];
  compared oid[] := names::regclass[];
  item record;
  truncated text;
BEGIN
  FOR item IN
    SELECT c.oid::regclass AS relation, c.relkind, c.relowner::regrole AS owner
    FROM pg_class AS c
    WHERE c.oid = ANY (compared) AND c.relowner NOT IN (
{% include 'security/trusted_roles.sql' %}
    )
  LOOP
    IF item.relkind IN ('r', 'p') THEN
      EXECUTE format('LOCK TABLE %s IN ACCESS SHARE MODE', item.relation);
    ELSIF item.relkind = 'm' THEN
      EXECUTE format('SELECT FROM %s TABLESAMPLE SYSTEM (0)', item.relation);  -- no view can be sampled
    ELSE
      RAISE EXCEPTION USING
        MESSAGE = format('%s is no table, and reading it would run code of %s with the rights of %s', item.relation, item.owner, session_user),
        HINT = 'Compare tables, or run this as its owner.';
    END IF;
  END LOOP;
  SELECT string_agg(tree.relid::regclass::text, ', ') INTO truncated
  FROM unnest(compared) AS named
  CROSS JOIN LATERAL (SELECT named AS relid UNION SELECT relid FROM pg_partition_tree(named)) AS tree
  LEFT JOIN pg_class AS c ON c.oid = tree.relid
  WHERE c.oid IS NULL OR nullif(c.relfilenode, 0) IS DISTINCT FROM pg_relation_filenode(c.oid)
    OR compared <> names::regclass[]::oid[];
  IF truncated IS NULL THEN
    PERFORM FROM {{ left | name | ident }} LIMIT 0;
    PERFORM FROM {{ right | name | ident }} LIMIT 0;
    SELECT string_agg(c.oid::regclass::text, ', ') INTO truncated
    FROM unnest(compared) AS named
    CROSS JOIN LATERAL (SELECT named AS relid UNION SELECT relid FROM pg_partition_tree(named)) AS tree
    JOIN pg_class AS c ON c.oid = tree.relid
    WHERE nullif(c.relfilenode, 0) IS DISTINCT FROM pg_relation_filenode(c.oid);
  END IF;
  IF truncated IS NOT NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'serialization_failure',
      MESSAGE = format('truncated or rewritten while it was compared: %s', truncated);
  END IF;
END
$executor$;

