{## Makes the function that brings the table `there` in step with the table `here` by the keys in the
    log `keys`, and returns how many there were. In this order: take the entries that can be seen, delete
    those rows there, insert them as they are here, compare them. It needs neither one snapshot nor a lock:
    what is written meanwhile has an entry that was not taken, so it is applied once more later, and left
    out of the comparison, which sees both tables and the log at one moment. Half of a change that came
    meanwhile, such as a value that another row has still, can be in the way; then it is not the time yet
    (EX002), and nothing was done. In one snapshot a reference to a row that was updated since would fail.
    `back` says that `here` is the partitioned one; `columns` are those that both have; `replaces` that the function may be there.

    Called with false it does nothing but plan its statements. Who calls it gives all three arguments: a function of
    somebody else's that has its name and fewer ones would be taken first. Of the partitions it takes every `of`th, from
    number `part` on, and is done the sooner. No unique index reaches beyond a partition, so rows that
    exchange values are still taken together. On the way back it takes them all.
    It joins by the indexes, planned once a session and the same for one key as for a million; the log has none, so
    it is hashed. OFFSET 0 keeps a key from being looked for by a scan of the whole table then. -##}
{% from 'layout/' ~ layout ~ '/shape.sql' import key_columns with context %}
{% from 'repartition/earlier.sql' import earlier, ending with context %}
{% set mend = 'Nothing was changed. Change the value or delete the row, and roll back again; or executor run goes forward again, and the new type stays.' if back
  else 'Nothing was changed. Change the value or delete the row, and run again.' %}
{% set body %}

#variable_conflict use_column
DECLARE
  taken bigint;
  compared record;
  acting text;
  of_key text;
  of_constraint text;
{% set changed = columns | selectattr('new_type_sql') | list %}
{% if changed %}
  written record;
{% for column in changed %}
  as_{{ loop.index }} {% if back %}{{ (facts.columns | selectattr('name', 'equalto', column.name) | first).type_sql }}{% else %}{{ column.new_type_sql }}{% endif %};
{% endfor %}
{% endif %}
{% if back %}
  cascading text;
{% endif %}
{% set added = facts.new_columns | selectattr('is_added') | list if not back else [] %}
{% set dropped = facts.new_columns | selectattr('is_dropped') | list if back else [] %}
{% set kept = (keys.name ~ '_kept') | short_name %}
BEGIN
  -- the keys in hand
  IF to_regclass(format('pg_temp.%I', {{ keys.name | literal }})) IS NULL THEN
    CREATE TEMPORARY TABLE {{ keys.name | ident }} ON COMMIT DELETE ROWS AS TABLE {{ keys | ident }} WITH NO DATA;
  END IF;
{% if dropped %}
  -- what the new table has not is kept of the rows that are there
  IF to_regclass(format('pg_temp.%I', {{ kept | literal }})) IS NULL THEN
    CREATE TEMPORARY TABLE {{ kept | ident }} ON COMMIT DELETE ROWS
    AS SELECT k.*{% for column in dropped %}, r.{{ column.name | ident }}{% endfor %} FROM {{ keys | ident }} AS k, {{ there | ident }} AS r WITH NO DATA;
  END IF;
{% endif %}
{% if back %}

  -- a row that is deleted and inserted again must take no row of another table with it
  SELECT string_agg(format('%I on %s', conname, conrelid::regclass), ', ') INTO cascading
  FROM pg_constraint
  WHERE contype = 'f' AND confdeltype IN ('c', 'n', 'd') AND (
    confrelid = {{ there | literal }}::regclass OR confrelid IN (SELECT relid FROM pg_partition_tree({{ there | literal }}::regclass)));
  IF cascading IS NOT NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('bringing %s in step would delete or change rows that refer to it: %s', {{ there | literal }}::regclass, cascading),
      HINT = 'Nothing was changed. Drop this foreign key, then try again.';
  END IF;
{% endif %}

  IF EXISTS (
    SELECT FROM pg_subscription_rel
    WHERE srrelid IN ({{ there | literal }}::regclass, {{ here | literal }}::regclass)
      OR srrelid IN (SELECT relid FROM pg_partition_tree({{ there | literal }}::regclass))
      OR srrelid IN (SELECT relid FROM pg_partition_tree({{ here | literal }}::regclass)))
  THEN
    RAISE EXCEPTION USING
      MESSAGE = format('a subscription writes to %s or %s, and its workers fire no trigger that would log it', {{ here | literal }}::regclass, {{ there | literal }}::regclass),
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
        to_regprocedure({{ (log ~ '()') | literal }}), to_regprocedure({{ (back_log ~ '()') | literal }}), to_regprocedure({{ (old ~ '()') | literal }}),
        to_regprocedure({{ (source | suffix(ending) ~ '()') | literal }}){% if earlier.filler %}, to_regprocedure({{ earlier.filler | literal }}){% endif %}]) AS own
      WHERE own IS NOT NULL))
      -- what logs for the way back of an earlier run is to log this, too
      AND NOT EXISTS (SELECT FROM pg_proc AS f WHERE f.oid = t.tgfoid AND {% include 'repartition/log/is_way_back.sql' %})
    UNION ALL
    SELECT r.ev_class, format('rule %I on %s', r.rulename, r.ev_class::regclass) FROM pg_rewrite AS r WHERE r.ev_enabled <> 'D'
  ) AS found
  WHERE relid = {{ there | literal }}::regclass OR EXISTS (SELECT FROM pg_partition_ancestors(relid) AS whole WHERE whole = {{ there | literal }}::regclass);
  IF acting IS NOT NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('%s has what would act on rows that are brought in step: %s', {{ there | literal }}::regclass, acting),
      HINT = 'It was created by that name. Nothing was changed; drop it, and try again. What the table in use has comes along with the swap.';
  END IF;

  -- take the entries that can be seen
  WITH entry AS (DELETE FROM {{ keys | ident }} WHERE executor_work{% if not back %}{% include 'repartition/log/in_part_of_pass.sql' %}{% endif %} RETURNING *)
  INSERT INTO pg_temp.{{ keys.name | ident }} SELECT DISTINCT * FROM entry;
  GET DIAGNOSTICS taken = ROW_COUNT;
  IF taken = 0 AND executor_work THEN
    RETURN 0;
  END IF;
  IF EXISTS (SELECT FROM pg_temp.{{ keys.name | ident }} AS k WHERE {% for column in facts.key %}k.{{ column.name | ident }} IS NULL{% if not loop.last %} OR {% endif %}{% endfor %}) THEN
    RAISE EXCEPTION USING
      MESSAGE = {{ ('a row was written without ' ~ key_columns | join(' or ') ~ ', which has no partition') | literal }},
      HINT = 'Give it one or delete it, make the column NOT NULL, roll back and run again.';
  END IF;

  -- delete the rows there, and insert them as they are here
  BEGIN
{% if dropped %}
    INSERT INTO pg_temp.{{ kept | ident }}
    SELECT k.*{% for column in dropped %}, r.{{ column.name | ident }}{% endfor %} FROM {{ there | ident }} AS r JOIN pg_temp.{{ keys.name | ident }} AS k
    ON {% include 'repartition/log/same_key.sql' %};
{% endif %}
    DELETE FROM {{ there | ident }} AS r USING pg_temp.{{ keys.name | ident }} AS k
    WHERE {% include 'repartition/log/same_key.sql' %}{% if not back %}{% include 'layout/' ~ layout ~ '/same_partition.sql' %}{% endif %};
    INSERT INTO {{ there | ident }} ({% with prefix = false %}{% include 'repartition/target/column_names.sql' %}{% endwith %}{% if not back %}{% for name in added_columns %}, {{ name | ident }}{% endfor %}{% elif earlier.value_sql %}, {{ earlier.own_columns[0] | ident }}{% endif %}{% for column in dropped %}, {{ column.name | ident }}{% endfor %}) OVERRIDING SYSTEM VALUE
    SELECT {% with to_old = back %}{% include 'repartition/target/column_values.sql' %}{% endwith %}{% if not back %}{% with prefix = true %}{% include 'repartition/target/added_values.sql' %}{% endwith %}{% elif earlier.value_sql %}, (SELECT {{ earlier.value_sql }} FROM (SELECT r.*) AS own){% endif %}
{%- for column in dropped %}, CASE WHEN kept IS NULL THEN {{ column.value_sql }} ELSE kept.{{ column.name | ident }} END{% endfor %}


    FROM {{ here | ident }} AS r JOIN pg_temp.{{ keys.name | ident }} AS k
    ON {% include 'repartition/log/same_key.sql' %}{% if back %}{% include 'layout/' ~ layout ~ '/same_partition.sql' %}{% endif %}
{%- if dropped %}

    LEFT JOIN pg_temp.{{ kept | ident }} AS kept ON {% for column in facts.key if column.identifying %}kept.{{ column.name | ident }} {{ column.equals_sql }} k.{{ column.name | ident }}{% if not loop.last %} AND {% endif %}{% endfor %}
{%- endif %};
    SET CONSTRAINTS ALL IMMEDIATE;
  EXCEPTION WHEN integrity_constraint_violation THEN
    GET STACKED DIAGNOSTICS of_constraint = CONSTRAINT_NAME, of_key = PG_EXCEPTION_DETAIL;
    IF SQLSTATE = '23514' AND of_constraint = '' THEN
      RAISE EXCEPTION USING
        MESSAGE = format('a row was written to %s for which %s has no partition', {{ here | literal }}::regclass, {{ there | literal }}::regclass),
        DETAIL = of_key,
        HINT = 'Nothing was changed. Delete or change the row and run again; or roll back, and run with partitions that hold it, such as a default one.';
    END IF;
    IF NOT EXISTS (SELECT FROM {{ keys | ident }} WHERE true{% if not back %}{% include 'repartition/log/in_part_of_pass.sql' %}{% endif %}) THEN
      IF SQLSTATE IN ('23503', '23505') THEN
        RAISE EXCEPTION USING
          ERRCODE = SQLSTATE, MESSAGE = SQLERRM, DETAIL = of_key,
          HINT = format(CASE SQLSTATE
            WHEN '23503' THEN 'Nothing was changed. A row of %s refers to one that is not there: perhaps a trigger has kept it from following a delete. Delete it, or bring back what it refers to.'
            ELSE 'Nothing was changed. Two rows of %s have the key that %s can hold only once; change or delete one of them.' END,
            {{ here | literal }}::regclass, {{ there | literal }}::regclass);
      END IF;
      RAISE;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'EX002', MESSAGE = 'what was written meanwhile is in the way: ' || SQLERRM;
{% if changed or added %}
  WHEN data_exception THEN
    of_key := SQLERRM;
{% if changed %}
    FOR written IN
      -- under names that PL/pgSQL knows, however a column is called
      SELECT {% with alias = 'r' %}{% include 'repartition/log/key_shown.sql' %}{% endwith %} AS of_row
        {%- for column in changed %}, r.{{ column.name | ident }} AS value_{{ loop.index }}{% endfor %}

      FROM {{ here | ident }} AS r JOIN pg_temp.{{ keys.name | ident }} AS k ON {% include 'repartition/log/same_key.sql' %}

    LOOP
{% for column in changed %}
      BEGIN
        as_{{ loop.index }} := written.value_{{ loop.index }};
      EXCEPTION WHEN data_exception THEN
        RAISE EXCEPTION USING
          ERRCODE = SQLSTATE,
          MESSAGE = format('the row %s of %s has a value of %I that %s can''t hold, whose column has another type: %s',
            written.of_row, {{ here | literal }}::regclass, {{ column.name | literal }}, {{ there | literal }}::regclass, SQLERRM),
          HINT = {{ mend | literal }};
      END;
{% endfor %}
    END LOOP;
{% endif %}
    IF NOT EXISTS (SELECT FROM {{ keys | ident }}) THEN
      RAISE EXCEPTION USING
        ERRCODE = SQLSTATE, MESSAGE = {% if added %}{{ ('the expression of ' ~ added | map(attribute='name') | join(' or ') ~ ' fails on a row that was written meanwhile: ') | literal }} || {% endif %}of_key,
        HINT = 'Nothing was changed. Change the row or delete it, and try again.';
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'EX002', MESSAGE = 'what was written meanwhile is in the way: ' || of_key;
{% endif %}
  END;

  -- compare the rows whose keys have not come into the log again
  PERFORM set_config('enable_hashjoin', 'on', true);
  WITH settled AS MATERIALIZED (
    SELECT k.* FROM pg_temp.{{ keys.name | ident }} AS k
    WHERE NOT EXISTS (SELECT FROM {{ keys | ident }} AS r WHERE {% include 'repartition/log/same_key.sql' %})
  )
  SELECT here.rows, here IS NOT DISTINCT FROM there AS equal INTO compared
  FROM (
    SELECT count(*) AS rows, sum({% with columns = columns + added, of_source = not back %}{% include 'tables/row_hash.sql' %}{% endwith %})
    FROM settled AS k CROSS JOIN LATERAL (
      SELECT r.* FROM {{ here | ident }} AS r
      WHERE {% include 'repartition/log/same_key.sql' %}{% if back %}{% include 'layout/' ~ layout ~ '/same_partition.sql' %}{% endif %} OFFSET 0) AS r
  ) AS here
  CROSS JOIN (
    SELECT count(*), sum({% with columns = columns + added, of_source = back %}{% include 'tables/row_hash.sql' %}{% endwith %})
    FROM settled AS k CROSS JOIN LATERAL (
      SELECT r.* FROM {{ there | ident }} AS r
      WHERE {% include 'repartition/log/same_key.sql' %}{% if not back %}{% include 'layout/' ~ layout ~ '/same_partition.sql' %}{% endif %} OFFSET 0) AS r
  ) AS there;
{% for column in facts.columns | selectattr('source_hash_sql') if column.name in columns | map(attribute='name') %}
  IF NOT compared.equal THEN
    SELECT {% with alias = 'k' %}{% include 'repartition/log/key_shown.sql' %}{% endwith %} INTO of_key
    FROM pg_temp.{{ keys.name | ident }} AS k
    WHERE NOT EXISTS (SELECT FROM {{ keys | ident }} AS r WHERE {% include 'repartition/log/same_key.sql' %})
      AND (SELECT {{ column.hash_sql if back else column.source_hash_sql }} FROM {{ here | ident }} AS r WHERE {% include 'repartition/log/same_key.sql' %})
        IS DISTINCT FROM (SELECT {{ column.source_hash_sql if back else column.hash_sql }} FROM {{ there | ident }} AS r WHERE {% include 'repartition/log/same_key.sql' %})
    LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION USING
        MESSAGE = format('the row %s of %s has a value of %I that %s can''t hold, whose column has another type: there and back it would be another one',
          of_key, {{ here | literal }}::regclass, {{ column.name | literal }}, {{ there | literal }}::regclass),
        HINT = {{ mend | literal }};
    END IF;
  END IF;
{% endfor %}
  IF NOT compared.equal THEN
    RAISE EXCEPTION USING
      MESSAGE = format('%s rows were written to %s, and %s does not hold them as they are', compared.rows, {{ here | literal }}::regclass, {{ there | literal }}::regclass),
      HINT = 'Does something else write to it? Nothing was changed.';
  END IF;
  DELETE FROM pg_temp.{{ keys.name | ident }};
{% if dropped %}
  DELETE FROM pg_temp.{{ kept | ident }};
{% endif %}
  RETURN taken;
END
{% endset %}
CREATE {% if replaces | default(false) %}OR REPLACE {% endif %}FUNCTION {{ sync | ident }}(executor_work boolean DEFAULT true, executor_part integer DEFAULT 0, executor_of integer DEFAULT 1)
RETURNS bigint LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET jit = off
AS {{ body | dollar_quoted }};

{% with function = sync, arguments = 'boolean, integer, integer' %}
{% include 'security/own_function.sql' %}
{% endwith %}
