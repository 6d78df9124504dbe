-- Indexes of the plan that are not finished, or not there.
{% from 'adopt/indexes.sql' import key, wide, own with context %}
SELECT wanted.name
FROM unnest({{ [wide, own] | literal }}::text[]) AS wanted (name)
LEFT JOIN pg_index AS i ON i.indexrelid = to_regclass(format('%I.%I', {{ source.schema | literal }}, wanted.name)) AND i.indisvalid AND i.indisready
WHERE i.indexrelid IS NULL
