-- Up to the lock of the swap back, and the lock, as lock.sql.
-- Lock: SHARE UPDATE EXCLUSIVE, which readers and writers don't notice; SHARE ROW EXCLUSIVE on the tables referenced by
-- foreign keys that forbid a delete: their writers wait. Then ACCESS EXCLUSIVE on both tables, their partitions, the
-- views on them and the tables whose foreign keys refer to them. Waiting for it ends after lock_timeout; it is held for
-- max_lock at most, else all of it is undone and tried again later.
{% with said = now, arriving = old, arriving_ending = '_old_' ~ timestamp, leaving = target, leaving_ending = '_new_' ~ timestamp, back = true, keys = back_log %}
{% with first = source, second = arriving %}
{% include 'tables/keep_vacuum_away.sql' %}
{% endwith %}
{% include 'repartition/log/no_foreign_sync.sql' %}

{## A filter that came since the swap may ask for more than identifies a row of the old table. -##}
{% for index in facts.indexes if index.primary and (facts.leaves | first).replica_identity == 'default' %}
{% for publication in now.publications if publication.publishes_changes and publication.filtered | reject('in', index.columns) | list %}
DO {% set refusal %}

BEGIN
  RAISE EXCEPTION USING
    MESSAGE = {{ ('the row filter of publication ' ~ publication.name ~ ' asks for ' ~ publication.filtered | reject('in', index.columns) | join(', ')
                  ~ ', which does not identify a row of the old table: every UPDATE and DELETE would fail after the rollback') | literal }},
    HINT = 'Nothing was swapped. Publish the table without that filter, and roll back again.';
END
{% endset %}{{ refusal | dollar_quoted }};
{% endfor %}
{% endfor %}
{% include 'repartition/way_back/restore_keys.sql' %}
{% include 'repartition/swap/check.sql' %}

{% include 'repartition/way_back/analyzed.sql' %}
{% include 'repartition/swap/apply_and_lock.sql' %}
{% endwith %}
