-- Up to the lock of the swap, and the lock: what the swap needs is made and asked before.
-- Lock: SHARE UPDATE EXCLUSIVE, which readers and writers don't notice; SHARE ROW EXCLUSIVE on the tables referenced by
-- foreign keys that forbid a delete: their writers wait. Then ACCESS EXCLUSIVE on both tables, their partitions, the
-- views on them and the tables whose foreign keys refer to them. Waiting for it ends after lock_timeout; it is held for
-- max_lock at most, else all of it is undone and tried again later.
{% with said = facts, arriving = target, arriving_ending = '_new_' ~ timestamp, leaving = old, leaving_ending = '_old_' ~ timestamp, back = false, keys = log %}
{% with first = source, second = arriving %}
{% include 'tables/keep_vacuum_away.sql' %}
{% endwith %}
{% include 'repartition/log/no_foreign_sync.sql' %}

{% with relation = target %}
{% include 'security/private.sql' %}
{% endwith %}

-- A function or a foreign table that means something else with partitions may have come since the check.
DO {% set body %}

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
{% endset %}{{ body | dollar_quoted }};
{% include 'repartition/foreign_keys/add_restricting.sql' %}
{% include 'repartition/swap/check.sql' %}
{% include 'repartition/swap/apply_and_lock.sql' %}
{% endwith %}
