{## The indexes that the partitions have by themselves and every one of them in the same form, which makes them an index
    of the table: `is_first` is that of the oldest partition. A SELECT without its semicolon. -##}
SELECT indexrelid, indrelid = min(indrelid) OVER () AS is_first
FROM (
  SELECT indexrelid, indrelid, leaves, count(*) OVER (PARTITION BY definition, place) AS alike
  FROM (
    SELECT *, row_number() OVER (PARTITION BY indrelid, definition ORDER BY name) AS place
    FROM (
      SELECT i.indexrelid, i.indrelid, leaf.leaves, c.relname AS name,
        concat_ws(' ', shape.kind, shape.body, con.contype, con.condeferrable, con.condeferred) AS definition
      FROM (
        SELECT of_tree.oid, count(*) OVER () AS leaves
        FROM (
{% include 'facts/fragments/tree.sql' %}
        ) AS of_tree JOIN pg_class AS r ON r.oid = of_tree.oid AND r.relkind = 'r' AND r.relispartition
      ) AS leaf
      JOIN pg_index AS i ON i.indrelid = leaf.oid AND i.indisvalid AND NOT i.indisexclusion
      JOIN pg_class AS c ON c.oid = i.indexrelid AND NOT c.relispartition
      LEFT JOIN pg_constraint AS con ON con.conindid = i.indexrelid AND con.conrelid = i.indrelid AND con.contype IN ('p', 'u')
{% include 'repartition/indexes/shape.sql' %}

    ) AS of_leaf
  ) AS placed
) AS counted
WHERE alike = leaves
