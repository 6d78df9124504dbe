-- Says what identifies a row of the new table as a whole, as subscribers are told: the key that it will have as a whole,
-- nothing if that is so of the source, else all columns. Its partitions say so each for itself. Then sees to it that it
-- and they are the owner's alone, and that nothing was added to them.
-- Lock: ACCESS EXCLUSIVE on the new table, and on partitions that are given to the owner; nobody uses them.
{% from 'layout/' ~ layout ~ '/shape.sql' import unique_needs with context %}
{% from 'layout/partitioned.sql' import partitioned with context %}
{% set identity = (facts.leaves | first | default({'replica_identity': 'default'})).replica_identity %}
ALTER TABLE {{ target | ident }} REPLICA IDENTITY {% if identity == 'nothing' %}NOTHING{% elif identity == 'default' and unique_needs is not none and partitioned %}DEFAULT{% else %}FULL{% endif %};

-- Nobody else may read a partition, because row level security and privileges are those of the table as a whole.
{% with relation = target %}
{% include 'security/private.sql' %}
{% include 'repartition/target/refuse_additions.sql' %}
{% endwith %}
