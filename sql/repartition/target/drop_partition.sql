-- Drops one partition of the new table; the source still has its rows.
-- Lock: ACCESS EXCLUSIVE on the partition and its parent, which nobody uses.
{% from 'repartition/target/partition_name.sql' import partition with context %}
DO {% set body %}

DECLARE
  found oid := to_regclass({{ partition | literal }});
BEGIN
  IF EXISTS (SELECT FROM pg_class AS made WHERE made.oid = pg_partition_root(found) AND made.oid <> found AND
{% include 'repartition/target/ours.sql' %}
    )
    -- one that somebody has detached has the columns of the table, and its owner
    OR EXISTS (SELECT FROM pg_class AS made WHERE oid = found AND relkind = 'r' AND NOT relispartition
      AND NOT EXISTS (
        SELECT FROM unnest({{ (facts.columns | map(attribute='name') | list + added_columns) | literal }}::text[]) AS wanted (name)
        WHERE NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = made.oid AND a.attname = wanted.name AND NOT a.attisdropped))
      AND
{% include 'repartition/target/of_owner.sql' %}
    )
  THEN
    DROP TABLE {{ partition | ident }};
  ELSIF found IS NOT NULL THEN
    RAISE WARNING USING MESSAGE = {{ (partition ~ ' is no partition of the run: somebody else has made it since; it is left as it is') | literal }};
  END IF;
END
{% endset %}{{ body | dollar_quoted }};
