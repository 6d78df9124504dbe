-- Lets the sequences of the restored table go on, and gives it to its owner alone, with what fills the columns of its layout.
-- An id is never given out twice: a sequence goes on after what it had given and what the rows have, as far
-- as that is within its bounds. One that has come to its end is at its end again; one that begins anew after
-- that has no such order, and goes on where it was.
DO {% set body %}

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
{% for column in definition.relations[0].columns | default([]) if column.sequence is defined %}
    IF item.ordered AND item.name = {{ column.name | literal }} THEN
      IF item.seqincrement > 0 THEN
        SELECT max(r.{{ column.name | ident }}) INTO top FROM {{ target | ident }} AS r WHERE r.{{ column.name | ident }} BETWEEN item.seqmin AND item.seqmax;
      ELSE
        SELECT min(r.{{ column.name | ident }}) INTO top FROM {{ target | ident }} AS r WHERE r.{{ column.name | ident }} BETWEEN item.seqmin AND item.seqmax;
      END IF;
    END IF;
{% endfor %}
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
{% endset %}{{ body | dollar_quoted }};

{% include 'layout/restored_private.sql' %}

{% with relation = target, source = owner %}
{% include 'tables/private.sql' %}
{% endwith %}
