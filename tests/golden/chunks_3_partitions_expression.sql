-- chunks_100_partitions: Move a chunks table into 100 LIST partitions while the application writes to it.
--   1. check: See whether the table can be migrated, and say everything that stands in the way.
--   2. create_table: There is no table yet, and one is asked for (--create), so make an empty one.
--   3. back_up: Copy all rows into a table of their own and compare the copy with the original.
--   4. create_target: Create the new table, empty and without indexes.
--   5. create_partitions [for_each]: Create the partitions, under their final names.
--   6. configure_partitions: Say what identifies a row, and see that nobody else has a right on the partitions and that nothing was added to them.
--   7. capture: Log the keys of all that is written to the table from now on.
--   8. copy_rows [batches]: Copy every row into its partition.
--   9. discard_touched: Take out of the new table what was written while it was copied; it comes back with catch_up.
--  10. define_indexes: Give the new table the indexes of the source, for its partitions to attach theirs, and its columns their statistics targets.
--  11. build_indexes [for_each]: Build the indexes, primary key and unique constraints of every partition, and vacuum it while it is in memory.
--  12. add_constraints: Restore the checks that were not validated.
--  13. capture_partitions [for_each]: Log what reaches the partitions by other ways than the passes, such as a foreign key that follows a delete.
--  14. capture_target: Log the same of the new table itself, and write down that all of it is watched.
--  15. add_foreign_keys [for_each]: Add the foreign keys that follow a delete (CASCADE, SET NULL) to every partition, without a scan.
--  16. fill_partition_key: Let a trigger fill partition_key, so that writers need not know of it.
--  17. first_pass [for_each]: Apply what has been logged so far, partition by partition.
--  18. catch_up [repeat]: Apply what is written meanwhile, in passes, until little is left.
--  19. validate_foreign_keys [for_each]: Validate the foreign keys, partition by partition, while the referenced tables are in use.
--  20. attach_foreign_keys [for_each]: Add the foreign keys to the new table, which adopts those of its partitions, one by one.
--  21. vacuum [for_each]: Freeze the rows and set the visibility map of every partition that was not vacuumed yet, or was much written to since.
--  22. analyze: Collect the planner's statistics of the new table, and call autovacuum back.
--  23. verify: Compare both tables in one snapshot, every column of every row but those whose keys are in the log.
--  24. compare_queries: Explain the application's statements with both tables, and say which will be slower, or fail.
--  25. create_twins: Give every materialized view that reads the table a twin on the new table.
--  26. fill_twins: Fill the twins of the materialized views.
--  27. prepare_way_back: Prepare the log of what is written after the swap, and what will refuse writes to the old table.
--  28. mark_in_step: Apply what was written during the comparison, and mark the moment from which on snapshots see it all.
--  29. await_snapshots [repeat]: Wait for transactions from before the new table was in step, which would miss rows in it.
--  30. keep_foreign_keys [for_each]: Nothing yet; going back, the new table is out of use here, and its foreign keys go before they forbid a delete.
--  31. swap: Apply the last of the log under lock, and put the new table in the place of the old one.
--  32. release_old [for_each]: Drop the foreign keys of the old table one by one, so that it blocks no delete.
--  33. end_capture: Drop the log of what was written before the swap; going back, compare both tables first.
--  34. validate_restricting_keys [for_each]: Validate the foreign keys that forbid a delete, partition by partition.
--  35. attach_restricting_keys [for_each]: Add them to the table, which adopts those of its partitions, one by one.
--  36. validate_incoming_keys [for_each]: Validate the foreign keys of other tables that have come along, while these and the table are written to.
--  37. monitor: Create the views and functions by which the partitions are watched; without partitions those of an earlier run go.
--  38. retain: Register the old table with its retention (without a copy it is the backup), and rename its constraints.
-- How it is undone, as a script: executor render --rollback
-- Rendered by executor for psql -v ON_ERROR_STOP=1
\set ON_ERROR_STOP on
SET client_encoding = 'UTF8';
SET search_path = "pg_catalog", "pg_temp";
SET lock_timeout = '200ms';
SET statement_timeout = '0';
SET idle_in_transaction_session_timeout = '10s';
SET client_connection_check_interval = '2s';
SET row_security = 'off';
SET TimeZone = 'UTC';
SET DateStyle = 'ISO, MDY';
SET IntervalStyle = 'postgres';
SET bytea_output = 'hex';
SET extra_float_digits = '3';
SET standard_conforming_strings = 'on';
SET quote_all_identifiers = 'off';
SET check_function_bodies = 'on';
SET jit = 'off';
SET client_min_messages = 'warning';
BEGIN;
-- What every session of the plan has: procedures that many steps call. No other role can replace them, for they are
-- temporary. They are made too often to be parsed each time.
SET LOCAL check_function_bodies = off;

-- The roles whose code may run with the rights of the session.
CREATE OR REPLACE FUNCTION pg_temp.executor_trusted_roles()
RETURNS SETOF oid LANGUAGE sql STABLE AS $function$
WITH me AS MATERIALIZED (
  SELECT oid, rolsuper, rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls AS special
  FROM pg_roles WHERE rolname = session_user
), granted AS MATERIALIZED (
  SELECT r.oid FROM me JOIN pg_roles AS r ON r.oid <> me.oid AND NOT me.special AND pg_has_role(me.oid, r.oid, 'MEMBER')
  WHERE r.rolname NOT IN ('pg_monitor', 'pg_read_all_settings', 'pg_read_all_stats', 'pg_stat_scan_tables')
), nothing AS MATERIALIZED (
  SELECT FROM me
  WHERE NOT me.special AND NOT EXISTS (
    SELECT FROM pg_shdepend AS d
    WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid = me.oid AND d.deptype IN ('o', 'a', 'r')
      -- not what this transaction has made and hands over before it ends, or what is temporary
      AND d.xmin IS DISTINCT FROM pg_current_xact_id_if_assigned()::xid
      -- its journal is that of the other role's tables
      AND NOT EXISTS (
        SELECT FROM pg_namespace AS n
        WHERE (n.nspname = 'executor' OR n.nspname LIKE 'pg\_temp\_%') AND n.oid = CASE d.classid
          WHEN 'pg_namespace'::regclass THEN d.objid
          WHEN 'pg_class'::regclass THEN (SELECT relnamespace FROM pg_class AS c WHERE c.oid = d.objid)
          WHEN 'pg_proc'::regclass THEN (SELECT pronamespace FROM pg_proc AS p WHERE p.oid = d.objid) END))
)
SELECT r.oid
FROM pg_roles AS r CROSS JOIN me
WHERE r.rolsuper OR r.oid = me.oid
  OR NOT me.rolsuper AND r.oid = (SELECT datdba FROM pg_database WHERE datname = current_database())
  OR EXISTS (SELECT FROM nothing)
    AND NOT EXISTS (SELECT FROM granted WHERE NOT pg_has_role(r.oid, granted.oid, 'MEMBER'))
$function$;

-- Asks for code of other roles that would run with the rights of the session: by tables that the transaction writes or
-- reads, or by functions of the plan's own that it calls. The setting executor.foreign_code says which, or is empty.
CREATE OR REPLACE PROCEDURE pg_temp.executor_ask_foreign_code(
  writes text[] DEFAULT '{}', reads text[] DEFAULT '{}', calls text[] DEFAULT '{}')
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $function$
DECLARE
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
SELECT oid FROM pg_temp.executor_trusted_roles() AS trusted (oid)
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
SELECT changed.oid::regclass::text AS name
FROM unnest(tables) AS named
CROSS JOIN LATERAL (SELECT named AS oid UNION SELECT relid FROM pg_partition_tree(named)) AS changed
LEFT JOIN pg_class AS c ON c.oid = changed.oid
WHERE c.oid IS NULL OR nullif(c.relfilenode, 0) IS DISTINCT FROM pg_relation_filenode(c.oid)
  OR current_setting('transaction_isolation') <> 'read committed' AND EXISTS (
    SELECT FROM pg_attribute AS a
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      AND (pg_identify_object_as_address('pg_class'::regclass, c.oid, a.attnum)).object_names[3] IS DISTINCT FROM a.attname::text)
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
WITH RECURSIVE trusted AS MATERIALIZED (
SELECT oid FROM pg_temp.executor_trusted_roles() AS trusted (oid)
), tree (oid, written) AS (
  SELECT oid, written FROM relations WHERE oid IS NOT NULL
  UNION
  SELECT i.inhrelid, tree.written FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.oid
), relation AS MATERIALIZED (
  SELECT c.oid, c.relkind, c.relowner, c.relnamespace, bool_or(tree.written) AS written,
    c.relowner NOT IN (SELECT oid FROM trusted) AS foreign_owned
  FROM tree JOIN pg_class AS c USING (oid)
  GROUP BY c.oid, c.relkind, c.relowner, c.relnamespace
), fired AS (
  -- a statement fires the statement triggers of the table that it names, and of no partition, but for a TRUNCATE
  SELECT t.*
  FROM relation JOIN pg_trigger AS t ON t.tgrelid = relation.oid
  WHERE relation.written AND t.tgenabled <> 'D' AND (t.tgtype & 33 <> 0 OR t.tgrelid IN (SELECT oid FROM relations))
), expression (classid, objid, relation, tree) AS MATERIALIZED (
  SELECT 'pg_attrdef'::regclass::oid, d.oid, d.adrelid, d.adbin::text
  FROM relation JOIN pg_attrdef AS d ON d.adrelid = relation.oid
  UNION ALL
  SELECT 'pg_constraint'::regclass, c.oid, c.conrelid, c.conbin::text
  FROM relation JOIN pg_constraint AS c ON c.conrelid = relation.oid
  UNION ALL
  SELECT 'pg_class'::regclass, i.indexrelid, i.indrelid, concat_ws(' ', i.indexprs::text, i.indpred::text)
  FROM relation JOIN pg_index AS i ON i.indrelid = relation.oid
  UNION ALL
  SELECT 'pg_class'::regclass, p.partrelid, p.partrelid, p.partexprs::text
  FROM relation JOIN pg_partitioned_table AS p ON p.partrelid = relation.oid
  UNION ALL
  SELECT 'pg_statistic_ext'::regclass, s.oid, s.stxrelid, s.stxexprs::text
  FROM relation JOIN pg_statistic_ext AS s ON s.stxrelid = relation.oid
  UNION ALL
  SELECT 'pg_trigger'::regclass, t.oid, t.tgrelid, t.tgqual::text FROM fired AS t
), dependent (classid, objid, relation) AS MATERIALIZED (
  SELECT DISTINCT d.classid, d.objid, d.refobjid
  FROM relation
  JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = relation.oid
    AND d.classid IN ('pg_rewrite'::regclass, 'pg_policy'::regclass, 'pg_proc'::regclass)
), type (oid, classid, objid, objsubid, relation) AS (
  SELECT a.atttypid, 'pg_class'::regclass::oid, a.attrelid, a.attnum::integer, a.attrelid
  FROM relation
  JOIN pg_attribute AS a ON a.attrelid = relation.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid >= 16384
  UNION
  SELECT d.refobjid, e.classid, e.objid, 0, e.relation
  FROM (
    SELECT classid, objid, relation FROM expression UNION SELECT * FROM dependent
    -- said again by the swap, fired or not
    UNION SELECT 'pg_trigger'::regclass, t.oid, t.tgrelid FROM relation JOIN pg_trigger AS t ON t.tgrelid = relation.oid AND t.tgqual IS NOT NULL
  ) AS e
  JOIN pg_depend AS d ON d.classid = e.classid AND d.objid = e.objid AND d.refclassid = 'pg_type'::regclass
  UNION
  SELECT part.oid, type.classid, type.objid, type.objsubid, type.relation
  FROM type
  JOIN pg_type AS t ON t.oid = type.oid
  CROSS JOIN LATERAL (
    SELECT t.typbasetype UNION ALL SELECT t.typelem
    UNION ALL SELECT r.rngsubtype FROM pg_range AS r WHERE r.rngtypid = t.oid
    UNION ALL SELECT r.rngtypid FROM pg_range AS r WHERE r.rngmultitypid = t.oid
    UNION ALL SELECT a.atttypid FROM pg_attribute AS a
      WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
  ) AS part (oid)
  WHERE part.oid >= 16384
), family (oid, classid, objid, relation) AS (
  SELECT DISTINCT o.opcfamily, used.classid, used.objid, used.relation
  FROM (
    SELECT 'pg_class'::regclass::oid, i.indexrelid, i.indrelid, unnest(i.indclass::oid[])
    FROM relation JOIN pg_index AS i ON i.indrelid = relation.oid
    UNION ALL
    SELECT 'pg_class'::regclass, p.partrelid, p.partrelid, unnest(p.partclass::oid[])
    FROM relation JOIN pg_partitioned_table AS p ON p.partrelid = relation.oid
  ) AS used (classid, objid, relation, class)
  JOIN pg_opclass AS o ON o.oid = used.class AND o.oid >= 16384
), operator (oid, classid, objid, relation) AS (
  SELECT (regexp_matches(e.tree, ':opno (\d+)', 'g'))[1]::oid, e.classid, e.objid, e.relation FROM expression AS e
  UNION ALL
  SELECT unnest(c.conpfeqop || c.conppeqop || c.conffeqop || c.conexclop), 'pg_constraint'::regclass, c.oid, c.conrelid
  FROM relation JOIN pg_constraint AS c ON c.conrelid = relation.oid
  UNION ALL
  SELECT p.amopopr, family.classid, family.objid, family.relation
  FROM family JOIN pg_amop AS p ON p.amopfamily = family.oid
), called (function, classid, objid, objsubid, relation, of_type) AS (
  SELECT (regexp_matches(e.tree, ':(?:funcid|opfuncid) (\d+)', 'g'))[1]::oid, e.classid, e.objid, 0, e.relation, false
  FROM expression AS e
  UNION
  SELECT d.refobjid, e.classid, e.objid, 0, e.relation, false
  FROM expression AS e
  JOIN pg_depend AS d ON d.classid = e.classid AND d.objid = e.objid AND d.refclassid = 'pg_proc'::regclass
  UNION
  SELECT unnest(ARRAY[o.oprcode, o.oprrest, o.oprjoin]::oid[]), used.classid, used.objid, 0, used.relation, false
  FROM operator AS used JOIN pg_operator AS o ON o.oid = used.oid
  UNION
  SELECT p.amproc, family.classid, family.objid, 0, family.relation, false
  FROM family JOIN pg_amproc AS p ON p.amprocfamily = family.oid
  UNION
  SELECT t.tgfoid, 'pg_trigger'::regclass, t.oid, 0, t.tgrelid, false FROM fired AS t
  UNION
  SELECT of_type.function, type.classid, type.objid, type.objsubid, type.relation, true
  FROM type
  JOIN pg_type AS t ON t.oid = type.oid
  CROSS JOIN LATERAL (
    SELECT unnest(ARRAY[t.typinput, t.typoutput, t.typreceive, t.typsend, t.typmodin, t.typmodout]::oid[])
    UNION ALL SELECT unnest(ARRAY[r.rngcanonical, r.rngsubdiff]::oid[]) FROM pg_range AS r WHERE r.rngtypid = t.oid
    UNION ALL SELECT c.castfunc FROM pg_cast AS c WHERE t.oid IN (c.castsource, c.casttarget)
    UNION ALL SELECT (regexp_matches(k.conbin::text, ':(?:funcid|opfuncid) (\d+)', 'g'))[1]::oid
      FROM pg_constraint AS k WHERE k.contypid = t.oid
  ) AS of_type (function)
  WHERE of_type.function >= 16384
), found (classid, objid, objsubid, relation, code, owner, of_reader) AS (
  SELECT DISTINCT called.classid, called.objid, called.objsubid, called.relation,
    'function ' || p.oid::regprocedure,
    CASE WHEN p.proowner IN (SELECT oid FROM trusted) THEN relation.relowner ELSE p.proowner END,
    called.of_type AND p.proowner NOT IN (SELECT oid FROM trusted)
  FROM called
  JOIN relation ON relation.oid = called.relation
  JOIN pg_proc AS p ON p.oid = called.function
  WHERE p.proowner NOT IN (SELECT oid FROM trusted)
    -- not that of a trigger, but what its WHEN calls
    OR p.prorettype <> 'trigger'::regtype AND (
      NOT has_function_privilege(relation.relowner, p.oid, 'EXECUTE')
      OR (p.oid < 16384 AND p.provolatile <> 'i' AND (
  p.proname LIKE ANY (ARRAY['%\_to\_xml%', 'lo\_%', 'pg\_input\_%', 'pg\_read\_%', 'pg\_ls\_%', '%\_backend', 'pg\_logical\_%',
    '%replication\_slot%', 'pg\_restore\_%', 'pg\_clear\_%', 'pg\_advisory\_%'])
  OR p.proname IN ('setval', 'ts_stat', 'ts_rewrite', 'set_config', 'loread', 'lowrite', 'domain_in', 'domain_recv', 'array_in',
    'array_recv', 'record_in', 'record_recv', 'range_in', 'range_recv', 'multirange_in', 'multirange_recv',
    'pg_nextoid', 'pg_stop_making_pinned_objects', 'pg_import_system_collations')))

      -- a default is not asked for: each column is given its value
      OR p.oid < 16384 AND p.proname = 'nextval' AND called.classid <> 'pg_attrdef'::regclass
      -- dblink(text), cron.schedule(text, text): it is given what it runs
      OR p.oid >= 16384 AND p.provolatile = 'v' AND p.proargtypes::oid[] && ARRAY['text', 'varchar', 'cstring']::regtype[]::oid[]
        AND EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'))
  UNION ALL
  SELECT type.classid, type.objid, type.objsubid, type.relation, 'type ' || t.oid::regtype, t.typowner, true
  FROM type
  JOIN pg_type AS t ON t.oid = type.oid
  WHERE t.typtype IN ('c', 'd', 'm', 'r') AND t.typowner NOT IN (SELECT oid FROM trusted)
  UNION ALL
  SELECT d.classid, d.objid, 0, d.relation, 'function ' || p.oid::regprocedure, p.proowner, true
  FROM dependent AS d
  JOIN pg_proc AS p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid
  WHERE p.proowner NOT IN (SELECT oid FROM trusted)
  UNION ALL
  SELECT 'pg_rewrite'::regclass, r.oid, 0, r.ev_class, 'the statements of the rule ' || quote_ident(r.rulename), relation.relowner, false
  FROM relation JOIN pg_rewrite AS r ON r.ev_class = relation.oid
  WHERE relation.written AND r.ev_enabled <> 'D'
  UNION ALL
  SELECT 'pg_class'::regclass, relation.oid, 0, relation.oid, 'its query or server', relation.relowner, false
  FROM relation WHERE relation.relkind NOT IN ('r', 'p', 'm')
  UNION ALL
  SELECT 'pg_constraint'::regclass, c.oid, 0, c.confrelid, 'what it sets off in ' || c.conrelid::regclass, r.relowner, false
  FROM relation
  JOIN pg_constraint AS c ON c.confrelid = relation.oid AND c.contype = 'f'
  JOIN pg_class AS r ON r.oid = c.conrelid
  WHERE relation.written AND (c.confdeltype NOT IN ('a', 'r') OR c.confupdtype NOT IN ('a', 'r'))
    AND c.conrelid NOT IN (SELECT oid FROM relation) AND r.relowner NOT IN (SELECT oid FROM trusted)
  UNION ALL
  SELECT 'pg_namespace'::regclass, n.oid, 0, relation.oid, 'whatever is put in the place of the table', owner.oid, false
  FROM relation
  JOIN pg_namespace AS n ON n.oid = relation.relnamespace
  CROSS JOIN LATERAL (
    SELECT CASE WHEN n.nspowner::regrole::text = 'pg_database_owner'
      THEN (SELECT datdba FROM pg_database WHERE datname = current_database()) ELSE n.nspowner END
  ) AS owner (oid)
  WHERE owner.oid NOT IN (SELECT oid FROM trusted)
)
-- a partition has what the whole has: each is named once
SELECT DISTINCT ON (found.code, found.owner)
  pg_describe_object(found.classid, found.objid, found.objsubid) AS object,
  found.code,
  pg_get_userbyid(found.owner)::text AS owner
FROM found
JOIN relation ON relation.oid = found.relation AND (relation.foreign_owned
  -- what reads a table may be anybody's, and so may a trigger; those of partitions are not said again
  OR found.classid IN ('pg_rewrite'::regclass, 'pg_policy'::regclass, 'pg_proc'::regclass, 'pg_trigger'::regclass)
    AND found.of_reader AND found.relation IN (SELECT oid FROM relations))
LEFT JOIN relations ON relations.oid = found.relation
ORDER BY found.code, found.owner, relations.oid NULLS LAST, found.classid, found.objid, found.objsubid
    ) AS foreign_code
    UNION ALL
    SELECT 'the plan', 'function ' || p.oid::regprocedure, pg_get_userbyid(p.proowner)::text
    FROM unnest(calls) AS given (name)
    JOIN pg_proc AS p ON p.oid = to_regprocedure(given.name)
    WHERE p.proowner NOT IN (
SELECT oid FROM pg_temp.executor_trusted_roles() AS trusted (oid)
    )
  )
  SELECT string_agg(format('%s of %s (%s)', code, owner, object), ', ' ORDER BY place) INTO refused
  FROM (SELECT *, row_number() OVER (ORDER BY code, object) AS place FROM code) AS numbered WHERE place <= 50;
  PERFORM set_config('executor.foreign_code', coalesce(refused, ''), true);
END
$function$;

-- Refuses to go on where code of other roles would run with the rights of the session.
CREATE OR REPLACE PROCEDURE pg_temp.executor_refuse_foreign_code(
  writes text[] DEFAULT '{}', reads text[] DEFAULT '{}', calls text[] DEFAULT '{}')
LANGUAGE plpgsql AS $function$
BEGIN
  CALL pg_temp.executor_ask_foreign_code(writes, reads, calls);
IF current_setting('executor.foreign_code') <> '' THEN
    RAISE EXCEPTION USING
      MESSAGE = format('what is not to be trusted would run with the rights of %s: %s', session_user, current_setting('executor.foreign_code')),
      HINT = 'Run the plan as the owner of the table, see Privileges in the guide. Or drop this, or let a role own it that you trust.';
  END IF;
END
$function$;

-- Refuses to go on where code of other roles would run when a lookup in one of the tables, such as that of a foreign key, is
-- planned.
CREATE OR REPLACE PROCEDURE pg_temp.executor_refuse_foreign_plans(tables text[]) LANGUAGE plpgsql AS $function$
DECLARE
  item regclass;
  refused text;
BEGIN
  -- Readers and writers don't notice this lock; whoever would add an index, a check or statistics meanwhile waits.
  FOR item IN
    SELECT c.oid::regclass FROM unnest(tables) AS name JOIN pg_class AS c ON c.oid = to_regclass(name)
    WHERE has_table_privilege(c.oid, 'UPDATE') AND c.relkind IN ('r', 'p') AND c.relowner NOT IN (
SELECT oid FROM pg_temp.executor_trusted_roles() AS trusted (oid)
    ) ORDER BY 1
  LOOP
    EXECUTE format('LOCK TABLE %s IN SHARE UPDATE EXCLUSIVE MODE', item);
  END LOOP;
  refused := (
    SELECT string_agg((WITH RECURSIVE trusted AS MATERIALIZED (
SELECT oid FROM pg_temp.executor_trusted_roles() AS trusted (oid)
), tree (oid) AS (
  SELECT looked_up.oid::oid
  UNION SELECT i.inhrelid FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.oid
), relation AS (
  SELECT c.oid FROM tree JOIN pg_class AS c USING (oid) WHERE c.relowner NOT IN (SELECT oid FROM trusted)
), expression (relation, tree) AS (
  SELECT i.indrelid, concat_ws(' ', i.indexprs::text, i.indpred::text) FROM relation JOIN pg_index AS i ON i.indrelid = relation.oid
  UNION ALL
  SELECT s.stxrelid, s.stxexprs::text FROM relation JOIN pg_statistic_ext AS s ON s.stxrelid = relation.oid
  UNION ALL
  SELECT c.conrelid, c.conbin::text FROM relation JOIN pg_constraint AS c ON c.conrelid = relation.oid
  UNION ALL
  SELECT p.partrelid, p.partexprs::text FROM relation JOIN pg_partitioned_table AS p ON p.partrelid = relation.oid
), called (relation, function) AS (
  SELECT relation, (regexp_matches(tree, ':(?:funcid|opfuncid) (\d+)', 'g'))[1]::oid FROM expression
  UNION
  SELECT used.relation, o.oprcode
  FROM (SELECT relation, (regexp_matches(tree, ':opno (\d+)', 'g'))[1]::oid FROM expression) AS used (relation, operator)
  JOIN pg_operator AS o ON o.oid = used.operator
)
SELECT string_agg(DISTINCT format('function %s of %s (%s)', p.oid::regprocedure, p.proowner::regrole, called.relation::regclass), ', ')
FROM called JOIN pg_proc AS p ON p.oid = called.function
WHERE p.proowner NOT IN (SELECT oid FROM trusted) OR (p.oid < 16384 AND p.provolatile <> 'i' AND (
  p.proname LIKE ANY (ARRAY['%\_to\_xml%', 'lo\_%', 'pg\_input\_%', 'pg\_read\_%', 'pg\_ls\_%', '%\_backend', 'pg\_logical\_%',
    '%replication\_slot%', 'pg\_restore\_%', 'pg\_clear\_%', 'pg\_advisory\_%'])
  OR p.proname IN ('setval', 'ts_stat', 'ts_rewrite', 'set_config', 'loread', 'lowrite', 'domain_in', 'domain_recv', 'array_in',
    'array_recv', 'record_in', 'record_recv', 'range_in', 'range_recv', 'multirange_in', 'multirange_recv',
    'pg_nextoid', 'pg_stop_making_pinned_objects', 'pg_import_system_collations')))
)
, ', ')
    FROM (SELECT to_regclass(name) FROM unnest(tables) AS name) AS looked_up (oid));
  IF refused IS NOT NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('what is not to be trusted would run with the rights of %s: %s', session_user, refused),
      HINT = 'A foreign key refers to this table. Drop what calls the function (an index, statistics or a check), or let a role own it that you trust.';
  END IF;
END
$function$;

-- Gives a table, its partitions and their sequences to the owner of another table, and to nobody else.
CREATE OR REPLACE PROCEDURE pg_temp.executor_keep_private(kept regclass, owner_of regclass)
LANGUAGE plpgsql AS $function$
DECLARE
new_owner CONSTANT regrole := (SELECT relowner FROM pg_class WHERE oid = owner_of);
  item record;
BEGIN
  FOR item IN
    SELECT
      CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind,
      c.oid::regclass AS called,
      CASE WHEN c.relkind <> 'S' THEN c.relowner END AS owner, -- a sequence follows its table
      (SELECT string_agg(DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, ', ')
       FROM aclexplode(c.relacl) AS a WHERE a.grantee <> c.relowner) AS others
    FROM pg_class AS c
    WHERE c.oid = kept
      OR c.oid IN (SELECT relid FROM pg_partition_tree(kept))
      OR c.relkind = 'S' AND c.oid IN (
        SELECT objid FROM pg_depend
        WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass AND deptype IN ('a', 'i')
          AND refobjid = kept)
    ORDER BY c.relkind <> 'S', c.oid
  LOOP
IF item.others IS NOT NULL THEN
  EXECUTE format('REVOKE ALL ON %s %s FROM %s', item.kind, item.called, item.others);
END IF;
IF item.owner <> new_owner THEN
  EXECUTE format('ALTER %s %s OWNER TO %s', item.kind, item.called, new_owner);
END IF;
  END LOOP;
END
$function$;

-- Takes away what an event trigger has added to a new table, if the table that it is like has it, too; else refuses it.
CREATE OR REPLACE PROCEDURE pg_temp.executor_refuse_additions(made regclass, like_table regclass, wanted text[] DEFAULT '{}')
LANGUAGE plpgsql AS $function$
DECLARE
  added text;
  item record;
BEGIN
  FOR time IN 1..2 LOOP
    added := NULL;
    FOR item IN
      WITH tree AS (
        SELECT c.*, c.oid::regclass AS name, own.relrowsecurity AS own_security, own.relforcerowsecurity AS own_force
        FROM pg_class AS c
        JOIN pg_class AS own ON own.oid = like_table
        WHERE c.oid = made OR c.oid IN (SELECT relid FROM pg_partition_tree(made))
      )
      SELECT format('trigger %I on %s', t.tgname, name) AS what, format('DROP TRIGGER %I ON %s', t.tgname, name) AS undo,
        EXISTS (SELECT FROM pg_trigger AS own WHERE own.tgrelid = like_table AND own.tgname = t.tgname AND own.tgfoid = t.tgfoid) AS is_own
      FROM tree JOIN pg_trigger AS t ON t.tgrelid = tree.oid AND NOT t.tgisinternal AND t.tgparentid = 0
      UNION ALL
      SELECT format('rule %I on %s', r.rulename, name), format('DROP RULE %I ON %s', r.rulename, name),
        EXISTS (SELECT FROM pg_rewrite AS own WHERE own.ev_class = like_table AND own.rulename = r.rulename)
      FROM tree JOIN pg_rewrite AS r ON r.ev_class = tree.oid
      UNION ALL
      SELECT format('policy %I on %s', p.polname, name), format('DROP POLICY %I ON %s', p.polname, name),
        EXISTS (SELECT FROM pg_policy AS own WHERE own.polrelid = like_table AND own.polname = p.polname)
      FROM tree JOIN pg_policy AS p ON p.polrelid = tree.oid
      UNION ALL
      SELECT format('row level security of %s', name),
        format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY', name),
        relrowsecurity <= own_security AND relforcerowsecurity <= own_force
      FROM tree WHERE relrowsecurity OR relforcerowsecurity
      UNION ALL
      SELECT format('%s in the publication %I', name, p.pubname), format('ALTER PUBLICATION %I DROP TABLE %s', p.pubname, name),
        EXISTS (SELECT FROM pg_publication_rel AS own WHERE own.prrelid = like_table AND own.prpubid = p.oid)
      FROM tree JOIN pg_publication_rel AS r ON r.prrelid = tree.oid JOIN pg_publication AS p ON p.oid = r.prpubid
      UNION ALL
      SELECT format('column %I of %s', a.attname, name), NULL, false
      FROM tree JOIN pg_attribute AS a ON a.attrelid = tree.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE a.attname <> 'partition_key' AND a.attname <> ALL (wanted)
        AND NOT EXISTS (SELECT FROM pg_attribute AS own WHERE own.attrelid = like_table AND own.attname = a.attname)
      UNION ALL
      SELECT format('constraint %I of %s', c.conname, name), NULL, false
      FROM tree JOIN pg_constraint AS c ON c.conrelid = tree.oid AND c.contype IN ('c', 'f') AND c.coninhcount = 0 AND c.conparentid = 0
      WHERE c.conname <> 'partition_key_check'
        AND NOT EXISTS (SELECT FROM pg_constraint AS own WHERE own.conrelid = like_table AND own.conname = c.conname)
      UNION ALL
      SELECT format('index %s', i.indexrelid::regclass), NULL, false
      FROM tree JOIN pg_index AS i ON i.indrelid = tree.oid
      ORDER BY what
    LOOP
      IF item.is_own AND time = 1 THEN
        EXECUTE item.undo;
      ELSE
        added := concat_ws(', ', added, item.what);
      END IF;
    END LOOP;
    IF added IS NOT NULL THEN
      RAISE EXCEPTION USING
        MESSAGE = format('something else has added to %s what %s has not: %s', made, like_table, added),
        HINT = coalesce((
          SELECT format('Is it one of the event triggers here (%s)? Let it leave such a table alone, or disable it while the plan runs',
                        string_agg(quote_ident(evtname), ', ' ORDER BY evtname))
          FROM pg_event_trigger WHERE evtenabled <> 'D' HAVING count(*) > 0), 'Let it leave such a table alone')
          || '. Or give the table the same.';
    END IF;
  END LOOP;
END
$function$;

-- Leaves a function to its owner alone, who is that of a table if the session trusts him.
CREATE OR REPLACE PROCEDURE pg_temp.executor_keep_function_private(function text, owner_of regclass)
LANGUAGE plpgsql AS $function$
DECLARE
new_owner CONSTANT regrole := (SELECT relowner FROM pg_class WHERE oid = owner_of AND relowner IN (
SELECT oid FROM pg_temp.executor_trusted_roles() AS trusted (oid)
  ));
  item record;
BEGIN
  FOR item IN
    SELECT 'FUNCTION' AS kind, p.oid::regprocedure AS called, p.proowner AS owner,
      (SELECT string_agg(DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, ', ')
       FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a WHERE a.grantee <> p.proowner) AS others
    FROM pg_proc AS p
    WHERE p.oid = to_regprocedure(function)
  LOOP
    IF item.owner NOT IN (
      SELECT relowner FROM pg_class WHERE oid = owner_of UNION ALL SELECT oid FROM pg_roles WHERE rolname = current_user
      UNION ALL SELECT trusted.oid FROM (
SELECT oid FROM pg_temp.executor_trusted_roles() AS trusted (oid)
      ) AS trusted)
    THEN
      RAISE EXCEPTION USING
        MESSAGE = format('%s is a function of %s, made under a name that the run gives to one of its own', item.called, item.owner::regrole),
        HINT = 'Nothing was changed. See what it is for, drop it, and try again.';
    END IF;
IF item.others IS NOT NULL THEN
  EXECUTE format('REVOKE ALL ON %s %s FROM %s', item.kind, item.called, item.others);
END IF;
IF item.owner <> new_owner THEN
  EXECUTE format('ALTER %s %s OWNER TO %s', item.kind, item.called, new_owner);
END IF;
  END LOOP;
END
$function$;

-- Keeps tables that are compared as they are: no TRUNCATE, and no view in the place of one.
CREATE OR REPLACE PROCEDURE pg_temp.executor_hold_steady(first text, second text, without text DEFAULT NULL)
LANGUAGE plpgsql AS $function$
DECLARE
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
SELECT oid FROM pg_temp.executor_trusted_roles() AS trusted (oid)
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
      SELECT string_agg((WITH RECURSIVE trusted AS MATERIALIZED (
SELECT oid FROM pg_temp.executor_trusted_roles() AS trusted (oid)
), tree (oid) AS (
  SELECT looked_up.oid::oid
  UNION SELECT i.inhrelid FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.oid
), relation AS (
  SELECT c.oid FROM tree JOIN pg_class AS c USING (oid) WHERE c.relowner NOT IN (SELECT oid FROM trusted)
), expression (relation, tree) AS (
  SELECT i.indrelid, concat_ws(' ', i.indexprs::text, i.indpred::text) FROM relation JOIN pg_index AS i ON i.indrelid = relation.oid
  UNION ALL
  SELECT s.stxrelid, s.stxexprs::text FROM relation JOIN pg_statistic_ext AS s ON s.stxrelid = relation.oid
  UNION ALL
  SELECT c.conrelid, c.conbin::text FROM relation JOIN pg_constraint AS c ON c.conrelid = relation.oid
  UNION ALL
  SELECT p.partrelid, p.partexprs::text FROM relation JOIN pg_partitioned_table AS p ON p.partrelid = relation.oid
), called (relation, function) AS (
  SELECT relation, (regexp_matches(tree, ':(?:funcid|opfuncid) (\d+)', 'g'))[1]::oid FROM expression
  UNION
  SELECT used.relation, o.oprcode
  FROM (SELECT relation, (regexp_matches(tree, ':opno (\d+)', 'g'))[1]::oid FROM expression) AS used (relation, operator)
  JOIN pg_operator AS o ON o.oid = used.operator
)
SELECT string_agg(DISTINCT format('function %s of %s (%s)', p.oid::regprocedure, p.proowner::regrole, called.relation::regclass), ', ')
FROM called JOIN pg_proc AS p ON p.oid = called.function
WHERE p.proowner NOT IN (SELECT oid FROM trusted) OR (p.oid < 16384 AND p.provolatile <> 'i' AND (
  p.proname LIKE ANY (ARRAY['%\_to\_xml%', 'lo\_%', 'pg\_input\_%', 'pg\_read\_%', 'pg\_ls\_%', '%\_backend', 'pg\_logical\_%',
    '%replication\_slot%', 'pg\_restore\_%', 'pg\_clear\_%', 'pg\_advisory\_%'])
  OR p.proname IN ('setval', 'ts_stat', 'ts_rewrite', 'set_config', 'loread', 'lowrite', 'domain_in', 'domain_recv', 'array_in',
    'array_recv', 'record_in', 'record_recv', 'range_in', 'range_recv', 'multirange_in', 'multirange_recv',
    'pg_nextoid', 'pg_stop_making_pinned_objects', 'pg_import_system_collations')))
)
, ', ')
      FROM unnest(tables) AS looked_up (oid));
  END IF;
  IF planned IS NOT NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('to read these tables would run, with the rights of %s, what is not to be trusted: %s', session_user, planned),
      HINT = 'Drop what calls the function (an index, statistics or a check), or run this as the owner of the tables.';
  END IF;
  SELECT string_agg(name, ', ') INTO truncated
  FROM (
SELECT changed.oid::regclass::text AS name
FROM unnest(tables) AS named
CROSS JOIN LATERAL (SELECT named AS oid UNION SELECT relid FROM pg_partition_tree(named)) AS changed
LEFT JOIN pg_class AS c ON c.oid = changed.oid
WHERE c.oid IS NULL OR nullif(c.relfilenode, 0) IS DISTINCT FROM pg_relation_filenode(c.oid)
  OR current_setting('transaction_isolation') <> 'read committed' AND EXISTS (
    SELECT FROM pg_attribute AS a
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      AND (pg_identify_object_as_address('pg_class'::regclass, c.oid, a.attnum)).object_names[3] IS DISTINCT FROM a.attname::text)
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
$function$;

-- Gives back the room of what was deleted from a log. Every later look at it would read that, under the lock
-- of the swap, too. Entries that are left are put back. VACUUM would need a moment without writers and
-- without old snapshots. In a transaction that is READ COMMITTED, and its last statement.
-- Lock: ACCESS EXCLUSIVE on the log, so writers of the table wait, for as long as it takes to read the log once
-- (max_lock at most, else it is left) and to write 10,000 entries. Nothing is done if somebody else has it.
CREATE OR REPLACE PROCEDURE pg_temp.executor_shorten_logs() LANGUAGE plpgsql AS $executor$
DECLARE
  began timestamptz;
  few boolean;
BEGIN
  IF pg_relation_size(to_regclass('"public"."chunks_log_20250811_120000"')) >= 8 * 1024 * 1024 THEN
    began := clock_timestamp();
    SELECT count(*) <= 10000 INTO few FROM (SELECT FROM "public"."chunks_log_20250811_120000" LIMIT 10001) AS entry;
    IF few AND clock_timestamp() - began <= '500ms' THEN
      BEGIN
        LOCK TABLE "public"."chunks_log_20250811_120000" IN ACCESS EXCLUSIVE MODE NOWAIT;
        CREATE TEMPORARY TABLE executor_left AS SELECT * FROM "public"."chunks_log_20250811_120000" LIMIT 10001;
        IF (SELECT count(*) FROM pg_temp.executor_left) > 10000 THEN
          RAISE lock_not_available;  -- many came since they were counted
        END IF;
        TRUNCATE "public"."chunks_log_20250811_120000";
        INSERT INTO "public"."chunks_log_20250811_120000" TABLE pg_temp.executor_left;
        DROP TABLE pg_temp.executor_left;
      EXCEPTION WHEN lock_not_available THEN
        NULL;  -- the next pass tries again
      END;
    END IF;
  END IF;
  IF pg_relation_size(to_regclass('"public"."chunks_back_20250811_120000"')) >= 8 * 1024 * 1024 THEN
    began := clock_timestamp();
    SELECT count(*) <= 10000 INTO few FROM (SELECT FROM "public"."chunks_back_20250811_120000" LIMIT 10001) AS entry;
    IF few AND clock_timestamp() - began <= '500ms' THEN
      BEGIN
        LOCK TABLE "public"."chunks_back_20250811_120000" IN ACCESS EXCLUSIVE MODE NOWAIT;
        CREATE TEMPORARY TABLE executor_left AS SELECT * FROM "public"."chunks_back_20250811_120000" LIMIT 10001;
        IF (SELECT count(*) FROM pg_temp.executor_left) > 10000 THEN
          RAISE lock_not_available;  -- many came since they were counted
        END IF;
        TRUNCATE "public"."chunks_back_20250811_120000";
        INSERT INTO "public"."chunks_back_20250811_120000" TABLE pg_temp.executor_left;
        DROP TABLE pg_temp.executor_left;
      EXCEPTION WHEN lock_not_available THEN
        NULL;  -- the next pass tries again
      END;
    END IF;
  END IF;
END
$executor$;

-- Refuses to go on where code of other roles would run by the function that applies the log in use. It writes to the
-- table that is not in use, and takes what it applies out of a log.
CREATE OR REPLACE PROCEDURE pg_temp.executor_refuse_foreign_sync() LANGUAGE plpgsql AS $executor$
BEGIN
CALL pg_temp.executor_refuse_foreign_code(writes => ARRAY['"public"."chunks_new"', '"public"."chunks_old_20250811_120000"', '"public"."chunks_log_20250811_120000"', '"public"."chunks_back_20250811_120000"'], reads => ARRAY['"public"."chunks"'], calls => ARRAY['public.chunks_sync_20250811_120000(boolean, integer, integer)']);

END
$executor$;

-- Whether a table has more rows than so many. To plan the query is enough to run what its owner has put into an index; and
-- a view can't be sampled: were it one by now, its functions would run.
CREATE OR REPLACE FUNCTION pg_temp.executor_has_more(asked text, than bigint) RETURNS boolean LANGUAGE plpgsql AS $executor$
DECLARE
  found boolean;
BEGIN
  CALL pg_temp.executor_refuse_foreign_code(reads => ARRAY[asked]);
  EXECUTE format('SELECT count(*) > %s FROM (SELECT FROM %s TABLESAMPLE SYSTEM (100) LIMIT %1$s + 1) AS entry', than, asked::regclass) INTO found;
  RETURN found;
END
$executor$;

-- Shows a warning, if there is one.
CREATE OR REPLACE FUNCTION pg_temp.executor_warn(warning text) RETURNS void LANGUAGE plpgsql AS $executor$
BEGIN
  IF warning IS NOT NULL THEN
    RAISE WARNING '%', warning;
  END IF;
END
$executor$;

-- What must not change any more at a table whose writes are logged, as two digests: its partitions and other children,
-- their columns, the triggers that call the function `logger`, that function, and the one that applies the log; and of
-- these the children and triggers alone, which a swap leaves as they are. DDL fires no trigger: what it writes or takes
-- away is in no log. xmin tells a trigger that was disabled for a while, a column that was rewritten, and a function
-- that was replaced.
CREATE OR REPLACE FUNCTION pg_temp.executor_log_state(logged regclass, logger regprocedure) RETURNS text LANGUAGE sql AS $executor$
WITH tree AS (
  SELECT logged AS relid UNION SELECT relid FROM pg_partition_tree(logged)
)
SELECT md5(string_agg(part, ', ' ORDER BY part)) || ' ' || md5(string_agg(part, ', ' ORDER BY part) FILTER (WHERE lasts))
FROM (
  SELECT concat_ws(' ', 'table', c.oid, c.relkind, c.relpersistence, c.relreplident) AS part, false AS lasts
  FROM tree JOIN pg_class AS c ON c.oid = tree.relid
  UNION ALL
  SELECT concat_ws(' ', 'child', inhrelid, inhparent), true
  FROM pg_inherits WHERE inhrelid IN (SELECT relid FROM tree) OR inhparent IN (SELECT relid FROM tree)
  UNION ALL
  SELECT concat_ws(' ', 'column', a.attrelid, a.attnum, a.xmin, a.atttypid, a.atttypmod), false
  FROM tree JOIN pg_attribute AS a ON a.attrelid = tree.relid AND a.attnum > 0
  UNION ALL
  SELECT concat_ws(' ', 'trigger', t.oid, t.tgrelid, t.xmin, t.tgenabled), true
  FROM tree JOIN pg_trigger AS t ON t.tgrelid = tree.relid AND t.tgfoid = logger
  UNION ALL
  SELECT concat_ws(' ', 'function', oid, xmin), false
  FROM pg_proc WHERE oid IN (logger, to_regprocedure('public.chunks_sync_20250811_120000(boolean, integer, integer)'))
) AS parts
$executor$;

-- Writes down what logs the writes of a table, as the comment of the function that does.
CREATE OR REPLACE PROCEDURE pg_temp.executor_note_log_state(logged regclass, logger regprocedure) LANGUAGE plpgsql AS $executor$
BEGIN
  EXECUTE format('COMMENT ON FUNCTION %s IS %L', logger, pg_temp.executor_log_state(logged, logger));
END
$executor$;

-- Refuses to go on if what logs the writes of a table is not as it was written down. Going back, where the tables were
-- not compared since the swap: if the triggers are not those from before the swap, or the functions not those of it,
-- whose transaction the catalog knows of the comment on the table that it has `replaced`.
CREATE OR REPLACE PROCEDURE pg_temp.executor_refuse_unlogged(logged regclass, logger text, replaced regclass DEFAULT NULL)
LANGUAGE plpgsql AS $executor$
DECLARE
  noted text := obj_description(to_regprocedure(logger), 'pg_proc');
  state text := pg_temp.executor_log_state(logged, to_regprocedure(logger));
BEGIN
  IF noted = state  -- null if the function is gone
    OR replaced IS NOT NULL AND split_part(noted, ' ', 2) = split_part(state, ' ', 2) AND NOT EXISTS (
      SELECT FROM pg_proc AS p
      WHERE p.oid IN (to_regprocedure('public.chunks_log_20250811_120000()'), to_regprocedure('public.chunks_back_20250811_120000()'), to_regprocedure('public.chunks_sync_20250811_120000(boolean, integer, integer)'))
        AND p.xmin IS DISTINCT FROM (SELECT d.xmin FROM pg_description AS d
                                     WHERE d.classoid = 'pg_class'::regclass AND d.objoid = replaced AND d.objsubid = 0))
  THEN
    RETURN;
  END IF;
  RAISE EXCEPTION USING
    MESSAGE = format('partitions or columns of %s were changed while the plan ran (GRANT on columns counts, too), or the triggers '
                     'that log what is written to it, or the functions that log and apply it', logged),
    HINT = 'What that wrote or took away is in no log. Nothing was swapped; ' || CASE WHEN replaced IS NULL
      THEN 'run the rollback, and then the plan again.'
      ELSE 'executor run goes forward again, and a rollback after that compares the tables again.' END;
END
$executor$;

-- Refuses to go on without the old table if it is there under another name: it is still bound to what it refers to.
CREATE OR REPLACE PROCEDURE pg_temp.executor_refuse_renamed() LANGUAGE plpgsql AS $executor$
DECLARE
  present text;
BEGIN
  SELECT found.now INTO present FROM (
SELECT known.name, c.oid::regclass::text AS now
FROM (VALUES ('public.chunks_old_20250811_120000', to_regclass('"public"."chunks_old_20250811_120000"'), 'Replaced by executor (plan chunks_100_partitions, run 20250811_120000) and kept for the way back.')) AS known (name, here, comment)
JOIN pg_description AS d ON d.classoid = 'pg_class'::regclass AND d.objsubid = 0 AND d.description = known.comment
JOIN pg_class AS c ON c.oid = d.objoid AND c.relkind IN ('r', 'p')
WHERE known.here IS NULL
  ) AS found;
  IF present IS NOT NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('%s was renamed by somebody: it is %s now', 'public.chunks_old_20250811_120000', present),
      HINT = format('Nothing was changed. Give it its name and its schema again (ALTER TABLE %s RENAME TO ..., SET SCHEMA ...).', present);
  END IF;
END
$executor$;

-- Undoes the swap if its lock was held for max_lock by now. Else the next statement may take what is left of it.
CREATE OR REPLACE PROCEDURE pg_temp.executor_clock(max_lock interval) LANGUAGE plpgsql AS $procedure$
DECLARE
  held interval := clock_timestamp() - current_setting('executor.locked_at')::timestamptz;
BEGIN
  IF held > max_lock THEN
    RAISE EXCEPTION USING
      ERRCODE = 'EX002',
      MESSAGE = format('the lock was held for %s ms by then, longer than max_lock allows (%s ms)',
                       round(extract(epoch FROM held) * 1000), round(extract(epoch FROM max_lock) * 1000));
  END IF;
  PERFORM set_config('statement_timeout', ceil(extract(epoch FROM max_lock - held) * 1000)::text, true);
END
$procedure$;

-- Why a registry of backups is not used; null: nothing is wrong with it.
CREATE OR REPLACE FUNCTION pg_temp.executor_registry_doubt(asked oid)
RETURNS text LANGUAGE sql STABLE AS $function$
SELECT (SELECT string_agg(why.reason, '; ' ORDER BY why.place)
FROM (
  SELECT 1 AS place, 'it was made or replaced just now; try again' AS reason
  WHERE NOT EXISTS (SELECT FROM pg_class AS c WHERE c.oid = registry.oid)
  UNION ALL
  SELECT 2, 'it is no ordinary table' FROM pg_class AS c
  WHERE c.oid = registry.oid AND (c.relkind <> 'r' OR c.relpersistence <> 'p' OR c.relispartition OR c.reloftype <> 0
    OR EXISTS (SELECT FROM pg_inherits AS i WHERE registry.oid IN (i.inhrelid, i.inhparent)))
  UNION ALL
  -- another tool's, or the application's
  SELECT 2, format('it is another table of that name, %s: ALTER TABLE %s RENAME TO ... first', (array_agg(lacking.why ORDER BY lacking.place))[1], registry.oid::regclass)
  FROM (
    SELECT needed.place, 'without the column ' || needed.name AS why
    FROM unnest(ARRAY['id', 'backup_table_name', 'original_table_name', 'record_count', 'created_at', 'migration_revision', 'retention_until'])
      WITH ORDINALITY AS needed (name, place)
    WHERE NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = registry.oid AND a.attname = needed.name AND NOT a.attisdropped)
    UNION ALL
    SELECT 100 + a.attnum, format('which needs a value for its column %I', a.attname)
    FROM pg_attribute AS a
    WHERE a.attrelid = registry.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attnotnull AND NOT a.atthasdef AND a.attidentity = ''
      AND a.attname NOT IN ('backup_table_name', 'original_table_name', 'record_count', 'migration_revision', 'retention_until')
  ) AS lacking
  WHERE EXISTS (SELECT FROM pg_class AS c WHERE c.oid = registry.oid AND c.relkind = 'r')
  HAVING count(*) > 0
  UNION ALL
  SELECT 3, format('it belongs to %s, a role that this one does not trust', c.relowner::regrole) FROM pg_class AS c
  WHERE c.oid = registry.oid AND c.relowner NOT IN (
SELECT oid FROM pg_temp.executor_trusted_roles() AS trusted (oid)
    UNION ALL SELECT datdba FROM pg_database WHERE datname = current_database())
  UNION ALL
  SELECT 4, format('%s can write to it, and should not: REVOKE ALL ON %s FROM %1$s',
    string_agg(DISTINCT CASE writer.grantee WHEN 0 THEN 'PUBLIC' ELSE writer.grantee::regrole::text END, ', '), registry.oid::regclass)
  FROM (
    SELECT a.grantee FROM pg_class AS c CROSS JOIN aclexplode(c.relacl) AS a
    WHERE c.oid = registry.oid AND a.privilege_type NOT IN ('SELECT', 'MAINTAIN')
    UNION ALL
    SELECT a.grantee FROM pg_attribute AS col CROSS JOIN aclexplode(col.attacl) AS a
    WHERE col.attrelid = registry.oid AND NOT col.attisdropped AND a.privilege_type <> 'SELECT'
  ) AS writer
  WHERE writer.grantee <> (SELECT c.relowner FROM pg_class AS c WHERE c.oid = registry.oid) AND writer.grantee NOT IN (
SELECT oid FROM pg_temp.executor_trusted_roles() AS trusted (oid)
    UNION ALL SELECT datdba FROM pg_database WHERE datname = current_database())
  HAVING count(*) > 0
  UNION ALL
  SELECT 5, format('column %s has the type %s, which is not PostgreSQL''s own', a.attname, format_type(a.atttypid, NULL))
  FROM pg_attribute AS a
  WHERE a.attrelid = registry.oid AND NOT a.attisdropped AND (a.atttypid >= 16384 OR NOT EXISTS (
    SELECT FROM pg_type AS t WHERE t.oid = a.atttypid AND t.typnamespace = 'pg_catalog'::regnamespace))
  UNION ALL
  -- a platform may watch every table
  SELECT 6, 'it has triggers or foreign keys' WHERE EXISTS (
    SELECT FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid
    WHERE t.tgrelid = registry.oid AND (t.tgconstraint <> 0 OR p.proowner NOT IN (
SELECT oid FROM pg_temp.executor_trusted_roles() AS trusted (oid)
    )))
  UNION ALL
  SELECT 7, 'it has rules' WHERE EXISTS (SELECT FROM pg_rewrite AS r WHERE r.ev_class = registry.oid)
  UNION ALL
  -- enabled alone, as platforms do with every table, it keeps others out
  SELECT 8, 'it has policies, or row level security that is forced' WHERE EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = registry.oid)
    OR EXISTS (SELECT FROM pg_class AS c WHERE c.oid = registry.oid AND c.relforcerowsecurity)
  UNION ALL
  SELECT 9, 'it has generated columns'
  WHERE EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = registry.oid AND a.attgenerated <> '')
  UNION ALL
  -- what is PostgreSQL's own is pinned, and no dependency on it is written down
  SELECT 10, format('its defaults, constraints, indexes or statistics use %s',
    string_agg(DISTINCT pg_describe_object(d.refclassid, d.refobjid, 0), ', '))
  FROM (
    SELECT 'pg_attrdef'::regclass AS class, oid FROM pg_attrdef WHERE adrelid = registry.oid
    UNION ALL SELECT 'pg_constraint'::regclass, oid FROM pg_constraint WHERE conrelid = registry.oid
    UNION ALL SELECT 'pg_class'::regclass, indexrelid FROM pg_index WHERE indrelid = registry.oid
    UNION ALL SELECT 'pg_statistic_ext'::regclass, oid FROM pg_statistic_ext WHERE stxrelid = registry.oid
  ) AS part
  JOIN pg_depend AS d ON d.classid = part.class AND d.objid = part.oid AND d.refobjid >= 16384
    AND d.refclassid NOT IN ('pg_class'::regclass, 'pg_constraint'::regclass, 'pg_collation'::regclass, 'pg_namespace'::regclass)
  HAVING count(*) > 0
  UNION ALL
  -- nothing but what an older tool may have put there, too: of PostgreSQL's own functions some run SQL that they are given
  SELECT 11, format('its defaults, constraints, indexes or statistics use %s', string_agg(DISTINCT p.oid::regprocedure::text, ', '))
  FROM (
    SELECT adbin::text FROM pg_attrdef WHERE adrelid = registry.oid
    UNION ALL SELECT conbin::text FROM pg_constraint WHERE conrelid = registry.oid
    UNION ALL SELECT concat_ws(' ', indexprs::text, indpred::text) FROM pg_index WHERE indrelid = registry.oid
    UNION ALL SELECT stxexprs::text FROM pg_statistic_ext WHERE stxrelid = registry.oid
  ) AS expression (tree)
  CROSS JOIN LATERAL regexp_matches(expression.tree, ':(?:funcid|opfuncid) (\d+)', 'g') AS called (oid)
  JOIN pg_proc AS p ON p.oid = called.oid[1]::oid
  WHERE p.provolatile <> 'i'
    AND p.proname NOT IN ('now', 'clock_timestamp', 'statement_timestamp', 'timezone', 'timestamp', 'nextval', 'gen_random_uuid')
  HAVING count(*) > 0
) AS why)
 FROM (SELECT $1) AS registry (oid)
$function$;

-- Makes the registry of backups, if there is none, and refuses one that is not to be trusted.
CREATE OR REPLACE PROCEDURE pg_temp.executor_open_registry() LANGUAGE plpgsql AS $procedure$
BEGIN
DO $executor$
DECLARE
  registry text := format('%I.migration_backups', 'public');
  new_owner regrole;
  item record;
BEGIN
  IF to_regclass(registry) IS NULL THEN
    CREATE TABLE "public".migration_backups (
      id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
      backup_table_name text NOT NULL,
      original_table_name text NOT NULL,
      record_count bigint NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      migration_revision text,
      retention_until timestamptz
    );
    SELECT relowner INTO new_owner FROM pg_class WHERE oid = to_regclass('"public"."chunks"') AND relowner IN (
SELECT oid FROM pg_temp.executor_trusted_roles() AS trusted (oid)
    );
    FOR item IN
      SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind, c.oid::regclass AS called,
        CASE WHEN c.relkind <> 'S' THEN c.relowner END AS owner, -- its sequence follows
        (SELECT string_agg(DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, ', ')
         FROM aclexplode(c.relacl) AS a WHERE a.grantee <> c.relowner) AS others
      FROM pg_class AS c
      WHERE c.oid IN (registry::regclass, pg_get_serial_sequence(registry, 'id')::regclass)
      ORDER BY c.relkind <> 'S'
    LOOP
IF item.others IS NOT NULL THEN
  EXECUTE format('REVOKE ALL ON %s %s FROM %s', item.kind, item.called, item.others);
END IF;
IF item.owner <> new_owner THEN
  EXECUTE format('ALTER %s %s OWNER TO %s', item.kind, item.called, new_owner);
END IF;
    END LOOP;
  END IF;
END
$executor$;

DO $executor$
BEGIN
  IF current_setting('transaction_read_only') = 'off' AND (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
    PERFORM FROM pg_namespace WHERE nspname = 'public' FOR KEY SHARE;
  END IF;
END
$executor$;

DO $executor$
DECLARE
  registry text := format('%I.migration_backups', 'public'::text);
  found oid;
  doubt text;
BEGIN
  found := to_regclass(registry);
  IF found IS NULL THEN
    RAISE undefined_table USING MESSAGE = format('there is no registry %s', registry);
  END IF;
  FOR attempt IN 1 .. 2 LOOP
    SELECT pg_temp.executor_registry_doubt(registry.oid)
 INTO doubt FROM (SELECT found AS oid) AS registry (oid);
    IF doubt IS NOT NULL OR found IS DISTINCT FROM to_regclass(registry) THEN
      RAISE EXCEPTION USING
        ERRCODE = 'EX004',
        MESSAGE = format('the registry %s is not used: %s', registry, coalesce(doubt, 'it was replaced just now; try again')),
        HINT = 'Nothing was changed. Connect as its owner, or see docs/backups.md: whose a registry is.';
    END IF;
    IF attempt = 1 THEN
      LOCK TABLE "public".migration_backups IN ROW EXCLUSIVE MODE;
    END IF;
  END LOOP;
END
$executor$;

DO $executor$
DECLARE
  registry text := format('%I.migration_backups', 'public');
BEGIN
  IF EXISTS (
    SELECT FROM pg_attribute
    WHERE attrelid = registry::regclass AND attname = 'record_count' AND atttypid <> 'bigint'::regtype
  ) THEN
    ALTER TABLE "public".migration_backups ALTER COLUMN record_count TYPE bigint;
  END IF;
  IF (
    SELECT count(*) < 13 FROM pg_attribute
    WHERE attrelid = registry::regclass AND NOT attisdropped AND attname IN (
      'kind', 'is_backup', 'run', 'table_oid', 'size_bytes', 'digest', 'definition', 'way_back', 'verified_at', 'finding',
      'drilled_at', 'drill_finding', 'started')
  ) THEN
    ALTER TABLE "public".migration_backups
      ADD COLUMN IF NOT EXISTS kind text NOT NULL DEFAULT 'backup' CHECK (kind IN ('backup', 'old_table')),
      ADD COLUMN IF NOT EXISTS is_backup boolean,
      ADD COLUMN IF NOT EXISTS run text,
      ADD COLUMN IF NOT EXISTS table_oid oid,
      ADD COLUMN IF NOT EXISTS size_bytes bigint,
      ADD COLUMN IF NOT EXISTS digest text,
      ADD COLUMN IF NOT EXISTS definition jsonb,
      ADD COLUMN IF NOT EXISTS way_back jsonb,
      ADD COLUMN IF NOT EXISTS verified_at timestamptz,
      ADD COLUMN IF NOT EXISTS finding text,
      ADD COLUMN IF NOT EXISTS drilled_at timestamptz,
      ADD COLUMN IF NOT EXISTS drill_finding text,
      ADD COLUMN IF NOT EXISTS started timestamptz;
    COMMENT ON TABLE "public".migration_backups IS
      'What migrations keep: backups of tables, and tables that were replaced.';
    COMMENT ON COLUMN "public".migration_backups.record_count IS 'Rows at the time of the entry.';
    COMMENT ON COLUMN "public".migration_backups.retention_until IS 'Kept at least until then; null: for ever.';
    COMMENT ON COLUMN "public".migration_backups.kind IS
      'backup: a copy of the data; old_table: the table itself after its replacement.';
    COMMENT ON COLUMN "public".migration_backups.is_backup IS
      'Whether it counts as a backup; null: as its kind says. An old table does if its run has made no copy.';
    COMMENT ON COLUMN "public".migration_backups.run IS 'The timestamp of the run that made the entry.';
    COMMENT ON COLUMN "public".migration_backups.table_oid IS 'The table that is meant, whatever bears its name later.';
    COMMENT ON COLUMN "public".migration_backups.size_bytes IS
      'Size on disk at the time of the entry, with indexes and out-of-line values.';
    COMMENT ON COLUMN "public".migration_backups.digest IS
      'A 64-bit hash of each row, hashed again in two ways and summed over all rows; see sql/backups/measure.sql.';
    COMMENT ON COLUMN "public".migration_backups.definition IS
      'Columns, constraints, indexes, sequences and partitions of the original, as a restore needs them.';
    COMMENT ON COLUMN "public".migration_backups.way_back IS
      'What an old table has for the way back, and goes with it: names of its log, functions and materialized views.';
    COMMENT ON COLUMN "public".migration_backups.verified_at IS 'When it was last compared with its count and digest.';
    COMMENT ON COLUMN "public".migration_backups.finding IS 'How it differed then; null: not at all.';
    COMMENT ON COLUMN "public".migration_backups.drilled_at IS 'When it was last restored as a drill.';
    COMMENT ON COLUMN "public".migration_backups.drill_finding IS 'What went wrong then; null: nothing.';
    COMMENT ON COLUMN "public".migration_backups.started IS 'When executor began to drop it; null: it has not.';
  END IF;
END
$executor$;
END
$procedure$;

-- Counts the rows of a table and computes their digest.
CREATE OR REPLACE PROCEDURE pg_temp.executor_measure(executor_measured regclass) LANGUAGE plpgsql AS $procedure$
DECLARE
hash text;
  content jsonb;
BEGIN
  SELECT format('hash_record_extended(ROW(%s), 0)', string_agg(
CASE
  WHEN a.atttypid IN ('text'::regtype, 'varchar'::regtype) THEN a.reading || ' COLLATE "C"'
  WHEN a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'bool'::regtype, 'uuid'::regtype, 'date'::regtype,
    'bytea'::regtype) THEN a.reading
  WHEN a.atttypid = 'int8'::regtype AND a.place <= 60
    THEN format('%1$s, (%1$s >> 32)::int4', a.reading)
  WHEN a.atttypid IN ('timestamp'::regtype, 'timestamptz'::regtype) AND a.place <= 60
    THEN format('%1$s, date_part(''epoch'', %1$s)', a.reading)
  WHEN a.atttypid < 16384 AND a.atttypid <> 'bpchar'::regtype
    THEN a.reading || '::text COLLATE "C"'
  ELSE format('ROW(%s)::text COLLATE "C"', a.reading)
END
    , ', ' ORDER BY a.place)) INTO hash
  FROM (
    SELECT format('r.%I', attname) AS reading, atttypid, row_number() OVER (ORDER BY attnum) AS place
    FROM pg_attribute
    WHERE attrelid = executor_measured AND attnum > 0 AND NOT attisdropped
  ) AS a;
  -- the condition makes it two parts, so that the hash is computed once, below the sums
  EXECUTE format(
    'SELECT jsonb_build_object(''table'', %3$s, ''record_count'', count(*), ''digest'',
       coalesce(sum(hashint8extended(hash, hash)), 0) || '':'' || coalesce(sum(hashint8extended(hash, ~hash)), 0))
     FROM (SELECT %1$s AS hash FROM %2$s AS r UNION ALL SELECT NULL FROM %2$s WHERE false) AS hashed',
    hash, executor_measured, executor_measured::oid) INTO content;
  PERFORM set_config('executor.content', content::text, true);
END
$procedure$;

-- Enters a table into the registry, with its digest, its retention and the definition of the table that it is kept for.
CREATE OR REPLACE PROCEDURE pg_temp.executor_register(
  executor_kept regclass, executor_kind text, executor_original regclass, executor_definition jsonb DEFAULT NULL)
LANGUAGE plpgsql AS $procedure$
DECLARE
executor_said jsonb := executor_definition;
  executor_asked regclass := executor_original;
  executor_column record;
  executor_place jsonb;
BEGIN
  DECLARE
    executor_measured CONSTANT regclass := executor_kept;
hash text;
  content jsonb;
BEGIN
  SELECT format('hash_record_extended(ROW(%s), 0)', string_agg(
CASE
  WHEN a.atttypid IN ('text'::regtype, 'varchar'::regtype) THEN a.reading || ' COLLATE "C"'
  WHEN a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'bool'::regtype, 'uuid'::regtype, 'date'::regtype,
    'bytea'::regtype) THEN a.reading
  WHEN a.atttypid = 'int8'::regtype AND a.place <= 60
    THEN format('%1$s, (%1$s >> 32)::int4', a.reading)
  WHEN a.atttypid IN ('timestamp'::regtype, 'timestamptz'::regtype) AND a.place <= 60
    THEN format('%1$s, date_part(''epoch'', %1$s)', a.reading)
  WHEN a.atttypid < 16384 AND a.atttypid <> 'bpchar'::regtype
    THEN a.reading || '::text COLLATE "C"'
  ELSE format('ROW(%s)::text COLLATE "C"', a.reading)
END
    , ', ' ORDER BY a.place)) INTO hash
  FROM (
    SELECT format('r.%I', attname) AS reading, atttypid, row_number() OVER (ORDER BY attnum) AS place
    FROM pg_attribute
    WHERE attrelid = executor_measured AND attnum > 0 AND NOT attisdropped
  ) AS a;
  -- the condition makes it two parts, so that the hash is computed once, below the sums
  EXECUTE format(
    'SELECT jsonb_build_object(''table'', %3$s, ''record_count'', count(*), ''digest'',
       coalesce(sum(hashint8extended(hash, hash)), 0) || '':'' || coalesce(sum(hashint8extended(hash, ~hash)), 0))
     FROM (SELECT %1$s AS hash FROM %2$s AS r UNION ALL SELECT NULL FROM %2$s WHERE false) AS hashed',
    hash, executor_measured, executor_measured::oid) INTO content;
  PERFORM set_config('executor.content', content::text, true);
END
;
  IF executor_said IS NULL THEN
    executor_said := (SELECT jsonb_build_object('version', 1, 'schema', (SELECT n.nspname FROM pg_class AS o JOIN pg_namespace AS n ON n.oid = o.relnamespace WHERE o.oid = executor_original), 'name', (SELECT o.relname FROM pg_class AS o WHERE o.oid = executor_original),
  'relations', jsonb_agg(item ORDER BY level, oid))
FROM (
  SELECT tree.level, c.oid, jsonb_strip_nulls(jsonb_build_object(
    'name', c.relname,
    'parent', (SELECT p.relname FROM pg_inherits AS i JOIN pg_class AS p ON p.oid = i.inhparent
               WHERE i.inhrelid = c.oid AND tree.level > 0),
    'bound', CASE WHEN tree.level > 0 THEN pg_get_expr(c.relpartbound, c.oid) END,
    'partition_by', CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END,
    'method', CASE WHEN c.relkind = 'r' THEN (SELECT amname FROM pg_am WHERE pg_am.oid = c.relam) END,
    'unlogged', CASE WHEN c.relpersistence = 'u' THEN true END,
    'tablespace', (SELECT spcname FROM pg_tablespace AS s WHERE s.oid = c.reltablespace),
    'options', (
      SELECT string_agg(format('%s%I = %L', prefix, option_name, option_value), ', ')
      FROM (
        SELECT '' AS prefix, o.* FROM pg_options_to_table(c.reloptions) AS o
        UNION ALL
        SELECT 'toast.', o.* FROM pg_class AS toast, pg_options_to_table(toast.reloptions) AS o WHERE toast.oid = c.reltoastrelid
      ) AS option),
    'identity', CASE c.relreplident WHEN 'f' THEN 'FULL' WHEN 'n' THEN 'NOTHING' END,
    'comment', obj_description(c.oid, 'pg_class'),
    'columns', CASE WHEN tree.level = 0 THEN (
      SELECT jsonb_agg(jsonb_build_object(
        'name', a.attname,
        'type', format_type(a.atttypid, a.atttypmod),
        'collation', CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END,
        'default', CASE WHEN a.attgenerated = '' AND NOT coalesce(seq.serial, false) THEN pg_get_expr(d.adbin, d.adrelid) END,
        'generated', CASE WHEN a.attgenerated <> '' THEN pg_get_expr(d.adbin, d.adrelid) END,
        'generated_as', CASE a.attgenerated WHEN 's' THEN 'STORED' WHEN 'v' THEN 'VIRTUAL' END,
        'identity', CASE a.attidentity WHEN 'a' THEN 'ALWAYS' WHEN 'd' THEN 'BY DEFAULT' END,
        'serial', seq.serial,
        'sequence', seq.item,
        'not_null', CASE WHEN a.attnotnull THEN true END,
        'not_null_name', filled.conname,
        'not_null_local', CASE WHEN filled.connoinherit THEN true END,
        'not_null_unproven', CASE WHEN NOT filled.convalidated THEN true END,
        'not_null_comment', obj_description(filled.oid, 'pg_constraint'),
        'storage', CASE WHEN a.attstorage <> t.typstorage THEN
          CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END END,
        'compression', CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END,
        'options', (SELECT string_agg(format('%I = %L', option_name, option_value), ', ') FROM pg_options_to_table(a.attoptions)),
        'comment', col_description(c.oid, a.attnum)) ORDER BY a.attnum)
      FROM pg_attribute AS a
      JOIN pg_type AS t ON t.oid = a.atttypid
      LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      LEFT JOIN pg_constraint AS filled ON filled.conrelid = c.oid AND filled.contype = 'n' AND filled.conkey = ARRAY[a.attnum]
      LEFT JOIN LATERAL (
        -- of an identity column its own, of a serial one that which its default names; a column may own others
        SELECT
          owned.deptype = 'a' AS serial,
          jsonb_build_object(
            'name', sc.relname, 'type', format_type(s.seqtypid, NULL), 'start', s.seqstart, 'increment', s.seqincrement,
            'min', s.seqmin, 'max', s.seqmax, 'cache', s.seqcache, 'cycle', s.seqcycle,
            'comment', obj_description(s.seqrelid, 'pg_class')) AS item
        FROM pg_depend AS owned
        JOIN pg_sequence AS s ON s.seqrelid = owned.objid
        JOIN pg_class AS sc ON sc.oid = s.seqrelid
        WHERE owned.classid = 'pg_class'::regclass AND owned.refclassid = 'pg_class'::regclass
          AND owned.refobjid = a.attrelid AND owned.refobjsubid = a.attnum
          AND (owned.deptype = 'i' OR owned.deptype = 'a' AND a.attidentity = ''
            AND pg_get_expr(d.adbin, d.adrelid) = format('nextval(%L::regclass)', s.seqrelid::regclass))
      ) AS seq ON true
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) END,
    'targets', (SELECT jsonb_object_agg(a.attname, a.attstattarget) FROM pg_attribute AS a
                WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attstattarget >= 0),
    'constraints', (
      SELECT jsonb_agg(jsonb_build_object(
        'name', k.conname, 'type', k.contype, 'definition', shape.definition,
        'after_self', CASE WHEN starts_with(shape.definition, shape.head || k.confrelid::regclass || '(')
          AND k.confrelid = executor_original
          THEN substr(shape.definition, length(shape.head || k.confrelid::regclass) + 1) END,
        'before_self', shape.head,
        'comment', obj_description(k.oid, 'pg_constraint')) ORDER BY k.oid)
      FROM pg_constraint AS k
      CROSS JOIN LATERAL (
        SELECT
          pg_get_constraintdef(k.oid) AS definition,
          CASE k.contype WHEN 'f' THEN format('FOREIGN KEY (%s) REFERENCES ', (
            SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY key.place)
            FROM unnest(k.conkey) WITH ORDINALITY AS key (attnum, place)
            JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = key.attnum)) END AS head
      ) AS shape
      WHERE k.conrelid = c.oid AND k.contype IN ('c', 'f') AND k.coninhcount = 0 AND k.conparentid = 0),
    'indexes', (
      SELECT jsonb_agg(jsonb_build_object(
        'name', ic.relname,
        'unique', i.indisunique,
        'constraint', pg_get_constraintdef(k.oid),
        'body', ' ' || CASE WHEN starts_with(shape.definition, shape.head) THEN substr(shape.definition, length(shape.head) + 1)
  ELSE CAST('renamed at this very moment, so try again: ' || shape.head AS boolean)::text END,
        'attached_to', (SELECT p.relname FROM pg_inherits AS h JOIN pg_class AS p ON p.oid = h.inhparent
                        WHERE h.inhrelid = i.indexrelid AND tree.level > 0),
        'options', CASE WHEN k.oid IS NOT NULL THEN (
          SELECT string_agg(format('%I = %L', option_name, option_value), ', ') FROM pg_options_to_table(ic.reloptions)) END,
        'targets', (SELECT jsonb_object_agg(a.attnum, a.attstattarget) FROM pg_attribute AS a
                    WHERE a.attrelid = ic.oid AND a.attstattarget >= 0),
        'tablespace', (SELECT spcname FROM pg_tablespace AS s WHERE s.oid = ic.reltablespace),
        'clustered', CASE WHEN i.indisclustered THEN true END,
        'identity', CASE WHEN i.indisreplident THEN true END,
        'comment', obj_description(ic.oid, 'pg_class'),
        'constraint_comment', obj_description(k.oid, 'pg_constraint')) ORDER BY i.indexrelid)
      FROM pg_index AS i
      JOIN pg_class AS ic ON ic.oid = i.indexrelid
      LEFT JOIN pg_constraint AS k ON k.conindid = i.indexrelid AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x')
      CROSS JOIN LATERAL (
        SELECT pg_get_indexdef(i.indexrelid), format('CREATE %sINDEX %I ON %s%I.%I ',
          CASE WHEN i.indisunique THEN 'UNIQUE ' END, ic.relname, CASE c.relkind WHEN 'p' THEN 'ONLY ' END,
          (SELECT o.nspname FROM pg_namespace AS o WHERE o.oid = c.relnamespace), c.relname)
      ) AS shape (definition, head)
      WHERE i.indrelid = c.oid AND i.indisvalid),
    'statistics', (
      SELECT jsonb_agg(jsonb_build_object(
        'name', s.stxname,
        'schema', CASE WHEN s.stxnamespace <> c.relnamespace THEN n.nspname END,
        'body', (SELECT CASE WHEN right(rest.text, length(tail.text)) = tail.text THEN ' ' || left(rest.text, -length(tail.text))
    ELSE CAST('renamed at this very moment, so try again:' || tail.text AS boolean)::text END
 FROM (SELECT pg_get_statisticsobjdef(s.oid), format('CREATE STATISTICS %I.%I ', n.nspname, s.stxname)) AS shape (definition, head)
 CROSS JOIN LATERAL (SELECT CASE WHEN starts_with(shape.definition, shape.head) THEN substr(shape.definition, length(shape.head) + 1)
  ELSE CAST('renamed at this very moment, so try again: ' || shape.head AS boolean)::text END) AS rest (text)
 CROSS JOIN LATERAL (SELECT ' FROM ' || s.stxrelid::regclass) AS tail (text)),
        'target', CASE WHEN s.stxstattarget >= 0 THEN s.stxstattarget END,
        'comment', obj_description(s.oid, 'pg_statistic_ext')) ORDER BY s.oid)
      FROM pg_statistic_ext AS s
      JOIN pg_namespace AS n ON n.oid = s.stxnamespace
      WHERE s.stxrelid = c.oid)
  )) AS item
  FROM (
    SELECT executor_original AS relid, 0 AS level
    UNION
    SELECT relid, level FROM pg_partition_tree(executor_original)
  ) AS tree
  JOIN pg_class AS c ON c.oid = tree.relid
) AS relation)
;
  END IF;
  IF EXISTS (SELECT FROM pg_trigger WHERE tgrelid = executor_original AND tgname = 'executor_guard') THEN
    executor_asked := to_regclass('"public"."chunks"');
  END IF;
  FOR executor_column IN
    SELECT ARRAY['relations', '0', 'columns', (place - 1)::text, 'sequence'] AS path, c -> 'sequence' AS said, its.sequence
    FROM jsonb_array_elements(executor_said -> 'relations' -> 0 -> 'columns') WITH ORDINALITY AS given (c, place)
    CROSS JOIN LATERAL (
      SELECT s.oid AS sequence
      FROM pg_attribute AS a
      JOIN pg_depend AS d ON d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
        AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum AND d.deptype IN ('a', 'i')
      JOIN pg_class AS s ON s.oid = d.objid AND s.relkind = 'S'
      WHERE a.attrelid = executor_asked AND a.attname = c ->> 'name' AND has_table_privilege(s.oid, 'SELECT')
      ORDER BY (d.deptype = 'i') = (c ? 'identity') DESC, s.relname = c -> 'sequence' ->> 'name' DESC, s.oid
      LIMIT 1
    ) AS its
    WHERE c ? 'sequence'
  LOOP
    EXECUTE format('SELECT jsonb_build_object(''last'', last_value, ''called'', is_called, ''cycle'', seqcycle)
      FROM %s, pg_sequence WHERE seqrelid = %s', executor_column.sequence::regclass, executor_column.sequence) INTO executor_place;
    executor_said := jsonb_set(executor_said, executor_column.path, executor_column.said || executor_place);
  END LOOP;
  INSERT INTO "public".migration_backups (
    backup_table_name, original_table_name, record_count, migration_revision, retention_until,
    kind, is_backup, run, table_oid, size_bytes, digest, verified_at, definition
  )
  SELECT
    (SELECT relname FROM pg_class WHERE oid = executor_kept),
    'chunks',
    content.record_count,
    'chunks_100_partitions',
    now() + '7 days'::interval,
    executor_kind,
    executor_kind = 'backup' OR executor_definition IS NOT NULL,
    '20250811_120000',
    executor_kept,
    (SELECT sum(pg_total_relation_size(relid)) FROM (
      SELECT executor_kept AS relid
      UNION SELECT relid FROM pg_partition_tree(executor_kept)) AS tree),
    content.digest,
    now(),
    executor_said
  FROM (
      SELECT (measured ->> 'record_count')::bigint AS record_count, measured ->> 'digest' AS digest
      FROM CAST(current_setting('executor.content') AS jsonb) AS measured
  ) AS content;
END
$procedure$;

-- Refuses to make what watches the partitions where something else has taken a name of it since that was asked, and
-- remembers what is there already.
CREATE OR REPLACE PROCEDURE pg_temp.executor_begin_watching(wanted text[]) LANGUAGE plpgsql AS $procedure$
DECLARE
  found text;
BEGIN
  SELECT string_agg(format('%s %I', kind, name), ', ' ORDER BY place) INTO found
  FROM (
    SELECT *, row_number() OVER () AS place FROM (
-- By which views and functions the partitions are watched, and what each is `called`: by its name, or if something else
-- has that, with the name of the table in front; null if that is taken, too. `watches` is the table that what has the
-- name is for. What was made once under one of the two names keeps it.
WITH wanted (place, name, own, kind, arguments) AS (
  VALUES
    (1, 'partition_health', 'chunks_partition_health', 'view', 0),
    (2, 'partition_distribution', 'chunks_partition_distribution', 'view', 0),
    (3, 'partition_chunk_distribution', 'chunks_partition_chunk_distribution', 'view', 0),
    (4, 'partition_size_distribution', 'chunks_partition_size_distribution', 'view', 0),
    (5, 'partition_stats', 'chunks_partition_stats', 'view', 0),
    (6, 'partition_health_summary', 'chunks_partition_health_summary', 'view', 0),
    (7, 'partition_hot_spots', 'chunks_partition_hot_spots', 'view', 0),
    (8, 'analyze_partition_skew', 'chunks_analyze_partition_skew', 'function', 0),
    (9, 'get_partition_key', 'chunks_get_partition_key', 'function', 1),
    (10, 'get_partition_for_collection', 'chunks_get_partition_for_collection', 'function', 1)
), found AS (
  SELECT wanted.*, candidate.own_name,
    coalesce(bool_or((owner IS NOT NULL AND (coalesce(comment, '') NOT LIKE 'Made by executor for %'
  OR owner <> (SELECT relowner FROM pg_class WHERE oid = to_regclass('"public"."chunks"')) AND owner NOT IN (
SELECT oid FROM pg_temp.executor_trusted_roles() AS trusted (oid)
  )
  OR NOT starts_with(comment, 'Made by executor for public.chunks: ')
    AND to_regclass(substring(comment FROM '^Made by executor for (.*?): ')) IS NOT NULL))
), false) AS is_taken,
    coalesce(bool_or(starts_with(comment, 'Made by executor for public.chunks: ')), false) AS is_ours,
    max(substring(comment FROM '^Made by executor for (.*?): ')) AS watches
  FROM wanted
  CROSS JOIN LATERAL (VALUES (false, wanted.name), (true, wanted.own)) AS candidate (own_name, called)
  LEFT JOIN LATERAL (
    SELECT obj_description(c.oid, 'pg_class') AS comment, c.relowner AS owner FROM pg_class AS c
    WHERE wanted.kind = 'view' AND c.oid = to_regclass(format('%I.%I', 'public', candidate.called))
    UNION ALL
    SELECT obj_description(p.oid, 'pg_proc'), p.proowner FROM pg_proc AS p
    WHERE wanted.kind = 'function' AND p.pronamespace = to_regnamespace(quote_ident('public'))
      AND p.proname = candidate.called AND p.pronargs = wanted.arguments
  ) AS of ON true
  GROUP BY wanted.place, wanted.name, wanted.own, wanted.kind, wanted.arguments, candidate.own_name
)
SELECT plain.name, plain.kind,
  CASE WHEN NOT own.is_taken AND (own.is_ours OR plain.is_taken) THEN own.own WHEN NOT plain.is_taken THEN plain.name END AS called,
  plain.is_taken,
  CASE WHEN plain.is_taken AND to_regclass(plain.watches) <> to_regclass('"public"."chunks"') THEN plain.watches END AS watches
FROM found AS plain JOIN found AS own USING (place)
WHERE NOT plain.own_name AND own.own_name
ORDER BY place
    ) AS asked
  ) AS now
  WHERE called IS DISTINCT FROM wanted[place];
  IF found IS NOT NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('made by something else at this very moment: %s', found),
      HINT = 'The plan watches public.chunks by these names, and gives others where they are taken: run again.';
  END IF;
  -- rows were called chunks once, whatever the table is called, and CREATE OR REPLACE VIEW renames no column
  FOR found IN
    SELECT format('ALTER VIEW %s RENAME COLUMN %I TO %I', made.name, a.attname, replace(a.attname, 'chunk', 'row'))
    FROM (
SELECT found.* FROM (
SELECT p.oid, 'FUNCTION' AS kind, p.oid::regprocedure::text AS name, p.proowner AS owner,
  coalesce(p.proacl, acldefault('f', p.proowner)) AS acl
FROM pg_proc AS p
WHERE p.pronamespace = to_regnamespace(quote_ident('public'))
  AND p.proname IN ('get_partition_for_collection', 'chunks_get_partition_for_collection', 'get_partition_key', 'chunks_get_partition_key', 'analyze_partition_skew', 'chunks_analyze_partition_skew')
  AND starts_with(obj_description(p.oid, 'pg_proc'), 'Made by executor for public.chunks: ')
UNION ALL
SELECT c.oid, 'VIEW', c.oid::regclass::text, c.relowner, c.relacl
FROM pg_class AS c
WHERE c.relnamespace = to_regnamespace(quote_ident('public')) AND c.relkind = 'v'
  AND c.relname IN ('partition_health', 'chunks_partition_health', 'partition_distribution', 'chunks_partition_distribution', 'partition_chunk_distribution', 'chunks_partition_chunk_distribution', 'partition_stats', 'chunks_partition_stats', 'partition_size_distribution', 'chunks_partition_size_distribution', 'partition_hot_spots', 'chunks_partition_hot_spots', 'partition_health_summary', 'chunks_partition_health_summary')
  AND starts_with(obj_description(c.oid, 'pg_class'), 'Made by executor for public.chunks: ')
) AS found
WHERE found.owner IN (
  SELECT relowner FROM pg_class WHERE oid = to_regclass('"public"."chunks"')
  UNION ALL SELECT oid FROM pg_roles WHERE rolname = current_user
  UNION ALL SELECT oid FROM (
SELECT oid FROM pg_temp.executor_trusted_roles() AS trusted (oid)
  ) AS trusted)
    ) AS made
    JOIN pg_attribute AS a ON a.attrelid = made.oid AND a.attname LIKE '%chunk%'
    WHERE made.kind = 'VIEW'
  LOOP
    EXECUTE found;
  END LOOP;
  PERFORM set_config('executor.watching', coalesce(string_agg(oid::text, ','), ''), true) FROM (
SELECT found.* FROM (
SELECT p.oid, 'FUNCTION' AS kind, p.oid::regprocedure::text AS name, p.proowner AS owner,
  coalesce(p.proacl, acldefault('f', p.proowner)) AS acl
FROM pg_proc AS p
WHERE p.pronamespace = to_regnamespace(quote_ident('public'))
  AND p.proname IN ('get_partition_for_collection', 'chunks_get_partition_for_collection', 'get_partition_key', 'chunks_get_partition_key', 'analyze_partition_skew', 'chunks_analyze_partition_skew')
  AND starts_with(obj_description(p.oid, 'pg_proc'), 'Made by executor for public.chunks: ')
UNION ALL
SELECT c.oid, 'VIEW', c.oid::regclass::text, c.relowner, c.relacl
FROM pg_class AS c
WHERE c.relnamespace = to_regnamespace(quote_ident('public')) AND c.relkind = 'v'
  AND c.relname IN ('partition_health', 'chunks_partition_health', 'partition_distribution', 'chunks_partition_distribution', 'partition_chunk_distribution', 'chunks_partition_chunk_distribution', 'partition_stats', 'chunks_partition_stats', 'partition_size_distribution', 'chunks_partition_size_distribution', 'partition_hot_spots', 'chunks_partition_hot_spots', 'partition_health_summary', 'chunks_partition_health_summary')
  AND starts_with(obj_description(c.oid, 'pg_class'), 'Made by executor for public.chunks: ')
) AS found
WHERE found.owner IN (
  SELECT relowner FROM pg_class WHERE oid = to_regclass('"public"."chunks"')
  UNION ALL SELECT oid FROM pg_roles WHERE rolname = current_user
  UNION ALL SELECT oid FROM (
SELECT oid FROM pg_temp.executor_trusted_roles() AS trusted (oid)
  ) AS trusted)
  ) AS made;
END
$procedure$;

-- Gives what was made since to the owner of the table, and to whoever may read that, whatever default privileges say.
-- Where row level security hides rows of the table, the views are not for those, as they count them all.
CREATE OR REPLACE PROCEDURE pg_temp.executor_end_watching() LANGUAGE plpgsql AS $procedure$
DECLARE
  new_owner CONSTANT regrole := (SELECT relowner FROM pg_class WHERE oid = '"public"."chunks"'::regclass);
  item record;
BEGIN
  FOR item IN
    SELECT CASE made.kind WHEN 'VIEW' THEN 'TABLE' ELSE made.kind END AS kind, made.name AS called, made.owner,
      (SELECT string_agg(DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, ', ')
       FROM aclexplode(made.acl) AS a WHERE a.grantee <> made.owner) AS others,
      (SELECT string_agg(DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, ', ')
       FROM pg_class AS c, aclexplode(c.relacl) AS a
       WHERE c.oid = '"public"."chunks"'::regclass AND a.grantee <> c.relowner AND a.privilege_type = 'SELECT'
         AND (made.kind = 'FUNCTION' OR NOT c.relrowsecurity)) AS readers
    FROM (
SELECT found.* FROM (
SELECT p.oid, 'FUNCTION' AS kind, p.oid::regprocedure::text AS name, p.proowner AS owner,
  coalesce(p.proacl, acldefault('f', p.proowner)) AS acl
FROM pg_proc AS p
WHERE p.pronamespace = to_regnamespace(quote_ident('public'))
  AND p.proname IN ('get_partition_for_collection', 'chunks_get_partition_for_collection', 'get_partition_key', 'chunks_get_partition_key', 'analyze_partition_skew', 'chunks_analyze_partition_skew')
  AND starts_with(obj_description(p.oid, 'pg_proc'), 'Made by executor for public.chunks: ')
UNION ALL
SELECT c.oid, 'VIEW', c.oid::regclass::text, c.relowner, c.relacl
FROM pg_class AS c
WHERE c.relnamespace = to_regnamespace(quote_ident('public')) AND c.relkind = 'v'
  AND c.relname IN ('partition_health', 'chunks_partition_health', 'partition_distribution', 'chunks_partition_distribution', 'partition_chunk_distribution', 'chunks_partition_chunk_distribution', 'partition_stats', 'chunks_partition_stats', 'partition_size_distribution', 'chunks_partition_size_distribution', 'partition_hot_spots', 'chunks_partition_hot_spots', 'partition_health_summary', 'chunks_partition_health_summary')
  AND starts_with(obj_description(c.oid, 'pg_class'), 'Made by executor for public.chunks: ')
) AS found
WHERE found.owner IN (
  SELECT relowner FROM pg_class WHERE oid = to_regclass('"public"."chunks"')
  UNION ALL SELECT oid FROM pg_roles WHERE rolname = current_user
  UNION ALL SELECT oid FROM (
SELECT oid FROM pg_temp.executor_trusted_roles() AS trusted (oid)
  ) AS trusted)
    ) AS made
    WHERE made.oid::text <> ALL (string_to_array(current_setting('executor.watching'), ','))
  LOOP
IF item.others IS NOT NULL THEN
  EXECUTE format('REVOKE ALL ON %s %s FROM %s', item.kind, item.called, item.others);
END IF;
IF item.owner <> new_owner THEN
  EXECUTE format('ALTER %s %s OWNER TO %s', item.kind, item.called, new_owner);
END IF;
IF item.readers IS NOT NULL THEN
  EXECUTE format('GRANT %s ON %s %s TO %s', CASE item.kind WHEN 'TABLE' THEN 'SELECT' ELSE 'EXECUTE' END,
                 item.kind, item.called, item.readers);
END IF;
  END LOOP;
END
$procedure$;
-- What is compared of two tables: the columns of both by name, with their types, and what of them is hashed on either side.
-- Columns that are `ignored` are not compared, in whichever they are; those in `types` have that type in the second one: they
-- are hashed as it, or both as it and as they are in the first one, if a value could be lost on the way; those that are `computed` are there alone, and compared with that expression of the first.
CREATE OR REPLACE FUNCTION pg_temp.executor_compared_columns(first regclass, second regclass, ignored text[], types jsonb, computed jsonb)
RETURNS TABLE (name text, place bigint, expected text, actual text, hashed text, hashed_there text, bare text, is_computed boolean, is_lossy boolean) LANGUAGE sql AS $function$
SELECT name, l.place, l.type, r.type, l.hashed, l.hashed_there, l.bare, l.is_computed, l.is_lossy
FROM (
  SELECT
    told.name, told.place, told.type, told.bare, told.is_computed, told.both_here IS NOT NULL AS is_lossy,
    coalesce(told.both_here, here.hashed) AS hashed, coalesce(told.both_there, there.hashed) AS hashed_there
  FROM (
    SELECT
      a.attname::text AS name, row_number() OVER (ORDER BY a.attnum) AS place, false AS is_computed, coalesce(change.type_oid, a.atttypid) AS atttypid,
      coalesce(change.type_name, format_type(a.atttypid, a.atttypmod)) AS type,
      change.bare,
      CASE WHEN change.type_oid IS NULL THEN format('r.%I', a.attname) ELSE format('CAST(r.%I AS %s)', a.attname, change.bare) END AS reading,
      ways.here AS both_here, ways.there AS both_there
    FROM pg_attribute AS a
    CROSS JOIN LATERAL (SELECT types ->> a.attname) AS said (type)
    CROSS JOIN LATERAL (
SELECT
  found.type_oid,
  format_type(found.type_oid, -1) AS bare,
  found.modifier,
  CASE WHEN found.type_oid = 'bpchar'::regtype AND found.modifier <> '' THEN 'character' ELSE format_type(found.type_oid, -1) END || found.modifier AS type_name
FROM (
  SELECT
    named.type_oid,
    CASE
      WHEN named.type_oid IN ('varchar'::regtype, 'bpchar'::regtype) THEN coalesce('(' || named.lengths || ')', '')
      -- numeric(12) has a scale of 0
      WHEN named.type_oid = 'numeric'::regtype THEN coalesce('(' || named.lengths || CASE WHEN named.lengths ~ ',' THEN '' ELSE ',0' END || ')', '')
      ELSE ''
    END AS modifier
  FROM (SELECT to_regtype(regexp_replace(said.type, '[(].*[)]', ''))::oid AS type_oid, replace(substring(said.type FROM '[(]([0-9, ]+)[)]$'), ' ', '') AS lengths) AS named
) AS found
    ) AS change
    LEFT JOIN LATERAL (
SELECT
  format('ROW(r.%1$I, CAST(CAST(r.%1$I AS %2$s) AS %3$s))::text COLLATE "C"', a.attname, change.bare, change.type_name) AS here,
  format('ROW(CAST(CAST(r.%1$I AS %2$s) AS %3$s), r.%1$I)::text COLLATE "C"', a.attname, format_type(a.atttypid, -1), format_type(a.atttypid, a.atttypmod)) AS there
WHERE change.type_oid IS NOT NULL AND format_type(a.atttypid, a.atttypmod) <> change.type_name
  AND NOT (a.atttypid IN ('int2'::regtype, 'int4'::regtype) AND change.type_oid = 'int8'::regtype
    OR a.atttypid = 'int2'::regtype AND change.type_oid = 'int4'::regtype
    OR a.atttypid IN ('text'::regtype, 'varchar'::regtype) AND change.type_oid IN ('text'::regtype, 'varchar'::regtype)
      AND (change.modifier = '' OR a.atttypmod BETWEEN 5 AND substring(change.modifier FROM '^[(]([0-9]{1,8})[)]$')::integer + 4))
    ) AS ways ON true
    WHERE attrelid = first AND attnum > 0 AND NOT attisdropped
    UNION ALL
    SELECT
      key, 2000, true, new.type_oid, new.type_name, new.bare,
      format(E'(SELECT CAST((%s\n) AS %s) FROM (SELECT r.*) AS r)', value, new.type_name), NULL, NULL
    FROM jsonb_each_text(computed)
    CROSS JOIN LATERAL (SELECT types ->> key) AS said (type)
    CROSS JOIN LATERAL (
SELECT
  found.type_oid,
  format_type(found.type_oid, -1) AS bare,
  found.modifier,
  CASE WHEN found.type_oid = 'bpchar'::regtype AND found.modifier <> '' THEN 'character' ELSE format_type(found.type_oid, -1) END || found.modifier AS type_name
FROM (
  SELECT
    named.type_oid,
    CASE
      WHEN named.type_oid IN ('varchar'::regtype, 'bpchar'::regtype) THEN coalesce('(' || named.lengths || ')', '')
      -- numeric(12) has a scale of 0
      WHEN named.type_oid = 'numeric'::regtype THEN coalesce('(' || named.lengths || CASE WHEN named.lengths ~ ',' THEN '' ELSE ',0' END || ')', '')
      ELSE ''
    END AS modifier
  FROM (SELECT to_regtype(regexp_replace(said.type, '[(].*[)]', ''))::oid AS type_oid, replace(substring(said.type FROM '[(]([0-9, ]+)[)]$'), ' ', '') AS lengths) AS named
) AS found
    ) AS new
  ) AS told
  CROSS JOIN LATERAL (
    SELECT
CASE
  WHEN a.atttypid IN ('text'::regtype, 'varchar'::regtype) THEN a.reading || ' COLLATE "C"'
  WHEN a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'bool'::regtype, 'uuid'::regtype, 'date'::regtype,
    'bytea'::regtype) THEN a.reading
  WHEN a.atttypid = 'int8'::regtype AND a.place <= 60
    THEN format('%1$s, (%1$s >> 32)::int4', a.reading)
  WHEN a.atttypid IN ('timestamp'::regtype, 'timestamptz'::regtype) AND a.place <= 60
    THEN format('%1$s, date_part(''epoch'', %1$s)', a.reading)
  WHEN a.atttypid < 16384 AND a.atttypid <> 'bpchar'::regtype
    THEN a.reading || '::text COLLATE "C"'
  ELSE format('ROW(%s)::text COLLATE "C"', a.reading)
END
    FROM (SELECT told.reading, told.atttypid, told.place) AS a
  ) AS here (hashed)
  CROSS JOIN LATERAL (
    SELECT
CASE
  WHEN a.atttypid IN ('text'::regtype, 'varchar'::regtype) THEN a.reading || ' COLLATE "C"'
  WHEN a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'bool'::regtype, 'uuid'::regtype, 'date'::regtype,
    'bytea'::regtype) THEN a.reading
  WHEN a.atttypid = 'int8'::regtype AND a.place <= 60
    THEN format('%1$s, (%1$s >> 32)::int4', a.reading)
  WHEN a.atttypid IN ('timestamp'::regtype, 'timestamptz'::regtype) AND a.place <= 60
    THEN format('%1$s, date_part(''epoch'', %1$s)', a.reading)
  WHEN a.atttypid < 16384 AND a.atttypid <> 'bpchar'::regtype
    THEN a.reading || '::text COLLATE "C"'
  ELSE format('ROW(%s)::text COLLATE "C"', a.reading)
END
    FROM (SELECT CASE WHEN told.is_computed THEN format('r.%I', told.name) ELSE told.reading END AS reading, told.atttypid, told.place) AS a
  ) AS there (hashed)
) AS l
FULL JOIN (
  SELECT attname::text AS name, format_type(atttypid, atttypmod) AS type
  FROM pg_attribute
  WHERE attrelid = second AND attnum > 0 AND NOT attisdropped
) AS r USING (name)
WHERE name <> ALL (ignored)
$function$;

-- The rows of a table without those whose key is in another one, as an item of FROM. The columns of that one are those
-- that both have in common, so no key need be named.
CREATE OR REPLACE FUNCTION pg_temp.executor_rows(compared text, without text) RETURNS text LANGUAGE sql AS $function$
SELECT CASE WHEN without IS NULL THEN compared::regclass::text ELSE format(
  '(SELECT r.* FROM %s AS r NATURAL LEFT JOIN (SELECT DISTINCT *, true AS executor_left_out FROM %s) AS without '
  'WHERE executor_left_out IS NULL)', compared::regclass, without::regclass) END
$function$;

-- The digests of both sides in one statement, so in one snapshot: every column of every row, in no order.
-- The hash of a row is a sum over its columns, each in its place, so it is hashed again, twice: values can't
-- move from row to row unnoticed. Sums over rows count doubles, too. Text is hashed by its bytes, whatever
-- its collation calls equal. UNION ALL computes the hash below the sums, once, in parallel where it can.
CREATE OR REPLACE FUNCTION pg_temp.executor_checksum_equal(
  first text, second text, buckets integer, without text DEFAULT NULL, ignored text[] DEFAULT '{}',
  types jsonb DEFAULT '{}', computed jsonb DEFAULT '{}')
RETURNS TABLE (subject text, expected text, actual text, passed boolean) LANGUAGE plpgsql AS $function$
#variable_conflict use_column
DECLARE
  hash text;
  hash_there text;
  bucket text;
  bucket_there text;
  side text := 'SELECT %L AS side, %s AS bucket, %s AS hash FROM %s AS r';
BEGIN
  SELECT
    format('hash_record_extended(ROW(%s), 0)', string_agg(hashed, ', ' ORDER BY place, name)),
    format('hash_record_extended(ROW(%s), 0)', string_agg(hashed_there, ', ' ORDER BY place, name)),
    format('coalesce(abs(hash_record(ROW(%s)) %% %s), 0)', (array_agg(hashed ORDER BY place))[1], buckets),
    format('coalesce(abs(hash_record(ROW(%s)) %% %s), 0)', (array_agg(hashed_there ORDER BY place))[1], buckets)
  INTO hash, hash_there, bucket, bucket_there
  FROM pg_temp.executor_compared_columns(first, second, ignored, types, computed) WHERE expected = actual;
  RETURN QUERY
    SELECT 'column ' || name, coalesce(expected, 'absent'), coalesce(actual, 'absent'), false
    FROM pg_temp.executor_compared_columns(first, second, ignored, types, computed) WHERE expected IS DISTINCT FROM actual;
  -- there are few groups, though the planner can't know it: it would sort all rows
  PERFORM set_config('executor.enable_sort', current_setting('enable_sort'), true), set_config('enable_sort', 'off', true);
  RETURN QUERY EXECUTE format($query$
    WITH digests AS (
      SELECT side, bucket, count(*) AS rows,
        sum(hashint8extended(hash, hash)) AS digest, sum(hashint8extended(hash, ~hash)) AS second_digest
      FROM (%s UNION ALL %s) AS hashed GROUP BY side, bucket
    ), shown AS (
      SELECT
        side, bucket,
        format('%%s rows, digest %%s', sum(rows), left(encode(sha256(
          format('%%s %%s', sum(digest), sum(second_digest))::bytea), 'hex'), 32)) AS text
      FROM digests
      GROUP BY GROUPING SETS ((side, bucket), (side))
      UNION ALL
      SELECT NULL, NULL, NULL -- empty tables have a total, too
    ), compared AS (
      SELECT
        bucket,
        coalesce(max(text) FILTER (WHERE side = 'left'), '0 rows') AS expected,
        coalesce(max(text) FILTER (WHERE side = 'right'), '0 rows') AS actual
      FROM shown
      GROUP BY bucket
      ORDER BY bucket NULLS FIRST
    )
    SELECT coalesce('bucket ' || bucket || ' of %s', 'all rows'), expected, actual, expected = actual FROM compared
    $query$,
    format(side, 'left', bucket, hash, pg_temp.executor_rows(first, without)),
    format(side, 'right', bucket_there, hash_there, pg_temp.executor_rows(second, without)), buckets);
  PERFORM set_config('enable_sort', current_setting('executor.enable_sort'), true);
END
$function$;

-- Sampled rows of either side, looked up on the other by key. Small tables are sampled by the hash of
-- the key; of large ones only some pages are read.
CREATE OR REPLACE FUNCTION pg_temp.executor_spot_check(
  first text, second text, sample integer, without text DEFAULT NULL, ignored text[] DEFAULT '{}', key text[] DEFAULT '{}',
  types jsonb DEFAULT '{}', computed jsonb DEFAULT '{}')
RETURNS TABLE (subject text, expected text, actual text, passed boolean) LANGUAGE plpgsql AS $function$
#variable_conflict use_column
DECLARE
  same text;
  shown text;
  differs text;
  sampling text;
  spots text;
  side record;
BEGIN
  IF key = '{}' THEN
    SELECT array_agg(a.attname::text ORDER BY k.place) INTO key
    FROM (SELECT first::regclass::oid) AS whole (oid)
    CROSS JOIN LATERAL (
SELECT i.* FROM pg_index AS i
WHERE i.indrelid = whole.oid
  AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
  AND NOT EXISTS (
    SELECT FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
    JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
    WHERE k.place <= i.indnkeyatts AND NOT a.attnotnull)
ORDER BY i.indrelid <> whole.oid, i.indisprimary DESC, i.indnkeyatts, i.indexrelid
LIMIT 1
    ) AS i
    CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
    JOIN pg_attribute AS a ON a.attrelid = first::regclass AND a.attnum = k.attnum
    WHERE k.place <= i.indnkeyatts;
  END IF;
  IF key IS NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = 'spot_check finds no key of ' || first,
      HINT = 'name the columns that identify a row: key: [a, b]';
  END IF;
  -- a type's own output: a cast to text may be anybody's function
  SELECT
    string_agg(format('s.%I = o.%1$I', k), ' AND '),
    string_agg(format('%L || CASE WHEN s.%I IS DISTINCT FROM NULL THEN concat(s.%2$I) END', k || '=', k), ' || '', '' || ')
  INTO same, shown FROM unnest(key) AS k;
  FOR side IN SELECT 'left' AS name, first AS own, second AS other UNION ALL SELECT 'right', second, first LOOP
    SELECT string_agg(
      CASE WHEN is_lossy
        THEN format('CASE WHEN (SELECT %2$s FROM (SELECT s.*) AS r) IS DISTINCT FROM (SELECT %3$s FROM (SELECT o.*) AS r) THEN %1$L END', name,
          CASE side.name WHEN 'left' THEN hashed ELSE hashed_there END, CASE side.name WHEN 'left' THEN hashed_there ELSE hashed END)
        ELSE format('CASE WHEN ROW(%2$s)::text COLLATE "C" IS DISTINCT FROM ROW(%3$s)::text COLLATE "C" THEN %1$L END', name,
          CASE WHEN bare IS NULL THEN format('s.%I', name) ELSE format('CAST(s.%I AS %s)', name, bare) END,
          CASE WHEN bare IS NULL THEN format('o.%I', name) ELSE format('CAST(o.%I AS %s)', name, bare) END) END,
      ', ' ORDER BY place)
    INTO differs FROM pg_temp.executor_compared_columns(first, second, ignored, types, computed) WHERE expected = actual AND NOT is_computed;
    SELECT CASE WHEN pages > 5000
      THEN format('TABLESAMPLE SYSTEM (%s) REPEATABLE (1)', round(100.0 * greatest(200, sample) / pages, 4))
      ELSE '' END
    INTO sampling
    FROM (
      SELECT sum(pg_relation_size(relid)) / current_setting('block_size')::bigint AS pages
      FROM (SELECT side.own::regclass AS relid UNION SELECT relid FROM pg_partition_tree(side.own::regclass)) AS t
    ) AS size;
    spots := concat_ws(' UNION ALL ', spots, format(
      '(SELECT %L AS side, %s AS key, o.%I IS NOT NULL AS found, array_remove(ARRAY[%s]::text[], NULL) AS differs
       FROM (
         SELECT r.* FROM %s AS r %s %s
         ORDER BY hashtext((%s)::text) LIMIT %s) AS s
       LEFT JOIN %s AS o ON %s)',
      side.name, shown, key[1], differs, side.own::regclass, sampling,
      CASE WHEN without IS NOT NULL THEN format('NATURAL LEFT JOIN (SELECT DISTINCT *, true AS executor_left_out FROM %s) AS without
         WHERE executor_left_out IS NULL', without::regclass) END,
      (SELECT format('ROW(%s)', string_agg('r.' || quote_ident(k), ', ')) FROM unnest(key) AS k), sample,
      side.other::regclass, same));
  END LOOP;
  RETURN QUERY
    SELECT 'column ' || name, coalesce(expected, 'absent'), coalesce(actual, 'absent'), false
    FROM pg_temp.executor_compared_columns(first, second, ignored, types, computed) WHERE expected IS DISTINCT FROM actual;
  RETURN QUERY EXECUTE format($query$
    WITH spots AS MATERIALIZED (%s)
    SELECT
      format('sampled rows of the %%s table', side),
      count(s.side) || ' equal on the other side',
      count(*) FILTER (WHERE s.found AND s.differs = '{}') || ' equal',
      count(s.side) = count(*) FILTER (WHERE s.found AND s.differs = '{}')
    FROM (VALUES ('left'), ('right')) AS sides (side)
    LEFT JOIN spots AS s USING (side)
    GROUP BY side
    UNION ALL
    (SELECT
      'row ' || key || ' of the ' || side || ' table',
      'the same on the other side',
      CASE WHEN found THEN 'differs in ' || array_to_string(differs, ', ') ELSE 'missing' END,
      false
    FROM spots
    WHERE NOT found OR differs <> '{}'
    ORDER BY side, key
    LIMIT 20)
    $query$, spots);
END
$function$;
-- Only this script has it: judges the findings of an assertion, as the executor does.
CREATE OR REPLACE FUNCTION pg_temp.executor_assert(
  claim text, findings json, failed_stops boolean DEFAULT true, unknown_stops boolean DEFAULT true)
RETURNS text LANGUAGE plpgsql AS $function$
DECLARE
  checked bigint;
  failed text;
  unknown text;
BEGIN
  SELECT
    count(*),
    string_agg(format(E'\n  %s: expected %s, found %s', subject, expected, actual), '') FILTER (WHERE NOT passed),
    string_agg(format(E'\n  %s: expected %s, not known: %s', subject, expected, actual), '') FILTER (WHERE passed IS NULL)
  INTO checked, failed, unknown
  FROM json_to_recordset(findings) AS finding (subject text, expected text, actual text, passed boolean);
  IF checked = 0 THEN
    failed := E'\n  no finding was returned';
  END IF;
  IF failed_stops AND failed IS NOT NULL OR unknown_stops AND unknown IS NOT NULL THEN
    RAISE EXCEPTION USING MESSAGE = concat(rtrim(claim, '.'), ': does not hold', failed, unknown);
  ELSIF concat(failed, unknown) <> '' THEN
    RAISE WARNING USING MESSAGE = concat(rtrim(claim, '.'), ': does not hold', failed, unknown);
    RETURN format('warned; findings: %s', checked);
  END IF;
  RETURN format('holds; findings: %s', checked);
END
$function$;

-- Only this script has it: repeats a step in transactions of its own until a condition holds.
CREATE OR REPLACE PROCEDURE pg_temp.executor_repeat(
  step text, until text, pass text, at_most integer, isolation text DEFAULT 'read committed')
LANGUAGE plpgsql AS $procedure$
DECLARE
  done boolean;
BEGIN
  PERFORM set_config('default_transaction_isolation', isolation, false);
  FOR number IN 0 .. at_most LOOP
    EXECUTE until INTO done;
    EXIT WHEN done;
    IF number = at_most THEN
      RAISE EXCEPTION USING MESSAGE = format('step %s: not done after %s passes', step, at_most);
    END IF;
    COMMIT;
    EXECUTE pass;
    COMMIT;
  END LOOP;
  PERFORM set_config('default_transaction_isolation', 'read committed', false);
END
$procedure$;
-- Only this script has it: what the catalog says, as the plan asks for it by name. Planned once, not under a lock.
CREATE OR REPLACE FUNCTION pg_temp.executor_fact(text)
RETURNS jsonb LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $executor_0dd57536$
BEGIN
  -- each is planned when it is asked for first, and not again under a lock
  CASE $1
  WHEN 'server' THEN RETURN (SELECT coalesce(jsonb_agg(to_jsonb(f)), '[]') FROM (
SELECT current_setting('server_version_num')::int / 10000 * 10000 AS version
  ) AS f);
  WHEN 'bounds' THEN RETURN (SELECT coalesce(jsonb_agg(to_jsonb(f)), '[]') FROM (
SELECT NULL::integer AS number WHERE false
  ) AS f);
  WHEN 'owner' THEN RETURN (SELECT coalesce(jsonb_agg(to_jsonb(f)), '[]') FROM (
SELECT
  c.relowner::regrole::text AS name,
  c.relowner::regrole::text AS role_sql,
  c.relowner IN (
WITH me AS MATERIALIZED (
  SELECT oid, rolsuper, rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls AS special
  FROM pg_roles WHERE rolname = session_user
), granted AS MATERIALIZED (
  SELECT r.oid FROM me JOIN pg_roles AS r ON r.oid <> me.oid AND NOT me.special AND pg_has_role(me.oid, r.oid, 'MEMBER')
  WHERE r.rolname NOT IN ('pg_monitor', 'pg_read_all_settings', 'pg_read_all_stats', 'pg_stat_scan_tables')
), nothing AS MATERIALIZED (
  SELECT FROM me
  WHERE NOT me.special AND NOT EXISTS (
    SELECT FROM pg_shdepend AS d
    WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid = me.oid AND d.deptype IN ('o', 'a', 'r')
      -- not what this transaction has made and hands over before it ends, or what is temporary
      AND d.xmin IS DISTINCT FROM pg_current_xact_id_if_assigned()::xid
      -- its journal is that of the other role's tables
      AND NOT EXISTS (
        SELECT FROM pg_namespace AS n
        WHERE (n.nspname = 'executor' OR n.nspname LIKE 'pg\_temp\_%') AND n.oid = CASE d.classid
          WHEN 'pg_namespace'::regclass THEN d.objid
          WHEN 'pg_class'::regclass THEN (SELECT relnamespace FROM pg_class AS c WHERE c.oid = d.objid)
          WHEN 'pg_proc'::regclass THEN (SELECT pronamespace FROM pg_proc AS p WHERE p.oid = d.objid) END))
)
SELECT r.oid
FROM pg_roles AS r CROSS JOIN me
WHERE r.rolsuper OR r.oid = me.oid
  OR NOT me.rolsuper AND r.oid = (SELECT datdba FROM pg_database WHERE datname = current_database())
  OR EXISTS (SELECT FROM nothing)
    AND NOT EXISTS (SELECT FROM granted WHERE NOT pg_has_role(r.oid, granted.oid, 'MEMBER'))
  ) AS trusted
FROM pg_class AS c
WHERE c.oid = to_regclass('"public"."chunks"')
  ) AS f);
  WHEN 'table' THEN RETURN (SELECT coalesce(jsonb_agg(to_jsonb(f)), '[]') FROM (
SELECT
  n.nspname AS schema,
  c.relname AS name,
  c.relowner::regrole::text AS owner_sql,
  c.relkind = 'p' AS partitioned,
  pg_get_partkeydef(c.oid) AS partition_by_sql,
  (SELECT t.spcname
   FROM pg_class AS part
   JOIN pg_tablespace AS t ON t.oid = part.reltablespace
   WHERE part.oid IN (
SELECT oid FROM (WITH RECURSIVE tree (oid) AS (
  SELECT to_regclass('"public"."chunks"')::oid UNION SELECT i.inhrelid FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.oid
) SELECT oid FROM tree) AS of_table
  )
   ORDER BY part.oid <> c.oid, part.oid LIMIT 1) AS tablespace
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.oid = to_regclass('"public"."chunks"')
  ) AS f);
  WHEN 'tree' THEN RETURN (SELECT coalesce(jsonb_agg(to_jsonb(f)), '[]') FROM (
SELECT c.relname::text AS name, n.nspname::text AS schema, c.relkind <> 'p' AS is_leaf
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.oid IN (
SELECT oid FROM (WITH RECURSIVE tree (oid) AS (
  SELECT to_regclass('"public"."chunks"')::oid UNION SELECT i.inhrelid FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.oid
) SELECT oid FROM tree) AS of_table
)
ORDER BY c.oid <> to_regclass('"public"."chunks"'), n.nspname, c.relname
  ) AS f);
  WHEN 'leaves' THEN RETURN (SELECT coalesce(jsonb_agg(to_jsonb(f)), '[]') FROM (
SELECT
  n.nspname AS schema,
  c.relname AS name,
  CASE c.relreplident WHEN 'd' THEN 'default' WHEN 'n' THEN 'nothing' WHEN 'f' THEN 'full' ELSE 'index' END AS replica_identity,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('toast', place.toast, 'name', o.option_name, 'value', o.option_value)
                             ORDER BY place.toast, o.position), '[]')
   FROM (SELECT false, c.reloptions UNION ALL SELECT true, toast.reloptions) AS place (toast, options)
   CROSS JOIN pg_options_to_table(place.options) WITH ORDINALITY AS o (option_name, option_value, position)) AS storage_parameters
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_class AS toast ON toast.oid = c.reltoastrelid
WHERE c.relkind = 'r' AND c.oid IN (
SELECT oid FROM (WITH RECURSIVE tree (oid) AS (
  SELECT to_regclass('"public"."chunks"')::oid UNION SELECT i.inhrelid FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.oid
) SELECT oid FROM tree) AS of_table
)
ORDER BY c.oid
  ) AS f);
  WHEN 'columns' THEN RETURN (SELECT coalesce(jsonb_agg(to_jsonb(f)), '[]') FROM (
SELECT
  c.attname::text AS name,
  c.place::integer AS position,
  format_type(c.atttypid, c.atttypmod) AS type_sql,
  format_type(c.atttypid, -1) AS bare_type_sql,
  c.new_type_name AS new_type_sql,
  c.new_bare AS new_bare_type_sql,
  c.atttypid IN ('timestamptz'::regtype, 'timestamp'::regtype) AS is_time,
  CASE WHEN c.attcollation <> t.typcollation THEN c.attcollation::regcollation::text END AS collation_sql,
  c.attnotnull AS not_null,
  CASE c.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END AS identity,
  CASE c.attgenerated WHEN 's' THEN 'stored' WHEN 'v' THEN 'virtual' END AS generated,
  pg_get_expr(d.adbin, d.adrelid) AS default_sql,
  -- a value that is compressed already would be stored as it is
  CASE
    WHEN c.is_stored_anew THEN format('CAST(CAST(%s AS text) || '''' AS %s)', a.reading, format_type(a.atttypid, -1))
    WHEN c.new_type IS NOT NULL THEN a.reading
  END AS value_sql,
  coalesce(c.hashed_there,
CASE
  WHEN a.atttypid IN ('text'::regtype, 'varchar'::regtype) THEN a.reading || ' COLLATE "C"'
  WHEN a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'bool'::regtype, 'uuid'::regtype, 'date'::regtype,
    'bytea'::regtype) THEN a.reading
  WHEN a.atttypid = 'int8'::regtype AND a.place <= 60
    THEN format('%1$s, (%1$s >> 32)::int4', a.reading)
  WHEN a.atttypid IN ('timestamp'::regtype, 'timestamptz'::regtype) AND a.place <= 60
    THEN format('%1$s, date_part(''epoch'', %1$s)', a.reading)
  WHEN a.atttypid < 16384 AND a.atttypid <> 'bpchar'::regtype
    THEN a.reading || '::text COLLATE "C"'
  ELSE format('ROW(%s)::text COLLATE "C"', a.reading)
END
  ) AS hash_sql,
  c.hashed_here AS source_hash_sql
FROM (
  SELECT a.*, row_number() OVER (ORDER BY a.attnum) AS place, change.type_oid AS new_type, change.type_name AS new_type_name, change.bare AS new_bare,
    ways.here AS hashed_here, ways.there AS hashed_there, coalesce(change.storage, change.compression) IS NOT NULL AS is_stored_anew
  FROM pg_attribute AS a
  LEFT JOIN (
SELECT said.*, named.*
FROM (VALUES (NULL::text, NULL::text, false, NULL::text, NULL::text, true, NULL::text, NULL::text)) AS said (name, type, dropped, expression, default_value, not_null, storage, compression)
CROSS JOIN LATERAL (
SELECT
  found.type_oid,
  format_type(found.type_oid, -1) AS bare,
  found.modifier,
  CASE WHEN found.type_oid = 'bpchar'::regtype AND found.modifier <> '' THEN 'character' ELSE format_type(found.type_oid, -1) END || found.modifier AS type_name
FROM (
  SELECT
    named.type_oid,
    CASE
      WHEN named.type_oid IN ('varchar'::regtype, 'bpchar'::regtype) THEN coalesce('(' || named.lengths || ')', '')
      -- numeric(12) has a scale of 0
      WHEN named.type_oid = 'numeric'::regtype THEN coalesce('(' || named.lengths || CASE WHEN named.lengths ~ ',' THEN '' ELSE ',0' END || ')', '')
      ELSE ''
    END AS modifier
  FROM (SELECT to_regtype(regexp_replace(said.type, '[(].*[)]', ''))::oid AS type_oid, replace(substring(said.type FROM '[(]([0-9, ]+)[)]$'), ' ', '') AS lengths) AS named
) AS found
) AS named
WHERE said.name IS NOT NULL
  ) AS change ON change.name = a.attname
  LEFT JOIN LATERAL (
SELECT
  format('ROW(r.%1$I, CAST(CAST(r.%1$I AS %2$s) AS %3$s))::text COLLATE "C"', a.attname, change.bare, change.type_name) AS here,
  format('ROW(CAST(CAST(r.%1$I AS %2$s) AS %3$s), r.%1$I)::text COLLATE "C"', a.attname, format_type(a.atttypid, -1), format_type(a.atttypid, a.atttypmod)) AS there
WHERE change.type_oid IS NOT NULL AND format_type(a.atttypid, a.atttypmod) <> change.type_name
  AND NOT (a.atttypid IN ('int2'::regtype, 'int4'::regtype) AND change.type_oid = 'int8'::regtype
    OR a.atttypid = 'int2'::regtype AND change.type_oid = 'int4'::regtype
    OR a.atttypid IN ('text'::regtype, 'varchar'::regtype) AND change.type_oid IN ('text'::regtype, 'varchar'::regtype)
      AND (change.modifier = '' OR a.atttypmod BETWEEN 5 AND substring(change.modifier FROM '^[(]([0-9]{1,8})[)]$')::integer + 4))
  ) AS ways ON true
  WHERE a.attrelid = to_regclass('"public"."chunks"') AND a.attnum > 0 AND NOT a.attisdropped
    AND NOT (a.attname = 'partition_key' AND EXISTS (
SELECT made.name, made.number, made.filler
FROM pg_class AS c
JOIN pg_attribute AS own ON own.attrelid = c.oid AND own.attname = 'partition_key' AND NOT own.attisdropped AND own.atttypid = 'integer'::regtype
JOIN pg_partitioned_table AS p ON p.partrelid = c.oid
CROSS JOIN LATERAL (
  SELECT k.conname, pg_get_expr(k.conbin, k.conrelid) FROM pg_constraint AS k
  WHERE k.conrelid = c.oid AND k.conname = 'partition_key_check' AND k.contype = 'c' AND k.convalidated AND pg_get_partkeydef(c.oid) = 'LIST (partition_key)'
  UNION ALL
  SELECT NULL, pg_get_expr(p.partexprs, p.partrelid) WHERE p.partexprs IS NOT NULL AND p.partstrat = 'l'
) AS printed (of_check, text)
CROSS JOIN LATERAL (SELECT substring(printed.text FROM '% ([0-9]{1,4})\)+$')::integer) AS counted (number)
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
CROSS JOIN LATERAL (
SELECT path.oid FROM (
  WITH RECURSIVE below (oid, depth) AS (
    SELECT a.atttypid, 0
    UNION ALL
    SELECT t.typbasetype, below.depth + 1 FROM below JOIN pg_type AS t ON t.oid = below.oid AND t.typtype = 'd'
  )
  SELECT oid, depth FROM below
) AS path
ORDER BY path.depth DESC LIMIT 1
) AS base
CROSS JOIN LATERAL (
  SELECT CASE WHEN printed.of_check IS NULL THEN 'abs((hashtext(%s) %% %s))' ELSE '(partition_key = abs((hashtext(%s) %% %s)))' END
) AS form (written)
LEFT JOIN LATERAL (
  SELECT f.oid::regprocedure::text AS called
  FROM pg_trigger AS t JOIN pg_proc AS f ON f.oid = t.tgfoid JOIN pg_language AS l ON l.oid = f.prolang
  WHERE t.tgrelid = c.oid AND l.lanname = 'plpgsql' AND (t.tgname = 'zz_partition_key' AND NOT t.tgisinternal AND f.prosrc ~ ('^\nBEGIN\n(  --[^\n]*\n)?  NEW[.]partition_key := '
  '([(]SELECT )?abs[(]hashtext[(](NEW|r)[.][^\n]*::text[)] % [0-9]{1,4}[)]( FROM [(]SELECT NEW[.][*][)] AS r[)])?;\n  RETURN NEW;\nEND\n$'))
    AND f.pronamespace = c.relnamespace AND f.proname IN ('chunks_partition_key', 'chunks_partition_key_2', 'chunks_partition_key_3', 'chunks_partition_key_4', 'chunks_partition_key_5', 'chunks_partition_key_6', 'chunks_partition_key_7', 'chunks_partition_key_8', 'chunks_partition_key_9')
    AND strpos(f.prosrc, format('::text) %% %s)', counted.number)) > 0
    AND (f.proowner = c.relowner OR (SELECT r.rolsuper OR r.rolname = session_user FROM pg_roles AS r WHERE r.oid = f.proowner))
) AS filler ON true
CROSS JOIN LATERAL (SELECT a.attname::text, counted.number, filler.called) AS made (name, number, filler)
WHERE c.oid = to_regclass('"public"."chunks"') AND (printed.of_check IS NOT NULL OR filler.called IS NOT NULL)
  -- a cast of another type to text is its owner's
  AND base.oid < 16384
  AND printed.text IN (format(form.written, quote_ident(a.attname), counted.number), format(form.written, '(' || quote_ident(a.attname) || ')::text', counted.number))
LIMIT 1
))
    AND change.dropped IS NOT TRUE AND change.expression IS NULL
) AS c
CROSS JOIN LATERAL (
  SELECT coalesce(c.new_type, c.atttypid) AS atttypid, c.place,
    CASE WHEN c.new_type IS NULL THEN format('r.%I', c.attname) ELSE format('CAST(r.%I AS %s)', c.attname, c.new_bare) END AS reading
) AS a
JOIN pg_type AS t ON t.oid = c.atttypid
LEFT JOIN pg_attrdef AS d ON d.adrelid = c.attrelid AND d.adnum = c.attnum
ORDER BY c.attnum
  ) AS f);
  WHEN 'new_columns' THEN RETURN (SELECT coalesce(jsonb_agg(to_jsonb(f)), '[]') FROM (
SELECT NULL::text AS name WHERE false
  ) AS f);
  WHEN 'key' THEN RETURN (SELECT coalesce(jsonb_agg(to_jsonb(f)), '[]') FROM (
SELECT
  a.attname::text AS name,
  CASE WHEN o.oid IS NULL OR n.nspname = 'pg_catalog' AND o.oprname = '=' THEN '='
    ELSE format('OPERATOR(%I.%s)', n.nspname, o.oprname) END AS equals_sql,
  k.place IS NOT NULL OR i.indrelid <> whole.oid AS identifying
FROM (SELECT to_regclass('"public"."chunks"')::oid) AS whole (oid)
CROSS JOIN LATERAL (
SELECT i.* FROM pg_index AS i
WHERE (i.indrelid = whole.oid OR i.indexrelid IN (
    SELECT indexrelid FROM (
SELECT indexrelid, indrelid = min(indrelid) OVER () AS is_first
FROM (
  SELECT indexrelid, indrelid, leaves, count(*) OVER (PARTITION BY definition, place) AS alike
  FROM (
    SELECT *, row_number() OVER (PARTITION BY indrelid, definition ORDER BY name) AS place
    FROM (
      SELECT i.indexrelid, i.indrelid, leaf.leaves, c.relname AS name,
        concat_ws(' ', shape.kind, shape.body, con.contype, con.condeferrable, con.condeferred) AS definition
      FROM (
        SELECT of_tree.oid, count(*) OVER () AS leaves
        FROM (
SELECT oid FROM (WITH RECURSIVE tree (oid) AS (
  SELECT to_regclass('"public"."chunks"')::oid UNION SELECT i.inhrelid FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.oid
) SELECT oid FROM tree) AS of_table
        ) AS of_tree JOIN pg_class AS r ON r.oid = of_tree.oid AND r.relkind = 'r' AND r.relispartition
      ) AS leaf
      JOIN pg_index AS i ON i.indrelid = leaf.oid AND i.indisvalid AND NOT i.indisexclusion
      JOIN pg_class AS c ON c.oid = i.indexrelid AND NOT c.relispartition
      LEFT JOIN pg_constraint AS con ON con.conindid = i.indexrelid AND con.conrelid = i.indrelid AND con.contype IN ('p', 'u')
CROSS JOIN LATERAL (
  SELECT
    CASE WHEN i.indisunique THEN 'UNIQUE INDEX' ELSE 'INDEX' END,
    ' ' || CASE WHEN starts_with(shape.definition, shape.head) THEN substr(shape.definition, length(shape.head) + 1)
  ELSE CAST('renamed at this very moment, so try again: ' || shape.head AS boolean)::text END
  FROM (SELECT pg_get_indexdef(i.indexrelid), format('CREATE %s %I ON %s%s ', CASE WHEN i.indisunique THEN 'UNIQUE INDEX' ELSE 'INDEX' END, c.relname,
    CASE c.relkind WHEN 'I' THEN 'ONLY ' ELSE '' END, i.indrelid::regclass)) AS shape (definition, head)
) AS shape (kind, body)
    ) AS of_leaf
  ) AS placed
) AS counted
WHERE alike = leaves
    ) AS of_leaves WHERE is_first))
  AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
  AND NOT EXISTS (
    SELECT FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
    JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
    WHERE k.place <= i.indnkeyatts AND NOT a.attnotnull)
ORDER BY i.indrelid <> whole.oid, i.indisprimary DESC, i.indnkeyatts, i.indexrelid
LIMIT 1
) AS i
JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN unnest(i.indkey::int2[], i.indclass::oid[]) WITH ORDINALITY AS k (attnum, class, place)
  ON k.attnum = a.attnum AND k.place <= i.indnkeyatts
LEFT JOIN pg_opclass AS c ON c.oid = k.class
LEFT JOIN pg_amop AS p
  ON p.amopfamily = c.opcfamily AND p.amopstrategy = 3
  AND p.amoplefttype = c.opcintype AND p.amoprighttype = c.opcintype
LEFT JOIN pg_operator AS o ON o.oid = p.amopopr
LEFT JOIN pg_namespace AS n ON n.oid = o.oprnamespace
WHERE (k.place IS NOT NULL OR a.attname = ANY ('{"collection_id"}'::text[]))
  -- what an earlier run has added follows from another column of the key
  AND NOT (a.attname = 'partition_key' AND EXISTS (
SELECT made.name, made.number, made.filler
FROM pg_class AS c
JOIN pg_attribute AS own ON own.attrelid = c.oid AND own.attname = 'partition_key' AND NOT own.attisdropped AND own.atttypid = 'integer'::regtype
JOIN pg_partitioned_table AS p ON p.partrelid = c.oid
CROSS JOIN LATERAL (
  SELECT k.conname, pg_get_expr(k.conbin, k.conrelid) FROM pg_constraint AS k
  WHERE k.conrelid = c.oid AND k.conname = 'partition_key_check' AND k.contype = 'c' AND k.convalidated AND pg_get_partkeydef(c.oid) = 'LIST (partition_key)'
  UNION ALL
  SELECT NULL, pg_get_expr(p.partexprs, p.partrelid) WHERE p.partexprs IS NOT NULL AND p.partstrat = 'l'
) AS printed (of_check, text)
CROSS JOIN LATERAL (SELECT substring(printed.text FROM '% ([0-9]{1,4})\)+$')::integer) AS counted (number)
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
CROSS JOIN LATERAL (
SELECT path.oid FROM (
  WITH RECURSIVE below (oid, depth) AS (
    SELECT a.atttypid, 0
    UNION ALL
    SELECT t.typbasetype, below.depth + 1 FROM below JOIN pg_type AS t ON t.oid = below.oid AND t.typtype = 'd'
  )
  SELECT oid, depth FROM below
) AS path
ORDER BY path.depth DESC LIMIT 1
) AS base
CROSS JOIN LATERAL (
  SELECT CASE WHEN printed.of_check IS NULL THEN 'abs((hashtext(%s) %% %s))' ELSE '(partition_key = abs((hashtext(%s) %% %s)))' END
) AS form (written)
LEFT JOIN LATERAL (
  SELECT f.oid::regprocedure::text AS called
  FROM pg_trigger AS t JOIN pg_proc AS f ON f.oid = t.tgfoid JOIN pg_language AS l ON l.oid = f.prolang
  WHERE t.tgrelid = c.oid AND l.lanname = 'plpgsql' AND (t.tgname = 'zz_partition_key' AND NOT t.tgisinternal AND f.prosrc ~ ('^\nBEGIN\n(  --[^\n]*\n)?  NEW[.]partition_key := '
  '([(]SELECT )?abs[(]hashtext[(](NEW|r)[.][^\n]*::text[)] % [0-9]{1,4}[)]( FROM [(]SELECT NEW[.][*][)] AS r[)])?;\n  RETURN NEW;\nEND\n$'))
    AND f.pronamespace = c.relnamespace AND f.proname IN ('chunks_partition_key', 'chunks_partition_key_2', 'chunks_partition_key_3', 'chunks_partition_key_4', 'chunks_partition_key_5', 'chunks_partition_key_6', 'chunks_partition_key_7', 'chunks_partition_key_8', 'chunks_partition_key_9')
    AND strpos(f.prosrc, format('::text) %% %s)', counted.number)) > 0
    AND (f.proowner = c.relowner OR (SELECT r.rolsuper OR r.rolname = session_user FROM pg_roles AS r WHERE r.oid = f.proowner))
) AS filler ON true
CROSS JOIN LATERAL (SELECT a.attname::text, counted.number, filler.called) AS made (name, number, filler)
WHERE c.oid = to_regclass('"public"."chunks"') AND (printed.of_check IS NOT NULL OR filler.called IS NOT NULL)
  -- a cast of another type to text is its owner's
  AND base.oid < 16384
  AND printed.text IN (format(form.written, quote_ident(a.attname), counted.number), format(form.written, '(' || quote_ident(a.attname) || ')::text', counted.number))
LIMIT 1
))
ORDER BY coalesce(k.place, 1000), a.attname
  ) AS f);
  WHEN 'indexes' THEN RETURN (SELECT coalesce(jsonb_agg(to_jsonb(f)), '[]') FROM (
SELECT
  CASE
    WHEN own.of_leaves THEN CASE WHEN octet_length(long.name) > 63 THEN (left(md5(long.name), 8) || '_' || long.name)::name ELSE long.name::name END

    ELSE c.relname
  END AS name,
  stem.name AS stem,
  own.of_leaves,
  i.indisunique AS unique,
  i.indisprimary AS primary,
  con.oid IS NOT NULL AS is_constraint,
  coalesce(con.condeferrable, false) AS deferrable,
  coalesce(con.condeferred, false) AS deferred,
  i.indpred IS NOT NULL AS partial,
  ARRAY(
    SELECT a.attname
    FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
    LEFT JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
    WHERE k.place <= i.indnkeyatts
      -- an earlier run's own
      AND NOT (i.indisprimary AND (a.attname = 'partition_key' AND EXISTS (
SELECT made.name, made.number, made.filler
FROM pg_class AS c
JOIN pg_attribute AS own ON own.attrelid = c.oid AND own.attname = 'partition_key' AND NOT own.attisdropped AND own.atttypid = 'integer'::regtype
JOIN pg_partitioned_table AS p ON p.partrelid = c.oid
CROSS JOIN LATERAL (
  SELECT k.conname, pg_get_expr(k.conbin, k.conrelid) FROM pg_constraint AS k
  WHERE k.conrelid = c.oid AND k.conname = 'partition_key_check' AND k.contype = 'c' AND k.convalidated AND pg_get_partkeydef(c.oid) = 'LIST (partition_key)'
  UNION ALL
  SELECT NULL, pg_get_expr(p.partexprs, p.partrelid) WHERE p.partexprs IS NOT NULL AND p.partstrat = 'l'
) AS printed (of_check, text)
CROSS JOIN LATERAL (SELECT substring(printed.text FROM '% ([0-9]{1,4})\)+$')::integer) AS counted (number)
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
CROSS JOIN LATERAL (
SELECT path.oid FROM (
  WITH RECURSIVE below (oid, depth) AS (
    SELECT a.atttypid, 0
    UNION ALL
    SELECT t.typbasetype, below.depth + 1 FROM below JOIN pg_type AS t ON t.oid = below.oid AND t.typtype = 'd'
  )
  SELECT oid, depth FROM below
) AS path
ORDER BY path.depth DESC LIMIT 1
) AS base
CROSS JOIN LATERAL (
  SELECT CASE WHEN printed.of_check IS NULL THEN 'abs((hashtext(%s) %% %s))' ELSE '(partition_key = abs((hashtext(%s) %% %s)))' END
) AS form (written)
LEFT JOIN LATERAL (
  SELECT f.oid::regprocedure::text AS called
  FROM pg_trigger AS t JOIN pg_proc AS f ON f.oid = t.tgfoid JOIN pg_language AS l ON l.oid = f.prolang
  WHERE t.tgrelid = c.oid AND l.lanname = 'plpgsql' AND (t.tgname = 'zz_partition_key' AND NOT t.tgisinternal AND f.prosrc ~ ('^\nBEGIN\n(  --[^\n]*\n)?  NEW[.]partition_key := '
  '([(]SELECT )?abs[(]hashtext[(](NEW|r)[.][^\n]*::text[)] % [0-9]{1,4}[)]( FROM [(]SELECT NEW[.][*][)] AS r[)])?;\n  RETURN NEW;\nEND\n$'))
    AND f.pronamespace = c.relnamespace AND f.proname IN ('chunks_partition_key', 'chunks_partition_key_2', 'chunks_partition_key_3', 'chunks_partition_key_4', 'chunks_partition_key_5', 'chunks_partition_key_6', 'chunks_partition_key_7', 'chunks_partition_key_8', 'chunks_partition_key_9')
    AND strpos(f.prosrc, format('::text) %% %s)', counted.number)) > 0
    AND (f.proowner = c.relowner OR (SELECT r.rolsuper OR r.rolname = session_user FROM pg_roles AS r WHERE r.oid = f.proowner))
) AS filler ON true
CROSS JOIN LATERAL (SELECT a.attname::text, counted.number, filler.called) AS made (name, number, filler)
WHERE c.oid = to_regclass('"public"."chunks"') AND (printed.of_check IS NOT NULL OR filler.called IS NOT NULL)
  -- a cast of another type to text is its owner's
  AND base.oid < 16384
  AND printed.text IN (format(form.written, quote_ident(a.attname), counted.number), format(form.written, '(' || quote_ident(a.attname) || ')::text', counted.number))
LIMIT 1
))
) ORDER BY k.place) AS columns,
  ARRAY(
    SELECT a.attname
    FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
    JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
    WHERE k.place > i.indnkeyatts ORDER BY k.place) AS included,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('name', o.option_name, 'value', o.option_value)), '[]')
   FROM pg_options_to_table(c.reloptions) AS o) AS parameters,
CASE WHEN starts_with(shape.definition, shape.head) THEN substr(shape.definition, length(shape.head) + 1)
  ELSE CAST('renamed at this very moment, so try again: ' || shape.head AS boolean)::text END AS body_sql,
  pg_get_constraintdef(con.oid) AS constraint_sql,
  t.spcname AS tablespace,
  i.indisclustered AS clustered,
  i.indisreplident AS replica_identity,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('column', a.attnum, 'target', a.attstattarget) ORDER BY a.attnum), '[]')
   FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attstattarget >= 0) AS statistics_targets,
  obj_description(c.oid, 'pg_class') AS comment,
  obj_description(con.oid, 'pg_constraint') AS constraint_comment
FROM pg_index AS i
JOIN pg_class AS c ON c.oid = i.indexrelid
JOIN pg_class AS r ON r.oid = i.indrelid
LEFT JOIN pg_tablespace AS t ON t.oid = c.reltablespace
LEFT JOIN pg_constraint AS con
  ON con.conindid = i.indexrelid AND con.conrelid = i.indrelid AND con.contype IN ('p', 'u')
CROSS JOIN LATERAL (SELECT i.indrelid <> to_regclass('"public"."chunks"')) AS own (of_leaves)
CROSS JOIN LATERAL (
  SELECT pg_get_indexdef(c.oid), format('CREATE %sINDEX %I ON %s%s ', CASE WHEN i.indisunique THEN 'UNIQUE ' END,
    c.relname, CASE r.relkind WHEN 'p' THEN 'ONLY ' END, r.oid::regclass)
) AS shape (definition, head)
CROSS JOIN LATERAL (
  -- what names made of it end in; two must not end alike
  SELECT CASE
    WHEN starts_with(c.relname, r.relname || '_')
      AND NOT EXISTS (
        SELECT FROM pg_index AS other JOIN pg_class AS o ON o.oid = other.indexrelid
        WHERE other.indrelid IN (i.indrelid, to_regclass('"public"."chunks"')) AND r.relname || '_' || o.relname = c.relname)
      AND (NOT own.of_leaves OR to_regclass(format('%I.%I', 'public', 'chunks_'
                                                   || substr(c.relname, 2 + length(r.relname)))) IS NULL)
    THEN substr(c.relname, 2 + length(r.relname))
    ELSE c.relname
  END
) AS stem (name)
CROSS JOIN LATERAL (SELECT 'chunks_' || stem.name) AS long (name)
WHERE i.indisvalid AND NOT i.indisexclusion AND (i.indrelid = to_regclass('"public"."chunks"') OR i.indexrelid IN (
    SELECT indexrelid FROM (
SELECT indexrelid, indrelid = min(indrelid) OVER () AS is_first
FROM (
  SELECT indexrelid, indrelid, leaves, count(*) OVER (PARTITION BY definition, place) AS alike
  FROM (
    SELECT *, row_number() OVER (PARTITION BY indrelid, definition ORDER BY name) AS place
    FROM (
      SELECT i.indexrelid, i.indrelid, leaf.leaves, c.relname AS name,
        concat_ws(' ', shape.kind, shape.body, con.contype, con.condeferrable, con.condeferred) AS definition
      FROM (
        SELECT of_tree.oid, count(*) OVER () AS leaves
        FROM (
SELECT oid FROM (WITH RECURSIVE tree (oid) AS (
  SELECT to_regclass('"public"."chunks"')::oid UNION SELECT i.inhrelid FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.oid
) SELECT oid FROM tree) AS of_table
        ) AS of_tree JOIN pg_class AS r ON r.oid = of_tree.oid AND r.relkind = 'r' AND r.relispartition
      ) AS leaf
      JOIN pg_index AS i ON i.indrelid = leaf.oid AND i.indisvalid AND NOT i.indisexclusion
      JOIN pg_class AS c ON c.oid = i.indexrelid AND NOT c.relispartition
      LEFT JOIN pg_constraint AS con ON con.conindid = i.indexrelid AND con.conrelid = i.indrelid AND con.contype IN ('p', 'u')
CROSS JOIN LATERAL (
  SELECT
    CASE WHEN i.indisunique THEN 'UNIQUE INDEX' ELSE 'INDEX' END,
    ' ' || CASE WHEN starts_with(shape.definition, shape.head) THEN substr(shape.definition, length(shape.head) + 1)
  ELSE CAST('renamed at this very moment, so try again: ' || shape.head AS boolean)::text END
  FROM (SELECT pg_get_indexdef(i.indexrelid), format('CREATE %s %I ON %s%s ', CASE WHEN i.indisunique THEN 'UNIQUE INDEX' ELSE 'INDEX' END, c.relname,
    CASE c.relkind WHEN 'I' THEN 'ONLY ' ELSE '' END, i.indrelid::regclass)) AS shape (definition, head)
) AS shape (kind, body)
    ) AS of_leaf
  ) AS placed
) AS counted
WHERE alike = leaves
    ) AS of_leaves WHERE is_first))
ORDER BY con.oid IS NULL, NOT i.indisprimary, c.relname
  ) AS f);
  WHEN 'names' THEN RETURN (SELECT coalesce(jsonb_agg(to_jsonb(f)), '[]') FROM (
SELECT c.relname::text AS name, true AS is_index
FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
WHERE i.indrelid = to_regclass('"public"."chunks"')
UNION ALL
SELECT c.conname, false
FROM pg_constraint AS c
WHERE c.conrelid = to_regclass('"public"."chunks"') AND c.contype IN ('c', 'n')
  AND NOT (c.conname = 'partition_key_check' AND EXISTS (
SELECT made.name, made.number, made.filler
FROM pg_class AS c
JOIN pg_attribute AS own ON own.attrelid = c.oid AND own.attname = 'partition_key' AND NOT own.attisdropped AND own.atttypid = 'integer'::regtype
JOIN pg_partitioned_table AS p ON p.partrelid = c.oid
CROSS JOIN LATERAL (
  SELECT k.conname, pg_get_expr(k.conbin, k.conrelid) FROM pg_constraint AS k
  WHERE k.conrelid = c.oid AND k.conname = 'partition_key_check' AND k.contype = 'c' AND k.convalidated AND pg_get_partkeydef(c.oid) = 'LIST (partition_key)'
  UNION ALL
  SELECT NULL, pg_get_expr(p.partexprs, p.partrelid) WHERE p.partexprs IS NOT NULL AND p.partstrat = 'l'
) AS printed (of_check, text)
CROSS JOIN LATERAL (SELECT substring(printed.text FROM '% ([0-9]{1,4})\)+$')::integer) AS counted (number)
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
CROSS JOIN LATERAL (
SELECT path.oid FROM (
  WITH RECURSIVE below (oid, depth) AS (
    SELECT a.atttypid, 0
    UNION ALL
    SELECT t.typbasetype, below.depth + 1 FROM below JOIN pg_type AS t ON t.oid = below.oid AND t.typtype = 'd'
  )
  SELECT oid, depth FROM below
) AS path
ORDER BY path.depth DESC LIMIT 1
) AS base
CROSS JOIN LATERAL (
  SELECT CASE WHEN printed.of_check IS NULL THEN 'abs((hashtext(%s) %% %s))' ELSE '(partition_key = abs((hashtext(%s) %% %s)))' END
) AS form (written)
LEFT JOIN LATERAL (
  SELECT f.oid::regprocedure::text AS called
  FROM pg_trigger AS t JOIN pg_proc AS f ON f.oid = t.tgfoid JOIN pg_language AS l ON l.oid = f.prolang
  WHERE t.tgrelid = c.oid AND l.lanname = 'plpgsql' AND (t.tgname = 'zz_partition_key' AND NOT t.tgisinternal AND f.prosrc ~ ('^\nBEGIN\n(  --[^\n]*\n)?  NEW[.]partition_key := '
  '([(]SELECT )?abs[(]hashtext[(](NEW|r)[.][^\n]*::text[)] % [0-9]{1,4}[)]( FROM [(]SELECT NEW[.][*][)] AS r[)])?;\n  RETURN NEW;\nEND\n$'))
    AND f.pronamespace = c.relnamespace AND f.proname IN ('chunks_partition_key', 'chunks_partition_key_2', 'chunks_partition_key_3', 'chunks_partition_key_4', 'chunks_partition_key_5', 'chunks_partition_key_6', 'chunks_partition_key_7', 'chunks_partition_key_8', 'chunks_partition_key_9')
    AND strpos(f.prosrc, format('::text) %% %s)', counted.number)) > 0
    AND (f.proowner = c.relowner OR (SELECT r.rolsuper OR r.rolname = session_user FROM pg_roles AS r WHERE r.oid = f.proowner))
) AS filler ON true
CROSS JOIN LATERAL (SELECT a.attname::text, counted.number, filler.called) AS made (name, number, filler)
WHERE c.oid = to_regclass('"public"."chunks"') AND (printed.of_check IS NOT NULL OR filler.called IS NOT NULL)
  -- a cast of another type to text is its owner's
  AND base.oid < 16384
  AND printed.text IN (format(form.written, quote_ident(a.attname), counted.number), format(form.written, '(' || quote_ident(a.attname) || ')::text', counted.number))
LIMIT 1
))
ORDER BY 2 DESC, 1
  ) AS f);
  WHEN 'checks' THEN RETURN (SELECT coalesce(jsonb_agg(to_jsonb(f)), '[]') FROM (
SELECT
  c.conname AS name,
  pg_get_constraintdef(c.oid) AS definition_sql,
  c.convalidated AS validated,
  obj_description(c.oid, 'pg_constraint') AS comment
FROM pg_constraint AS c
WHERE c.conrelid = to_regclass('"public"."chunks"') AND c.contype = 'c'
  AND NOT (c.conname = 'partition_key_check' AND EXISTS (
SELECT made.name, made.number, made.filler
FROM pg_class AS c
JOIN pg_attribute AS own ON own.attrelid = c.oid AND own.attname = 'partition_key' AND NOT own.attisdropped AND own.atttypid = 'integer'::regtype
JOIN pg_partitioned_table AS p ON p.partrelid = c.oid
CROSS JOIN LATERAL (
  SELECT k.conname, pg_get_expr(k.conbin, k.conrelid) FROM pg_constraint AS k
  WHERE k.conrelid = c.oid AND k.conname = 'partition_key_check' AND k.contype = 'c' AND k.convalidated AND pg_get_partkeydef(c.oid) = 'LIST (partition_key)'
  UNION ALL
  SELECT NULL, pg_get_expr(p.partexprs, p.partrelid) WHERE p.partexprs IS NOT NULL AND p.partstrat = 'l'
) AS printed (of_check, text)
CROSS JOIN LATERAL (SELECT substring(printed.text FROM '% ([0-9]{1,4})\)+$')::integer) AS counted (number)
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
CROSS JOIN LATERAL (
SELECT path.oid FROM (
  WITH RECURSIVE below (oid, depth) AS (
    SELECT a.atttypid, 0
    UNION ALL
    SELECT t.typbasetype, below.depth + 1 FROM below JOIN pg_type AS t ON t.oid = below.oid AND t.typtype = 'd'
  )
  SELECT oid, depth FROM below
) AS path
ORDER BY path.depth DESC LIMIT 1
) AS base
CROSS JOIN LATERAL (
  SELECT CASE WHEN printed.of_check IS NULL THEN 'abs((hashtext(%s) %% %s))' ELSE '(partition_key = abs((hashtext(%s) %% %s)))' END
) AS form (written)
LEFT JOIN LATERAL (
  SELECT f.oid::regprocedure::text AS called
  FROM pg_trigger AS t JOIN pg_proc AS f ON f.oid = t.tgfoid JOIN pg_language AS l ON l.oid = f.prolang
  WHERE t.tgrelid = c.oid AND l.lanname = 'plpgsql' AND (t.tgname = 'zz_partition_key' AND NOT t.tgisinternal AND f.prosrc ~ ('^\nBEGIN\n(  --[^\n]*\n)?  NEW[.]partition_key := '
  '([(]SELECT )?abs[(]hashtext[(](NEW|r)[.][^\n]*::text[)] % [0-9]{1,4}[)]( FROM [(]SELECT NEW[.][*][)] AS r[)])?;\n  RETURN NEW;\nEND\n$'))
    AND f.pronamespace = c.relnamespace AND f.proname IN ('chunks_partition_key', 'chunks_partition_key_2', 'chunks_partition_key_3', 'chunks_partition_key_4', 'chunks_partition_key_5', 'chunks_partition_key_6', 'chunks_partition_key_7', 'chunks_partition_key_8', 'chunks_partition_key_9')
    AND strpos(f.prosrc, format('::text) %% %s)', counted.number)) > 0
    AND (f.proowner = c.relowner OR (SELECT r.rolsuper OR r.rolname = session_user FROM pg_roles AS r WHERE r.oid = f.proowner))
) AS filler ON true
CROSS JOIN LATERAL (SELECT a.attname::text, counted.number, filler.called) AS made (name, number, filler)
WHERE c.oid = to_regclass('"public"."chunks"') AND (printed.of_check IS NOT NULL OR filler.called IS NOT NULL)
  -- a cast of another type to text is its owner's
  AND base.oid < 16384
  AND printed.text IN (format(form.written, quote_ident(a.attname), counted.number), format(form.written, '(' || quote_ident(a.attname) || ')::text', counted.number))
LIMIT 1
))
ORDER BY c.conname
  ) AS f);
  WHEN 'statistics_targets' THEN RETURN (SELECT coalesce(jsonb_agg(to_jsonb(f)), '[]') FROM (
SELECT
  a.attname AS name,
  CASE WHEN a.attstattarget >= 0 THEN a.attstattarget END::integer AS target,
  (SELECT o.option_value FROM pg_options_to_table(a.attoptions) AS o
   WHERE o.option_name IN ('n_distinct', 'n_distinct_inherited')
   ORDER BY o.option_name DESC LIMIT 1) AS distinct_values
FROM pg_attribute AS a
WHERE a.attrelid = to_regclass('"public"."chunks"') AND a.attnum > 0 AND NOT a.attisdropped
  AND (a.attstattarget >= 0 OR a.attoptions IS NOT NULL) AND a.attname <> ALL ('{}'::text[])
ORDER BY a.attnum
  ) AS f);
  WHEN 'foreign_keys' THEN RETURN (SELECT coalesce(jsonb_agg(to_jsonb(f)), '[]') FROM (
SELECT
  c.conname AS name,
  CASE WHEN c.conrelid <> whole.oid THEN c.conrelid::regclass::text END AS partition_sql,
  regexp_replace(pg_get_constraintdef(c.oid), ' NOT VALID$', '') AS definition_sql,
  c.confrelid::regclass::text AS referenced_sql,
  CASE
    WHEN c.conrelid <> whole.oid THEN NULL
    WHEN to_jsonb(c) ->> 'conenforced' = 'false' THEN 'nothing'  -- from 18 on
    WHEN c.confdeltype IN ('a', 'r') THEN 'forbid'
    ELSE 'follow'
  END AS on_delete,
  c.confdeltype IN ('a', 'r') AS forbids_delete,
  coalesce(to_jsonb(c) ->> 'conenforced', 'true') = 'true' AS enforced,
  c.convalidated AS validated,
  obj_description(c.oid, 'pg_constraint') AS comment
FROM (SELECT to_regclass('"public"."chunks"')::oid) AS whole (oid)
JOIN pg_constraint AS c
  ON c.conrelid IN (
SELECT oid FROM (WITH RECURSIVE tree (oid) AS (
  SELECT to_regclass('"public"."chunks"')::oid UNION SELECT i.inhrelid FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.oid
) SELECT oid FROM tree) AS of_table
)
WHERE c.contype = 'f' AND c.conparentid = 0 AND c.confrelid NOT IN (
SELECT oid FROM (WITH RECURSIVE tree (oid) AS (
  SELECT to_regclass('"public"."chunks"')::oid UNION SELECT i.inhrelid FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.oid
) SELECT oid FROM tree) AS of_table
)
ORDER BY c.conrelid <> whole.oid, c.confdeltype NOT IN ('a', 'r'), c.conname, c.conrelid::regclass::text COLLATE "C"
  ) AS f);
  WHEN 'incoming_keys' THEN RETURN (SELECT coalesce(jsonb_agg(to_jsonb(f)), '[]') FROM (
SELECT
  key.*,
  come.along AS kept,
  NOT come.along AND key.enforced AND false AS by_trigger
FROM (
  SELECT
    c.conname::text AS name,
    c.conrelid::regclass::text AS relation,
    c.conrelid::regclass::text AS relation_sql,
    (SELECT n.nspname::text FROM pg_namespace AS n WHERE n.oid = r.relnamespace) AS relation_schema,
    r.relname::text AS relation_name,
    r.relowner::regrole::text AS owner,
    r.relkind = 'p' AS partitioned,
    place.of_itself,
    (pg_identify_object('pg_constraint'::regclass, c.oid, 0)).identity AS identity,
    regexp_replace(pg_get_constraintdef(c.oid), ' NOT VALID$', '') AS definition_sql,
    ARRAY(
      SELECT a.attname::text FROM pg_attribute AS a WHERE a.attrelid = c.confrelid AND a.attnum = ANY (c.confkey) ORDER BY a.attnum
    ) AS referenced,
    CASE c.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' END AS on_delete,
    CASE
      WHEN c.confrelid <> whole.oid OR place.of_itself AND c.conrelid <> whole.oid THEN 'partition'
      WHEN true THEN 'key'
      WHEN (r.relkind = 'p' OR place.of_itself) AND current_setting('server_version_num')::integer < 180000 THEN 'version'
    END AS obstacle,
    coalesce(to_jsonb(c) ->> 'conenforced', 'true') = 'true' AS enforced,
    c.convalidated AS validated,
    obj_description(c.oid, 'pg_constraint') AS comment,
    pair.columns, pair.referenced_columns, pair.equals_sql, pair.alike_sql, pair.own_sql, pair.emptied,
    c.confupdtype = 'r' AS restricts_update, c.confdeltype = 'r' AS restricts_delete,
    c.condeferrable AS deferrable, c.condeferred AS deferred,
CASE
      WHEN c.confrelid <> whole.oid OR place.of_itself AND c.conrelid <> whole.oid THEN 'it is of a single partition, or refers to one'
      WHEN c.confmatchtype = 'f' AND cardinality(c.conkey) > 1 THEN 'MATCH FULL over several columns'
      WHEN to_jsonb(c) ->> 'conperiod' = 'true' THEN 'PERIOD'
      WHEN c.confupdtype NOT IN ('a', 'r') THEN 'of a row that moves to another partition when its key is updated (ON UPDATE '
        || CASE c.confupdtype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' ELSE 'SET DEFAULT' END || ') no trigger gets both keys'
      WHEN r.relowner <> (SELECT relowner FROM pg_class WHERE oid = whole.oid)
        THEN 'the tables have different owners, and a trigger works with the rights of one'
      WHEN EXISTS (SELECT FROM pg_class WHERE oid IN (r.oid, whole.oid) AND relrowsecurity AND relforcerowsecurity)
        THEN 'row level security is forced on the owner, and would hide rows from the trigger'
      WHEN pair.collated_otherwise THEN 'its columns have another collation than those that they refer to'
      WHEN pair.typed_otherwise THEN 'its columns have another type than the operator of an extension by which it compares them'
      WHEN pair.referenced_columns && '{}'::text[]
        OR place.of_itself AND pair.columns && '{}'::text[] THEN 'a column of it is dropped'
    END
    AS no_trigger
  FROM (SELECT to_regclass('"public"."chunks"')::oid) AS whole (oid)
  JOIN pg_constraint AS c ON c.contype = 'f' AND c.conparentid = 0 AND c.confrelid IN (
SELECT oid FROM (WITH RECURSIVE tree (oid) AS (
  SELECT to_regclass('"public"."chunks"')::oid UNION SELECT i.inhrelid FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.oid
) SELECT oid FROM tree) AS of_table
  )
  JOIN pg_class AS r ON r.oid = c.conrelid
  CROSS JOIN LATERAL (
    SELECT c.conrelid IN (
SELECT oid FROM (WITH RECURSIVE tree (oid) AS (
  SELECT to_regclass('"public"."chunks"')::oid UNION SELECT i.inhrelid FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.oid
) SELECT oid FROM tree) AS of_table
    )
  ) AS place (of_itself)
  CROSS JOIN LATERAL (
    SELECT
      array_agg(a.attname::text ORDER BY k.place) AS columns,
      array_agg(b.attname::text ORDER BY k.place) AS referenced_columns,
      array_agg(format('OPERATOR(%s.%s)', e.oprnamespace::regnamespace, e.oprname) ORDER BY k.place) AS equals_sql,
      array_agg(format('OPERATOR(%s.%s)', l.oprnamespace::regnamespace, l.oprname) ORDER BY k.place) AS alike_sql,
      array_agg(format('OPERATOR(%s.%s)', p.oprnamespace::regnamespace, p.oprname) ORDER BY k.place) AS own_sql,
      -- what SET NULL and SET DEFAULT set: from 15 on it may be said
      array_agg(a.attname::text ORDER BY k.place) FILTER (
        WHERE jsonb_typeof(to_jsonb(c) -> 'confdelsetcols') IS DISTINCT FROM 'array' OR to_jsonb(c) -> 'confdelsetcols' @> to_jsonb(k.attnum)) AS emptied,
      bool_or(a.attcollation <> b.attcollation) AS collated_otherwise,
      -- beside PostgreSQL's own, somebody else's operator of that name could be nearer to other types
      bool_or(e.oprnamespace <> 'pg_catalog'::regnamespace AND ROW(e.oprleft, e.oprright, l.oprleft, p.oprleft)
        IS DISTINCT FROM ROW(b.atttypid, a.atttypid, a.atttypid, b.atttypid)) AS typed_otherwise
    FROM unnest(c.conkey, c.confkey, c.conpfeqop, c.conffeqop, c.conppeqop) WITH ORDINALITY AS k (attnum, referenced, equals, alike, own, place)
    JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = k.attnum
    JOIN pg_attribute AS b ON b.attrelid = c.confrelid AND b.attnum = k.referenced
    JOIN pg_operator AS e ON e.oid = k.equals
    JOIN pg_operator AS l ON l.oid = k.alike
    JOIN pg_operator AS p ON p.oid = k.own
  ) AS pair
) AS key
CROSS JOIN LATERAL (
  SELECT key.obstacle IS NULL AND key.identity <> ALL ('{}'::text[])
) AS come (along)
ORDER BY key.relation COLLATE "C", key.name
  ) AS f);
  WHEN 'earlier' THEN RETURN (SELECT coalesce(jsonb_agg(to_jsonb(f)), '[]') FROM (
SELECT
coalesce((
    SELECT min(number)
    FROM (VALUES
      (1, 'chunks_part_', 'executor_insert', 'chunks_partition_key'),
      (2, 'chunks_p2_', 'executor2_insert', 'chunks_partition_key_2'),
      (3, 'chunks_p3_', 'executor3_insert', 'chunks_partition_key_3'),
      (4, 'chunks_p4_', 'executor4_insert', 'chunks_partition_key_4'),
      (5, 'chunks_p5_', 'executor5_insert', 'chunks_partition_key_5'),
      (6, 'chunks_p6_', 'executor6_insert', 'chunks_partition_key_6'),
      (7, 'chunks_p7_', 'executor7_insert', 'chunks_partition_key_7'),
      (8, 'chunks_p8_', 'executor8_insert', 'chunks_partition_key_8'),
      (9, 'chunks_p9_', 'executor9_insert', 'chunks_partition_key_9')
    ) AS wanted (number, begins, log, filler)
    WHERE NOT EXISTS (
        SELECT FROM pg_class AS c
        WHERE c.relispartition AND c.relkind IN ('r', 'p', 'f') AND c.relnamespace = to_regnamespace(quote_ident('public'))
          AND (starts_with(c.relname, wanted.begins)
            OR wanted.number = 1 AND starts_with(c.relname, 'chunks')
              AND substr(c.relname, 7) ~ '^_([pm][0-9]{4}|default$)'))
      AND NOT EXISTS (
        SELECT FROM pg_trigger AS t JOIN pg_proc AS f ON f.oid = t.tgfoid
        WHERE t.tgname = wanted.log AND (NOT t.tgisinternal AND t.tgname ~ '^executor[2-9]?_(insert|update|delete|truncate)$' AND f.proname ~ '_back_[0-9]{8}_[0-9]{6}$'
  AND f.prosrc ~ '^\n#variable_conflict use_column\nBEGIN\n.*\n  IF TG_OP = ''INSERT'' THEN\n    INSERT INTO [^\n]* FROM new_rows;\n') AND t.tgrelid IN (
SELECT oid FROM (WITH RECURSIVE tree (oid) AS (
  SELECT to_regclass('"public"."chunks"')::oid UNION SELECT i.inhrelid FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.oid
) SELECT oid FROM tree) AS of_table
        ))
      AND NOT EXISTS (
        -- it stays where its table was dropped
        SELECT FROM pg_proc AS p
        WHERE p.proname = wanted.filler AND p.pronargs = 0 AND p.pronamespace = to_regnamespace(quote_ident('public'))
          AND strpos(p.prosrc, 'partition_key := ') > 0)
  ), 9) AS number,
  own.name IS NOT NULL AS owns_key,
  CASE WHEN own.name IS NOT NULL THEN ARRAY['partition_key'] ELSE '{}' END AS own_columns,
  CASE WHEN own.name IS NOT NULL THEN format('abs(hashtext(%I::text) %% %s)', own.name, own.number) END AS value_sql,
  own.filler
FROM (SELECT) AS always
LEFT JOIN (
SELECT made.name, made.number, made.filler
FROM pg_class AS c
JOIN pg_attribute AS own ON own.attrelid = c.oid AND own.attname = 'partition_key' AND NOT own.attisdropped AND own.atttypid = 'integer'::regtype
JOIN pg_partitioned_table AS p ON p.partrelid = c.oid
CROSS JOIN LATERAL (
  SELECT k.conname, pg_get_expr(k.conbin, k.conrelid) FROM pg_constraint AS k
  WHERE k.conrelid = c.oid AND k.conname = 'partition_key_check' AND k.contype = 'c' AND k.convalidated AND pg_get_partkeydef(c.oid) = 'LIST (partition_key)'
  UNION ALL
  SELECT NULL, pg_get_expr(p.partexprs, p.partrelid) WHERE p.partexprs IS NOT NULL AND p.partstrat = 'l'
) AS printed (of_check, text)
CROSS JOIN LATERAL (SELECT substring(printed.text FROM '% ([0-9]{1,4})\)+$')::integer) AS counted (number)
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
CROSS JOIN LATERAL (
SELECT path.oid FROM (
  WITH RECURSIVE below (oid, depth) AS (
    SELECT a.atttypid, 0
    UNION ALL
    SELECT t.typbasetype, below.depth + 1 FROM below JOIN pg_type AS t ON t.oid = below.oid AND t.typtype = 'd'
  )
  SELECT oid, depth FROM below
) AS path
ORDER BY path.depth DESC LIMIT 1
) AS base
CROSS JOIN LATERAL (
  SELECT CASE WHEN printed.of_check IS NULL THEN 'abs((hashtext(%s) %% %s))' ELSE '(partition_key = abs((hashtext(%s) %% %s)))' END
) AS form (written)
LEFT JOIN LATERAL (
  SELECT f.oid::regprocedure::text AS called
  FROM pg_trigger AS t JOIN pg_proc AS f ON f.oid = t.tgfoid JOIN pg_language AS l ON l.oid = f.prolang
  WHERE t.tgrelid = c.oid AND l.lanname = 'plpgsql' AND (t.tgname = 'zz_partition_key' AND NOT t.tgisinternal AND f.prosrc ~ ('^\nBEGIN\n(  --[^\n]*\n)?  NEW[.]partition_key := '
  '([(]SELECT )?abs[(]hashtext[(](NEW|r)[.][^\n]*::text[)] % [0-9]{1,4}[)]( FROM [(]SELECT NEW[.][*][)] AS r[)])?;\n  RETURN NEW;\nEND\n$'))
    AND f.pronamespace = c.relnamespace AND f.proname IN ('chunks_partition_key', 'chunks_partition_key_2', 'chunks_partition_key_3', 'chunks_partition_key_4', 'chunks_partition_key_5', 'chunks_partition_key_6', 'chunks_partition_key_7', 'chunks_partition_key_8', 'chunks_partition_key_9')
    AND strpos(f.prosrc, format('::text) %% %s)', counted.number)) > 0
    AND (f.proowner = c.relowner OR (SELECT r.rolsuper OR r.rolname = session_user FROM pg_roles AS r WHERE r.oid = f.proowner))
) AS filler ON true
CROSS JOIN LATERAL (SELECT a.attname::text, counted.number, filler.called) AS made (name, number, filler)
WHERE c.oid = to_regclass('"public"."chunks"') AND (printed.of_check IS NOT NULL OR filler.called IS NOT NULL)
  -- a cast of another type to text is its owner's
  AND base.oid < 16384
  AND printed.text IN (format(form.written, quote_ident(a.attname), counted.number), format(form.written, '(' || quote_ident(a.attname) || ')::text', counted.number))
LIMIT 1
) AS own ON true
  ) AS f);
  WHEN 'definition' THEN RETURN (SELECT coalesce(jsonb_agg(to_jsonb(f)), '[]') FROM (
SELECT 'chunks' AS name, CAST((SELECT jsonb_build_object('version', 1, 'schema', (SELECT n.nspname FROM pg_class AS o JOIN pg_namespace AS n ON n.oid = o.relnamespace WHERE o.oid = executor_original), 'name', (SELECT o.relname FROM pg_class AS o WHERE o.oid = executor_original),
  'relations', jsonb_agg(item ORDER BY level, oid))
FROM (
  SELECT tree.level, c.oid, jsonb_strip_nulls(jsonb_build_object(
    'name', c.relname,
    'parent', (SELECT p.relname FROM pg_inherits AS i JOIN pg_class AS p ON p.oid = i.inhparent
               WHERE i.inhrelid = c.oid AND tree.level > 0),
    'bound', CASE WHEN tree.level > 0 THEN pg_get_expr(c.relpartbound, c.oid) END,
    'partition_by', CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END,
    'method', CASE WHEN c.relkind = 'r' THEN (SELECT amname FROM pg_am WHERE pg_am.oid = c.relam) END,
    'unlogged', CASE WHEN c.relpersistence = 'u' THEN true END,
    'tablespace', (SELECT spcname FROM pg_tablespace AS s WHERE s.oid = c.reltablespace),
    'options', (
      SELECT string_agg(format('%s%I = %L', prefix, option_name, option_value), ', ')
      FROM (
        SELECT '' AS prefix, o.* FROM pg_options_to_table(c.reloptions) AS o
        UNION ALL
        SELECT 'toast.', o.* FROM pg_class AS toast, pg_options_to_table(toast.reloptions) AS o WHERE toast.oid = c.reltoastrelid
      ) AS option),
    'identity', CASE c.relreplident WHEN 'f' THEN 'FULL' WHEN 'n' THEN 'NOTHING' END,
    'comment', obj_description(c.oid, 'pg_class'),
    'columns', CASE WHEN tree.level = 0 THEN (
      SELECT jsonb_agg(jsonb_build_object(
        'name', a.attname,
        'type', format_type(a.atttypid, a.atttypmod),
        'collation', CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END,
        'default', CASE WHEN a.attgenerated = '' AND NOT coalesce(seq.serial, false) THEN pg_get_expr(d.adbin, d.adrelid) END,
        'generated', CASE WHEN a.attgenerated <> '' THEN pg_get_expr(d.adbin, d.adrelid) END,
        'generated_as', CASE a.attgenerated WHEN 's' THEN 'STORED' WHEN 'v' THEN 'VIRTUAL' END,
        'identity', CASE a.attidentity WHEN 'a' THEN 'ALWAYS' WHEN 'd' THEN 'BY DEFAULT' END,
        'serial', seq.serial,
        'sequence', seq.item,
        'not_null', CASE WHEN a.attnotnull THEN true END,
        'not_null_name', filled.conname,
        'not_null_local', CASE WHEN filled.connoinherit THEN true END,
        'not_null_unproven', CASE WHEN NOT filled.convalidated THEN true END,
        'not_null_comment', obj_description(filled.oid, 'pg_constraint'),
        'storage', CASE WHEN a.attstorage <> t.typstorage THEN
          CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END END,
        'compression', CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END,
        'options', (SELECT string_agg(format('%I = %L', option_name, option_value), ', ') FROM pg_options_to_table(a.attoptions)),
        'comment', col_description(c.oid, a.attnum)) ORDER BY a.attnum)
      FROM pg_attribute AS a
      JOIN pg_type AS t ON t.oid = a.atttypid
      LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      LEFT JOIN pg_constraint AS filled ON filled.conrelid = c.oid AND filled.contype = 'n' AND filled.conkey = ARRAY[a.attnum]
      LEFT JOIN LATERAL (
        -- of an identity column its own, of a serial one that which its default names; a column may own others
        SELECT
          owned.deptype = 'a' AS serial,
          jsonb_build_object(
            'name', sc.relname, 'type', format_type(s.seqtypid, NULL), 'start', s.seqstart, 'increment', s.seqincrement,
            'min', s.seqmin, 'max', s.seqmax, 'cache', s.seqcache, 'cycle', s.seqcycle,
            'comment', obj_description(s.seqrelid, 'pg_class')) AS item
        FROM pg_depend AS owned
        JOIN pg_sequence AS s ON s.seqrelid = owned.objid
        JOIN pg_class AS sc ON sc.oid = s.seqrelid
        WHERE owned.classid = 'pg_class'::regclass AND owned.refclassid = 'pg_class'::regclass
          AND owned.refobjid = a.attrelid AND owned.refobjsubid = a.attnum
          AND (owned.deptype = 'i' OR owned.deptype = 'a' AND a.attidentity = ''
            AND pg_get_expr(d.adbin, d.adrelid) = format('nextval(%L::regclass)', s.seqrelid::regclass))
      ) AS seq ON true
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) END,
    'targets', (SELECT jsonb_object_agg(a.attname, a.attstattarget) FROM pg_attribute AS a
                WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attstattarget >= 0),
    'constraints', (
      SELECT jsonb_agg(jsonb_build_object(
        'name', k.conname, 'type', k.contype, 'definition', shape.definition,
        'after_self', CASE WHEN starts_with(shape.definition, shape.head || k.confrelid::regclass || '(')
          AND k.confrelid = executor_original
          THEN substr(shape.definition, length(shape.head || k.confrelid::regclass) + 1) END,
        'before_self', shape.head,
        'comment', obj_description(k.oid, 'pg_constraint')) ORDER BY k.oid)
      FROM pg_constraint AS k
      CROSS JOIN LATERAL (
        SELECT
          pg_get_constraintdef(k.oid) AS definition,
          CASE k.contype WHEN 'f' THEN format('FOREIGN KEY (%s) REFERENCES ', (
            SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY key.place)
            FROM unnest(k.conkey) WITH ORDINALITY AS key (attnum, place)
            JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = key.attnum)) END AS head
      ) AS shape
      WHERE k.conrelid = c.oid AND k.contype IN ('c', 'f') AND k.coninhcount = 0 AND k.conparentid = 0),
    'indexes', (
      SELECT jsonb_agg(jsonb_build_object(
        'name', ic.relname,
        'unique', i.indisunique,
        'constraint', pg_get_constraintdef(k.oid),
        'body', ' ' || CASE WHEN starts_with(shape.definition, shape.head) THEN substr(shape.definition, length(shape.head) + 1)
  ELSE CAST('renamed at this very moment, so try again: ' || shape.head AS boolean)::text END,
        'attached_to', (SELECT p.relname FROM pg_inherits AS h JOIN pg_class AS p ON p.oid = h.inhparent
                        WHERE h.inhrelid = i.indexrelid AND tree.level > 0),
        'options', CASE WHEN k.oid IS NOT NULL THEN (
          SELECT string_agg(format('%I = %L', option_name, option_value), ', ') FROM pg_options_to_table(ic.reloptions)) END,
        'targets', (SELECT jsonb_object_agg(a.attnum, a.attstattarget) FROM pg_attribute AS a
                    WHERE a.attrelid = ic.oid AND a.attstattarget >= 0),
        'tablespace', (SELECT spcname FROM pg_tablespace AS s WHERE s.oid = ic.reltablespace),
        'clustered', CASE WHEN i.indisclustered THEN true END,
        'identity', CASE WHEN i.indisreplident THEN true END,
        'comment', obj_description(ic.oid, 'pg_class'),
        'constraint_comment', obj_description(k.oid, 'pg_constraint')) ORDER BY i.indexrelid)
      FROM pg_index AS i
      JOIN pg_class AS ic ON ic.oid = i.indexrelid
      LEFT JOIN pg_constraint AS k ON k.conindid = i.indexrelid AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x')
      CROSS JOIN LATERAL (
        SELECT pg_get_indexdef(i.indexrelid), format('CREATE %sINDEX %I ON %s%I.%I ',
          CASE WHEN i.indisunique THEN 'UNIQUE ' END, ic.relname, CASE c.relkind WHEN 'p' THEN 'ONLY ' END,
          (SELECT o.nspname FROM pg_namespace AS o WHERE o.oid = c.relnamespace), c.relname)
      ) AS shape (definition, head)
      WHERE i.indrelid = c.oid AND i.indisvalid),
    'statistics', (
      SELECT jsonb_agg(jsonb_build_object(
        'name', s.stxname,
        'schema', CASE WHEN s.stxnamespace <> c.relnamespace THEN n.nspname END,
        'body', (SELECT CASE WHEN right(rest.text, length(tail.text)) = tail.text THEN ' ' || left(rest.text, -length(tail.text))
    ELSE CAST('renamed at this very moment, so try again:' || tail.text AS boolean)::text END
 FROM (SELECT pg_get_statisticsobjdef(s.oid), format('CREATE STATISTICS %I.%I ', n.nspname, s.stxname)) AS shape (definition, head)
 CROSS JOIN LATERAL (SELECT CASE WHEN starts_with(shape.definition, shape.head) THEN substr(shape.definition, length(shape.head) + 1)
  ELSE CAST('renamed at this very moment, so try again: ' || shape.head AS boolean)::text END) AS rest (text)
 CROSS JOIN LATERAL (SELECT ' FROM ' || s.stxrelid::regclass) AS tail (text)),
        'target', CASE WHEN s.stxstattarget >= 0 THEN s.stxstattarget END,
        'comment', obj_description(s.oid, 'pg_statistic_ext')) ORDER BY s.oid)
      FROM pg_statistic_ext AS s
      JOIN pg_namespace AS n ON n.oid = s.stxnamespace
      WHERE s.stxrelid = c.oid)
  )) AS item
  FROM (
    SELECT executor_original AS relid, 0 AS level
    UNION
    SELECT relid, level FROM pg_partition_tree(executor_original)
  ) AS tree
  JOIN pg_class AS c ON c.oid = tree.relid
) AS relation)
 AS text) AS definition
FROM (SELECT to_regclass('"public"."chunks"') AS executor_original) AS asked
WHERE executor_original IS NOT NULL AND false
  ) AS f);
  WHEN 'subscriptions' THEN RETURN (SELECT coalesce(jsonb_agg(to_jsonb(f)), '[]') FROM (
SELECT DISTINCT r.srrelid::regclass::text AS name
FROM pg_subscription_rel AS r
WHERE r.srrelid IN (
SELECT oid FROM (WITH RECURSIVE tree (oid) AS (
  SELECT to_regclass('"public"."chunks"')::oid UNION SELECT i.inhrelid FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.oid
) SELECT oid FROM tree) AS of_table
)
ORDER BY 1
  ) AS f);
  WHEN 'sequences' THEN RETURN (SELECT coalesce(jsonb_agg(to_jsonb(f)), '[]') FROM (
SELECT
  c.relname::text AS name,
  n.nspname::text AS schema,
  a.attname::text AS "column",
  d.deptype = 'i' AS is_identity,
  a.attidentity = 'a' AS is_always,
  s.seqtypid::regtype::text AS type_sql,
  will.type::regtype::text AS new_type_sql,
  CASE WHEN s.seqmax = was.most THEN will.most ELSE s.seqmax END AS new_max,
  CASE WHEN s.seqmin = -was.most - 1 THEN -will.most - 1 ELSE s.seqmin END AS new_min,
  s.seqincrement AS increment,
  s.seqmin AS min,
  s.seqmax AS max,
  s.seqstart AS start,
  s.seqcache AS cache,
  s.seqcycle AS cycle
FROM pg_depend AS d
JOIN pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
JOIN pg_sequence AS s ON s.seqrelid = d.objid
JOIN pg_class AS c ON c.oid = s.seqrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN (
SELECT said.*, named.*
FROM (VALUES (NULL::text, NULL::text, false, NULL::text, NULL::text, true, NULL::text, NULL::text)) AS said (name, type, dropped, expression, default_value, not_null, storage, compression)
CROSS JOIN LATERAL (
SELECT
  found.type_oid,
  format_type(found.type_oid, -1) AS bare,
  found.modifier,
  CASE WHEN found.type_oid = 'bpchar'::regtype AND found.modifier <> '' THEN 'character' ELSE format_type(found.type_oid, -1) END || found.modifier AS type_name
FROM (
  SELECT
    named.type_oid,
    CASE
      WHEN named.type_oid IN ('varchar'::regtype, 'bpchar'::regtype) THEN coalesce('(' || named.lengths || ')', '')
      -- numeric(12) has a scale of 0
      WHEN named.type_oid = 'numeric'::regtype THEN coalesce('(' || named.lengths || CASE WHEN named.lengths ~ ',' THEN '' ELSE ',0' END || ')', '')
      ELSE ''
    END AS modifier
  FROM (SELECT to_regtype(regexp_replace(said.type, '[(].*[)]', ''))::oid AS type_oid, replace(substring(said.type FROM '[(]([0-9, ]+)[)]$'), ' ', '') AS lengths) AS named
) AS found
) AS named
WHERE said.name IS NOT NULL
) AS change ON change.name = a.attname
CROSS JOIN LATERAL (
  SELECT s.seqtypid AS type, CASE s.seqtypid WHEN 'int2'::regtype THEN 32767 WHEN 'int4'::regtype THEN 2147483647 ELSE 9223372036854775807 END AS most
) AS was
CROSS JOIN LATERAL (
  SELECT wide.type, CASE wide.type WHEN 'int2'::regtype THEN 32767 WHEN 'int4'::regtype THEN 2147483647 ELSE 9223372036854775807 END AS most
  FROM (SELECT CASE WHEN change.type_oid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype) THEN change.type_oid ELSE s.seqtypid END) AS wide (type)
) AS will
WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
  AND d.refobjid = to_regclass('"public"."chunks"')
ORDER BY a.attnum, d.deptype DESC, n.nspname, c.relname
  ) AS f);
  WHEN 'extended_statistics' THEN RETURN (SELECT coalesce(jsonb_agg(to_jsonb(f)), '[]') FROM (
SELECT
s.stxname::text AS name,
  n.nspname::text AS schema,
  s.stxowner::regrole::text AS owner,
  pg_has_role(s.stxowner, 'USAGE') AS may_alter,
  CASE WHEN s.stxowner <> current_user::regrole AND (
      (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
      OR pg_has_role(s.stxowner, CASE WHEN current_setting('server_version_num')::integer >= 160000 THEN 'SET' ELSE 'MEMBER' END)
      AND has_schema_privilege(s.stxowner, s.stxnamespace, 'CREATE'))
    THEN s.stxowner::regrole::text END AS owner_sql,
(SELECT CASE WHEN right(rest.text, length(tail.text)) = tail.text THEN ' ' || left(rest.text, -length(tail.text))
    ELSE CAST('renamed at this very moment, so try again:' || tail.text AS boolean)::text END
 FROM (SELECT pg_get_statisticsobjdef(s.oid), format('CREATE STATISTICS %I.%I ', n.nspname, s.stxname)) AS shape (definition, head)
 CROSS JOIN LATERAL (SELECT CASE WHEN starts_with(shape.definition, shape.head) THEN substr(shape.definition, length(shape.head) + 1)
  ELSE CAST('renamed at this very moment, so try again: ' || shape.head AS boolean)::text END) AS rest (text)
 CROSS JOIN LATERAL (SELECT ' FROM ' || s.stxrelid::regclass) AS tail (text)) AS body_sql,
  nullif((to_jsonb(s) ->> 'stxstattarget')::integer, -1) AS target,
  obj_description(s.oid, 'pg_statistic_ext') AS comment
FROM pg_statistic_ext AS s
JOIN pg_namespace AS n ON n.oid = s.stxnamespace
WHERE s.stxrelid = to_regclass('"public"."chunks"')
ORDER BY n.nspname, s.stxname
  ) AS f);
  WHEN 'grants' THEN RETURN (SELECT coalesce(jsonb_agg(to_jsonb(f)), '[]') FROM (
WITH relation AS (
  SELECT exchanged.kind, c.oid, c.relowner, n.nspname, c.relname,
    CASE exchanged.kind WHEN 'SEQUENCE' THEN 'SEQUENCE ' ELSE 'TABLE ' END || c.oid::regclass AS object_sql,
    acldefault(CASE exchanged.kind WHEN 'SEQUENCE' THEN 's' ELSE 'r' END::"char", c.relowner) AS given, c.relacl
  FROM (
SELECT 'TABLE' AS kind, to_regclass('"public"."chunks"')::oid AS oid
UNION ALL
SELECT 'SEQUENCE', s.seqrelid
FROM pg_depend JOIN pg_sequence AS s ON s.seqrelid = objid
WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass AND refobjid = to_regclass('"public"."chunks"') AND deptype = 'i'
UNION ALL
SELECT 'MATERIALIZED VIEW', oid FROM (
SELECT oid, max(depth) AS depth
FROM (
  WITH RECURSIVE reader (oid, depth) AS (
    SELECT to_regclass('"public"."chunks"')::oid, 0
    UNION
    SELECT r.ev_class, reader.depth + 1
    FROM reader
    JOIN pg_depend AS d
      ON d.refclassid = 'pg_class'::regclass AND d.refobjid = reader.oid
      AND d.classid = 'pg_rewrite'::regclass AND d.deptype = 'n'
    JOIN pg_rewrite AS r ON r.oid = d.objid AND r.ev_class <> reader.oid
    JOIN pg_class AS m ON m.oid = r.ev_class AND m.relkind = 'm'
  )
  SELECT oid, depth FROM reader WHERE depth > 0
) AS path
GROUP BY oid
) AS view
  ) AS exchanged
  JOIN pg_class AS c ON c.oid = exchanged.oid
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
), privilege (relation, part, place, grantee, is_grantable, word, is_revoked) AS (
  SELECT r.oid, 0, a.place, a.grantee, a.is_grantable, a.privilege_type, false
  FROM relation AS r
  CROSS JOIN aclexplode(r.relacl) WITH ORDINALITY AS a (grantor, grantee, privilege_type, is_grantable, place)
  WHERE a.grantee <> r.relowner
  UNION ALL
  SELECT r.oid, 1, t.attnum * 10000 + a.place, a.grantee, a.is_grantable, format('%s (%I)', a.privilege_type, t.attname), false
  FROM relation AS r
  JOIN pg_attribute AS t ON t.attrelid = r.oid AND t.attnum > 0 AND NOT t.attisdropped
  CROSS JOIN aclexplode(t.attacl) WITH ORDINALITY AS a (grantor, grantee, privilege_type, is_grantable, place)
  WHERE a.grantee <> r.relowner
  UNION ALL
  SELECT r.oid, 0, g.place, g.grantee, false, g.privilege_type, true
  FROM relation AS r
  CROSS JOIN aclexplode(r.given) WITH ORDINALITY AS g (grantor, grantee, privilege_type, is_grantable, place)
  WHERE r.relacl IS NOT NULL AND NOT EXISTS (
    SELECT FROM aclexplode(r.relacl) AS a WHERE a.grantee = g.grantee AND a.privilege_type = g.privilege_type)
)
SELECT
  format('%s %s %s', string_agg(p.word, ', ' ORDER BY p.place), CASE WHEN p.is_revoked THEN 'taken from' ELSE 'to' END,
    CASE p.grantee WHEN 0 THEN 'PUBLIC' ELSE p.grantee::regrole::text END) AS name,
  r.relname::text AS relation,
  r.nspname::text AS schema,
  r.kind,
  r.object_sql,
  p.is_revoked,
  CASE p.grantee WHEN 0 THEN 'PUBLIC' ELSE p.grantee::regrole::text END AS grantee_sql,
  p.is_grantable,
  string_agg(p.word, ', ' ORDER BY p.place) AS privileges_sql
FROM (SELECT relation, part, min(place) AS place, grantee, bool_or(is_grantable) AS is_grantable, word, is_revoked
      FROM privilege GROUP BY relation, part, grantee, word, is_revoked) AS p
JOIN relation AS r ON r.oid = p.relation
GROUP BY r.kind, r.nspname, r.relname, r.object_sql, p.part, p.is_revoked, p.grantee, p.is_grantable
ORDER BY r.kind DESC, r.nspname, r.relname, p.is_revoked DESC, p.part, min(p.place)
  ) AS f);
  WHEN 'security' THEN RETURN (SELECT coalesce(jsonb_agg(to_jsonb(f)), '[]') FROM (
SELECT relname::text AS name, relrowsecurity AS enabled, relforcerowsecurity AS forced
FROM pg_class WHERE oid = to_regclass('"public"."chunks"')
  ) AS f);
  WHEN 'policies' THEN RETURN (SELECT coalesce(jsonb_agg(to_jsonb(f)), '[]') FROM (
SELECT
  p.polname::text AS name,
  format('AS %s FOR %s TO %s', CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
    CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
    (SELECT string_agg(CASE role WHEN 0 THEN 'PUBLIC' ELSE role::regrole::text END, ', ' ORDER BY role) FROM unnest(p.polroles) AS role))
    || coalesce(' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', '')
    || coalesce(' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '') AS definition_sql,
EXISTS (
    SELECT FROM pg_description AS d
    WHERE d.classoid = 'pg_class'::regclass AND d.objoid = to_regclass('"public"."chunks_old_20250811_120000"') AND d.objsubid = 0 AND d.xmin = "p".xmin) AS as_swapped
FROM pg_policy AS p
WHERE p.polrelid = to_regclass('"public"."chunks"')
ORDER BY p.polname
  ) AS f);
  WHEN 'triggers' THEN RETURN (SELECT coalesce(jsonb_agg(to_jsonb(f)), '[]') FROM (
SELECT
  t.tgname::text AS name,
  c.relname::text AS relation,
  n.nspname::text AS schema,
  c.oid = to_regclass('"public"."chunks"') AS on_table,
  t.tgenabled::text AS enabled,
  object.identity = ANY ('{}'::text[]) AS accepted,
  pg_get_triggerdef(t.oid) AS definition_sql
FROM pg_trigger AS t
JOIN pg_class AS c ON c.oid = t.tgrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_proc AS f ON f.oid = t.tgfoid
CROSS JOIN pg_identify_object('pg_trigger'::regclass, t.oid, 0) AS object
WHERE t.tgrelid IN (
SELECT oid FROM (WITH RECURSIVE tree (oid) AS (
  SELECT to_regclass('"public"."chunks"')::oid UNION SELECT i.inhrelid FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.oid
) SELECT oid FROM tree) AS of_table
)
  AND NOT t.tgisinternal AND t.tgparentid = 0
  AND NOT (f.pronamespace = to_regnamespace(quote_ident('public')) AND f.proname IN (
    'chunks_log_20250811_120000', 'chunks_back_20250811_120000', 'chunks_old_20250811_120000'))
  AND NOT (t.tgname = 'zz_partition_key' AND t.tgrelid = to_regclass('"public"."chunks"') AND t.tgfoid::regprocedure::text IN (
  SELECT own.filler FROM (
SELECT made.name, made.number, made.filler
FROM pg_class AS c
JOIN pg_attribute AS own ON own.attrelid = c.oid AND own.attname = 'partition_key' AND NOT own.attisdropped AND own.atttypid = 'integer'::regtype
JOIN pg_partitioned_table AS p ON p.partrelid = c.oid
CROSS JOIN LATERAL (
  SELECT k.conname, pg_get_expr(k.conbin, k.conrelid) FROM pg_constraint AS k
  WHERE k.conrelid = c.oid AND k.conname = 'partition_key_check' AND k.contype = 'c' AND k.convalidated AND pg_get_partkeydef(c.oid) = 'LIST (partition_key)'
  UNION ALL
  SELECT NULL, pg_get_expr(p.partexprs, p.partrelid) WHERE p.partexprs IS NOT NULL AND p.partstrat = 'l'
) AS printed (of_check, text)
CROSS JOIN LATERAL (SELECT substring(printed.text FROM '% ([0-9]{1,4})\)+$')::integer) AS counted (number)
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
CROSS JOIN LATERAL (
SELECT path.oid FROM (
  WITH RECURSIVE below (oid, depth) AS (
    SELECT a.atttypid, 0
    UNION ALL
    SELECT t.typbasetype, below.depth + 1 FROM below JOIN pg_type AS t ON t.oid = below.oid AND t.typtype = 'd'
  )
  SELECT oid, depth FROM below
) AS path
ORDER BY path.depth DESC LIMIT 1
) AS base
CROSS JOIN LATERAL (
  SELECT CASE WHEN printed.of_check IS NULL THEN 'abs((hashtext(%s) %% %s))' ELSE '(partition_key = abs((hashtext(%s) %% %s)))' END
) AS form (written)
LEFT JOIN LATERAL (
  SELECT f.oid::regprocedure::text AS called
  FROM pg_trigger AS t JOIN pg_proc AS f ON f.oid = t.tgfoid JOIN pg_language AS l ON l.oid = f.prolang
  WHERE t.tgrelid = c.oid AND l.lanname = 'plpgsql' AND (t.tgname = 'zz_partition_key' AND NOT t.tgisinternal AND f.prosrc ~ ('^\nBEGIN\n(  --[^\n]*\n)?  NEW[.]partition_key := '
  '([(]SELECT )?abs[(]hashtext[(](NEW|r)[.][^\n]*::text[)] % [0-9]{1,4}[)]( FROM [(]SELECT NEW[.][*][)] AS r[)])?;\n  RETURN NEW;\nEND\n$'))
    AND f.pronamespace = c.relnamespace AND f.proname IN ('chunks_partition_key', 'chunks_partition_key_2', 'chunks_partition_key_3', 'chunks_partition_key_4', 'chunks_partition_key_5', 'chunks_partition_key_6', 'chunks_partition_key_7', 'chunks_partition_key_8', 'chunks_partition_key_9')
    AND strpos(f.prosrc, format('::text) %% %s)', counted.number)) > 0
    AND (f.proowner = c.relowner OR (SELECT r.rolsuper OR r.rolname = session_user FROM pg_roles AS r WHERE r.oid = f.proowner))
) AS filler ON true
CROSS JOIN LATERAL (SELECT a.attname::text, counted.number, filler.called) AS made (name, number, filler)
WHERE c.oid = to_regclass('"public"."chunks"') AND (printed.of_check IS NOT NULL OR filler.called IS NOT NULL)
  -- a cast of another type to text is its owner's
  AND base.oid < 16384
  AND printed.text IN (format(form.written, quote_ident(a.attname), counted.number), format(form.written, '(' || quote_ident(a.attname) || ')::text', counted.number))
LIMIT 1
  ) AS own))
  -- in the place of foreign keys into the table: a rollback drops them; for a later run they are triggers like others
  AND NOT (f.pronamespace = to_regnamespace(quote_ident('public')) AND f.proname ~ '_(check|keeps)_key[0-9]+_20250811_120000$')
  -- of an earlier run, for its way back
  AND NOT (NOT t.tgisinternal AND t.tgname ~ '^executor[2-9]?_(insert|update|delete|truncate)$' AND f.proname ~ '_back_[0-9]{8}_[0-9]{6}$'
  AND f.prosrc ~ '^\n#variable_conflict use_column\nBEGIN\n.*\n  IF TG_OP = ''INSERT'' THEN\n    INSERT INTO [^\n]* FROM new_rows;\n')
ORDER BY c.oid <> to_regclass('"public"."chunks"'), n.nspname, c.relname, t.tgname
  ) AS f);
  WHEN 'rules' THEN RETURN (SELECT coalesce(jsonb_agg(to_jsonb(f)), '[]') FROM (
SELECT
  r.rulename::text AS name,
  r.ev_enabled::text AS enabled,
  object.identity = ANY ('{}'::text[]) AS accepted,
  rtrim(pg_get_ruledef(r.oid), ';') AS definition_sql,
EXISTS (
    SELECT FROM pg_description AS d
    WHERE d.classoid = 'pg_class'::regclass AND d.objoid = to_regclass('"public"."chunks_old_20250811_120000"') AND d.objsubid = 0 AND d.xmin = "r".xmin) AS as_swapped
FROM pg_rewrite AS r
CROSS JOIN pg_identify_object('pg_rewrite'::regclass, r.oid, 0) AS object
WHERE r.ev_class = to_regclass('"public"."chunks"') AND r.rulename <> '_RETURN'
ORDER BY r.rulename
  ) AS f);
  WHEN 'comments' THEN RETURN (SELECT coalesce(jsonb_agg(to_jsonb(f)), '[]') FROM (
SELECT object_sql::text AS name, object_sql, is_made, d.description AS comment
FROM (
WITH exchanged AS (
SELECT 'TABLE' AS kind, to_regclass('"public"."chunks"')::oid AS oid
UNION ALL
SELECT 'SEQUENCE', s.seqrelid
FROM pg_depend JOIN pg_sequence AS s ON s.seqrelid = objid
WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass AND refobjid = to_regclass('"public"."chunks"') AND deptype = 'i'
UNION ALL
SELECT 'MATERIALIZED VIEW', oid FROM (
SELECT oid, max(depth) AS depth
FROM (
  WITH RECURSIVE reader (oid, depth) AS (
    SELECT to_regclass('"public"."chunks"')::oid, 0
    UNION
    SELECT r.ev_class, reader.depth + 1
    FROM reader
    JOIN pg_depend AS d
      ON d.refclassid = 'pg_class'::regclass AND d.refobjid = reader.oid
      AND d.classid = 'pg_rewrite'::regclass AND d.deptype = 'n'
    JOIN pg_rewrite AS r ON r.oid = d.objid AND r.ev_class <> reader.oid
    JOIN pg_class AS m ON m.oid = r.ev_class AND m.relkind = 'm'
  )
  SELECT oid, depth FROM reader WHERE depth > 0
) AS path
GROUP BY oid
) AS view
)
SELECT kind || ' ' || oid::regclass AS object_sql, false AS is_made, 'pg_class'::regclass::oid AS classoid, oid AS objoid, 0 AS objsubid
FROM exchanged WHERE oid IS NOT NULL
UNION ALL
SELECT format('COLUMN %s.%I', e.oid::regclass, a.attname), e.kind = 'TABLE', 'pg_class'::regclass, e.oid, a.attnum
FROM exchanged AS e JOIN pg_attribute AS a ON a.attrelid = e.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE e.kind <> 'SEQUENCE' AND (e.kind <> 'TABLE' OR a.attname <> ALL ('{}'::text[]))
UNION ALL
SELECT 'INDEX ' || i.indexrelid::regclass, e.kind = 'TABLE', 'pg_class'::regclass, i.indexrelid, 0
FROM exchanged AS e JOIN pg_index AS i ON i.indrelid = e.oid
UNION ALL
SELECT format('CONSTRAINT %I ON %s', c.conname, c.conrelid::regclass), true, 'pg_constraint'::regclass, c.oid, 0
FROM pg_constraint AS c WHERE c.conrelid = to_regclass('"public"."chunks"') AND c.contype NOT IN ('f', 't')
UNION ALL
SELECT format('TRIGGER %I ON %s', t.tgname, t.tgrelid::regclass), false, 'pg_trigger'::regclass, t.oid, 0
FROM pg_trigger AS t WHERE t.tgrelid = to_regclass('"public"."chunks"') AND NOT t.tgisinternal
UNION ALL
SELECT format('RULE %I ON %s', r.rulename, r.ev_class::regclass), false, 'pg_rewrite'::regclass, r.oid, 0
FROM pg_rewrite AS r WHERE r.ev_class = to_regclass('"public"."chunks"')
UNION ALL
SELECT format('POLICY %I ON %s', p.polname, p.polrelid::regclass), false, 'pg_policy'::regclass, p.oid, 0
FROM pg_policy AS p WHERE p.polrelid = to_regclass('"public"."chunks"')
) AS part
JOIN pg_description AS d USING (classoid, objoid, objsubid)
ORDER BY is_made, object_sql
  ) AS f);
  WHEN 'commented' THEN RETURN (SELECT coalesce(jsonb_agg(to_jsonb(f)), '[]') FROM (
SELECT object_sql::text AS name, object_sql
FROM (
WITH exchanged AS (
SELECT 'TABLE' AS kind, to_regclass('"public"."chunks"')::oid AS oid
UNION ALL
SELECT 'SEQUENCE', s.seqrelid
FROM pg_depend JOIN pg_sequence AS s ON s.seqrelid = objid
WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass AND refobjid = to_regclass('"public"."chunks"') AND deptype = 'i'
UNION ALL
SELECT 'MATERIALIZED VIEW', oid FROM (
SELECT oid, max(depth) AS depth
FROM (
  WITH RECURSIVE reader (oid, depth) AS (
    SELECT to_regclass('"public"."chunks"')::oid, 0
    UNION
    SELECT r.ev_class, reader.depth + 1
    FROM reader
    JOIN pg_depend AS d
      ON d.refclassid = 'pg_class'::regclass AND d.refobjid = reader.oid
      AND d.classid = 'pg_rewrite'::regclass AND d.deptype = 'n'
    JOIN pg_rewrite AS r ON r.oid = d.objid AND r.ev_class <> reader.oid
    JOIN pg_class AS m ON m.oid = r.ev_class AND m.relkind = 'm'
  )
  SELECT oid, depth FROM reader WHERE depth > 0
) AS path
GROUP BY oid
) AS view
)
SELECT kind || ' ' || oid::regclass AS object_sql, false AS is_made, 'pg_class'::regclass::oid AS classoid, oid AS objoid, 0 AS objsubid
FROM exchanged WHERE oid IS NOT NULL
UNION ALL
SELECT format('COLUMN %s.%I', e.oid::regclass, a.attname), e.kind = 'TABLE', 'pg_class'::regclass, e.oid, a.attnum
FROM exchanged AS e JOIN pg_attribute AS a ON a.attrelid = e.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE e.kind <> 'SEQUENCE' AND (e.kind <> 'TABLE' OR a.attname <> ALL ('{}'::text[]))
UNION ALL
SELECT 'INDEX ' || i.indexrelid::regclass, e.kind = 'TABLE', 'pg_class'::regclass, i.indexrelid, 0
FROM exchanged AS e JOIN pg_index AS i ON i.indrelid = e.oid
UNION ALL
SELECT format('CONSTRAINT %I ON %s', c.conname, c.conrelid::regclass), true, 'pg_constraint'::regclass, c.oid, 0
FROM pg_constraint AS c WHERE c.conrelid = to_regclass('"public"."chunks"') AND c.contype NOT IN ('f', 't')
UNION ALL
SELECT format('TRIGGER %I ON %s', t.tgname, t.tgrelid::regclass), false, 'pg_trigger'::regclass, t.oid, 0
FROM pg_trigger AS t WHERE t.tgrelid = to_regclass('"public"."chunks"') AND NOT t.tgisinternal
UNION ALL
SELECT format('RULE %I ON %s', r.rulename, r.ev_class::regclass), false, 'pg_rewrite'::regclass, r.oid, 0
FROM pg_rewrite AS r WHERE r.ev_class = to_regclass('"public"."chunks"')
UNION ALL
SELECT format('POLICY %I ON %s', p.polname, p.polrelid::regclass), false, 'pg_policy'::regclass, p.oid, 0
FROM pg_policy AS p WHERE p.polrelid = to_regclass('"public"."chunks"')
) AS part
ORDER BY object_sql
  ) AS f);
  WHEN 'readers' THEN RETURN (SELECT coalesce(jsonb_agg(to_jsonb(f)), '[]') FROM (
WITH reader AS (
  SELECT DISTINCT d.classid, d.objid
  FROM (
    SELECT to_regclass('"public"."chunks"')::oid
    UNION ALL
    SELECT oid FROM (
SELECT oid, max(depth) AS depth
FROM (
  WITH RECURSIVE reader (oid, depth) AS (
    SELECT to_regclass('"public"."chunks"')::oid, 0
    UNION
    SELECT r.ev_class, reader.depth + 1
    FROM reader
    JOIN pg_depend AS d
      ON d.refclassid = 'pg_class'::regclass AND d.refobjid = reader.oid
      AND d.classid = 'pg_rewrite'::regclass AND d.deptype = 'n'
    JOIN pg_rewrite AS r ON r.oid = d.objid AND r.ev_class <> reader.oid
    JOIN pg_class AS m ON m.oid = r.ev_class AND m.relkind = 'm'
  )
  SELECT oid, depth FROM reader WHERE depth > 0
) AS path
GROUP BY oid
    ) AS view
    UNION ALL
    SELECT s.seqrelid
    FROM pg_depend JOIN pg_sequence AS s ON s.seqrelid = objid
    WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass AND refobjid = to_regclass('"public"."chunks"')
      AND deptype = 'i'
  ) AS read (oid)
  JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = read.oid AND d.deptype = 'n'
)
SELECT kind || ' ' || name AS name, kind, schema, view_sql, owner_sql, statement_sql
FROM (
  SELECT v.oid, v.relnamespace AS namespace, CASE v.relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END AS kind, v.oid::regclass::text AS name,
    v.oid::regclass::text AS view_sql, v.relowner::regrole::text AS owner_sql,
    CASE v.relkind WHEN 'v' THEN format('CREATE OR REPLACE VIEW %s%s AS %s', v.oid::regclass,
      (SELECT ' WITH (' || string_agg(format('%I = %L', option_name, option_value), ', ') || ')' FROM pg_options_to_table(v.reloptions)),
      rtrim(pg_get_viewdef(v.oid), ';')) END AS statement_sql
  FROM reader
  JOIN pg_rewrite AS r ON reader.classid = 'pg_rewrite'::regclass AND r.oid = reader.objid AND r.rulename = '_RETURN'
  JOIN pg_class AS v ON v.oid = r.ev_class AND v.relkind IN ('v', 'm')
  UNION ALL
  SELECT r.oid, c.relnamespace, 'rule', format('%I on %s', r.rulename, c.oid::regclass), NULL, c.relowner::regrole::text,
    'CREATE OR REPLACE' || substr(rtrim(pg_get_ruledef(r.oid), ';'), length('CREATE') + 1)
  FROM reader
  JOIN pg_rewrite AS r ON reader.classid = 'pg_rewrite'::regclass AND r.oid = reader.objid AND r.rulename <> '_RETURN'
  JOIN pg_class AS c ON c.oid = r.ev_class
  WHERE r.ev_class <> to_regclass('"public"."chunks"')
  UNION ALL
  -- null: PostgreSQL prints something else than the definition, and the check says so (check/bound.sql)
  SELECT p.oid, p.pronamespace, 'function', p.oid::regprocedure::text, NULL, p.proowner::regrole::text,
    CASE WHEN NOT ('' = ANY (p.proargnames) AND strpos(pg_get_function_sqlbody(p.oid), quote_ident(p.proname) || '.""') > 0)
 THEN rtrim(pg_get_functiondef(p.oid), E'\n') END
  FROM reader
  JOIN pg_proc AS p ON reader.classid = 'pg_proc'::regclass AND p.oid = reader.objid
  UNION ALL
  SELECT p.oid, c.relnamespace, 'policy', format('%I on %s', p.polname, c.oid::regclass), NULL, c.relowner::regrole::text,
    format('ALTER POLICY %I ON %s', p.polname, p.polrelid::regclass)
      || coalesce(' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', '')
      || coalesce(' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '')
  FROM reader
  JOIN pg_policy AS p ON reader.classid = 'pg_policy'::regclass AND p.oid = reader.objid
  JOIN pg_class AS c ON c.oid = p.polrelid
  WHERE p.polrelid <> to_regclass('"public"."chunks"')
) AS bound
CROSS JOIN LATERAL (SELECT n.nspname::text FROM pg_namespace AS n WHERE n.oid = bound.namespace) AS home (schema)
WHERE schema !~ '^pg_temp_'
  -- given up: it stays with the old table
  AND NOT EXISTS (
    SELECT FROM (
SELECT d.classid, d.objid, r.ev_class AS view
FROM pg_depend AS d
JOIN pg_constraint AS c ON c.oid = d.refobjid AND c.conrelid IN (
SELECT oid FROM (WITH RECURSIVE tree (oid) AS (
  SELECT to_regclass('"public"."chunks"')::oid UNION SELECT i.inhrelid FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.oid
) SELECT oid FROM tree) AS of_table
)
LEFT JOIN pg_rewrite AS r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid AND r.rulename = '_RETURN'
WHERE d.refclassid = 'pg_constraint'::regclass AND d.deptype = 'n'
  AND d.classid IN ('pg_rewrite'::regclass, 'pg_proc'::regclass, 'pg_policy'::regclass)
    ) AS k
    CROSS JOIN pg_identify_object(CASE WHEN k.view IS NULL THEN k.classid ELSE 'pg_class'::regclass END, coalesce(k.view, k.objid), 0) AS object
    WHERE coalesce(k.view, k.objid) = bound.oid AND object.identity = ANY ('{}'::text[]))
  AND (to_regclass('"public"."chunks_old_20250811_120000"') IS NULL OR oid NOT IN (SELECT oid FROM (
SELECT found.* FROM (
SELECT p.oid, 'FUNCTION' AS kind, p.oid::regprocedure::text AS name, p.proowner AS owner,
  coalesce(p.proacl, acldefault('f', p.proowner)) AS acl
FROM pg_proc AS p
WHERE p.pronamespace = to_regnamespace(quote_ident('public'))
  AND p.proname IN ('get_partition_for_collection', 'chunks_get_partition_for_collection', 'get_partition_key', 'chunks_get_partition_key', 'analyze_partition_skew', 'chunks_analyze_partition_skew')
  AND starts_with(obj_description(p.oid, 'pg_proc'), 'Made by executor for public.chunks: ')
UNION ALL
SELECT c.oid, 'VIEW', c.oid::regclass::text, c.relowner, c.relacl
FROM pg_class AS c
WHERE c.relnamespace = to_regnamespace(quote_ident('public')) AND c.relkind = 'v'
  AND c.relname IN ('partition_health', 'chunks_partition_health', 'partition_distribution', 'chunks_partition_distribution', 'partition_chunk_distribution', 'chunks_partition_chunk_distribution', 'partition_stats', 'chunks_partition_stats', 'partition_size_distribution', 'chunks_partition_size_distribution', 'partition_hot_spots', 'chunks_partition_hot_spots', 'partition_health_summary', 'chunks_partition_health_summary')
  AND starts_with(obj_description(c.oid, 'pg_class'), 'Made by executor for public.chunks: ')
) AS found
WHERE found.owner IN (
  SELECT relowner FROM pg_class WHERE oid = to_regclass('"public"."chunks"')
  UNION ALL SELECT oid FROM pg_roles WHERE rolname = current_user
  UNION ALL SELECT oid FROM (
WITH me AS MATERIALIZED (
  SELECT oid, rolsuper, rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls AS special
  FROM pg_roles WHERE rolname = session_user
), granted AS MATERIALIZED (
  SELECT r.oid FROM me JOIN pg_roles AS r ON r.oid <> me.oid AND NOT me.special AND pg_has_role(me.oid, r.oid, 'MEMBER')
  WHERE r.rolname NOT IN ('pg_monitor', 'pg_read_all_settings', 'pg_read_all_stats', 'pg_stat_scan_tables')
), nothing AS MATERIALIZED (
  SELECT FROM me
  WHERE NOT me.special AND NOT EXISTS (
    SELECT FROM pg_shdepend AS d
    WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid = me.oid AND d.deptype IN ('o', 'a', 'r')
      -- not what this transaction has made and hands over before it ends, or what is temporary
      AND d.xmin IS DISTINCT FROM pg_current_xact_id_if_assigned()::xid
      -- its journal is that of the other role's tables
      AND NOT EXISTS (
        SELECT FROM pg_namespace AS n
        WHERE (n.nspname = 'executor' OR n.nspname LIKE 'pg\_temp\_%') AND n.oid = CASE d.classid
          WHEN 'pg_namespace'::regclass THEN d.objid
          WHEN 'pg_class'::regclass THEN (SELECT relnamespace FROM pg_class AS c WHERE c.oid = d.objid)
          WHEN 'pg_proc'::regclass THEN (SELECT pronamespace FROM pg_proc AS p WHERE p.oid = d.objid) END))
)
SELECT r.oid
FROM pg_roles AS r CROSS JOIN me
WHERE r.rolsuper OR r.oid = me.oid
  OR NOT me.rolsuper AND r.oid = (SELECT datdba FROM pg_database WHERE datname = current_database())
  OR EXISTS (SELECT FROM nothing)
    AND NOT EXISTS (SELECT FROM granted WHERE NOT pg_has_role(r.oid, granted.oid, 'MEMBER'))
  ) AS trusted)
) AS ours))
ORDER BY oid DESC
  ) AS f);
  WHEN 'materialized_views' THEN RETURN (SELECT coalesce(jsonb_agg(to_jsonb(f)), '[]') FROM (
SELECT
  c.relname::text AS name,
  n.nspname::text AS schema,
  c.relispopulated AS is_filled,
  c.relowner::regrole::text AS owner_sql,
  EXISTS (SELECT FROM pg_depend AS d JOIN pg_rewrite AS r ON r.oid = d.objid
          WHERE d.classid = 'pg_rewrite'::regclass AND d.refobjid = c.oid AND r.ev_class <> c.oid) AS has_readers,
  (SELECT a.amname::text FROM pg_am AS a WHERE a.oid = c.relam) AS method,
  (SELECT string_agg(format('%I = %L', option_name, option_value), ', ') FROM pg_options_to_table(c.reloptions)) AS options_sql,
  (SELECT s.spcname::text FROM pg_tablespace AS s WHERE s.oid = c.reltablespace) AS tablespace,
  rtrim(pg_get_viewdef(c.oid), ';') AS definition_sql
FROM (
SELECT oid, max(depth) AS depth
FROM (
  WITH RECURSIVE reader (oid, depth) AS (
    SELECT to_regclass('"public"."chunks"')::oid, 0
    UNION
    SELECT r.ev_class, reader.depth + 1
    FROM reader
    JOIN pg_depend AS d
      ON d.refclassid = 'pg_class'::regclass AND d.refobjid = reader.oid
      AND d.classid = 'pg_rewrite'::regclass AND d.deptype = 'n'
    JOIN pg_rewrite AS r ON r.oid = d.objid AND r.ev_class <> reader.oid
    JOIN pg_class AS m ON m.oid = r.ev_class AND m.relkind = 'm'
  )
  SELECT oid, depth FROM reader WHERE depth > 0
) AS path
GROUP BY oid
) AS reader
JOIN pg_class AS c ON c.oid = reader.oid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
ORDER BY reader.depth, n.nspname, c.relname
  ) AS f);
  WHEN 'materialized_view_indexes' THEN RETURN (SELECT coalesce(jsonb_agg(to_jsonb(f)), '[]') FROM (
SELECT
  c.relname::text AS name,
  m.relname::text AS relation,
  n.nspname::text AS schema,
  i.indisunique AS is_unique,
  i.indisclustered AS is_clustered,
  (SELECT s.spcname::text FROM pg_tablespace AS s WHERE s.oid = c.reltablespace) AS tablespace,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('column', a.attnum, 'target', a.attstattarget) ORDER BY a.attnum), '[]')
   FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attstattarget >= 0) AS statistics_targets,
  ' ' || CASE WHEN starts_with(shape.definition, shape.head) THEN substr(shape.definition, length(shape.head) + 1)
  ELSE CAST('renamed at this very moment, so try again: ' || shape.head AS boolean)::text END AS body_sql
FROM (
SELECT oid, max(depth) AS depth
FROM (
  WITH RECURSIVE reader (oid, depth) AS (
    SELECT to_regclass('"public"."chunks"')::oid, 0
    UNION
    SELECT r.ev_class, reader.depth + 1
    FROM reader
    JOIN pg_depend AS d
      ON d.refclassid = 'pg_class'::regclass AND d.refobjid = reader.oid
      AND d.classid = 'pg_rewrite'::regclass AND d.deptype = 'n'
    JOIN pg_rewrite AS r ON r.oid = d.objid AND r.ev_class <> reader.oid
    JOIN pg_class AS m ON m.oid = r.ev_class AND m.relkind = 'm'
  )
  SELECT oid, depth FROM reader WHERE depth > 0
) AS path
GROUP BY oid
) AS reader
JOIN pg_class AS m ON m.oid = reader.oid
JOIN pg_index AS i ON i.indrelid = m.oid AND i.indisvalid
JOIN pg_class AS c ON c.oid = i.indexrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (
  SELECT pg_get_indexdef(i.indexrelid), format('CREATE %sINDEX %I ON %s ', CASE WHEN i.indisunique THEN 'UNIQUE ' END, c.relname, m.oid::regclass)
) AS shape (definition, head)
ORDER BY reader.depth, n.nspname, m.relname, c.relname
  ) AS f);
  WHEN 'materialized_view_targets' THEN RETURN (SELECT coalesce(jsonb_agg(to_jsonb(f)), '[]') FROM (
SELECT a.attname::text AS name, m.relname::text AS relation, n.nspname::text AS schema,
  CASE WHEN a.attstattarget >= 0 THEN a.attstattarget END::integer AS target,
  (SELECT string_agg(format('%I = %L', o.option_name, o.option_value), ', ' ORDER BY o.option_name)
   FROM pg_options_to_table(a.attoptions) AS o) AS options_sql
FROM (
SELECT oid, max(depth) AS depth
FROM (
  WITH RECURSIVE reader (oid, depth) AS (
    SELECT to_regclass('"public"."chunks"')::oid, 0
    UNION
    SELECT r.ev_class, reader.depth + 1
    FROM reader
    JOIN pg_depend AS d
      ON d.refclassid = 'pg_class'::regclass AND d.refobjid = reader.oid
      AND d.classid = 'pg_rewrite'::regclass AND d.deptype = 'n'
    JOIN pg_rewrite AS r ON r.oid = d.objid AND r.ev_class <> reader.oid
    JOIN pg_class AS m ON m.oid = r.ev_class AND m.relkind = 'm'
  )
  SELECT oid, depth FROM reader WHERE depth > 0
) AS path
GROUP BY oid
) AS reader
JOIN pg_class AS m ON m.oid = reader.oid
JOIN pg_namespace AS n ON n.oid = m.relnamespace
JOIN pg_attribute AS a ON a.attrelid = m.oid AND a.attnum > 0 AND NOT a.attisdropped
  AND (a.attstattarget >= 0 OR a.attoptions IS NOT NULL)
ORDER BY reader.depth, n.nspname, m.relname, a.attnum
  ) AS f);
  WHEN 'materialized_view_statistics' THEN RETURN (SELECT coalesce(jsonb_agg(to_jsonb(f)), '[]') FROM (
SELECT
s.stxname::text AS name,
  n.nspname::text AS schema,
  s.stxowner::regrole::text AS owner,
  pg_has_role(s.stxowner, 'USAGE') AS may_alter,
  CASE WHEN s.stxowner <> current_user::regrole AND (
      (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
      OR pg_has_role(s.stxowner, CASE WHEN current_setting('server_version_num')::integer >= 160000 THEN 'SET' ELSE 'MEMBER' END)
      AND has_schema_privilege(s.stxowner, s.stxnamespace, 'CREATE'))
    THEN s.stxowner::regrole::text END AS owner_sql,
(SELECT CASE WHEN right(rest.text, length(tail.text)) = tail.text THEN ' ' || left(rest.text, -length(tail.text))
    ELSE CAST('renamed at this very moment, so try again:' || tail.text AS boolean)::text END
 FROM (SELECT pg_get_statisticsobjdef(s.oid), format('CREATE STATISTICS %I.%I ', n.nspname, s.stxname)) AS shape (definition, head)
 CROSS JOIN LATERAL (SELECT CASE WHEN starts_with(shape.definition, shape.head) THEN substr(shape.definition, length(shape.head) + 1)
  ELSE CAST('renamed at this very moment, so try again: ' || shape.head AS boolean)::text END) AS rest (text)
 CROSS JOIN LATERAL (SELECT ' FROM ' || s.stxrelid::regclass) AS tail (text)) AS body_sql,
  nullif((to_jsonb(s) ->> 'stxstattarget')::integer, -1) AS target,
  obj_description(s.oid, 'pg_statistic_ext') AS comment
  , c.relname::text AS relation,
  home.nspname::text AS relation_schema
FROM (
SELECT oid, max(depth) AS depth
FROM (
  WITH RECURSIVE reader (oid, depth) AS (
    SELECT to_regclass('"public"."chunks"')::oid, 0
    UNION
    SELECT r.ev_class, reader.depth + 1
    FROM reader
    JOIN pg_depend AS d
      ON d.refclassid = 'pg_class'::regclass AND d.refobjid = reader.oid
      AND d.classid = 'pg_rewrite'::regclass AND d.deptype = 'n'
    JOIN pg_rewrite AS r ON r.oid = d.objid AND r.ev_class <> reader.oid
    JOIN pg_class AS m ON m.oid = r.ev_class AND m.relkind = 'm'
  )
  SELECT oid, depth FROM reader WHERE depth > 0
) AS path
GROUP BY oid
) AS reader
JOIN pg_statistic_ext AS s ON s.stxrelid = reader.oid
JOIN pg_class AS c ON c.oid = s.stxrelid
JOIN pg_namespace AS home ON home.oid = c.relnamespace
JOIN pg_namespace AS n ON n.oid = s.stxnamespace
ORDER BY reader.depth, n.nspname, s.stxname
  ) AS f);
  WHEN 'publications' THEN RETURN (SELECT coalesce(jsonb_agg(to_jsonb(f)), '[]') FROM (
SELECT
  p.pubname::text AS name,
  pg_get_userbyid(p.pubowner)::text AS owner,
  pg_has_role(p.pubowner, 'USAGE') AS may_alter,
  p.pubviaroot AS via_root,
  p.pubupdate OR p.pubdelete AS publishes_changes,
  'publication ' || quote_ident(p.pubname) = ANY ('{}'::text[]) AS accepted,
  named.prrelid IS NOT NULL AS is_named,
  CASE WHEN to_jsonb(named) ->> 'prattrs' IS NULL THEN '[]' ELSE to_jsonb(t) -> 'attnames' END AS columns,
  to_jsonb(t) ->> 'rowfilter' AS where_sql,
  ARRAY(
    SELECT a.attname::text FROM pg_attribute AS a
    WHERE a.attrelid = named.prrelid AND a.attnum::text IN (
      SELECT var[1] FROM regexp_matches(to_jsonb(named) ->> 'prqual', ':varattno (\d+)', 'g') AS var)
    ORDER BY a.attnum) AS filtered,
  ARRAY(
    SELECT DISTINCT other.root::regclass::text
    FROM (
      SELECT pg_partition_root(r.prrelid) FROM pg_publication_rel AS r WHERE r.prpubid = p.oid
      UNION ALL
      SELECT c.oid FROM pg_class AS c WHERE p.puballtables AND c.relkind = 'p' AND NOT c.relispartition
      UNION ALL
      -- those of its schemas; a CASE, as it would look at every table if it publishes all
      SELECT pg_partition_root(relid)
      FROM unnest(CASE WHEN NOT p.puballtables THEN ARRAY(SELECT relid FROM pg_get_publication_tables(p.pubname::text)) END) AS relid
    ) AS other (root)
    WHERE other.root NOT IN (
      SELECT oid FROM unnest(ARRAY[to_regclass('"public"."chunks"'), to_regclass('"public"."chunks_new"'), to_regclass('"public"."chunks_old_20250811_120000"')])
        AS ours (oid) WHERE oid IS NOT NULL)
    ORDER BY 1) AS others
FROM pg_publication AS p
LEFT JOIN pg_publication_rel AS named ON named.prpubid = p.oid AND named.prrelid = to_regclass('"public"."chunks"')
-- column lists and row filters are younger than PostgreSQL 14
LEFT JOIN pg_publication_tables AS t
  ON named.prrelid IS NOT NULL AND t.pubname = p.pubname AND t.schemaname = 'public' AND t.tablename = 'chunks'
WHERE CASE
  WHEN p.puballtables THEN to_regclass('"public"."chunks"') IS NOT NULL
  WHEN named.prrelid IS NOT NULL THEN true
  -- one that names partitions does not publish the table
  ELSE EXISTS (
    SELECT FROM pg_get_publication_tables(p.pubname::text) AS published
    WHERE published.relid IN (
SELECT oid FROM (WITH RECURSIVE tree (oid) AS (
  SELECT to_regclass('"public"."chunks"')::oid UNION SELECT i.inhrelid FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.oid
) SELECT oid FROM tree) AS of_table
    )) AND NOT EXISTS (
    SELECT FROM pg_publication_rel AS r
    WHERE r.prpubid = p.oid AND r.prrelid IN (
SELECT oid FROM (WITH RECURSIVE tree (oid) AS (
  SELECT to_regclass('"public"."chunks"')::oid UNION SELECT i.inhrelid FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.oid
) SELECT oid FROM tree) AS of_table
    ))
END
ORDER BY p.pubname
  ) AS f);
  WHEN 'watched' THEN RETURN (SELECT coalesce(jsonb_agg(to_jsonb(f)), '[]') FROM (
WITH wanted (place, name, own, kind, arguments) AS (
  VALUES
    (1, 'partition_health', 'chunks_partition_health', 'view', 0),
    (2, 'partition_distribution', 'chunks_partition_distribution', 'view', 0),
    (3, 'partition_chunk_distribution', 'chunks_partition_chunk_distribution', 'view', 0),
    (4, 'partition_size_distribution', 'chunks_partition_size_distribution', 'view', 0),
    (5, 'partition_stats', 'chunks_partition_stats', 'view', 0),
    (6, 'partition_health_summary', 'chunks_partition_health_summary', 'view', 0),
    (7, 'partition_hot_spots', 'chunks_partition_hot_spots', 'view', 0),
    (8, 'analyze_partition_skew', 'chunks_analyze_partition_skew', 'function', 0),
    (9, 'get_partition_key', 'chunks_get_partition_key', 'function', 1),
    (10, 'get_partition_for_collection', 'chunks_get_partition_for_collection', 'function', 1)
), found AS (
  SELECT wanted.*, candidate.own_name,
    coalesce(bool_or((owner IS NOT NULL AND (coalesce(comment, '') NOT LIKE 'Made by executor for %'
  OR owner <> (SELECT relowner FROM pg_class WHERE oid = to_regclass('"public"."chunks"')) AND owner NOT IN (
WITH me AS MATERIALIZED (
  SELECT oid, rolsuper, rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls AS special
  FROM pg_roles WHERE rolname = session_user
), granted AS MATERIALIZED (
  SELECT r.oid FROM me JOIN pg_roles AS r ON r.oid <> me.oid AND NOT me.special AND pg_has_role(me.oid, r.oid, 'MEMBER')
  WHERE r.rolname NOT IN ('pg_monitor', 'pg_read_all_settings', 'pg_read_all_stats', 'pg_stat_scan_tables')
), nothing AS MATERIALIZED (
  SELECT FROM me
  WHERE NOT me.special AND NOT EXISTS (
    SELECT FROM pg_shdepend AS d
    WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid = me.oid AND d.deptype IN ('o', 'a', 'r')
      -- not what this transaction has made and hands over before it ends, or what is temporary
      AND d.xmin IS DISTINCT FROM pg_current_xact_id_if_assigned()::xid
      -- its journal is that of the other role's tables
      AND NOT EXISTS (
        SELECT FROM pg_namespace AS n
        WHERE (n.nspname = 'executor' OR n.nspname LIKE 'pg\_temp\_%') AND n.oid = CASE d.classid
          WHEN 'pg_namespace'::regclass THEN d.objid
          WHEN 'pg_class'::regclass THEN (SELECT relnamespace FROM pg_class AS c WHERE c.oid = d.objid)
          WHEN 'pg_proc'::regclass THEN (SELECT pronamespace FROM pg_proc AS p WHERE p.oid = d.objid) END))
)
SELECT r.oid
FROM pg_roles AS r CROSS JOIN me
WHERE r.rolsuper OR r.oid = me.oid
  OR NOT me.rolsuper AND r.oid = (SELECT datdba FROM pg_database WHERE datname = current_database())
  OR EXISTS (SELECT FROM nothing)
    AND NOT EXISTS (SELECT FROM granted WHERE NOT pg_has_role(r.oid, granted.oid, 'MEMBER'))
  )
  OR NOT starts_with(comment, 'Made by executor for public.chunks: ')
    AND to_regclass(substring(comment FROM '^Made by executor for (.*?): ')) IS NOT NULL))
), false) AS is_taken,
    coalesce(bool_or(starts_with(comment, 'Made by executor for public.chunks: ')), false) AS is_ours,
    max(substring(comment FROM '^Made by executor for (.*?): ')) AS watches
  FROM wanted
  CROSS JOIN LATERAL (VALUES (false, wanted.name), (true, wanted.own)) AS candidate (own_name, called)
  LEFT JOIN LATERAL (
    SELECT obj_description(c.oid, 'pg_class') AS comment, c.relowner AS owner FROM pg_class AS c
    WHERE wanted.kind = 'view' AND c.oid = to_regclass(format('%I.%I', 'public', candidate.called))
    UNION ALL
    SELECT obj_description(p.oid, 'pg_proc'), p.proowner FROM pg_proc AS p
    WHERE wanted.kind = 'function' AND p.pronamespace = to_regnamespace(quote_ident('public'))
      AND p.proname = candidate.called AND p.pronargs = wanted.arguments
  ) AS of ON true
  GROUP BY wanted.place, wanted.name, wanted.own, wanted.kind, wanted.arguments, candidate.own_name
)
SELECT plain.name, plain.kind,
  CASE WHEN NOT own.is_taken AND (own.is_ours OR plain.is_taken) THEN own.own WHEN NOT plain.is_taken THEN plain.name END AS called,
  plain.is_taken,
  CASE WHEN plain.is_taken AND to_regclass(plain.watches) <> to_regclass('"public"."chunks"') THEN plain.watches END AS watches
FROM found AS plain JOIN found AS own USING (place)
WHERE NOT plain.own_name AND own.own_name
ORDER BY place
  ) AS f);
  END CASE;
END
$executor_0dd57536$;

-- Only this script has it: raises unless facts are what they were, each known by its digest.
CREATE OR REPLACE PROCEDURE pg_temp.executor_recheck(since text, digests jsonb)
LANGUAGE plpgsql AS $procedure$
DECLARE
  changed text;
BEGIN
  SELECT string_agg(key, ', ') INTO changed
  FROM jsonb_each_text(digests)
  WHERE encode(sha256(convert_to(pg_temp.executor_fact(key)::text, 'UTF8')), 'hex') IS DISTINCT FROM value;
  IF changed IS NOT NULL THEN
    RAISE EXCEPTION USING MESSAGE = format('the table is not what it was when %s; changed: %s', since, changed);
  END IF;
END
$procedure$;
COMMIT;
SELECT coalesce((
SELECT coalesce((
  SELECT (regexp_replace(pg_get_partkeydef(c.oid), '[() ]|::text', '', 'g') = regexp_replace('LIST abs(hashtext(' || quote_ident('collection_id') || ') % 3)', '[() ]|::text', '', 'g')
    AND (SELECT count(*) FROM pg_inherits AS i WHERE i.inhparent = c.oid) = 3)

  FROM pg_class AS c
  WHERE c.oid = to_regclass('"public"."chunks"') AND c.relkind IN ('r', 'p')
), false)
), false) AS executor_finished \gset
\if :executor_finished
\else
CALL pg_temp.executor_recheck('the script was printed', '{"server": "8667fd0f92d4ec359525b812d119b39accf644cf361af58814fb5de2d9131440", "bounds": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "owner": "575843099bba1a89723036cc7c541333bee6d621313a156064e0b24054cbed43", "table": "896beed65808b69549484690d69c71ae16b9e2cb1904fcb6b2020e69885b79b9", "tree": "48022c436b39330b9dcd7ff38dab614460c179b6e006cc6bb347782ec5699147", "leaves": "128e43327d63233de29b30f89f6db3e5d9e4595c20a230ea9a3b30076421cd80", "columns": "46c702629d42abfd921e062036a95ee490a082d56a2207a2755b0c98c1cc25dd", "new_columns": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "key": "a8aa6cbdd96d00f850df2c48a2016a7acfef1f57fd54fa965add3712dde9934e", "indexes": "c1cb8dca0dd5b0b25d2ee770a4df6363e9ff11abb786679aaa8d5d8bf258774a", "names": "cfe970b3b699ddc076c533f2037211d3687aae02c89b35629fde224a4abc461f", "checks": "54f02b63225c23d6d33b26113c9addf931b8900f359717d8ac87d8b55deb75d7", "statistics_targets": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "foreign_keys": "237a77dc863a040e5b2bc4ad438bfd477207774fa7927a6c6a23de70922e59e6", "incoming_keys": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "earlier": "2edc833c8c915eb941de8a188ee1535f3a607cacb171c3a91d73af34e1c2f1ec", "definition": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "subscriptions": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "sequences": "4dbabcbafc4dc236c1a49d65a9182b6d6bc9e84eabd99d979ee17878e335f151", "extended_statistics": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "grants": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "security": "83c292bb8a595d3918a9d279e7ca4c44d8a4cb5590e9cf59e8ddcd81c97b3efd", "policies": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "triggers": "8d4b2fd7233cc262a89a5bb2b505cef7508b500d054d3bd56375c3ecf4563b1e", "rules": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "comments": "7c75693a19b3a68e2141a0d7036dc11ee17cc2d22c1292400ef29db262e85038", "commented": "4cb3b7f12f2d758438b70bc2061a688c2eca732cb2824628cf241838b929ca33", "readers": "56b4fa4be9b1a41631b442e6b651f3564d547c3d1efccdb72b2ea9de89a4ad9f", "materialized_views": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "materialized_view_indexes": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "materialized_view_targets": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "materialized_view_statistics": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "publications": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "watched": "6faf6132ae4e4331828302c6864daac5592c055ab658b9e85738b4476ac9a3e7"}');
\endif
\if :executor_finished
\else

-- Step 1 of 38: check
-- See whether the table can be migrated, and say everything that stands in the way.
BEGIN ISOLATION LEVEL READ COMMITTED;
-- assertion findings (sql/repartition/check/table.sql): The table has a form that can be partitioned.
SELECT pg_temp.executor_assert('step check: The table has a form that can be partitioned.', json_agg(finding)) FROM (
WITH source AS (
  SELECT c.*
  FROM (SELECT to_regclass('"public"."chunks"')::oid AS oid) AS named
  LEFT JOIN pg_class AS c USING (oid)
), tree AS (
  SELECT c.* FROM pg_class AS c
  WHERE c.oid IN (SELECT oid FROM source UNION
                  SELECT tree.relid FROM source, pg_partition_tree(source.oid) AS tree)
), type_of AS (
  SELECT a.attnum, a.attname, t.*, t.typtype = 'e' AND a.atttypid <> t.oid AS of_enum
  FROM source
  JOIN pg_attribute AS a ON a.attrelid = source.oid AND a.attnum > 0 AND NOT a.attisdropped
  CROSS JOIN LATERAL (
SELECT path.oid FROM (
  WITH RECURSIVE below (oid, depth) AS (
    SELECT a.atttypid, 0
    UNION ALL
    SELECT t.typbasetype, below.depth + 1 FROM below JOIN pg_type AS t ON t.oid = below.oid AND t.typtype = 'd'
  )
  SELECT oid, depth FROM below
) AS path
ORDER BY path.depth DESC LIMIT 1
  ) AS base
  JOIN pg_type AS t ON t.oid = base.oid
), key AS (
  SELECT a.*, type_of.oid AS base_type, type_of.typtype, type_of.of_enum, hashed.is_so AND NOT type_of.of_enum AS can_be_hashed
  FROM source
  JOIN pg_attribute AS a ON a.attrelid = source.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN type_of USING (attnum)
  -- an array as its elements are, below their domains
  CROSS JOIN LATERAL (
    SELECT t.* FROM (SELECT CASE WHEN type_of.typcategory = 'A' THEN type_of.typelem ELSE type_of.oid END) AS a (atttypid)
    CROSS JOIN LATERAL (
SELECT path.oid FROM (
  WITH RECURSIVE below (oid, depth) AS (
    SELECT a.atttypid, 0
    UNION ALL
    SELECT t.typbasetype, below.depth + 1 FROM below JOIN pg_type AS t ON t.oid = below.oid AND t.typtype = 'd'
  )
  SELECT oid, depth FROM below
) AS path
ORDER BY path.depth DESC LIMIT 1
    ) AS base
    JOIN pg_type AS t ON t.oid = base.oid
  ) AS hashed_as
  CROSS JOIN LATERAL (
    SELECT EXISTS (
      SELECT FROM pg_opclass AS o JOIN pg_am AS m ON m.oid = o.opcmethod
      WHERE m.amname = 'hash' AND o.opcdefault AND (o.opcintype = hashed_as.oid
        OR hashed_as.typname IN ('varchar', 'cidr') AND hashed_as.typnamespace = 'pg_catalog'::regnamespace OR hashed_as.typtype = 'e'))
  ) AS hashed (is_so)
  WHERE a.attname = 'collection_id'
), row_key AS (
  SELECT i.* FROM source AS whole LEFT JOIN LATERAL (
SELECT i.* FROM pg_index AS i
WHERE (i.indrelid = whole.oid OR i.indexrelid IN (
    SELECT indexrelid FROM (
SELECT indexrelid, indrelid = min(indrelid) OVER () AS is_first
FROM (
  SELECT indexrelid, indrelid, leaves, count(*) OVER (PARTITION BY definition, place) AS alike
  FROM (
    SELECT *, row_number() OVER (PARTITION BY indrelid, definition ORDER BY name) AS place
    FROM (
      SELECT i.indexrelid, i.indrelid, leaf.leaves, c.relname AS name,
        concat_ws(' ', shape.kind, shape.body, con.contype, con.condeferrable, con.condeferred) AS definition
      FROM (
        SELECT of_tree.oid, count(*) OVER () AS leaves
        FROM (
SELECT oid FROM (WITH RECURSIVE tree (oid) AS (
  SELECT to_regclass('"public"."chunks"')::oid UNION SELECT i.inhrelid FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.oid
) SELECT oid FROM tree) AS of_table
        ) AS of_tree JOIN pg_class AS r ON r.oid = of_tree.oid AND r.relkind = 'r' AND r.relispartition
      ) AS leaf
      JOIN pg_index AS i ON i.indrelid = leaf.oid AND i.indisvalid AND NOT i.indisexclusion
      JOIN pg_class AS c ON c.oid = i.indexrelid AND NOT c.relispartition
      LEFT JOIN pg_constraint AS con ON con.conindid = i.indexrelid AND con.conrelid = i.indrelid AND con.contype IN ('p', 'u')
CROSS JOIN LATERAL (
  SELECT
    CASE WHEN i.indisunique THEN 'UNIQUE INDEX' ELSE 'INDEX' END,
    ' ' || CASE WHEN starts_with(shape.definition, shape.head) THEN substr(shape.definition, length(shape.head) + 1)
  ELSE CAST('renamed at this very moment, so try again: ' || shape.head AS boolean)::text END
  FROM (SELECT pg_get_indexdef(i.indexrelid), format('CREATE %s %I ON %s%s ', CASE WHEN i.indisunique THEN 'UNIQUE INDEX' ELSE 'INDEX' END, c.relname,
    CASE c.relkind WHEN 'I' THEN 'ONLY ' ELSE '' END, i.indrelid::regclass)) AS shape (definition, head)
) AS shape (kind, body)
    ) AS of_leaf
  ) AS placed
) AS counted
WHERE alike = leaves
    ) AS of_leaves WHERE is_first))
  AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
  AND NOT EXISTS (
    SELECT FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
    JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
    WHERE k.place <= i.indnkeyatts AND NOT a.attnotnull)
ORDER BY i.indrelid <> whole.oid, i.indisprimary DESC, i.indnkeyatts, i.indexrelid
LIMIT 1
  ) AS i ON true
)
SELECT
  'public.chunks' AS subject,
  'a plain or partitioned table' AS expected,
  CASE
    WHEN to_regnamespace(quote_ident('public')) IS NULL
      THEN 'no such schema; ' || did_you_mean || 'is the name right? Else create it first'
    WHEN oid IS NULL THEN 'no such table; ' || did_you_mean || '--create makes an empty one'
    WHEN relispartition THEN format('a partition of %s; migrate that table',
      (SELECT inhparent::regclass FROM pg_inherits WHERE inhrelid = source.oid))
    WHEN relkind NOT IN ('r', 'p') THEN CASE relkind
      WHEN 'v' THEN 'a view' WHEN 'm' THEN 'a materialized view' WHEN 'f' THEN 'a foreign table'
      WHEN 'S' THEN 'a sequence' ELSE 'something else' END || '; name the table itself'
    WHEN relpersistence = 't' THEN 'a temporary table'
    WHEN reloftype <> 0 THEN 'a table OF a type; ALTER TABLE ... NOT OF first'
    ELSE CASE relkind WHEN 'p' THEN 'a partitioned table' ELSE 'a plain table' END
  END AS actual,
  to_regnamespace(quote_ident('public')) IS NOT NULL
    AND coalesce(relkind IN ('r', 'p') AND NOT relispartition
      AND relpersistence <> 't' AND reloftype = 0, false) AS passed
FROM source
CROSS JOIN (
SELECT coalesce('did you mean ' || string_agg(name, ' or ' ORDER BY name) || '? ', '')
  FROM (
    SELECT c.oid::regclass::text AS name
    FROM pg_class AS c
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE to_regclass('"public"."chunks"') IS NULL AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
      AND (n.nspname <> 'public' AND c.relname = 'chunks'
        OR n.nspname = 'public'
          AND abs(length(c.relname) - length('chunks')) <= 1
          AND EXISTS (
            SELECT overlay(lower(c.relname) PLACING '' FROM place FOR 1)
            FROM generate_series(1, length(c.relname) + 1) AS place
            INTERSECT
            SELECT overlay(lower('chunks') PLACING '' FROM place FOR 1)
            FROM generate_series(1, length('chunks') + 1) AS place))
    ORDER BY n.nspname <> 'public', c.relname
    LIMIT 3
  ) AS alike
) AS similar_tables (did_you_mean)
UNION ALL
SELECT
  'inheritance', 'none but partitions',
  coalesce(array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END || '; INHERIT and partitions do not mix, so end it first', 'none'),
  count(*) = 0
FROM source
JOIN LATERAL (
  SELECT CASE inhrelid WHEN source.oid THEN inhparent ELSE inhrelid END::regclass::text AS name
  FROM pg_inherits
  WHERE source.relkind = 'r' AND NOT source.relispartition AND source.oid IN (inhparent, inhrelid)
) AS listed ON true
UNION ALL
SELECT
  'storage', 'logged heap tables',
  coalesce(array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END || ': unlogged, foreign or of another access method; '
    'change it first (ALTER TABLE ... SET LOGGED, SET ACCESS METHOD heap)', 'logged heap tables'),
  count(*) = 0
FROM tree
CROSS JOIN LATERAL (SELECT tree.oid::regclass::text) AS listed (name)
WHERE EXISTS (SELECT FROM source WHERE source.relkind IN ('r', 'p')) AND (tree.relkind = 'f' OR relpersistence <> 'p'
  OR tree.relkind = 'r' AND relam <> (SELECT oid FROM pg_am WHERE amname = 'heap'))
UNION ALL
SELECT
  'key', 'a primary key, or a unique index on NOT NULL columns',
  CASE
    WHEN source.oid IS NULL THEN 'none yet'
    ELSE coalesce(i.indexrelid::regclass::text, 'none that is valid and whole; add one (CREATE UNIQUE INDEX CONCURRENTLY)')
  END,
  source.oid IS NULL OR i.indexrelid IS NOT NULL
FROM source
CROSS JOIN row_key AS i
WHERE source.oid IS NULL OR source.relkind IN ('r', 'p')
UNION ALL
SELECT
  'types of the key', 'PostgreSQL''s own, or enums',
  coalesce(string_agg(DISTINCT quote_ident(type_of.attname) || ' is ' || CASE WHEN of_enum
      THEN 'a domain over an enum; PostgreSQL can''t compare its values, so make the column one of the enum itself'
      ELSE type_of.oid::regtype || '; rows are told apart by it, and only the code of that type knows which of its values are equal'
    END, ', '), 'PostgreSQL''s own, or enums'),
  count(type_of.attname) = 0
FROM row_key AS i
LEFT JOIN type_of
  ON type_of.oid >= 16384 AND (type_of.typtype <> 'e' OR type_of.of_enum) AND type_of.attname IN (
    SELECT a.attname FROM pg_attribute AS a WHERE a.attrelid = i.indrelid AND a.attnum = ANY ((i.indkey::int2[])[:i.indnkeyatts - 1]))
UNION ALL
SELECT
  'column collection_id',
  'a stored column of type uuid, text, varchar, char, smallint, integer or bigint',
  CASE
    WHEN source.oid IS NULL THEN 'none yet'
    WHEN key.attnum IS NULL THEN 'no such column; choose one with --var key_column=...'
    WHEN key.attgenerated <> '' THEN 'a generated column, by which no table can be partitioned'
    -- The partition is chosen by the hash of the value as text: of equal values it must be the same for ever.
    WHEN NOT key.base_type = ANY (types.known) THEN format_type(key.atttypid, key.atttypmod) || ', ' || CASE
        WHEN key.of_enum THEN 'a domain over an enum, which PostgreSQL can''t compare'
        WHEN key.typtype = 'e' THEN 'whose labels may be renamed'
        WHEN key.base_type = ANY (types.as_set) THEN 'whose text depends on settings of the session'
        WHEN key.base_type = ANY (types.same) THEN 'which this layout doesn''t take'
        ELSE 'of which equal values may differ as text' END || '; ' || advice.said
    WHEN NOT rules.collisdeterministic THEN 'a nondeterministic collation, under which equal values '
      'may be stored differently; ' || advice.said
    ELSE format_type(key.atttypid, key.atttypmod)
  END,
  source.oid IS NULL OR coalesce(key.attgenerated = ''
    AND key.base_type = ANY (types.known) AND coalesce(rules.collisdeterministic, true), false)
FROM source
LEFT JOIN key ON true
LEFT JOIN pg_collation AS rules ON rules.oid = key.attcollation
CROSS JOIN (
  SELECT ARRAY['uuid', 'text', 'varchar', 'bpchar', 'int2', 'int4', 'int8']::regtype[]::oid[],
    ARRAY['bytea', 'date', 'time', 'timetz', 'timestamp', 'timestamptz', 'interval', 'money', 'float4', 'float8']::regtype[]::oid[],
    ARRAY['bool', 'oid', 'name', '"char"', 'macaddr', 'macaddr8', 'pg_lsn', 'xid', 'tid']::regtype[]::oid[]
) AS types (known, as_set, same)
CROSS JOIN LATERAL (
  SELECT CASE WHEN key.can_be_hashed THEN 'use the plan with hash partitions' ELSE 'choose another one with --var key_column=...' END
) AS advice (said)
UNION ALL
SELECT
  'column partition_key', 'no column of this name',
  coalesce(string_agg(format_type(a.atttypid, a.atttypmod), '') || '; rename or drop it, or use a layout that adds none, such as hash, in which it stays a column like any other', 'none'),
  count(a.attnum) = 0
FROM source
LEFT JOIN pg_attribute AS a
  ON NOT false AND a.attrelid = source.oid AND a.attname = 'partition_key' AND NOT a.attisdropped
UNION ALL
SELECT
  'constraints', 'that the new table can have',
  coalesce(array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END, 'that the new table can have'),
  count(listed.name) = 0
FROM source
LEFT JOIN LATERAL (
  SELECT c.conname || ': ' || CASE c.contype
    WHEN 'c' THEN 'NO INHERIT; drop it and add it without' ELSE 'NOT NULL ... NOT VALID; validate it' END AS name
  FROM pg_constraint AS c
  WHERE c.conrelid = source.oid
    AND (c.contype = 'c' AND c.connoinherit OR c.contype = 'n' AND NOT c.convalidated)
) AS listed ON true
UNION ALL
-- dropped ones don't count: the new table has none
SELECT
  'number of columns', 'at most 1599',
  count(a.attname) || CASE WHEN count(a.attname) <= 1599 THEN '' ELSE ', and with partition_key more than a table can have; use a layout that adds none, such as hash' END,
  count(a.attname) <= 1599
FROM source
LEFT JOIN pg_attribute AS a ON a.attrelid = source.oid AND a.attnum > 0 AND NOT a.attisdropped
) AS finding;
-- assertion findings (sql/repartition/check/rights.sql): The role may do all that the plan does.
CALL pg_temp.executor_ask_foreign_code(reads => ARRAY['"public"."chunks"']);
SELECT pg_temp.executor_assert('step check: The role may do all that the plan does.', json_agg(finding)) FROM (
WITH source AS (
  SELECT c.*
  FROM (SELECT to_regclass('"public"."chunks"')::oid AS oid) AS named
  LEFT JOIN pg_class AS c USING (oid)
), tree AS (
  SELECT c.* FROM pg_class AS c
  WHERE c.oid IN (SELECT oid FROM source UNION
                  SELECT tree.relid FROM source, pg_partition_tree(source.oid) AS tree)
), me AS (
  SELECT rolname::text AS name, rolsuper FROM pg_roles WHERE rolname = current_user
)
SELECT
  'owner' AS subject,
  format('%s, or a role of which it is a member', me.name) AS expected,
  CASE WHEN count(tree.oid) = 0 THEN me.name
    ELSE array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END END
    || CASE WHEN coalesce(bool_and(pg_has_role(tree.relowner, 'USAGE')), true) THEN ''
       ELSE '; run the plan as the owner' END AS actual,
  coalesce(bool_and(pg_has_role(tree.relowner, 'USAGE')), true) AS passed
FROM me LEFT JOIN tree ON true
CROSS JOIN LATERAL (SELECT tree.relowner::regrole::text) AS listed (name)
GROUP BY me.name
UNION ALL
-- What is on the table comes to be on the new one, to which the plan writes.
SELECT
  'code with the rights of this role', 'none of a role that has fewer',
  coalesce(nullif(current_setting('executor.foreign_code'), '')
    || format('; run the plan as the owner of the table, %s, or as a role that is a member of it and nothing else. '
              'Or drop this, or let a role own it that you trust', (SELECT pg_get_userbyid(relowner) FROM source)), 'none'),
  current_setting('executor.foreign_code') = ''
UNION ALL
SELECT
  'schema public', 'CREATE for this role and for the owner of the table',
  coalesce('not for ' || array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END    || format('; GRANT CREATE ON SCHEMA %I', 'public'), 'granted'),
  count(listed.name) = 0
FROM me
LEFT JOIN source ON true
LEFT JOIN LATERAL (
  SELECT me.name
  WHERE NOT has_schema_privilege(to_regnamespace(quote_ident('public')), 'CREATE')
  UNION ALL
  -- giving the new table to the owner needs it too, unless a superuser does it
  SELECT source.relowner::regrole::text
  WHERE NOT me.rolsuper AND source.oid IS NOT NULL AND source.relowner <> me.name::regrole
    AND NOT has_schema_privilege(source.relowner, to_regnamespace(quote_ident('public')), 'CREATE')
) AS listed (name) ON true
UNION ALL
-- those of the new table, and of the twins of materialized views, are made beside them
SELECT
  'schemas of extended statistics', 'USAGE and CREATE for this role',
  coalesce(format('not on %s; GRANT USAGE, CREATE ON SCHEMA, or drop the statistics', array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END), 'granted'),
  count(statistics.schema) = 0
FROM (VALUES (NULL::text)) AS statistics (schema)
CROSS JOIN LATERAL (SELECT quote_ident(statistics.schema)) AS listed (name)
WHERE NOT (has_schema_privilege(to_regnamespace(quote_ident(statistics.schema)), 'USAGE')
  AND has_schema_privilege(to_regnamespace(quote_ident(statistics.schema)), 'CREATE'))
UNION ALL
-- they give their names to those
SELECT
  'owner of extended statistics', format('%s, or a role of which it is a member', me.name),
  coalesce(array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END || '; ALTER STATISTICS ... OWNER TO, or drop them', me.name),
  count(statistics.name) = 0
FROM me
LEFT JOIN (VALUES (NULL::text, NULL::text, NULL::text)) AS statistics (schema, name, owner)
  ON statistics.name IS NOT NULL
CROSS JOIN LATERAL (SELECT quote_ident(statistics.schema) || '.' || quote_ident(statistics.name) || ' of ' || statistics.owner) AS listed (name)
GROUP BY me.name
UNION ALL
SELECT
  'temporary tables', 'TEMPORARY on the database',
  CASE WHEN may.make THEN 'granted' ELSE format('not granted; GRANT TEMPORARY ON DATABASE %I TO %I', current_database(), me.name) END,
  may.make
FROM me
CROSS JOIN LATERAL (SELECT has_database_privilege(current_database(), 'TEMPORARY')) AS may (make)
UNION ALL
SELECT
  'referenced tables', 'REFERENCES on each',
  coalesce('not on ' || array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END || '; GRANT REFERENCES', 'granted'),
  count(f.confrelid) = 0
FROM source
LEFT JOIN pg_constraint AS f
  ON f.conrelid = source.oid AND f.contype = 'f' AND NOT has_table_privilege(f.confrelid, 'REFERENCES')
CROSS JOIN LATERAL (SELECT f.confrelid::regclass::text) AS listed (name)
UNION ALL
-- A key into the table is dropped there, and added again.
SELECT
  'owner of the tables that refer to the table', format('%s, or a role of which it is a member', me.name),
  coalesce(array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END    || '; their foreign keys are dropped and added again in the swap: run the plan as a role that is a member of both owners, and may use the schemas', me.name),
  count(f.oid) = 0
FROM me
LEFT JOIN (pg_constraint AS f JOIN pg_class AS r ON r.oid = f.conrelid)
  ON f.contype = 'f' AND f.confrelid IN (SELECT oid FROM tree) AND f.conparentid = 0
  AND NOT (pg_has_role(r.relowner, 'USAGE') AND has_schema_privilege(r.relnamespace, 'USAGE'))
CROSS JOIN LATERAL (SELECT f.conrelid::regclass || ' of ' || r.relowner::regrole) AS listed (name)
GROUP BY me.name
UNION ALL
SELECT
  'sessions of other roles', 'can be seen',
  CASE WHEN sees.is_so THEN 'can be seen'
    ELSE format('can''t; an older transaction could miss rows in the new table unnoticed. GRANT pg_read_all_stats TO %I, '
                'or --var old_snapshots=allow', me.name) END,
  sees.is_so
FROM me
CROSS JOIN LATERAL (SELECT me.rolsuper OR pg_has_role('pg_read_all_stats', 'USAGE')) AS sees (is_so)
UNION ALL
SELECT
  'registry of backups', 'may be read and written, and only by roles that this one trusts',
  coalesce(
    registry.oid::regclass || ': ' || doubt.said || CASE WHEN doubt.said LIKE 'it is another table %' THEN ''
      ELSE '. Run the plan as its owner, or see docs/backups.md: whose a registry is' END,
    CASE WHEN may.write THEN 'may be' ELSE format('%s belongs to %s, and this role may not write to it; run the plan as that role, '
      'or let it ALTER TABLE %1$s OWNER TO the owner of the table', registry.oid::regclass, (SELECT relowner::regrole FROM pg_class WHERE oid = registry.oid)) END),
  doubt.said IS NULL AND may.write
FROM (SELECT to_regclass(format('%I.migration_backups', 'public'))::oid AS oid) AS registry
CROSS JOIN LATERAL (
  SELECT CASE WHEN registry.oid IS NOT NULL THEN
pg_temp.executor_registry_doubt(registry.oid)
  END
) AS doubt (said)
CROSS JOIN LATERAL (
  SELECT registry.oid IS NULL OR has_table_privilege(registry.oid, 'SELECT') AND has_table_privilege(registry.oid, 'INSERT')
    AND has_table_privilege(registry.oid, 'UPDATE') AND has_table_privilege(registry.oid, 'DELETE')
) AS may (write)
UNION ALL
-- With row_security off a filtered read is an error; here it is a sentence, before anything is done.
SELECT
  'row level security', 'lets this role see every row',
  coalesce('hides rows of ' || array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END    || '; run the plan as the owner without FORCE, or as a role with BYPASSRLS', 'lets it'),
  count(tree.oid) = 0
FROM source
LEFT JOIN tree ON row_security_active(tree.oid)
CROSS JOIN LATERAL (SELECT tree.oid::regclass::text) AS listed (name)
) AS finding;
-- assertion findings (sql/repartition/check/statements.sql): The role may say again what hangs on the table.
SELECT pg_temp.executor_assert('step check: The role may say again what hangs on the table.', json_agg(finding)) FROM (
WITH source AS (
  SELECT to_regclass('"public"."chunks"')::oid AS oid
), me AS (
  SELECT rolname::text AS name, rolsuper FROM pg_roles WHERE rolname = current_user
), reader (name, kind, schema, owner) AS (
  VALUES (NULL::text, NULL::text, NULL::text, NULL::text), ('view public.collection_sizes', 'view', 'public', 'postgres')
), said (classid, objid, executed) AS (
  -- what is printed into a statement, and whether its functions are run with the rights of this role
  SELECT 'pg_constraint'::regclass::oid, c.oid, c.contype = 'c' FROM source JOIN pg_constraint AS c ON c.conrelid = source.oid AND c.contype IN ('c', 'f')
  UNION ALL
  SELECT 'pg_attrdef'::regclass, d.oid, true
  FROM source JOIN pg_attrdef AS d ON d.adrelid = source.oid
  JOIN pg_attribute AS a ON a.attrelid = d.adrelid AND a.attnum = d.adnum AND a.attgenerated <> ''
  UNION ALL
  SELECT 'pg_class'::regclass, i.indexrelid, true FROM source JOIN pg_index AS i ON i.indrelid = source.oid
  UNION ALL
  SELECT 'pg_statistic_ext'::regclass, s.oid, true FROM source JOIN pg_statistic_ext AS s ON s.stxrelid = source.oid
  UNION ALL
  -- CREATE TRIGGER asks for the right to run it
  SELECT 'pg_trigger'::regclass, t.oid, true FROM source JOIN pg_trigger AS t ON t.tgrelid = source.oid AND NOT t.tgisinternal AND t.tgparentid = 0
  UNION ALL
  SELECT 'pg_policy'::regclass, p.oid, false FROM source JOIN pg_policy AS p ON p.polrelid = source.oid
  UNION ALL
  SELECT 'pg_rewrite'::regclass, r.oid, false FROM source JOIN pg_rewrite AS r ON r.ev_class = source.oid AND r.rulename <> '_RETURN'
  UNION ALL
  SELECT d.classid, d.objid, false
  FROM pg_depend AS d
  WHERE d.refclassid = 'pg_class'::regclass AND d.deptype = 'n'
    AND d.classid IN ('pg_rewrite'::regclass, 'pg_proc'::regclass, 'pg_policy'::regclass)
    AND d.refobjid IN (SELECT oid FROM source UNION ALL SELECT oid FROM (
SELECT oid, max(depth) AS depth
FROM (
  WITH RECURSIVE reader (oid, depth) AS (
    SELECT to_regclass('"public"."chunks"')::oid, 0
    UNION
    SELECT r.ev_class, reader.depth + 1
    FROM reader
    JOIN pg_depend AS d
      ON d.refclassid = 'pg_class'::regclass AND d.refobjid = reader.oid
      AND d.classid = 'pg_rewrite'::regclass AND d.deptype = 'n'
    JOIN pg_rewrite AS r ON r.oid = d.objid AND r.ev_class <> reader.oid
    JOIN pg_class AS m ON m.oid = r.ev_class AND m.relkind = 'm'
  )
  SELECT oid, depth FROM reader WHERE depth > 0
) AS path
GROUP BY oid
    ) AS view)
), named AS (
  SELECT DISTINCT d.refclassid AS classid, d.refobjid AS objid, said.executed
  FROM said JOIN pg_depend AS d ON d.classid = said.classid AND d.objid = said.objid AND d.refobjid <> (SELECT oid FROM source)
  UNION
  -- before PostgreSQL 15 it is the generated column that depends on them
  SELECT d.refclassid, d.refobjid, true
  FROM source
  JOIN pg_attribute AS a ON a.attrelid = source.oid AND a.attgenerated <> ''
  JOIN pg_depend AS d
    ON d.classid = 'pg_class'::regclass AND d.objid = source.oid AND d.objsubid = a.attnum
    AND d.refclassid IN ('pg_proc'::regclass, 'pg_operator'::regclass)
), found (subject, name, advice) AS (
  SELECT 'owner of what reads the table', name || ' of ' || owner,
    'it has to be bound to the new table, which its owner alone can do: run the plan as a role that is a member of both, or drop it'
  FROM reader WHERE NOT pg_has_role(to_regrole(owner), 'USAGE') AND name NOT LIKE 'twin of %'
  UNION ALL
  -- a twin is filled as its owner, from a table that is nobody else's until the swap
  SELECT 'owner of what reads the table', format('materialized view %s of %s', substr(reader.name, 9), reader.owner),
    'only the owner of the table may read the new one before the swap: ALTER MATERIALIZED VIEW ... OWNER TO ' || c.relowner::regrole
  FROM reader
  JOIN source ON true
  JOIN pg_class AS c ON c.oid = source.oid
  WHERE reader.name LIKE 'twin of %' AND pg_has_role(to_regrole(reader.owner), 'USAGE') AND NOT pg_has_role(to_regrole(reader.owner), c.relowner, 'USAGE')
  UNION ALL
  SELECT 'owner of publications that name the table', quote_ident(p.pubname) || ' of ' || p.pubowner::regrole,
    'its owner alone can put the new table into it: run the plan as a role that is a member of both, or take the table out'
  FROM pg_publication AS p
  WHERE NOT pg_has_role(p.pubowner, 'USAGE') AND p.pubname IN (SELECT name FROM (VALUES (NULL)) AS listed (name))
  UNION ALL
  SELECT DISTINCT 'schemas in which something is made again', format('%I for %s', n.nspname, role.name),
    'GRANT CREATE ON SCHEMA'
  FROM me
  -- the schemas of statistics are asked for in rights.sql
  JOIN reader AS made ON made.kind IN ('view', 'function', 'materialized view')
  JOIN pg_namespace AS n ON n.nspname = made.schema
  CROSS JOIN LATERAL (
    SELECT quote_ident(me.name)
    -- a twin is given to the owner of its view
    UNION ALL SELECT made.owner WHERE made.kind = 'materialized view' AND NOT me.rolsuper
  ) AS role (name)
  WHERE NOT has_schema_privilege(to_regrole(role.name), n.oid, 'CREATE')
  UNION ALL
  SELECT 'schemas of what is named', quote_ident(object.schema) || ' for ' || quote_ident(me.name), 'GRANT USAGE ON SCHEMA'
  FROM me, named
  CROSS JOIN pg_identify_object(named.classid, named.objid, 0) AS object
  JOIN pg_namespace AS n ON n.nspname = object.schema
  WHERE NOT has_schema_privilege(n.oid, 'USAGE')
  UNION ALL
  SELECT 'functions of constraints, indexes and triggers', p.oid::regprocedure || ' for ' || quote_ident(me.name), 'GRANT EXECUTE ON FUNCTION'
  FROM me, named
  LEFT JOIN pg_operator AS o ON named.classid = 'pg_operator'::regclass AND o.oid = named.objid
  JOIN pg_proc AS p ON p.oid = CASE named.classid WHEN 'pg_proc'::regclass THEN named.objid ELSE o.oprcode END
  WHERE named.executed AND NOT has_function_privilege(p.oid, 'EXECUTE')
  UNION ALL
  SELECT 'types of the columns', format_type(a.atttypid, NULL) || ' for ' || quote_ident(me.name), 'GRANT USAGE ON TYPE'
  FROM me, source
  JOIN pg_attribute AS a ON a.attrelid = source.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE NOT has_type_privilege(a.atttypid, 'USAGE')
  UNION ALL
  SELECT 'languages', quote_ident(l.lanname) || ' for ' || quote_ident(me.name),
    CASE WHEN l.lanpltrusted THEN 'GRANT USAGE ON LANGUAGE' ELSE 'only a superuser may make functions of it' END
  FROM me, pg_language AS l
  WHERE NOT (me.rolsuper OR l.lanpltrusted AND has_language_privilege(l.oid, 'USAGE'))
    AND EXISTS (SELECT FROM said JOIN pg_proc AS p ON said.classid = 'pg_proc'::regclass AND p.oid = said.objid AND p.prolang = l.oid)
  UNION ALL
  SELECT 'tablespaces', quote_ident(t.spcname) || ' for ' || quote_ident(me.name), 'GRANT CREATE ON TABLESPACE'
  FROM me, pg_tablespace AS t
  WHERE NOT has_tablespace_privilege(t.oid, 'CREATE') AND t.oid IN (
    SELECT c.reltablespace FROM pg_class AS c
    WHERE c.oid IN (
SELECT oid FROM (WITH RECURSIVE tree (oid) AS (
  SELECT to_regclass('"public"."chunks"')::oid UNION SELECT i.inhrelid FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.oid
) SELECT oid FROM tree) AS of_table
    )
      OR c.oid IN (SELECT i.indexrelid FROM source JOIN pg_index AS i ON i.indrelid = source.oid)
      OR c.oid IN (SELECT oid FROM (
SELECT oid, max(depth) AS depth
FROM (
  WITH RECURSIVE reader (oid, depth) AS (
    SELECT to_regclass('"public"."chunks"')::oid, 0
    UNION
    SELECT r.ev_class, reader.depth + 1
    FROM reader
    JOIN pg_depend AS d
      ON d.refclassid = 'pg_class'::regclass AND d.refobjid = reader.oid
      AND d.classid = 'pg_rewrite'::regclass AND d.deptype = 'n'
    JOIN pg_rewrite AS r ON r.oid = d.objid AND r.ev_class <> reader.oid
    JOIN pg_class AS m ON m.oid = r.ev_class AND m.relkind = 'm'
  )
  SELECT oid, depth FROM reader WHERE depth > 0
) AS path
GROUP BY oid
    ) AS view))
  UNION ALL
  SELECT 'SET for the owners', quote_ident(role.rolname), 'the new objects are given to their owners: GRANT ... WITH SET TRUE'
  FROM me
  JOIN pg_roles AS role ON pg_has_role(role.oid, 'USAGE') AND NOT pg_has_role(role.oid, 'SET') AND NOT me.rolsuper
  WHERE role.oid IN (SELECT c.relowner FROM source JOIN pg_class AS c USING (oid))
    OR role.oid IN (SELECT to_regrole(owner) FROM reader WHERE kind = 'materialized view')
), told AS (
  SELECT subject, array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END || '; ' || advice AS actual
  FROM found AS listed
  GROUP BY subject, advice
)
SELECT
  kind.subject,
  kind.expected,
  coalesce(string_agg(CASE WHEN kind.expected = 'granted' THEN 'not granted: ' ELSE '' END || told.actual, '. ' ORDER BY told.actual),
    kind.expected) AS actual,
  count(told.actual) = 0 AS passed
FROM (
  SELECT subject, coalesce(expected, me.name || ', or a role of which it is a member')
  FROM me, (
    VALUES
      ('owner of what reads the table', NULL),
      ('owner of publications that name the table', NULL),
      ('schemas in which something is made again', 'granted'),
      ('schemas of what is named', 'granted'),
      ('functions of constraints, indexes and triggers', 'granted'),
      ('types of the columns', 'granted'),
      ('languages', 'granted'),
      ('SET for the owners', 'granted'),
      ('tablespaces', 'granted')
  ) AS kind (subject, expected)
) AS kind (subject, expected)
LEFT JOIN told USING (subject)
GROUP BY kind.subject, kind.expected
) AS finding;
-- assertion findings (sql/repartition/check/names.sql): The names of the new objects are free.
SELECT pg_temp.executor_assert('step check: The names of the new objects are free.', json_agg(finding)) FROM (
WITH part (name) AS (
  SELECT name FROM (VALUES (NULL)
 , ('chunks_part_00') , ('chunks_part_01') , ('chunks_part_02')
  ) AS part (name) WHERE name IS NOT NULL
), wanted (name) AS (
  VALUES ('chunks_new'), ('chunks_backup_20250811_120000'), ('chunks_old_20250811_120000'),
    ('chunks_log_20250811_120000'), ('chunks_back_20250811_120000')
  UNION ALL
  SELECT name FROM part
  UNION ALL
  -- their indexes
  SELECT CASE WHEN octet_length(long.name) > 63 THEN (left(md5(long.name), 8) || '_' || long.name)::name ELSE long.name::name END
::text
  FROM (SELECT name FROM part UNION ALL SELECT 'chunks_new') AS part
  CROSS JOIN unnest('{"pkey","position_key","created_at_idx","document_id_idx","embedding_idx"}'::text[]) AS of (stem)
  CROSS JOIN LATERAL (SELECT part.name || '_' || of.stem) AS long (name)
), taken (name, is_ours) AS (
  SELECT name, EXISTS (
    SELECT FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_partition_tree(to_regclass('"public"."chunks"')) AS part ON part.relid = c.oid
    WHERE n.nspname = 'public' AND c.relname = wanted.name)
  FROM wanted
  WHERE EXISTS (
      SELECT FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
      WHERE n.nspname = 'public' AND c.relname = wanted.name)
    OR EXISTS (
      SELECT FROM pg_type AS t JOIN pg_namespace AS n ON n.oid = t.typnamespace
      WHERE n.nspname = 'public' AND t.typname = wanted.name)
  UNION ALL
  SELECT p.oid::regprocedure::text, false FROM pg_proc AS p
  WHERE p.oid IN (to_regprocedure('public.chunks_log_20250811_120000()'), to_regprocedure('public.chunks_back_20250811_120000()'), to_regprocedure('public.chunks_old_20250811_120000()'),
    to_regprocedure('public.chunks_sync_20250811_120000(boolean, integer, integer)'), to_regprocedure('public.chunks_undo_20250811_120000(boolean, integer, integer)'))
  UNION ALL
  SELECT DISTINCT 'trigger ' || tgname, false FROM pg_trigger
  WHERE tgname IN ('executor_insert', 'executor_update', 'executor_delete', 'executor_truncate', 'executor_guard')
    AND (tgrelid = to_regclass('"public"."chunks"')
      OR tgrelid IN (SELECT relid FROM pg_partition_tree(to_regclass('"public"."chunks"'))))
  UNION ALL
  SELECT p.proname || '()', false
  FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
  WHERE n.nspname = 'public' AND p.pronargs = 0 AND p.proname = 'chunks_partition_key'
  UNION ALL
  SELECT 'constraint ' || conname, false FROM pg_constraint
  WHERE conrelid = to_regclass('"public"."chunks"') AND conname = 'partition_key_check'
  UNION ALL
  SELECT DISTINCT 'trigger ' || tgname, false FROM pg_trigger
  WHERE tgname = 'zz_partition_key'
    AND (tgrelid = to_regclass('"public"."chunks"')
      OR tgrelid IN (SELECT relid FROM pg_partition_tree(to_regclass('"public"."chunks"'))))
)
SELECT
  'names in the schema public' AS subject,
  'free' AS expected,
  coalesce('already taken: ' || array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END || CASE WHEN bool_or(is_ours)
    THEN '; partitions of the table itself have them: roll back the run that made it, or rename them'
    ELSE '; an earlier run that was not rolled back? Rename or drop what has them' END, 'free') AS actual,
  count(*) = 0 AS passed
FROM taken AS listed
UNION ALL
SELECT
  'names of what is made', 'each once',
array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END || ' would be there twice; rename what it is called by, such as an index, or choose another layout', false
FROM (SELECT name FROM wanted GROUP BY name HAVING count(*) > 1) AS listed
HAVING count(*) > 0
) AS finding;
-- assertion findings (sql/repartition/check/dependents.sql): Everything that hangs on the table can come along.
SELECT pg_temp.executor_assert('step check: Everything that hangs on the table can come along.', json_agg(finding)) FROM (
WITH source AS (
  SELECT c.*
  FROM (SELECT to_regclass('"public"."chunks"')::oid AS oid) AS named
  LEFT JOIN pg_class AS c USING (oid)
), tree AS (
  SELECT c.* FROM pg_class AS c
  WHERE c.oid IN (SELECT oid FROM source UNION
                  SELECT tree.relid FROM source, pg_partition_tree(source.oid) AS tree)
), leaf AS (
  SELECT oid FROM tree WHERE relkind = 'r' AND relispartition
), row_type AS (
  SELECT reltype AS oid FROM tree
  UNION SELECT t.typarray FROM tree JOIN pg_type AS t ON t.oid = tree.reltype
), found (subject, advice, classid, objid, objsubid) AS (
  SELECT CASE WHEN key.of_itself THEN 'foreign keys of the table to itself' ELSE 'foreign keys from other tables' END,
    CASE key.obstacle
      WHEN 'partition' THEN 'they are of a single partition, or refer to one, which belongs to the old table afterwards'
      WHEN 'version' THEN 'before PostgreSQL 18 a partitioned table can get a foreign key only while all its rows are read and nobody '
        'writes: add them again after the swap (ALTER TABLE ... ADD CONSTRAINT)'
      ELSE format('the new table has no unique key of those columns as a whole, which it would have in PARTITION BY HASH (%s): executor init public.chunks --layout hash:%1$s writes that plan. Or reference a table of keys', key.referenced[1])
    END || '. Given up, they are dropped in the swap: then a row may refer to one that is not there, and nothing follows a delete, unless triggers do that (--var enforce=trigger)',
    'pg_constraint'::regclass::oid, c.oid, 0
  FROM (
-- The foreign keys that refer to the table or to one of its partitions, those of the table itself, too. `kept`: the key comes
-- along. What stands in the way of that, if it does, is the `obstacle`: `key`, as what is referenced is not unique in the new
-- table as a whole; `partition`, as the key is of or refers to a single partition; `version`, as before PostgreSQL 18 a
-- partitioned table can get a key only with a scan. One that is not yet validated has its definition as if it were.
-- `by_trigger`: it does not come along, and triggers do its work; `no_trigger` says why they can't, or is null. Columns stand
-- in the order of the key.
SELECT
  key.*,
  come.along AS kept,
  NOT come.along AND key.enforced AND false AS by_trigger
FROM (
  SELECT
    c.conname::text AS name,
    c.conrelid::regclass::text AS relation,
    c.conrelid::regclass::text AS relation_sql,
    (SELECT n.nspname::text FROM pg_namespace AS n WHERE n.oid = r.relnamespace) AS relation_schema,
    r.relname::text AS relation_name,
    r.relowner::regrole::text AS owner,
    r.relkind = 'p' AS partitioned,
    place.of_itself,
    (pg_identify_object('pg_constraint'::regclass, c.oid, 0)).identity AS identity,
    regexp_replace(pg_get_constraintdef(c.oid), ' NOT VALID$', '') AS definition_sql,
    ARRAY(
      SELECT a.attname::text FROM pg_attribute AS a WHERE a.attrelid = c.confrelid AND a.attnum = ANY (c.confkey) ORDER BY a.attnum
    ) AS referenced,
    CASE c.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' END AS on_delete,
    CASE
      WHEN c.confrelid <> whole.oid OR place.of_itself AND c.conrelid <> whole.oid THEN 'partition'
      WHEN true THEN 'key'
      WHEN (r.relkind = 'p' OR place.of_itself) AND current_setting('server_version_num')::integer < 180000 THEN 'version'
    END AS obstacle,
    coalesce(to_jsonb(c) ->> 'conenforced', 'true') = 'true' AS enforced,
    c.convalidated AS validated,
    obj_description(c.oid, 'pg_constraint') AS comment,
    pair.columns, pair.referenced_columns, pair.equals_sql, pair.alike_sql, pair.own_sql, pair.emptied,
    c.confupdtype = 'r' AS restricts_update, c.confdeltype = 'r' AS restricts_delete,
    c.condeferrable AS deferrable, c.condeferred AS deferred,
CASE
      WHEN c.confrelid <> whole.oid OR place.of_itself AND c.conrelid <> whole.oid THEN 'it is of a single partition, or refers to one'
      WHEN c.confmatchtype = 'f' AND cardinality(c.conkey) > 1 THEN 'MATCH FULL over several columns'
      WHEN to_jsonb(c) ->> 'conperiod' = 'true' THEN 'PERIOD'
      WHEN c.confupdtype NOT IN ('a', 'r') THEN 'of a row that moves to another partition when its key is updated (ON UPDATE '
        || CASE c.confupdtype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' ELSE 'SET DEFAULT' END || ') no trigger gets both keys'
      WHEN r.relowner <> (SELECT relowner FROM pg_class WHERE oid = whole.oid)
        THEN 'the tables have different owners, and a trigger works with the rights of one'
      WHEN EXISTS (SELECT FROM pg_class WHERE oid IN (r.oid, whole.oid) AND relrowsecurity AND relforcerowsecurity)
        THEN 'row level security is forced on the owner, and would hide rows from the trigger'
      WHEN pair.collated_otherwise THEN 'its columns have another collation than those that they refer to'
      WHEN pair.typed_otherwise THEN 'its columns have another type than the operator of an extension by which it compares them'
      WHEN pair.referenced_columns && '{}'::text[]
        OR place.of_itself AND pair.columns && '{}'::text[] THEN 'a column of it is dropped'
    END
    AS no_trigger
  FROM (SELECT to_regclass('"public"."chunks"')::oid) AS whole (oid)
  JOIN pg_constraint AS c ON c.contype = 'f' AND c.conparentid = 0 AND c.confrelid IN (
SELECT oid FROM (WITH RECURSIVE tree (oid) AS (
  SELECT to_regclass('"public"."chunks"')::oid UNION SELECT i.inhrelid FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.oid
) SELECT oid FROM tree) AS of_table
  )
  JOIN pg_class AS r ON r.oid = c.conrelid
  CROSS JOIN LATERAL (
    SELECT c.conrelid IN (
SELECT oid FROM (WITH RECURSIVE tree (oid) AS (
  SELECT to_regclass('"public"."chunks"')::oid UNION SELECT i.inhrelid FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.oid
) SELECT oid FROM tree) AS of_table
    )
  ) AS place (of_itself)
  CROSS JOIN LATERAL (
    SELECT
      array_agg(a.attname::text ORDER BY k.place) AS columns,
      array_agg(b.attname::text ORDER BY k.place) AS referenced_columns,
      array_agg(format('OPERATOR(%s.%s)', e.oprnamespace::regnamespace, e.oprname) ORDER BY k.place) AS equals_sql,
      array_agg(format('OPERATOR(%s.%s)', l.oprnamespace::regnamespace, l.oprname) ORDER BY k.place) AS alike_sql,
      array_agg(format('OPERATOR(%s.%s)', p.oprnamespace::regnamespace, p.oprname) ORDER BY k.place) AS own_sql,
      -- what SET NULL and SET DEFAULT set: from 15 on it may be said
      array_agg(a.attname::text ORDER BY k.place) FILTER (
        WHERE jsonb_typeof(to_jsonb(c) -> 'confdelsetcols') IS DISTINCT FROM 'array' OR to_jsonb(c) -> 'confdelsetcols' @> to_jsonb(k.attnum)) AS emptied,
      bool_or(a.attcollation <> b.attcollation) AS collated_otherwise,
      -- beside PostgreSQL's own, somebody else's operator of that name could be nearer to other types
      bool_or(e.oprnamespace <> 'pg_catalog'::regnamespace AND ROW(e.oprleft, e.oprright, l.oprleft, p.oprleft)
        IS DISTINCT FROM ROW(b.atttypid, a.atttypid, a.atttypid, b.atttypid)) AS typed_otherwise
    FROM unnest(c.conkey, c.confkey, c.conpfeqop, c.conffeqop, c.conppeqop) WITH ORDINALITY AS k (attnum, referenced, equals, alike, own, place)
    JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = k.attnum
    JOIN pg_attribute AS b ON b.attrelid = c.confrelid AND b.attnum = k.referenced
    JOIN pg_operator AS e ON e.oid = k.equals
    JOIN pg_operator AS l ON l.oid = k.alike
    JOIN pg_operator AS p ON p.oid = k.own
  ) AS pair
) AS key
CROSS JOIN LATERAL (
  SELECT key.obstacle IS NULL AND key.identity <> ALL ('{}'::text[])
) AS come (along)
ORDER BY key.relation COLLATE "C", key.name
  ) AS key
  JOIN pg_constraint AS c ON key.obstacle IS NOT NULL AND c.contype = 'f' AND c.conname = key.name
    AND (pg_identify_object('pg_constraint'::regclass, c.oid, 0)).identity = key.identity
  UNION ALL
  SELECT 'exclusion constraints', 'they would hold within a partition only; drop them',
    'pg_constraint'::regclass, c.oid, 0
  FROM pg_constraint AS c
  JOIN pg_index AS i ON i.indexrelid = c.conindid
  WHERE c.conrelid IN (SELECT oid FROM tree) AND c.contype IN ('x', 'p', 'u') AND i.indisexclusion
  UNION ALL
  SELECT 'row triggers with transition tables', 'a partitioned table has none; make them statement triggers',
    'pg_trigger'::regclass, t.oid, 0
  FROM pg_trigger AS t
  WHERE t.tgrelid IN (SELECT oid FROM tree) AND t.tgtype & 1 = 1
    AND (t.tgoldtable IS NOT NULL OR t.tgnewtable IS NOT NULL)
  UNION ALL
  SELECT 'invalid indexes', 'left by a failed CREATE INDEX CONCURRENTLY; REINDEX or drop them',
    'pg_class'::regclass, i.indexrelid, 0
  FROM pg_index AS i
  WHERE i.indrelid IN (SELECT oid FROM tree) AND NOT (i.indisvalid AND i.indisready)
  UNION ALL
  SELECT 'functions, columns and types built on the table''s row type',
    'they keep the type of the old table; drop them, and create them again afterwards',
    d.classid, d.objid, d.objsubid
  FROM pg_depend AS d
  WHERE d.refclassid = 'pg_type'::regclass AND d.refobjid IN (SELECT oid FROM row_type)
    AND d.deptype IN ('n', 'a') AND d.classid IN ('pg_proc'::regclass, 'pg_class'::regclass, 'pg_type'::regclass)
  UNION ALL
  SELECT 'views, rules, policies and functions grouped by the primary key alone, or naming it',
    'the new table has not that key; add the columns to GROUP BY',
    CASE WHEN k.view IS NULL THEN k.classid ELSE 'pg_class'::regclass END, coalesce(k.view, k.objid), 0
  FROM (
SELECT d.classid, d.objid, r.ev_class AS view
FROM pg_depend AS d
JOIN pg_constraint AS c ON c.oid = d.refobjid AND c.conrelid IN (
SELECT oid FROM (WITH RECURSIVE tree (oid) AS (
  SELECT to_regclass('"public"."chunks"')::oid UNION SELECT i.inhrelid FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.oid
) SELECT oid FROM tree) AS of_table
)
LEFT JOIN pg_rewrite AS r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid AND r.rulename = '_RETURN'
WHERE d.refclassid = 'pg_constraint'::regclass AND d.deptype = 'n'
  AND d.classid IN ('pg_rewrite'::regclass, 'pg_proc'::regclass, 'pg_policy'::regclass)
  ) AS k
  UNION ALL
  SELECT 'indexes that not every partition has', 'create them on the whole table, or drop them',
    'pg_class'::regclass, i.indexrelid, 0
  FROM pg_index AS i
  JOIN tree ON tree.oid = i.indrelid AND tree.relispartition
  JOIN pg_class AS c ON c.oid = i.indexrelid
  WHERE NOT c.relispartition AND i.indisvalid AND i.indisready AND i.indexrelid NOT IN (
    SELECT indexrelid FROM (
SELECT indexrelid, indrelid = min(indrelid) OVER () AS is_first
FROM (
  SELECT indexrelid, indrelid, leaves, count(*) OVER (PARTITION BY definition, place) AS alike
  FROM (
    SELECT *, row_number() OVER (PARTITION BY indrelid, definition ORDER BY name) AS place
    FROM (
      SELECT i.indexrelid, i.indrelid, leaf.leaves, c.relname AS name,
        concat_ws(' ', shape.kind, shape.body, con.contype, con.condeferrable, con.condeferred) AS definition
      FROM (
        SELECT of_tree.oid, count(*) OVER () AS leaves
        FROM (
SELECT oid FROM (WITH RECURSIVE tree (oid) AS (
  SELECT to_regclass('"public"."chunks"')::oid UNION SELECT i.inhrelid FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.oid
) SELECT oid FROM tree) AS of_table
        ) AS of_tree JOIN pg_class AS r ON r.oid = of_tree.oid AND r.relkind = 'r' AND r.relispartition
      ) AS leaf
      JOIN pg_index AS i ON i.indrelid = leaf.oid AND i.indisvalid AND NOT i.indisexclusion
      JOIN pg_class AS c ON c.oid = i.indexrelid AND NOT c.relispartition
      LEFT JOIN pg_constraint AS con ON con.conindid = i.indexrelid AND con.conrelid = i.indrelid AND con.contype IN ('p', 'u')
CROSS JOIN LATERAL (
  SELECT
    CASE WHEN i.indisunique THEN 'UNIQUE INDEX' ELSE 'INDEX' END,
    ' ' || CASE WHEN starts_with(shape.definition, shape.head) THEN substr(shape.definition, length(shape.head) + 1)
  ELSE CAST('renamed at this very moment, so try again: ' || shape.head AS boolean)::text END
  FROM (SELECT pg_get_indexdef(i.indexrelid), format('CREATE %s %I ON %s%s ', CASE WHEN i.indisunique THEN 'UNIQUE INDEX' ELSE 'INDEX' END, c.relname,
    CASE c.relkind WHEN 'I' THEN 'ONLY ' ELSE '' END, i.indrelid::regclass)) AS shape (definition, head)
) AS shape (kind, body)
    ) AS of_leaf
  ) AS placed
) AS counted
WHERE alike = leaves
    ) AS of_leaves)
  UNION ALL
  SELECT subject, advice, 'pg_constraint'::regclass, oid, 0
  FROM (
    SELECT c.oid, count(*) OVER (PARTITION BY c.conname, pg_get_constraintdef(c.oid)) = (SELECT count(*) FROM leaf) AS everywhere
    FROM pg_constraint AS c
    JOIN tree ON tree.oid = c.conrelid AND tree.relispartition
    WHERE c.conparentid = 0 AND c.coninhcount = 0 AND c.contype IN ('c', 'f')
      -- an earlier run's own
      AND NOT (c.conname = 'partition_key_check' AND EXISTS (
SELECT made.name, made.number, made.filler
FROM pg_class AS c
JOIN pg_attribute AS own ON own.attrelid = c.oid AND own.attname = 'partition_key' AND NOT own.attisdropped AND own.atttypid = 'integer'::regtype
JOIN pg_partitioned_table AS p ON p.partrelid = c.oid
CROSS JOIN LATERAL (
  SELECT k.conname, pg_get_expr(k.conbin, k.conrelid) FROM pg_constraint AS k
  WHERE k.conrelid = c.oid AND k.conname = 'partition_key_check' AND k.contype = 'c' AND k.convalidated AND pg_get_partkeydef(c.oid) = 'LIST (partition_key)'
  UNION ALL
  SELECT NULL, pg_get_expr(p.partexprs, p.partrelid) WHERE p.partexprs IS NOT NULL AND p.partstrat = 'l'
) AS printed (of_check, text)
CROSS JOIN LATERAL (SELECT substring(printed.text FROM '% ([0-9]{1,4})\)+$')::integer) AS counted (number)
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
CROSS JOIN LATERAL (
SELECT path.oid FROM (
  WITH RECURSIVE below (oid, depth) AS (
    SELECT a.atttypid, 0
    UNION ALL
    SELECT t.typbasetype, below.depth + 1 FROM below JOIN pg_type AS t ON t.oid = below.oid AND t.typtype = 'd'
  )
  SELECT oid, depth FROM below
) AS path
ORDER BY path.depth DESC LIMIT 1
) AS base
CROSS JOIN LATERAL (
  SELECT CASE WHEN printed.of_check IS NULL THEN 'abs((hashtext(%s) %% %s))' ELSE '(partition_key = abs((hashtext(%s) %% %s)))' END
) AS form (written)
LEFT JOIN LATERAL (
  SELECT f.oid::regprocedure::text AS called
  FROM pg_trigger AS t JOIN pg_proc AS f ON f.oid = t.tgfoid JOIN pg_language AS l ON l.oid = f.prolang
  WHERE t.tgrelid = c.oid AND l.lanname = 'plpgsql' AND (t.tgname = 'zz_partition_key' AND NOT t.tgisinternal AND f.prosrc ~ ('^\nBEGIN\n(  --[^\n]*\n)?  NEW[.]partition_key := '
  '([(]SELECT )?abs[(]hashtext[(](NEW|r)[.][^\n]*::text[)] % [0-9]{1,4}[)]( FROM [(]SELECT NEW[.][*][)] AS r[)])?;\n  RETURN NEW;\nEND\n$'))
    AND f.pronamespace = c.relnamespace AND f.proname IN ('chunks_partition_key', 'chunks_partition_key_2', 'chunks_partition_key_3', 'chunks_partition_key_4', 'chunks_partition_key_5', 'chunks_partition_key_6', 'chunks_partition_key_7', 'chunks_partition_key_8', 'chunks_partition_key_9')
    AND strpos(f.prosrc, format('::text) %% %s)', counted.number)) > 0
    AND (f.proowner = c.relowner OR (SELECT r.rolsuper OR r.rolname = session_user FROM pg_roles AS r WHERE r.oid = f.proowner))
) AS filler ON true
CROSS JOIN LATERAL (SELECT a.attname::text, counted.number, filler.called) AS made (name, number, filler)
WHERE c.oid = to_regclass('"public"."chunks"') AND (printed.of_check IS NOT NULL OR filler.called IS NOT NULL)
  -- a cast of another type to text is its owner's
  AND base.oid < 16384
  AND printed.text IN (format(form.written, quote_ident(a.attname), counted.number), format(form.written, '(' || quote_ident(a.attname) || ')::text', counted.number))
LIMIT 1
))
  ) AS own
  CROSS JOIN LATERAL (
    SELECT 'constraints that every partition has by itself', 'add them to the whole table, which adopts those of the partitions' WHERE everywhere
    UNION ALL
    SELECT 'constraints that not every partition has', 'add them to the whole table, or drop them' WHERE NOT everywhere
  ) AS said (subject, advice)
  UNION ALL
  SELECT subject, advice, 'pg_trigger'::regclass, oid, 0
  FROM (
    SELECT t.oid, count(*) OVER (PARTITION BY shape.definition) = (SELECT count(*) FROM leaf) AS everywhere
    FROM pg_trigger AS t
    JOIN tree ON tree.oid = t.tgrelid AND tree.relispartition
    CROSS JOIN LATERAL (
      SELECT row(t.tgname, t.tgfoid, t.tgtype, t.tgenabled, t.tgargs, t.tgattr::text,
                 substr(pg_get_triggerdef(t.oid), strpos(pg_get_triggerdef(t.oid), tree.oid::regclass::text) + length(tree.oid::regclass::text)))::text
    ) AS shape (definition)
    WHERE NOT t.tgisinternal AND t.tgparentid = 0
      -- for the way back of an earlier run
      AND NOT EXISTS (SELECT FROM pg_proc AS f WHERE f.oid = t.tgfoid AND (NOT t.tgisinternal AND t.tgname ~ '^executor[2-9]?_(insert|update|delete|truncate)$' AND f.proname ~ '_back_[0-9]{8}_[0-9]{6}$'
  AND f.prosrc ~ '^\n#variable_conflict use_column\nBEGIN\n.*\n  IF TG_OP = ''INSERT'' THEN\n    INSERT INTO [^\n]* FROM new_rows;\n'))
  ) AS own
  CROSS JOIN LATERAL (
    SELECT 'triggers that every partition has by itself', 'create them on the whole table, and drop those of the partitions' WHERE everywhere
    UNION ALL
    SELECT 'triggers that not every partition has', 'create them on the whole table, or drop them' WHERE NOT everywhere
  ) AS said (subject, advice)
  UNION ALL
  SELECT 'views on partitions', 'they read the old table afterwards; let them read the whole table, or drop them',
    'pg_class'::regclass, r.ev_class, 0
  FROM pg_depend AS d
  JOIN tree ON tree.oid = d.refobjid AND tree.relispartition
  JOIN pg_rewrite AS r ON r.oid = d.objid AND r.ev_class NOT IN (SELECT oid FROM tree)
  WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'n'
  UNION ALL
  SELECT 'security labels', 'drop them, and set them again afterwards',
    l.classoid, l.objoid, l.objsubid
  FROM pg_seclabel AS l
  WHERE l.classoid = 'pg_class'::regclass AND l.objoid IN (SELECT oid FROM tree)
), named AS (
  SELECT DISTINCT found.subject, found.advice, object.identity
  FROM found, pg_identify_object(found.classid, found.objid, found.objsubid) AS object
  WHERE object.identity <> ALL ('{}'::text[])
)
SELECT
  kind.subject,
  'none, or accepted by the plan' AS expected,
  coalesce(array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END || '; ' || listed.advice
    || '. Or give them up, each by its name: --accept NAME', 'none') AS actual,
  count(listed.name) = 0 AS passed
FROM (
  VALUES
    ('foreign keys from other tables'),
    ('foreign keys of the table to itself'),
    ('exclusion constraints'),
    ('row triggers with transition tables'),
    ('invalid indexes'),
    ('functions, columns and types built on the table''s row type'),
    ('views, rules, policies and functions grouped by the primary key alone, or naming it'),
    ('indexes that not every partition has'),
    ('constraints that every partition has by itself'),
    ('constraints that not every partition has'),
    ('triggers that every partition has by itself'),
    ('triggers that not every partition has'),
    ('views on partitions'),
    ('security labels')
) AS kind (subject)
LEFT JOIN named AS listed (subject, advice, name) USING (subject)
GROUP BY kind.subject, listed.advice
) AS finding;
-- assertion findings (sql/repartition/check/bound.sql): Nothing else is bound to the table itself.
SELECT pg_temp.executor_assert('step check: Nothing else is bound to the table itself.', json_agg(finding)) FROM (
WITH source AS (
  SELECT to_regclass('"public"."chunks"')::oid AS oid
), whole (oid) AS (
  SELECT to_regclass(format('%I.%I', named.schema, named.name))::oid
  FROM (VALUES ('public', 'chunks')) AS named (schema, name)
), tree (oid) AS (
SELECT oid FROM (WITH RECURSIVE tree (oid) AS (
  SELECT to_regclass('"public"."chunks"')::oid UNION SELECT i.inhrelid FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.oid
) SELECT oid FROM tree) AS of_table
), dependent AS (
WITH tree AS (
  SELECT c.oid, c.reltype
  FROM pg_class AS c
  WHERE c.oid IN (
    WITH RECURSIVE part (oid) AS (
      SELECT to_regclass(format('%I.%I', named.schema, named.name))::oid
      FROM (VALUES ('public', 'chunks')) AS named (schema, name)
      UNION SELECT i.inhrelid FROM part JOIN pg_inherits AS i ON i.inhparent = part.oid
    )
    SELECT oid FROM part)
), dependent AS (
  SELECT DISTINCT d.classid, d.objid, d.objsubid
  FROM pg_depend AS d
  WHERE d.deptype IN ('n', 'a') AND (
    d.refclassid = 'pg_class'::regclass AND d.refobjid IN (SELECT oid FROM tree)
    OR d.refclassid = 'pg_type'::regclass AND d.refobjid IN (
      SELECT reltype FROM tree UNION SELECT t.typarray FROM tree JOIN pg_type AS t ON t.oid = tree.reltype))
), part_of (classid, objid, relation) AS (
  SELECT 'pg_class'::regclass, oid, oid FROM pg_class
  UNION ALL SELECT 'pg_class'::regclass, indexrelid, indrelid FROM pg_index
  UNION ALL SELECT 'pg_attrdef'::regclass, oid, adrelid FROM pg_attrdef
  UNION ALL SELECT 'pg_constraint'::regclass, oid, conrelid FROM pg_constraint
  UNION ALL SELECT 'pg_rewrite'::regclass, oid, ev_class FROM pg_rewrite
  UNION ALL SELECT 'pg_trigger'::regclass, oid, tgrelid FROM pg_trigger
  UNION ALL SELECT 'pg_policy'::regclass, oid, polrelid FROM pg_policy
  UNION ALL SELECT 'pg_statistic_ext'::regclass, oid, stxrelid FROM pg_statistic_ext
)
SELECT dependent.classid, dependent.objid, dependent.objsubid
FROM dependent
WHERE NOT EXISTS (
  SELECT FROM part_of JOIN tree ON tree.oid = part_of.relation
  WHERE part_of.classid = dependent.classid AND part_of.objid = dependent.objid)
), own (oid, classid, name, tree, printed) AS (
  -- what the new table has before the swap, and so with the table that is meant now
  SELECT c.oid, 'pg_constraint'::regclass, 'CHECK ' || quote_ident(c.conname), c.conbin::text, pg_get_expr(c.conbin, c.conrelid)
  FROM source JOIN pg_constraint AS c ON c.conrelid = source.oid AND c.contype = 'c'
  UNION ALL
  SELECT d.oid, 'pg_attrdef'::regclass, CASE a.attgenerated WHEN '' THEN 'default of ' ELSE 'generated column ' END || quote_ident(a.attname),
    d.adbin::text, pg_get_expr(d.adbin, d.adrelid)
  FROM source
  JOIN pg_attrdef AS d ON d.adrelid = source.oid
  JOIN pg_attribute AS a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
  UNION ALL
  SELECT i.indexrelid, 'pg_class'::regclass, 'index ' || quote_ident(c.relname), concat_ws(' ', i.indexprs::text, i.indpred::text),
    concat_ws(' ', pg_get_expr(i.indexprs, i.indrelid), pg_get_expr(i.indpred, i.indrelid))
  FROM source JOIN pg_index AS i ON i.indrelid = source.oid JOIN pg_class AS c ON c.oid = i.indexrelid
  WHERE i.indexprs IS NOT NULL OR i.indpred IS NOT NULL
  UNION ALL
  SELECT s.oid, 'pg_statistic_ext'::regclass, 'statistics ' || quote_ident(s.stxname), s.stxexprs::text, pg_get_expr(s.stxexprs, s.stxrelid)
  FROM source JOIN pg_statistic_ext AS s ON s.stxrelid = source.oid AND s.stxexprs IS NOT NULL
), found (subject, advice, name) AS (
  SELECT
    'what is bound to the table itself',
    CASE WHEN dependent.classid = 'pg_attrdef'::regclass AND a.attgenerated = ''
      THEN 'take it off before the run (ALTER TABLE ... ALTER COLUMN ... DROP DEFAULT), and set it again after the swap'
      ELSE 'drop it before the run, and create it again after the swap' END,
    format('%s %s', object.type, object.identity)
  FROM dependent
  LEFT JOIN pg_rewrite AS r ON dependent.classid = 'pg_rewrite'::regclass AND r.oid = dependent.objid
  CROSS JOIN LATERAL (SELECT r.rulename IS NOT DISTINCT FROM '_RETURN') AS of_view (is_so)
  CROSS JOIN pg_identify_object(CASE WHEN of_view.is_so THEN 'pg_class'::regclass ELSE dependent.classid END,
                                CASE WHEN of_view.is_so THEN r.ev_class ELSE dependent.objid END, dependent.objsubid) AS object
  LEFT JOIN pg_class AS c ON c.oid = CASE WHEN dependent.classid = 'pg_class'::regclass THEN dependent.objid ELSE r.ev_class END
  LEFT JOIN pg_attrdef AS d ON dependent.classid = 'pg_attrdef'::regclass AND d.oid = dependent.objid
  LEFT JOIN pg_attribute AS a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
  WHERE
    -- said again by the swap (facts/readers.sql)
    NOT (dependent.classid IN ('pg_rewrite'::regclass, 'pg_proc'::regclass, 'pg_policy'::regclass) AND EXISTS (
      SELECT FROM pg_depend AS s
      WHERE s.classid = dependent.classid AND s.objid = dependent.objid AND s.refclassid = 'pg_class'::regclass
        AND s.deptype = 'n' AND s.refobjid IN (SELECT oid FROM whole)
        AND NOT EXISTS (
          SELECT FROM pg_depend AS p
          WHERE p.classid = s.classid AND p.objid = s.objid AND p.refclassid = 'pg_class'::regclass
            AND p.refobjid IN (SELECT oid FROM tree EXCEPT SELECT oid FROM whole))))
    -- a sequence of a column goes with the table
    AND NOT coalesce(c.relkind = 'S', false)
    -- named by dependents.sql
    AND NOT (dependent.classid = 'pg_constraint'::regclass AND EXISTS (
      SELECT FROM pg_constraint AS f WHERE f.oid = dependent.objid AND f.contype = 'f'))
    AND NOT (dependent.classid IN ('pg_class'::regclass, 'pg_proc'::regclass, 'pg_type'::regclass) AND EXISTS (
      SELECT FROM pg_depend AS t JOIN pg_type AS y ON y.oid = t.refobjid
      LEFT JOIN pg_type AS element ON element.typarray = y.oid
      WHERE t.classid = dependent.classid AND t.objid = dependent.objid AND t.refclassid = 'pg_type'::regclass
        AND coalesce(element.typrelid, y.typrelid) IN (SELECT oid FROM tree)))
    AND NOT (of_view.is_so AND EXISTS (
      SELECT FROM pg_depend AS p
      WHERE p.classid = dependent.classid AND p.objid = dependent.objid AND p.refclassid = 'pg_class'::regclass
        AND p.refobjid IN (SELECT oid FROM tree)))
    -- the swap takes it out of the publication and puts it back
    AND object.type NOT LIKE 'publication %'
    -- of another session, which ends
    AND object.identity !~ '\mpg_temp(_[0-9]+)?\.'
    AND object.identity <> ALL ('{}'::text[])
  UNION ALL
  SELECT
    'sequences that a partition owns',
    format('they would go with the old table: ALTER SEQUENCE ... OWNED BY %s.%I', source.oid::regclass, a.attname),
    s.oid::regclass || ' of ' || d.refobjid::regclass
  FROM source
  JOIN pg_depend AS d
    ON d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'a'
    AND d.refobjid IN (SELECT oid FROM tree) AND d.refobjid <> source.oid
  JOIN pg_class AS s ON s.oid = d.objid AND s.relkind = 'S'
  JOIN pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
  UNION ALL
  SELECT
    'definitions that hold the table itself',
    'the new table would have the old one in them: give its name as text, or take them off before the run and add them again after the swap',
    own.name
  FROM own
  WHERE own.tree LIKE '%:consttype 2205 %' AND EXISTS (
    SELECT FROM (SELECT oid FROM whole UNION SELECT oid FROM tree) AS held
    WHERE strpos(own.printed, format('%L::regclass', held.oid::regclass::text)) > 0)
  UNION ALL
  SELECT
    'definitions that name the row as a whole',
    'PostgreSQL can''t give them to another table: name the columns instead, or drop them',
    own.name
  FROM own WHERE own.tree ~ ':varattno 0 '
  UNION ALL
  SELECT
    'definitions that ask for tableoid',
    'it is that of the partition afterwards, so they say something else: drop them',
    own.name
  FROM (
    SELECT name, tree FROM own
    UNION ALL
    SELECT 'policy ' || quote_ident(p.polname), concat_ws(' ', p.polqual::text, p.polwithcheck::text)
    FROM source JOIN pg_policy AS p ON p.polrelid = source.oid
  ) AS own
  WHERE own.tree ~ ':varno 1 :varattno -6 '
  UNION ALL
  SELECT
    'functions that PostgreSQL prints wrong',
    'a parameter without a name as "", which pg_dump does, too: CREATE OR REPLACE them with names for all parameters',
    p.oid::regprocedure::text
  FROM dependent
  JOIN pg_proc AS p ON dependent.classid = 'pg_proc'::regclass AND p.oid = dependent.objid
  WHERE ('' = ANY (p.proargnames) AND strpos(pg_get_function_sqlbody(p.oid), quote_ident(p.proname) || '.""') > 0)
), told AS (
  SELECT subject, array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END || '; ' || advice AS actual
  FROM found AS listed
  GROUP BY subject, advice
)
SELECT
  kind.subject,
  'none' AS expected,
  coalesce(string_agg(told.actual, '. ' ORDER BY told.actual), 'none') AS actual,
  count(told.actual) = 0 AS passed
FROM (
  VALUES
    ('what is bound to the table itself'),
    ('sequences that a partition owns'),
    ('definitions that hold the table itself'),
    ('definitions that name the row as a whole'),
    ('definitions that ask for tableoid'),
    ('functions that PostgreSQL prints wrong')
) AS kind (subject)
LEFT JOIN told USING (subject)
GROUP BY kind.subject
) AS finding;
-- assertion findings (sql/repartition/check/accept.sql): What is given up by name is there.
SELECT pg_temp.executor_assert('step check: What is given up by name is there.', json_agg(finding)) FROM (
SELECT 'accept' AS subject, 'the names of things that hang on the table' AS expected, 'nothing is given up' AS actual, true AS passed
) AS finding;
-- assertion findings (sql/repartition/check/enforce.sql): Triggers can do the work of foreign keys that are given up.
SELECT pg_temp.executor_assert('step check: Triggers can do the work of foreign keys that are given up.', json_agg(finding)) FROM (
SELECT
  'foreign keys whose work triggers shall do' AS subject,
  'such as a trigger can do' AS expected,
  coalesce(array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END    || '. Let nothing do its work (--var enforce=none), or change or drop the key', 'such as a trigger can do') AS actual,
  count(listed.name) = 0 AS passed
FROM (VALUES (NULL::text)) AS listed (name)
) AS finding;
-- assertion findings (sql/repartition/check/meaning.sql): What reads and writes the table does the same with partitions.
SELECT pg_temp.executor_assert('step check: What reads and writes the table does the same with partitions.', json_agg(finding)) FROM (
WITH source AS (
  SELECT c.oid, c.relkind, n.nspname, c.relname,
    -- as PostgreSQL prints it in a definition, and as a function may have it; no more letters follow
    '\mONLY ' || regexp_replace(c.oid::regclass::text, '([^[:alnum:]_])', '\\\1', 'g') || '(?![[:alnum:]_$."])' AS only_printed,
    format('\mONLY\s*\(?\s*("?%s"?\s*\.\s*)?"?%s"?(?![[:alnum:]_$".])',
      regexp_replace(n.nspname, '([^[:alnum:]_])', '\\\1', 'g'),
      regexp_replace(c.relname, '([^[:alnum:]_])', '\\\1', 'g')) AS only_written
  FROM (SELECT to_regclass('"public"."chunks"')::oid AS oid) AS named
  JOIN pg_class AS c USING (oid)
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
), reader AS (
  SELECT DISTINCT d.classid, d.objid
  FROM source
  JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = source.oid
  WHERE source.relkind = 'r'
), found (subject, advice, name) AS (
  SELECT 'views, rules, policies and functions that say ONLY',
    'ONLY finds no row of a partitioned table; leave the word out, which is the same today', object.identity
  FROM source, reader
  LEFT JOIN pg_rewrite AS r ON reader.classid = 'pg_rewrite'::regclass AND r.oid = reader.objid
  LEFT JOIN pg_proc AS f ON reader.classid = 'pg_proc'::regclass AND f.oid = reader.objid
  LEFT JOIN pg_policy AS p ON reader.classid = 'pg_policy'::regclass AND p.oid = reader.objid
  CROSS JOIN LATERAL (
    SELECT (pg_identify_object(
      CASE WHEN r.rulename = '_RETURN' THEN 'pg_class'::regclass ELSE reader.classid END,
      CASE WHEN r.rulename = '_RETURN' THEN r.ev_class ELSE reader.objid END, 0)).identity
  ) AS object
  WHERE concat_ws(' ', pg_get_ruledef(r.oid), pg_get_function_sqlbody(f.oid),
    pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) ~ source.only_printed
  UNION ALL
  SELECT 'functions in whose text is ONLY and the table''s name',
    'ONLY finds no row of a partitioned table; leave the word out, which is the same today',
    (pg_identify_object('pg_proc'::regclass, f.oid, 0)).identity
  FROM source
  JOIN pg_proc AS f ON f.prosrc ~* source.only_written
  JOIN pg_language AS l ON l.oid = f.prolang AND l.lanname NOT IN ('c', 'internal')
  WHERE source.relkind = 'r' AND f.pronamespace <> 'pg_catalog'::regnamespace
  UNION ALL
  -- Of one whose host is a name nobody knows here which server it is.
  SELECT 'foreign tables of this server on the table',
    'postgres_fdw finds rows by ctid alone, and one ctid is then in every partition: an UPDATE or DELETE through it '
      'would change other rows, too. Write to the table itself, or ALTER FOREIGN TABLE ... OPTIONS (ADD updatable ''false'')',
    (pg_identify_object('pg_class'::regclass, f.relation, 0)).identity
  FROM source
  JOIN (
SELECT
  t.ftrelid AS relation,
  (host.name ~ '^(/|localhost$|127\.|::1$)' OR host.name = host(inet_server_addr()))
    AND coalesce(o.options ->> 'port', current_setting('port')) = current_setting('port') AS here
FROM pg_foreign_table AS t
JOIN pg_class AS c ON c.oid = t.ftrelid
JOIN pg_foreign_server AS s ON s.oid = t.ftserver
JOIN pg_foreign_data_wrapper AS w ON w.oid = s.srvfdw
JOIN pg_proc AS p ON p.oid = w.fdwhandler AND p.proname = 'postgres_fdw_handler'
CROSS JOIN LATERAL (
  SELECT coalesce(jsonb_object_agg(option_name, option_value), '{}') AS options
  FROM pg_options_to_table(s.srvoptions || t.ftoptions)
) AS o
CROSS JOIN LATERAL (SELECT coalesce(o.options ->> 'host', o.options ->> 'hostaddr', '/')) AS host (name)
WHERE coalesce(o.options ->> 'table_name', c.relname) = 'chunks'
  AND coalesce(o.options ->> 'schema_name', c.relnamespace::regnamespace::name) = 'public'
  AND coalesce(o.options ->> 'dbname', current_database()) = current_database()
  AND coalesce(o.options ->> 'updatable', 'true') <> 'false'
  ) AS f ON f.here
  UNION ALL
  SELECT 'row triggers that may take something away with a row',
    'an UPDATE of collection_id moves the row to another partition, and PostgreSQL does that by DELETE and INSERT: the trigger is fired as if the row was gone. Let it look whether the row is there; or, where collection_id is never updated,',
    'moved rows: ' || (pg_identify_object('pg_trigger'::regclass, t.oid, 0)).identity
  FROM source
  JOIN pg_trigger AS t ON t.tgrelid = source.oid AND NOT t.tgisinternal AND t.tgenabled <> 'D' AND t.tgtype & 9 = 9
  JOIN pg_proc AS f ON f.oid = t.tgfoid
  JOIN pg_language AS l ON l.oid = f.prolang
  -- nobody can look into lo_manage and the like; the one of tcn does nothing but tell
  WHERE (l.lanname <> 'plpgsql' AND f.prosrc <> 'triggered_change_notification'
      OR f.prosrc ~* '\m(delete\s+from|truncate|lo_unlink)\M'
      OR t.tgtype & 2 = 2 AND f.prosrc ~* '\mreturn\s+null\M')
    -- in the place of a foreign key, of an earlier run: it looks whether the row is there
    AND f.proname !~ '_keeps_key[0-9]+_[0-9]{8}_[0-9]{6}$'
    AND NOT EXISTS (  -- it moves already
      SELECT FROM pg_partitioned_table AS p
      JOIN pg_attribute AS a ON a.attrelid = p.partrelid AND a.attnum = ANY (p.partattrs::int2[])
      WHERE p.partrelid = source.oid AND a.attname = 'collection_id')
), named AS (
  SELECT DISTINCT * FROM found WHERE name <> ALL ('{}'::text[])
)
SELECT
  kind.subject,
  'none, or accepted by the plan' AS expected,
  coalesce(array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END || '; ' || max(listed.advice)
    || CASE WHEN kind.subject ~ '^row triggers' THEN ' accept: [their names]' ELSE '. Or accept: [their names]' END, 'none') AS actual,
  count(listed.name) = 0 AS passed
FROM (
  VALUES
    ('views, rules, policies and functions that say ONLY'),
    ('functions in whose text is ONLY and the table''s name'),
    ('foreign tables of this server on the table'),
    ('row triggers that may take something away with a row')
) AS kind (subject)
LEFT JOIN named AS listed USING (subject)
GROUP BY kind.subject
) AS finding;
-- assertion findings (sql/repartition/check/managers.sql): No other tool manages the table.
DO $executor$
DECLARE
  item record;
  said text;
  findings jsonb := '[]';
BEGIN
  FOR item IN
    WITH trusted AS MATERIALIZED (
SELECT oid FROM pg_temp.executor_trusted_roles() AS trusted (oid)
    )
    SELECT known.tool, c.oid::regclass AS register, known.said,
      has_table_privilege(c.oid, 'SELECT') AND has_schema_privilege(c.relnamespace, 'USAGE') AND NOT row_security_active(c.oid)
        AND c.relowner IN (SELECT oid FROM trusted) AND NOT EXISTS (SELECT FROM pg_inherits AS i WHERE i.inhparent = c.oid) AS readable,
      source.oid AS source
    FROM (SELECT to_regclass('"public"."chunks"')::oid AS oid) AS source
    JOIN (
      VALUES
        ('TimescaleDB', 'hypertable', '{"schema_name","table_name","associated_schema_name"}'::text[], E'SELECT \x24\x24here\x24\x24 FROM %1\x24s WHERE schema_name = %2\x24L AND table_name = %3\x24L'),
        ('Citus', 'pg_dist_partition', '{"logicalrelid","partmethod"}'::text[], E'SELECT \x24\x24here\x24\x24 FROM %1\x24s WHERE logicalrelid = %4\x24L::oid'),
        ('pg_partman', 'part_config', '{"parent_table","control"}'::text[], E'SELECT parent_table FROM %1\x24s WHERE parent_table = %2\x24L || \x24\x24.\x24\x24 || %3\x24L'),
        ('pg_squeeze', 'tables', '{"tabschema","tabname"}'::text[], E'SELECT tabname FROM %1\x24s WHERE tabschema = %2\x24L AND tabname = %3\x24L'),
        ('pglogical', 'replication_set_table', '{"set_id","set_reloid"}'::text[], E'SELECT set_id FROM %1\x24s WHERE set_reloid = %4\x24L::oid LIMIT 1')
    ) AS known (tool, name, columns, said) ON source.oid IS NOT NULL
    JOIN pg_class AS c ON c.relname = known.name AND c.relkind = 'r'
    WHERE (
      SELECT count(*) FROM pg_attribute AS a
      WHERE a.attrelid = c.oid AND a.attname = ANY (known.columns) AND a.atttypid < 16384 AND a.attgenerated = ''
    ) = cardinality(known.columns)
    UNION ALL
    -- whatever extension it is, a number that it keeps is that of the old table afterwards
    SELECT e.extname, c.oid::regclass, format('SELECT $$$$ FROM %%1$s WHERE %I = %%4$L::oid LIMIT 1', a.attname),
      has_table_privilege(c.oid, 'SELECT') AND has_schema_privilege(c.relnamespace, 'USAGE') AND NOT row_security_active(c.oid)
        AND c.relowner IN (SELECT oid FROM trusted) AND NOT EXISTS (SELECT FROM pg_inherits AS i WHERE i.inhparent = c.oid), source.oid
    FROM (SELECT to_regclass('"public"."chunks"')::oid AS oid) AS source
    JOIN pg_extension AS e ON source.oid IS NOT NULL
    JOIN pg_depend AS d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.classid = 'pg_class'::regclass AND d.deptype = 'e'
    JOIN pg_class AS c ON c.oid = d.objid AND c.relkind = 'r'
    JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.atttypid = 'regclass'::regtype AND a.attgenerated = '' AND NOT a.attisdropped
    ORDER BY 1, 2
  LOOP
    said := NULL;
    IF item.readable THEN
      EXECUTE format(item.said, item.register, 'public', 'chunks', item.source) INTO said;
    END IF;
    findings := findings || jsonb_build_object('tool', item.tool, 'register', item.register, 'said', said, 'readable', item.readable);
  END LOOP;
  PERFORM set_config('executor.findings', findings::text, true);
END
$executor$;
SELECT pg_temp.executor_assert('step check: No other tool manages the table.', json_agg(finding)) FROM (
WITH source AS (
  SELECT to_regclass('"public"."chunks"')::oid AS oid
), tree AS (
SELECT oid FROM (WITH RECURSIVE tree (oid) AS (
  SELECT to_regclass('"public"."chunks"')::oid UNION SELECT i.inhrelid FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.oid
) SELECT oid FROM tree) AS of_table
), asked AS (
  SELECT * FROM jsonb_to_recordset(current_setting('executor.findings')::jsonb) AS asked (tool text, register text, said text, readable boolean)
), owning (tool) AS (
  SELECT 'extension ' || e.extname
  FROM tree
  JOIN pg_depend AS d ON d.classid = 'pg_class'::regclass AND d.objid = tree.oid AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
  JOIN pg_extension AS e ON e.oid = d.refobjid
  UNION
  SELECT CASE t.tgname WHEN 'ts_insert_blocker' THEN 'TimescaleDB' ELSE 'Citus' END
  FROM tree JOIN pg_trigger AS t ON t.tgrelid = tree.oid AND (t.tgname = 'ts_insert_blocker' OR t.tgname LIKE 'citus\_truncate%')
  UNION
  SELECT tool FROM asked WHERE said IS NOT NULL AND tool IN ('TimescaleDB', 'Citus')
  UNION
  SELECT 'logical replication' FROM tree JOIN pg_subscription_rel AS s ON s.srrelid = tree.oid
), managing (tool, said) AS (
  SELECT tool, 'pg_partman has it in ' || register || ', and its maintenance stops for all tables once it finds partitions that it did not '
    'make. Take it out first (DELETE FROM ' || register || ' WHERE parent_table = ' || quote_literal(said) || '): the new table needs no maintenance, but '
    'nothing drops old rows then, where that had a retention'
  FROM asked WHERE tool = 'pg_partman' AND said IS NOT NULL
  UNION ALL
  SELECT tool, 'pg_squeeze has it in ' || register || ', and moves rows to other places while they are copied. Take it out first (DELETE FROM '
    || register || ' WHERE tabschema = ' || quote_literal('public') || ' AND tabname = ' || quote_literal(said) || '); it does not squeeze a partitioned table'
  FROM asked WHERE tool = 'pg_squeeze' AND said IS NOT NULL
  UNION ALL
  SELECT tool, register || ' has it in a replication set, by its number: the new table would not be replicated. Take it out first, '
    'and put the new table in afterwards'
  FROM asked WHERE tool = 'pglogical' AND said IS NOT NULL
  UNION ALL
  SELECT tool, tool || ' knows it by its number (' || string_agg(DISTINCT register, ', ') || '), which the old table keeps. Take it out there first, and '
    'put the new table in afterwards'
  FROM asked WHERE said = '' AND tool NOT IN ('TimescaleDB', 'Citus') AND register NOT IN (SELECT register FROM asked WHERE said <> '')
  GROUP BY tool
  UNION ALL
  SELECT extname, extname || ' replicates all tables of this database, and what is done to them: backup, log and new table, too'
  FROM pg_extension WHERE extname IN ('pgactive', 'bdr')
  UNION ALL
  -- such as a view that is kept up to date; PostgreSQL's own internal triggers are those of constraints
  SELECT coalesce(e.extname, t.tgfoid::regproc::text), 'triggers that ' || coalesce('extension ' || e.extname, 'nobody can see')
    || ' has made for itself do not come along: ' || string_agg(DISTINCT t.tgfoid::regproc::text, ', ') || '. Drop what made them, and make it again afterwards'
  FROM tree
  JOIN pg_trigger AS t ON t.tgrelid = tree.oid AND t.tgisinternal AND t.tgconstraint = 0 AND t.tgparentid = 0
  LEFT JOIN pg_depend AS d ON d.classid = 'pg_proc'::regclass AND d.objid = t.tgfoid AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
  LEFT JOIN pg_extension AS e ON e.oid = d.refobjid
  GROUP BY e.extname, CASE WHEN e.oid IS NULL THEN t.tgfoid END, coalesce(e.extname, t.tgfoid::regproc::text)
)
SELECT
  'ownership by another tool' AS subject, 'none' AS expected,
  coalesce(string_agg(tool, ', ' ORDER BY tool) || '; its tables have rules of their own', 'none') AS actual,
  count(tool) = 0 AS passed
FROM owning
UNION ALL
SELECT
  'other tools that manage the table', 'none, or accepted by the plan',
  coalesce(string_agg(managing.said, '. ' ORDER BY managing.tool) || '. Or leave it so: accept: ['
    || string_agg(DISTINCT 'manager ' || managing.tool, ', ') || ']', 'none'),
  count(managing.tool) = 0
FROM source
LEFT JOIN managing ON source.oid IS NOT NULL AND 'manager ' || managing.tool <> ALL ('{}'::text[])
UNION ALL
SELECT
  'what other tools manage', 'can be read',
  coalesce(string_agg(DISTINCT asked.register, ', ') || ' can''t be read by this role, or belongs to one that it does not trust: see whether the table is in there', 'can be read'),
  CASE WHEN count(asked.register) = 0 THEN true END
FROM source LEFT JOIN asked ON NOT asked.readable
) AS finding;
-- assertion findings (sql/repartition/check/publications.sql): Publications go on with the new table.
SELECT pg_temp.executor_assert('step check: Publications go on with the new table.', json_agg(finding)) FROM (
WITH source AS (
  SELECT c.*
  FROM (SELECT to_regclass('"public"."chunks"')::oid AS oid) AS named
  LEFT JOIN pg_class AS c USING (oid)
), leaf AS (
  SELECT c.* FROM pg_class AS c
  WHERE c.relkind = 'r' AND c.oid IN (
SELECT oid FROM (WITH RECURSIVE tree (oid) AS (
  SELECT to_regclass('"public"."chunks"')::oid UNION SELECT i.inhrelid FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.oid
) SELECT oid FROM tree) AS of_table
  )
), publication AS (
SELECT * FROM jsonb_to_recordset('{"found": []}'::jsonb -> 'found') AS publication (
  name text, owner text, may_alter boolean, via_root boolean, publishes_changes boolean, accepted boolean, is_named boolean,
  columns jsonb, where_sql text, filtered text[], others text[])
), key AS (
  SELECT i.indisexclusion, ARRAY(
    SELECT a.attname::text FROM pg_attribute AS a WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey::int2[])) AS columns
  FROM source JOIN pg_index AS i ON i.indrelid = source.oid AND i.indisprimary
), identity AS (
  -- what the partitions will have of it, as the oldest that holds rows now
  SELECT leaf.relreplident AS kind,
    leaf.relreplident = 'i' AND NOT EXISTS (
      SELECT FROM pg_index AS i WHERE i.indrelid = source.oid AND i.indisreplident) AS becomes_full
  FROM source, leaf ORDER BY leaf.oid LIMIT 1
), list AS (
  -- an UPDATE fails if the list of columns has not all that identifies a row
  SELECT publication.*, (
    SELECT string_agg(quote_ident(name), ', ')
    FROM unnest('{}'::text[]) AS name
    WHERE identity.kind = 'd' AND EXISTS (SELECT FROM key)
      AND name NOT IN (SELECT jsonb_array_elements_text(publication.columns))) AS missing,
    identity.becomes_full
  FROM publication, identity
  WHERE publication.publishes_changes AND publication.columns <> '[]'
), found (subject, advice, name) AS (
  SELECT 'publications that would name partitions',
    'subscribers know none of the new partitions, and receive nothing more of them. Before the run ALTER PUBLICATION ... SET '
      '(publish_via_partition_root = true) and tell its subscribers; or publish the table in a publication of its own',
    'publication ' || quote_ident(name) || ' (' || CASE
      WHEN others <> '{}' THEN 'publishes via partition roots would change what subscribers receive of '
        || (SELECT array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END FROM unnest(others) AS listed (name))
      WHEN source.relkind = 'p' THEN 'names the partitions of now'
      ELSE 'can be altered by ' || quote_ident(owner) || ' alone' END || ')'
  FROM publication, source
  WHERE NOT via_root AND (others <> '{}' OR source.relkind = 'p' OR NOT is_named AND NOT may_alter)
    -- accepted, it stays as it is, which a list or a filter forbids
    AND NOT (accepted AND columns = '[]' AND where_sql IS NULL)
  UNION ALL
  SELECT 'partitions published one by one',
    'they are the old table''s then, and subscribers receive nothing more. Publish the whole table instead: ALTER PUBLICATION ... '
      'DROP TABLE its partitions, ADD TABLE the table, SET (publish_via_partition_root = true). Or give them up: accept: [their names]',
    object.identity
  FROM source
  JOIN pg_publication_rel AS r ON r.prrelid <> source.oid AND r.prrelid IN (
SELECT oid FROM (WITH RECURSIVE tree (oid) AS (
  SELECT to_regclass('"public"."chunks"')::oid UNION SELECT i.inhrelid FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.oid
) SELECT oid FROM tree) AS of_table
  )
  CROSS JOIN pg_identify_object('pg_publication_rel'::regclass, r.oid, 0) AS object
  WHERE object.identity <> ALL ('{}'::text[])
  UNION ALL
  SELECT 'lists of columns in publications',
    'what identifies a row of a partition has to be in the list, else every UPDATE and DELETE fails after the swap. '
      'Add it to the list (ALTER PUBLICATION ... DROP TABLE, ADD TABLE in one transaction), or publish the table without a list',
    format('%I without %s', name, coalesce(missing, 'a column that is not in it'))
  FROM list WHERE missing IS NOT NULL OR becomes_full
  UNION ALL
  SELECT 'replica identity',
    'the partitions will have one like it, and an UPDATE or DELETE that is published would fail. ALTER TABLE ... REPLICA '
      'IDENTITY FULL first, on all of them',
    CASE WHEN key.indisexclusion THEN 'primary key WITHOUT OVERLAPS of ' || source.oid::regclass
      ELSE other.oid::regclass || ' unlike ' || leaf.oid::regclass END
  FROM source
  JOIN leaf ON leaf.oid = (SELECT min(oid) FROM leaf)
  LEFT JOIN key ON leaf.relreplident = 'd' AND key.indisexclusion
  LEFT JOIN leaf AS other ON other.relreplident <> leaf.relreplident
  WHERE EXISTS (SELECT FROM publication WHERE publishes_changes) AND (key.indisexclusion OR other.oid IS NOT NULL)
)
SELECT
  kind.subject,
  kind.expected,
  coalesce(array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END || '; ' || max(listed.advice)
    || CASE kind.subject WHEN 'publications that would name partitions' THEN
         '. Or leave them as they are: accept: [publication NAME]' ELSE '' END, kind.expected) AS actual,
  count(listed.name) = 0 AS passed
FROM (
  VALUES
    ('publications that would name partitions', 'none, or accepted by the plan'),
    ('partitions published one by one', 'none, or accepted by the plan'),
    ('lists of columns in publications', 'contain what identifies a row'),
    ('replica identity', 'the same in all partitions, where changes are published')
) AS kind (subject, expected)
LEFT JOIN found AS listed USING (subject)
GROUP BY kind.subject, kind.expected
) AS finding;
-- assertion findings (sql/repartition/check/event_triggers.sql): Nothing forbids what the plan makes and drops.
SELECT pg_temp.executor_assert('step check: Nothing forbids what the plan makes and drops.', json_agg(finding)) FROM (
WITH found AS (
  SELECT quote_ident(e.evtname) AS name, format('%s, whose function has: %s', quote_ident(e.evtname), left(line.raised, 120)) AS said
  FROM pg_event_trigger AS e
  JOIN pg_proc AS f ON f.oid = e.evtfoid
  CROSS JOIN LATERAL (
    SELECT btrim((regexp_match(f.prosrc, '([^\n]*\mraise\s+(?!debug\M|log\M|info\M|notice\M|warning\M)[^\n]*)', 'i'))[1]) AS raised
  ) AS line
  WHERE e.evtenabled IN ('O', 'A') AND e.evtevent IN ('ddl_command_start', 'ddl_command_end', 'sql_drop', 'table_rewrite')
    AND line.raised IS NOT NULL
    AND (e.evttags IS NULL OR e.evttags && ARRAY[
      'ALTER FUNCTION', 'ALTER INDEX', 'ALTER MATERIALIZED VIEW', 'ALTER POLICY', 'ALTER PUBLICATION', 'ALTER SEQUENCE',
      'ALTER STATISTICS', 'ALTER TABLE', 'ALTER VIEW', 'COMMENT', 'CREATE FUNCTION', 'CREATE INDEX',
      'CREATE MATERIALIZED VIEW', 'CREATE POLICY', 'CREATE PROCEDURE', 'CREATE RULE', 'CREATE SCHEMA',
      'CREATE STATISTICS', 'CREATE TABLE', 'CREATE TABLE AS', 'CREATE TRIGGER', 'CREATE VIEW', 'DROP FUNCTION',
      'DROP INDEX', 'DROP MATERIALIZED VIEW', 'DROP POLICY', 'DROP PROCEDURE', 'DROP RULE', 'DROP TABLE',
      'DROP TRIGGER', 'DROP VIEW', 'GRANT', 'REFRESH MATERIALIZED VIEW', 'REVOKE'])
)
SELECT
  'event triggers that can forbid a statement of the plan' AS subject,
  'none, or accepted by the plan' AS expected,
  coalesce(string_agg(said, '; ' ORDER BY name) || '. If it forbids what the plan makes or drops, the run stops there, and so does '
    'its rollback: disable it while the plan runs. Or, where it has nothing against that, accept: [its name]', 'none') AS actual,
  count(name) = 0 AS passed
FROM found
WHERE name <> ALL ('{}'::text[])
) AS finding;
-- assertion findings (sql/repartition/check/rows.sql): Every row has a place in the new table.
CALL pg_temp.executor_ask_foreign_code(reads => ARRAY['"public"."chunks"']);
DO $executor$
DECLARE
  source regclass := (
    SELECT oid FROM pg_class
    WHERE oid = to_regclass('"public"."chunks"') AND relkind IN ('r', 'p')
      AND has_table_privilege(oid, 'SELECT') AND NOT row_security_active(oid)
      AND current_setting('executor.foreign_code') = '');
  -- by the number of the table that is referred to: code that even looking a key up would run
  strange jsonb := (
    SELECT coalesce(jsonb_object_agg(f.confrelid, found.code) FILTER (WHERE found.code IS NOT NULL), '{}')
    FROM pg_constraint AS f
    CROSS JOIN LATERAL (SELECT (WITH RECURSIVE trusted AS MATERIALIZED (
SELECT oid FROM pg_temp.executor_trusted_roles() AS trusted (oid)
), tree (oid) AS (
  SELECT looked_up.oid::oid
  UNION SELECT i.inhrelid FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.oid
), relation AS (
  SELECT c.oid FROM tree JOIN pg_class AS c USING (oid) WHERE c.relowner NOT IN (SELECT oid FROM trusted)
), expression (relation, tree) AS (
  SELECT i.indrelid, concat_ws(' ', i.indexprs::text, i.indpred::text) FROM relation JOIN pg_index AS i ON i.indrelid = relation.oid
  UNION ALL
  SELECT s.stxrelid, s.stxexprs::text FROM relation JOIN pg_statistic_ext AS s ON s.stxrelid = relation.oid
  UNION ALL
  SELECT c.conrelid, c.conbin::text FROM relation JOIN pg_constraint AS c ON c.conrelid = relation.oid
  UNION ALL
  SELECT p.partrelid, p.partexprs::text FROM relation JOIN pg_partitioned_table AS p ON p.partrelid = relation.oid
), called (relation, function) AS (
  SELECT relation, (regexp_matches(tree, ':(?:funcid|opfuncid) (\d+)', 'g'))[1]::oid FROM expression
  UNION
  SELECT used.relation, o.oprcode
  FROM (SELECT relation, (regexp_matches(tree, ':opno (\d+)', 'g'))[1]::oid FROM expression) AS used (relation, operator)
  JOIN pg_operator AS o ON o.oid = used.operator
)
SELECT string_agg(DISTINCT format('function %s of %s (%s)', p.oid::regprocedure, p.proowner::regrole, called.relation::regclass), ', ')
FROM called JOIN pg_proc AS p ON p.oid = called.function
WHERE p.proowner NOT IN (SELECT oid FROM trusted) OR (p.oid < 16384 AND p.provolatile <> 'i' AND (
  p.proname LIKE ANY (ARRAY['%\_to\_xml%', 'lo\_%', 'pg\_input\_%', 'pg\_read\_%', 'pg\_ls\_%', '%\_backend', 'pg\_logical\_%',
    '%replication\_slot%', 'pg\_restore\_%', 'pg\_clear\_%', 'pg\_advisory\_%'])
  OR p.proname IN ('setval', 'ts_stat', 'ts_rewrite', 'set_config', 'loread', 'lowrite', 'domain_in', 'domain_recv', 'array_in',
    'array_recv', 'record_in', 'record_recv', 'range_in', 'range_recv', 'multirange_in', 'multirange_recv',
    'pg_nextoid', 'pg_stop_making_pinned_objects', 'pg_import_system_collations')))
)
 FROM (SELECT f.confrelid) AS looked_up (oid)) AS found (code)
    WHERE f.conrelid = to_regclass('"public"."chunks"') AND f.contype = 'f' AND f.conparentid = 0);
  findings jsonb := (
    SELECT jsonb_build_array(jsonb_build_object('subject', 'tables that foreign keys refer to', 'expected', 'without code of others',
      'passed', count(listed.name) = 0, 'actual', coalesce(array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END        || ' would run with the rights of this role, and in every check of the keys: let its owner drop what calls it', 'without code of others')))
    FROM jsonb_each_text(strange) AS listed (number, name));
  item record;
  counted bigint;
  said text;
BEGIN
  FOR item IN
    WITH expression (classid, objid, attnum, kind, name, printed, tree, filter) AS (
      SELECT 'pg_constraint'::regclass::oid, c.oid, 0::smallint, CASE WHEN c.convalidated THEN 'check' ELSE 'new check' END, quote_ident(c.conname),
        pg_get_expr(c.conbin, c.conrelid), c.conbin::text, NULL
      FROM pg_constraint AS c
      WHERE c.conrelid = source AND c.contype = 'c' AND to_jsonb(c) ->> 'conenforced' IS DISTINCT FROM 'false'
      UNION ALL
      SELECT 'pg_attrdef'::regclass, d.oid, d.adnum, 'column', quote_ident(a.attname), pg_get_expr(d.adbin, d.adrelid), d.adbin::text, NULL
      FROM pg_attrdef AS d JOIN pg_attribute AS a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
      WHERE d.adrelid = source AND a.attgenerated = 's'
      UNION ALL
      SELECT 'pg_class'::regclass, i.indexrelid, 0, 'index', i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid, place, false),
        i.indexprs::text, pg_get_expr(i.indpred, i.indrelid)
      FROM pg_index AS i CROSS JOIN generate_series(1, i.indnkeyatts) AS place
      WHERE i.indrelid = source AND i.indkey[place - 1] = 0
      UNION ALL
      SELECT 'pg_class'::regclass, i.indexrelid, 0, 'index', i.indexrelid::regclass::text, pg_get_expr(i.indpred, i.indrelid), i.indpred::text, NULL
      FROM pg_index AS i WHERE i.indrelid = source AND i.indpred IS NOT NULL
      UNION ALL
      SELECT 'pg_statistic_ext'::regclass, s.oid, 0, 'statistics', quote_ident(s.stxname), printed, s.stxexprs::text, NULL
      FROM pg_statistic_ext AS s CROSS JOIN unnest(pg_get_statisticsobjdef_expressions(s.oid)) AS printed
      WHERE s.stxrelid = source AND s.stxexprs IS NOT NULL
    ), may_differ AS (
      -- all that is PostgreSQL's own and immutable says today what it said
      SELECT e.*, called.functions
      FROM expression AS e
      CROSS JOIN LATERAL (
        SELECT
          bool_or(p.oid >= 16384 OR p.provolatile <> 'i'),
          string_agg(DISTINCT p.oid::regprocedure::text, ', ') FILTER (
            WHERE p.oid >= 16384 AND l.lanname NOT IN ('c', 'internal')
              AND NOT EXISTS (SELECT FROM unnest(p.proconfig) AS setting WHERE starts_with(setting, 'search_path=')))
        FROM regexp_matches(e.tree, ':(?:funcid|opfuncid) (\d+)', 'g') AS found (id)
        JOIN pg_proc AS p ON p.oid = found.id[1]::oid
        JOIN pg_language AS l ON l.oid = p.prolang
      ) AS called (differ, functions)
      WHERE called.differ OR e.tree ~ '\{(SQLVALUEFUNCTION|COERCEVIAIO|COERCETODOMAIN) '
    )
    SELECT
      format('rows without %I', attname) AS subject,
      '0' AS expected,
      'they have no partition; give them a value, or delete them' AS advice,
      -- PostgreSQL sees to it, unless the constraint is not valid yet, or children need not have it
      CASE WHEN attnotnull AND NOT EXISTS (
          SELECT FROM pg_constraint AS c
          WHERE c.conrelid = attrelid AND c.contype = 'n' AND attnum = ANY (c.conkey) AND (NOT c.convalidated OR c.connoinherit))
        AND ((SELECT relkind FROM pg_class WHERE oid = source) = 'p' OR NOT EXISTS (SELECT FROM pg_inherits WHERE inhparent = source))
        THEN 'SELECT 0'
        ELSE format('SELECT count(*) FROM %s WHERE %I IS NULL', source, attname) END AS query,
      NULL AS functions
    FROM pg_attribute
    WHERE attrelid = source AND attname = ANY ('{"collection_id"}'::text[]) AND attnum > 0 AND NOT attisdropped
    UNION ALL
    SELECT
      CASE kind WHEN 'new check' THEN 'CHECK' WHEN 'check' THEN 'CHECK' WHEN 'column' THEN 'generated column' ELSE kind END || ' ' || name,
      CASE kind WHEN 'check' THEN 'holds for every row' WHEN 'column' THEN 'has what its expression makes' ELSE 'can be computed for every row' END,
      CASE kind WHEN 'column' THEN format('rows have something else, and the copy computes it again; so UPDATE them SET %I = %1$I', (
          -- an UPDATE computes it again if it sets one of these
          SELECT a.attname FROM pg_depend AS d JOIN pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid AND a.attgenerated = ''
          WHERE (d.classid = may_differ.classid AND d.objid = may_differ.objid
              -- before PostgreSQL 15
              OR d.classid = 'pg_class'::regclass AND d.objid = source AND d.objsubid = may_differ.attnum)
            AND d.refclassid = 'pg_class'::regclass AND d.refobjid = source
          ORDER BY a.attnum LIMIT 1))
        ELSE format('rows violate it by now, so they can''t be copied; mend or delete them, or DROP CONSTRAINT %s and ADD it NOT VALID', name) END,
      CASE kind
        WHEN 'check' THEN format('SELECT count(*) FROM %s WHERE NOT (%s)', source, printed)
        WHEN 'column' THEN format('SELECT count(*) FROM %s WHERE ROW(%s)::text COLLATE "C" IS DISTINCT FROM ROW(%s)::text COLLATE "C"', source, name, printed)
        -- no value is wrong, but there may be none
        ELSE format('SELECT 0 * count(ROW(%s)) FROM %s%s', printed, source, ' WHERE ' || filter) END,
      coalesce(functions, '')
    FROM may_differ
    UNION ALL
    SELECT
      format('orphans of %I', f.conname),
      '0',
      format('rows that reference nothing in %s; mend or delete them', f.confrelid::regclass),
      format('SELECT count(*) FROM %s AS c WHERE %s AND NOT EXISTS (SELECT FROM %s AS r WHERE %s)',
        source, string_agg(format('c.%I IS NOT NULL', c.attname), ' AND '), f.confrelid::regclass,
        string_agg(format('r.%I OPERATOR(%I.%s) c.%I', r.attname, n.nspname, o.oprname, c.attname), ' AND ')),
      NULL
    FROM pg_constraint AS f
    CROSS JOIN LATERAL unnest(f.conkey, f.confkey, f.conpfeqop) AS pair (own, referenced, operator)
    JOIN pg_attribute AS c ON c.attrelid = f.conrelid AND c.attnum = pair.own
    JOIN pg_attribute AS r ON r.attrelid = f.confrelid AND r.attnum = pair.referenced
    JOIN pg_operator AS o ON o.oid = pair.operator
    JOIN pg_namespace AS n ON n.oid = o.oprnamespace
    JOIN pg_class AS other ON other.oid = f.confrelid
    WHERE f.conrelid = source AND f.contype = 'f' AND f.conparentid = 0
      AND to_jsonb(f) ->> 'conenforced' IS DISTINCT FROM 'false'
      AND has_schema_privilege(other.relnamespace, 'USAGE') AND has_table_privilege(other.oid, 'SELECT') AND NOT row_security_active(other.oid)
      AND NOT strange ? f.confrelid::text
    GROUP BY f.oid, f.conname, f.confrelid
  LOOP
    said := NULL;
    IF item.functions IS NULL THEN
      EXECUTE item.query INTO counted;
    ELSE
      BEGIN
        EXECUTE item.query INTO counted;
      EXCEPTION
        WHEN lock_not_available OR deadlock_detected OR serialization_failure THEN
          RAISE;
        WHEN undefined_function OR undefined_table OR undefined_column OR undefined_object OR invalid_schema_name THEN
          said := format('%s: it relies on the search_path, and that of the plan is pg_catalog alone. ALTER FUNCTION %s SET search_path = '
                         'the schemas in which it looks', SQLERRM, coalesce(nullif(item.functions, ''), '...'));
        WHEN OTHERS THEN
          said := format('%s. The copy would stop there, too; mend the function, or the rows', SQLERRM);
      END;
    END IF;
    findings := findings || jsonb_build_object('subject', item.subject, 'expected', item.expected, 'passed', said IS NULL AND counted = 0,
      'actual', coalesce(said, CASE WHEN counted > 0 THEN format(CASE item.expected WHEN '0' THEN '%s: %s' ELSE '%s %s' END, counted, item.advice)
        ELSE item.expected END));
  END LOOP;
  PERFORM set_config('executor.findings', findings::text, true);
END
$executor$;
SELECT pg_temp.executor_assert('step check: Every row has a place in the new table.', json_agg(finding)) FROM (
SELECT 'rows' AS subject, 'readable' AS expected,
  CASE
    WHEN source.oid IS NULL THEN 'no table yet'
    WHEN readable.is_so THEN 'readable'
    WHEN current_setting('executor.foreign_code') <> '' THEN 'not counted: that would run the code that is refused, and with the rights of this role'
    ELSE 'not readable, so not counted; run the plan as the owner'
  END AS actual,
  source.oid IS NULL OR readable.is_so AS passed
FROM (SELECT to_regclass('"public"."chunks"') AS oid) AS source
CROSS JOIN LATERAL (
  SELECT has_table_privilege(source.oid, 'SELECT') AND NOT row_security_active(source.oid)
    AND current_setting('executor.foreign_code') = ''
) AS readable (is_so)
UNION ALL
SELECT subject, expected, actual, passed
FROM jsonb_to_recordset(current_setting('executor.findings')::jsonb)
  AS finding (subject text, expected text, actual text, passed boolean)
) AS finding;
-- assertion findings (sql/repartition/check/columns.sql): Columns can become what the plan makes of them.
SELECT pg_temp.executor_assert('step check: Columns can become what the plan makes of them.', json_agg(finding)) FROM (
SELECT 'columns' AS subject, 'as they are' AS expected, 'as they are' AS actual, true AS passed
) AS finding;
-- assertion findings (sql/repartition/check/server.sql): The server has room for the new table.
SELECT pg_temp.executor_assert('step check: The server has room for the new table.', json_agg(finding)) FROM (
WITH tree AS (
  SELECT relid FROM (SELECT to_regclass('"public"."chunks"') AS oid) AS source, pg_partition_tree(source.oid)
  UNION SELECT to_regclass('"public"."chunks"')
), source AS (
  SELECT
    (SELECT count(*) FROM tree) AS tables,
    5::bigint AS indexes
), room AS (
  SELECT
    current_setting('max_locks_per_transaction')::bigint AS per_transaction,
    -- as the server counts them for the size of its lock table
    current_setting('max_connections')::bigint + current_setting('max_prepared_transactions')::bigint
      + current_setting('max_worker_processes')::bigint + current_setting('max_wal_senders')::bigint
      + coalesce(current_setting('autovacuum_worker_slots', true), current_setting('autovacuum_max_workers'))::bigint
      + 1 AS transactions,
    -- the new table always has an index for the key, and a sequence or two
    (3 + 1) * (indexes + 2) + tables * (indexes + 1) + 10 AS needed
  FROM source
)
SELECT
  'locks in one transaction' AS subject,
  format('room for %s', needed) AS expected,
  format('room for %s', per_transaction * transactions)
    || CASE WHEN per_transaction * transactions >= needed THEN ''
       ELSE format('; set max_locks_per_transaction to at least %s and restart the server',
                   ceil(needed * 1.2 / transactions)) END AS actual,
  per_transaction * transactions >= needed AS passed
FROM room
UNION ALL
SELECT
  'role of the server', 'accepts writes',
  CASE WHEN pg_is_in_recovery() THEN 'a standby; connect to the primary' ELSE 'accepts writes' END,
  NOT pg_is_in_recovery()
) AS finding;
-- assertion findings (sql/repartition/check/backup.sql): The rows are backed up.
SELECT pg_temp.executor_assert('step check: The rows are backed up.', json_agg(finding), failed_stops => false, unknown_stops => false) FROM (
SELECT
  'backup' AS subject,
  'a copy, or the old table' AS expected,
  'a copy, compared before anything is changed' AS actual,
  true AS passed
) AS finding;
-- assertion findings (sql/repartition/check/changes.sql): Nothing is different afterwards.
CALL pg_temp.executor_ask_foreign_code(reads => ARRAY['"public"."chunks"']);
DO $executor$
DECLARE
  source regclass := (
    SELECT oid FROM pg_class
    WHERE oid = to_regclass('"public"."chunks"') AND relkind IN ('r', 'p')
      AND has_table_privilege(oid, 'SELECT') AND NOT row_security_active(oid)
      AND current_setting('executor.foreign_code') = '');
  most bigint := 0;
  total bigint := 0;
  by_ctid text;
  by_only text;
BEGIN
  IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = source AND attname = 'collection_id') THEN
    SELECT coalesce(max(n), 0), coalesce(sum(n), 0) INTO most, total
    FROM (SELECT count(*) AS n FROM "public"."chunks" AS r GROUP BY r."collection_id") AS counted;
  END IF;
  BEGIN  -- the extension may be missing, not loaded by the server, or silent about others' statements
    EXECUTE (
      SELECT format($query$
SELECT coalesce(
  min(regexp_replace(left(query, 100), '\s+', ' ', 'g')) FILTER (
    WHERE query ~* '\mctid\M' AND query !~* '\mtableoid\M|executor' AND strpos(lower(query), lower(%1$L)) > 0
      AND strpos(lower(query), lower(%2$L)) = 0),
  CASE WHEN NOT bool_or(query = '<insufficient privilege>') THEN 'none' END),
-- a foreign key asks with an operator of pg_catalog
coalesce(
  min(regexp_replace(left(query, 100), '\s+', ' ', 'g')) FILTER (
    WHERE query ~* ('\mONLY\s*\(?\s*[^[:space:](),;]*' || %4$L || '(?![[:alnum:]_$])')
      AND query !~* '^(\s|--[^\n]*\n)*(ALTER|LOCK)\M|OPERATOR\(pg_catalog\.|executor' AND strpos(lower(query), lower(%2$L)) = 0),
  CASE WHEN NOT bool_or(query = '<insufficient privilege>') THEN 'none' END)
FROM %3$I.pg_stat_statements WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
$query$, 'chunks', 'chunks_new', n.nspname,
        regexp_replace('chunks', '([^[:alnum:]_])', '\\\1', 'g'))
      FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace
      WHERE e.extname = 'pg_stat_statements') INTO by_ctid, by_only;
  EXCEPTION WHEN OTHERS THEN
    by_ctid := NULL;
    by_only := NULL;
  END;
  PERFORM set_config('executor.findings',
    jsonb_build_object('most', most, 'total', total, 'by_ctid', by_ctid, 'by_only', by_only)::text, true);
END
$executor$;
SELECT pg_temp.executor_assert('step check: Nothing is different afterwards.', json_agg(finding), failed_stops => false, unknown_stops => false) FROM (
WITH source AS (
  SELECT to_regclass('"public"."chunks"') AS oid
), tree AS (
  SELECT oid FROM source WHERE oid IS NOT NULL
  UNION SELECT tree.relid FROM source, pg_partition_tree(source.oid) AS tree
), key AS (
  SELECT a.* FROM source JOIN pg_attribute AS a ON a.attrelid = source.oid
  WHERE a.attname = 'collection_id' AND a.attnum > 0 AND NOT a.attisdropped
), size AS (
  SELECT coalesce(sum(pg_table_size(oid)), 0) AS heap, coalesce(sum(pg_indexes_size(oid)), 0) AS indexes
  FROM tree
)
SELECT
  'disk space' AS subject,
  'about ' || pg_size_pretty(3 * heap + indexes) || ' free' AS expected,
  pg_size_pretty(heap + indexes) || ' used by the table; backup, new table and WAL come on top, and how much is '
    'free can''t be seen from here' AS actual,
  true AS passed
FROM size
UNION ALL
SELECT
  'names of what is made', 'at most 63 bytes',
  coalesce('cut, with a digest of the whole name in them: ' || array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END, 'at most 63 bytes'),
  count(listed.name) = 0
FROM (VALUES (NULL)
) AS listed (name)
UNION ALL
SELECT
  'largest ' || quote_ident('collection_id'), 'at most 3 times the average partition',
  CASE WHEN spread.total = 0 THEN 'no rows'
    ELSE format('%s of %s rows, %s times', spread.most, spread.total,
                round(spread.most::numeric * 3 / spread.total, 1)) END,
  spread.most * 3 <= 3 * spread.total
FROM jsonb_to_record(current_setting('executor.findings')::jsonb) AS spread (most bigint, total bigint)
UNION ALL
SELECT
  'column ' || quote_ident('collection_id'), 'NOT NULL',
  CASE WHEN a.attnotnull IS NOT FALSE THEN 'NOT NULL'
    ELSE 'may be null now; the new table refuses rows without it' END,
  a.attnotnull IS NOT FALSE
FROM source
LEFT JOIN pg_attribute AS a ON a.attrelid = source.oid AND a.attname = 'collection_id' AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
-- A row is routed before its triggers fire; changing the key then is an error on a partitioned table.
SELECT
  'BEFORE INSERT row triggers', 'none that changes ' || quote_ident('collection_id'),
  coalesce(array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END || ': if one sets the column, inserts will fail', 'none'),
  count(t.oid) = 0
FROM source
LEFT JOIN pg_trigger AS t
  ON t.tgrelid = source.oid AND NOT t.tgisinternal AND t.tgtype & 7 = 7
CROSS JOIN LATERAL (SELECT t.tgname::text) AS listed (name)
UNION ALL
-- A partition's own key changes rows of that partition alone.
SELECT
  'ON UPDATE of foreign keys over ' || quote_ident('collection_id'), 'NO ACTION',
  coalesce(array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END || ': while the plan runs, changing the key of a referenced row '
    'can fail; before and afterwards it works', 'NO ACTION'),
  count(f.oid) = 0
FROM source
LEFT JOIN pg_constraint AS f
  ON f.conrelid = source.oid AND f.contype = 'f' AND f.conparentid = 0 AND f.confupdtype NOT IN ('a', 'r')
  AND (SELECT key.attnum FROM key) = ANY (f.conkey)
CROSS JOIN LATERAL (SELECT f.conname::text) AS listed (name)
UNION ALL
SELECT
  'writers that name a partition', 'none',
  CASE WHEN c.relkind = 'p' THEN 'refused after the swap: the partitions of now belong to the old table then' ELSE 'none' END,
  c.relkind IS DISTINCT FROM 'p'
FROM source LEFT JOIN pg_class AS c ON c.oid = source.oid
UNION ALL
-- One ctid is then in every partition, and such a statement meets rows that it does not mean.
SELECT
  'statements that find rows by ctid alone', 'none',
  CASE
    WHEN seen.by_ctid = 'none' THEN 'none'
    WHEN seen.by_ctid IS NOT NULL THEN
      seen.by_ctid || ': will change or delete other rows, too; let it find them by (tableoid, ctid) or by the key'
    ELSE 'there is no pg_stat_statements that this role may read. Look through the application, and at other servers that '
      'write to the table: postgres_fdw finds rows so in every UPDATE and DELETE that it can''t hand over as a whole'
      || coalesce(', as it may do by the foreign table ' || (
        SELECT array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END FROM (
SELECT
  t.ftrelid AS relation,
  (host.name ~ '^(/|localhost$|127\.|::1$)' OR host.name = host(inet_server_addr()))
    AND coalesce(o.options ->> 'port', current_setting('port')) = current_setting('port') AS here
FROM pg_foreign_table AS t
JOIN pg_class AS c ON c.oid = t.ftrelid
JOIN pg_foreign_server AS s ON s.oid = t.ftserver
JOIN pg_foreign_data_wrapper AS w ON w.oid = s.srvfdw
JOIN pg_proc AS p ON p.oid = w.fdwhandler AND p.proname = 'postgres_fdw_handler'
CROSS JOIN LATERAL (
  SELECT coalesce(jsonb_object_agg(option_name, option_value), '{}') AS options
  FROM pg_options_to_table(s.srvoptions || t.ftoptions)
) AS o
CROSS JOIN LATERAL (SELECT coalesce(o.options ->> 'host', o.options ->> 'hostaddr', '/')) AS host (name)
WHERE coalesce(o.options ->> 'table_name', c.relname) = 'chunks'
  AND coalesce(o.options ->> 'schema_name', c.relnamespace::regnamespace::name) = 'public'
  AND coalesce(o.options ->> 'dbname', current_database()) = current_database()
  AND coalesce(o.options ->> 'updatable', 'true') <> 'false'
        ) AS f CROSS JOIN LATERAL (SELECT f.relation::regclass::text) AS listed (name)), '')
  END,
  seen.by_ctid = 'none'
FROM jsonb_to_record(current_setting('executor.findings')::jsonb) AS seen (by_ctid text)
UNION ALL
SELECT
  'statements that say ONLY', 'none',
  CASE
    WHEN seen.by_only = 'none' THEN 'none'
    WHEN seen.by_only IS NOT NULL THEN seen.by_only || ': will find no row; leave the word out, which is the same today'
    ELSE 'there is no pg_stat_statements that this role may read; look through the application'
  END,
  seen.by_only = 'none'
FROM jsonb_to_record(current_setting('executor.findings')::jsonb) AS seen (by_only text)
UNION ALL
-- A row that moves is deleted from one partition and inserted into another. BEFORE triggers of the update come first.
SELECT
  'row triggers when ' || quote_ident('collection_id') || ' of a row is updated', 'are fired by UPDATE',
  coalesce('where the row moves to another partition, which PostgreSQL does by DELETE and INSERT: '
    || array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END, 'are fired by UPDATE'),
  count(t.oid) = 0
FROM source
LEFT JOIN pg_trigger AS t
  ON t.tgrelid = source.oid AND NOT t.tgisinternal AND t.tgenabled <> 'D' AND t.tgtype & 1 = 1
  AND (t.tgtype & 12 <> 0 OR t.tgtype & 18 = 16)
CROSS JOIN LATERAL (
  SELECT quote_ident(t.tgname) || ' (' || t.tgfoid::regproc || ') ' || CASE
    WHEN t.tgtype & 12 = 0 THEN 'is not fired at all'
    ELSE 'by ' || concat_ws(' and ', CASE WHEN t.tgtype & 18 = 18 THEN 'UPDATE' END, CASE WHEN t.tgtype & 8 = 8 THEN 'DELETE' END,
                            CASE WHEN t.tgtype & 4 = 4 THEN 'INSERT' END) END
) AS listed (name)
UNION ALL
SELECT
  'event triggers that see a new table', 'none',
  coalesce(array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END    || ': if one adds to a table what the source has not (a trigger, row level security, a policy, a column), the run stops there', 'none'),
  count(e.oid) = 0
FROM source
LEFT JOIN pg_event_trigger AS e
  ON e.evtenabled <> 'D' AND e.evtevent = 'ddl_command_end'
  AND (e.evttags IS NULL OR e.evttags && ARRAY['CREATE TABLE', 'CREATE TABLE AS'])
CROSS JOIN LATERAL (SELECT quote_ident(e.evtname) || ' (' || e.evtfoid::regproc || ')') AS listed (name)
UNION ALL
SELECT
  'foreign keys', 'validated',
  coalesce(array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END || ': will be validated', 'validated'),
  count(f.oid) = 0
FROM source
LEFT JOIN pg_constraint AS f
  ON f.conrelid = source.oid AND f.contype = 'f' AND f.conparentid = 0 AND NOT f.convalidated
  AND to_jsonb(f) ->> 'conenforced' IS DISTINCT FROM 'false'
CROSS JOIN LATERAL (SELECT f.conname::text) AS listed (name)
UNION ALL
SELECT
  'sessions that may hold up the swap', 'none',
  coalesce(array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END || '; they end, or the swap waits for them', 'none'),
  count(listed.name) = 0
FROM source
LEFT JOIN LATERAL (
  SELECT format('prepared transaction %L', gid) AS name
  FROM pg_prepared_xacts WHERE database = current_database()
  UNION ALL
  SELECT format('pid %s (%s, in a transaction for %s)', pid, coalesce(nullif(application_name, ''), usename::text),
                date_trunc('second', clock_timestamp() - xact_start))
  FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
    AND (xact_start < clock_timestamp() - interval '5 minutes' OR application_name = 'pg_dump')
  UNION ALL
  SELECT holder FROM (
SELECT DISTINCT format('%s (%s)', coalesce(session.named, 'another session'), temporary.name) AS holder
FROM (
WITH tree AS (
  SELECT c.oid, c.reltype
  FROM pg_class AS c
  WHERE c.oid IN (
    WITH RECURSIVE part (oid) AS (
      SELECT to_regclass(format('%I.%I', named.schema, named.name))::oid
      FROM (VALUES ('public', 'chunks')) AS named (schema, name)
      UNION SELECT i.inhrelid FROM part JOIN pg_inherits AS i ON i.inhparent = part.oid
    )
    SELECT oid FROM part)
), dependent AS (
  SELECT DISTINCT d.classid, d.objid, d.objsubid
  FROM pg_depend AS d
  WHERE d.deptype IN ('n', 'a') AND (
    d.refclassid = 'pg_class'::regclass AND d.refobjid IN (SELECT oid FROM tree)
    OR d.refclassid = 'pg_type'::regclass AND d.refobjid IN (
      SELECT reltype FROM tree UNION SELECT t.typarray FROM tree JOIN pg_type AS t ON t.oid = tree.reltype))
), part_of (classid, objid, relation) AS (
  SELECT 'pg_class'::regclass, oid, oid FROM pg_class
  UNION ALL SELECT 'pg_class'::regclass, indexrelid, indrelid FROM pg_index
  UNION ALL SELECT 'pg_attrdef'::regclass, oid, adrelid FROM pg_attrdef
  UNION ALL SELECT 'pg_constraint'::regclass, oid, conrelid FROM pg_constraint
  UNION ALL SELECT 'pg_rewrite'::regclass, oid, ev_class FROM pg_rewrite
  UNION ALL SELECT 'pg_trigger'::regclass, oid, tgrelid FROM pg_trigger
  UNION ALL SELECT 'pg_policy'::regclass, oid, polrelid FROM pg_policy
  UNION ALL SELECT 'pg_statistic_ext'::regclass, oid, stxrelid FROM pg_statistic_ext
)
SELECT dependent.classid, dependent.objid, dependent.objsubid
FROM dependent
WHERE NOT EXISTS (
  SELECT FROM part_of JOIN tree ON tree.oid = part_of.relation
  WHERE part_of.classid = dependent.classid AND part_of.objid = dependent.objid)
) AS dependent
CROSS JOIN pg_identify_object(dependent.classid, dependent.objid, dependent.objsubid) AS object
LEFT JOIN pg_rewrite AS r ON dependent.classid = 'pg_rewrite'::regclass AND r.oid = dependent.objid AND r.rulename = '_RETURN'
LEFT JOIN pg_class AS v ON v.oid = r.ev_class
CROSS JOIN LATERAL (
  SELECT coalesce('temporary view ' || v.oid::regclass, object.type || ' ' || object.identity),
    substring(coalesce(v.oid::regclass::text, object.identity) FROM '\mpg_temp_([0-9]+)\.')::integer
) AS temporary (name, number)
LEFT JOIN LATERAL (
  SELECT format('pid %s', a.pid) || coalesce(', ' || nullif(a.application_name, ''), '')
  FROM pg_stat_activity AS a
  WHERE a.pid = pg_stat_get_backend_pid(temporary.number)
) AS session (named) ON true
WHERE temporary.number IS NOT NULL
  ) AS of_session
) AS listed ON true
UNION ALL
SELECT
  'age of the table', 'less than autovacuum_freeze_max_age',
  coalesce(max(age(c.relfrozenxid)), 0)
    || CASE WHEN coalesce(max(age(c.relfrozenxid)), 0) < current_setting('autovacuum_freeze_max_age')::bigint
       THEN '' ELSE '; a vacuum to prevent wraparound does not make way for the swap: VACUUM (FREEZE) first' END,
  coalesce(max(age(c.relfrozenxid)), 0) < current_setting('autovacuum_freeze_max_age')::bigint
FROM source LEFT JOIN pg_class AS c ON c.oid IN (SELECT oid FROM tree) AND c.relkind = 'r'
UNION ALL
SELECT
  'views and functions to watch the partitions', 'called as ever', 'called as ever',
  true
UNION ALL
SELECT
  'foreign keys into the table' AS subject, 'go on holding' AS expected,
  coalesce('dropped in the swap, as they are given up: ' || given_up.said
    || '. From then on a row may refer to one that is not there; a rollback adds the keys again and validates them'
    || coalesce('. Not given up, these would come along: ' || needless.said, '')
    || coalesce('. ' || moved.said, ''), moved.said, 'there are none') AS actual,
  given_up.said IS NULL AS passed
FROM (
  SELECT array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END    || ' come along: moved in the swap, where they hold at once for what is written, and validated after it while all tables are in use' AS said
  FROM (VALUES (NULL::text)) AS listed (name)
) AS moved
CROSS JOIN (
  SELECT array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END AS said
  FROM (VALUES (NULL::text, NULL::text)) AS key (identity, said)
  CROSS JOIN LATERAL (SELECT key.said WHERE key.identity = ANY ('{}'::text[])) AS listed (name)
) AS given_up
CROSS JOIN (
  SELECT array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END AS said
  FROM (VALUES (NULL::text)) AS listed (name)
) AS needless
UNION ALL
SELECT
  'triggers in the place of foreign keys', 'do all that the keys did',
  'there are none', true
UNION ALL
SELECT
  'UPDATE of columns that foreign keys refer to', 'does what ON UPDATE says',
  coalesce('where it moves the row to another partition, PostgreSQL before 15 does what ON DELETE says, to rows that refer to it: ' || array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END    || '. Do not change such values, or upgrade first', 'does what ON UPDATE says'),
  count(listed.name) = 0
FROM unnest('{}'::text[]) AS listed (name)
UNION ALL
-- measured with 100 partitions: 0.3 to 1.1 ms for each key and partition, and up to 0.25 ms for each trigger
SELECT
  'max_lock and the foreign keys into the table', 'time enough for them',
  format('time enough for them%s', CASE WHEN takes.ms > takes.most / 2 THEN format(
    ' only just, or not at all: to add them takes the swap about %s ms under its lock, of %s; --var max_lock=%sms', round(takes.ms), '500ms', ceil(takes.ms * 4 / 100) * 100)
    ELSE '' END),
  takes.ms <= takes.most / 2
FROM (
  SELECT 0.7 * 0
    + 0.25 * 0, extract(epoch FROM '500ms'::interval) * 1000
) AS takes (ms, most)
UNION ALL
SELECT
  'statements that name constraints or indexes', 'find those of the new table',
  coalesce(told.names || ': the new table has ' || CASE WHEN told.many > 1 THEN 'them' ELSE 'it' END
    || ' on its partitions alone, under other names, or not at all. These fail, as the name is not there: '
    || 'ON CONFLICT ON CONSTRAINT, SET CONSTRAINTS, REINDEX INDEX, CLUSTER ... USING, ALTER INDEX, COMMENT ON, DROP CONSTRAINT; '
    || 'hints (pg_hint_plan) that name it do nothing' || coalesce('. Deferrable, and by no name to be deferred any more: ' || told.deferrable, ''),
    'find those of the new table'),
  told.names IS NULL
FROM (
  SELECT
array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END AS names,
    count(*) AS many,
    (SELECT array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END FROM unnest('{}'::text[]) AS listed (name)) AS deferrable
  FROM unnest('{"chunks_pkey","chunks_position_key"}'::text[]) AS listed (name)
) AS told
UNION ALL
SELECT
  'statements on indexes', 'go on as they are',
  'a table with partitions refuses CREATE and DROP INDEX CONCURRENTLY, ADD CONSTRAINT ... USING INDEX, ALTER TABLE ... CLUSTER ON '
    'and ALTER INDEX ... SET; CLUSTER needs USING, and that and REINDEX run in no transaction block. '
    'On a partition they work',
  false
UNION ALL
SELECT
  'rights that others have granted' AS subject, 'none' AS expected,
  coalesce(array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END || ': they come along as rights from the owner, so who granted them can''t take them back, '
    'and REVOKE ... CASCADE from that role leaves them', 'none') AS actual,
  count(listed.name) = 0 AS passed
FROM (SELECT 1) AS one
LEFT JOIN (
  SELECT format('%s%s on %s to %s by %s', a.privilege_type, rights.part, c.oid::regclass,
    CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, a.grantor::regrole) AS name
  FROM (
SELECT 'TABLE' AS kind, to_regclass('"public"."chunks"')::oid AS oid
UNION ALL
SELECT 'SEQUENCE', s.seqrelid
FROM pg_depend JOIN pg_sequence AS s ON s.seqrelid = objid
WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass AND refobjid = to_regclass('"public"."chunks"') AND deptype = 'i'
UNION ALL
SELECT 'MATERIALIZED VIEW', oid FROM (
SELECT oid, max(depth) AS depth
FROM (
  WITH RECURSIVE reader (oid, depth) AS (
    SELECT to_regclass('"public"."chunks"')::oid, 0
    UNION
    SELECT r.ev_class, reader.depth + 1
    FROM reader
    JOIN pg_depend AS d
      ON d.refclassid = 'pg_class'::regclass AND d.refobjid = reader.oid
      AND d.classid = 'pg_rewrite'::regclass AND d.deptype = 'n'
    JOIN pg_rewrite AS r ON r.oid = d.objid AND r.ev_class <> reader.oid
    JOIN pg_class AS m ON m.oid = r.ev_class AND m.relkind = 'm'
  )
  SELECT oid, depth FROM reader WHERE depth > 0
) AS path
GROUP BY oid
) AS view
  ) AS exchanged
  JOIN pg_class AS c ON c.oid = exchanged.oid
  CROSS JOIN LATERAL (
    SELECT c.relacl, ''
    UNION ALL
    SELECT t.attacl, format(' (%I)', t.attname) FROM pg_attribute AS t WHERE t.attrelid = c.oid AND t.attnum > 0 AND NOT t.attisdropped
  ) AS rights (acl, part)
  CROSS JOIN LATERAL aclexplode(rights.acl) AS a
  WHERE a.grantor <> c.relowner
) AS listed ON true
) AS finding;
-- assertion findings (sql/repartition/check/queries.sql): Statements do the same as before.
SELECT pg_temp.executor_assert('step check: Statements do the same as before.', json_agg(finding), failed_stops => false, unknown_stops => false) FROM (
WITH source AS (
  SELECT to_regclass('"public"."chunks"')::oid AS oid
), key AS (
  SELECT a.attnum, quote_ident(a.attname) AS name, '$1::' || format_type(a.atttypid, -1) AS value
  FROM source JOIN pg_attribute AS a ON a.attrelid = source.oid
  WHERE a.attname = 'collection_id' AND a.attnum > 0 AND NOT a.attisdropped
), narrow AS (
  -- unique, without some of the key
  SELECT i.indexrelid::regclass::text AS name, i.indisprimary, CASE WHEN i.indexprs IS NULL THEN (
    SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY k.place)
    FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
    JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
    WHERE k.place <= i.indnkeyatts) END AS columns, missing.columns AS missing
  FROM pg_index AS i
  CROSS JOIN source
  CROSS JOIN LATERAL (
    SELECT string_agg(quote_ident(needed), ', ' ORDER BY place)
    FROM unnest('{"collection_id"}'::text[]) WITH ORDINALITY AS key (needed, place)
    WHERE needed NOT IN (
      SELECT a.attname
      FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place) JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
      WHERE k.place <= i.indnkeyatts)
  ) AS missing (columns)
  WHERE i.indrelid = source.oid AND i.indisunique AND i.indisvalid AND missing.columns IS NOT NULL
), lost AS (
  -- the primary key, where the new table has none of these columns alone
  SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY k.place) AS name
  FROM source
  JOIN pg_index AS i ON i.indrelid = source.oid AND i.indisprimary
  CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
  JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
  WHERE k.place <= i.indnkeyatts
  GROUP BY i.indexrelid
)
SELECT
  'unique indexes' AS subject, 'each contains collection_id' AS expected,
  coalesce(array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END    || format(': unique within a partition only, so one value may occur in rows of different %s, by INSERT and by UPDATE',
              'collection_id'), 'each contains collection_id') AS actual,
  count(listed.name) = 0 AS passed
FROM source LEFT JOIN narrow AS listed ON true
UNION ALL
SELECT
  'ON CONFLICT', 'names the columns that it named before',
  'fails if it names columns, and so only ON CONFLICT DO NOTHING works: the unique indexes are those of the partitions. Where statements '
    'name columns, use --var routing=column or the plan with hash partitions, which take those of a key that contains '
    || quote_ident('collection_id'),
  false
FROM source
UNION ALL
SELECT
  'UPDATE of ' || quote_ident('collection_id'), 'leaves the row where it is',
  'moves it to another partition where that is another one'
    || '. Who waits for such a row fails with SQLSTATE 40001, and has to try again',
  false
FROM source LEFT JOIN key ON true
UNION ALL
-- Measured: by another condition the planner looks at all partitions, if only to leave them out.
SELECT
  'queries by ' || quote_ident('collection_id'), 'look into one partition',
  'look into all 3, unless they add: AND '
    || format('abs(hashtext(%1$I::text) %% 3) = abs(hashtext(%2$s::text) %% 3)',
         'collection_id', coalesce(key.value, '$1')) || ', where $1 is the value of ' || quote_ident('collection_id'),
  false
FROM source LEFT JOIN key ON true
UNION ALL
SELECT
  'statements that name no columns', 'meet those of now',
  'meet partition_key, too, which comes last: COPY ... FROM fails, SELECT * and rows as JSON have one value more. Let them name the columns before',
  EXISTS (SELECT FROM source JOIN pg_attribute AS a ON a.attrelid = source.oid WHERE a.attname = 'partition_key' AND a.attnum > 0 AND NOT a.attisdropped)
UNION ALL
SELECT
  'functions and rules that say ON CONFLICT' AS subject, 'find what they name' AS expected,
  coalesce(array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END || ': each call fails after the swap where it names columns or a constraint that are not unique in the table as a whole', 'find what they name') AS actual,
  count(listed.name) = 0 AS passed
FROM (SELECT 1) AS one
LEFT JOIN (
  SELECT said.name
  FROM pg_class AS c
  CROSS JOIN LATERAL (
    SELECT f.oid::regprocedure::text, coalesce(pg_get_function_sqlbody(f.oid), f.prosrc)
    FROM pg_proc AS f JOIN pg_language AS l ON l.oid = f.prolang AND l.lanname NOT IN ('c', 'internal')
    WHERE f.pronamespace <> 'pg_catalog'::regnamespace
    UNION ALL
    SELECT format('%I on %s', r.rulename, r.ev_class::regclass), pg_get_ruledef(r.oid)
    FROM pg_rewrite AS r WHERE r.rulename <> '_RETURN'
  ) AS said (name, text)
  WHERE c.oid = to_regclass('"public"."chunks"')
    AND said.text ~* ('\mINTO\s+([^[:space:](;]*\.)?"?' || regexp_replace(c.relname, '([^[:alnum:]_])', '\\\1', 'g')
      || '(?![[:alnum:]_$])[^;]*\mON\s+CONFLICT\s*(\(|ON\s+CONSTRAINT)')
) AS listed ON true
UNION ALL
SELECT
  'statements that group by the primary key', 'may select any column',
  'fail where they select a column that they neither group by nor aggregate, as no key of the whole table says that there is one value of it a group: '
    || (SELECT 'GROUP BY ' || name FROM lost),
  NOT EXISTS (SELECT FROM lost)
UNION ALL
SELECT
  'COPY of the table TO a file, and pg_dump --table', 'have its rows',
  'COPY ... TO fails (cannot copy from partitioned table): COPY (SELECT ... FROM ...) TO goes on, before and afterwards. pg_dump --table has the definition alone: '
    'give --table-and-children (from 16 on), or the partitions, too',
  (SELECT relkind = 'p' FROM pg_class WHERE oid = source.oid)
FROM source
) AS finding;
-- assertion findings (sql/repartition/check/seen.sql): Triggers, views and functions see the same rows of the same table.
SELECT pg_temp.executor_assert('step check: Triggers, views and functions see the same rows of the same table.', json_agg(finding), failed_stops => false, unknown_stops => false) FROM (
WITH source AS (
  SELECT c.oid, c.oid::regclass::text AS printed, c.relname, c.relkind,
    '\m' || regexp_replace(c.relname, '([^[:alnum:]_])', '\\\1', 'g') || '(?![[:alnum:]_$])' AS written
  FROM pg_class AS c WHERE c.oid = to_regclass('"public"."chunks"')
), pattern (of_table, row_as_whole) AS (
  VALUES (
    '\m(TG_TABLE_NAME|TG_RELNAME|TG_RELID|tableoid)\M|\$_TD->\{(table_name|relname|relid)\}|\mTD\[.(table_name|relid).\]',
    '\m(OLD|NEW)\s*\.\s*\*|[(,]\s*(OLD|NEW)\s*(,|\)(?!\s*\.\s*["\w]))|\m(OLD|NEW)\s*::|:?=\s*(OLD|NEW)\s*;|\mUSING\s([^;]*,)?\s*(OLD|NEW)\s*[,;]'
      '|\$_TD->\{(new|old)\}(?!\s*(->)?\s*\{)|\mTD\[.(new|old).\](?!\s*\[)')
), fired AS (
  SELECT quote_ident(t.tgname) AS name, f.oid::regprocedure::text AS function, l.lanname, f.pronamespace,
    -- what is said of whole rows and means the same of any shape
    regexp_replace(f.prosrc, '\mRETURN\s+COALESCE\s*\(\s*(OLD|NEW)\s*,\s*(OLD|NEW)\s*\)|\m(OLD|NEW)\.\*\s+IS\s+(NOT\s+)?DISTINCT\s+FROM\s+(OLD|NEW)\.\*',
      '', 'gi') AS prosrc,
    t.tgtype & 1 = 1 AS by_row, coalesce(t.tgoldtable, t.tgnewtable) IS NOT NULL AS of_sets,
    (SELECT ' of ' || e.extname FROM pg_depend AS d JOIN pg_extension AS e ON e.oid = d.refobjid
     WHERE d.classid = 'pg_proc'::regclass AND d.objid = f.oid AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e') AS extension
  FROM source
  JOIN pg_trigger AS t ON t.tgrelid = source.oid AND NOT t.tgisinternal AND t.tgenabled <> 'D'
  JOIN pg_proc AS f ON f.oid = t.tgfoid
  JOIN pg_language AS l ON l.oid = f.prolang
), reader AS (
  SELECT DISTINCT (pg_identify_object(
      CASE WHEN r.rulename = '_RETURN' THEN 'pg_class'::regclass ELSE d.classid END,
      CASE WHEN r.rulename = '_RETURN' THEN r.ev_class ELSE d.objid END, 0)).identity AS name,
    CASE WHEN r.rulename = '_RETURN' THEN pg_get_viewdef(r.ev_class) ELSE coalesce(pg_get_ruledef(r.oid), pg_get_function_sqlbody(f.oid)) END AS text
  FROM source
  JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = source.oid
  LEFT JOIN pg_rewrite AS r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
  LEFT JOIN pg_proc AS f ON d.classid = 'pg_proc'::regclass AND f.oid = d.objid
  WHERE r.oid IS NOT NULL OR f.oid IS NOT NULL
  UNION ALL
  -- bound by its text alone
  SELECT f.oid::regprocedure::text, f.prosrc
  FROM source
  JOIN pg_proc AS f ON f.prosrc ~* source.written AND f.prorettype <> 'trigger'::regtype AND f.pronamespace <> 'pg_catalog'::regnamespace
  JOIN pg_language AS l ON l.oid = f.prolang AND l.lanname NOT IN ('c', 'internal')
), found (subject, name, text, pattern) AS (
  SELECT 'row triggers that ask for the name of the table', name || ': ' || function, prosrc, pattern.of_table
  FROM fired, pattern WHERE by_row AND (lanname NOT IN ('c', 'internal') AND prosrc ~* pattern.of_table)
  UNION ALL
  SELECT 'row triggers that ask for the name of the table', name || ': ' || function, NULL, NULL
  FROM fired WHERE by_row AND prosrc = 'triggered_change_notification'
  UNION ALL
  SELECT 'views and functions that read tableoid', reader.name, reader.text, '\mtableoid\M'
  FROM reader WHERE reader.text ~* '\mtableoid\M'
  UNION ALL
  SELECT 'triggers that take the row as a whole', name || ': ' || function, prosrc, shape.pattern
  FROM fired, pattern
  CROSS JOIN LATERAL (
    SELECT CASE WHEN by_row THEN pattern.row_as_whole ELSE '\mSELECT\s+\*|\.\*|\m(to_jsonb?|row_to_json|hstore)\s*\(' END
    WHERE by_row OR of_sets
  ) AS shape (pattern)
  WHERE lanname NOT IN ('c', 'internal') AND prosrc ~* shape.pattern
  UNION ALL
  -- `c.*` where it is no list of columns: PostgreSQL prints that with their names
  SELECT DISTINCT 'views and functions that show the whole row', reader.name, reader.text, seen.pattern
  FROM source, reader
  CROSS JOIN LATERAL (
    SELECT said[1] AS call, coalesce(said[2], said[3]) AS alias
    FROM regexp_matches(reader.text, '((?:to_jsonb?|row_to_json|jsonb?_agg|hstore|array_agg)\s*\(\s*("[^"]+"|\w+)(?:\.\*)?\s*\)|("[^"]+"|\w+)\.\*\)?::)', 'gi') AS said
  ) AS call
  CROSS JOIN LATERAL (SELECT regexp_replace(call.call, '([^[:alnum:]_])', '\\\1', 'g')) AS seen (pattern)
  WHERE call.alias IN (source.relname, quote_ident(source.relname))
    OR reader.text ~* (source.written || '"?\s+(as\s+)?' || regexp_replace(call.alias, '([^[:alnum:]_])', '\\\1', 'g') || '(?![[:alnum:]_$])')
), shown AS (
  SELECT DISTINCT found.subject, found.name || coalesce(' line ' || line.number || ': '
    || rtrim(left(btrim(regexp_replace(split_part(found.text, E'\n', line.number), '\s+', ' ', 'g')), 80)), '') AS name
  FROM found
  CROSS JOIN LATERAL (
    -- up to where it is said, comments left out; what PostgreSQL prints has the lines of a definition
    SELECT 1 + length(regexp_replace((regexp_split_to_array(regexp_replace(found.text, '--[^\n]*', '', 'g'), found.pattern, 'i'))[1], '[^\n]', '', 'g'))
  ) AS line (number)
  WHERE found.text IS NULL OR regexp_replace(found.text, '--[^\n]*', '', 'g') ~* found.pattern
)
SELECT
  kind.subject,
  kind.expected,
  coalesce(kind.said || ': ' || array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END || '. ' || kind.advice, kind.expected) AS actual,
  count(listed.name) = 0 AS passed
FROM (
  VALUES
    ('row triggers that ask for the name of the table', 'get it', 'get that of a partition',
     'In PL/pgSQL coalesce(pg_partition_root(TG_RELID), TG_RELID)::regclass is the table, before and afterwards'),
    ('views and functions that read tableoid', 'find the table', 'find the partition',
     'coalesce(pg_partition_root(tableoid), tableoid) is the table, before and afterwards')
    , ('triggers that take the row as a whole', 'get the columns of now', 'get partition_key, too',
     'Where one puts the row into a table that has not this column, every write fails after the swap: add '
       'it there first, or let it name the columns')
    , ('views and functions that show the whole row', 'show the columns of now', 'show partition_key, too',
     'Let them name the columns where a reader minds')
) AS kind (subject, expected, said, advice)
LEFT JOIN shown AS listed USING (subject)
GROUP BY kind.subject, kind.expected, kind.said, kind.advice
UNION ALL
SELECT
  'triggers that can''t be looked into', 'none',
  coalesce(string_agg(format('%s: %s in %s%s', name, function, lanname, extension), ', ' ORDER BY name)
    || '. Row triggers get the name of a partition, and a row with partition_key: ask whoever wrote them', 'none'),
  CASE WHEN count(name) = 0 THEN true END
FROM source
LEFT JOIN fired
  ON by_row AND lanname IN ('c', 'internal') AND pronamespace <> 'pg_catalog'::regnamespace AND prosrc <> 'triggered_change_notification'
) AS finding;
-- assertion findings (sql/repartition/check/jobs.sql): What other tools do with the table by its name goes on.
DO $executor$
DECLARE
  item record;
  said text;
  findings jsonb := '[]';
BEGIN
  FOR item IN
    WITH trusted AS MATERIALIZED (
SELECT oid FROM pg_temp.executor_trusted_roles() AS trusted (oid)
    )
    SELECT known.tool, c.oid::regclass AS register, known.said,
      has_table_privilege(c.oid, 'SELECT') AND has_schema_privilege(c.relnamespace, 'USAGE') AND NOT row_security_active(c.oid)
        AND c.relowner IN (SELECT oid FROM trusted) AND NOT EXISTS (SELECT FROM pg_inherits AS i WHERE i.inhparent = c.oid) AS readable,
      source.oid AS source
    FROM (SELECT to_regclass('"public"."chunks"')::oid AS oid) AS source
    JOIN (
      VALUES
        ('pg_cron', 'job', '{"jobid","schedule","command","database"}'::text[], E'SELECT array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], '', '')\x0a    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format('' and %%s more'', count(DISTINCT listed.name) - 5) ELSE '''' END FROM (\x0a  SELECT ''job '' || name FROM (SELECT jobid::text, command FROM %1\x24s WHERE database = current_database()) AS job (name, command) WHERE true\x0a    AND strpos(lower(command), lower(%3\x24L)) > 0\x0a    AND (%3\x24L !~ ''^[[:alnum:]_\x24]+\x24'' OR lower(%3\x24L) = ANY (regexp_split_to_array(lower(command), ''[^[:alnum:]_\x24]+'')))\x0a) AS listed (name)'),
        ('pgAgent', 'pga_jobstep', '{"jstid","jstname","jstcode"}'::text[], E'SELECT array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], '', '')\x0a    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format('' and %%s more'', count(DISTINCT listed.name) - 5) ELSE '''' END FROM (\x0a  SELECT ''job '' || name FROM (SELECT jstname::text, jstcode FROM %1\x24s) AS job (name, command) WHERE true\x0a    AND strpos(lower(command), lower(%3\x24L)) > 0\x0a    AND (%3\x24L !~ ''^[[:alnum:]_\x24]+\x24'' OR lower(%3\x24L) = ANY (regexp_split_to_array(lower(command), ''[^[:alnum:]_\x24]+'')))\x0a) AS listed (name)'),
        ('pg_timetable', 'task', '{"task_id","chain_id","command"}'::text[], E'SELECT array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], '', '')\x0a    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format('' and %%s more'', count(DISTINCT listed.name) - 5) ELSE '''' END FROM (\x0a  SELECT ''job '' || name FROM (SELECT task_id::text, command FROM %1\x24s) AS job (name, command) WHERE true\x0a    AND strpos(lower(command), lower(%3\x24L)) > 0\x0a    AND (%3\x24L !~ ''^[[:alnum:]_\x24]+\x24'' OR lower(%3\x24L) = ANY (regexp_split_to_array(lower(command), ''[^[:alnum:]_\x24]+'')))\x0a) AS listed (name)')
    ) AS known (tool, name, columns, said) ON source.oid IS NOT NULL
    JOIN pg_class AS c ON c.relname = known.name AND c.relkind = 'r'
    WHERE (
      SELECT count(*) FROM pg_attribute AS a
      WHERE a.attrelid = c.oid AND a.attname = ANY (known.columns) AND a.atttypid < 16384 AND a.attgenerated = ''
    ) = cardinality(known.columns)
    ORDER BY 1, 2
  LOOP
    said := NULL;
    IF item.readable THEN
      EXECUTE format(item.said, item.register, 'public', 'chunks', item.source) INTO said;
    END IF;
    findings := findings || jsonb_build_object('tool', item.tool, 'register', item.register, 'said', said, 'readable', item.readable);
  END LOOP;
  PERFORM set_config('executor.findings', findings::text, true);
END
$executor$;
SELECT pg_temp.executor_assert('step check: What other tools do with the table by its name goes on.', json_agg(finding), failed_stops => false, unknown_stops => false) FROM (
WITH source AS (
  SELECT to_regclass('"public"."chunks"')::oid AS oid
), asked AS (
  SELECT * FROM jsonb_to_recordset(current_setting('executor.findings')::jsonb) AS asked (tool text, register text, said text, readable boolean)
), audit AS (
  SELECT DISTINCT r.oid, r.rolname
  FROM source, (
    SELECT current_setting('pgaudit.role', true)
    UNION SELECT split_part(setting, '=', 2) FROM pg_db_role_setting, unnest(setconfig) AS setting WHERE setting LIKE 'pgaudit.role=%'
  ) AS named (role)
  JOIN pg_roles AS r ON r.rolname = named.role
)
SELECT
  'scheduled jobs that name the table' AS subject, 'none' AS expected,
  coalesce(string_agg(tool || ' ' || said, '; ') FILTER (WHERE said IS NOT NULL) || '. They go on with the new table. While the plan runs none may change '
    'or rewrite the table (DDL, CLUSTER, VACUUM FULL); and what says ONLY, ctid or the name of a partition finds something else afterwards. ', '')
    || coalesce(string_agg(register, ', ') FILTER (WHERE NOT readable) || ' can''t be read by this role, or belongs to one that it does not trust: see whether a job there names the table', '')
    || coalesce('those of pg_cron are in database ' || elsewhere.name || ', and can''t be seen from here', '')
    || CASE WHEN count(tool) FILTER (WHERE said IS NOT NULL OR NOT readable) = 0 AND elsewhere.name IS NULL THEN 'none' ELSE '' END AS actual,
  CASE
    WHEN count(said) > 0 THEN false
    WHEN count(tool) FILTER (WHERE NOT readable) = 0 AND elsewhere.name IS NULL THEN true
  END AS passed
FROM source
CROSS JOIN (SELECT nullif(nullif(current_setting('cron.database_name', true), ''), current_database())) AS elsewhere (name)
LEFT JOIN asked ON true
GROUP BY elsewhere.name
UNION ALL
SELECT
  'object audit (pgaudit.role)', 'finds every statement',
  coalesce(array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END || ': its grants come along with the table. Statements that name a '
    'partition are not audited, as nobody is granted anything there: who may do so is the owner', 'finds every statement'),
  count(audit.oid) = 0
FROM source
LEFT JOIN audit ON has_table_privilege(audit.oid, source.oid, 'SELECT, INSERT, UPDATE, DELETE')
CROSS JOIN LATERAL (SELECT quote_ident(audit.rolname)) AS listed (name)
) AS finding;
-- assertion findings (sql/repartition/check/columns_meaning.sql): Who writes and reads can go on with the columns.
SELECT pg_temp.executor_assert('step check: Who writes and reads can go on with the columns.', json_agg(finding), failed_stops => false, unknown_stops => false) FROM (
SELECT 'columns' AS subject, 'as they are' AS expected, 'as they are' AS actual, true AS passed
) AS finding;
-- assertion findings (sql/repartition/check/subscribers.sql): Subscribers need not know of it.
SELECT pg_temp.executor_assert('step check: Subscribers need not know of it.', json_agg(finding), failed_stops => false, unknown_stops => false) FROM (
WITH source AS (
  SELECT to_regclass('"public"."chunks"')::oid AS oid
), publication AS (
SELECT * FROM jsonb_to_recordset('{"found": []}'::jsonb -> 'found') AS publication (
  name text, owner text, may_alter boolean, via_root boolean, publishes_changes boolean, accepted boolean, is_named boolean,
  columns jsonb, where_sql text, filtered text[], others text[])
)
SELECT
  'publications of all tables, or of the schema' AS subject, 'none' AS expected,
  coalesce(array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END || ': publishes backup, log, new table and journal, '
    'too. A subscriber without them stops at their first row. Publish the tables by name instead', 'none') AS actual,
  count(listed.name) = 0 AS passed
FROM source LEFT JOIN publication ON NOT is_named
CROSS JOIN LATERAL (SELECT quote_ident(publication.name)) AS listed (name)
UNION ALL
SELECT
  'columns of subscribers', 'those of the new table',
  coalesce(array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END || ': its subscribers stop at the swap until they '
    'have what the new table has besides; add it there before: partition_key', 'nobody subscribes'),
  count(listed.name) = 0
FROM source LEFT JOIN publication ON publication.columns = '[]'
CROSS JOIN LATERAL (SELECT quote_ident(publication.name)) AS listed (name)
UNION ALL
-- Only pgoutput asks publications.
SELECT
  'logical replication slots', 'none of another plugin than pgoutput',
  coalesce(array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END    || ': whether it decodes the table can''t be seen from here. From the swap on its reader gets the changes under the '
       'names of the partitions, with the column partition_key, and all that the plan itself writes, too', 'none'),
  count(slot_name) = 0
FROM source
LEFT JOIN pg_replication_slots AS s
  ON source.oid IS NOT NULL AND s.slot_type = 'logical' AND s.database = current_database() AND s.plugin <> 'pgoutput'
CROSS JOIN LATERAL (SELECT quote_ident(s.slot_name) || ' (' || s.plugin || ')') AS listed (name)
) AS finding;
COMMIT;

-- Step 2 of 38: create_table
-- There is no table yet, and one is asked for (--create), so make an empty one.
SELECT coalesce((
SELECT to_regclass('"public"."chunks"') IS NULL AND false
), false) AS executor_due \gset
\if :executor_due
BEGIN ISOLATION LEVEL READ COMMITTED;
-- There is no table yet: the application's chunks, empty, for the next steps to partition. What is changed
-- here is to be changed in check/changes.sql, which says beforehand what will be made.
CREATE TABLE "public"."chunks" (
  id bigint GENERATED BY DEFAULT AS IDENTITY,
  "collection_id" varchar NOT NULL,
  document_id varchar,
  chunking_config_id integer,
  chunk_index integer NOT NULL,
  content text NOT NULL,
  start_offset integer,
  end_offset integer,
  token_count integer,
  embedding_vector_id varchar,
  meta json,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (id, "collection_id"),
  UNIQUE ("collection_id", document_id, chunk_index)
);

-- By this the rollback knows that the table is the plan's to drop.
COMMENT ON TABLE "public"."chunks" IS 'Created empty by the plan chunks_100_partitions of executor.';

CALL pg_temp.executor_keep_private('"public"."chunks"', owner_of => '"public"."chunks"');
COMMIT;
\endif

-- Step 3 of 38: back_up
-- Copy all rows into a table of their own and compare the copy with the original.
SELECT coalesce((
SELECT true AND pg_temp.executor_has_more('"public"."chunks"', 0)
), false) AS executor_due \gset
\if :executor_due
BEGIN ISOLATION LEVEL REPEATABLE READ;
-- A copy of every row in one snapshot, readable by the owner only, and its entry in the registry.
-- It has no indexes, defaults or constraints; the entry has the definition of the table, so that a restore
-- can make them. It protects data on this server, not against the loss of the server.
-- Nobody writes to it, so autovacuum would read all of it for nothing while the copy needs the machine;
-- against wraparound it is vacuumed all the same.
CALL pg_temp.executor_refuse_foreign_code(reads => ARRAY['"public"."chunks"']);

CREATE TABLE "public"."chunks_backup_20250811_120000" WITH (autovacuum_enabled = off, toast.autovacuum_enabled = off)
AS TABLE "public"."chunks";

COMMENT ON TABLE "public"."chunks_backup_20250811_120000" IS 'Backup of public.chunks, made by executor before chunks_100_partitions (run 20250811_120000); see migration_backups.';

CALL pg_temp.executor_keep_private('"public"."chunks_backup_20250811_120000"', owner_of => '"public"."chunks"');
CALL pg_temp.executor_refuse_additions('"public"."chunks_backup_20250811_120000"', like_table => '"public"."chunks"');

CALL pg_temp.executor_open_registry();
CALL pg_temp.executor_register('"public"."chunks_backup_20250811_120000"', 'backup', '"public"."chunks"');

-- the rows that the step reports
SELECT set_config('executor.rows', record_count::text, true)
FROM "public".migration_backups
WHERE table_oid = '"public"."chunks_backup_20250811_120000"'::regclass;
-- assertion findings (sql/backups/check_copy.sql): The backup has the columns, the rows and the digest of the table.
CALL pg_temp.executor_measure('"public"."chunks"');
SELECT pg_temp.executor_assert('step back_up: The backup has the columns, the rows and the digest of the table.', json_agg(finding)) FROM (
WITH both_sides AS (
  SELECT own.record_count, own.digest, entry.record_count AS entered, entry.digest AS entered_digest
  FROM (
SELECT
  (CASE WHEN (content ->> 'table')::oid = '"public"."chunks"'::regclass THEN content ->> 'record_count'
    ELSE 'it is not the table that was measured' END)::bigint AS record_count,
  content ->> 'digest' AS digest
FROM CAST(current_setting('executor.content') AS jsonb) AS content
  ) AS own
  LEFT JOIN "public".migration_backups AS entry
    ON entry.table_oid = '"public"."chunks_backup_20250811_120000"'::regclass AND entry.kind = 'backup' AND entry.run = '20250811_120000'
),
columns AS (
  SELECT relation, string_agg(format('%I %s', attname, format_type(atttypid, atttypmod)), ', ' ORDER BY attnum) AS text
  FROM unnest(ARRAY['"public"."chunks"', '"public"."chunks_backup_20250811_120000"']) AS relation
  JOIN pg_attribute ON attrelid = relation::regclass
  WHERE attnum > 0 AND NOT attisdropped
  GROUP BY relation
)
SELECT 'columns of ' || '"public"."chunks_backup_20250811_120000"'::regclass AS subject,
  expected.text AS expected, actual.text AS actual, expected.text = actual.text AS passed
FROM columns AS expected JOIN columns AS actual ON actual.relation = '"public"."chunks_backup_20250811_120000"'
WHERE expected.relation = '"public"."chunks"'
UNION ALL
SELECT 'rows of ' || '"public"."chunks_backup_20250811_120000"'::regclass,
  record_count::text, entered::text, record_count = entered
FROM both_sides
UNION ALL
SELECT 'digest of ' || '"public"."chunks_backup_20250811_120000"'::regclass, digest, entered_digest, digest = entered_digest
FROM both_sides
) AS finding;
-- assertion spot_check (sql/assertions/spot_check.sql)
CALL pg_temp.executor_hold_steady('"public"."chunks"', '"public"."chunks_backup_20250811_120000"');
SELECT pg_temp.executor_assert('step back_up: spot_check', json_agg(finding)) FROM (
SELECT * FROM pg_temp.executor_spot_check('"public"."chunks"', '"public"."chunks_backup_20250811_120000"', key => '{"id","collection_id"}', sample => 100)
) AS finding;
COMMIT;
\endif

-- Step 4 of 38: create_target
-- Create the new table, empty and without indexes.
BEGIN ISOLATION LEVEL READ COMMITTED;
-- The new table beside the old one: the same columns, then those of its layout. LIKE shares the sequence
-- of a default and copies generated columns, checks and comments; identity and extended statistics follow
-- below under names of their own, indexes after the load. Columns are compared by name later, so dropped ones don't matter.
CALL pg_temp.executor_refuse_foreign_code(reads => ARRAY['"public"."chunks"']);

CREATE TABLE "public"."chunks_new" (
  LIKE "public"."chunks" INCLUDING ALL EXCLUDING INDEXES EXCLUDING IDENTITY EXCLUDING STATISTICS,
  partition_key integer CONSTRAINT "chunks_partition_key_not_null" NOT NULL
) PARTITION BY LIST ((abs(hashtext("collection_id"::text) % 3)));

-- A row without it has no partition.
ALTER TABLE "public"."chunks_new" ALTER COLUMN "collection_id" SET NOT NULL;

COMMENT ON TABLE "public"."chunks_new" IS 'The table that is to replace chunks (run 20250811_120000).';

CALL pg_temp.executor_keep_private('"public"."chunks_new"', owner_of => '"public"."chunks"');
CALL pg_temp.executor_refuse_additions('"public"."chunks_new"', like_table => '"public"."chunks"');
COMMIT;

-- Step 5 of 38: create_partitions
-- Create the partitions, under their final names.
BEGIN ISOLATION LEVEL READ COMMITTED;
-- One partition, under its final name. Autovacuum would read it again and again while it
-- is filled, and a lock would wait for that; the step `vacuum` does its work and calls it back. What a partition
-- does not take from its parent is as in the tables that hold the rows now; but its replica identity is FULL until
-- there is a key: a publication of all tables would stop deletes.
CALL pg_temp.executor_refuse_foreign_code(writes => ARRAY['"public"."chunks_new"']);
CREATE TABLE "public"."chunks_part_00" PARTITION OF "public"."chunks_new" (CONSTRAINT partition_key_check CHECK (partition_key = 0))
FOR VALUES IN (0) WITH (autovacuum_enabled = off, toast.autovacuum_enabled = off);
ALTER TABLE "public"."chunks_part_00" REPLICA IDENTITY FULL;
CALL pg_temp.executor_keep_private('"public"."chunks_part_00"', owner_of => '"public"."chunks"');
CALL pg_temp.executor_refuse_foreign_code(writes => ARRAY['"public"."chunks_new"']);
CREATE TABLE "public"."chunks_part_01" PARTITION OF "public"."chunks_new" (CONSTRAINT partition_key_check CHECK (partition_key = 1))
FOR VALUES IN (1) WITH (autovacuum_enabled = off, toast.autovacuum_enabled = off);
ALTER TABLE "public"."chunks_part_01" REPLICA IDENTITY FULL;
CALL pg_temp.executor_keep_private('"public"."chunks_part_01"', owner_of => '"public"."chunks"');
CALL pg_temp.executor_refuse_foreign_code(writes => ARRAY['"public"."chunks_new"']);
CREATE TABLE "public"."chunks_part_02" PARTITION OF "public"."chunks_new" (CONSTRAINT partition_key_check CHECK (partition_key = 2))
FOR VALUES IN (2) WITH (autovacuum_enabled = off, toast.autovacuum_enabled = off);
ALTER TABLE "public"."chunks_part_02" REPLICA IDENTITY FULL;
CALL pg_temp.executor_keep_private('"public"."chunks_part_02"', owner_of => '"public"."chunks"');
COMMIT;

-- Step 6 of 38: configure_partitions
-- Say what identifies a row, and see that nobody else has a right on the partitions and that nothing was added to them.
BEGIN ISOLATION LEVEL READ COMMITTED;
-- Says what identifies a row of the new table as a whole, as subscribers are told: the key that it will have as a whole,
-- nothing if that is so of the source, else all columns. Its partitions say so each for itself. Then sees to it that it
-- and they are the owner's alone, and that nothing was added to them.
-- Lock: ACCESS EXCLUSIVE on the new table, and on partitions that are given to the owner; nobody uses them.
ALTER TABLE "public"."chunks_new" REPLICA IDENTITY FULL;

-- Nobody else may read a partition, because row level security and privileges are those of the table as a whole.
CALL pg_temp.executor_keep_private('"public"."chunks_new"', owner_of => '"public"."chunks"');
CALL pg_temp.executor_refuse_additions('"public"."chunks_new"', like_table => '"public"."chunks"');
COMMIT;

-- Step 7 of 38: capture
-- Log the keys of all that is written to the table from now on.
BEGIN ISOLATION LEVEL READ COMMITTED;
CALL pg_temp.executor_recheck('the run began', '{"owner": "575843099bba1a89723036cc7c541333bee6d621313a156064e0b24054cbed43", "tree": "48022c436b39330b9dcd7ff38dab614460c179b6e006cc6bb347782ec5699147", "columns": "46c702629d42abfd921e062036a95ee490a082d56a2207a2755b0c98c1cc25dd", "new_columns": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "key": "a8aa6cbdd96d00f850df2c48a2016a7acfef1f57fd54fa965add3712dde9934e", "incoming_keys": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "subscriptions": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945"}');
-- Creates the log of the keys of all that is written to the table, the functions that write it, and the one that
-- will bring the new table in step by it. Then waits for the writers in flight.
-- Lock: SHARE ROW EXCLUSIVE on the table and its partitions: others who want to write wait meanwhile, for
-- lock_timeout at most; then it is held for some milliseconds.
CREATE TABLE "public"."chunks_log_20250811_120000" WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000)
AS SELECT "id", "collection_id" FROM "public"."chunks" WITH NO DATA;
ALTER TABLE "public"."chunks_log_20250811_120000" REPLICA IDENTITY FULL;
CALL pg_temp.executor_keep_private('"public"."chunks_log_20250811_120000"', owner_of => '"public"."chunks"');
CALL pg_temp.executor_refuse_additions('"public"."chunks_log_20250811_120000"', like_table => '"public"."chunks"');
COMMENT ON TABLE "public"."chunks_log_20250811_120000" IS 'Keys of what is written to the table until its replacement (run 20250811_120000).';

CREATE FUNCTION "public"."chunks_log_20250811_120000"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off
AS $executor$
#variable_conflict use_column
BEGIN
  IF pg_has_role((SELECT relowner FROM pg_class WHERE oid = coalesce(pg_partition_root(TG_RELID), TG_RELID)), current_user, 'USAGE') IS NOT TRUE THEN
    RAISE EXCEPTION USING
      ERRCODE = 'insufficient_privilege',
      MESSAGE = format('%s does not belong to %s, with whose rights what is written to it would be logged', TG_RELID::regclass, current_user),
      HINT = (SELECT format('If it was given to %1$s, give these to %1$s, too: ALTER TABLE %2$s OWNER TO %1$s; ALTER FUNCTION %3$s() OWNER TO %1$s.',
        relowner::regrole, 'public.chunks_log_20250811_120000', 'public.chunks_log_20250811_120000') FROM pg_class WHERE oid = coalesce(pg_partition_root(TG_RELID), TG_RELID));
  END IF;
  IF TG_OP = 'INSERT' THEN
    INSERT INTO "public"."chunks_log_20250811_120000" SELECT "id", "collection_id" FROM new_rows;
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO "public"."chunks_log_20250811_120000" SELECT "id", "collection_id" FROM old_rows UNION SELECT "id", "collection_id" FROM new_rows;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO "public"."chunks_log_20250811_120000" SELECT "id", "collection_id" FROM old_rows;
  -- a TRUNCATE has no rows to look at, and an older snapshot would not show all that it removes
  ELSIF NOT starts_with(current_setting('transaction_isolation'), 'read ') THEN
    RAISE EXCEPTION USING
      MESSAGE = format('while executor keeps another table in step with %s, it can be truncated in a READ COMMITTED transaction only', TG_RELID::regclass),
      HINT = 'Use DELETE, or another isolation level.';
  ELSE
    EXECUTE 'INSERT INTO "public"."chunks_log_20250811_120000" SELECT "id", "collection_id" FROM ' || TG_RELID::regclass;
  END IF;
  RETURN NULL;
END
$executor$;
CALL pg_temp.executor_keep_function_private('public.chunks_log_20250811_120000()', owner_of => '"public"."chunks"');
ALTER FUNCTION "public"."chunks_log_20250811_120000"() OWNER TO postgres;

-- For the triggers of the new table: it is not in use yet.
CREATE FUNCTION "public"."chunks_back_20250811_120000"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off
AS $executor$
#variable_conflict use_column
BEGIN
  IF pg_has_role((SELECT relowner FROM pg_class WHERE oid = coalesce(pg_partition_root(TG_RELID), TG_RELID)), current_user, 'USAGE') IS NOT TRUE THEN
    RAISE EXCEPTION USING
      ERRCODE = 'insufficient_privilege',
      MESSAGE = format('%s does not belong to %s, with whose rights what is written to it would be logged', TG_RELID::regclass, current_user),
      HINT = (SELECT format('If it was given to %1$s, give these to %1$s, too: ALTER TABLE %2$s OWNER TO %1$s; ALTER FUNCTION %3$s() OWNER TO %1$s.',
        relowner::regrole, 'public.chunks_log_20250811_120000', 'public.chunks_back_20250811_120000') FROM pg_class WHERE oid = coalesce(pg_partition_root(TG_RELID), TG_RELID));
  END IF;
  -- the passes keep both tables in step themselves
  IF pg_trigger_depth() = 1 AND EXISTS (
    SELECT FROM pg_class AS hand JOIN pg_class AS here ON here.oid = TG_RELID
    WHERE hand.relnamespace = pg_my_temp_schema() AND hand.relname = 'chunks_log_20250811_120000' AND hand.relkind = 'r'
      AND pg_has_role(hand.relowner, here.relowner, 'USAGE') AND pg_relation_size(hand.oid) > 0)
  THEN
    RETURN NULL;
  END IF;
  IF TG_OP = 'INSERT' THEN
    INSERT INTO "public"."chunks_log_20250811_120000" SELECT "id", "collection_id" FROM new_rows;
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO "public"."chunks_log_20250811_120000" SELECT "id", "collection_id" FROM old_rows UNION SELECT "id", "collection_id" FROM new_rows;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO "public"."chunks_log_20250811_120000" SELECT "id", "collection_id" FROM old_rows;
  -- a TRUNCATE has no rows to look at, and an older snapshot would not show all that it removes
  ELSIF NOT starts_with(current_setting('transaction_isolation'), 'read ') THEN
    RAISE EXCEPTION USING
      MESSAGE = format('while executor keeps another table in step with %s, it can be truncated in a READ COMMITTED transaction only', TG_RELID::regclass),
      HINT = 'Use DELETE, or another isolation level.';
  ELSE
    EXECUTE 'INSERT INTO "public"."chunks_log_20250811_120000" SELECT "id", "collection_id" FROM ' || TG_RELID::regclass;
  END IF;
  RETURN NULL;
END
$executor$;
CALL pg_temp.executor_keep_function_private('public.chunks_back_20250811_120000()', owner_of => '"public"."chunks"');
ALTER FUNCTION "public"."chunks_back_20250811_120000"() OWNER TO postgres;

CREATE FUNCTION "public"."chunks_sync_20250811_120000"(executor_work boolean DEFAULT true, executor_part integer DEFAULT 0, executor_of integer DEFAULT 1)
RETURNS bigint LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET jit = off
AS $executor$
#variable_conflict use_column
DECLARE
  taken bigint;
  compared record;
  acting text;
  of_key text;
  of_constraint text;
BEGIN
  -- the keys in hand
  IF to_regclass(format('pg_temp.%I', 'chunks_log_20250811_120000')) IS NULL THEN
    CREATE TEMPORARY TABLE "chunks_log_20250811_120000" ON COMMIT DELETE ROWS AS TABLE "public"."chunks_log_20250811_120000" WITH NO DATA;
  END IF;

  IF EXISTS (
    SELECT FROM pg_subscription_rel
    WHERE srrelid IN ('"public"."chunks_new"'::regclass, '"public"."chunks"'::regclass)
      OR srrelid IN (SELECT relid FROM pg_partition_tree('"public"."chunks_new"'::regclass))
      OR srrelid IN (SELECT relid FROM pg_partition_tree('"public"."chunks"'::regclass)))
  THEN
    RAISE EXCEPTION USING
      MESSAGE = format('a subscription writes to %s or %s, and its workers fire no trigger that would log it', '"public"."chunks"'::regclass, '"public"."chunks_new"'::regclass),
      HINT = 'Nothing was changed. Take the table out of the subscription, then roll back and begin again: what it has written is in no log.';
  END IF;

  -- nor may anything act on rows that the application has written once already, or on others besides; what is there
  -- at all is asked first, since a table has many partitions, and most have nothing that is not ours
  SELECT string_agg(what, ', ' ORDER BY what) INTO acting
  FROM (
    SELECT t.tgrelid AS relid, format('trigger %I on %s', t.tgname, t.tgrelid::regclass) AS what
    FROM pg_trigger AS t
    WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND t.tgparentid = 0 AND t.tgfoid <> ALL (ARRAY(
      SELECT own::oid FROM unnest(ARRAY[
        to_regprocedure('public.chunks_log_20250811_120000()'), to_regprocedure('public.chunks_back_20250811_120000()'), to_regprocedure('public.chunks_old_20250811_120000()'),
        to_regprocedure('public.chunks_partition_key()')]) AS own
      WHERE own IS NOT NULL))
      -- what logs for the way back of an earlier run is to log this, too
      AND NOT EXISTS (SELECT FROM pg_proc AS f WHERE f.oid = t.tgfoid AND (NOT t.tgisinternal AND t.tgname ~ '^executor[2-9]?_(insert|update|delete|truncate)$' AND f.proname ~ '_back_[0-9]{8}_[0-9]{6}$'
  AND f.prosrc ~ '^\n#variable_conflict use_column\nBEGIN\n.*\n  IF TG_OP = ''INSERT'' THEN\n    INSERT INTO [^\n]* FROM new_rows;\n'))
    UNION ALL
    SELECT r.ev_class, format('rule %I on %s', r.rulename, r.ev_class::regclass) FROM pg_rewrite AS r WHERE r.ev_enabled <> 'D'
  ) AS found
  WHERE relid = '"public"."chunks_new"'::regclass OR EXISTS (SELECT FROM pg_partition_ancestors(relid) AS whole WHERE whole = '"public"."chunks_new"'::regclass);
  IF acting IS NOT NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('%s has what would act on rows that are brought in step: %s', '"public"."chunks_new"'::regclass, acting),
      HINT = 'It was created by that name. Nothing was changed; drop it, and try again. What the table in use has comes along with the swap.';
  END IF;

  -- take the entries that can be seen
  WITH entry AS (DELETE FROM "public"."chunks_log_20250811_120000" WHERE executor_work
    AND coalesce(abs(hashtext("collection_id"::text) % 3) % executor_of, 0) = executor_part RETURNING *)
  INSERT INTO pg_temp."chunks_log_20250811_120000" SELECT DISTINCT * FROM entry;
  GET DIAGNOSTICS taken = ROW_COUNT;
  IF taken = 0 AND executor_work THEN
    RETURN 0;
  END IF;
  IF EXISTS (SELECT FROM pg_temp."chunks_log_20250811_120000" AS k WHERE k."id" IS NULL OR k."collection_id" IS NULL) THEN
    RAISE EXCEPTION USING
      MESSAGE = 'a row was written without collection_id, which has no partition',
      HINT = 'Give it one or delete it, make the column NOT NULL, roll back and run again.';
  END IF;

  -- delete the rows there, and insert them as they are here
  BEGIN
    DELETE FROM "public"."chunks_new" AS r USING pg_temp."chunks_log_20250811_120000" AS k
    WHERE r."id" = k."id" AND r."collection_id" = k."collection_id"
      AND abs(hashtext(r."collection_id"::text) % 3) = abs(hashtext(k."collection_id"::text) % 3);
    INSERT INTO "public"."chunks_new" ("id", "collection_id", "document_id", "chunking_config_id", "chunk_index", "content", "token_count", "embedding_vector_id", "meta", "created_at", "updated_at", "partition_key") OVERRIDING SYSTEM VALUE
    SELECT r."id", r."collection_id", r."document_id", r."chunking_config_id", r."chunk_index", r."content", r."token_count", r."embedding_vector_id", r."meta", r."created_at", r."updated_at", abs(hashtext(r."collection_id"::text) % 3)

    FROM "public"."chunks" AS r JOIN pg_temp."chunks_log_20250811_120000" AS k
    ON r."id" = k."id" AND r."collection_id" = k."collection_id";
    SET CONSTRAINTS ALL IMMEDIATE;
  EXCEPTION WHEN integrity_constraint_violation THEN
    GET STACKED DIAGNOSTICS of_constraint = CONSTRAINT_NAME, of_key = PG_EXCEPTION_DETAIL;
    IF SQLSTATE = '23514' AND of_constraint = '' THEN
      RAISE EXCEPTION USING
        MESSAGE = format('a row was written to %s for which %s has no partition', '"public"."chunks"'::regclass, '"public"."chunks_new"'::regclass),
        DETAIL = of_key,
        HINT = 'Nothing was changed. Delete or change the row and run again; or roll back, and run with partitions that hold it, such as a default one.';
    END IF;
    IF NOT EXISTS (SELECT FROM "public"."chunks_log_20250811_120000" WHERE true
    AND coalesce(abs(hashtext("collection_id"::text) % 3) % executor_of, 0) = executor_part) THEN
      IF SQLSTATE IN ('23503', '23505') THEN
        RAISE EXCEPTION USING
          ERRCODE = SQLSTATE, MESSAGE = SQLERRM, DETAIL = of_key,
          HINT = format(CASE SQLSTATE
            WHEN '23503' THEN 'Nothing was changed. A row of %s refers to one that is not there: perhaps a trigger has kept it from following a delete. Delete it, or bring back what it refers to.'
            ELSE 'Nothing was changed. Two rows of %s have the key that %s can hold only once; change or delete one of them.' END,
            '"public"."chunks"'::regclass, '"public"."chunks_new"'::regclass);
      END IF;
      RAISE;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'EX002', MESSAGE = 'what was written meanwhile is in the way: ' || SQLERRM;
  END;

  -- compare the rows whose keys have not come into the log again
  PERFORM set_config('enable_hashjoin', 'on', true);
  WITH settled AS MATERIALIZED (
    SELECT k.* FROM pg_temp."chunks_log_20250811_120000" AS k
    WHERE NOT EXISTS (SELECT FROM "public"."chunks_log_20250811_120000" AS r WHERE r."id" = k."id" AND r."collection_id" = k."collection_id")
  )
  SELECT here.rows, here IS NOT DISTINCT FROM there AS equal INTO compared
  FROM (
    SELECT count(*) AS rows, sum(hash_numeric_extended(hash_record_extended(ROW(r.id, (r.id >> 32)::int4, r.collection_id, r.document_id, r.chunking_config_id, r.chunk_index, r.content COLLATE "C", r.token_count, r.embedding_vector_id COLLATE "C", r.meta::text COLLATE "C", r.created_at, date_part('epoch', r.created_at), r.updated_at, date_part('epoch', r.updated_at)), 0)::numeric, 0))
    FROM settled AS k CROSS JOIN LATERAL (
      SELECT r.* FROM "public"."chunks" AS r
      WHERE r."id" = k."id" AND r."collection_id" = k."collection_id" OFFSET 0) AS r
  ) AS here
  CROSS JOIN (
    SELECT count(*), sum(hash_numeric_extended(hash_record_extended(ROW(r.id, (r.id >> 32)::int4, r.collection_id, r.document_id, r.chunking_config_id, r.chunk_index, r.content COLLATE "C", r.token_count, r.embedding_vector_id COLLATE "C", r.meta::text COLLATE "C", r.created_at, date_part('epoch', r.created_at), r.updated_at, date_part('epoch', r.updated_at)), 0)::numeric, 0))
    FROM settled AS k CROSS JOIN LATERAL (
      SELECT r.* FROM "public"."chunks_new" AS r
      WHERE r."id" = k."id" AND r."collection_id" = k."collection_id"
      AND abs(hashtext(r."collection_id"::text) % 3) = abs(hashtext(k."collection_id"::text) % 3) OFFSET 0) AS r
  ) AS there;
  IF NOT compared.equal THEN
    RAISE EXCEPTION USING
      MESSAGE = format('%s rows were written to %s, and %s does not hold them as they are', compared.rows, '"public"."chunks"'::regclass, '"public"."chunks_new"'::regclass),
      HINT = 'Does something else write to it? Nothing was changed.';
  END IF;
  DELETE FROM pg_temp."chunks_log_20250811_120000";
  RETURN taken;
END
$executor$;

CALL pg_temp.executor_keep_function_private('public.chunks_sync_20250811_120000(boolean, integer, integer)', owner_of => '"public"."chunks"');

SET LOCAL lock_timeout = '10s';
LOCK TABLE "public"."chunks" IN SHARE UPDATE EXCLUSIVE MODE;
SET LOCAL lock_timeout = '200ms';

-- One waiting time for all locks together; lock_timeout alone would count anew for each.
SET LOCAL statement_timeout = '200ms';
LOCK TABLE "public"."chunks" IN SHARE ROW EXCLUSIVE MODE;
SET LOCAL statement_timeout = 0;
CALL pg_temp.executor_recheck('the run began', '{"owner": "575843099bba1a89723036cc7c541333bee6d621313a156064e0b24054cbed43", "tree": "48022c436b39330b9dcd7ff38dab614460c179b6e006cc6bb347782ec5699147", "columns": "46c702629d42abfd921e062036a95ee490a082d56a2207a2755b0c98c1cc25dd", "new_columns": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "key": "a8aa6cbdd96d00f850df2c48a2016a7acfef1f57fd54fa965add3712dde9934e", "incoming_keys": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "subscriptions": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945"}');
-- From here on the keys of all that is written to the table are logged. Committed before the first row is copied, so
-- that every later write is in the log.
CREATE TRIGGER "executor_insert" AFTER INSERT ON "public"."chunks" REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "public"."chunks_log_20250811_120000"();
CREATE TRIGGER "executor_update" AFTER UPDATE ON "public"."chunks" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "public"."chunks_log_20250811_120000"();
CREATE TRIGGER "executor_delete" AFTER DELETE ON "public"."chunks" REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION "public"."chunks_log_20250811_120000"();
CREATE TRIGGER "executor_truncate" BEFORE TRUNCATE ON "public"."chunks" FOR EACH STATEMENT EXECUTE FUNCTION "public"."chunks_log_20250811_120000"();
ALTER TABLE "public"."chunks" ENABLE ALWAYS TRIGGER "executor_insert", ENABLE ALWAYS TRIGGER "executor_update", ENABLE ALWAYS TRIGGER "executor_delete", ENABLE ALWAYS TRIGGER "executor_truncate";

CALL pg_temp.executor_note_log_state('"public"."chunks"', 'public.chunks_log_20250811_120000()');
COMMIT;

-- Step 8 of 38: copy_rows
-- Copy every row into its partition.
BEGIN ISOLATION LEVEL READ COMMITTED;
-- Copies a range of blocks of one table that holds rows: every column by name with its value as it
-- is, identity and serial columns too. Generated columns are computed again from the same values.
CALL pg_temp.executor_refuse_foreign_code(writes => ARRAY['"public"."chunks_new"'], reads => ARRAY['"public"."chunks"']);
INSERT INTO "public"."chunks_new" ("id", "collection_id", "document_id", "chunking_config_id", "chunk_index", "content", "token_count", "embedding_vector_id", "meta", "created_at", "updated_at", "partition_key") OVERRIDING SYSTEM VALUE
SELECT r."id", r."collection_id", r."document_id", r."chunking_config_id", r."chunk_index", r."content", r."token_count", r."embedding_vector_id", r."meta", r."created_at", r."updated_at", abs(hashtext(r."collection_id"::text) % 3)
FROM "public"."chunks" AS r;
COMMIT;

-- Step 9 of 38: discard_touched
-- Take out of the new table what was written while it was copied; it comes back with catch_up.
BEGIN ISOLATION LEVEL READ COMMITTED;
-- Deletes the rows that were written while they were copied; they come back with the next pass. A row
-- that moved meanwhile can be there twice, so this comes before the unique indexes. The log keeps its
-- entries.
CALL pg_temp.executor_refuse_foreign_code(writes => ARRAY['"public"."chunks_new"'], reads => ARRAY['"public"."chunks_log_20250811_120000"']);
DELETE FROM "public"."chunks_new" AS r
USING (SELECT DISTINCT * FROM "public"."chunks_log_20250811_120000") AS k
WHERE r."id" = k."id" AND r."collection_id" = k."collection_id";
COMMIT;

-- Step 10 of 38: define_indexes
-- Give the new table the indexes of the source, for its partitions to attach theirs, and its columns their statistics
-- targets.
BEGIN ISOLATION LEVEL READ COMMITTED;
-- The indexes that the new table has as a whole, still without those of the partitions: ON ONLY
-- keeps each transaction, and its locks, to one table. They become valid when the last partition
-- has attached its own.
CALL pg_temp.executor_refuse_foreign_code(reads => ARRAY['"public"."chunks"', '"public"."chunks_new"']);

SET LOCAL default_tablespace = '';
CREATE INDEX "chunks_new_created_at_idx" ON ONLY "public"."chunks_new" USING btree (created_at DESC);
CREATE INDEX "chunks_new_document_id_idx" ON ONLY "public"."chunks_new" USING btree (document_id);
CREATE INDEX "chunks_new_embedding_idx" ON ONLY "public"."chunks_new" USING btree (embedding_vector_id) WHERE (embedding_vector_id IS NOT NULL);
COMMIT;

-- Step 11 of 38: build_indexes
-- Build the indexes, primary key and unique constraints of every partition, and vacuum it while it is in memory.
BEGIN ISOLATION LEVEL READ COMMITTED;
-- Builds the indexes, primary keys and unique constraints of one loaded partition, and attaches those
-- that the new table has, too; attaching scans nothing.
-- Lock: SHARE on the partition, which nobody uses, and ACCESS EXCLUSIVE where it gets a key or is told what identifies a
-- row; at the end SHARE UPDATE EXCLUSIVE on the new table's indexes, for which the workers wait in turn.
-- Nobody but the other workers is kept waiting; they build, too, so starting helpers would take longer than it saves.
SET LOCAL lock_timeout = '10min'; SET LOCAL max_parallel_maintenance_workers = 0; SET LOCAL default_tablespace = '';
CALL pg_temp.executor_refuse_foreign_code(reads => ARRAY['"public"."chunks"', '"public"."chunks_part_00"']);
CREATE UNIQUE INDEX "chunks_part_00_pkey" ON "public"."chunks_part_00" USING btree (id);
ALTER TABLE "public"."chunks_part_00" ADD CONSTRAINT "chunks_part_00_pkey" PRIMARY KEY USING INDEX "chunks_part_00_pkey";
CREATE UNIQUE INDEX "chunks_part_00_position_key" ON "public"."chunks_part_00" USING btree (collection_id, document_id, chunk_index);
ALTER TABLE "public"."chunks_part_00" ADD CONSTRAINT "chunks_part_00_position_key" UNIQUE USING INDEX "chunks_part_00_position_key";
CREATE INDEX "chunks_part_00_created_at_idx" ON "public"."chunks_part_00" USING btree (created_at DESC);
CREATE INDEX "chunks_part_00_document_id_idx" ON "public"."chunks_part_00" USING btree (document_id);
CREATE INDEX "chunks_part_00_embedding_idx" ON "public"."chunks_part_00" USING btree (embedding_vector_id) WHERE (embedding_vector_id IS NOT NULL);
ALTER TABLE "public"."chunks_part_00" REPLICA IDENTITY DEFAULT;
ALTER INDEX "public"."chunks_new_created_at_idx" ATTACH PARTITION "public"."chunks_part_00_created_at_idx";
ALTER INDEX "public"."chunks_new_document_id_idx" ATTACH PARTITION "public"."chunks_part_00_document_id_idx";
ALTER INDEX "public"."chunks_new_embedding_idx" ATTACH PARTITION "public"."chunks_part_00_embedding_idx";
COMMIT AND CHAIN;
SET LOCAL lock_timeout = '10min'; SET LOCAL max_parallel_maintenance_workers = 0; SET LOCAL default_tablespace = '';
CALL pg_temp.executor_refuse_foreign_code(reads => ARRAY['"public"."chunks"', '"public"."chunks_part_01"']);
CREATE UNIQUE INDEX "chunks_part_01_pkey" ON "public"."chunks_part_01" USING btree (id);
ALTER TABLE "public"."chunks_part_01" ADD CONSTRAINT "chunks_part_01_pkey" PRIMARY KEY USING INDEX "chunks_part_01_pkey";
CREATE UNIQUE INDEX "chunks_part_01_position_key" ON "public"."chunks_part_01" USING btree (collection_id, document_id, chunk_index);
ALTER TABLE "public"."chunks_part_01" ADD CONSTRAINT "chunks_part_01_position_key" UNIQUE USING INDEX "chunks_part_01_position_key";
CREATE INDEX "chunks_part_01_created_at_idx" ON "public"."chunks_part_01" USING btree (created_at DESC);
CREATE INDEX "chunks_part_01_document_id_idx" ON "public"."chunks_part_01" USING btree (document_id);
CREATE INDEX "chunks_part_01_embedding_idx" ON "public"."chunks_part_01" USING btree (embedding_vector_id) WHERE (embedding_vector_id IS NOT NULL);
ALTER TABLE "public"."chunks_part_01" REPLICA IDENTITY DEFAULT;
ALTER INDEX "public"."chunks_new_created_at_idx" ATTACH PARTITION "public"."chunks_part_01_created_at_idx";
ALTER INDEX "public"."chunks_new_document_id_idx" ATTACH PARTITION "public"."chunks_part_01_document_id_idx";
ALTER INDEX "public"."chunks_new_embedding_idx" ATTACH PARTITION "public"."chunks_part_01_embedding_idx";
COMMIT AND CHAIN;
SET LOCAL lock_timeout = '10min'; SET LOCAL max_parallel_maintenance_workers = 0; SET LOCAL default_tablespace = '';
CALL pg_temp.executor_refuse_foreign_code(reads => ARRAY['"public"."chunks"', '"public"."chunks_part_02"']);
CREATE UNIQUE INDEX "chunks_part_02_pkey" ON "public"."chunks_part_02" USING btree (id);
ALTER TABLE "public"."chunks_part_02" ADD CONSTRAINT "chunks_part_02_pkey" PRIMARY KEY USING INDEX "chunks_part_02_pkey";
CREATE UNIQUE INDEX "chunks_part_02_position_key" ON "public"."chunks_part_02" USING btree (collection_id, document_id, chunk_index);
ALTER TABLE "public"."chunks_part_02" ADD CONSTRAINT "chunks_part_02_position_key" UNIQUE USING INDEX "chunks_part_02_position_key";
CREATE INDEX "chunks_part_02_created_at_idx" ON "public"."chunks_part_02" USING btree (created_at DESC);
CREATE INDEX "chunks_part_02_document_id_idx" ON "public"."chunks_part_02" USING btree (document_id);
CREATE INDEX "chunks_part_02_embedding_idx" ON "public"."chunks_part_02" USING btree (embedding_vector_id) WHERE (embedding_vector_id IS NOT NULL);
ALTER TABLE "public"."chunks_part_02" REPLICA IDENTITY DEFAULT;
ALTER INDEX "public"."chunks_new_created_at_idx" ATTACH PARTITION "public"."chunks_part_02_created_at_idx";
ALTER INDEX "public"."chunks_new_document_id_idx" ATTACH PARTITION "public"."chunks_part_02_document_id_idx";
ALTER INDEX "public"."chunks_new_embedding_idx" ATTACH PARTITION "public"."chunks_part_02_embedding_idx";
COMMIT;
BEGIN ISOLATION LEVEL READ COMMITTED;
-- assertion no_rows (sql/repartition/indexes/invalid.sql): Every index of the new table is valid, and so has one of every partition.
SELECT pg_temp.executor_assert('step build_indexes: Every index of the new table is valid, and so has one of every partition.', json_agg(finding)) FROM (
SELECT
  'bad rows' AS subject,
  '0' AS expected,
  count(*)::text AS actual,
  count(*) = 0 AS passed
FROM (
-- Indexes of the new table that lack one of a partition, or were left behind by a failed build.
SELECT i.indrelid::regclass AS relation, i.indexrelid::regclass AS index
FROM pg_index AS i
WHERE i.indrelid IN (SELECT '"public"."chunks_new"'::regclass UNION SELECT relid FROM pg_partition_tree('"public"."chunks_new"'::regclass))
  AND NOT (i.indisvalid AND i.indisready)

) AS query
) AS finding;
COMMIT;

-- Step 12 of 38: add_constraints
-- Restore the checks that were not validated.
BEGIN ISOLATION LEVEL READ COMMITTED;
-- What had to wait for the rows: checks that the source has not validated.
-- Lock: ACCESS EXCLUSIVE on the new table and its partitions, which nobody uses.
CALL pg_temp.executor_refuse_foreign_code(writes => ARRAY['"public"."chunks_new"'], reads => ARRAY['"public"."chunks"']);
COMMIT;

-- Step 13 of 38: capture_partitions
-- Log what reaches the partitions by other ways than the passes, such as a foreign key that follows a delete.
BEGIN ISOLATION LEVEL READ COMMITTED;
-- Logs what reaches a partition of the new table by any other way than the passes, so that the next pass brings it
-- back in step: a foreign key that deletes there what a trigger has kept in the table itself, or somebody who writes
-- to it by name. From the swap on the same triggers log for the way back.
-- Lock: SHARE ROW EXCLUSIVE on the partition, which nobody uses.
CREATE TRIGGER "executor_insert" AFTER INSERT ON "public"."chunks_part_00" REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "public"."chunks_back_20250811_120000"();
CREATE TRIGGER "executor_update" AFTER UPDATE ON "public"."chunks_part_00" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "public"."chunks_back_20250811_120000"();
CREATE TRIGGER "executor_delete" AFTER DELETE ON "public"."chunks_part_00" REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION "public"."chunks_back_20250811_120000"();
CREATE TRIGGER "executor_truncate" BEFORE TRUNCATE ON "public"."chunks_part_00" FOR EACH STATEMENT EXECUTE FUNCTION "public"."chunks_back_20250811_120000"();
ALTER TABLE "public"."chunks_part_00" ENABLE ALWAYS TRIGGER "executor_insert", ENABLE ALWAYS TRIGGER "executor_update", ENABLE ALWAYS TRIGGER "executor_delete", ENABLE ALWAYS TRIGGER "executor_truncate";
CREATE TRIGGER "executor_insert" AFTER INSERT ON "public"."chunks_part_01" REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "public"."chunks_back_20250811_120000"();
CREATE TRIGGER "executor_update" AFTER UPDATE ON "public"."chunks_part_01" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "public"."chunks_back_20250811_120000"();
CREATE TRIGGER "executor_delete" AFTER DELETE ON "public"."chunks_part_01" REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION "public"."chunks_back_20250811_120000"();
CREATE TRIGGER "executor_truncate" BEFORE TRUNCATE ON "public"."chunks_part_01" FOR EACH STATEMENT EXECUTE FUNCTION "public"."chunks_back_20250811_120000"();
ALTER TABLE "public"."chunks_part_01" ENABLE ALWAYS TRIGGER "executor_insert", ENABLE ALWAYS TRIGGER "executor_update", ENABLE ALWAYS TRIGGER "executor_delete", ENABLE ALWAYS TRIGGER "executor_truncate";
CREATE TRIGGER "executor_insert" AFTER INSERT ON "public"."chunks_part_02" REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "public"."chunks_back_20250811_120000"();
CREATE TRIGGER "executor_update" AFTER UPDATE ON "public"."chunks_part_02" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "public"."chunks_back_20250811_120000"();
CREATE TRIGGER "executor_delete" AFTER DELETE ON "public"."chunks_part_02" REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION "public"."chunks_back_20250811_120000"();
CREATE TRIGGER "executor_truncate" BEFORE TRUNCATE ON "public"."chunks_part_02" FOR EACH STATEMENT EXECUTE FUNCTION "public"."chunks_back_20250811_120000"();
ALTER TABLE "public"."chunks_part_02" ENABLE ALWAYS TRIGGER "executor_insert", ENABLE ALWAYS TRIGGER "executor_update", ENABLE ALWAYS TRIGGER "executor_delete", ENABLE ALWAYS TRIGGER "executor_truncate";
COMMIT;

-- Step 14 of 38: capture_target
-- Log the same of the new table itself, and write down that all of it is watched.
BEGIN ISOLATION LEVEL READ COMMITTED;
-- Logs the same of the new table itself. By now all of it is watched, which is written down for the swap.
-- Lock: SHARE ROW EXCLUSIVE on the new table, which nobody uses.
CREATE TRIGGER "executor_insert" AFTER INSERT ON "public"."chunks_new" REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "public"."chunks_back_20250811_120000"();
CREATE TRIGGER "executor_update" AFTER UPDATE ON "public"."chunks_new" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "public"."chunks_back_20250811_120000"();
CREATE TRIGGER "executor_delete" AFTER DELETE ON "public"."chunks_new" REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION "public"."chunks_back_20250811_120000"();
CREATE TRIGGER "executor_truncate" BEFORE TRUNCATE ON "public"."chunks_new" FOR EACH STATEMENT EXECUTE FUNCTION "public"."chunks_back_20250811_120000"();
ALTER TABLE "public"."chunks_new" ENABLE ALWAYS TRIGGER "executor_insert", ENABLE ALWAYS TRIGGER "executor_update", ENABLE ALWAYS TRIGGER "executor_delete", ENABLE ALWAYS TRIGGER "executor_truncate";

CALL pg_temp.executor_note_log_state('"public"."chunks_new"', 'public.chunks_back_20250811_120000()');
COMMIT;

-- Step 15 of 38: add_foreign_keys
-- Add the foreign keys that follow a delete (CASCADE, SET NULL) to every partition, without a scan.
BEGIN ISOLATION LEVEL READ COMMITTED;
-- Adds a foreign key that follows a delete to every partition, or to the new table if it has none, not validated yet, so without a scan: from now on a
-- delete in the referenced table reaches the new table in the same transaction as the old one. A partitioned table
-- can't have such a key before PostgreSQL 18, its partitions can.
-- Lock: SHARE ROW EXCLUSIVE on the referenced table, so its writers wait; short, given up after lock_timeout.
ALTER TABLE "public"."chunks_part_00" ADD CONSTRAINT "chunks_collection_id_fkey" FOREIGN KEY (collection_id) REFERENCES public.collections(id) ON DELETE CASCADE NOT VALID;
ALTER TABLE "public"."chunks_part_01" ADD CONSTRAINT "chunks_collection_id_fkey" FOREIGN KEY (collection_id) REFERENCES public.collections(id) ON DELETE CASCADE NOT VALID;
ALTER TABLE "public"."chunks_part_02" ADD CONSTRAINT "chunks_collection_id_fkey" FOREIGN KEY (collection_id) REFERENCES public.collections(id) ON DELETE CASCADE NOT VALID;
COMMIT AND CHAIN;
ALTER TABLE "public"."chunks_part_00" ADD CONSTRAINT "chunks_document_id_fkey" FOREIGN KEY (document_id) REFERENCES public.documents(id) ON DELETE CASCADE NOT VALID;
ALTER TABLE "public"."chunks_part_01" ADD CONSTRAINT "chunks_document_id_fkey" FOREIGN KEY (document_id) REFERENCES public.documents(id) ON DELETE CASCADE NOT VALID;
ALTER TABLE "public"."chunks_part_02" ADD CONSTRAINT "chunks_document_id_fkey" FOREIGN KEY (document_id) REFERENCES public.documents(id) ON DELETE CASCADE NOT VALID;
COMMIT;

-- Step 16 of 38: fill_partition_key
-- Let a trigger fill partition_key, so that writers need not know of it.
SELECT coalesce((
SELECT 'list_by_hash' = 'list_by_hash' AND 'expression' = 'expression'
), false) AS executor_due \gset
\if :executor_due
BEGIN ISOLATION LEVEL READ COMMITTED;
-- Fills partition_key, so that writers need not know of it. The table is partitioned by the
-- expression and not by the column, because a row is routed before its triggers fire. Created after
-- the load, which has filled the column. If the table's owner is not trusted, the function is this role's until
-- the swap, for as long as this role fires it: its owner could put another body into it.
-- Lock: SHARE ROW EXCLUSIVE on the new table and its partitions, which nobody uses.
CREATE FUNCTION "public"."chunks_partition_key"() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $executor$
BEGIN
  NEW.partition_key := abs(hashtext(NEW."collection_id"::text) % 3);
  RETURN NEW;
END
$executor$;

CALL pg_temp.executor_keep_function_private('public.chunks_partition_key()', owner_of => '"public"."chunks"');

-- Triggers fire by name: this one comes last and sees the collection that others have set.
CREATE TRIGGER zz_partition_key BEFORE INSERT OR UPDATE ON "public"."chunks_new"
FOR EACH ROW EXECUTE FUNCTION "public"."chunks_partition_key"();

-- ALWAYS: a session may have session_replication_role = replica.
ALTER TABLE "public"."chunks_new" ENABLE ALWAYS TRIGGER zz_partition_key;
COMMIT;
\endif

-- Step 17 of 38: first_pass
-- Apply what has been logged so far, partition by partition.
BEGIN ISOLATION LEVEL READ COMMITTED;
-- Brings one partition of the new table in step with the table, by the keys in the log. None is left out, however
-- few they are: a row may refer to one that was deleted before the foreign keys of the partitions followed it.
CALL pg_temp.executor_refuse_foreign_sync();
SELECT set_config('executor.rows', "public"."chunks_sync_20250811_120000"(true, 0, 3)::text, true);
COMMIT AND CHAIN; CALL pg_temp.executor_refuse_foreign_sync();
SELECT set_config('executor.rows', "public"."chunks_sync_20250811_120000"(true, 1, 3)::text, true);
COMMIT AND CHAIN; CALL pg_temp.executor_refuse_foreign_sync();
SELECT set_config('executor.rows', "public"."chunks_sync_20250811_120000"(true, 2, 3)::text, true);
COMMIT;

-- Step 18 of 38: catch_up
-- Apply what is written meanwhile, in passes, until little is left.
CALL pg_temp.executor_repeat('catch_up', at_most => 20000, until => $executor_5445a502$SELECT (
SELECT NOT pg_temp.executor_has_more('"public"."chunks_log_20250811_120000"', 500)
)$executor_5445a502$, pass => $executor_5445a502$
-- One pass: brings the table that is not in use in step with the one that is, by the keys in the log. With
-- many of them it takes those of some partitions in turn, about 1,000, so that nobody waits for long who
-- deletes a row that it refers to, and so that little is done again if such a delete was first.
CALL pg_temp.executor_refuse_foreign_sync();
SELECT set_config('executor.rows', "public"."chunks_sync_20250811_120000"(true, (1 % parts)::integer, parts::integer)::text, true)
FROM (SELECT least(greatest(ceil(count(*) / 1000.0), 1), 3) AS parts FROM "public"."chunks_log_20250811_120000") AS slices;
CALL pg_temp.executor_shorten_logs();
$executor_5445a502$);

-- Step 19 of 38: validate_foreign_keys
-- Validate the foreign keys, partition by partition, while the referenced tables are in use.
BEGIN ISOLATION LEVEL READ COMMITTED;
-- Checks every row of one partition against the referenced tables, while these are written to.
-- Lock: SHARE UPDATE EXCLUSIVE on the partition and ROW SHARE on the referenced tables, while rows are read.
CALL pg_temp.executor_refuse_foreign_code(reads => ARRAY['"public"."chunks_part_00"']);
CALL pg_temp.executor_refuse_foreign_plans(ARRAY['public.collections', 'public.documents']);
ALTER TABLE "public"."chunks_part_00" VALIDATE CONSTRAINT "chunks_collection_id_fkey", VALIDATE CONSTRAINT "chunks_document_id_fkey";
COMMIT AND CHAIN; CALL pg_temp.executor_refuse_foreign_code(reads => ARRAY['"public"."chunks_part_01"']);
CALL pg_temp.executor_refuse_foreign_plans(ARRAY['public.collections', 'public.documents']);
ALTER TABLE "public"."chunks_part_01" VALIDATE CONSTRAINT "chunks_collection_id_fkey", VALIDATE CONSTRAINT "chunks_document_id_fkey";
COMMIT AND CHAIN; CALL pg_temp.executor_refuse_foreign_code(reads => ARRAY['"public"."chunks_part_02"']);
CALL pg_temp.executor_refuse_foreign_plans(ARRAY['public.collections', 'public.documents']);
ALTER TABLE "public"."chunks_part_02" VALIDATE CONSTRAINT "chunks_collection_id_fkey", VALIDATE CONSTRAINT "chunks_document_id_fkey";
COMMIT;

-- Step 20 of 38: attach_foreign_keys
-- Add the foreign keys to the new table, which adopts those of its partitions, one by one.
BEGIN ISOLATION LEVEL READ COMMITTED;
-- A foreign key of the new table as a whole. It adopts the equal, validated keys of its partitions,
-- so no row is read again. One a transaction, so that never two referenced tables are locked.
-- Lock: ACCESS EXCLUSIVE on the referenced table, whose triggers for the partitions are joined; short, and
-- given up after lock_timeout.
CALL pg_temp.executor_refuse_foreign_code(reads => ARRAY['"public"."chunks_new"']);

ALTER TABLE "public"."chunks_new" ADD CONSTRAINT "chunks_collection_id_fkey" FOREIGN KEY (collection_id) REFERENCES public.collections(id) ON DELETE CASCADE;
COMMIT AND CHAIN; CALL pg_temp.executor_refuse_foreign_code(reads => ARRAY['"public"."chunks_new"']);

ALTER TABLE "public"."chunks_new" ADD CONSTRAINT "chunks_document_id_fkey" FOREIGN KEY (document_id) REFERENCES public.documents(id) ON DELETE CASCADE;
COMMIT;
BEGIN ISOLATION LEVEL READ COMMITTED;
-- assertion no_rows (sql/repartition/foreign_keys/lone.sql): No partition has a foreign key beside that of the new table.
SELECT pg_temp.executor_assert('step attach_foreign_keys: No partition has a foreign key beside that of the new table.', json_agg(finding)) FROM (
SELECT
  'bad rows' AS subject,
  '0' AS expected,
  count(*)::text AS actual,
  count(*) = 0 AS passed
FROM (
-- Foreign keys of partitions that the new table did not adopt; each would be checked twice.
SELECT r.conrelid::regclass AS partition, r.conname
FROM pg_constraint AS r
JOIN pg_partition_tree('"public"."chunks_new"'::regclass) AS part ON part.relid = r.conrelid AND part.level > 0
WHERE r.contype = 'f' AND r.conparentid = 0

) AS query
) AS finding;
COMMIT;

-- Step 21 of 38: vacuum
-- Freeze the rows and set the visibility map of every partition that was not vacuumed yet, or was much written to
-- since.
SELECT coalesce(array_agg(name::text), '{}') AS executor_skipped FROM (
SELECT item
FROM (
SELECT item, name FROM (VALUES (NULL::integer, NULL)
 , (0, '"public"."chunks_part_00"') , (1, '"public"."chunks_part_01"') , (2, '"public"."chunks_part_02"')
) AS part (item, name) WHERE item IS NOT NULL
) AS part
JOIN pg_class AS c ON c.oid = to_regclass(name)
WHERE pg_relation_size(c.oid) = 0
  OR pg_stat_get_last_vacuum_time(c.oid) IS NOT NULL
    AND pg_stat_get_last_analyze_time(c.oid) IS NOT NULL
    AND 50 * (pg_stat_get_ins_since_vacuum(c.oid) + pg_stat_get_dead_tuples(c.oid)) <= c.reltuples
) AS asked (name) \gset
SELECT '0' <> ALL (:'executor_skipped'::text[]) AS executor_due \gset \if :executor_due
-- Freezes the rows and sets the visibility map, so that neither an anti-wraparound storm nor slow
-- index-only scans follow the swap. Then the statistics, where the step after this need not collect those
-- of all partitions in turn.
-- Lock: SHARE UPDATE EXCLUSIVE on the partition, which nobody uses. So nobody waits behind it: it is waited for
-- as long as an autovacuum takes, or the server for an executor that was killed; the step after this ends that setting.
SELECT set_config('lock_timeout', '10min', false); VACUUM (FREEZE, ANALYZE) "public"."chunks_part_00"; \endif
SELECT '1' <> ALL (:'executor_skipped'::text[]) AS executor_due \gset \if :executor_due
SELECT set_config('lock_timeout', '10min', false); VACUUM (FREEZE, ANALYZE) "public"."chunks_part_01"; \endif
SELECT '2' <> ALL (:'executor_skipped'::text[]) AS executor_due \gset \if :executor_due
SELECT set_config('lock_timeout', '10min', false); VACUUM (FREEZE, ANALYZE) "public"."chunks_part_02"; \endif

-- Step 22 of 38: analyze
-- Collect the planner's statistics of the new table, and call autovacuum back.
-- Statistics of the new table; autovacuum never analyzes a partitioned table. Before PostgreSQL 18 this
-- analyzes the partitions, too; since then the workers of the step before have done it. From here on autovacuum
-- takes care of the partitions, as it does of the source.
-- Lock: SHARE UPDATE EXCLUSIVE, waited for as in the step before.
SELECT set_config('lock_timeout', '10min', false);
ANALYZE ONLY "public"."chunks_new";
DO $executor$
BEGIN
  ALTER TABLE "public"."chunks_part_00" RESET (autovacuum_enabled, toast.autovacuum_enabled);
  ALTER TABLE "public"."chunks_part_01" RESET (autovacuum_enabled, toast.autovacuum_enabled);
  ALTER TABLE "public"."chunks_part_02" RESET (autovacuum_enabled, toast.autovacuum_enabled);
END
$executor$;
SELECT set_config('lock_timeout', '200ms', false);

-- Step 23 of 38: verify
-- Compare both tables in one snapshot, every column of every row but those whose keys are in the log.
-- First what catch_up does, once more.
BEGIN ISOLATION LEVEL READ COMMITTED;
CALL pg_temp.executor_refuse_foreign_sync();
SELECT set_config('executor.rows', "public"."chunks_sync_20250811_120000"(true, 0, 1)::text, true);
CALL pg_temp.executor_shorten_logs();
COMMIT;
BEGIN ISOLATION LEVEL REPEATABLE READ;
-- assertion row_count_equal (sql/assertions/row_count_equal.sql): The tables have as many rows.
CALL pg_temp.executor_hold_steady('"public"."chunks"', '"public"."chunks_new"', without => '"public"."chunks_log_20250811_120000"');
SELECT pg_temp.executor_assert('step verify: The tables have as many rows.', json_agg(finding)) FROM (
SELECT
  'rows of ' || '"public"."chunks_new"'::regclass AS subject,
  l.rows::text AS expected,
  r.rows::text AS actual,
  l.rows = r.rows AS passed
FROM
  (SELECT count(*) - (
    -- the keys are unique, so each row that is left out is here once; few are looked up, by an index
    SELECT count(*) FROM "public"."chunks" AS r
    NATURAL JOIN (SELECT DISTINCT * FROM "public"."chunks_log_20250811_120000") AS without) AS rows FROM "public"."chunks" AS counted) AS "l",
  (SELECT count(*) - (
    -- the keys are unique, so each row that is left out is here once; few are looked up, by an index
    SELECT count(*) FROM "public"."chunks_new" AS r
    NATURAL JOIN (SELECT DISTINCT * FROM "public"."chunks_log_20250811_120000") AS without) AS rows FROM "public"."chunks_new" AS counted) AS "r"
) AS finding;
-- assertion checksum_equal (sql/assertions/checksum_equal.sql): The tables are the same in every column of every row.
CALL pg_temp.executor_hold_steady('"public"."chunks"', '"public"."chunks_new"', without => '"public"."chunks_log_20250811_120000"');
SELECT pg_temp.executor_assert('step verify: The tables are the same in every column of every row.', json_agg(finding)) FROM (
SELECT * FROM pg_temp.executor_checksum_equal('"public"."chunks"', '"public"."chunks_new"', without => '"public"."chunks_log_20250811_120000"', ignored => '{"partition_key"}', buckets => 16)
) AS finding;
-- assertion spot_check (sql/assertions/spot_check.sql)
CALL pg_temp.executor_hold_steady('"public"."chunks"', '"public"."chunks_new"', without => '"public"."chunks_log_20250811_120000"');
SELECT pg_temp.executor_assert('step verify: spot_check', json_agg(finding)) FROM (
SELECT * FROM pg_temp.executor_spot_check('"public"."chunks"', '"public"."chunks_new"', without => '"public"."chunks_log_20250811_120000"', ignored => '{"partition_key"}', key => '{"id","collection_id"}', sample => 100)
) AS finding;
-- assertion set_equal (sql/assertions/set_equal.sql)
CALL pg_temp.executor_hold_steady('"public"."chunks"', '"public"."chunks_new"', without => '"public"."chunks_log_20250811_120000"');
SELECT pg_temp.executor_assert('step verify: set_equal', json_agg(finding)) FROM (
WITH /* executor_assertion, as pg_stat_statements shows it */ all_values AS MATERIALIZED (
  SELECT
    c1,
    coalesce(sum(rows) FILTER (WHERE side = 'left'), 0) > 0 AS on_left,
    coalesce(sum(rows) FILTER (WHERE side = 'right'), 0) > 0 AS on_right
  FROM (
    SELECT "collection_id" AS c1, 'left' AS side, count(*) AS rows
    FROM "public"."chunks"
    GROUP BY "collection_id"
    UNION ALL
    -- few rows are left out: an index finds these, and may serve to count all
    SELECT "collection_id", 'left' AS side, -count(*)
    FROM "public"."chunks" NATURAL JOIN (SELECT DISTINCT * FROM "public"."chunks_log_20250811_120000") AS without
    GROUP BY "collection_id"
    UNION ALL
    SELECT "collection_id" AS c1, 'right' AS side, count(*) AS rows
    FROM "public"."chunks_new"
    GROUP BY "collection_id"
    UNION ALL
    -- few rows are left out: an index finds these, and may serve to count all
    SELECT "collection_id", 'right' AS side, -count(*)
    FROM "public"."chunks_new" NATURAL JOIN (SELECT DISTINCT * FROM "public"."chunks_log_20250811_120000") AS without
    GROUP BY "collection_id"
  ) AS counted
  GROUP BY c1
  HAVING sum(rows) > 0
),
few AS (
  SELECT
    on_left,
    string_agg(shown, ', ' ORDER BY shown) AS examples
  FROM (
    SELECT
      on_left,
      row_number() OVER (PARTITION BY on_left) AS number,
      concat_ws(' ', left(quote_nullable(regexp_replace(
        CASE WHEN c1 IS DISTINCT FROM NULL THEN concat(c1) END, '[[:space:][:cntrl:]]+', ' ', 'g')), 60)) AS shown
    FROM all_values
    WHERE on_left <> on_right
  ) AS numbered
  WHERE number <= 3
  GROUP BY on_left
)
SELECT
  format('values of %s in %s', '"public"."chunks"'::regclass, '"public"."chunks_new"'::regclass) AS subject,
  format('%s of %1$s', count(*)) AS expected,
  format('%s of %s', count(*) FILTER (WHERE on_left AND on_right), count(*))
    || coalesce(', without ' || (SELECT examples FROM few WHERE on_left = true), '') AS actual,
  count(*) = count(*) FILTER (WHERE on_left AND on_right) AS passed
FROM all_values
WHERE on_left
UNION ALL
SELECT
  format('values of %s in %s', '"public"."chunks_new"'::regclass, '"public"."chunks"'::regclass) AS subject,
  format('%s of %1$s', count(*)) AS expected,
  format('%s of %s', count(*) FILTER (WHERE on_left AND on_right), count(*))
    || coalesce(', without ' || (SELECT examples FROM few WHERE on_left = false), '') AS actual,
  count(*) = count(*) FILTER (WHERE on_left AND on_right) AS passed
FROM all_values
WHERE on_right
) AS finding;
-- assertion no_rows (sql/repartition/target/wrong_partitions.sql): The new table has its partitions, and no other.
SELECT pg_temp.executor_assert('step verify: The new table has its partitions, and no other.', json_agg(finding)) FROM (
SELECT
  'bad rows' AS subject,
  '0' AS expected,
  count(*)::text AS actual,
  count(*) = 0 AS passed
FROM (
SELECT coalesce(wanted.name, there.name) AS partition, coalesce(wanted.bound, there.bound) AS bound,
  CASE WHEN there.name IS NULL THEN 'is not there' ELSE 'should not be there' END AS what
FROM (VALUES (NULL, NULL)
 , ('public.chunks_part_00', 'FOR VALUES IN (0)') , ('public.chunks_part_01', 'FOR VALUES IN (1)')
 , ('public.chunks_part_02', 'FOR VALUES IN (2)')
) AS wanted (name, bound)
FULL JOIN (
  SELECT c.oid::regclass::text, (SELECT string_agg(pg_get_expr(b.relpartbound, b.oid), ' of ' ORDER BY up.level)
 FROM pg_partition_ancestors(c.oid) WITH ORDINALITY AS up (relid, level) JOIN pg_class AS b ON b.oid = up.relid AND b.relispartition)
  FROM pg_partition_tree('"public"."chunks_new"'::regclass) AS part JOIN pg_class AS c ON c.oid = part.relid
  WHERE part.isleaf AND part.parentrelid IS NOT NULL
) AS there (name, bound) USING (bound)
WHERE wanted.name IS NULL AND there.name IS NOT NULL AND true OR wanted.name IS NOT NULL AND there.name IS NULL

) AS query
) AS finding;
-- assertion findings (sql/repartition/target/evenly_filled.sql): No partition is much larger than the others, unless the data are so.
CALL pg_temp.executor_hold_steady('"public"."chunks_new"', '"public"."chunks_new"');
SELECT pg_temp.executor_assert('step verify: No partition is much larger than the others, unless the data are so.', json_agg(finding), failed_stops => false, unknown_stops => false) FROM (
WITH counted AS MATERIALIZED (
  SELECT tableoid AS relid, count(*) AS rows FROM "public"."chunks_new" GROUP BY 1
),
leaves AS MATERIALIZED (
  SELECT t.relid, coalesce(c.rows, 0) AS rows
  FROM pg_partition_tree('"public"."chunks_new"'::regclass) AS t
  LEFT JOIN counted AS c ON c.relid = t.relid
  WHERE t.isleaf
)
SELECT
  'partitions of ' || '"public"."chunks_new"'::regclass AS subject,
  'at least 1' AS expected,
  format('%s, %s of them with rows', count(*), count(*) FILTER (WHERE rows > 0)) AS actual,
  count(*) > 0 AS passed
FROM leaves
UNION ALL
SELECT
  'largest partition over the average',
  'at most ' || 3,
  format('%s (%s has %s rows)', coalesce(round(max(rows) / nullif(avg(rows), 0), 2), 0),
    (array_agg(relid::regclass ORDER BY rows DESC, relid))[1], max(rows)),
  coalesce(max(rows) / nullif(avg(rows), 0) <= 3, true)
FROM leaves
) AS finding;
COMMIT;

-- Step 24 of 38: compare_queries
-- Explain the application's statements with both tables, and say which will be slower, or fail.
BEGIN ISOLATION LEVEL READ COMMITTED;
-- assertion no_regression (sql/repartition/check/lookup.sql): The application's statements do as well with the new table.
SELECT pg_temp.executor_assert('step compare_queries: The application''s statements do as well with the new table.', json_agg(finding), failed_stops => false, unknown_stops => false) FROM (
SELECT
  'statements that name ' || '"public"."chunks"' AS subject,
  'as fast as before' AS expected,
  'not looked at by a script; executor queries shows them' AS actual,
  NULL::boolean AS passed
) AS finding;
COMMIT;

-- Step 25 of 38: create_twins
-- Give every materialized view that reads the table a twin on the new table.
BEGIN ISOLATION LEVEL READ COMMITTED;
CALL pg_temp.executor_recheck('the run began', '{"readers": "56b4fa4be9b1a41631b442e6b651f3564d547c3d1efccdb72b2ea9de89a4ad9f", "materialized_views": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "materialized_view_indexes": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "materialized_view_targets": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "materialized_view_statistics": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945"}');
-- Lock: if there is a materialized view that reads the table, ACCESS EXCLUSIVE on the table, the new one and their
-- partitions, and on such views that others read, for some milliseconds. Before it SHARE UPDATE EXCLUSIVE on the tables.
CALL pg_temp.executor_refuse_foreign_code(reads => ARRAY['"public"."chunks"', '"public"."chunks_new"']);
CALL pg_temp.executor_recheck('the run began', '{"readers": "56b4fa4be9b1a41631b442e6b651f3564d547c3d1efccdb72b2ea9de89a4ad9f", "materialized_views": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "materialized_view_indexes": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "materialized_view_targets": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "materialized_view_statistics": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945"}');
-- A materialized view can't be re-pointed, and filling one takes time. So each that reads the table
-- gets a twin on the new table, with the same indexes; the swap exchanges their names.
COMMIT;

-- Step 26 of 38: fill_twins
-- Fill the twins of the materialized views.
BEGIN ISOLATION LEVEL READ COMMITTED;
-- Fills the twins of the materialized views from the new table, while the old one is in use.
COMMIT;

-- Step 27 of 38: prepare_way_back
-- Prepare the log of what is written after the swap, and what will refuse writes to the old table.
BEGIN ISOLATION LEVEL READ COMMITTED;
-- Prepares the log of what is written after the swap, into which the triggers of the new table will log then,
-- and the function that will read it.
CREATE TABLE "public"."chunks_back_20250811_120000" WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000)
AS SELECT "id", "collection_id" FROM "public"."chunks" WITH NO DATA;
ALTER TABLE "public"."chunks_back_20250811_120000" REPLICA IDENTITY FULL;
CALL pg_temp.executor_keep_private('"public"."chunks_back_20250811_120000"', owner_of => '"public"."chunks"');
CALL pg_temp.executor_refuse_additions('"public"."chunks_back_20250811_120000"', like_table => '"public"."chunks"');

CREATE FUNCTION "public"."chunks_undo_20250811_120000"(executor_work boolean DEFAULT true, executor_part integer DEFAULT 0, executor_of integer DEFAULT 1)
RETURNS bigint LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET jit = off
AS $executor$
#variable_conflict use_column
DECLARE
  taken bigint;
  compared record;
  acting text;
  of_key text;
  of_constraint text;
  cascading text;
BEGIN
  -- the keys in hand
  IF to_regclass(format('pg_temp.%I', 'chunks_back_20250811_120000')) IS NULL THEN
    CREATE TEMPORARY TABLE "chunks_back_20250811_120000" ON COMMIT DELETE ROWS AS TABLE "public"."chunks_back_20250811_120000" WITH NO DATA;
  END IF;

  -- a row that is deleted and inserted again must take no row of another table with it
  SELECT string_agg(format('%I on %s', conname, conrelid::regclass), ', ') INTO cascading
  FROM pg_constraint
  WHERE contype = 'f' AND confdeltype IN ('c', 'n', 'd') AND (
    confrelid = '"public"."chunks_old_20250811_120000"'::regclass OR confrelid IN (SELECT relid FROM pg_partition_tree('"public"."chunks_old_20250811_120000"'::regclass)));
  IF cascading IS NOT NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('bringing %s in step would delete or change rows that refer to it: %s', '"public"."chunks_old_20250811_120000"'::regclass, cascading),
      HINT = 'Nothing was changed. Drop this foreign key, then try again.';
  END IF;

  IF EXISTS (
    SELECT FROM pg_subscription_rel
    WHERE srrelid IN ('"public"."chunks_old_20250811_120000"'::regclass, '"public"."chunks"'::regclass)
      OR srrelid IN (SELECT relid FROM pg_partition_tree('"public"."chunks_old_20250811_120000"'::regclass))
      OR srrelid IN (SELECT relid FROM pg_partition_tree('"public"."chunks"'::regclass)))
  THEN
    RAISE EXCEPTION USING
      MESSAGE = format('a subscription writes to %s or %s, and its workers fire no trigger that would log it', '"public"."chunks"'::regclass, '"public"."chunks_old_20250811_120000"'::regclass),
      HINT = 'Nothing was changed. Take the table out of the subscription, then roll back and begin again: what it has written is in no log.';
  END IF;

  -- nor may anything act on rows that the application has written once already, or on others besides; what is there
  -- at all is asked first, since a table has many partitions, and most have nothing that is not ours
  SELECT string_agg(what, ', ' ORDER BY what) INTO acting
  FROM (
    SELECT t.tgrelid AS relid, format('trigger %I on %s', t.tgname, t.tgrelid::regclass) AS what
    FROM pg_trigger AS t
    WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND t.tgparentid = 0 AND t.tgfoid <> ALL (ARRAY(
      SELECT own::oid FROM unnest(ARRAY[
        to_regprocedure('public.chunks_log_20250811_120000()'), to_regprocedure('public.chunks_back_20250811_120000()'), to_regprocedure('public.chunks_old_20250811_120000()'),
        to_regprocedure('public.chunks_partition_key()')]) AS own
      WHERE own IS NOT NULL))
      -- what logs for the way back of an earlier run is to log this, too
      AND NOT EXISTS (SELECT FROM pg_proc AS f WHERE f.oid = t.tgfoid AND (NOT t.tgisinternal AND t.tgname ~ '^executor[2-9]?_(insert|update|delete|truncate)$' AND f.proname ~ '_back_[0-9]{8}_[0-9]{6}$'
  AND f.prosrc ~ '^\n#variable_conflict use_column\nBEGIN\n.*\n  IF TG_OP = ''INSERT'' THEN\n    INSERT INTO [^\n]* FROM new_rows;\n'))
    UNION ALL
    SELECT r.ev_class, format('rule %I on %s', r.rulename, r.ev_class::regclass) FROM pg_rewrite AS r WHERE r.ev_enabled <> 'D'
  ) AS found
  WHERE relid = '"public"."chunks_old_20250811_120000"'::regclass OR EXISTS (SELECT FROM pg_partition_ancestors(relid) AS whole WHERE whole = '"public"."chunks_old_20250811_120000"'::regclass);
  IF acting IS NOT NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('%s has what would act on rows that are brought in step: %s', '"public"."chunks_old_20250811_120000"'::regclass, acting),
      HINT = 'It was created by that name. Nothing was changed; drop it, and try again. What the table in use has comes along with the swap.';
  END IF;

  -- take the entries that can be seen
  WITH entry AS (DELETE FROM "public"."chunks_back_20250811_120000" WHERE executor_work RETURNING *)
  INSERT INTO pg_temp."chunks_back_20250811_120000" SELECT DISTINCT * FROM entry;
  GET DIAGNOSTICS taken = ROW_COUNT;
  IF taken = 0 AND executor_work THEN
    RETURN 0;
  END IF;
  IF EXISTS (SELECT FROM pg_temp."chunks_back_20250811_120000" AS k WHERE k."id" IS NULL OR k."collection_id" IS NULL) THEN
    RAISE EXCEPTION USING
      MESSAGE = 'a row was written without collection_id, which has no partition',
      HINT = 'Give it one or delete it, make the column NOT NULL, roll back and run again.';
  END IF;

  -- delete the rows there, and insert them as they are here
  BEGIN
    DELETE FROM "public"."chunks_old_20250811_120000" AS r USING pg_temp."chunks_back_20250811_120000" AS k
    WHERE r."id" = k."id" AND r."collection_id" = k."collection_id";
    INSERT INTO "public"."chunks_old_20250811_120000" ("id", "collection_id", "document_id", "chunking_config_id", "chunk_index", "content", "token_count", "embedding_vector_id", "meta", "created_at", "updated_at") OVERRIDING SYSTEM VALUE
    SELECT r."id", r."collection_id", r."document_id", r."chunking_config_id", r."chunk_index", r."content", r."token_count", r."embedding_vector_id", r."meta", r."created_at", r."updated_at"

    FROM "public"."chunks" AS r JOIN pg_temp."chunks_back_20250811_120000" AS k
    ON r."id" = k."id" AND r."collection_id" = k."collection_id"
      AND abs(hashtext(r."collection_id"::text) % 3) = abs(hashtext(k."collection_id"::text) % 3);
    SET CONSTRAINTS ALL IMMEDIATE;
  EXCEPTION WHEN integrity_constraint_violation THEN
    GET STACKED DIAGNOSTICS of_constraint = CONSTRAINT_NAME, of_key = PG_EXCEPTION_DETAIL;
    IF SQLSTATE = '23514' AND of_constraint = '' THEN
      RAISE EXCEPTION USING
        MESSAGE = format('a row was written to %s for which %s has no partition', '"public"."chunks"'::regclass, '"public"."chunks_old_20250811_120000"'::regclass),
        DETAIL = of_key,
        HINT = 'Nothing was changed. Delete or change the row and run again; or roll back, and run with partitions that hold it, such as a default one.';
    END IF;
    IF NOT EXISTS (SELECT FROM "public"."chunks_back_20250811_120000" WHERE true) THEN
      IF SQLSTATE IN ('23503', '23505') THEN
        RAISE EXCEPTION USING
          ERRCODE = SQLSTATE, MESSAGE = SQLERRM, DETAIL = of_key,
          HINT = format(CASE SQLSTATE
            WHEN '23503' THEN 'Nothing was changed. A row of %s refers to one that is not there: perhaps a trigger has kept it from following a delete. Delete it, or bring back what it refers to.'
            ELSE 'Nothing was changed. Two rows of %s have the key that %s can hold only once; change or delete one of them.' END,
            '"public"."chunks"'::regclass, '"public"."chunks_old_20250811_120000"'::regclass);
      END IF;
      RAISE;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'EX002', MESSAGE = 'what was written meanwhile is in the way: ' || SQLERRM;
  END;

  -- compare the rows whose keys have not come into the log again
  PERFORM set_config('enable_hashjoin', 'on', true);
  WITH settled AS MATERIALIZED (
    SELECT k.* FROM pg_temp."chunks_back_20250811_120000" AS k
    WHERE NOT EXISTS (SELECT FROM "public"."chunks_back_20250811_120000" AS r WHERE r."id" = k."id" AND r."collection_id" = k."collection_id")
  )
  SELECT here.rows, here IS NOT DISTINCT FROM there AS equal INTO compared
  FROM (
    SELECT count(*) AS rows, sum(hash_numeric_extended(hash_record_extended(ROW(r.id, (r.id >> 32)::int4, r.collection_id, r.document_id, r.chunking_config_id, r.chunk_index, r.content COLLATE "C", r.token_count, r.embedding_vector_id COLLATE "C", r.meta::text COLLATE "C", r.created_at, date_part('epoch', r.created_at), r.updated_at, date_part('epoch', r.updated_at)), 0)::numeric, 0))
    FROM settled AS k CROSS JOIN LATERAL (
      SELECT r.* FROM "public"."chunks" AS r
      WHERE r."id" = k."id" AND r."collection_id" = k."collection_id"
      AND abs(hashtext(r."collection_id"::text) % 3) = abs(hashtext(k."collection_id"::text) % 3) OFFSET 0) AS r
  ) AS here
  CROSS JOIN (
    SELECT count(*), sum(hash_numeric_extended(hash_record_extended(ROW(r.id, (r.id >> 32)::int4, r.collection_id, r.document_id, r.chunking_config_id, r.chunk_index, r.content COLLATE "C", r.token_count, r.embedding_vector_id COLLATE "C", r.meta::text COLLATE "C", r.created_at, date_part('epoch', r.created_at), r.updated_at, date_part('epoch', r.updated_at)), 0)::numeric, 0))
    FROM settled AS k CROSS JOIN LATERAL (
      SELECT r.* FROM "public"."chunks_old_20250811_120000" AS r
      WHERE r."id" = k."id" AND r."collection_id" = k."collection_id" OFFSET 0) AS r
  ) AS there;
  IF NOT compared.equal THEN
    RAISE EXCEPTION USING
      MESSAGE = format('%s rows were written to %s, and %s does not hold them as they are', compared.rows, '"public"."chunks"'::regclass, '"public"."chunks_old_20250811_120000"'::regclass),
      HINT = 'Does something else write to it? Nothing was changed.';
  END IF;
  DELETE FROM pg_temp."chunks_back_20250811_120000";
  RETURN taken;
END
$executor$;

CALL pg_temp.executor_keep_function_private('public.chunks_undo_20250811_120000(boolean, integer, integer)', owner_of => '"public"."chunks"');

-- Keeps writers out of the old table after the swap.
CREATE FUNCTION "public"."chunks_old_20250811_120000"() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $executor$
DECLARE
  stack text;
  caller text;
  part boolean := (SELECT relispartition FROM pg_class WHERE oid = TG_RELID);
BEGIN
  GET DIAGNOSTICS stack = PG_CONTEXT;
  caller := nullif(substr(stack, strpos(stack || chr(10), chr(10)) + 1), '');
  IF caller ~ '^[^\n]*\$[0-9]+[^\n]* OPERATOR\('
    OR NOT part AND (caller IS NULL OR strpos(caller, replace(TG_TABLE_NAME, '"', '""')) > 0 OR strpos(caller, '"chunks_old_20250811_120000"') > 0)
  THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION USING
    ERRCODE = CASE WHEN part THEN 'raise_exception' ELSE 'serialization_failure' END,
    MESSAGE = format('%s belongs to a table that was replaced and is kept for the way back', TG_RELID::regclass),
    HINT = 'Write to public.chunks instead.';
END
$executor$;
CALL pg_temp.executor_keep_function_private('public.chunks_old_20250811_120000()', owner_of => '"public"."chunks"');

COMMENT ON TABLE "public"."chunks_back_20250811_120000" IS 'Keys of what was written to the table since its replacement, for the way back (run 20250811_120000).';
COMMIT;

-- Step 28 of 38: mark_in_step
-- Apply what was written during the comparison, and mark the moment from which on snapshots see it all.
-- First what catch_up does, once more.
BEGIN ISOLATION LEVEL READ COMMITTED;
CALL pg_temp.executor_refuse_foreign_sync();
SELECT set_config('executor.rows', "public"."chunks_sync_20250811_120000"(true, 0, 1)::text, true);
CALL pg_temp.executor_shorten_logs();
COMMIT;
BEGIN ISOLATION LEVEL READ COMMITTED;
-- By now the new table has all rows but those of the last writes: a snapshot from before this transaction could
-- lack any that was ever written meanwhile. Which transaction this is, the catalog knows of this comment.
-- Lock: SHARE UPDATE EXCLUSIVE on the log, which writers don't notice.
SET LOCAL lock_timeout = '10s';
LOCK TABLE "public"."chunks_log_20250811_120000" IN SHARE UPDATE EXCLUSIVE MODE;
SET LOCAL lock_timeout = '200ms';
COMMENT ON TABLE "public"."chunks_log_20250811_120000" IS 'The new table has all rows since the transaction that wrote this (run 20250811_120000).';
COMMIT;

-- Step 29 of 38: await_snapshots
-- Wait for transactions from before the new table was in step, which would miss rows in it.
CALL pg_temp.executor_repeat('await_snapshots', at_most => 3600, until => $executor_7f5e4c12$SELECT (
SELECT false OR NOT EXISTS (
SELECT format('pid %s (%s, %s)', pid, coalesce(nullif(application_name, ''), usename::text),
  coalesce('since ' || to_char(xact_start, 'HH24:MI:SS'), format('which can''t be seen: GRANT pg_read_all_stats TO %I', current_user))) AS holder
FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_xmin IS NOT NULL
  AND (backend_type = 'client backend' OR backend_type IS NULL AND usesysid IS NOT NULL)
  AND coalesce(age(backend_xmin) > (
    SELECT age(xmin) FROM pg_description
    WHERE classoid = 'pg_class'::regclass AND objoid = '"public"."chunks_log_20250811_120000"'::regclass AND objsubid = 0
      AND description = 'The new table has all rows since the transaction that wrote this (run 20250811_120000).'), true))
)$executor_7f5e4c12$, pass => $executor_7f5e4c12$
-- Waits a second for transactions from before the new table was in step, and brings it in step meanwhile.
CALL pg_temp.executor_refuse_foreign_sync();
SELECT "public"."chunks_sync_20250811_120000"(true, 0, 1);
SELECT pg_temp.executor_warn('waiting for transactions from before the new table was in step, which would miss rows in it: ' || string_agg(holder, ', '))
FROM (
SELECT format('pid %s (%s, %s)', pid, coalesce(nullif(application_name, ''), usename::text),
  coalesce('since ' || to_char(xact_start, 'HH24:MI:SS'), format('which can''t be seen: GRANT pg_read_all_stats TO %I', current_user))) AS holder
FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_xmin IS NOT NULL
  AND (backend_type = 'client backend' OR backend_type IS NULL AND usesysid IS NOT NULL)
  AND coalesce(age(backend_xmin) > (
    SELECT age(xmin) FROM pg_description
    WHERE classoid = 'pg_class'::regclass AND objoid = '"public"."chunks_log_20250811_120000"'::regclass AND objsubid = 0
      AND description = 'The new table has all rows since the transaction that wrote this (run 20250811_120000).'), true)
) AS old
HAVING count(*) > 0;
SELECT pg_sleep(1);
$executor_7f5e4c12$);

-- Step 30 of 38: keep_foreign_keys
-- Nothing yet; going back, the new table is out of use here, and its foreign keys go before they forbid a delete.
BEGIN ISOLATION LEVEL READ COMMITTED;
-- Going forward, the new table keeps this foreign key, or gets it in the swap: nothing is done.
COMMIT AND CHAIN; 
COMMIT AND CHAIN; 
COMMIT;

-- Step 31 of 38: swap
-- Apply the last of the log under lock, and put the new table in the place of the old one.
-- First what catch_up does, once more.
BEGIN ISOLATION LEVEL READ COMMITTED;
CALL pg_temp.executor_refuse_foreign_sync();
SELECT set_config('executor.rows', "public"."chunks_sync_20250811_120000"(true, 0, 1)::text, true);
CALL pg_temp.executor_shorten_logs();
COMMIT;
BEGIN ISOLATION LEVEL READ COMMITTED;
CALL pg_temp.executor_recheck('the run began', '{"owner": "575843099bba1a89723036cc7c541333bee6d621313a156064e0b24054cbed43", "table": "896beed65808b69549484690d69c71ae16b9e2cb1904fcb6b2020e69885b79b9", "tree": "48022c436b39330b9dcd7ff38dab614460c179b6e006cc6bb347782ec5699147", "columns": "46c702629d42abfd921e062036a95ee490a082d56a2207a2755b0c98c1cc25dd", "new_columns": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "key": "a8aa6cbdd96d00f850df2c48a2016a7acfef1f57fd54fa965add3712dde9934e", "leaves": "128e43327d63233de29b30f89f6db3e5d9e4595c20a230ea9a3b30076421cd80", "checks": "54f02b63225c23d6d33b26113c9addf931b8900f359717d8ac87d8b55deb75d7", "indexes": "c1cb8dca0dd5b0b25d2ee770a4df6363e9ff11abb786679aaa8d5d8bf258774a", "statistics_targets": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "foreign_keys": "237a77dc863a040e5b2bc4ad438bfd477207774fa7927a6c6a23de70922e59e6", "incoming_keys": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "sequences": "4dbabcbafc4dc236c1a49d65a9182b6d6bc9e84eabd99d979ee17878e335f151", "extended_statistics": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "grants": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "security": "83c292bb8a595d3918a9d279e7ca4c44d8a4cb5590e9cf59e8ddcd81c97b3efd", "policies": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "triggers": "8d4b2fd7233cc262a89a5bb2b505cef7508b500d054d3bd56375c3ecf4563b1e", "rules": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "comments": "7c75693a19b3a68e2141a0d7036dc11ee17cc2d22c1292400ef29db262e85038", "readers": "56b4fa4be9b1a41631b442e6b651f3564d547c3d1efccdb72b2ea9de89a4ad9f", "materialized_views": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "materialized_view_indexes": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "materialized_view_targets": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "materialized_view_statistics": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "publications": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "subscriptions": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "definition": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945"}');
-- Up to the lock of the swap, and the lock: what the swap needs is made and asked before.
-- Lock: SHARE UPDATE EXCLUSIVE, which readers and writers don't notice; SHARE ROW EXCLUSIVE on the tables referenced by
-- foreign keys that forbid a delete: their writers wait. Then ACCESS EXCLUSIVE on both tables, their partitions, the
-- views on them and the tables whose foreign keys refer to them. Waiting for it ends after lock_timeout; it is held for
-- max_lock at most, else all of it is undone and tried again later.
SET LOCAL lock_timeout = '10s';
LOCK TABLE "public"."chunks", "public"."chunks_new" IN SHARE UPDATE EXCLUSIVE MODE;
SET LOCAL lock_timeout = '200ms';
CALL pg_temp.executor_refuse_foreign_sync();

CALL pg_temp.executor_keep_private('"public"."chunks_new"', owner_of => '"public"."chunks"');

-- A function or a foreign table that means something else with partitions may have come since the check.
DO $executor$
DECLARE
  found text;
BEGIN
  SELECT string_agg(format('%s: %s', subject, actual), '. ') INTO found
  FROM (
-- Whether what reads and writes the table does the same with the new one. What would not is listed under
-- the name by which the plan's `accept` takes it as it will be. Reads the catalogs.
WITH source AS (
  SELECT c.oid, c.relkind, n.nspname, c.relname,
    -- as PostgreSQL prints it in a definition, and as a function may have it; no more letters follow
    '\mONLY ' || regexp_replace(c.oid::regclass::text, '([^[:alnum:]_])', '\\\1', 'g') || '(?![[:alnum:]_$."])' AS only_printed,
    format('\mONLY\s*\(?\s*("?%s"?\s*\.\s*)?"?%s"?(?![[:alnum:]_$".])',
      regexp_replace(n.nspname, '([^[:alnum:]_])', '\\\1', 'g'),
      regexp_replace(c.relname, '([^[:alnum:]_])', '\\\1', 'g')) AS only_written
  FROM (SELECT to_regclass('"public"."chunks"')::oid AS oid) AS named
  JOIN pg_class AS c USING (oid)
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
), reader AS (
  SELECT DISTINCT d.classid, d.objid
  FROM source
  JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = source.oid
  WHERE source.relkind = 'r'
), found (subject, advice, name) AS (
  SELECT 'views, rules, policies and functions that say ONLY',
    'ONLY finds no row of a partitioned table; leave the word out, which is the same today', object.identity
  FROM source, reader
  LEFT JOIN pg_rewrite AS r ON reader.classid = 'pg_rewrite'::regclass AND r.oid = reader.objid
  LEFT JOIN pg_proc AS f ON reader.classid = 'pg_proc'::regclass AND f.oid = reader.objid
  LEFT JOIN pg_policy AS p ON reader.classid = 'pg_policy'::regclass AND p.oid = reader.objid
  CROSS JOIN LATERAL (
    SELECT (pg_identify_object(
      CASE WHEN r.rulename = '_RETURN' THEN 'pg_class'::regclass ELSE reader.classid END,
      CASE WHEN r.rulename = '_RETURN' THEN r.ev_class ELSE reader.objid END, 0)).identity
  ) AS object
  WHERE concat_ws(' ', pg_get_ruledef(r.oid), pg_get_function_sqlbody(f.oid),
    pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) ~ source.only_printed
  UNION ALL
  SELECT 'functions in whose text is ONLY and the table''s name',
    'ONLY finds no row of a partitioned table; leave the word out, which is the same today',
    (pg_identify_object('pg_proc'::regclass, f.oid, 0)).identity
  FROM source
  JOIN pg_proc AS f ON f.prosrc ~* source.only_written
  JOIN pg_language AS l ON l.oid = f.prolang AND l.lanname NOT IN ('c', 'internal')
  WHERE source.relkind = 'r' AND f.pronamespace <> 'pg_catalog'::regnamespace
  UNION ALL
  -- Of one whose host is a name nobody knows here which server it is.
  SELECT 'foreign tables of this server on the table',
    'postgres_fdw finds rows by ctid alone, and one ctid is then in every partition: an UPDATE or DELETE through it '
      'would change other rows, too. Write to the table itself, or ALTER FOREIGN TABLE ... OPTIONS (ADD updatable ''false'')',
    (pg_identify_object('pg_class'::regclass, f.relation, 0)).identity
  FROM source
  JOIN (
SELECT
  t.ftrelid AS relation,
  (host.name ~ '^(/|localhost$|127\.|::1$)' OR host.name = host(inet_server_addr()))
    AND coalesce(o.options ->> 'port', current_setting('port')) = current_setting('port') AS here
FROM pg_foreign_table AS t
JOIN pg_class AS c ON c.oid = t.ftrelid
JOIN pg_foreign_server AS s ON s.oid = t.ftserver
JOIN pg_foreign_data_wrapper AS w ON w.oid = s.srvfdw
JOIN pg_proc AS p ON p.oid = w.fdwhandler AND p.proname = 'postgres_fdw_handler'
CROSS JOIN LATERAL (
  SELECT coalesce(jsonb_object_agg(option_name, option_value), '{}') AS options
  FROM pg_options_to_table(s.srvoptions || t.ftoptions)
) AS o
CROSS JOIN LATERAL (SELECT coalesce(o.options ->> 'host', o.options ->> 'hostaddr', '/')) AS host (name)
WHERE coalesce(o.options ->> 'table_name', c.relname) = 'chunks'
  AND coalesce(o.options ->> 'schema_name', c.relnamespace::regnamespace::name) = 'public'
  AND coalesce(o.options ->> 'dbname', current_database()) = current_database()
  AND coalesce(o.options ->> 'updatable', 'true') <> 'false'
  ) AS f ON f.here
  UNION ALL
  SELECT 'row triggers that may take something away with a row',
    'an UPDATE of collection_id moves the row to another partition, and PostgreSQL does that by DELETE and INSERT: the trigger is fired as if the row was gone. Let it look whether the row is there; or, where collection_id is never updated,',
    'moved rows: ' || (pg_identify_object('pg_trigger'::regclass, t.oid, 0)).identity
  FROM source
  JOIN pg_trigger AS t ON t.tgrelid = source.oid AND NOT t.tgisinternal AND t.tgenabled <> 'D' AND t.tgtype & 9 = 9
  JOIN pg_proc AS f ON f.oid = t.tgfoid
  JOIN pg_language AS l ON l.oid = f.prolang
  -- nobody can look into lo_manage and the like; the one of tcn does nothing but tell
  WHERE (l.lanname <> 'plpgsql' AND f.prosrc <> 'triggered_change_notification'
      OR f.prosrc ~* '\m(delete\s+from|truncate|lo_unlink)\M'
      OR t.tgtype & 2 = 2 AND f.prosrc ~* '\mreturn\s+null\M')
    -- in the place of a foreign key, of an earlier run: it looks whether the row is there
    AND f.proname !~ '_keeps_key[0-9]+_[0-9]{8}_[0-9]{6}$'
    AND NOT EXISTS (  -- it moves already
      SELECT FROM pg_partitioned_table AS p
      JOIN pg_attribute AS a ON a.attrelid = p.partrelid AND a.attnum = ANY (p.partattrs::int2[])
      WHERE p.partrelid = source.oid AND a.attname = 'collection_id')
), named AS (
  SELECT DISTINCT * FROM found WHERE name <> ALL ('{}'::text[])
)
SELECT
  kind.subject,
  'none, or accepted by the plan' AS expected,
  coalesce(array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END || '; ' || max(listed.advice)
    || CASE WHEN kind.subject ~ '^row triggers' THEN ' accept: [their names]' ELSE '. Or accept: [their names]' END, 'none') AS actual,
  count(listed.name) = 0 AS passed
FROM (
  VALUES
    ('views, rules, policies and functions that say ONLY'),
    ('functions in whose text is ONLY and the table''s name'),
    ('foreign tables of this server on the table'),
    ('row triggers that may take something away with a row')
) AS kind (subject)
LEFT JOIN named AS listed USING (subject)
GROUP BY kind.subject
  ) AS finding
  WHERE NOT passed;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION USING MESSAGE = found, HINT = 'It came while the plan ran. Nothing was swapped; change or drop it, and run again.';
  END IF;
END
$executor$;
SELECT set_config('executor.referenced_at', clock_timestamp()::text, true);
ALTER TABLE "public"."chunks_part_00" ADD CONSTRAINT "chunks_chunking_config_id_fkey" FOREIGN KEY (chunking_config_id) REFERENCES public.chunking_configs(id) NOT VALID;
ALTER TABLE "public"."chunks_part_01" ADD CONSTRAINT "chunks_chunking_config_id_fkey" FOREIGN KEY (chunking_config_id) REFERENCES public.chunking_configs(id) NOT VALID;
ALTER TABLE "public"."chunks_part_02" ADD CONSTRAINT "chunks_chunking_config_id_fkey" FOREIGN KEY (chunking_config_id) REFERENCES public.chunking_configs(id) NOT VALID;
-- Both tables are still what the steps before made of them: nobody has changed either meanwhile.
DO $executor$
DECLARE
  source regclass := '"public"."chunks"';
  arriving regclass := '"public"."chunks_new"';
  differences text;
BEGIN
  WITH definition AS (
    SELECT
      a.attrelid AS table_oid, 'column ' || quote_ident(a.attname) AS part,
      concat_ws(' ', format_type(a.atttypid, a.atttypmod),
        'COLLATE ' || CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation END,
        CASE WHEN a.attnotnull AND a.attname <> ALL ('{"collection_id"}'::text[]) THEN 'NOT NULL' END,
        CASE a.attgenerated WHEN '' THEN 'DEFAULT ' ELSE 'GENERATED ALWAYS AS ' END || pg_get_expr(d.adbin, d.adrelid),
        CASE a.attgenerated WHEN 's' THEN 'STORED' WHEN 'v' THEN 'VIRTUAL' END,
        CASE a.attidentity WHEN 'a' THEN 'GENERATED ALWAYS AS IDENTITY' WHEN 'd' THEN 'GENERATED BY DEFAULT AS IDENTITY' END) AS text
    FROM pg_attribute AS a
    JOIN pg_type AS t ON t.oid = a.atttypid
    LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid IN (source, arriving) AND a.attnum > 0 AND NOT a.attisdropped  AND a.attname <> ALL ('{"partition_key"}'::text[])
      AND a.attname <> ALL ('{}'::text[])
    UNION ALL
    -- a foreign key may still be that of the partitions alone
    SELECT DISTINCT tree.root, 'constraint ' || quote_ident(conname),
      CASE contype WHEN 'c' THEN pg_get_constraintdef(oid) ELSE 'a foreign key' END
    FROM pg_constraint
    JOIN (
      SELECT source AS root, source AS relation UNION ALL SELECT arriving, arriving
      UNION ALL (SELECT source, relid FROM pg_partition_tree(source) WHERE isleaf AND relid <> source ORDER BY relid LIMIT 1)
      UNION ALL (SELECT arriving, relid FROM pg_partition_tree(arriving) WHERE isleaf AND relid <> arriving ORDER BY relid LIMIT 1)
    ) AS tree ON tree.relation = conrelid AND (tree.relation = tree.root OR contype = 'f')
    WHERE contype IN ('c', 'f') AND conparentid = 0 AND conname <> 'partition_key_check'      AND confrelid NOT IN (SELECT source UNION SELECT arriving UNION SELECT relid FROM pg_partition_tree(source) UNION SELECT relid FROM pg_partition_tree(arriving))
      AND (pg_identify_object('pg_constraint'::regclass, oid, 0)).identity <> ALL ('{}'::text[])
  )
  SELECT string_agg(format('%s of %s (%s)', part, coalesce(here.table_oid, there.table_oid)::regclass,
                           coalesce(here.text, there.text)), ', ' ORDER BY part)
  INTO differences
  FROM (SELECT * FROM definition WHERE table_oid = source) AS here
  FULL JOIN (SELECT * FROM definition WHERE table_oid = arriving) AS there USING (part, text)
  WHERE here.part IS NULL OR there.part IS NULL;
  IF differences IS NOT NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('%s and %s are not defined alike: only one of them has %s', source, arriving, differences),
      HINT = 'The definition was changed while the plan ran. Nothing was swapped; undo the change, or run the rollback and then the plan again.';
  END IF;
END
$executor$;

-- DDL fires no trigger: what it wrote or took away is in no log. And what a function that was replaced has logged
-- or applied, nobody knows. It counts from the first logged write on; going back, from the comparison of both tables
-- on. If the run had not come to the end of the capture, there was none: then the triggers are to be those from before
-- the swap, and the functions those of the swap, whose transaction the catalog knows of the comment on the old table.
CREATE TEMPORARY TABLE swap_functions ON COMMIT DROP AS
SELECT oid, xmin::text AS made FROM pg_proc
WHERE oid IN (to_regprocedure('public.chunks_log_20250811_120000()'), to_regprocedure('public.chunks_back_20250811_120000()'), to_regprocedure('public.chunks_sync_20250811_120000(boolean, integer, integer)'));

CALL pg_temp.executor_refuse_unlogged('"public"."chunks"', 'public.chunks_log_20250811_120000()');
CALL pg_temp.executor_refuse_unlogged('"public"."chunks_new"', 'public.chunks_back_20250811_120000()');

-- Everything that is to take a place is there and in working order.
DO $executor$
DECLARE
  missing text;
BEGIN
  SELECT string_agg(format('%s %I.%I', part.kind, part.schema, part.name), ', ' ORDER BY part.kind, part.name) INTO missing
  FROM (
    VALUES ('table', 'public', 'chunks', 'chunks_new', false)
      , ('index', 'public', 'chunks_created_at_idx', 'chunks_new_created_at_idx', false)
      , ('index', 'public', 'chunks_document_id_idx', 'chunks_new_document_id_idx', false)
      , ('index', 'public', 'chunks_embedding_idx', 'chunks_new_embedding_idx', false)
  ) AS part (kind, schema, name, arriving, is_filled)
  LEFT JOIN pg_class AS c ON c.oid = to_regclass(format('%I.%I', part.schema, part.arriving))
  LEFT JOIN pg_index AS i ON i.indexrelid = c.oid
  WHERE part.arriving IS NULL OR c.oid IS NULL OR part.is_filled AND NOT c.relispopulated OR NOT i.indisvalid;
  IF missing IS NOT NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('%s has nothing ready to take the place of %s', '"public"."chunks_new"'::regclass, missing),
      HINT = 'It was created while the plan ran. Nothing was swapped; drop it, or run the rollback and then the plan again.';
  END IF;
END
$executor$;
CREATE OR REPLACE FUNCTION pg_temp.executor_left_behind() RETURNS text LANGUAGE plpgsql AS $executor$
BEGIN
  RETURN (
    SELECT string_agg(format('%s %s', object.type, object.identity), ', ' ORDER BY object.identity)
    FROM (
WITH tree AS (
  SELECT c.oid, c.reltype
  FROM pg_class AS c
  WHERE c.oid IN (
    WITH RECURSIVE part (oid) AS (
      SELECT to_regclass(format('%I.%I', named.schema, named.name))::oid
      FROM (VALUES ('public', 'chunks_old_20250811_120000')) AS named (schema, name)
      UNION SELECT i.inhrelid FROM part JOIN pg_inherits AS i ON i.inhparent = part.oid
    )
    SELECT oid FROM part)
), dependent AS (
  SELECT DISTINCT d.classid, d.objid, d.objsubid
  FROM pg_depend AS d
  WHERE d.deptype IN ('n', 'a') AND (
    d.refclassid = 'pg_class'::regclass AND d.refobjid IN (SELECT oid FROM tree)
    OR d.refclassid = 'pg_type'::regclass AND d.refobjid IN (
      SELECT reltype FROM tree UNION SELECT t.typarray FROM tree JOIN pg_type AS t ON t.oid = tree.reltype))
), part_of (classid, objid, relation) AS (
  SELECT 'pg_class'::regclass, oid, oid FROM pg_class
  UNION ALL SELECT 'pg_class'::regclass, indexrelid, indrelid FROM pg_index
  UNION ALL SELECT 'pg_attrdef'::regclass, oid, adrelid FROM pg_attrdef
  UNION ALL SELECT 'pg_constraint'::regclass, oid, conrelid FROM pg_constraint
  UNION ALL SELECT 'pg_rewrite'::regclass, oid, ev_class FROM pg_rewrite
  UNION ALL SELECT 'pg_trigger'::regclass, oid, tgrelid FROM pg_trigger
  UNION ALL SELECT 'pg_policy'::regclass, oid, polrelid FROM pg_policy
  UNION ALL SELECT 'pg_statistic_ext'::regclass, oid, stxrelid FROM pg_statistic_ext
)
SELECT dependent.classid, dependent.objid, dependent.objsubid
FROM dependent
WHERE NOT EXISTS (
  SELECT FROM part_of JOIN tree ON tree.oid = part_of.relation
  WHERE part_of.classid = dependent.classid AND part_of.objid = dependent.objid)
    ) AS dependent
    -- a view is known by its name, not by that of its rule
    LEFT JOIN pg_rewrite AS r ON dependent.classid = 'pg_rewrite'::regclass AND r.oid = dependent.objid AND r.rulename = '_RETURN'
    CROSS JOIN pg_identify_object(CASE WHEN r.oid IS NULL THEN dependent.classid ELSE 'pg_class'::regclass END, coalesce(r.ev_class, dependent.objid),
                                  dependent.objsubid) AS object
    WHERE object.identity <> ALL ('{}'::text[]));
END
$executor$;
-- Refuses the swap while other sessions have a temporary view or the like on the table; called before the lock and under
-- it. It waits for nothing: the step is tried again, by its SQLSTATE.
CREATE OR REPLACE PROCEDURE pg_temp.executor_await_sessions() LANGUAGE plpgsql AS $executor$
DECLARE
  holders text;
BEGIN
  SELECT string_agg(holder, ', ' ORDER BY holder) INTO holders FROM (
SELECT DISTINCT format('%s (%s)', coalesce(session.named, 'another session'), temporary.name) AS holder
FROM (
WITH tree AS (
  SELECT c.oid, c.reltype
  FROM pg_class AS c
  WHERE c.oid IN (
    WITH RECURSIVE part (oid) AS (
      SELECT to_regclass(format('%I.%I', named.schema, named.name))::oid
      FROM (VALUES ('public', 'chunks')) AS named (schema, name)
      UNION SELECT i.inhrelid FROM part JOIN pg_inherits AS i ON i.inhparent = part.oid
    )
    SELECT oid FROM part)
), dependent AS (
  SELECT DISTINCT d.classid, d.objid, d.objsubid
  FROM pg_depend AS d
  WHERE d.deptype IN ('n', 'a') AND (
    d.refclassid = 'pg_class'::regclass AND d.refobjid IN (SELECT oid FROM tree)
    OR d.refclassid = 'pg_type'::regclass AND d.refobjid IN (
      SELECT reltype FROM tree UNION SELECT t.typarray FROM tree JOIN pg_type AS t ON t.oid = tree.reltype))
), part_of (classid, objid, relation) AS (
  SELECT 'pg_class'::regclass, oid, oid FROM pg_class
  UNION ALL SELECT 'pg_class'::regclass, indexrelid, indrelid FROM pg_index
  UNION ALL SELECT 'pg_attrdef'::regclass, oid, adrelid FROM pg_attrdef
  UNION ALL SELECT 'pg_constraint'::regclass, oid, conrelid FROM pg_constraint
  UNION ALL SELECT 'pg_rewrite'::regclass, oid, ev_class FROM pg_rewrite
  UNION ALL SELECT 'pg_trigger'::regclass, oid, tgrelid FROM pg_trigger
  UNION ALL SELECT 'pg_policy'::regclass, oid, polrelid FROM pg_policy
  UNION ALL SELECT 'pg_statistic_ext'::regclass, oid, stxrelid FROM pg_statistic_ext
)
SELECT dependent.classid, dependent.objid, dependent.objsubid
FROM dependent
WHERE NOT EXISTS (
  SELECT FROM part_of JOIN tree ON tree.oid = part_of.relation
  WHERE part_of.classid = dependent.classid AND part_of.objid = dependent.objid)
) AS dependent
CROSS JOIN pg_identify_object(dependent.classid, dependent.objid, dependent.objsubid) AS object
LEFT JOIN pg_rewrite AS r ON dependent.classid = 'pg_rewrite'::regclass AND r.oid = dependent.objid AND r.rulename = '_RETURN'
LEFT JOIN pg_class AS v ON v.oid = r.ev_class
CROSS JOIN LATERAL (
  SELECT coalesce('temporary view ' || v.oid::regclass, object.type || ' ' || object.identity),
    substring(coalesce(v.oid::regclass::text, object.identity) FROM '\mpg_temp_([0-9]+)\.')::integer
) AS temporary (name, number)
LEFT JOIN LATERAL (
  SELECT format('pid %s', a.pid) || coalesce(', ' || nullif(a.application_name, ''), '')
  FROM pg_stat_activity AS a
  WHERE a.pid = pg_stat_get_backend_pid(temporary.number)
) AS session (named) ON true
WHERE temporary.number IS NOT NULL
  ) AS held;
  IF holders IS NOT NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'EX002', MESSAGE = 'temporary objects of other sessions are bound to the table: ' || holders,
      HINT = 'They end with their sessions; or drop them there.';
  END IF;
END
$executor$;

-- What is asked under the lock is planned before it, and what the changes above have made obsolete anew.
DO $executor$
BEGIN
  PERFORM pg_temp.executor_left_behind();
  PERFORM "public"."chunks_sync_20250811_120000"(false, 0, 1);
END
$executor$;
SET LOCAL statement_timeout = '500ms';

-- What was written since the last pass is applied now, and what is written during that in a second one, so
-- that little is left for the lock. Whoever waits for a referenced table waits no longer than max_lock for each of these.
DO $executor$
BEGIN
IF (SELECT count(*) FROM (SELECT FROM "public"."chunks_log_20250811_120000" LIMIT 500 + 1) AS entry) > 500 THEN
    RAISE EXCEPTION USING
      ERRCODE = 'EX002',
      MESSAGE = 'more than 500 keys (swap_rows) were written since the last pass',
      HINT = 'Too many to apply under the lock. When less is written it will do; or raise swap_rows.';
  END IF;
  FOR time IN 1..2 LOOP
    BEGIN
      PERFORM "public"."chunks_sync_20250811_120000"(true, 0, 1);
    EXCEPTION WHEN SQLSTATE 'EX002' OR serialization_failure THEN
      EXIT;  -- what is in the way now will not be under the lock
    END;
  END LOOP;
END
$executor$;

-- A transaction that has its snapshot already would not see what is applied later, once it comes to read this table.
DO $executor$
DECLARE
  holder text;
BEGIN
  SELECT string_agg(format('pid %s (%s, %s)', pid, coalesce(nullif(application_name, ''), usename::text),
  coalesce('since ' || to_char(xact_start, 'HH24:MI:SS'), format('which can''t be seen: GRANT pg_read_all_stats TO %I', current_user))), ', ') INTO holder
  FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_xmin IS NOT NULL
    AND (state LIKE 'idle in transaction%' OR state = 'disabled' OR backend_type IS NULL AND usesysid IS NOT NULL);
  IF holder IS NOT NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'EX002', MESSAGE = 'a transaction holds a snapshot from before the swap: ' || holder,
      HINT = 'It is REPEATABLE READ or SERIALIZABLE, or has a cursor open. Or --var old_snapshots=allow';
  END IF;
END
$executor$;

-- Temporary views and the like can be bound to the other table by their sessions alone.
CALL pg_temp.executor_await_sessions();

-- One waiting time for all tables together, and one for each view before; lock_timeout alone would count anew for each table.
SET LOCAL statement_timeout = '200ms';

-- Views first, from the outside in, as their readers lock them. An owner that stays the same changes
-- nothing, but takes the lock; LOCK TABLE would lock every other table of the view, too.
ALTER VIEW public.collection_sizes OWNER TO postgres;
LOCK TABLE "public"."chunks", "public"."chunks_new" IN ACCESS EXCLUSIVE MODE;
SELECT set_config('executor.locked_at', clock_timestamp()::text, true);
CALL pg_temp.executor_await_sessions();
CALL pg_temp.executor_clock('500ms');
CALL pg_temp.executor_recheck('the run began', '{"owner": "575843099bba1a89723036cc7c541333bee6d621313a156064e0b24054cbed43", "table": "896beed65808b69549484690d69c71ae16b9e2cb1904fcb6b2020e69885b79b9", "tree": "48022c436b39330b9dcd7ff38dab614460c179b6e006cc6bb347782ec5699147", "columns": "46c702629d42abfd921e062036a95ee490a082d56a2207a2755b0c98c1cc25dd", "new_columns": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "key": "a8aa6cbdd96d00f850df2c48a2016a7acfef1f57fd54fa965add3712dde9934e", "leaves": "128e43327d63233de29b30f89f6db3e5d9e4595c20a230ea9a3b30076421cd80", "checks": "54f02b63225c23d6d33b26113c9addf931b8900f359717d8ac87d8b55deb75d7", "indexes": "c1cb8dca0dd5b0b25d2ee770a4df6363e9ff11abb786679aaa8d5d8bf258774a", "statistics_targets": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "foreign_keys": "237a77dc863a040e5b2bc4ad438bfd477207774fa7927a6c6a23de70922e59e6", "incoming_keys": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "sequences": "4dbabcbafc4dc236c1a49d65a9182b6d6bc9e84eabd99d979ee17878e335f151", "extended_statistics": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "grants": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "security": "83c292bb8a595d3918a9d279e7ca4c44d8a4cb5590e9cf59e8ddcd81c97b3efd", "policies": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "triggers": "8d4b2fd7233cc262a89a5bb2b505cef7508b500d054d3bd56375c3ecf4563b1e", "rules": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "comments": "7c75693a19b3a68e2141a0d7036dc11ee17cc2d22c1292400ef29db262e85038", "readers": "56b4fa4be9b1a41631b442e6b651f3564d547c3d1efccdb72b2ea9de89a4ad9f", "materialized_views": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "materialized_view_indexes": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "materialized_view_targets": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "materialized_view_statistics": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "publications": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "subscriptions": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "definition": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945"}');
-- Puts the new table in the place of the old one, with all that hung on it: the new world or the old one, nothing
-- between. From its first moment on, what is written to the new table is logged for the way back. Its lock: lock.sql.

-- Nobody can write now. What was written since the last pass is applied and compared, and then both
-- tables are equal: all else was compared before, in a snapshot, and its key has not been in the log since.
DO $executor$
BEGIN
  IF EXISTS (
    SELECT FROM pg_temp.swap_functions AS before LEFT JOIN pg_proc AS p ON p.oid = before.oid
    WHERE p.xmin::text IS DISTINCT FROM before.made)
  THEN
    RAISE EXCEPTION USING ERRCODE = 'EX002', MESSAGE = 'the functions that log and apply what is written were changed at this very moment';
  END IF;
IF (SELECT count(*) FROM (SELECT FROM "public"."chunks_log_20250811_120000" LIMIT 500 + 1) AS entry) > 500 THEN
    RAISE EXCEPTION USING
      ERRCODE = 'EX002',
      MESSAGE = 'more than 500 keys (swap_rows) were written since the last pass',
      HINT = 'Too many to apply under the lock. When less is written it will do; or raise swap_rows.';
  END IF;
  PERFORM "public"."chunks_sync_20250811_120000"(true, 0, 1);
  IF EXISTS (SELECT FROM "public"."chunks_log_20250811_120000") THEN
    RAISE EXCEPTION 'the log % is not empty after it was applied under the lock', '"public"."chunks_log_20250811_120000"';
  END IF;
END
$executor$;

CALL pg_temp.executor_clock('500ms');

-- The exchange of names. Partitions and their indexes keep theirs: the same few milliseconds whatever their number.
ALTER TABLE "public"."chunks" RENAME TO "chunks_old_20250811_120000";
ALTER TABLE "public"."chunks_new" RENAME TO "chunks";
ALTER INDEX "public"."chunks_created_at_idx" RENAME TO "chunks_created_at_idx_old_20250811_120000";
ALTER INDEX "public"."chunks_new_created_at_idx" RENAME TO "chunks_created_at_idx";
ALTER INDEX "public"."chunks_document_id_idx" RENAME TO "chunks_document_id_idx_old_20250811_120000";
ALTER INDEX "public"."chunks_new_document_id_idx" RENAME TO "chunks_document_id_idx";
ALTER INDEX "public"."chunks_embedding_idx" RENAME TO "chunks_embedding_idx_old_20250811_120000";
ALTER INDEX "public"."chunks_new_embedding_idx" RENAME TO "chunks_embedding_idx";
ALTER INDEX IF EXISTS "public"."chunks_pkey" RENAME TO "chunks_pkey_old_20250811_120000";
ALTER INDEX IF EXISTS "public"."chunks_position_key" RENAME TO "chunks_position_key_old_20250811_120000";
CALL pg_temp.executor_clock('500ms');
-- The sequence of a serial column is the same, under another owner.
ALTER SEQUENCE "public"."chunks_id_seq" OWNED BY "public"."chunks"."id";

-- All that hangs on the table: rights, row level security, policies, triggers, rules and comments.
CREATE TRIGGER chunks_touch BEFORE UPDATE ON public.chunks FOR EACH ROW EXECUTE FUNCTION public.touch();
COMMENT ON TABLE "public"."chunks" IS NULL;
COMMENT ON TABLE public.chunks IS 'Passages of documents, as they are embedded and searched';

-- Views, rules, functions and policies are bound to a table and not to its name: said again, they are
-- bound to the one that has the name now, and keep owner, grants, comments, defaults and triggers.
CREATE OR REPLACE VIEW public.collection_sizes AS  SELECT collection_id,
    count(*) AS chunks,
    sum(token_count) AS tokens
   FROM public.chunks
  GROUP BY collection_id;
CALL pg_temp.executor_clock('500ms');

-- Nothing but its own parts may depend on what has left: it would read or write the wrong table.
DO $executor$
DECLARE
  left_behind text := pg_temp.executor_left_behind();
BEGIN
  IF left_behind IS NOT NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('still bound to the table that leaves, %s: %s', '"public"."chunks_old_20250811_120000"'::regclass, left_behind),
      HINT = 'Nothing was swapped. Drop it, or let the plan give it up by name (accept).';
  END IF;
END
$executor$;

COMMENT ON TABLE "public"."chunks_old_20250811_120000" IS 'Replaced by executor (plan chunks_100_partitions, run 20250811_120000) and kept for the way back.';
CALL pg_temp.executor_clock('500ms');
-- The triggers of both tables log for the way back: those of the new one all that is written, those of the old
-- one what reaches it by its foreign keys, or by name.
CREATE OR REPLACE FUNCTION "public"."chunks_back_20250811_120000"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off
AS $executor$
#variable_conflict use_column
BEGIN
  IF pg_has_role((SELECT relowner FROM pg_class WHERE oid = coalesce(pg_partition_root(TG_RELID), TG_RELID)), current_user, 'USAGE') IS NOT TRUE THEN
    RAISE EXCEPTION USING
      ERRCODE = 'insufficient_privilege',
      MESSAGE = format('%s does not belong to %s, with whose rights what is written to it would be logged', TG_RELID::regclass, current_user),
      HINT = (SELECT format('If it was given to %1$s, give these to %1$s, too: ALTER TABLE %2$s OWNER TO %1$s; ALTER FUNCTION %3$s() OWNER TO %1$s.',
        relowner::regrole, 'public.chunks_back_20250811_120000', 'public.chunks_back_20250811_120000') FROM pg_class WHERE oid = coalesce(pg_partition_root(TG_RELID), TG_RELID));
  END IF;
  IF TG_OP = 'INSERT' THEN
    INSERT INTO "public"."chunks_back_20250811_120000" SELECT "id", "collection_id" FROM new_rows;
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO "public"."chunks_back_20250811_120000" SELECT "id", "collection_id" FROM old_rows UNION SELECT "id", "collection_id" FROM new_rows;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO "public"."chunks_back_20250811_120000" SELECT "id", "collection_id" FROM old_rows;
  -- a TRUNCATE has no rows to look at, and an older snapshot would not show all that it removes
  ELSIF NOT starts_with(current_setting('transaction_isolation'), 'read ') THEN
    RAISE EXCEPTION USING
      MESSAGE = format('while executor keeps another table in step with %s, it can be truncated in a READ COMMITTED transaction only', TG_RELID::regclass),
      HINT = 'Use DELETE, or another isolation level.';
  ELSE
    EXECUTE 'INSERT INTO "public"."chunks_back_20250811_120000" SELECT "id", "collection_id" FROM ' || TG_RELID::regclass;
  END IF;
  RETURN NULL;
END
$executor$;
ALTER FUNCTION "public"."chunks_back_20250811_120000"() OWNER TO postgres;

CREATE OR REPLACE FUNCTION "public"."chunks_log_20250811_120000"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off
AS $executor$
#variable_conflict use_column
BEGIN
  IF pg_has_role((SELECT relowner FROM pg_class WHERE oid = coalesce(pg_partition_root(TG_RELID), TG_RELID)), current_user, 'USAGE') IS NOT TRUE THEN
    RAISE EXCEPTION USING
      ERRCODE = 'insufficient_privilege',
      MESSAGE = format('%s does not belong to %s, with whose rights what is written to it would be logged', TG_RELID::regclass, current_user),
      HINT = (SELECT format('If it was given to %1$s, give these to %1$s, too: ALTER TABLE %2$s OWNER TO %1$s; ALTER FUNCTION %3$s() OWNER TO %1$s.',
        relowner::regrole, 'public.chunks_back_20250811_120000', 'public.chunks_log_20250811_120000') FROM pg_class WHERE oid = coalesce(pg_partition_root(TG_RELID), TG_RELID));
  END IF;
  -- the passes keep both tables in step themselves
  IF pg_trigger_depth() = 1 AND EXISTS (
    SELECT FROM pg_class AS hand JOIN pg_class AS here ON here.oid = TG_RELID
    WHERE hand.relnamespace = pg_my_temp_schema() AND hand.relname = 'chunks_back_20250811_120000' AND hand.relkind = 'r'
      AND pg_has_role(hand.relowner, here.relowner, 'USAGE') AND pg_relation_size(hand.oid) > 0)
  THEN
    RETURN NULL;
  END IF;
  IF TG_OP = 'INSERT' THEN
    INSERT INTO "public"."chunks_back_20250811_120000" SELECT "id", "collection_id" FROM new_rows;
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO "public"."chunks_back_20250811_120000" SELECT "id", "collection_id" FROM old_rows UNION SELECT "id", "collection_id" FROM new_rows;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO "public"."chunks_back_20250811_120000" SELECT "id", "collection_id" FROM old_rows;
  -- a TRUNCATE has no rows to look at, and an older snapshot would not show all that it removes
  ELSIF NOT starts_with(current_setting('transaction_isolation'), 'read ') THEN
    RAISE EXCEPTION USING
      MESSAGE = format('while executor keeps another table in step with %s, it can be truncated in a READ COMMITTED transaction only', TG_RELID::regclass),
      HINT = 'Use DELETE, or another isolation level.';
  ELSE
    EXECUTE 'INSERT INTO "public"."chunks_back_20250811_120000" SELECT "id", "collection_id" FROM ' || TG_RELID::regclass;
  END IF;
  RETURN NULL;
END
$executor$;
ALTER FUNCTION "public"."chunks_log_20250811_120000"() OWNER TO postgres;
ALTER TABLE "public"."chunks_old_20250811_120000" DISABLE TRIGGER "chunks_touch";
CREATE TRIGGER executor_guard BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON "public"."chunks_old_20250811_120000" FOR EACH STATEMENT EXECUTE FUNCTION "public"."chunks_old_20250811_120000"();
ALTER TABLE "public"."chunks_old_20250811_120000" ENABLE ALWAYS TRIGGER executor_guard;
ALTER FUNCTION "public"."chunks_partition_key"() OWNER TO postgres;
DROP FUNCTION "public"."chunks_sync_20250811_120000"(boolean, integer, integer);
ALTER FUNCTION "public"."chunks_undo_20250811_120000"(boolean, integer, integer) RENAME TO "chunks_sync_20250811_120000";
CALL pg_temp.executor_clock('500ms');
-- assertion findings (sql/repartition/swap/held.sql): The lock was held for a moment only.
SELECT pg_temp.executor_assert('step swap: The lock was held for a moment only.', json_agg(finding)) FROM (
SELECT
  'lock on public.chunks' AS subject,
  'held for at most 500ms' AS expected,
  format('held for %s ms', round(extract(epoch FROM clock_timestamp()
    - current_setting('executor.locked_at')::timestamptz) * 1000)) AS actual,
  true AS passed
UNION ALL
SELECT 'lock on tables that it references and that forbid a delete (public.chunking_configs)', 'held for a moment',
  format('held for %s ms', round(extract(epoch FROM clock_timestamp()
    - current_setting('executor.referenced_at')::timestamptz) * 1000)), true
) AS finding;
COMMIT;

-- Step 32 of 38: release_old
-- Drop the foreign keys of the old table one by one, so that it blocks no delete.
BEGIN ISOLATION LEVEL READ COMMITTED;
-- Drops a foreign key of the old table: it would block deletes in the referenced table, or delete rows of the
-- table that is kept. One a transaction, so that never two referenced tables are locked.
-- Lock: ACCESS EXCLUSIVE on the referenced table and the old one; short, and given up after lock_timeout.
CALL pg_temp.executor_refuse_renamed();

ALTER TABLE IF EXISTS "public"."chunks_old_20250811_120000" DROP CONSTRAINT IF EXISTS "chunks_chunking_config_id_fkey";
COMMIT AND CHAIN; CALL pg_temp.executor_refuse_renamed();

ALTER TABLE IF EXISTS "public"."chunks_old_20250811_120000" DROP CONSTRAINT IF EXISTS "chunks_collection_id_fkey";
COMMIT AND CHAIN; CALL pg_temp.executor_refuse_renamed();

ALTER TABLE IF EXISTS "public"."chunks_old_20250811_120000" DROP CONSTRAINT IF EXISTS "chunks_document_id_fkey";
COMMIT;

-- Step 33 of 38: end_capture
-- Drop the log of what was written before the swap; going back, compare both tables first.
BEGIN ISOLATION LEVEL REPEATABLE READ;
-- Ends the log of what was written to the old table before the swap: the triggers first, then what they need.
-- Lock: ACCESS EXCLUSIVE on the old table and its partitions; short, and given up after lock_timeout.
CALL pg_temp.executor_refuse_renamed();

DROP TRIGGER IF EXISTS "executor_insert" ON "public"."chunks_old_20250811_120000";
DROP TRIGGER IF EXISTS "executor_update" ON "public"."chunks_old_20250811_120000";
DROP TRIGGER IF EXISTS "executor_delete" ON "public"."chunks_old_20250811_120000";
DROP TRIGGER IF EXISTS "executor_truncate" ON "public"."chunks_old_20250811_120000";
DROP FUNCTION IF EXISTS "public"."chunks_log_20250811_120000"();
DROP TABLE IF EXISTS "public"."chunks_log_20250811_120000";
COMMIT;

-- Step 34 of 38: validate_restricting_keys
-- Validate the foreign keys that forbid a delete, partition by partition.
BEGIN ISOLATION LEVEL READ COMMITTED;
-- Checks every row of one partition against the referenced tables, while these are written to.
-- Lock: SHARE UPDATE EXCLUSIVE on the partition and ROW SHARE on the referenced tables, while rows are read.
CALL pg_temp.executor_refuse_foreign_code(reads => ARRAY['"public"."chunks_part_00"']);
CALL pg_temp.executor_refuse_foreign_plans(ARRAY['public.chunking_configs']);
ALTER TABLE "public"."chunks_part_00" VALIDATE CONSTRAINT "chunks_chunking_config_id_fkey";
COMMIT AND CHAIN; CALL pg_temp.executor_refuse_foreign_code(reads => ARRAY['"public"."chunks_part_01"']);
CALL pg_temp.executor_refuse_foreign_plans(ARRAY['public.chunking_configs']);
ALTER TABLE "public"."chunks_part_01" VALIDATE CONSTRAINT "chunks_chunking_config_id_fkey";
COMMIT AND CHAIN; CALL pg_temp.executor_refuse_foreign_code(reads => ARRAY['"public"."chunks_part_02"']);
CALL pg_temp.executor_refuse_foreign_plans(ARRAY['public.chunking_configs']);
ALTER TABLE "public"."chunks_part_02" VALIDATE CONSTRAINT "chunks_chunking_config_id_fkey";
COMMIT;

-- Step 35 of 38: attach_restricting_keys
-- Add them to the table, which adopts those of its partitions, one by one.
SELECT coalesce(array_agg(name::text), '{}') AS executor_skipped FROM (
SELECT conname::text FROM pg_constraint WHERE conrelid = '"public"."chunks"'::regclass AND contype = 'f' AND convalidated
) AS asked (name) \gset
SELECT 'chunks_chunking_config_id_fkey' <> ALL (:'executor_skipped'::text[]) AS executor_due \gset \if :executor_due
BEGIN ISOLATION LEVEL READ COMMITTED;
-- A foreign key of the table as a whole. It adopts the equal, validated keys of its partitions,
-- so no row is read again. One a transaction, so that never two referenced tables are locked.
-- Lock: SHARE ROW EXCLUSIVE on the table, then ACCESS EXCLUSIVE on the referenced table, whose triggers for the
-- partitions are joined: about 1 ms for each partition. Each is waited for no longer than lock_timeout.
CALL pg_temp.executor_refuse_foreign_code(reads => ARRAY['"public"."chunks"']);

SET LOCAL lock_timeout = '10s';
LOCK TABLE "public"."chunks" IN SHARE UPDATE EXCLUSIVE MODE;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE "public"."chunks" ADD CONSTRAINT "chunks_chunking_config_id_fkey" FOREIGN KEY (chunking_config_id) REFERENCES public.chunking_configs(id);
COMMIT; \endif
BEGIN ISOLATION LEVEL READ COMMITTED;
-- assertion no_rows (sql/repartition/foreign_keys/lone.sql): No partition has a foreign key beside that of the table.
SELECT pg_temp.executor_assert('step attach_restricting_keys: No partition has a foreign key beside that of the table.', json_agg(finding)) FROM (
SELECT
  'bad rows' AS subject,
  '0' AS expected,
  count(*)::text AS actual,
  count(*) = 0 AS passed
FROM (
-- Foreign keys of partitions that the table did not adopt; each would be checked twice.
SELECT r.conrelid::regclass AS partition, r.conname
FROM pg_constraint AS r
JOIN pg_partition_tree('"public"."chunks"'::regclass) AS part ON part.relid = r.conrelid AND part.level > 0
WHERE r.contype = 'f' AND r.conparentid = 0

) AS query
) AS finding;
COMMIT;

-- Step 36 of 38: validate_incoming_keys
-- Validate the foreign keys of other tables that have come along, while these and the table are written to.
\endif

-- Step 37 of 38: monitor
-- Create the views and functions by which the partitions are watched; without partitions those of an earlier run go.
BEGIN ISOLATION LEVEL READ COMMITTED;
-- Views and functions to watch the partitions by. Those that were made before are replaced. A name that something else
-- bears, such as what watches another table, is left to it, and the one of this table has the name of the table in
-- front. What was granted since stays when they are replaced.
CALL pg_temp.executor_begin_watching('{"partition_health","partition_distribution","partition_chunk_distribution","partition_size_distribution","partition_stats","partition_health_summary","partition_hot_spots","analyze_partition_skew","get_partition_key","get_partition_for_collection"}');

CREATE OR REPLACE VIEW "public"."partition_health" AS
SELECT
  p.partition_num,
  p.partition_name,
  p.rows AS row_count,
  p.dead_rows,
  p.size_bytes,
  pg_size_pretty(p.size_bytes) AS size_pretty,
  round((p.rows / avg(nullif(p.rows, 0)) OVER () - 1) * 100, 2) AS pct_deviation_from_avg,
  CASE
    WHEN p.rows > 1.2 * avg(nullif(p.rows, 0)) OVER () THEN 'HOT'
    WHEN p.rows < 0.8 * avg(nullif(p.rows, 0)) OVER () THEN 'COLD'
    ELSE 'NORMAL'
  END AS partition_status,
  p.dead_rows > greatest(p.rows * 0.1, 1000) AS needs_vacuum,
  p.last_vacuum,
  p.last_autovacuum,
  p.last_analyze,
  p.last_autoanalyze
FROM (
SELECT
  c.oid, substring(c.relname FROM '_part_([0-9]{1,9})$')::integer AS partition_num, c.relname AS partition_name,
  n.nspname AS schema_name, coalesce(pg_total_relation_size(c.oid), 0) AS size_bytes,
CASE
    WHEN num_nonnulls(pg_stat_get_last_vacuum_time(c.oid), pg_stat_get_last_autovacuum_time(c.oid),
      pg_stat_get_last_analyze_time(c.oid), pg_stat_get_last_autoanalyze_time(c.oid)) > 0
    THEN pg_stat_get_live_tuples(c.oid)
    ELSE greatest(pg_stat_get_live_tuples(c.oid), c.reltuples::bigint)
  END AS rows,
  pg_stat_get_dead_tuples(c.oid) AS dead_rows, pg_stat_get_tuples_inserted(c.oid) AS inserted,
  pg_stat_get_tuples_updated(c.oid) AS updated, pg_stat_get_tuples_deleted(c.oid) AS deleted,
  pg_stat_get_last_vacuum_time(c.oid) AS last_vacuum, pg_stat_get_last_autovacuum_time(c.oid) AS last_autovacuum,
  pg_stat_get_last_analyze_time(c.oid) AS last_analyze, pg_stat_get_last_autoanalyze_time(c.oid) AS last_autoanalyze
FROM pg_partition_tree(to_regclass('"public"."chunks"')) AS t
JOIN pg_class AS c ON c.oid = t.relid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE t.isleaf
) AS p
ORDER BY p.partition_num
;
COMMENT ON VIEW "public"."partition_health" IS 'Made by executor for public.chunks: watches its partitions by the catalogs and counters, cheap to poll.';

CREATE OR REPLACE VIEW "public"."partition_distribution" AS
SELECT
  count(*) FILTER (WHERE rows > 0) AS partitions_used,
  count(*) FILTER (WHERE rows = 0) AS empty_partitions,
  round(coalesce(avg(nullif(rows, 0)), 0), 2) AS avg_rows_per_partition,
  round(coalesce(stddev_pop(rows), 0), 2) AS stddev_rows,
  max(rows) AS max_rows,
  min(rows) AS min_rows,
  round(max(rows) / nullif(avg(nullif(rows, 0)), 0), 4) AS max_skew_ratio,
  CASE
    WHEN stddev_pop(rows) > 0.5 * avg(nullif(rows, 0)) THEN 'REBALANCE NEEDED'
    WHEN stddev_pop(rows) > 0.3 * avg(nullif(rows, 0)) THEN 'WARNING'
    ELSE 'HEALTHY'
  END AS distribution_status
FROM (
SELECT
  c.oid, substring(c.relname FROM '_part_([0-9]{1,9})$')::integer AS partition_num, c.relname AS partition_name,
  n.nspname AS schema_name, coalesce(pg_total_relation_size(c.oid), 0) AS size_bytes,
CASE
    WHEN num_nonnulls(pg_stat_get_last_vacuum_time(c.oid), pg_stat_get_last_autovacuum_time(c.oid),
      pg_stat_get_last_analyze_time(c.oid), pg_stat_get_last_autoanalyze_time(c.oid)) > 0
    THEN pg_stat_get_live_tuples(c.oid)
    ELSE greatest(pg_stat_get_live_tuples(c.oid), c.reltuples::bigint)
  END AS rows,
  pg_stat_get_dead_tuples(c.oid) AS dead_rows, pg_stat_get_tuples_inserted(c.oid) AS inserted,
  pg_stat_get_tuples_updated(c.oid) AS updated, pg_stat_get_tuples_deleted(c.oid) AS deleted,
  pg_stat_get_last_vacuum_time(c.oid) AS last_vacuum, pg_stat_get_last_autovacuum_time(c.oid) AS last_autovacuum,
  pg_stat_get_last_analyze_time(c.oid) AS last_analyze, pg_stat_get_last_autoanalyze_time(c.oid) AS last_autoanalyze
FROM pg_partition_tree(to_regclass('"public"."chunks"')) AS t
JOIN pg_class AS c ON c.oid = t.relid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE t.isleaf
) AS p
;
COMMENT ON VIEW "public"."partition_distribution" IS 'Made by executor for public.chunks: watches its partitions by the catalogs and counters, cheap to poll.';

CREATE OR REPLACE VIEW "public"."partition_chunk_distribution" AS
SELECT
  p.partition_num,
  p.partition_name,
  p.rows AS row_count,
  round(p.rows * 100 / nullif(sum(p.rows) OVER (), 0), 2) AS row_percentage,
  (SELECT round(CASE WHEN s.n_distinct < 0 THEN -s.n_distinct * p.rows ELSE s.n_distinct END)::bigint
   FROM pg_stats AS s
   WHERE s.schemaname = p.schema_name AND s.tablename = p.partition_name
     AND s.attname = 'collection_id' AND NOT s.inherited) AS collection_count,
  (SELECT round(CASE WHEN s.n_distinct < 0 THEN -s.n_distinct * p.rows ELSE s.n_distinct END)::bigint
   FROM pg_stats AS s
   WHERE s.schemaname = p.schema_name AND s.tablename = p.partition_name
     AND s.attname = 'document_id' AND NOT s.inherited) AS document_count
FROM (
SELECT
  c.oid, substring(c.relname FROM '_part_([0-9]{1,9})$')::integer AS partition_num, c.relname AS partition_name,
  n.nspname AS schema_name, coalesce(pg_total_relation_size(c.oid), 0) AS size_bytes,
CASE
    WHEN num_nonnulls(pg_stat_get_last_vacuum_time(c.oid), pg_stat_get_last_autovacuum_time(c.oid),
      pg_stat_get_last_analyze_time(c.oid), pg_stat_get_last_autoanalyze_time(c.oid)) > 0
    THEN pg_stat_get_live_tuples(c.oid)
    ELSE greatest(pg_stat_get_live_tuples(c.oid), c.reltuples::bigint)
  END AS rows,
  pg_stat_get_dead_tuples(c.oid) AS dead_rows, pg_stat_get_tuples_inserted(c.oid) AS inserted,
  pg_stat_get_tuples_updated(c.oid) AS updated, pg_stat_get_tuples_deleted(c.oid) AS deleted,
  pg_stat_get_last_vacuum_time(c.oid) AS last_vacuum, pg_stat_get_last_autovacuum_time(c.oid) AS last_autovacuum,
  pg_stat_get_last_analyze_time(c.oid) AS last_analyze, pg_stat_get_last_autoanalyze_time(c.oid) AS last_autoanalyze
FROM pg_partition_tree(to_regclass('"public"."chunks"')) AS t
JOIN pg_class AS c ON c.oid = t.relid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE t.isleaf
) AS p
ORDER BY p.partition_num
;
COMMENT ON VIEW "public"."partition_chunk_distribution" IS 'Made by executor for public.chunks: watches its partitions by the catalogs and counters, cheap to poll.';

CREATE OR REPLACE VIEW "public"."partition_size_distribution" AS
SELECT
  p.partition_num,
  p.partition_name,
  p.size_bytes,
  pg_size_pretty(p.size_bytes) AS size_pretty,
  round(p.size_bytes * 100 / nullif(sum(p.size_bytes) OVER (), 0), 2) AS size_percentage,
  p.rows AS estimated_rows,
  p.dead_rows,
  p.last_vacuum,
  p.last_autovacuum
FROM (
SELECT
  c.oid, substring(c.relname FROM '_part_([0-9]{1,9})$')::integer AS partition_num, c.relname AS partition_name,
  n.nspname AS schema_name, coalesce(pg_total_relation_size(c.oid), 0) AS size_bytes,
CASE
    WHEN num_nonnulls(pg_stat_get_last_vacuum_time(c.oid), pg_stat_get_last_autovacuum_time(c.oid),
      pg_stat_get_last_analyze_time(c.oid), pg_stat_get_last_autoanalyze_time(c.oid)) > 0
    THEN pg_stat_get_live_tuples(c.oid)
    ELSE greatest(pg_stat_get_live_tuples(c.oid), c.reltuples::bigint)
  END AS rows,
  pg_stat_get_dead_tuples(c.oid) AS dead_rows, pg_stat_get_tuples_inserted(c.oid) AS inserted,
  pg_stat_get_tuples_updated(c.oid) AS updated, pg_stat_get_tuples_deleted(c.oid) AS deleted,
  pg_stat_get_last_vacuum_time(c.oid) AS last_vacuum, pg_stat_get_last_autovacuum_time(c.oid) AS last_autovacuum,
  pg_stat_get_last_analyze_time(c.oid) AS last_analyze, pg_stat_get_last_autoanalyze_time(c.oid) AS last_autoanalyze
FROM pg_partition_tree(to_regclass('"public"."chunks"')) AS t
JOIN pg_class AS c ON c.oid = t.relid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE t.isleaf
) AS p
ORDER BY p.partition_num
;
COMMENT ON VIEW "public"."partition_size_distribution" IS 'Made by executor for public.chunks: watches its partitions by the catalogs and counters, cheap to poll.';

CREATE OR REPLACE VIEW "public"."partition_stats" AS
SELECT
  p.partition_num,
  p.partition_name,
  p.rows AS row_count,
  round(p.size_bytes / 1048576.0, 4) AS total_size_mb,
  round(p.size_bytes / nullif(p.rows, 0) / 1024.0, 4) AS avg_row_size_kb,
  p.dead_rows,
  greatest(p.last_vacuum, p.last_autovacuum) AS last_vacuumed,
  greatest(p.last_analyze, p.last_autoanalyze) AS last_analyzed
FROM (
SELECT
  c.oid, substring(c.relname FROM '_part_([0-9]{1,9})$')::integer AS partition_num, c.relname AS partition_name,
  n.nspname AS schema_name, coalesce(pg_total_relation_size(c.oid), 0) AS size_bytes,
CASE
    WHEN num_nonnulls(pg_stat_get_last_vacuum_time(c.oid), pg_stat_get_last_autovacuum_time(c.oid),
      pg_stat_get_last_analyze_time(c.oid), pg_stat_get_last_autoanalyze_time(c.oid)) > 0
    THEN pg_stat_get_live_tuples(c.oid)
    ELSE greatest(pg_stat_get_live_tuples(c.oid), c.reltuples::bigint)
  END AS rows,
  pg_stat_get_dead_tuples(c.oid) AS dead_rows, pg_stat_get_tuples_inserted(c.oid) AS inserted,
  pg_stat_get_tuples_updated(c.oid) AS updated, pg_stat_get_tuples_deleted(c.oid) AS deleted,
  pg_stat_get_last_vacuum_time(c.oid) AS last_vacuum, pg_stat_get_last_autovacuum_time(c.oid) AS last_autovacuum,
  pg_stat_get_last_analyze_time(c.oid) AS last_analyze, pg_stat_get_last_autoanalyze_time(c.oid) AS last_autoanalyze
FROM pg_partition_tree(to_regclass('"public"."chunks"')) AS t
JOIN pg_class AS c ON c.oid = t.relid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE t.isleaf
) AS p
ORDER BY p.partition_num
;
COMMENT ON VIEW "public"."partition_stats" IS 'Made by executor for public.chunks: watches its partitions by the catalogs and counters, cheap to poll.';

CREATE OR REPLACE VIEW "public"."partition_health_summary" AS
SELECT
  partition_num,
  row_count,
  total_rows,
  round(row_count * 100 / nullif(total_rows, 0), 2) AS row_percentage,
  round(size_bytes * 100 / nullif(total_bytes, 0), 2) AS size_percentage,
  CASE
    WHEN greatest(row_skew, size_skew) >= 0.5 THEN 'UNBALANCED'
    WHEN greatest(row_skew, size_skew) >= 0.3 THEN 'WARNING'
    ELSE 'HEALTHY'
  END AS health_status,
  round(row_skew, 4) AS row_skew,
  round(size_skew, 4) AS size_skew,
  CASE
    WHEN greatest(row_skew, size_skew) >= 0.5 THEN 'Consider rebalancing'
    WHEN greatest(row_skew, size_skew) >= 0.3 THEN 'Watch its growth'
  END AS recommendation
FROM (
  SELECT
    p.partition_num,
    p.rows AS row_count,
    p.size_bytes,
    sum(p.rows) OVER () AS total_rows,
    sum(p.size_bytes) OVER () AS total_bytes,
    coalesce(abs(p.rows / nullif(avg(p.rows) OVER (), 0) - 1), 0) AS row_skew,
    coalesce(abs(p.size_bytes / nullif(avg(p.size_bytes) OVER (), 0) - 1), 0) AS size_skew
  FROM (
SELECT
  c.oid, substring(c.relname FROM '_part_([0-9]{1,9})$')::integer AS partition_num, c.relname AS partition_name,
  n.nspname AS schema_name, coalesce(pg_total_relation_size(c.oid), 0) AS size_bytes,
CASE
    WHEN num_nonnulls(pg_stat_get_last_vacuum_time(c.oid), pg_stat_get_last_autovacuum_time(c.oid),
      pg_stat_get_last_analyze_time(c.oid), pg_stat_get_last_autoanalyze_time(c.oid)) > 0
    THEN pg_stat_get_live_tuples(c.oid)
    ELSE greatest(pg_stat_get_live_tuples(c.oid), c.reltuples::bigint)
  END AS rows,
  pg_stat_get_dead_tuples(c.oid) AS dead_rows, pg_stat_get_tuples_inserted(c.oid) AS inserted,
  pg_stat_get_tuples_updated(c.oid) AS updated, pg_stat_get_tuples_deleted(c.oid) AS deleted,
  pg_stat_get_last_vacuum_time(c.oid) AS last_vacuum, pg_stat_get_last_autovacuum_time(c.oid) AS last_autovacuum,
  pg_stat_get_last_analyze_time(c.oid) AS last_analyze, pg_stat_get_last_autoanalyze_time(c.oid) AS last_autoanalyze
FROM pg_partition_tree(to_regclass('"public"."chunks"')) AS t
JOIN pg_class AS c ON c.oid = t.relid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE t.isleaf
  ) AS p
) AS share
ORDER BY partition_num
;
COMMENT ON VIEW "public"."partition_health_summary" IS 'Made by executor for public.chunks: watches its partitions by the catalogs and counters, cheap to poll.';

CREATE OR REPLACE VIEW "public"."partition_hot_spots" AS
SELECT
  p.partition_num,
  p.partition_name,
  r.rows_last_hour,
  r.rows_last_day,
  r.rows_last_week,
  round(r.rows_last_hour * 100.0 / nullif(sum(r.rows_last_hour) OVER (), 0), 2) AS hour_percentage,
  round(r.rows_last_day * 100.0 / nullif(sum(r.rows_last_day) OVER (), 0), 2) AS day_percentage,
  round(r.rows_last_week * 100.0 / nullif(sum(r.rows_last_week) OVER (), 0), 2) AS week_percentage,
  p.inserted AS rows_inserted,
  p.updated AS rows_updated,
  p.deleted AS rows_deleted
FROM (
SELECT
  c.oid, substring(c.relname FROM '_part_([0-9]{1,9})$')::integer AS partition_num, c.relname AS partition_name,
  n.nspname AS schema_name, coalesce(pg_total_relation_size(c.oid), 0) AS size_bytes,
CASE
    WHEN num_nonnulls(pg_stat_get_last_vacuum_time(c.oid), pg_stat_get_last_autovacuum_time(c.oid),
      pg_stat_get_last_analyze_time(c.oid), pg_stat_get_last_autoanalyze_time(c.oid)) > 0
    THEN pg_stat_get_live_tuples(c.oid)
    ELSE greatest(pg_stat_get_live_tuples(c.oid), c.reltuples::bigint)
  END AS rows,
  pg_stat_get_dead_tuples(c.oid) AS dead_rows, pg_stat_get_tuples_inserted(c.oid) AS inserted,
  pg_stat_get_tuples_updated(c.oid) AS updated, pg_stat_get_tuples_deleted(c.oid) AS deleted,
  pg_stat_get_last_vacuum_time(c.oid) AS last_vacuum, pg_stat_get_last_autovacuum_time(c.oid) AS last_autovacuum,
  pg_stat_get_last_analyze_time(c.oid) AS last_analyze, pg_stat_get_last_autoanalyze_time(c.oid) AS last_autoanalyze
FROM pg_partition_tree(to_regclass('"public"."chunks"')) AS t
JOIN pg_class AS c ON c.oid = t.relid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE t.isleaf
) AS p
LEFT JOIN (
  SELECT
    tableoid,
    count(*) FILTER (WHERE created_at >= now() - interval '1 hour') AS last_hour,
    count(*) FILTER (WHERE created_at >= now() - interval '1 day') AS last_day,
    count(*) AS last_week
  FROM "public"."chunks"
  WHERE created_at >= now() - interval '7 days'
  GROUP BY tableoid
) AS recent ON recent.tableoid = p.oid
CROSS JOIN LATERAL (SELECT coalesce(last_hour, 0), coalesce(last_day, 0), coalesce(last_week, 0))
  AS r (rows_last_hour, rows_last_day, rows_last_week)
ORDER BY p.partition_num
;
COMMENT ON VIEW "public"."partition_hot_spots" IS 'Made by executor for public.chunks: watches its partitions; reads the rows of the last week.';

CREATE OR REPLACE FUNCTION "public"."analyze_partition_skew"()
RETURNS TABLE (metric text, value numeric, status text, details text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $executor$
    WITH summary AS (
SELECT
  partition_num,
  row_count,
  total_rows,
  round(row_count * 100 / nullif(total_rows, 0), 2) AS row_percentage,
  round(size_bytes * 100 / nullif(total_bytes, 0), 2) AS size_percentage,
  CASE
    WHEN greatest(row_skew, size_skew) >= 0.5 THEN 'UNBALANCED'
    WHEN greatest(row_skew, size_skew) >= 0.3 THEN 'WARNING'
    ELSE 'HEALTHY'
  END AS health_status,
  round(row_skew, 4) AS row_skew,
  round(size_skew, 4) AS size_skew,
  CASE
    WHEN greatest(row_skew, size_skew) >= 0.5 THEN 'Consider rebalancing'
    WHEN greatest(row_skew, size_skew) >= 0.3 THEN 'Watch its growth'
  END AS recommendation
FROM (
  SELECT
    p.partition_num,
    p.rows AS row_count,
    p.size_bytes,
    sum(p.rows) OVER () AS total_rows,
    sum(p.size_bytes) OVER () AS total_bytes,
    coalesce(abs(p.rows / nullif(avg(p.rows) OVER (), 0) - 1), 0) AS row_skew,
    coalesce(abs(p.size_bytes / nullif(avg(p.size_bytes) OVER (), 0) - 1), 0) AS size_skew
  FROM (
SELECT
  c.oid, substring(c.relname FROM '_part_([0-9]{1,9})$')::integer AS partition_num, c.relname AS partition_name,
  n.nspname AS schema_name, coalesce(pg_total_relation_size(c.oid), 0) AS size_bytes,
CASE
    WHEN num_nonnulls(pg_stat_get_last_vacuum_time(c.oid), pg_stat_get_last_autovacuum_time(c.oid),
      pg_stat_get_last_analyze_time(c.oid), pg_stat_get_last_autoanalyze_time(c.oid)) > 0
    THEN pg_stat_get_live_tuples(c.oid)
    ELSE greatest(pg_stat_get_live_tuples(c.oid), c.reltuples::bigint)
  END AS rows,
  pg_stat_get_dead_tuples(c.oid) AS dead_rows, pg_stat_get_tuples_inserted(c.oid) AS inserted,
  pg_stat_get_tuples_updated(c.oid) AS updated, pg_stat_get_tuples_deleted(c.oid) AS deleted,
  pg_stat_get_last_vacuum_time(c.oid) AS last_vacuum, pg_stat_get_last_autovacuum_time(c.oid) AS last_autovacuum,
  pg_stat_get_last_analyze_time(c.oid) AS last_analyze, pg_stat_get_last_autoanalyze_time(c.oid) AS last_autoanalyze
FROM pg_partition_tree(to_regclass('"public"."chunks"')) AS t
JOIN pg_class AS c ON c.oid = t.relid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE t.isleaf
  ) AS p
) AS share
ORDER BY partition_num
    ), skew (metric, value, details) AS (
      SELECT 'row_distribution', max(row_skew), 'largest distance of a partition''s rows from an equal share' FROM summary
      UNION ALL
      SELECT 'size_distribution', max(size_skew), 'largest distance of a partition''s size from an equal share' FROM summary
    )
    SELECT metric, value, CASE WHEN value >= 0.5 THEN 'CRITICAL' WHEN value >= 0.3 THEN 'WARNING' ELSE 'NORMAL' END, details
    FROM skew
    UNION ALL
    SELECT 'partition_health', count(*), CASE WHEN count(*) > 0 THEN 'CRITICAL' ELSE 'NORMAL' END, 'partitions UNBALANCED'
    FROM summary WHERE health_status = 'UNBALANCED'
    UNION ALL
    SELECT 'hot_partitions', count(*), CASE WHEN count(*) > 0 THEN 'WARNING' ELSE 'NORMAL' END, 'partitions HOT'
    FROM (
SELECT
  p.partition_num,
  p.partition_name,
  p.rows AS row_count,
  p.dead_rows,
  p.size_bytes,
  pg_size_pretty(p.size_bytes) AS size_pretty,
  round((p.rows / avg(nullif(p.rows, 0)) OVER () - 1) * 100, 2) AS pct_deviation_from_avg,
  CASE
    WHEN p.rows > 1.2 * avg(nullif(p.rows, 0)) OVER () THEN 'HOT'
    WHEN p.rows < 0.8 * avg(nullif(p.rows, 0)) OVER () THEN 'COLD'
    ELSE 'NORMAL'
  END AS partition_status,
  p.dead_rows > greatest(p.rows * 0.1, 1000) AS needs_vacuum,
  p.last_vacuum,
  p.last_autovacuum,
  p.last_analyze,
  p.last_autoanalyze
FROM (
SELECT
  c.oid, substring(c.relname FROM '_part_([0-9]{1,9})$')::integer AS partition_num, c.relname AS partition_name,
  n.nspname AS schema_name, coalesce(pg_total_relation_size(c.oid), 0) AS size_bytes,
CASE
    WHEN num_nonnulls(pg_stat_get_last_vacuum_time(c.oid), pg_stat_get_last_autovacuum_time(c.oid),
      pg_stat_get_last_analyze_time(c.oid), pg_stat_get_last_autoanalyze_time(c.oid)) > 0
    THEN pg_stat_get_live_tuples(c.oid)
    ELSE greatest(pg_stat_get_live_tuples(c.oid), c.reltuples::bigint)
  END AS rows,
  pg_stat_get_dead_tuples(c.oid) AS dead_rows, pg_stat_get_tuples_inserted(c.oid) AS inserted,
  pg_stat_get_tuples_updated(c.oid) AS updated, pg_stat_get_tuples_deleted(c.oid) AS deleted,
  pg_stat_get_last_vacuum_time(c.oid) AS last_vacuum, pg_stat_get_last_autovacuum_time(c.oid) AS last_autovacuum,
  pg_stat_get_last_analyze_time(c.oid) AS last_analyze, pg_stat_get_last_autoanalyze_time(c.oid) AS last_autoanalyze
FROM pg_partition_tree(to_regclass('"public"."chunks"')) AS t
JOIN pg_class AS c ON c.oid = t.relid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE t.isleaf
) AS p
ORDER BY p.partition_num
    ) AS health WHERE partition_status = 'HOT'
$executor$;
COMMENT ON FUNCTION "public"."analyze_partition_skew"() IS 'Made by executor for public.chunks: how evenly the partitions are filled.';

CREATE OR REPLACE FUNCTION "public"."get_partition_key"(collection_id text)
RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN abs(hashtext(collection_id) % 3);
COMMENT ON FUNCTION "public"."get_partition_key"(text) IS 'Made by executor for public.chunks: the number of the partition that holds a collection.';

CREATE OR REPLACE FUNCTION "public"."get_partition_for_collection"(collection_id text)
RETURNS text LANGUAGE sql STABLE
RETURN 'chunks_part_' || lpad("public"."get_partition_key"(collection_id)::text, 2, '0');
COMMENT ON FUNCTION "public"."get_partition_for_collection"(text) IS 'Made by executor for public.chunks: the name of the partition that holds a collection.';

CALL pg_temp.executor_end_watching();
COMMIT;
\if :executor_finished
\else

-- Step 38 of 38: retain
-- Register the old table with its retention (without a copy it is the backup), and rename its constraints.
BEGIN ISOLATION LEVEL READ COMMITTED;
-- Enters the old table into the registry of backups, with the same retention. It is the way back, and
-- no backup: the verified copy is that.
-- What else is kept for the way back is noted, to go with it: by name. An oid is another one after pg_upgrade or a restore.
CALL pg_temp.executor_refuse_foreign_code(reads => ARRAY['"public"."chunks_old_20250811_120000"']);

CALL pg_temp.executor_refuse_renamed();

CALL pg_temp.executor_open_registry();
DO $executor$
BEGIN
  IF to_regclass('"public"."chunks_old_20250811_120000"') IS NULL THEN
    RAISE WARNING USING MESSAGE = 'public.chunks_old_20250811_120000 is gone: somebody has dropped it, so there is no way back, and what is written is logged for nothing';
    RETURN;
  END IF;
  CALL pg_temp.executor_register('"public"."chunks_old_20250811_120000"', 'old_table', '"public"."chunks_old_20250811_120000"');

  UPDATE "public".migration_backups
  SET way_back = jsonb_build_object(
    'log', to_regclass('"public"."chunks_back_20250811_120000"')::text,
    'capture', to_regprocedure('"public"."chunks_back_20250811_120000"' || '()')::text,
    'functions', (
      SELECT jsonb_agg(p.oid::regprocedure::text ORDER BY p.oid) FROM pg_proc AS p
      WHERE p.oid IN (
        to_regprocedure('"public"."chunks_back_20250811_120000"' || '()'), to_regprocedure('"public"."chunks_old_20250811_120000"' || '()'),
        to_regprocedure('"public"."chunks_sync_20250811_120000"' || '(boolean, integer, integer)'))),
    'views', '[]'::jsonb)
  WHERE kind = 'old_table' AND table_oid = '"public"."chunks_old_20250811_120000"'::regclass;
END
$executor$;

-- From here on the names of its constraints are those of the new table's alone.
DO $executor$
BEGIN
  SET LOCAL lock_timeout = '10s';
  IF EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('"public"."chunks_old_20250811_120000"') AND conname = 'chunks_chunk_index_not_null')
    AND NOT EXISTS (
      SELECT FROM pg_partition_tree(to_regclass('"public"."chunks_old_20250811_120000"')) AS part
      WHERE part.level > 0 AND NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = part.relid AND conname = 'chunks_chunk_index_not_null'))
  THEN
    ALTER TABLE "public"."chunks_old_20250811_120000" RENAME CONSTRAINT "chunks_chunk_index_not_null" TO "chunks_chunk_index_not_null_old_20250811_120000";
  END IF;
  IF EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('"public"."chunks_old_20250811_120000"') AND conname = 'chunks_chunking_config_id_not_null')
    AND NOT EXISTS (
      SELECT FROM pg_partition_tree(to_regclass('"public"."chunks_old_20250811_120000"')) AS part
      WHERE part.level > 0 AND NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = part.relid AND conname = 'chunks_chunking_config_id_not_null'))
  THEN
    ALTER TABLE "public"."chunks_old_20250811_120000" RENAME CONSTRAINT "chunks_chunking_config_id_not_null" TO "chunks_chunking_config_id_not_null_old_20250811_120000";
  END IF;
  IF EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('"public"."chunks_old_20250811_120000"') AND conname = 'chunks_collection_id_not_null')
    AND NOT EXISTS (
      SELECT FROM pg_partition_tree(to_regclass('"public"."chunks_old_20250811_120000"')) AS part
      WHERE part.level > 0 AND NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = part.relid AND conname = 'chunks_collection_id_not_null'))
  THEN
    ALTER TABLE "public"."chunks_old_20250811_120000" RENAME CONSTRAINT "chunks_collection_id_not_null" TO "chunks_collection_id_not_null_old_20250811_120000";
  END IF;
  IF EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('"public"."chunks_old_20250811_120000"') AND conname = 'chunks_content_not_null')
    AND NOT EXISTS (
      SELECT FROM pg_partition_tree(to_regclass('"public"."chunks_old_20250811_120000"')) AS part
      WHERE part.level > 0 AND NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = part.relid AND conname = 'chunks_content_not_null'))
  THEN
    ALTER TABLE "public"."chunks_old_20250811_120000" RENAME CONSTRAINT "chunks_content_not_null" TO "chunks_content_not_null_old_20250811_120000";
  END IF;
  IF EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('"public"."chunks_old_20250811_120000"') AND conname = 'chunks_created_at_not_null')
    AND NOT EXISTS (
      SELECT FROM pg_partition_tree(to_regclass('"public"."chunks_old_20250811_120000"')) AS part
      WHERE part.level > 0 AND NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = part.relid AND conname = 'chunks_created_at_not_null'))
  THEN
    ALTER TABLE "public"."chunks_old_20250811_120000" RENAME CONSTRAINT "chunks_created_at_not_null" TO "chunks_created_at_not_null_old_20250811_120000";
  END IF;
  IF EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('"public"."chunks_old_20250811_120000"') AND conname = 'chunks_document_id_not_null')
    AND NOT EXISTS (
      SELECT FROM pg_partition_tree(to_regclass('"public"."chunks_old_20250811_120000"')) AS part
      WHERE part.level > 0 AND NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = part.relid AND conname = 'chunks_document_id_not_null'))
  THEN
    ALTER TABLE "public"."chunks_old_20250811_120000" RENAME CONSTRAINT "chunks_document_id_not_null" TO "chunks_document_id_not_null_old_20250811_120000";
  END IF;
  IF EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('"public"."chunks_old_20250811_120000"') AND conname = 'chunks_id_not_null')
    AND NOT EXISTS (
      SELECT FROM pg_partition_tree(to_regclass('"public"."chunks_old_20250811_120000"')) AS part
      WHERE part.level > 0 AND NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = part.relid AND conname = 'chunks_id_not_null'))
  THEN
    ALTER TABLE "public"."chunks_old_20250811_120000" RENAME CONSTRAINT "chunks_id_not_null" TO "chunks_id_not_null_old_20250811_120000";
  END IF;
  IF EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('"public"."chunks_old_20250811_120000"') AND conname = 'chunks_token_count_check')
    AND NOT EXISTS (
      SELECT FROM pg_partition_tree(to_regclass('"public"."chunks_old_20250811_120000"')) AS part
      WHERE part.level > 0 AND NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = part.relid AND conname = 'chunks_token_count_check'))
  THEN
    ALTER TABLE "public"."chunks_old_20250811_120000" RENAME CONSTRAINT "chunks_token_count_check" TO "chunks_token_count_check_old_20250811_120000";
  END IF;
  IF EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('"public"."chunks_old_20250811_120000"') AND conname = 'chunks_updated_at_not_null')
    AND NOT EXISTS (
      SELECT FROM pg_partition_tree(to_regclass('"public"."chunks_old_20250811_120000"')) AS part
      WHERE part.level > 0 AND NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = part.relid AND conname = 'chunks_updated_at_not_null'))
  THEN
    ALTER TABLE "public"."chunks_old_20250811_120000" RENAME CONSTRAINT "chunks_updated_at_not_null" TO "chunks_updated_at_not_null_old_20250811_120000";
  END IF;
EXCEPTION WHEN lock_not_available THEN
  RAISE WARNING USING MESSAGE = 'the constraints of public.chunks_old_20250811_120000 keep their names, which those of public.chunks have, too: somebody reads it';
END
$executor$;
SET LOCAL lock_timeout = '200ms';
COMMIT;
\endif
