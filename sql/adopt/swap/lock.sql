-- Up to the lock of the swap, and the lock: what the swap needs is asked before.
-- Lock: SHARE UPDATE EXCLUSIVE, which readers and writers don't notice. Then ACCESS EXCLUSIVE on the table, the new one, the
-- views on it and the tables whose foreign keys refer to it. Waiting for it ends after lock_timeout; it is held for max_lock
-- at most, else all of it is undone and tried again later.
{% with said = facts, arriving = target, arriving_ending = '_new_' ~ timestamp, leaving = old, leaving_ending = '_old_' ~ timestamp, back = false %}
{% with first = source, second = arriving %}
{% include 'tables/keep_vacuum_away.sql' %}
{% endwith %}
{% with relation = target %}
{% include 'security/private.sql' %}
{% endwith %}

-- Without its bound the whole table would be read under the lock.
DO {% set body %}

BEGIN
  IF NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = {{ source | literal }}::regclass AND conname = 'executor_bound' AND convalidated) THEN
    RAISE EXCEPTION USING
      MESSAGE = {{ ('the CHECK executor_bound of ' ~ source ~ ' is gone, or not validated any more') | literal }},
      HINT = 'Nothing was swapped. Roll back, and begin anew.';
  END IF;
END
{% endset %}{{ body | dollar_quoted }};
{% include 'repartition/swap/left_behind.sql' %}
{% include 'repartition/swap/await_sessions.sql' %}

{% include 'adopt/swap/take.sql' %}
{% endwith %}
