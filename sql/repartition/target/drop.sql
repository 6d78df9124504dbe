-- Drops the new table, whose partitions are gone by now; the source still has every row.
-- Lock: ACCESS EXCLUSIVE on the new table, which nobody uses.
DO {% set body %}

BEGIN
  IF EXISTS (SELECT FROM pg_class AS made WHERE oid = to_regclass({{ target | literal }}) AND
{% include 'repartition/target/ours.sql' %}
    IS NOT TRUE)
  THEN
    RAISE WARNING USING MESSAGE = {{ (target ~ ' is not the table that the run has made, by its owner or its comment; it is left as it is') | literal }};
  ELSE
    DROP TABLE IF EXISTS {{ target | ident }};
  END IF;
END
{% endset %}{{ body | dollar_quoted }};
