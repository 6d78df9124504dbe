
-- One waiting time for all locks together; lock_timeout alone would count anew for each.
SET LOCAL statement_timeout = {{ settings.lock_timeout | literal }};

-- Views first, from the outside in, as their readers lock them. An owner that stays the same changes
-- nothing, but takes the lock; LOCK TABLE would lock every other table of the view, too.
DO $executor$
DECLARE
  view record;
BEGIN
  FOR view IN
    SELECT DISTINCT c.oid, c.relkind, c.relowner
    FROM pg_temp.swap_pairs AS pair
    JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = pair.leaving
    JOIN pg_rewrite AS r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
    JOIN pg_class AS c ON c.oid = r.ev_class AND c.relkind IN ('v', 'm')
    ORDER BY c.oid DESC
  LOOP
    EXECUTE format('ALTER %s %s OWNER TO %s', CASE view.relkind WHEN 'v' THEN 'VIEW' ELSE 'MATERIALIZED VIEW' END,
                   view.oid::regclass, view.relowner::regrole);
  END LOOP;
END
$executor$;

LOCK TABLE {{ source | ident }}, {{ arriving | ident }} IN ACCESS EXCLUSIVE MODE;

DO $executor$
BEGIN
  PERFORM set_config('executor.locked_at', clock_timestamp()::text, true);
END
$executor$;

{% include 'repartition/swap/clock.sql' %}
