{## What the plan makes of columns (`columns`), unless it can't be understood: a SELECT without its semicolon. `type_oid` is
    the type that `type` names, and `modifier` its length or precision, where the check knows that of a type. -##}
{% from 'facts/fragments/columns_said.sql' import wrong with context -%}
SELECT named.*, to_regtype(type)::oid AS type_oid,
  CASE WHEN to_regtype(type) IN ('varchar'::regtype, 'bpchar'::regtype, 'numeric'::regtype) THEN coalesce(substring(type FROM '[(][0-9, ]+[)]$'), '') ELSE '' END AS modifier
FROM (VALUES (NULL::text, NULL::text, false, NULL::text, NULL::text, true, NULL::text, NULL::text)
{%- for column in columns | default([]) if not wrong %}
, ({{ column.name | literal }}, {{ column.type | default(none) | literal }}, {{ column.drop | default(false) | literal }}, {{ column.expression | default(none) | literal }}, {{ column.default | default(none) | literal }},
  {{ (not column.nullable | default(false)) | literal }}, {{ column.storage | default(none) | literal }}, {{ column.compression | default(none) | literal }})
{%- endfor %}) AS named (name, type, dropped, expression, default_value, not_null, storage, compression) WHERE name IS NOT NULL
