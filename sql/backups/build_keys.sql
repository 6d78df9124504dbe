-- Gives a restored table its foreign keys. Where PostgreSQL can, they are added without a look at the
-- rows and validated afterwards, so that nobody waits for that.
-- Lock: SHARE ROW EXCLUSIVE on the referenced tables, so their writers wait: for an instant, or for as
-- long as the rows of a partitioned table are looked at. Given up after lock_timeout.
SET LOCAL lock_timeout = '200ms';
DO $executor$
DECLARE
  item record;
  later boolean := (SELECT relkind = 'r' FROM pg_class WHERE oid = {{ target | literal }}::regclass)
    OR current_setting('server_version_num')::integer >= 180000;
BEGIN
  FOR item IN
    SELECT k,
      n.new_name AS relation,
{% if exact %}
      k ->> 'name' AS new_name
{% else %}
      CASE WHEN starts_with(k ->> 'name', (definition ->> 'name') || '_')
        THEN left({{ target.name | literal }} || substr(k ->> 'name', length(definition ->> 'name') + 1), 63)
        ELSE k ->> 'name' END AS new_name
{% endif %}
    FROM (SELECT {{ definition | literal }}::jsonb) AS given (definition)
    CROSS JOIN LATERAL jsonb_array_elements(definition -> 'relations') AS r
    JOIN pg_temp.restored_names AS n ON n.name = r ->> 'name' AND n.kind <> 'STATISTICS'
    CROSS JOIN LATERAL jsonb_array_elements(r -> 'constraints') AS k
    WHERE k ->> 'type' = 'f'
  LOOP
    EXECUTE format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s%s', {{ target.schema | literal }}, item.relation, item.new_name,
      coalesce((item.k ->> 'before_self') || {{ target | literal }} || (item.k ->> 'after_self'), item.k ->> 'definition'),
      CASE WHEN later AND item.k ->> 'definition' !~ ' NOT (VALID|ENFORCED)$' THEN ' NOT VALID' END);
    IF item.k ? 'comment' THEN
      EXECUTE format('COMMENT ON CONSTRAINT %I ON %I.%I IS %L', item.new_name, {{ target.schema | literal }}, item.relation, item.k ->> 'comment');
    END IF;
  END LOOP;
END
$executor$;
