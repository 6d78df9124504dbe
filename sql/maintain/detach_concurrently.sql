-- Detaches a partition. It stays as a table of its own, with what was in it. Interrupted, it is detached half, and the next
-- run ends that.
-- Lock: SHARE UPDATE EXCLUSIVE, which readers and writers don't notice; so nobody waits behind it, and it waits for transactions
-- that use the table as long as an idle one may take.
SELECT set_config('lock_timeout', '10min', false);
ALTER TABLE {{ source | ident }} DETACH PARTITION {{ item.schema | ident }}.{{ item.name | ident }} {% if item.pending %}FINALIZE{% else %}CONCURRENTLY{% endif %};
-- The mark by which it will be dropped one day comes last: never on what is still a partition.
{% include 'maintain/comment.sql' %}
