{## Creates `keys`, a log of keys. It is an ordinary logged table, because one that a crash empties would lose
    writes, and has no index, which every writer would pay for. It has a replica identity, so that a publication
    of all tables does not stop its deletes. -##}
DO $executor$
DECLARE
  columns text;
BEGIN
  SELECT string_agg(quote_ident(name), ', ' ORDER BY place, name) INTO columns
  FROM (
{% with relation = source %}
{% include 'tables/key_columns.sql' %}
{% endwith %}
  ) AS key;
  EXECUTE format('CREATE TABLE %s WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000) '
                 'AS SELECT %s FROM %s WITH NO DATA', {{ keys | literal }}, columns, {{ source | literal }}::regclass);
  ALTER TABLE {{ keys | ident }} REPLICA IDENTITY FULL;
END
$executor$;

{% with relation = keys %}
{% include 'security/private.sql' %}
{% include 'repartition/target/added.sql' %}
{% endwith %}
