-- Puts the old table back in its place, the mirror of the swap, with every row that was written since.
-- What was granted, commented or created on the table since comes along, too.
-- Lock: SHARE ROW EXCLUSIVE on the tables referenced by foreign keys that forbid a delete: their writers
-- wait. Then ACCESS EXCLUSIVE on both tables, their partitions and the views on them. Waiting for it ends
-- after lock_timeout; it is held for max_lock at most, else all of it is undone and tried again later.
-- Before, SHARE UPDATE EXCLUSIVE, which readers and writers don't notice.
{% with arriving = old, arriving_ending = '_old_' ~ timestamp, leaving = target, leaving_ending = '_new_' ~ timestamp, back = true %}
{% with first = source, second = arriving %}
{% include 'tables/keep_vacuum_away.sql' %}
{% endwith %}
{% include 'repartition/swap/pairs.sql' %}
{% include 'repartition/swap/write_down.sql' %}
{% with restricting = true %}
{% include 'repartition/way_back/restore_keys.sql' %}
{% endwith %}
{% include 'repartition/swap/check.sql' %}

-- How the columns are analyzed may have been changed since.
DO $executor$
DECLARE
  item record;
BEGIN
  FOR item IN
    SELECT here.attname, coalesce(here.attstattarget, -1) AS target
    FROM pg_attribute AS here
    JOIN pg_attribute AS there ON there.attrelid = {{ old | literal }}::regclass AND there.attname = here.attname
    WHERE here.attrelid = {{ source | literal }}::regclass AND here.attnum > 0
      AND coalesce(here.attstattarget, -1) <> coalesce(there.attstattarget, -1)
  LOOP
    EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET STATISTICS %s', {{ old | literal }}::regclass, item.attname, item.target);
  END LOOP;
END
$executor$;
{% with keys = back_log %}
{% include 'repartition/swap/exchange.sql' %}
{% endwith %}
{% for table in facts.tree %}
DROP TRIGGER IF EXISTS executor_guard ON {{ table.schema | ident }}.{{ (source.name if loop.first else table.name) | ident }};
{% endfor %}

-- Its triggers go with the capture; the log into which they wrote is gone before.
CREATE OR REPLACE FUNCTION {{ log | ident }}() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $executor$
BEGIN
  RETURN NULL;
END
$executor$;

-- Who still writes to the new table, or to one of its partitions by name, would lose that.
{% with refusing = back_log %}
{% include 'repartition/way_back/refuse_writes.sql' %}
{% endwith %}
{% include 'repartition/swap/clock.sql' %}
{% endwith %}
