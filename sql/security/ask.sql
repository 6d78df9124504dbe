{## Asks for code of roles that this session does not trust and that would run with its rights: a block of PL/pgSQL
    from its DECLARE on, that sees three arrays of names: the tables that the transaction writes to (writes) and reads
    (reads), and the functions of ours that it calls (calls), with the types of their arguments. What is not there is left out. Where the
    owner of such a table is not trusted, the tables are locked and then asked for (foreign_code.sql), so that no trigger,
    rule, policy, column or constraint can come in between; statistics objects, and indexes of what is only read, still can.

    The answer is the setting executor.foreign_code, a text, empty if there is none; executor.trusts says whether
    all owners are trusted.

    In one snapshot (repeatable read) a trigger that came since is not seen, so such a transaction may only read; a
    table that has become a view or was rewritten is noticed, and the transaction tried again.
    Lock, if an owner is not trusted: ROW EXCLUSIVE on what is written, ACCESS SHARE on what is read and on what reads that. -##}
  tables oid[];
  item record;
  refused text;
BEGIN
  SELECT array_agg(to_regclass(name)::oid) INTO tables
  FROM unnest(writes || reads) AS name WHERE to_regclass(name) IS NOT NULL;
  IF NOT EXISTS (
    -- owners by the indexes, one by one: a catalog may be large, and this is asked in every transaction
    WITH RECURSIVE tree (oid) AS (
      SELECT unnest(tables)
      UNION SELECT i.inhrelid FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.oid
    ), owner (oid) AS (
      -- what came since the snapshot has no row in it
      SELECT coalesce((SELECT c.relowner FROM pg_class AS c WHERE c.oid = tree.oid), 0) FROM tree
      UNION
      -- what reads a table may be anybody's, and so may a trigger: the types in it, and functions
      SELECT used.owner
      FROM pg_depend AS reader
      CROSS JOIN LATERAL (
        SELECT p.proowner FROM pg_proc AS p WHERE reader.classid = 'pg_proc'::regclass AND p.oid = reader.objid
        UNION ALL
        SELECT (SELECT t.typowner FROM pg_type AS t WHERE t.oid = d.refobjid)
        FROM pg_depend AS d
        WHERE d.classid = reader.classid AND d.objid = reader.objid AND d.refclassid = 'pg_type'::regclass OFFSET 0
      ) AS used (owner)
      WHERE reader.refclassid = 'pg_class'::regclass AND reader.refobjid = ANY (tables)
        AND reader.classid IN ('pg_rewrite'::regclass, 'pg_policy'::regclass, 'pg_proc'::regclass, 'pg_trigger'::regclass)
        AND used.owner IS NOT NULL
      UNION
      SELECT p.proowner
      FROM unnest(calls) AS given (name)
      JOIN pg_proc AS p ON p.oid = to_regprocedure(given.name)
    )
    SELECT FROM owner
    WHERE oid <> (SELECT r.oid FROM pg_roles AS r WHERE r.rolname = session_user) AND oid NOT IN (
{% include 'security/trusted_roles.sql' %}
    ))
  THEN
    PERFORM set_config('executor.trusts', 'true', true), set_config('executor.foreign_code', '', true);
    RETURN;
  END IF;
  PERFORM set_config('executor.trusts', 'false', true);
  FOR item IN
    SELECT to_regclass(name) AS relation FROM unnest(writes) AS name
    WHERE has_table_privilege(to_regclass(name), 'INSERT') ORDER BY 1
  LOOP
    EXECUTE format('LOCK TABLE %s IN ROW EXCLUSIVE MODE', item.relation);
  END LOOP;
  FOR item IN
    SELECT unnest(tables)::regclass AS relation
    UNION
    SELECT c.oid::regclass
    FROM pg_depend AS d
    LEFT JOIN pg_rewrite AS r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
    LEFT JOIN pg_policy AS p ON d.classid = 'pg_policy'::regclass AND p.oid = d.objid
    JOIN pg_class AS c ON c.oid = coalesce(r.ev_class, p.polrelid) AND c.relkind IN ('r', 'p', 'v')
    WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = ANY (tables)
    ORDER BY 1
  LOOP
    IF has_table_privilege(item.relation, 'SELECT') THEN
      EXECUTE format('LOCK TABLE %s IN ACCESS SHARE MODE', item.relation);
    END IF;
  END LOOP;
  SELECT string_agg(name, ', ') INTO refused
  FROM (
{% include 'security/changed_since.sql' %}
    UNION ALL
    SELECT array_to_string(tables::regclass[], ', ')
    WHERE tables <> (SELECT array_agg(to_regclass(name)::oid) FROM unnest(writes || reads) AS name
                     WHERE to_regclass(name) IS NOT NULL)
  ) AS changed;
  IF refused IS NOT NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'serialization_failure', MESSAGE = format('made, renamed or rewritten at this very moment: %s', refused);
  END IF;
  WITH relations (oid, written) AS (
    SELECT oid, oid = ANY (SELECT to_regclass(name) FROM unnest(writes) AS name)
    FROM unnest(tables) AS oid
  ), code (object, code, owner) AS (
    SELECT * FROM (
{% with made = false %}
{% include 'security/foreign_code.sql' %}
{% endwith %}
    ) AS foreign_code
    UNION ALL
    SELECT 'the plan', 'function ' || p.oid::regprocedure, pg_get_userbyid(p.proowner)::text
    FROM unnest(calls) AS given (name)
    JOIN pg_proc AS p ON p.oid = to_regprocedure(given.name)
    WHERE p.proowner NOT IN (
{% include 'security/trusted_roles.sql' %}
    )
  )
  SELECT string_agg(format('%s of %s (%s)', code, owner, object), ', ' ORDER BY place) INTO refused
  FROM (SELECT *, row_number() OVER (ORDER BY code, object) AS place FROM code) AS numbered WHERE place <= 50;
  PERFORM set_config('executor.foreign_code', coalesce(refused, ''), true);
END
