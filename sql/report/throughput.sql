-- Rows a second over time, of each step whose iterations are batches or have rows: up to 60 slices
-- of equal length. An iteration counts in the slices in which it was at work, in proportion.
WITH done AS MATERIALIZED (
  SELECT
    step, rows, finished_at AS ended,
    finished_at - make_interval(secs => greatest(seconds, 0.000001)) AS began
  FROM executor.iterations
  WHERE run_id = {{ run }} AND status = 'succeeded' AND rows > 0 AND seconds IS NOT NULL
),
spread AS (
  SELECT
    step, min(began) AS first, sum(rows) AS rows, least(60, count(*)) AS slices,
    extract(epoch FROM max(ended) - min(began))::float8 AS seconds
  FROM done
  GROUP BY step
  HAVING count(*) > 1
)
SELECT
  s.step, s.first, s.seconds, s.rows::bigint AS rows, slice.number,
  coalesce((
    SELECT sum(d.rows * extract(epoch FROM least(d.ended, slice.ended) - greatest(d.began, slice.began))
               / extract(epoch FROM d.ended - d.began))
    FROM done AS d
    WHERE d.step = s.step AND d.began < slice.ended AND d.ended > slice.began
  ) / (s.seconds / s.slices), 0)::float8 AS rate
FROM spread AS s
CROSS JOIN LATERAL (
  SELECT
    number,
    s.first + make_interval(secs => s.seconds * (number - 1) / s.slices) AS began,
    s.first + make_interval(secs => s.seconds * number / s.slices) AS ended
  FROM generate_series(1, s.slices) AS number
) AS slice
JOIN executor.steps AS t ON t.run_id = {{ run }} AND t.name = s.step
ORDER BY t.position, slice.number;
