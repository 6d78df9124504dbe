-- How many rows each partition has, and that they are where its bound says. Reads every row.
{% with written = [], read = [source], called = [] %}
{% include 'security/ask_foreign_code.sql' %}
{% endwith %}

DO $executor$
DECLARE
  findings jsonb := '[]';
  part record;
  total bigint;
  astray bigint;
BEGIN
  FOR part IN
    SELECT i.inhrelid::regclass AS relation, pg_get_expr(c.relpartbound, c.oid) AS bound, pg_get_partition_constraintdef(c.oid) AS condition
    FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
    WHERE i.inhparent = to_regclass({{ source | literal }}) AND current_setting('executor.foreign_code') = ''
    ORDER BY pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT', 1
  LOOP
    EXECUTE format('SELECT count(*), count(*) FILTER (WHERE NOT (%s)) FROM %s', coalesce(part.condition, 'true'), part.relation) INTO total, astray;
    findings := findings || jsonb_build_object('subject', part.relation::text, 'expected', 'rows ' || part.bound,
      'actual', total || ' rows' || CASE WHEN astray > 0 THEN format(', %s of them beyond the bound', astray)
        WHEN part.bound = 'DEFAULT' AND total > 0 THEN ', which no other partition takes' ELSE '' END,
      'passed', astray = 0);
  END LOOP;
  PERFORM set_config('executor.findings', findings::text, true);
END
$executor$;

SELECT subject, expected, actual, passed
FROM jsonb_to_recordset(current_setting('executor.findings')::jsonb) AS finding (subject text, expected text, actual text, passed boolean)
