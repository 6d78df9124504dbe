{## The unique index by which a row of the table `whole.oid` is known: that of the primary key, or else the smallest one
    without nulls; with `leaves` one that every partition of {{ source }} has by itself, if there is none of the whole.
    A SELECT of pg_index without its semicolon, for a LATERAL join. -##}
SELECT i.* FROM pg_index AS i
WHERE {% if leaves %}(i.indrelid = whole.oid OR i.indexrelid IN (
    SELECT indexrelid FROM (
{% include 'facts/fragments/leaf_indexes.sql' %}
    ) AS of_leaves WHERE is_first))
{%- else %}i.indrelid = whole.oid{% endif %}

  AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
  AND NOT EXISTS (
    SELECT FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
    JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
    WHERE k.place <= i.indnkeyatts AND NOT a.attnotnull)
ORDER BY i.indrelid <> whole.oid, i.indisprimary DESC, i.indnkeyatts, i.indexrelid
LIMIT 1
