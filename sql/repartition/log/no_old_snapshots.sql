-- Whether every transaction still at work began when the new table was in step: one with an older snapshot,
-- such as a pg_dump, would miss rows in it after the swap.
SELECT {{ (old_snapshots == 'allow') | literal }} OR NOT EXISTS (
{% include 'repartition/log/old_snapshots.sql' %}
)
