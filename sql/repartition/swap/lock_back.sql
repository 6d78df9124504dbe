-- Up to the lock of the swap back, and the lock, as lock.sql.
-- Lock: SHARE UPDATE EXCLUSIVE, which readers and writers don't notice; SHARE ROW EXCLUSIVE on the tables referenced by
-- foreign keys that forbid a delete: their writers wait. Then ACCESS EXCLUSIVE on both tables, their partitions and the
-- views on them. Waiting for it ends after lock_timeout; it is held for max_lock at most, else all of it is
-- undone and tried again later.
{% with said = now, arriving = old, arriving_ending = '_old_' ~ timestamp, leaving = target, leaving_ending = '_new_' ~ timestamp, back = true, keys = back_log %}
{% with first = source, second = arriving %}
{% include 'tables/keep_vacuum_away.sql' %}
{% endwith %}
{% include 'repartition/log/no_foreign_sync.sql' %}

{% include 'repartition/way_back/restore_keys.sql' %}
{% include 'repartition/swap/check.sql' %}

{% include 'repartition/way_back/analyzed.sql' %}
{% include 'repartition/swap/ready.sql' %}
{% endwith %}
