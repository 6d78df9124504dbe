-- Puts the new table in the place of the old one, with all that hung on it: the new world or the old
-- one, nothing between. From its first moment on, what is written to the new table is logged for the
-- way back.
-- Lock: SHARE ROW EXCLUSIVE on the tables referenced by foreign keys that forbid a delete: their writers
-- wait. Then ACCESS EXCLUSIVE on both tables, their partitions and the views on them. Waiting for it ends
-- after lock_timeout; it is held for max_lock at most, else all of it is undone and tried again later.
-- Before, SHARE UPDATE EXCLUSIVE, which readers and writers don't notice.
{% with arriving = target, arriving_ending = '_new_' ~ timestamp, leaving = old, leaving_ending = '_old_' ~ timestamp, back = false %}
{% with first = source, second = arriving %}
{% include 'tables/keep_vacuum_away.sql' %}
{% endwith %}
{% include 'repartition/swap/pairs.sql' %}
{% include 'repartition/swap/write_down.sql' %}

-- A view, a function or a trigger that means something else with partitions may have come since the check.
DO $executor$
DECLARE
  found text;
BEGIN
  SELECT string_agg(format('%s: %s', subject, actual), '. ') INTO found
  FROM (
{% include 'repartition/check/meaning.sql' %}
  ) AS finding
  WHERE NOT passed;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION USING MESSAGE = found, HINT = 'It came while the plan ran. Nothing was swapped; change or drop it, and run again.';
  END IF;
END
$executor$;
{% include 'repartition/foreign_keys/add_restricting.sql' %}
{% include 'repartition/swap/check.sql' %}
{% with keys = log %}
{% include 'repartition/swap/exchange.sql' %}
{% endwith %}
{% include 'repartition/swap/clock.sql' %}
-- The triggers of both tables log for the way back: those of the new one all that is written, those of the old
-- one what reaches it by its foreign keys, or by name.
{% with keys = back_log, logger = back_log, aside = false %}
{% include 'repartition/log/create.sql' %}
{% endwith %}

{% with keys = back_log, logger = log, aside = true %}
{% include 'repartition/log/create.sql' %}
{% endwith %}
{% include 'repartition/way_back/silence_old.sql' %}
{% if routing == 'expression' %}
DO $executor$
DECLARE
  owner regrole := (SELECT relowner FROM pg_class WHERE oid = {{ source | literal }}::regclass);
BEGIN
  IF owner <> current_user::regrole THEN
    EXECUTE format('ALTER FUNCTION %s() OWNER TO %s', {{ source | suffix('_partition_key') | literal }}, owner);
  END IF;
END
$executor$;
{% endif %}
DROP FUNCTION {{ sync | ident }}(boolean, integer, integer);
ALTER FUNCTION {{ back_sync | ident }}(boolean, integer, integer) RENAME TO {{ sync.name | ident }};
{% include 'repartition/swap/clock.sql' %}
{% endwith %}
