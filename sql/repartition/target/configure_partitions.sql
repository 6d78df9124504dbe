-- Subscribers are told by the table as a whole what identifies a row; where it has no
-- key as a whole, that is all columns. So it is where it has none yet. The partitions log as much as the source does.
-- Lock: ACCESS EXCLUSIVE on the new table, which nobody uses.
{% from 'layout/' ~ layout ~ '/shape.sql' import unique_needs with context %}
{% from 'layout/partitioned.sql' import partitioned with context %}
{% set identity = (facts.leaves | first | default({'replica_identity': 'default'})).replica_identity %}
ALTER TABLE {{ target | ident }} REPLICA IDENTITY {% if identity == 'nothing' %}NOTHING{% elif identity == 'default' and unique_needs is not none and partitioned %}DEFAULT{% else %}FULL{% endif %};

-- Nobody else may read a partition, because row level security and privileges are those of the table as a whole.
{% with relation = target %}
{% include 'security/private.sql' %}
{% include 'repartition/target/refuse_additions.sql' %}
{% endwith %}
