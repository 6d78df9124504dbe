-- Plans the ranges of a step that are left and not begun in another size: neighbours are joined, then
-- cut anew. Each block stays in one range, and the last range of a leaf keeps its open end.
WITH gone AS (
  DELETE FROM executor.iterations
  WHERE run_id = {{ run }} AND step = {{ step | literal }} AND status <> 'succeeded'
    AND number = ANY ({{ numbers | literal }}::integer[])
  RETURNING item
),
old AS (
  SELECT item ->> 'schema' AS schema, item ->> 'name' AS name,
    (item ->> 'first_block')::bigint AS first_block, (item ->> 'end_block')::bigint AS end_block,
    (item ->> 'filenode')::bigint AS filenode
  FROM gone
),
joined AS (
  SELECT schema, name, min(first_block) AS first_block,
    CASE WHEN bool_and(end_block IS NOT NULL) THEN max(end_block) END AS end_block, min(filenode) AS filenode
  FROM (
    SELECT *, count(*) FILTER (WHERE alone) OVER leaf AS part
    FROM (
      SELECT *, first_block IS DISTINCT FROM lag(end_block) OVER leaf AS alone
      FROM old WINDOW leaf AS (PARTITION BY schema, name ORDER BY first_block)
    ) AS neighbours
    WINDOW leaf AS (PARTITION BY schema, name ORDER BY first_block)
  ) AS parts
  GROUP BY schema, name, part
),
cut AS (
  SELECT j.schema, j.name, g.first_block,
    CASE WHEN g.first_block + s.step < b.last THEN g.first_block + s.step ELSE j.end_block END AS end_block, j.filenode,
    (s.rows * greatest(least(s.step, b.last - g.first_block), 0) / greatest(s.blocks, 1))::bigint AS rows
  FROM joined AS j
  LEFT JOIN pg_class AS c ON c.oid = to_regclass(format('%I.%I', j.schema, j.name))
{% include 'batches/size.sql' %}
  CROSS JOIN LATERAL (
    SELECT coalesce(j.end_block, greatest(s.blocks, j.first_block + 1)) AS last
  ) AS b
  CROSS JOIN LATERAL generate_series(j.first_block, b.last - 1, s.step) AS g(first_block)
)
INSERT INTO executor.iterations (run_id, step, number, item)
SELECT {{ run }}, {{ step | literal }},
  (SELECT max(number) FROM executor.iterations WHERE run_id = {{ run }} AND step = {{ step | literal }})
    + row_number() OVER (ORDER BY schema, name, first_block),
  to_jsonb(cut)
FROM cut
RETURNING number, item, status, rows;
