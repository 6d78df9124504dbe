-- Builds one index that a partition lacks.
-- Lock: SHARE UPDATE EXCLUSIVE on the partition, which readers and writers don't notice; so nobody waits behind it.
SELECT set_config('lock_timeout', '10min', false);
{% if not item.is_there %}
CREATE {% if item.unique %}UNIQUE {% endif %}INDEX CONCURRENTLY {{ item.name | ident }} ON {{ item.schema | ident }}.{{ item.partition | ident }} {{ item.body_sql }};
{% endif %}
