-- Up to the lock of the way back, and the lock, as lock.sql.
-- Lock: SHARE UPDATE EXCLUSIVE, which readers and writers don't notice. Then SHARE ROW EXCLUSIVE on the tables that the table
-- references, and ACCESS EXCLUSIVE on the table, its partitions, the views on it and the tables whose foreign keys refer to
-- it. Waiting for it ends after lock_timeout; it is held for as long as the rows of the later partitions need to be moved.
{% with said = now, arriving = old, arriving_ending = '_old_' ~ timestamp, leaving = target, leaving_ending = '_new_' ~ timestamp, back = true %}
{% with first = source, second = arriving %}
{% include 'tables/keep_vacuum_away.sql' %}
{% endwith %}
{% with written = [old], read = [source], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}
{% with looked_up = said.foreign_keys | map(attribute='referenced_sql') | unique | list %}
{% include 'security/no_foreign_plans.sql' %}
{% endwith %}
{% include 'repartition/swap/left_behind.sql' %}
{% include 'repartition/swap/await_sessions.sql' %}

{% include 'adopt/swap/take.sql' %}
SET LOCAL statement_timeout = 0;
{% include 'adopt/swap/few_rows.sql' %}
{% with beside = old, when = 'locked' %}
{% include 'tables/no_snapshots_before.sql' %}
{% endwith %}
{% endwith %}
