{## Gives the old table the foreign keys again that forbid a delete, not validated yet, so without a scan; unless it
    has them still. -##}
{% for key in facts.foreign_keys if key.forbids_delete %}
DO {% set body %}

BEGIN
  IF NOT EXISTS (
    SELECT FROM pg_constraint
    WHERE conname = {{ key.name | literal }} AND conrelid = {% if key.partition_sql is none %}{{ old | literal }}{% else %}{{ key.partition_sql | string | literal }}{% endif %}::regclass)
  THEN
    {% include 'repartition/way_back/add_key.sql' %}
  END IF;
END
{% endset %}{{ body | dollar_quoted }};
{% endfor %}
