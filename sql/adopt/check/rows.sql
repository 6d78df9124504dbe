-- Whether every row lies in the first partition, and how much room there is before the application comes to its end. Reads the
-- table, by an index on the column where there is one.
{% from 'adopt/bound/which.sql' import below with context %}
{% with written = [], read = [source], called = [] %}
{% include 'security/ask_foreign_code.sql' %}
{% endwith %}

DO {% set body %}

DECLARE
  readable boolean := (
    SELECT has_table_privilege(oid, 'SELECT') AND NOT row_security_active(oid) AND current_setting('executor.foreign_code') = ''
    FROM pg_class WHERE oid = to_regclass({{ source | literal }}) AND relkind = 'r');
  last text;
  outside bigint;
  without bigint;
BEGIN
{% if below.value %}
  IF readable THEN
    SELECT concat({{ key_column | ident }}) INTO last FROM {{ source | ident }} WHERE {{ key_column | ident }} IS NOT NULL ORDER BY {{ key_column | ident }} DESC LIMIT 1;
    SELECT count(*) INTO outside FROM {{ source | ident }} WHERE {% include 'adopt/' ~ method ~ '/outside.sql' %};
    SELECT count(*) INTO without FROM {{ source | ident }} WHERE {{ key_column | ident }} IS NULL;
  END IF;
{% endif %}
  PERFORM set_config('executor.findings', jsonb_build_object('last', last, 'outside', outside, 'without', without)::text, true);
END
{% endset %}{{ body | dollar_quoted }};

SELECT
  'rows outside of the first partition' AS subject, '0' AS expected,
  CASE WHEN seen.outside IS NULL THEN 'not counted'
    WHEN seen.outside > 0 THEN format('%s: they are not in the bound (%s), such as one of %s. Move or mend them, or give another bound', seen.outside, {{ below.value | literal }}, seen.last)
    ELSE '0' || coalesce('; the last row is of ' || seen.last, '') END AS actual,
  coalesce(seen.outside = 0, false) AS passed
FROM jsonb_to_record(current_setting('executor.findings')::jsonb) AS seen (last text, outside bigint)
UNION ALL
SELECT
  {{ ('rows without ' ~ key_column) | literal }}, '0',
  CASE WHEN seen.without IS NULL THEN 'not counted'
    WHEN seen.without > 0 THEN seen.without || ': they have no partition; give them a value, or delete them' ELSE '0' END,
  coalesce(seen.without = 0, false)
FROM jsonb_to_record(current_setting('executor.findings')::jsonb) AS seen (without bigint)
UNION ALL
{% include 'adopt/' ~ method ~ '/room.sql' %}
