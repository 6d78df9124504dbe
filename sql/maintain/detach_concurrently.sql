-- Detaches a partition. It stays as a table of its own, with what was in it. Interrupted, it is detached half, and the next
-- run ends that: by the mark, which comes first, it knows that it was this that began it. A mark on what is still a partition
-- is taken away by the next run.
-- Lock: SHARE UPDATE EXCLUSIVE on the table, which readers and writers don't notice; so nobody waits behind it, and it waits for
-- transactions that use the table as long as an idle one may take. Then ACCESS EXCLUSIVE on the partition, for which those wait that
-- use it by its own name.
SELECT set_config('lock_timeout', '10min', false);
{% include 'maintain/comment.sql' %}
ALTER TABLE {{ source | ident }} DETACH PARTITION {{ item.schema | ident }}.{{ item.name | ident }} {% if item.pending %}FINALIZE{% else %}CONCURRENTLY{% endif %};
-- Since when it is detached is said again: its time of grace begins here.
{% include 'maintain/comment.sql' %}
