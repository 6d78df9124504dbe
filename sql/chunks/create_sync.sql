{## Creates the function that brings the table `there` in step with the table `here` by the keys in the
    log `keys`, and returns how many there were. In this order: take the entries that can be seen, delete
    those rows there, insert them as they are here, compare them. What is written meanwhile has an entry
    that can't be seen yet. So all of that needs one snapshot, REPEATABLE READ, or a lock that keeps
    writers out. `back` says that `here` is the partitioned one;
    `plain` is the table of the application as it was, by the name that it has now.

    What it is called for: `pass` is as above. `plan` does nothing but plan the statements. `ahead` needs
    neither snapshot nor lock, since it leaves the entries in the log and proves nothing; `last`, under the
    lock, then finds most rows in step and has little to do. Called with a number, it takes the entries of
    that partition alone, and is done sooner. No unique index reaches beyond a partition, so rows that
    exchange values are still taken together. On the way back it takes them all.
    It joins by the indexes, planned once a session and the same for one key as for a million. -##}
DO $executor$
DECLARE
  hash text := {% include 'chunks/swap_hash.sql' %};
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
    format(' AND (executor_part IS NULL OR satisfies_hash_partition(%L::regclass, {{ partition_count }}, executor_part, %I))',
           {{ there | literal }}, {{ key_column | literal }});
  {%- else -%}
    format(' AND (executor_part IS NULL OR abs(hashtext(%I::text) %% {{ partition_count }}) = executor_part)', {{ key_column | literal }});
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
{% include 'chunks/key_columns.sql' %}
{% endwith %}
  ) AS key;
  EXECUTE format($function$
CREATE FUNCTION %1$s(executor_mode text DEFAULT 'pass', executor_part integer DEFAULT NULL) RETURNS bigint LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET jit = off AS $body$
#variable_conflict use_column
DECLARE
  taken bigint;
  expected record;
  actual record;
BEGIN
  IF to_regclass(%15$L) IS NULL THEN
    CREATE TEMPORARY TABLE %3$I ON COMMIT DELETE ROWS AS TABLE %2$s WITH NO DATA;
  END IF;
  IF executor_mode = 'ahead' THEN
    INSERT INTO pg_temp.%3$I SELECT DISTINCT * FROM %2$s;
  ELSE
    WITH entry AS (DELETE FROM %2$s WHERE executor_mode <> 'plan'%14$s RETURNING *)
    INSERT INTO pg_temp.%3$I SELECT DISTINCT * FROM entry;
  END IF;
  GET DIAGNOSTICS taken = ROW_COUNT;
  IF taken = 0 AND executor_mode <> 'plan' THEN
    RETURN 0;
  END IF;
  IF EXISTS (SELECT FROM pg_temp.%3$I AS k WHERE %4$s) THEN
    RAISE EXCEPTION USING
      MESSAGE = {{ ('a row was written without ' ~ key_column ~ ', which has no partition') | replace('%', '%%') | literal }},
      HINT = 'Give it one or delete it, make the column NOT NULL, roll back and run again.';
  END IF;
  IF executor_mode <> 'pass' THEN
    DELETE FROM pg_temp.%3$I AS k
    WHERE (SELECT sum(%13$s) FROM %8$s AS r WHERE %6$s%12$s)
      IS NOT DISTINCT FROM (SELECT sum(%13$s) FROM %5$s AS r WHERE %6$s%7$s);
  END IF;
  DELETE FROM %5$s AS r USING pg_temp.%3$I AS k WHERE %6$s%7$s;
  INSERT INTO %5$s (%9$s%10$s) OVERRIDING SYSTEM VALUE
  SELECT %9$s%11$s FROM (SELECT r.* FROM %8$s AS r JOIN pg_temp.%3$I AS k ON %6$s%12$s) AS r;
  IF executor_mode = 'ahead' THEN
    DELETE FROM pg_temp.%3$I;
    RETURN taken;
  END IF;
  SELECT count(*), sum(%13$s) INTO expected FROM %8$s AS r JOIN pg_temp.%3$I AS k ON %6$s%12$s;
  SELECT count(*), sum(%13$s) INTO actual FROM %5$s AS r JOIN pg_temp.%3$I AS k ON %6$s%7$s;
  IF expected IS DISTINCT FROM actual THEN
    RAISE EXCEPTION USING
      MESSAGE = format('%%s rows were written to %%s, and %%s does not hold them as they are', expected.count, %8$L, %5$L),
      HINT = 'Does something else write to it? Nothing was changed.';
  END IF;
  DELETE FROM pg_temp.%3$I;
  RETURN taken;
END
$body$
$function$,
    {{ sync | literal }}, {{ keys | literal }}, {{ keys.name | literal }}, lacks,
    {{ there | literal }}, same, {% if back %}''{% else %}pruned{% endif %}, {{ here | literal }}, columns,
    CASE WHEN partition_key IS NOT NULL THEN ', partition_key' END, ', ' || partition_key,
    {% if back %}pruned{% else %}''{% endif %}, hash, part, format('pg_temp.%I', {{ keys.name | literal }}));
END
$executor$;
