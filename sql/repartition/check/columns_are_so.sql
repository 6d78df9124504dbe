{## Whether the table `c.oid` has the columns that the plan makes (`columns`, `column_order`): an expression. -##}
{% from 'facts/fragments/columns_said.sql' import wrong with context -%}
{% if wrong %}
false AND
{% endif -%}
NOT EXISTS (
  SELECT
  FROM (
{% include 'facts/fragments/changed_columns.sql' %}
  ) AS change
  LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = change.name AND a.attnum > 0 AND NOT a.attisdropped
  WHERE CASE WHEN change.dropped THEN a.attnum IS NOT NULL
    ELSE a.attnum IS NULL
      OR format_type(a.atttypid, a.atttypmod) <> change.type_name
      OR change.storage <> CASE a.attstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'x' THEN 'extended' ELSE 'main' END
      OR change.compression <> CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' ELSE '' END
  END)
{%- if column_order %}

AND {{ column_order | literal }}::text[] = ARRAY(
  SELECT a.attname::text FROM pg_attribute AS a
  WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum LIMIT {{ column_order | length }})
{%- endif -%}
