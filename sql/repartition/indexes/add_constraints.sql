-- What had to wait for the rows, or for all partitions: checks that the source has not validated, and
-- how its columns are analyzed.
-- Lock: ACCESS EXCLUSIVE on the new table and its partitions, which nobody uses.
{% with written = [target], read = [source], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}

DO $executor$
DECLARE
  source regclass := {{ source | literal }};
  target regclass := {{ target | literal }};
  item record;
BEGIN
  FOR item IN
    SELECT conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint
    WHERE conrelid = source AND contype = 'c' AND NOT convalidated
  LOOP
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I %s', target, item.conname, item.definition);
  END LOOP;
  FOR item IN
    SELECT attname, attstattarget FROM pg_attribute
    WHERE attrelid = source AND attnum > 0 AND NOT attisdropped AND attstattarget >= 0
  LOOP
    EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET STATISTICS %s',
                   target, item.attname, item.attstattarget);
  END LOOP;
  -- What n_distinct says of the one table, n_distinct_inherited says of all partitions together.
  FOR item IN
    SELECT DISTINCT ON (a.attname) a.attname, o.option_value
    FROM pg_attribute AS a, pg_options_to_table(a.attoptions) AS o
    WHERE a.attrelid = source AND a.attnum > 0 AND NOT a.attisdropped
      AND o.option_name IN ('n_distinct', 'n_distinct_inherited')
    ORDER BY a.attname, o.option_name DESC
  LOOP
    EXECUTE format('ALTER TABLE ONLY %s ALTER COLUMN %I SET (n_distinct_inherited = %s)',
                   target, item.attname, item.option_value);
  END LOOP;
END
$executor$;
