-- Drops one partition of the new table; the source still has its rows.
-- Lock: ACCESS EXCLUSIVE on the partition and its parent, which nobody uses.
{% from 'repartition/target/partition_name.sql' import partition with context %}
DO {% set body %}

BEGIN
  IF EXISTS (SELECT FROM pg_class WHERE oid = to_regclass({{ partition | literal }}) AND NOT relispartition AND EXISTS (
    -- one of ours that was detached has the columns of the table
    SELECT FROM unnest({{ facts.columns | map(attribute='name') | list | literal }}::text[]) AS wanted (name)
    WHERE NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = pg_class.oid AND a.attname = wanted.name AND NOT a.attisdropped)))
  THEN
    RAISE WARNING USING MESSAGE = {{ (partition ~ ' is no partition of the run: somebody else has made it since; it is left as it is') | literal }};
  ELSE
    DROP TABLE IF EXISTS {{ partition | ident }};
  END IF;
END
{% endset %}{{ body | dollar_quoted }};
