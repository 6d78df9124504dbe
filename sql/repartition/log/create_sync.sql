{## Creates the function that brings the table `there` in step with the table `here` by the keys in the
    log `keys`, and returns how many there were. In this order: take the entries that can be seen, delete
    those rows there, insert them as they are here, compare them. It needs neither one snapshot nor a lock:
    what is written meanwhile has an entry that was not taken, so it is applied once more later, and left
    out of the comparison, which sees both tables and the log at one moment. Half of a change that came
    meanwhile, such as a value that another row has still, can be in the way; then it is not the time yet
    (EX002), and nothing was done. In one snapshot a reference to a row that was updated since would fail.
    `back` says that `here` is the partitioned one;
    `plain` is the table of the application as it was, by the name that it has now.

    Called with false it does nothing but plan its statements. Of the partitions it takes every `of`th, from
    number `part` on, and is done the sooner. No unique index reaches beyond a partition, so rows that
    exchange values are still taken together. On the way back it takes them all.
    It joins by the indexes, planned once a session and the same for one key as for a million; the log has none, so
    it is hashed. OFFSET 0 keeps a key from being looked for by a scan of the whole table then. -##}
DO $executor$
DECLARE
  hash text := {% include 'tables/row_hash.sql' %};
  columns text;
  same text;
  lacks text;
  pruned text := {% if routing == 'expression' -%}
    format(' AND abs(hashtext(r.%1$I::text) %% {{ partition_count }}) = abs(hashtext(k.%1$I::text) %% {{ partition_count }})', {{ key_column | literal }});
  {%- elif routing == 'column' -%}
    format(' AND r.partition_key = abs(hashtext(k.%1$I::text) %% {{ partition_count }})', {{ key_column | literal }});
  {%- else -%}
    '';
  {%- endif %}

  part text := {% if back -%}
    '';
  {%- elif routing == 'hash' -%}
    format(' AND (executor_of = 1 OR EXISTS (SELECT FROM generate_series(executor_part, {{ partition_count - 1 }}, executor_of) AS executor_n '
           'WHERE satisfies_hash_partition(%L::regclass, {{ partition_count }}, executor_n, %I)))', {{ there | literal }}, {{ key_column | literal }});
  {%- else -%}
    format(' AND coalesce(abs(hashtext(%I::text) %% {{ partition_count }}) %% executor_of, 0) = executor_part', {{ key_column | literal }});
  {%- endif %}

  partition_key text := {% if back or routing == 'hash' %}NULL{% else -%}
    format('abs(hashtext(r.%1$I::text) %% {{ partition_count }})', {{ key_column | literal }}){% endif %};
BEGIN
  SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO columns
  FROM pg_attribute
  WHERE attrelid = {{ plain | literal }}::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '';
  SELECT
    string_agg(format('r.%1$I %2$s k.%1$I', name, equals), ' AND ' ORDER BY place, name),
    string_agg(format('k.%I IS NULL', name), ' OR ')
  INTO same, lacks
  FROM (
{% with relation = plain %}
{% include 'repartition/log/logged_columns.sql' %}
{% endwith %}
  ) AS key;
  EXECUTE format(
    'CREATE OR REPLACE FUNCTION %s(executor_work boolean DEFAULT true, executor_part integer DEFAULT 0, executor_of integer DEFAULT 1) '
    'RETURNS bigint LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp '
    'SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET jit = off AS %L',
    {{ sync | literal }}, format($body$
#variable_conflict use_column
DECLARE
  taken bigint;
  compared record;
  acting text;
{%- if back %}

  cascading text;
{%- endif %}

BEGIN
  IF to_regclass(%15$L) IS NULL THEN
    CREATE TEMPORARY TABLE %3$I ON COMMIT DELETE ROWS AS TABLE %2$s WITH NO DATA;
  END IF;
{%- if back %}

  -- a row that is deleted and inserted again must take no row of another table with it
  SELECT string_agg(format('%%I on %%s', conname, conrelid::regclass), ', ') INTO cascading
  FROM pg_constraint
  WHERE contype = 'f' AND confdeltype IN ('c', 'n', 'd') AND (
    confrelid = %5$L::regclass OR confrelid IN (SELECT relid FROM pg_partition_tree(%5$L::regclass)));
  IF cascading IS NOT NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('bringing %%s in step would delete or change rows that refer to it: %%s', %5$L, cascading),
      HINT = 'Nothing was changed. Drop this foreign key, then try again.';
  END IF;
{%- endif %}

  IF EXISTS (
    SELECT FROM pg_subscription_rel
    WHERE srrelid IN (%5$L::regclass, %8$L::regclass) OR srrelid IN (SELECT relid FROM pg_partition_tree(%5$L::regclass))
      OR srrelid IN (SELECT relid FROM pg_partition_tree(%8$L::regclass)))
  THEN
    RAISE EXCEPTION USING
      MESSAGE = format('a subscription writes to %%s or %%s, and its workers fire no trigger that would log it', %8$L::regclass, %5$L::regclass),
      HINT = 'Nothing was changed. Take the table out of the subscription, then roll back and begin again: what it has written is in no log.';
  END IF;
  -- nor may anything act on rows that the application has written once already, or on others besides; what is there
  -- at all is asked first, since a table has many partitions, and most have nothing that is not ours
  SELECT string_agg(what, ', ' ORDER BY what) INTO acting
  FROM (
    SELECT t.tgrelid AS relid, format('trigger %%I on %%s', t.tgname, t.tgrelid::regclass) AS what
    FROM pg_trigger AS t
    WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND t.tgparentid = 0 AND t.tgfoid <> ALL (ARRAY(
      SELECT own::oid FROM unnest(ARRAY[to_regproc(%16$L), to_regproc(%17$L), to_regproc(%18$L), to_regproc(%19$L)]) AS own WHERE own IS NOT NULL))
    UNION ALL
    SELECT r.ev_class, format('rule %%I on %%s', r.rulename, r.ev_class::regclass) FROM pg_rewrite AS r WHERE r.ev_enabled <> 'D'
  ) AS found
  WHERE relid = %5$L::regclass OR EXISTS (SELECT FROM pg_partition_ancestors(relid) AS whole WHERE whole = %5$L::regclass);
  IF acting IS NOT NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('%%s has what would act on rows that are brought in step: %%s', %5$L::regclass, acting),
      HINT = 'It was created by that name. Nothing was changed; drop it, and try again. What the table in use has comes along with the swap.';
  END IF;
  WITH entry AS (DELETE FROM %2$s WHERE executor_work%14$s RETURNING *)
  INSERT INTO pg_temp.%3$I SELECT DISTINCT * FROM entry;
  GET DIAGNOSTICS taken = ROW_COUNT;
  IF taken = 0 AND executor_work THEN
    RETURN 0;
  END IF;
  IF EXISTS (SELECT FROM pg_temp.%3$I AS k WHERE %4$s) THEN
    RAISE EXCEPTION USING
      MESSAGE = {{ ('a row was written without ' ~ key_column ~ ', which has no partition') | replace('%', '%%') | literal }},
      HINT = 'Give it one or delete it, make the column NOT NULL, roll back and run again.';
  END IF;
  BEGIN
    DELETE FROM %5$s AS r USING pg_temp.%3$I AS k WHERE %6$s%7$s;
    INSERT INTO %5$s (%9$s%10$s) OVERRIDING SYSTEM VALUE
    SELECT %9$s%11$s FROM (SELECT r.* FROM %8$s AS r JOIN pg_temp.%3$I AS k ON %6$s%12$s) AS r;
    SET CONSTRAINTS ALL IMMEDIATE;
  EXCEPTION WHEN integrity_constraint_violation THEN
    IF NOT EXISTS (SELECT FROM %2$s WHERE true%14$s) THEN
      IF SQLSTATE = '23503' THEN
        RAISE EXCEPTION USING
          ERRCODE = '23503', MESSAGE = SQLERRM,
          HINT = format('Nothing was changed. A row of %%s refers to one that is not there: perhaps a trigger has kept it from following a delete. Delete it, or bring back what it refers to.', %8$L::regclass);
      END IF;
      RAISE;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'EX002', MESSAGE = 'what was written meanwhile is in the way: ' || SQLERRM;
  END;
  PERFORM set_config('enable_hashjoin', 'on', true);
  WITH settled AS MATERIALIZED (
    SELECT k.* FROM pg_temp.%3$I AS k WHERE NOT EXISTS (SELECT FROM %2$s AS r WHERE %6$s)
  )
  SELECT here.rows, here IS NOT DISTINCT FROM there AS equal INTO compared
  FROM (SELECT count(*) AS rows, sum(%13$s) FROM settled AS k CROSS JOIN LATERAL (SELECT r.* FROM %8$s AS r WHERE %6$s%12$s OFFSET 0) AS r) AS here
  CROSS JOIN (SELECT count(*), sum(%13$s) FROM settled AS k CROSS JOIN LATERAL (SELECT r.* FROM %5$s AS r WHERE %6$s%7$s OFFSET 0) AS r) AS there;
  IF NOT compared.equal THEN
    RAISE EXCEPTION USING
      MESSAGE = format('%%s rows were written to %%s, and %%s does not hold them as they are', compared.rows, %8$L, %5$L),
      HINT = 'Does something else write to it? Nothing was changed.';
  END IF;
  DELETE FROM pg_temp.%3$I;
  RETURN taken;
END
$body$, {{ sync | literal }}, {{ keys | literal }}, {{ keys.name | literal }}, lacks,
    {{ there | literal }}, same, {% if back %}''{% else %}pruned{% endif %}, {{ here | literal }}, columns,
    CASE WHEN partition_key IS NOT NULL THEN ', partition_key' END, ', ' || partition_key,
    {% if back %}pruned{% else %}''{% endif %}, hash, part, format('pg_temp.%I', {{ keys.name | literal }}),
    {{ log | literal }}, {{ back_log | literal }}, {{ old | literal }}, {{ source | suffix('_partition_key') | literal }}));
END
$executor$;

{% with function = sync %}
{% include 'security/own_function.sql' %}
{% endwith %}
