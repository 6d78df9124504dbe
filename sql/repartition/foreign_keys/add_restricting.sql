{## Adds the foreign keys that forbid a delete to every partition of the new table, not validated yet: no
    scan. Before, they would forbid it for rows that the old table has no longer and the new one has still;
    later, nothing would forbid it. Who writes to a referenced table waits until the end of the swap. -##}
SELECT set_config('executor.referenced_at', clock_timestamp()::text, true);
{% for key in facts.foreign_keys if key.on_delete == 'forbid' %}
{% from 'repartition/target/holders.sql' import holders with context %}
{% for partition in holders %}
ALTER TABLE {{ partition | ident }} ADD CONSTRAINT {{ key.name | ident }} {{ key.definition_sql }} NOT VALID;
{% endfor %}
{% endfor %}
