-- Lets the sequences of the restored table go on, and partition_key be filled, and gives it to its owner alone.
-- An id is never given out twice: a sequence goes on after what it had given and what the rows have, as far
-- as that is within its bounds. One that has come to its end is at its end again; one that begins anew after
-- that has no such order, and goes on where it was.
DO $executor$
DECLARE
  item record;
  top bigint;
BEGIN
  FOR item IN
    SELECT c ->> 'name' AS name, (c -> 'sequence' ->> 'last')::bigint AS last,
      coalesce((c -> 'sequence' ->> 'called')::boolean, true) AS called, s.*,
      a.atttypid IN ('smallint'::regtype, 'integer'::regtype, 'bigint'::regtype) AND NOT s.seqcycle AS ordered
    FROM jsonb_array_elements({{ definition | literal }}::jsonb -> 'relations' -> 0 -> 'columns') AS c
    JOIN pg_temp.restored_names AS n ON n.name = c -> 'sequence' ->> 'name' AND n.kind = 'SEQUENCE'
    JOIN pg_class AS there ON there.oid = to_regclass(format('%I.%I', {{ target.schema | literal }}, n.new_name))
    JOIN pg_sequence AS s ON s.seqrelid = there.oid
    JOIN pg_attribute AS a ON a.attrelid = {{ target | literal }}::regclass AND a.attname = c ->> 'name' AND NOT a.attisdropped
  LOOP
    top := NULL;
    IF item.ordered THEN
      EXECUTE format('SELECT %1$s(%2$I) FROM %5$s WHERE %2$I BETWEEN %3$s AND %4$s',
        CASE WHEN item.seqincrement > 0 THEN 'max' ELSE 'min' END, item.name, item.seqmin, item.seqmax, {{ target | literal }}::regclass) INTO top;
    END IF;
    IF item.last NOT BETWEEN item.seqmin AND item.seqmax THEN
      item.last := NULL;
    END IF;
    IF top IS NOT NULL AND (item.last IS NULL OR CASE WHEN item.seqincrement > 0 THEN top >= item.last ELSE top <= item.last END) THEN
      PERFORM setval(item.seqrelid::regclass, top);
    ELSIF item.last IS NOT NULL THEN
      PERFORM setval(item.seqrelid::regclass, item.last, item.called);
    END IF;
  END LOOP;
END
$executor$;

{% include 'backups/key_trigger.sql' %}

{% with relation = target, source = owner %}
{% include 'tables/private.sql' %}
{% endwith %}
