-- Asks for what lets a trigger fill partition_key of the restored table, if it is partitioned by an expression as the
-- flagship plan does it: nobody sends that column. The function is the table's own, for that of the table in use goes
-- with it and may count other partitions. It is made of a name and a number, whatever the definition says. It has the
-- name by which a run would know it, and is fired last, as list_by_hash/create_key_trigger.sql says.
WITH filled AS (
  SELECT c ->> 'name' AS name, number,
    format('%I.%I()', {{ target.schema | literal }}::text, {{ (target | suffix('_partition_key')).name | literal }}::text) AS filler
  FROM (SELECT {{ definition | literal }}::jsonb -> 'relations' -> 0) AS whole (r)
  CROSS JOIN LATERAL (SELECT substring(r ->> 'partition_by' FROM '% ([0-9]{1,4})\)+$')::integer) AS counted (number)
  CROSS JOIN LATERAL jsonb_array_elements(r -> 'columns') AS c
  WHERE r ->> 'partition_by' IN (
      format('LIST (abs((hashtext((%I)::text) %% %s)))', c ->> 'name', number), format('LIST (abs((hashtext(%I) %% %s)))', c ->> 'name', number))
    AND EXISTS (SELECT FROM jsonb_array_elements(r -> 'columns') AS own WHERE own ->> 'name' = 'partition_key')
  LIMIT 1
)
SELECT statement
FROM (
  SELECT 1 AS place, format('CREATE FUNCTION %s RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS %L', filler,
    format(E'\nBEGIN\n  NEW.partition_key := abs(hashtext(NEW.%I::text) %% %s);\n  RETURN NEW;\nEND\n', name, number)) AS statement
  FROM filled
  UNION ALL
  SELECT 2, format('CREATE TRIGGER zz_partition_key BEFORE INSERT OR UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION %s',
    {{ target | literal }}::regclass, filler)
  FROM filled
  UNION ALL
  -- before PostgreSQL 15 the partitions do not follow
  SELECT 3, format('ALTER TABLE %s ENABLE ALWAYS TRIGGER zz_partition_key', relid)
  FROM filled CROSS JOIN pg_partition_tree({{ target | literal }}::regclass)
) AS fills
ORDER BY place;
