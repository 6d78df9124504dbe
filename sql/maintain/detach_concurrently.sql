-- Detaches a partition. It stays as a table of its own, with what was in it. Interrupted, it is detached half, and the next
-- run ends that: by its comment, which comes first, it knows that it was this that began it. Such a comment on what is still a
-- partition is taken away by the next run.
-- Lock: SHARE UPDATE EXCLUSIVE on the table, which readers and writers don't notice; so nobody waits behind it, and it waits for
-- transactions that use the table as long as an idle one may take. Then ACCESS EXCLUSIVE on the partition, for which those wait that
-- use it by its own name.
SELECT set_config('lock_timeout', '10min', false);
{% from 'maintain/mark.sql' import mark, leaving with context %}
{% with begins = leaving %}
{% include 'maintain/comment.sql' %}
{% endwith %}
ALTER TABLE {{ source | ident }} DETACH PARTITION {{ item.schema | ident }}.{{ item.name | ident }} {% if item.pending %}FINALIZE{% else %}CONCURRENTLY{% endif %};
-- Its time of grace begins here.
{% with begins = mark %}
{% include 'maintain/comment.sql' %}
{% endwith %}
