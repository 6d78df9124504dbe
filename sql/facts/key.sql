-- The columns by which a row is known in both tables: those of the primary key, or else of the smallest unique index
-- without nulls, and the one that chooses the partition. `equals_sql` is the operator of the index, which may be an
-- extension's; without the columns that are not `identifying`, a row of the whole table is known as well.
{% from 'layout/' ~ layout ~ '/shape.sql' import key_columns with context %}
SELECT
  a.attname::text AS name,
  CASE WHEN o.oid IS NULL OR n.nspname = 'pg_catalog' AND o.oprname = '=' THEN '='
    ELSE format('OPERATOR(%I.%s)', n.nspname, o.oprname) END AS equals_sql,
  k.place IS NOT NULL OR i.indrelid <> whole.oid AS identifying
FROM (SELECT to_regclass({{ source | literal }})::oid) AS whole (oid)
CROSS JOIN LATERAL (
{% with leaves = true %}
{% include 'tables/row_key.sql' %}
{% endwith %}
) AS i
JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN unnest(i.indkey::int2[], i.indclass::oid[]) WITH ORDINALITY AS k (attnum, class, place)
  ON k.attnum = a.attnum AND k.place <= i.indnkeyatts
LEFT JOIN pg_opclass AS c ON c.oid = k.class
LEFT JOIN pg_amop AS p
  ON p.amopfamily = c.opcfamily AND p.amopstrategy = 3
  AND p.amoplefttype = c.opcintype AND p.amoprighttype = c.opcintype
LEFT JOIN pg_operator AS o ON o.oid = p.amopopr
LEFT JOIN pg_namespace AS n ON n.oid = o.oprnamespace
WHERE (k.place IS NOT NULL OR a.attname = ANY ({{ key_columns | literal }}::text[]))
  -- what an earlier run has added follows from another column of the key
  AND NOT {% include 'layout/is_own_column.sql' %}
ORDER BY coalesce(k.place, 1000), a.attname
