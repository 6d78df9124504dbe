{## What the plan makes of columns (`columns`), unless it can't be understood: a SELECT without its semicolon. `type_oid` is
    the type that `type` names, `type_name` what PostgreSQL calls it, `bare` that without its `modifier`. -##}
{% from 'facts/fragments/columns_said.sql' import wrong with context -%}
SELECT said.*, named.*
FROM (VALUES (NULL::text, NULL::text, false, NULL::text, NULL::text, true, NULL::text, NULL::text)
{%- for column in columns | default([]) if not wrong %}
, ({{ column.name | literal }}, {{ column.type | default(none) | literal }}, {{ column.drop | default(false) | literal }}, {{ column.expression | default(none) | literal }}, {{ column.default | default(none) | literal }},
  {{ (not column.nullable | default(false)) | literal }}, {{ column.storage | default(none) | literal }}, {{ column.compression | default(none) | literal }})
{%- endfor %}) AS said (name, type, dropped, expression, default_value, not_null, storage, compression)
CROSS JOIN LATERAL (
{% include 'tables/named_type.sql' %}
) AS named
WHERE said.name IS NOT NULL
