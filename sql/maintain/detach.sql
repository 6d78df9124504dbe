-- Detaches a partition. It stays as a table of its own, with what was in it.
-- Lock: ACCESS EXCLUSIVE on the table, the partition and the default partition, for max_lock at most: PostgreSQL detaches
-- none CONCURRENTLY beside a default partition. Nor is that done to a table of a role that is not trusted: expired.sql says why.
{% with taken = source %}
{% include 'maintain/take.sql' %}
{% endwith %}
{% from 'maintain/mark.sql' import mark with context %}
{% with begins = mark %}
{% include 'maintain/comment.sql' %}
{% endwith %}
{% include 'repartition/swap/clock.sql' %}
ALTER TABLE {{ source | ident }} DETACH PARTITION {{ item.schema | ident }}.{{ item.name | ident }}{% if item.pending %} FINALIZE{% endif %};
