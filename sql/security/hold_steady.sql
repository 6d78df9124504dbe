{## Keeps the tables `first` and `second`, and that of the keys of rows `without` which they are compared, as they are in
    the snapshot of the transaction: names as texts, the last one may be null. A snapshot keeps rows that are deleted, but
    not those that TRUNCATE removes: one side would seem empty. So none can begin from here on, and one since the
    snapshot is told by the files, of which pg_class says what the snapshot saw and pg_relation_filenode what is. The
    transaction is then tried again. Reading a view runs code, and to plan a query is enough to run what an index or statistics
    compute of constants: nothing of a role that this session does not trust is read that has some, nor what may have become a
    view. A block of PL/pgSQL from its DECLARE on.
    Lock: ACCESS SHARE, as for reading; on tables of a role that is not trusted SHARE UPDATE EXCLUSIVE, so that
    no index comes while they are read, which may take long: waited for as long as an autovacuum needs to make way. -##}
  names CONSTANT text[] := array_remove(ARRAY[first, second, without], NULL);
  tables CONSTANT oid[] := names::regclass[];
  foreign_owned boolean := false;
  item record;
  truncated text;
  cast_from text;
  missing text;
  planned text;
  waits CONSTANT text := current_setting('lock_timeout');
BEGIN
  FOR item IN
    WITH RECURSIVE tree (oid) AS (
      SELECT unnest(tables) UNION SELECT i.inhrelid FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.oid
    )
    SELECT c.oid::regclass AS relation, c.relkind, c.relowner::regrole AS owner, c.oid = ANY (tables) AS named
    FROM tree JOIN pg_class AS c USING (oid)
    WHERE c.relowner NOT IN (
{% include 'security/trusted_roles.sql' %}
    )
    ORDER BY named DESC
  LOOP
    foreign_owned := true;
    IF item.relkind NOT IN ('r', 'p', 'm') THEN
      RAISE EXCEPTION USING
        MESSAGE = format('%s is no table, and reading it would run code of %s with the rights of %s', item.relation, item.owner, session_user),
        HINT = 'Compare tables, or run this as its owner.';
    ELSIF item.relkind = 'm' THEN
      EXECUTE format('SELECT FROM %s TABLESAMPLE SYSTEM (0)', item.relation);  -- no view can be sampled
    ELSIF item.named THEN
      PERFORM set_config('lock_timeout', '10s', true);
      EXECUTE format('LOCK TABLE %s IN %s MODE', item.relation,
        CASE WHEN has_table_privilege(item.relation, 'UPDATE') THEN 'SHARE UPDATE EXCLUSIVE' ELSE 'ACCESS SHARE' END);
      PERFORM set_config('lock_timeout', waits, true);
    END IF;
  END LOOP;
  IF foreign_owned THEN
    planned := (
      SELECT string_agg({% include 'security/foreign_plans.sql' %}, ', ')
      FROM unnest(tables) AS looked_up (oid));
  END IF;
  IF planned IS NOT NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('to read these tables would run, with the rights of %s, what is not to be trusted: %s', session_user, planned),
      HINT = 'Drop what calls the function (an index, statistics or a check), or run this as the owner of the tables.';
  END IF;
  SELECT string_agg(name, ', ') INTO truncated
  FROM (
{% include 'security/changed_since.sql' %}
    UNION ALL
    SELECT array_to_string(names, ', ') WHERE tables <> names::regclass[]::oid[]
  ) AS changed;
  IF truncated IS NULL THEN
    EXECUTE format('SELECT FROM %s LIMIT 0', names[1]::regclass);
    EXECUTE format('SELECT FROM %s LIMIT 0', names[2]::regclass);
    SELECT string_agg(c.oid::regclass::text, ', ') INTO truncated
    FROM unnest(tables) AS named
    CROSS JOIN LATERAL (SELECT named AS relid UNION SELECT relid FROM pg_partition_tree(named)) AS tree
    JOIN pg_class AS c ON c.oid = tree.relid
    WHERE nullif(c.relfilenode, 0) IS DISTINCT FROM pg_relation_filenode(c.oid);
  END IF;
  IF truncated IS NOT NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'serialization_failure',
      MESSAGE = format('truncated or rewritten while it was compared: %s', truncated);
  END IF;
  -- Values of two types are compared by a cast, which may be anybody's function.
  SELECT string_agg(DISTINCT format('%I of %s', one.attname, one.attrelid::regclass), ', ') INTO cast_from
  FROM pg_attribute AS one
  JOIN pg_attribute AS other ON other.attname = one.attname AND other.atttypid <> one.atttypid
  WHERE foreign_owned AND one.attrelid = ANY (tables) AND other.attrelid = ANY (tables) AND one.attnum > 0
    AND NOT one.attisdropped AND NOT other.attisdropped
    AND 16384 <= (SELECT greatest(t.oid, t.typelem) FROM pg_type AS t WHERE t.oid = one.atttypid);
  IF cast_from IS NOT NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('to compare %s, which have other types on the other side, would run what casts them with the rights of %s', cast_from, session_user),
      HINT = 'Give them the same types, or run this as the owner of the tables.';
  END IF;
  -- Rows can be left out by the keys in a third table only if both have all its columns.
  SELECT string_agg(format('%s has no column %I', compared::regclass, k.attname), ', ') INTO missing
  FROM unnest(names[:2]) AS compared
  JOIN pg_attribute AS k ON k.attrelid = tables[3] AND k.attnum > 0 AND NOT k.attisdropped
  WHERE NOT EXISTS (
    SELECT FROM pg_attribute AS a
    WHERE a.attrelid = compared::regclass AND a.attname = k.attname AND NOT a.attisdropped);
  IF missing IS NOT NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('no row can be left out by the keys in %s: %s', names[3]::regclass, missing);
  END IF;
END
