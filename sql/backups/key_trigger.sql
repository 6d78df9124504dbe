{## Lets a trigger fill partition_key of the restored table {{ target }}, if it is partitioned by an expression as the
    flagship plan does it: nobody sends that column. The function is the table's own, for that of the table in use goes
    with it and may count other partitions. It is made of a name and a number, whatever the definition says. It has the
    name by which a run would know it, and is fired last, as routing/create_key_trigger.sql says. -##}
DO $executor$
DECLARE
  key record;
  item record;
  filler text;
BEGIN
  SELECT c ->> 'name' AS name, number INTO key
  FROM (SELECT {{ definition | literal }}::jsonb -> 'relations' -> 0) AS whole (r)
  CROSS JOIN LATERAL (SELECT substring(r ->> 'partition_by' FROM '% ([0-9]{1,4})\)+$')::integer) AS counted (number)
  CROSS JOIN LATERAL jsonb_array_elements(r -> 'columns') AS c
  WHERE r ->> 'partition_by' IN (
      format('LIST (abs((hashtext((%I)::text) %% %s)))', c ->> 'name', number), format('LIST (abs((hashtext(%I) %% %s)))', c ->> 'name', number))
    AND EXISTS (SELECT FROM jsonb_array_elements(r -> 'columns') AS own WHERE own ->> 'name' = 'partition_key');
  IF NOT FOUND THEN
    RETURN;
  END IF;
  filler := {{ (target | suffix('_partition_key')).name | literal }};
  EXECUTE format('CREATE FUNCTION %I.%I() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS %L',
    {{ target.schema | literal }}::text, filler,
    format(E'\nBEGIN\n  NEW.partition_key := abs(hashtext(NEW.%I::text) %% %s);\n  RETURN NEW;\nEND\n', key.name, key.number));
  EXECUTE format('CREATE TRIGGER zz_partition_key BEFORE INSERT OR UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION %I.%I()',
    {{ target | literal }}::regclass, {{ target.schema | literal }}::text, filler);
  -- before PostgreSQL 15 the partitions do not follow
  FOR item IN SELECT tgrelid::regclass AS relation FROM pg_trigger WHERE tgname = 'zz_partition_key' AND tgrelid IN (
    SELECT relid FROM pg_partition_tree({{ target | literal }}::regclass))
  LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER zz_partition_key', item.relation);
  END LOOP;
END
$executor$;

DO $executor$
DECLARE
  function CONSTANT text := format('%I.%I', {{ target.schema | literal }}, {{ (target | suffix('_partition_key')).name | literal }});
  owner_of CONSTANT regclass := {{ owner | literal }};
{% include 'security/keep_function_private.sql' %}
$executor$;
