-- Freezes the rows and sets the visibility map, so that neither an anti-wraparound storm nor slow
-- index-only scans follow the swap. Then the statistics, where the step after this need not collect those
-- of all partitions in turn. From here on autovacuum takes care of the partition, as it does of the source.
-- Lock: SHARE UPDATE EXCLUSIVE on the partition, which nobody uses. So nobody waits behind it: it is waited for
-- as long as an autovacuum takes, or the server for an executor that was killed; the step after this ends that setting.
{% from 'repartition/target/partition_name.sql' import partition, leaf with context %}
SELECT set_config('lock_timeout', '10min', false);
VACUUM (FREEZE) {{ partition | ident }};
{% if facts.server[0].version >= 180000 %}
ANALYZE {{ partition | ident }};
{% endif %}
ALTER TABLE {{ partition | ident }} RESET (autovacuum_enabled, toast.autovacuum_enabled);
{% for parameter in leaf.storage_parameters if parameter.name == 'autovacuum_enabled' %}
ALTER TABLE {{ partition | ident }} SET ({% if parameter.toast %}toast.{% endif %}autovacuum_enabled = {{ parameter.value | literal }});
{% endfor %}
