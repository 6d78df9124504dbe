-- The indexes that the new table has as a whole, still without those of the partitions: ON ONLY
-- keeps each transaction, and its locks, to one table. They become valid when the last partition
-- has attached its own.
{% with written = [], read = [source, target], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}

DO $executor$
DECLARE
  target regclass := {{ target | literal }};
  index record;
BEGIN
  FOR index IN
    SELECT * FROM (
{% with relation = target %}
{% include 'repartition/indexes/wanted.sql' %}
{% endwith %}
    ) AS all_indexes WHERE on_parent
  LOOP
    PERFORM set_config('default_tablespace', index.tablespace, true);
    IF index.constraint_type IS NULL THEN
      EXECUTE format('CREATE %s %I ON ONLY %s%s', index.kind, index.parent_name, target, index.body);
    ELSE
      EXECUTE format('ALTER TABLE ONLY %s ADD CONSTRAINT %I %s', target, index.parent_name, index.parent_constraint);
    END IF;
    IF index.comment IS NOT NULL THEN
      EXECUTE format('COMMENT ON INDEX %I.%I IS %L', {{ target.schema | literal }}, index.parent_name, index.comment);
    END IF;
    IF index.constraint_comment IS NOT NULL THEN
      EXECUTE format('COMMENT ON CONSTRAINT %I ON %s IS %L', index.parent_name, target, index.constraint_comment);
    END IF;
  END LOOP;
END
$executor$;
