-- Statistics of the new table; autovacuum never analyzes a partitioned table. Before PostgreSQL 18 this
-- analyzes the partitions, too; since then the workers of the step before have done it. From here on autovacuum
-- takes care of the partitions, as it does of the source.
-- Lock: SHARE UPDATE EXCLUSIVE, waited for as in the step before.
{% from 'layout/partitioned.sql' import partitioned with context %}
{% from 'repartition/target/holders.sql' import holders with context %}
{% from 'repartition/target/partition_name.sql' import leaf with context %}
SELECT set_config('lock_timeout', '10min', false);
{% if partitioned %}
ANALYZE {% if facts.server[0].version >= 180000 %}ONLY {% endif %}{{ target | ident }};
{% else %}
VACUUM (FREEZE, ANALYZE) {{ target | ident }};
{% endif %}
DO {% set body %}

BEGIN
{% for partition in holders %}
  ALTER TABLE {{ partition | ident }} RESET (autovacuum_enabled, toast.autovacuum_enabled);
{% for parameter in leaf.storage_parameters if parameter.name == 'autovacuum_enabled' %}
  ALTER TABLE {{ partition | ident }} SET ({% if parameter.toast %}toast.{% endif %}autovacuum_enabled = {{ parameter.value | literal }});
{% endfor %}
{% endfor %}
END
{% endset %}{{ body | dollar_quoted }};
SELECT set_config('lock_timeout', {{ settings.lock_timeout | literal }}, false);
