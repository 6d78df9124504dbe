-- Begins to log the keys of all that is written to the table, and creates the function that will bring
-- the new table in step. Committed before the first row is copied, so that every later write is logged.
-- Lock: SHARE ROW EXCLUSIVE on the table and its partitions: waits for the writers in flight, who hold
-- up others meanwhile, for lock_timeout at most; then held for some milliseconds.
{% with keys = log, logger = log, plain = source, aside = false, later = false %}
{% include 'repartition/log/create_keys.sql' %}
{% include 'repartition/log/create.sql' %}
{% endwith %}

{% with keys = log, here = source, there = target, back = false, plain = source %}
{% include 'repartition/log/create_sync.sql' %}
{% endwith %}

{% with first = source, second = none %}
{% include 'tables/keep_vacuum_away.sql' %}
{% endwith %}

-- Asked here, and by every pass: there was none at the check.
DO $executor$
DECLARE
  subscribed text;
BEGIN
  SELECT string_agg(srrelid::regclass::text, ', ') INTO subscribed
  FROM pg_subscription_rel
  WHERE srrelid = {{ source | literal }}::regclass
    OR srrelid IN (SELECT relid FROM pg_partition_tree({{ source | literal }}::regclass));
  IF subscribed IS NOT NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('a subscription writes to %s, and its workers fire no trigger that would log it', subscribed),
      HINT = 'Nothing was changed. Take the table out of the subscription.';
  END IF;
END
$executor$;

-- One waiting time for all locks together; lock_timeout alone would count anew for each.
SET LOCAL statement_timeout = {{ settings.lock_timeout | literal }};

LOCK TABLE {{ source | ident }} IN SHARE ROW EXCLUSIVE MODE;

SET LOCAL statement_timeout = 0;

{% with keys = log, relation = source, reach = 'all' %}
{% include 'repartition/log/create_triggers.sql' %}
{% endwith %}

{% with logger = log, relation = source %}
{% include 'repartition/log/write_fingerprint.sql' %}
{% endwith %}
