-- The new table beside the old one: the same columns, then partition_key. LIKE shares the sequence
-- of a default and copies identity, generated columns, checks, comments and statistics; indexes
-- come after the load. Columns are compared by name later, so dropped ones don't matter.
{% with written = [], read = [source], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}

CREATE TABLE {{ target | ident }} (
  LIKE {{ source | ident }} INCLUDING ALL EXCLUDING INDEXES EXCLUDING IDENTITY EXCLUDING STATISTICS
{%- if routing != 'hash' %},
  partition_key integer NOT NULL
{%- endif %}
{%- if routing == 'column' %},
  CONSTRAINT partition_key_check CHECK (partition_key = {% include 'repartition/routing/key.sql' %})
{%- endif %}

) PARTITION BY
{% if routing == 'expression' %}
  LIST (({% include 'repartition/routing/key.sql' %}));
{% elif routing == 'column' %}
  LIST (partition_key);
{% else %}
  HASH ({{ key_column | ident }});
{% endif %}

-- A row without a collection has no partition.
ALTER TABLE {{ target | ident }} ALTER COLUMN {{ key_column | ident }} SET NOT NULL;

-- Checks that the source has not validated may not hold for its rows; they come back after the load.
DO $executor$
DECLARE
  source regclass := {{ source | literal }};
  target regclass := {{ target | literal }};
  item record;
BEGIN
  FOR item IN
    SELECT conname FROM pg_constraint
    WHERE conrelid = source AND contype = 'c' AND NOT convalidated
  LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', target, item.conname);
  END LOOP;
  -- Partitions and their indexes take the tablespace of their parent.
  FOR item IN
    SELECT t.spcname
    FROM pg_class AS c
    JOIN pg_tablespace AS t ON t.oid = c.reltablespace
    WHERE c.oid IN (SELECT source UNION SELECT relid FROM pg_partition_tree(source))
    ORDER BY c.oid <> source, c.oid LIMIT 1
  LOOP
    EXECUTE format('ALTER TABLE %s SET TABLESPACE %I', target, item.spcname);
  END LOOP;
END
$executor$;

{% include 'repartition/target/identity.sql' %}
{% include 'repartition/target/statistics.sql' %}
{% with relation = target %}
{% include 'security/private.sql' %}
{% include 'repartition/target/added.sql' %}
{% endwith %}
